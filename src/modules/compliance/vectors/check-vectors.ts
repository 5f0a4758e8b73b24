import { localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import { decide, type Reason } from '../decide.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { EventFact } from '../gate-facts.ts';
import { holidayCalendar } from '../holidays.ts';
import { isKnownEventType } from '../legal-event-catalogue.ts';
import { prepareCase, proposedDebts, today } from '../judged-case.ts';
import { buildRuleBook, type RuleBook, shippedPacks } from '../rule-book.ts';
import { clocks } from '../rules/clock.ts';
import { computeVector } from './compute-vector.ts';
import { factsOfVector } from './facts-of-vector.ts';
import { parseVectors, unknownIn, type Vector } from './vector.ts';

/** What the rules say of one example. `refused`: it cannot be judged, and why. */
export type Verdict = {
  readonly id: string;
  readonly decision: 'allow' | 'deny' | 'defer' | 'compute' | 'refused';
  readonly reasons: readonly {
    readonly ruleId: string;
    readonly effect: string;
    readonly notBefore?: string;
    readonly sentence: string;
    readonly citation: string;
  }[];
  readonly notBefore?: string;
  readonly value?: Readonly<Record<string, unknown>>;
  /** What the content must carry. */
  readonly requires?: readonly string[];
  readonly refusal?: string;
  /** Types of event in the example that no rule asks about: they were left out of the answer. */
  readonly unread?: readonly string[];
};

/** Judges one example by the rules of the book; what the program does not know by name is refused. */
export function judgeVector(vector: Vector, book: RuleBook): Verdict {
  const ruleIds = new Set(rulesIn(book).flatMap((rule) => [rule.id, ...(rule.alsoKnownAs ?? [])]));
  const unknown = unknownIn(vector, ruleIds);
  if (unknown !== null) return { id: vector.id, decision: 'refused', reasons: [], refusal: unknown };
  try {
    return vector.kind === 'compute' ? computed(vector, book) : permitted(vector, book);
  } catch (error) {
    return {
      id: vector.id,
      decision: 'refused',
      reasons: [],
      refusal: error instanceof Error ? error.message : String(error),
    };
  }
}

// Computed examples carry no instant of their own: they are worked out by the law as the file says it stands.
const lawAsOf = '2026-11-15';

function computed(vector: Vector, book: RuleBook): Verdict {
  if (vector.compute === undefined) throw new Error(`Example ${vector.id} says nothing to compute.`);
  if (vector.compute.fn === 'clock')
    return { id: vector.id, decision: 'compute', reasons: [], value: clockOf(vector, vector.compute.input, book) };
  const on = typeof vector.facts.now === 'string' ? vector.facts.now.slice(0, 10) : lawAsOf;
  return {
    id: vector.id,
    decision: 'compute',
    reasons: [],
    value: computeVector(vector.compute.fn, vector.compute.input, book, on),
  };
}

/** What the clock of the rule named says about the events of the example: the one that is due first, or the last that was done. */
function clockOf(vector: Vector, input: Readonly<Record<string, unknown>>, book: RuleBook): Record<string, unknown> {
  const at = typeof vector.facts.now === 'string' ? vector.facts.now : `${lawAsOf}T12:00:00Z`;
  const { facts, proposal } = factsOfVector({
    ...vector,
    proposed: {
      at,
      channel: 'letter',
      ...(Array.isArray(input['debtIds']) && { debtIds: input['debtIds'].map(String) }),
    },
  });
  const judged = prepareCase(facts, proposal, book.holidayName, new Date(at));
  const on = today(judged);
  const started = rulesIn(book).flatMap((rule) =>
    rule.kind === 'clock' &&
    rule.confidence !== 'U' &&
    rule.id === input['rule'] &&
    rule.part === input['part'] &&
    rule.collectors.includes(facts.collector) &&
    rule.debtKinds.includes(facts.debtKind) &&
    facts.jurisdictions.includes(rule.jurisdiction) &&
    rule.effectiveFrom <= on &&
    (rule.effectiveTo === undefined || on < rule.effectiveTo)
      ? proposedDebts(judged).flatMap((debt) => clocks(rule, { ...judged, debt }))
      : [],
  );
  const latest =
    started.filter((one) => one.doneOn === null).sort((a, b) => (a.dueBy < b.dueBy ? -1 : 1))[0] ?? started.at(-1);
  return latest === undefined
    ? { running: false }
    : { running: latest.doneOn === null, dueBy: latest.dueBy, doneOn: latest.doneOn, overdue: latest.overdue };
}

const rulesIn = (book: RuleBook) => book.packs.flatMap((pack) => pack.rules);

function permitted(vector: Vector, book: RuleBook): Verdict {
  const { facts, proposal, at } = factsOfVector(vector);
  const decision = decide(facts, proposal, book, at);
  return {
    id: vector.id,
    decision: decision.decision,
    reasons: [
      ...Map.groupBy(
        decision.reasons.flatMap((reason) => underAllNames(reason, book)),
        byRule,
      ).values(),
    ].map(strictest),
    ...(decision.notBefore !== null && { notBefore: decision.notBefore.toISOString() }),
    ...(decision.requiredContent.length > 0 && { requires: decision.requiredContent }),
    ...unreadIn(facts.events, book),
  };
}

function unreadIn(events: readonly EventFact[], book: RuleBook): { readonly unread?: readonly string[] } {
  const named = JSON.stringify(rulesIn(book));
  const unread = events
    .map((event) => event.type)
    .filter((type) => !isKnownEventType(type) && !named.includes(`"${type}"`));
  return unread.length === 0 ? {} : { unread: [...new Set(unread)] };
}

const byRule = (reason: Reason) => reason.ruleId;

/** A reason under every id that the law knows its rule by. */
function underAllNames(reason: Reason, book: RuleBook): Reason[] {
  const names = rulesIn(book)
    .filter((rule) => rule.id === reason.ruleId && (rule.part ?? null) === reason.part)
    .flatMap((rule) => rule.alsoKnownAs ?? []);
  return [reason, ...new Set(names)].map((one) => (typeof one === 'string' ? { ...reason, ruleId: one } : one));
}

/** What one rule says in all: its deny, or its latest opening. */
function strictest(reasons: readonly Reason[]): Verdict['reasons'][number] {
  const [first] = [...reasons].sort((a, b) =>
    b.notBefore === null ? 1 : a.notBefore === null ? -1 : b.notBefore > a.notBefore ? 1 : -1,
  );
  if (first === undefined) throw new Error('A rule that objects has a reason.');
  const { ruleId, effect, notBefore, sentence, citation } = first;
  return { ruleId, effect, ...(notBefore !== null && { notBefore }), sentence, citation };
}

const toleranceMs = 60_000;

/**
 * What is wrong with a verdict, as a sentence; null when it is what the example expects. The decision and the rule under test are
 * compared, and for a deferral when that rule opens: within a minute of the instant, or on any of the local days.
 */
export function mismatch(vector: Vector, verdict: Verdict): string | null {
  const { expected } = vector;
  if (expected === undefined) return null;
  if (verdict.refusal !== undefined) return verdict.refusal;
  if (expected.decision === 'compute') return unequal(expected.value ?? {}, expected.accept ?? [], verdict.value ?? {});
  const lacking = (expected.requires ?? []).filter((part) => !(verdict.requires ?? []).includes(part));
  if (lacking.length > 0) return `does not require ${lacking.join(', ')}`;
  const under = verdict.reasons.filter((reason) => reason.ruleId === expected.ruleId);
  if (verdict.decision !== expected.decision)
    return `expected ${expected.decision}, got ${verdict.decision}${namesOf(verdict.reasons)}`;
  if (expected.decision === 'allow') return under.length === 0 ? null : `${expected.ruleId} objects`;
  if (under.length === 0) return `${expected.ruleId} does not object${namesOf(verdict.reasons)}`;
  return expected.decision === 'defer' ? wrongOpening(vector, under) : null;
}

const namesOf = (reasons: readonly { readonly ruleId: Reason['ruleId'] }[]) =>
  reasons.length === 0 ? '' : ` (${[...new Set(reasons.map((reason) => reason.ruleId))].join(', ')})`;

function wrongOpening(vector: Vector, under: readonly { readonly notBefore?: string }[]): string | null {
  const { notBefore, notBeforeDate, notBeforeDateMax } = vector.expected ?? {};
  const openings = under.flatMap((reason) => (reason.notBefore === undefined ? [] : [Date.parse(reason.notBefore)]));
  if (openings.length === 0)
    return notBefore === undefined && notBeforeDate === undefined ? null : 'no opening is named';
  const opening = Math.max(...openings);
  if (notBefore !== undefined)
    return Math.abs(opening - Date.parse(notBefore)) <= toleranceMs
      ? null
      : `opens ${new Date(opening).toISOString()}, expected ${notBefore}`;
  if (notBeforeDate === undefined) return null;
  const zone = (vector.facts.consumerTimezone ?? vector.facts.locationSignals?.[0]?.timezone ?? 'UTC') as TimeZone;
  const on = localDateOf(new Date(opening), zone);
  return on >= notBeforeDate && on <= (notBeforeDateMax ?? notBeforeDate)
    ? null
    : `opens on ${on}, expected ${notBeforeDate}`;
}

function unequal(
  value: Readonly<Record<string, unknown>>,
  accept: readonly Readonly<Record<string, unknown>>[],
  got: Readonly<Record<string, unknown>>,
): string | null {
  const same = (wanted: Readonly<Record<string, unknown>>) =>
    Object.entries(wanted).every(([member, one]) => JSON.stringify(one) === JSON.stringify(got[member]));
  return [value, ...accept].some(same) ? null : `expected ${JSON.stringify(value)}, got ${JSON.stringify(got)}`;
}

/** An example, what the shipped rules say of it, and how that differs from what it expects. */
export type Checked = { readonly vector: Vector; readonly verdict: Verdict; readonly difference: string | null };

/**
 * Judges a file of examples by the shipped packs; the house's own limits, which are stricter than the law, are left out. Refuses:
 * `unreadable_examples`.
 */
export async function checkVectors(file: unknown): Promise<Result<Checked[], 'unreadable_examples'>> {
  const vectors = parseVectors(file);
  if (!vectors.ok) return vectors;
  const law = shippedPacks.filter((pack) => !pack.house);
  const book = buildRuleBook(law, [], await holidayCalendar());
  return ok(
    vectors.value.map((vector) => {
      const verdict = judgeVector(vector, book);
      return { vector, verdict, difference: mismatch(vector, verdict) };
    }),
  );
}
