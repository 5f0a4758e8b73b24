import { addDays, type CalendarDate, daysBetween, startOfDay, type TimeZone } from '../../kernel/calendar.ts';
import type { HolidayLookup } from './judged-case.ts';
import { jurisdictionsOf } from './jurisdictions.ts';
import type { Channel } from './proposal.ts';
import type { RuleBook } from './rule-book.ts';
import { holidaysOf, windowOfDay } from './rules/hours.ts';

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
  const law = jurisdictionsOf(country, null);
  const act = channel === 'call' ? 'manual_call' : 'automatic_message';
  const where = { person: { country, region: null }, client: { country } };
  for (const rule of book.packs.flatMap((pack) => pack.rules)) {
    if (rule.kind !== 'hours' || rule.confidence === 'U' || rule.when !== undefined) continue;
    if (
      rule.acts?.includes(act) === false ||
      !rule.channels.includes(channel) ||
      !rule.debtKinds.includes('commercial')
    )
      continue;
    if (rule.jurisdiction !== '*' && !law.includes(rule.jurisdiction)) continue;
    const window = windowOfDay(rule, date, zone, holidaysOf(rule, where, book.holidayName));
    if (window === null) return null;
    opens = Math.max(opens, window.opens.getTime());
    closes = Math.min(closes, window.closes.getTime());
  }
  return opens < closes ? { opens, closes } : null;
}
