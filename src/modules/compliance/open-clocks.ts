import type { CalendarDate } from '../../kernel/calendar.ts';
import type { GateFacts } from './gate-facts.ts';
import { prepareCase } from './judged-case.ts';
import type { Proposal } from './proposal.ts';
import type { RuleBook } from './rule-book.ts';
import type { RuleOf } from './rule-pack.ts';
import { clocks } from './rules/clock.ts';

export type ClockRule = RuleOf<'clock'>;

/** One duty of the law with a day by which it must be done, about one debt. */
export type OpenClock = {
  readonly ruleId: string;
  readonly part: string | null;
  readonly title: string;
  readonly sentence: string;
  readonly citation: string;
  readonly accountId: string;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly dueBy: CalendarDate;
  /** Null: still to be done. */
  readonly doneAt: CalendarDate | null;
  readonly overdue: boolean;
  /** The types of event that end it. */
  readonly doneBy: readonly string[];
};

/** The clock rules of a book that bind on a day; what is unverified is listed in the packs and binds nothing. */
export function clockRules(book: RuleBook, on: string): ClockRule[] {
  return book.packs
    .flatMap((pack) => pack.rules)
    .filter(
      (rule): rule is ClockRule =>
        rule.kind === 'clock' &&
        rule.confidence !== 'U' &&
        rule.effectiveFrom <= on &&
        (rule.effectiveTo === undefined || on < rule.effectiveTo),
    );
}

/**
 * The clocks that run or have run for the debts of these facts, by the rules in force at `at`: pure. Of several starts of one duty about
 * one debt that is still to be done only the first is kept, which runs out first.
 */
export function openClocks(facts: GateFacts, proposal: Proposal, book: RuleBook, at: Date): OpenClock[] {
  const judged = prepareCase(facts, proposal, book.holidayName, at);
  const binding = clockRules(book, at.toISOString().slice(0, 10)).filter(
    (rule) =>
      (rule.jurisdiction === '*' || facts.jurisdictions.includes(rule.jurisdiction)) &&
      rule.collectors.includes(facts.collector) &&
      rule.debtKinds.includes(facts.debtKind),
  );
  return binding.flatMap((rule) =>
    facts.accounts.flatMap((debt) => {
      const found = clocks(rule, { ...judged, debt });
      const first = found.find((one) => one.doneOn === null);
      return found
        .filter((one) => one.doneOn !== null || one === first)
        .map(
          (one): OpenClock => ({
            ruleId: rule.id,
            part: rule.part ?? null,
            title: rule.title,
            sentence: rule.sentence,
            citation: rule.citation,
            accountId: debt.id,
            startedBy: one.startedBy,
            startedAt: one.startedAt,
            dueBy: one.dueBy,
            doneAt: one.doneOn,
            overdue: one.overdue,
            doneBy: rule.parameters.doneBy.types,
          }),
        );
    }),
  );
}
