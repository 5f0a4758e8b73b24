import { parseTimeZone } from '../../kernel/calendar.ts';

/** What is known about where a person is. */
export type Whereabouts = {
  readonly timeZone: string | null;
  readonly country: string | null;
  readonly region: string | null;
};

/** Zones of a country's subdivisions, where the country has several. A state that lies in two zones has both. */
const regionZones: Readonly<Record<string, Readonly<Record<string, string[]>>>> = {
  US: byZone({
    'America/New_York': 'CT DE DC FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC TN VT VA WV',
    'America/Chicago': 'AL AR FL IL IN IA KS KY LA MI MN MS MO NE ND OK SD TN TX WI',
    'America/Denver': 'CO ID KS MT NE NM ND OR SD TX UT WY',
    'America/Phoenix': 'AZ',
    'America/Los_Angeles': 'CA ID NV OR WA',
    'America/Anchorage': 'AK',
    'America/Adak': 'AK',
    'Pacific/Honolulu': 'HI',
  }),
  CA: byZone({
    'America/St_Johns': 'NL',
    'America/Halifax': 'NB NL NS PE QC',
    'America/Toronto': 'NU ON QC',
    'America/Winnipeg': 'MB NU ON',
    'America/Regina': 'SK',
    'America/Edmonton': 'AB BC NT NU SK',
    'America/Vancouver': 'BC',
    'America/Whitehorse': 'YT',
  }),
  AU: byZone({
    'Australia/Sydney': 'ACT NSW TAS VIC',
    'Australia/Brisbane': 'QLD',
    'Australia/Adelaide': 'NSW SA',
    'Australia/Darwin': 'NT',
    'Australia/Perth': 'WA',
  }),
};

function byZone(zones: Readonly<Record<string, string>>): Record<string, string[]> {
  const regions: Record<string, string[]> = {};
  for (const [zone, names] of Object.entries(zones))
    for (const name of names.split(' ')) (regions[name] ??= []).push(zone);
  return regions;
}

/**
 * Every zone the person may be in: their own zone when it is known, else those of their region, else those of their
 * country. Empty when nothing is known: the caller then fails closed.
 */
export function personZones(where: Whereabouts): string[] {
  if (where.timeZone !== null && parseTimeZone(where.timeZone).ok) return [where.timeZone];
  if (where.country === null) return [];
  const region = where.region === null ? undefined : regionZones[where.country]?.[where.region.toUpperCase()];
  return region ?? countryZones(where.country);
}

const known = new Map<string, string[]>();

function countryZones(country: string): string[] {
  let zones = known.get(country);
  if (zones === undefined) {
    const listed = regionZones[country];
    zones = listed ? [...new Set(Object.values(listed).flat())] : distinctClocks(zonesOfTerritory(country));
    known.set(country, zones);
  }
  return zones;
}

function zonesOfTerritory(country: string): string[] {
  if (!/^[A-Z]{2}$/.test(country)) return [];
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    getTimeZones?: () => string[] | undefined;
    timeZones?: string[];
  };
  return (locale.getTimeZones?.() ?? locale.timeZones ?? []).filter((zone) => parseTimeZone(zone).ok);
}

/** One zone for each different clock: a country lists many zones that have shown the same time for decades. */
function distinctClocks(zones: readonly string[]): string[] {
  const clocks = new Map<string, string>();
  for (const zone of zones) {
    const show = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    const shown = Array.from({ length: 48 }, (_, month) => show.format(Date.UTC(2023, month, 15, 12))).join();
    if (!clocks.has(shown)) clocks.set(shown, zone);
  }
  return [...clocks.values()];
}
