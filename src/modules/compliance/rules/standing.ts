import { addDays, type CalendarDate, startOfDay, type TimeZone } from '../../../kernel/calendar.ts';
import { dateIn, holds, isMeant, matching } from '../condition.ts';
import { dayOf, type JudgedCase, type JudgedEvent } from '../judged-case.ts';
import type { Alternative, RuleOf } from '../rule-pack.ts';
import { type Block, defer, deny } from './block.ts';

const zoneOf = (judged: JudgedCase): TimeZone => judged.zones[0] ?? ('UTC' as TimeZone);

/** The first instant of that day in every zone the person may be in. */
function openingOn(judged: JudgedCase, date: CalendarDate): Date {
  const zones = judged.zones.length > 0 ? judged.zones : [zoneOf(judged)];
  return new Date(Math.max(...zones.map((zone) => startOfDay(date, zone).getTime())));
}

/** The first day that such an event closes. */
function firstDayOf({ parameters }: RuleOf<'stop'>, event: JudgedEvent, judged: JudgedCase): CalendarDate {
  const { startsOn, startsAfterDays } = parameters;
  const named = startsOn === undefined ? null : dateIn(event, startsOn);
  return named ?? addDays(dayOf(event, zoneOf(judged)), startsAfterDays ?? 0);
}

/** Whether the stop that each such event starts has begun. */
export const hasBegun = (rule: RuleOf<'stop'>, judged: JudgedCase): boolean =>
  matching(rule.parameters.startedBy, judged).every(
    (event) => openingOn(judged, firstDayOf(rule, event, judged)) <= judged.at,
  );

/** Closed from an event until another ends it, or until its days have run. */
export function stop(rule: RuleOf<'stop'>, judged: JudgedCase): Block[] {
  const { startedBy, lastsDays, lastDay } = rule.parameters;
  return matching(startedBy, judged).flatMap((event) => {
    const first = firstDayOf(rule, event, judged);
    if (judged.at < openingOn(judged, first)) return [];
    const ends =
      (lastDay === undefined ? null : dateIn(event, lastDay)) ??
      (lastsDays === undefined ? null : addDays(first, lastsDays - 1));
    if (ends === null) return [deny(rule.sentence, judged.debt?.id ?? null)];
    const opens = openingOn(judged, addDays(ends, 1));
    return judged.at >= opens ? [] : [defer(opens, `${rule.sentence} It ends on ${ends}.`, judged.debt?.id ?? null)];
  });
}

/** Open only when one of the alternatives is satisfied; closed until the first of them opens by the passage of time, if one does. */
export function prerequisite(rule: RuleOf<'prerequisite'>, judged: JudgedCase): Block[] {
  const openings = rule.parameters.anyOf.map((one) => opensAt(one, judged)).filter((one) => one !== null);
  const debtId = judged.debt?.id ?? null;
  if (openings.length === 0) return [deny(rule.sentence, debtId)];
  const earliest = new Date(Math.min(...openings.map((one) => one.getTime())));
  return earliest <= judged.at ? [] : [defer(earliest, rule.sentence, debtId)];
}

/** When this alternative opens, now or later; null when time alone never opens it. */
function opensAt(alternative: Alternative, judged: JudgedCase, furtherTo?: JudgedEvent): Date | null {
  const { event: pattern, latest, and, reachesBackTo } = alternative;
  const reaches = (event: JudgedEvent): boolean => {
    if (furtherTo === undefined || reachesBackTo === undefined) return true;
    const back = dateIn(event, reachesBackTo);
    return back === null || back <= dayOf(furtherTo, zoneOf(judged));
  };
  const found = latest
    ? matching({ ...pattern, where: {} }, judged)
        .slice(-1)
        .filter((event) => isMeant(pattern, event, judged))
    : matching(pattern, judged);
  const openings = found
    .filter((event) => reaches(event) && leavesTime(alternative, event, judged) && !isVoid(alternative, event, judged))
    .flatMap((event) => {
      const own = waitOf(alternative, event, judged).getTime();
      if (and === undefined) return [own];
      const other = opensAt(and, judged, event);
      return other === null ? [] : [Math.max(own, other.getTime())];
    });
  return openings.length === 0 ? null : new Date(Math.min(...openings));
}

function waitOf({ waitDays, waitUntil }: Alternative, event: JudgedEvent, judged: JudgedCase): Date {
  const until = waitUntil === undefined ? null : dateIn(event, waitUntil);
  if (until !== null) return openingOn(judged, addDays(until, 1));
  if (waitDays === undefined) return new Date(event.ms);
  const sent = dateIn(event, 'dated') ?? dayOf(event, zoneOf(judged));
  return openingOn(judged, addDays(sent, waitDays));
}

function leavesTime({ leaves }: Alternative, event: JudgedEvent, judged: JudgedCase): boolean {
  if (leaves === undefined) return true;
  const named = dateIn(event, leaves.member);
  return named !== null && named >= addDays(dayOf(event, zoneOf(judged)), leaves.days);
}

function isVoid({ voidedBy, voidWithinDays }: Alternative, event: JudgedEvent, judged: JudgedCase): boolean {
  if (voidedBy === undefined) return false;
  const zone = zoneOf(judged);
  const last = voidWithinDays === undefined ? null : addDays(dayOf(event, zone), voidWithinDays - 1);
  return matching(voidedBy, judged).some((later) => {
    // What came back may say when it was sent; then it is no other sending that came back.
    const sent = dateIn(later, 'ref');
    return (
      later.ms >= event.ms &&
      (sent === null || sent === dayOf(event, zone)) &&
      (last === null || dayOf(later, zone) <= last)
    );
  });
}

/** Closed when the condition holds, and when the facts do not say whether it does. */
export function condition(rule: RuleOf<'condition'>, judged: JudgedCase): Block[] {
  const truth = holds(rule.parameters.deny, judged);
  const debtId = judged.debt?.id ?? null;
  if (truth === false) return [];
  return [
    deny(truth === true ? rule.sentence : `${rule.sentence} The facts do not say, so it counts as broken.`, debtId),
  ];
}
