import { z } from 'zod';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { type AccountEvent, accountEvents } from '../accounts/public.ts';
import { parseRule } from './segments/rule.ts';
import type { Stage } from './stage.ts';

/**
 * What a step does: an e-mail becomes a notice; a call, an escalation, a task for specialists and a legal review become a task of a person; a
 * hold keeps automation away for some days, after which it goes on by itself.
 */
export const actions = ['email', 'call_task', 'escalation', 'specialist_task', 'legal_review', 'hold'] as const;
export type Action = (typeof actions)[number];

const step = z.strictObject({
  key: z.string().regex(/^[a-z0-9_]{1,40}$/),
  title: z.string().min(1).max(80),
  /** Days past due that trigger it; negative is before the due date. Orders the steps, so no two share one. */
  day: z.int().min(-60).max(3650),
  action: z.enum(actions),
  /** The notice level an item stands at once the step has been taken: wording of a notice, urgency of a task. */
  level: z.int().min(0).max(5),
  /** A rule over the facts of the account, in the shape of a segment's: while it does not hold, the step is not there. */
  when: z.record(z.string(), z.unknown()).optional(),
  /** How long a hold lasts; no other action has it. */
  holdDays: z.int().min(1).max(365).optional(),
  /** The planned act waits until a second person has agreed to it. */
  approval: z.boolean().optional(),
});
export type Step = z.infer<typeof step>;

/** What may happen to an account that a strategy answers at once, and not when a day comes. */
export const events = accountEvents;
export type StrategyEvent = AccountEvent;

const reaction = z.strictObject({
  key: step.shape.key,
  title: step.shape.title,
  on: z.enum(events),
  /** Days to wait after the event; 0 acts at once. What the event was about must still hold then. */
  afterDays: z.int().min(0).max(365),
  action: step.shape.action,
  level: step.shape.level,
  when: step.shape.when,
  holdDays: step.shape.holdDays,
  approval: step.shape.approval,
});
/** A step that an event of the account brings about, once for each event. */
export type Reaction = z.infer<typeof reaction>;

const definition = z.strictObject({
  steps: z.array(step).min(1).max(40),
  reactions: z.array(reaction).max(40).optional(),
  /** The stage of an account by its oldest open item; below the first it is `pre_due`. */
  stages: z.array(z.strictObject({ stage: z.enum(['early', 'mid', 'late']), fromDay: z.int() })).max(3),
  /** A collector who owns an account owns its conversation: automatic notices stay away, tasks still come. */
  whenAssigned: z.enum(['withhold_notices', 'send']),
});

/** The shape alone; `parseDefinition` says the rest. */
export const definitionShape = definition;

/** A strategy as data: an ascending ladder of steps by days past due. Immutable once published. */
export type StrategyDefinition = z.infer<typeof definition>;

/** Reads a definition from JSON. Refuses: `malformed_definition`, naming the first fault. */
export function parseDefinition(input: unknown): Result<StrategyDefinition, 'malformed_definition'> {
  const read = definition.safeParse(input);
  if (!read.success) {
    const [issue] = read.error.issues;
    return refuse(
      'malformed_definition',
      `The strategy cannot be read at ${issue?.path.join('.')}: ${issue?.message}.`,
    );
  }
  const { steps, reactions = [], stages: bounds } = read.data;
  const keyed = [...steps, ...reactions];
  if (!steps.every((one, at) => at === 0 || one.day > (steps[at - 1]?.day ?? one.day))) {
    return refuse(
      'malformed_definition',
      'The steps of a strategy must be in order, each at a later day than the one before.',
    );
  }
  if (new Set(keyed.map((one) => one.key)).size < keyed.length) {
    return refuse('malformed_definition', 'Two steps of the strategy have the same key.');
  }
  for (const { key, action, holdDays } of keyed) {
    if (action === 'hold' && holdDays === undefined)
      return refuse('malformed_definition', `Say of “${key}” for how many days it holds the account.`);
    if (action !== 'hold' && holdDays !== undefined)
      return refuse('malformed_definition', `Only a hold lasts for days; “${key}” is none.`);
  }
  for (const { key, when } of keyed) {
    if (when === undefined) continue;
    const rule = parseRule(when);
    if (!rule.ok) return refuse('malformed_definition', `The condition of “${key}” cannot be read. ${rule.detail}`);
  }
  if (!bounds.every((one, at) => at === 0 || one.fromDay > (bounds[at - 1]?.fromDay ?? one.fromDay))) {
    return refuse('malformed_definition', 'The stages of a strategy must be in order of their first day.');
  }
  return ok(read.data);
}

/** Each action as a heading and as what is done. */
export const actionWords: Readonly<Record<Action, { readonly label: string; readonly deed: string }>> = {
  email: { label: 'E-mail', deed: 'send' },
  call_task: { label: 'Call', deed: 'give a collector the task' },
  escalation: { label: 'Escalation', deed: 'give a manager the task' },
  specialist_task: { label: 'Task for specialists', deed: 'give the specialists the task' },
  legal_review: { label: 'Legal review', deed: 'give the legal team the task' },
  hold: { label: 'Hold', deed: 'hold the account under' },
};

/** Actions that only give a person something to decide: nobody is approached, so that a hold on contact does not keep them back. */
export const asksAPerson: readonly Action[] = ['escalation', 'specialist_task', 'legal_review'];

/** The step that an item this many days past due has come to, or null before the first. */
export function stepAt(strategy: StrategyDefinition, day: number): Step | null {
  return strategy.steps.findLast((one) => one.day <= day) ?? null;
}

/** The first step after that day, or null beyond the last. */
export function stepAfter(strategy: StrategyDefinition, day: number): Step | null {
  return strategy.steps.find((one) => one.day > day) ?? null;
}

/** How many steps lie at or before that day; 0 for none. */
export function stepCount(strategy: StrategyDefinition, day: number | null): number {
  return day === null ? 0 : strategy.steps.filter((one) => one.day <= day).length;
}

/** The stage of an account whose oldest open item is this many days past due; null when nothing is open. */
export function stageAt(strategy: StrategyDefinition, daysPastDue: number | null): Stage {
  if (daysPastDue === null) return 'pre_due';
  return strategy.stages.findLast((one) => one.fromDay <= daysPastDue)?.stage ?? 'pre_due';
}
