export type PlanState =
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
 * From which states a plan may come to each state. `sending` may fall back to `void` only while nothing was handed over;
 * what was handed over and lost its answer is `uncertain` until somebody knows.
 */
export const planTransitions: Readonly<Record<Exclude<PlanState, 'planned'>, readonly PlanState[]>> = {
  sending: ['planned'],
  sent: ['planned', 'sending', 'uncertain'],
  done: ['planned'],
  uncertain: ['sending'],
  failed: ['planned', 'sending', 'uncertain'],
  denied: ['planned', 'sending'],
  void: ['planned', 'sending'],
  expired: ['planned'],
};

/**
 * States in which the planned act will not happen and did not: its items go back to what they had reached, so that the next
 * run plans them again. A denied plan is none of them: the answer would be the same tomorrow.
 */
export const undone: ReadonlySet<PlanState> = new Set(['void', 'expired', 'failed']);
