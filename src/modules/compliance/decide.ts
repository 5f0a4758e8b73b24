import type { GateFacts } from './gate-facts.ts';
import { judgedAct, type Proposal } from './proposal.ts';
import type { RuleBook } from './rule-book.ts';
import type { Rule, RuleKind } from './rule-pack.ts';
import type { Block, Question } from './rules/block.ts';
import { consent, notInTheFuture, optOut, requiredContent } from './rules/choice.ts';
import { coolDown, frequencyCap } from './rules/frequency.ts';
import { businessDay, quietHours, timeWish } from './rules/hours.ts';
import { blockedState } from './rules/state.ts';

/** One rule's no, with everything a person needs to check it. Instants are ISO text, for storing. */
export type Reason = {
  readonly ruleId: string;
  readonly kind: RuleKind;
  readonly effect: 'deny' | 'defer';
  readonly notBefore: string | null;
  readonly citation: string;
  readonly sentence: string;
  readonly accountId: string | null;
};

export type Decision = {
  readonly decision: 'allow' | 'deny' | 'defer';
  readonly reasons: readonly Reason[];
  /** For `defer`: the first instant at which no rule objects any more. */
  readonly notBefore: Date | null;
  readonly requiredContent: readonly string[];
};

function evaluate(rule: Rule, question: Question): Block[] {
  switch (rule.kind) {
    case 'quiet_hours':
      return quietHours(rule, question);
    case 'business_day':
      return businessDay(rule, question);
    case 'time_wish':
      return timeWish(rule, question);
    case 'frequency_cap':
      return frequencyCap(rule, question);
    case 'cool_down':
      return coolDown(rule, question);
    case 'opt_out':
      return optOut(rule, question);
    case 'consent':
      return consent(rule, question);
    case 'blocked_state':
      return blockedState(rule, question);
    case 'required_content':
      return requiredContent(rule, question);
    case 'not_in_the_future':
      return notInTheFuture(rule, question);
  }
}

function applies(rule: Rule, facts: GateFacts, proposal: Proposal, at: Date): boolean {
  const on = at.toISOString().slice(0, 10);
  const country = facts.person.country ?? facts.client.country;
  return (
    rule.acts.includes(judgedAct(proposal)) &&
    rule.channels.includes(proposal.channel) &&
    (rule.countries === undefined || rule.countries.includes(country)) &&
    rule.effectiveFrom <= on &&
    (rule.effectiveTo === undefined || on < rule.effectiveTo)
  );
}

function reasonsAt(facts: GateFacts, proposal: Proposal, book: RuleBook, at: Date): Reason[] {
  const question: Question = { facts, proposal, holidayName: book.holidayName, at };
  return book.packs.flatMap((pack) =>
    pack.rules
      .filter((rule) => applies(rule, facts, proposal, at))
      .flatMap((rule) =>
        evaluate(rule, question).map((block) => ({
          ruleId: rule.id,
          kind: rule.kind,
          effect: block.effect,
          notBefore: block.notBefore?.toISOString() ?? null,
          citation: rule.citation,
          sentence: block.sentence,
          accountId: block.accountId,
        })),
      ),
  );
}

const furthest = 400;

/**
 * Moves to the latest opening any rule names and asks all of them again, until none objects. Every rule names the first
 * instant it is open, so nothing between is open and the result is the earliest. Null when a deny comes into force on the way.
 */
function findOpening(facts: GateFacts, proposal: Proposal, book: RuleBook, first: readonly Reason[]): Date | null {
  let reasons = first;
  let opening: Date | null = null;
  for (let step = 0; step < furthest && reasons.length > 0; step += 1) {
    if (reasons.some((reason) => reason.effect === 'deny')) return null;
    opening = new Date(Math.max(...reasons.map((reason) => Date.parse(reason.notBefore ?? ''))));
    reasons = reasonsAt(facts, proposal, book, opening);
  }
  return reasons.length === 0 ? opening : null;
}

/**
 * May this be done now? Pure: the same facts, proposal, rules and instant always give the same answer. Every rule is asked;
 * the strictest answer wins: any deny, else the latest opening of the defers, tested again until truly open.
 */
export function decide(facts: GateFacts, proposal: Proposal, book: RuleBook, at: Date): Decision {
  const reasons = reasonsAt(facts, proposal, book, at);
  const requiredContent = requiredContentOf(facts, proposal, book, at);
  if (reasons.length === 0) return { decision: 'allow', reasons, notBefore: null, requiredContent };
  if (reasons.some((reason) => reason.effect === 'deny'))
    return { decision: 'deny', reasons, notBefore: null, requiredContent };
  const notBefore = findOpening(facts, proposal, book, reasons);
  return { decision: notBefore === null ? 'deny' : 'defer', reasons, notBefore, requiredContent };
}

function requiredContentOf(facts: GateFacts, proposal: Proposal, book: RuleBook, at: Date): string[] {
  const parts = book.packs
    .flatMap((pack) => pack.rules)
    .flatMap((rule) =>
      rule.kind === 'required_content' && applies(rule, facts, proposal, at) ? rule.parameters.content : [],
    );
  return [...new Set(parts)];
}
