export type PlanState =
  | 'proposed'
  | 'planned'
  | 'sending'
  | 'sent'
  | 'done'
  | 'uncertain'
  | 'failed'
  | 'denied'
  | 'void'
  | 'expired';

/**
 * A `proposed` plan waits for a second person, who makes it planned or denies it.
 *
 * From which states a plan may come to each state. `sending` may fall back to `void` only while nothing was handed over;
 * what was handed over and lost its answer is `uncertain` until somebody knows.
 */
export const planTransitions: Readonly<Record<Exclude<PlanState, 'proposed'>, readonly PlanState[]>> = {
  planned: ['proposed'],
  sending: ['planned'],
  sent: ['planned', 'sending', 'uncertain'],
  done: ['planned'],
  uncertain: ['sending'],
  failed: ['planned', 'sending', 'uncertain'],
  denied: ['proposed', 'planned', 'sending'],
  void: ['proposed', 'planned', 'sending'],
  expired: ['proposed', 'planned'],
};

/**
 * States in which the planned act will not happen and did not: its items go back to what they had reached, so that the next
 * run plans them again. A denied plan is none of them: the answer would be the same tomorrow.
 */
export const undone: ReadonlySet<PlanState> = new Set(['void', 'expired', 'failed']);
