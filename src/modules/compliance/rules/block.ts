import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { GateFacts } from '../gate-facts.ts';
import type { Proposal } from '../proposal.ts';

/** Why one rule says no at one instant. `defer` ends by itself at `notBefore`: the first instant this rule alone is open. */
export type Block = {
  readonly effect: 'deny' | 'defer';
  readonly sentence: string;
  readonly notBefore: Date | null;
  /** Set when the rule stops one account of the proposal and not the person. */
  readonly accountId: string | null;
};

/** Name of the public holiday in that country on that day, or null. */
export type HolidayLookup = (country: string, region: string | null, date: CalendarDate) => string | null;

/** What every interpreter is given. `at` is the instant asked about, not necessarily now: openings are searched ahead. */
export type Question = {
  readonly facts: GateFacts;
  readonly proposal: Proposal;
  readonly holidayName: HolidayLookup;
  readonly at: Date;
};

export function deny(sentence: string, accountId: string | null = null): Block {
  return { effect: 'deny', sentence, notBefore: null, accountId };
}

export function defer(notBefore: Date, sentence: string, accountId: string | null = null): Block {
  return { effect: 'defer', sentence, notBefore, accountId };
}
