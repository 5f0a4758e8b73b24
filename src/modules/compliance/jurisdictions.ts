import { usStateCodes, usStateNames } from '../parties/public.ts';

const euMembers = 'AT BE BG HR CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK';
const caProvinces = 'AB BC MB NB NL NS NT NU ON PE QC SK YT';

const known = new Set([
  'US',
  ...usStateCodes.map((state) => `US-${state}`),
  'US-NYC',
  'UK',
  'UK-ENG',
  'UK-WLS',
  'UK-SCT',
  'UK-NIR',
  'EU',
  ...euMembers.split(' '),
  'CA',
  ...caProvinces.split(' ').map((province) => `CA-${province}`),
  'AU',
  'IN',
]);

/** Whether the program knows this jurisdiction by name; what it does not know is refused, never passed over. */
export function isJurisdiction(code: string): boolean {
  return known.has(code);
}

const europe = new Set(euMembers.split(' '));

/**
 * The jurisdictions in force for a person there, widest first: the country (`UK` for GB, `EU` before a member state), then the
 * region the law knows. A country whose law no pack holds has none of its own; house limits are then all there is.
 */
export function jurisdictionsOf(country: string | null, region: string | null): string[] {
  if (country === null) return [];
  const code = country === 'GB' ? 'UK' : country;
  const wide = europe.has(code) ? ['EU', code] : known.has(code) ? [code] : [];
  const named = region?.trim().toUpperCase() ?? '';
  const part =
    (code === 'US' ? usStateNames[named.toLowerCase()] : undefined) ??
    (named.startsWith(`${code}-`) ? named.slice(code.length + 1) : named);
  const narrow = `${code}-${part}`;
  return known.has(narrow) ? [...wide, narrow] : wide;
}

/**
 * The places whose people are under this law, for queries: countries whole, and parts of them as `US:new york` in every spelling that
 * `jurisdictionsOf` reads.
 */
export function placesUnder(code: string): {
  readonly countries: readonly string[];
  readonly parts: readonly string[];
} {
  const codes = [...known];
  const countries = codes.filter((one) => !one.includes('-') && one !== 'EU').map((one) => (one === 'UK' ? 'GB' : one));
  const parts = codes.flatMap((one) => {
    const [wide = '', part = ''] = one.split('-');
    const country = wide === 'UK' ? 'GB' : wide;
    if (part === '' || !jurisdictionsOf(country, part).includes(code)) return [];
    const names = Object.keys(usStateNames).filter((name) => wide === 'US' && usStateNames[name] === part);
    return [part.toLowerCase(), one.toLowerCase(), ...names].map((spelling) => `${country}:${spelling}`);
  });
  return { countries: countries.filter((country) => jurisdictionsOf(country, null).includes(code)), parts };
}
