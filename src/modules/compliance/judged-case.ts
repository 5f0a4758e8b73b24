import { type CalendarDate, calendarDate, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import type { AccountFact, EventFact, GateFacts } from './gate-facts.ts';
import type { Proposal } from './proposal.ts';

/** Name of the public holiday in that country (and region) on that day, or null. */
export type HolidayLookup = (country: string, region: string | null, date: CalendarDate) => string | null;

/** An event made ready to be asked about: its instant as a number, its debts by the name they are counted under. */
export type JudgedEvent = {
  readonly fact: EventFact;
  readonly ms: number;
  readonly debts: ReadonlySet<string> | null;
  /** The day it was counted to, when that was written down. */
  readonly localOn: CalendarDate | null;
  /** A contact through a number that turned out not to be the person's: it was no contact with them. */
  readonly misdirected: boolean;
};

/** What every rule is given. `at` is the instant asked about, not necessarily now: openings are searched ahead. */
export type JudgedCase = {
  readonly facts: GateFacts;
  readonly proposal: Proposal;
  readonly holidayName: HolidayLookup;
  readonly at: Date;
  readonly zones: readonly TimeZone[];
  readonly events: readonly JudgedEvent[];
  readonly eventsOfType: ReadonlyMap<string, readonly JudgedEvent[]>;
  /** The debt now being asked about, for rules that judge each debt of the act by itself. */
  readonly debt: AccountFact | null;
};

/** The name a debt is counted under: its group's, when it has one. */
const countedAs = (account: AccountFact) => account.group ?? account.id;

/** Makes facts ready for the rules: parses instants once, sorts, and follows debts to their groups. */
export function prepareCase(facts: GateFacts, proposal: Proposal, holidayName: HolidayLookup, at: Date): JudgedCase {
  const groups = new Map<string, string>();
  for (const { id, group } of facts.accounts) if (group) groups.set(id, group);
  const misdirected = new Set(
    facts.events.flatMap((event) =>
      event.type === 'number_misdirected' && event.addressKey ? [event.addressKey] : [],
    ),
  );
  const events = facts.events
    .map(
      (fact): JudgedEvent => ({
        fact,
        ms: Date.parse(fact.at),
        debts: fact.debtIds ? new Set(fact.debtIds.map((id) => groups.get(id) ?? id)) : null,
        localOn: typeof fact['localOn'] === 'string' ? calendarDate(fact['localOn']) : null,
        misdirected: misdirected.has(fact.addressKey ?? ''),
      }),
    )
    .sort((a, b) => a.ms - b.ms);
  const zones = facts.person.zones as readonly TimeZone[];
  const eventsOfType = Map.groupBy(events, (event) => event.fact.type);
  return { facts, proposal, holidayName, at, zones, events, eventsOfType, debt: null };
}

const none: readonly JudgedEvent[] = [];

/** The events of these types, oldest first: a rule asks about few of the many. */
export function eventsOf(judged: JudgedCase, types: readonly string[]): readonly JudgedEvent[] {
  const [first] = types;
  if (types.length === 1 && first !== undefined) return judged.eventsOfType.get(first) ?? none;
  const present = types.filter((type) => judged.eventsOfType.has(type));
  if (present.length < 2) return judged.eventsOfType.get(present[0] ?? '') ?? none;
  return judged.events.filter((event) => present.includes(event.fact.type));
}

/** The debts the act is about. */
export const proposedDebts = ({ facts, proposal }: JudgedCase): AccountFact[] =>
  facts.accounts.filter((account) => proposal.accountIds.includes(account.id));

/** The person's calendar day of the question; UTC's where no zone is known, which rules about hours refuse anyway. */
export const today = (judged: JudgedCase, zone: TimeZone | undefined = judged.zones[0]): CalendarDate =>
  localDateOf(judged.at, zone ?? ('UTC' as TimeZone));

/** The person's calendar day of an event: the day it was counted to when that was written down. */
export function dayOf(event: JudgedEvent, zone: TimeZone | undefined): CalendarDate {
  return event.localOn ?? localDateOf(new Date(event.ms), zone ?? ('UTC' as TimeZone));
}

/** Whether what an event says covers the debt in question. */
export function coversDebt(event: JudgedEvent, debt: AccountFact | null): boolean {
  return event.debts === null || debt === null || event.debts.has(countedAs(debt));
}
