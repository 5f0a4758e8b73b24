import type { Output } from '../../kit/operations.ts';

export type Strategy = Output<'readStrategy'>;
export type Definition = NonNullable<Strategy['draft']>['definition'];
type StepData = Definition['steps'][number];
type ReactionData = NonNullable<Definition['reactions']>[number];

/** A step as it is being edited; `id` is the editor's own and is not sent. */
export type DraftStep = StepData & { readonly id: number };
export type DraftReaction = ReactionData & { readonly id: number };
export type DraftDefinition = Pick<Definition, 'stages' | 'whenAssigned'> & {
  readonly steps: readonly DraftStep[];
  readonly reactions: readonly DraftReaction[];
};

let last = 0;
const fresh = () => (last += 1);

export const FIRST_DAY = -60;
export const LAST_DAY = 3650;

/** A definition in the editor. */
export const opened = (definition: Definition): DraftDefinition => ({
  ...definition,
  steps: definition.steps.map((step) => ({ ...step, id: fresh() })),
  reactions: (definition.reactions ?? []).map((one) => ({ ...one, id: fresh() })),
});

/** What is sent: without the editor's marks. */
export function closed(draft: DraftDefinition): Definition {
  const { steps, reactions, ...rest } = draft;
  const bare = (one: DraftStep | DraftReaction) =>
    Object.fromEntries(Object.entries(one).filter(([name]) => name !== 'id'));
  return {
    ...rest,
    steps: steps.map(bare) as StepData[],
    ...(reactions.length > 0 && { reactions: reactions.map(bare) as ReactionData[] }),
  };
}

/** Steps always stand in the order of their days; those of one day in the order they came to it. */
const ordered = (draft: DraftDefinition): DraftDefinition => ({
  ...draft,
  steps: draft.steps.toSorted((a, b) => a.day - b.day),
});

export const withStep = (draft: DraftDefinition, id: number, change: Partial<StepData>): DraftDefinition =>
  ordered({ ...draft, steps: draft.steps.map((step) => (step.id === id ? tidy({ ...step, ...change }) : step)) });

export const withReaction = (draft: DraftDefinition, id: number, change: Partial<ReactionData>): DraftDefinition => ({
  ...draft,
  reactions: draft.reactions.map((one) => (one.id === id ? tidy({ ...one, ...change }) : one)),
});

/** What was taken away is not there, rather than undefined. */
const tidy = <T extends object>(entry: T): T =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as T;

/** A step moved to a day, within what a strategy reaches. */
export const moved = (draft: DraftDefinition, id: number, day: number): DraftDefinition =>
  withStep(draft, id, { day: Math.min(LAST_DAY, Math.max(FIRST_DAY, Math.round(day))) });

export const without = (draft: DraftDefinition, id: number): DraftDefinition => ({
  ...draft,
  steps: draft.steps.filter((step) => step.id !== id),
  reactions: draft.reactions.filter((one) => one.id !== id),
});

/** A new reminder a week after the last step, or after the chosen one if there is room; the step's id beside it. */
export function withNewStep(draft: DraftDefinition, after?: number): [DraftDefinition, number] {
  const at = draft.steps.findIndex((step) => step.id === after);
  const before = at < 0 ? draft.steps.at(-1) : draft.steps[at];
  const next = at < 0 ? undefined : draft.steps[at + 1];
  const from = before?.day ?? 0;
  const room = next === undefined ? 14 : next.day - from;
  const taken = new Set(draft.steps.map((step) => step.day));
  let day = Math.min(LAST_DAY, from + Math.max(1, Math.min(7, Math.floor(room / 2))));
  while (taken.has(day) && day < LAST_DAY) day += 1;
  const id = fresh();
  const level = Math.min(5, Math.max(0, before?.level ?? 1));
  const step = { id, key: newKey(draft, 'step'), title: 'Reminder', day, action: 'email', level };
  return [ordered({ ...draft, steps: [...draft.steps, step] }), id];
}

export function withNewReaction(draft: DraftDefinition): [DraftDefinition, number] {
  const id = fresh();
  const reaction = {
    id,
    key: newKey(draft, 'event'),
    title: 'Call about it',
    on: 'promise_broken',
    afterDays: 0,
    action: 'call_task',
    level: 2,
  };
  return [{ ...draft, reactions: [...draft.reactions, reaction] }, id];
}

/** Keys tell steps from version to version, so they are never used again while the draft lasts. */
function newKey(draft: DraftDefinition, kind: string): string {
  const taken = new Set([...draft.steps, ...draft.reactions].map(({ key }) => key));
  let n = 1;
  while (taken.has(`${kind}_${n}`)) n += 1;
  return `${kind}_${n}`;
}

/** What was, is, and was taken back. Edits under one name, one after the other, are one step back. */
export type History = {
  readonly past: readonly DraftDefinition[];
  readonly now: DraftDefinition;
  readonly future: readonly DraftDefinition[];
  readonly name: string | null;
};

const MOST = 100;

export const began = (now: DraftDefinition): History => ({ past: [], now, future: [], name: null });

export function edited(history: History, now: DraftDefinition, name: string | null = null): History {
  const joins = name !== null && name === history.name;
  return { past: joins ? history.past : [...history.past.slice(-MOST), history.now], now, future: [], name };
}

export function undone(history: History): History {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], name: null };
}

export function redone(history: History): History {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, name: null };
}

/** Ends a row of edits under one name, so that the next of them is a step back of its own. */
export const paused = (history: History): History => (history.name === null ? history : { ...history, name: null });
