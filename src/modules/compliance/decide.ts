import { holds } from './condition.ts';
import type { GateFacts } from './gate-facts.ts';
import { type JudgedCase, prepareCase, proposedDebts, today } from './judged-case.ts';
import { judgedAct, type Proposal } from './proposal.ts';
import type { RuleBook } from './rule-book.ts';
import { judgesEachDebt, type Rule, type RuleKind } from './rule-pack.ts';
import type { Block } from './rules/block.ts';
import { cap, coolDown } from './rules/frequency.ts';
import { hours } from './rules/hours.ts';
import { condition, prerequisite, stop } from './rules/standing.ts';
import { ownState } from './rules/state.ts';

/** One rule's no, with everything a person needs to check it. Instants are ISO text, for storing. */
export type Reason = {
  readonly ruleId: string;
  readonly part: string | null;
  readonly kind: RuleKind;
  readonly effect: 'deny' | 'defer';
  readonly notBefore: string | null;
  readonly citation: string;
  readonly sentence: string;
  readonly accountId: string | null;
  /** A named person may override it, with a reason and a second person's approval. */
  readonly rebuttable: boolean;
};

export type Decision = {
  readonly decision: 'allow' | 'deny' | 'defer';
  readonly reasons: readonly Reason[];
  /** For `defer`: the first instant at which no rule objects any more. */
  readonly notBefore: Date | null;
  readonly requiredContent: readonly string[];
};

function evaluate(rule: Rule, judged: JudgedCase): Block[] {
  switch (rule.kind) {
    case 'hours':
      return hours(rule, judged);
    case 'cap':
      return cap(rule, judged);
    case 'cool_down':
      return coolDown(rule, judged);
    case 'stop':
      return stop(rule, judged);
    case 'prerequisite':
      return prerequisite(rule, judged);
    case 'condition':
      return condition(rule, judged);
    case 'own_state':
      return ownState(rule, judged);
    case 'clock':
    case 'computation':
      return [];
  }
}

const each = new WeakMap<Rule, boolean>();

function asksEachDebt(rule: Rule): boolean {
  let answer = each.get(rule);
  if (answer === undefined) {
    answer = judgesEachDebt(rule);
    each.set(rule, answer);
  }
  return answer;
}

/** The act as a whole, and as it is about each of its debts by itself. */
type Questions = { readonly whole: readonly JudgedCase[]; readonly byDebt: readonly JudgedCase[] };

const questionsIn = (judged: JudgedCase): Questions => ({
  whole: [judged],
  byDebt: proposedDebts(judged).map((debt) => ({ ...judged, debt })),
});

const questionsOf = (rule: Rule, questions: Questions) => (asksEachDebt(rule) ? questions.byDebt : questions.whole);

// What cannot be told keeps a rule in force, and lifts none.
const binds = (rule: Rule, judged: JudgedCase) =>
  (rule.when === undefined || holds(rule.when, judged) !== false) &&
  !(rule.unless ?? []).some((exception) => holds(exception.condition, judged) === true);

const inForce = (rule: Rule, on: string) =>
  rule.effectiveFrom <= on && (rule.effectiveTo === undefined || on < rule.effectiveTo);

function reasonsOf(rules: readonly Rule[], judged: JudgedCase): Reason[] {
  const on = today(judged);
  const questions = questionsIn(judged);
  const reasons: Reason[] = [];
  for (const rule of rules) {
    if (!inForce(rule, on)) continue;
    for (const question of questionsOf(rule, questions)) {
      // What a rule objects to is cheaper to find than whether it is lifted, and mostly there is nothing.
      const blocks = evaluate(rule, question);
      if (blocks.length > 0 && binds(rule, question)) reasons.push(...blocks.map((block) => reasonOf(rule, block)));
    }
  }
  return reasons;
}

const reasonOf = (rule: Rule, block: Block): Reason => ({
  ruleId: rule.id,
  part: rule.part ?? null,
  kind: rule.kind,
  effect: block.effect,
  notBefore: block.notBefore?.toISOString() ?? null,
  citation: rule.citation,
  sentence: block.sentence,
  accountId: block.accountId,
  rebuttable: rule.rebuttable === true,
});

const furthest = 400;

/**
 * Moves to the latest opening any rule names and asks all of them again, until none objects. Every rule names the first
 * instant it is open, so nothing between is open and the result is the earliest. Null when a deny comes into force on the way.
 */
function findOpening(rules: readonly Rule[], judged: JudgedCase, first: readonly Reason[]): Date | null {
  let reasons = first;
  let opening: Date | null = null;
  for (let step = 0; step < furthest && reasons.length > 0; step += 1) {
    if (reasons.some((reason) => reason.effect === 'deny')) return null;
    opening = new Date(Math.max(...reasons.map((reason) => Date.parse(reason.notBefore ?? ''))));
    reasons = reasonsOf(rules, { ...judged, at: opening });
  }
  return reasons.length === 0 ? opening : null;
}

/**
 * May this be done now? Pure: the same facts, proposal, rules and instant always give the same answer. Every rule is asked;
 * the strictest answer wins: any deny, else the latest opening of the defers, tested again until truly open. A fact the rules
 * need and the facts do not hold counts against the act.
 */
export function decide(facts: GateFacts, proposal: Proposal, book: RuleBook, at: Date): Decision {
  return judgeOf(facts, proposal, book, at)(at);
}

/** `decide` for several instants of one act: facts and rules are made ready once. */
export function judgeOf(facts: GateFacts, proposal: Proposal, book: RuleBook, at: Date): (instant: Date) => Decision {
  const { collector, debtKind, jurisdictions } = facts;
  const about = { channel: proposal.channel, collector, debtKind, act: judgedAct(proposal), jurisdictions };
  const rules = book.rulesAbout(about);
  const prepared = prepareCase(facts, proposal, book.holidayName, at);
  return (instant) => decided(rules, { ...prepared, at: instant });
}

function decided(rules: readonly Rule[], judged: JudgedCase): Decision {
  const reasons = reasonsOf(rules, judged);
  const requiredContent = requiredContentOf(rules, judged);
  if (reasons.length === 0) return { decision: 'allow', reasons, notBefore: null, requiredContent };
  if (reasons.some((reason) => reason.effect === 'deny'))
    return { decision: 'deny', reasons, notBefore: null, requiredContent };
  const notBefore = findOpening(rules, judged, reasons);
  return { decision: notBefore === null ? 'deny' : 'defer', reasons, notBefore, requiredContent };
}

function requiredContentOf(rules: readonly Rule[], judged: JudgedCase): string[] {
  const on = today(judged);
  const questions = questionsIn(judged);
  const parts = rules
    .filter((rule) => rule.requires !== undefined && inForce(rule, on))
    .filter((rule) => questionsOf(rule, questions).some((question) => binds(rule, question)))
    .flatMap((rule) => rule.requires ?? []);
  return [...new Set(parts)];
}
