import {
  addDays,
  type CalendarDate,
  daysBetween,
  instantAt,
  startOfDay,
  type TimeZone,
} from '../../kernel/calendar.ts';
import type { Channel } from './proposal.ts';
import type { RuleBook } from './rule-book.ts';
import type { HolidayLookup } from './rules/block.ts';
import { closedDay } from './rules/hours.ts';

/** When a channel is open on one local day for somebody in these zones; both null: closed that day. */
export type Opening = { readonly localOn: CalendarDate; readonly opensAt: Date | null; readonly closesAt: Date | null };

/**
 * The window of each day, of automatic messages or of calls, all zones together, by the hour and day rules alone: what planning may rely on. The gate
 * still asks every rule for the person concerned.
 */
export function openingsOf(
  book: RuleBook,
  where: { readonly zones: readonly string[]; readonly country: string },
  channel: Channel,
  from: CalendarDate,
  to: CalendarDate,
): Opening[] {
  const zones = where.zones as readonly TimeZone[];
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => {
    const localOn = addDays(from, index);
    const windows = zones.map((zone) => windowOf(book, where.country, channel, localOn, zone));
    if (windows.length === 0 || windows.some((window) => window === null))
      return { localOn, opensAt: null, closesAt: null };
    const opens = Math.max(...windows.map((window) => window?.opens ?? 0));
    const closes = Math.min(...windows.map((window) => window?.closes ?? 0));
    return opens < closes
      ? { localOn, opensAt: new Date(opens), closesAt: new Date(closes) }
      : { localOn, opensAt: null, closesAt: null };
  });
}

function windowOf(
  book: { readonly packs: RuleBook['packs']; readonly holidayName: HolidayLookup },
  country: string,
  channel: Channel,
  date: CalendarDate,
  zone: TimeZone,
): { opens: number; closes: number } | null {
  let opens = startOfDay(date, zone).getTime();
  let closes = startOfDay(addDays(date, 1), zone).getTime();
  for (const rule of book.packs.flatMap((pack) => pack.rules)) {
    if (
      !rule.acts.includes(channel === 'call' ? 'manual_call' : 'automatic_message') ||
      !rule.channels.includes(channel)
    )
      continue;
    if (rule.countries !== undefined && !rule.countries.includes(country)) continue;
    if (
      rule.kind === 'business_day' &&
      closedDay(rule, date, country, { holidayName: book.holidayName, region: null }) !== null
    )
      return null;
    if (rule.kind !== 'quiet_hours') continue;
    opens = Math.max(opens, instantAt(date, rule.parameters.opens, zone).getTime());
    closes = Math.min(closes, instantAt(date, rule.parameters.closes, zone, 'later').getTime());
  }
  return opens < closes ? { opens, closes } : null;
}
