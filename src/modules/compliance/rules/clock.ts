import { addDays, type CalendarDate, type TimeZone } from '../../../kernel/calendar.ts';
import { businessDayDeadline } from '../computations/periods.ts';
import { endOf, holds, matching } from '../condition.ts';
import { dayOf, type JudgedCase, today } from '../judged-case.ts';
import type { RuleOf } from '../rule-pack.ts';

/** One duty that an event started: when it must be done, and whether it was. */
export type Clock = {
  /** The instant of the event that started it, as the event says it. */
  readonly startedAt: string;
  /** The type of that event. */
  readonly startedBy: string;
  readonly startedOn: CalendarDate;
  readonly dueBy: CalendarDate;
  readonly doneOn: CalendarDate | null;
  readonly overdue: boolean;
};

/** The clocks of one rule that have been started so far, oldest first. Business days leave out the holidays where the person lives. */
export function clocks(rule: RuleOf<'clock'>, judged: JudgedCase): Clock[] {
  const { startedBy, doneBy, days, businessDays } = rule.parameters;
  const { facts, holidayName } = judged;
  if (rule.when !== undefined && holds(rule.when, judged) === false) return [];
  const zone = judged.zones[0] ?? ('UTC' as TimeZone);
  const isHoliday = (date: CalendarDate) =>
    holidayName(facts.person.country ?? facts.client.country, facts.person.region, date) !== null;
  return matching(startedBy, judged).map((event) => {
    const startedOn = dayOf(event, zone);
    const dueBy = businessDays ? businessDayDeadline(startedOn, days, isHoliday) : addDays(startedOn, days);
    const done = endOf({ ...startedBy, endedBy: doneBy }, event, judged);
    return {
      startedAt: event.fact.at,
      startedBy: event.fact.type,
      startedOn,
      dueBy,
      doneOn: done === undefined ? null : dayOf(done, zone),
      overdue: done === undefined && today(judged, zone) > dueBy,
    };
  });
}
