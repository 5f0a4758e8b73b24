const usStates =
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP';
const euMembers = 'AT BE BG HR CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK';
const caProvinces = 'AB BC MB NB NL NS NT NU ON PE QC SK YT';

const known = new Set([
  'US',
  ...usStates.split(' ').map((state) => `US-${state}`),
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

// States by the names people write; a region may also be a code, with or without its country.
const stateNames: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;DC District of Columbia;FL Florida;' +
    'GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;LA Louisiana;ME Maine;MD Maryland;MA Massachusetts;' +
    'MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana;NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;' +
    'NY New York;NC North Carolina;ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;SC South Carolina;' +
    'SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia;WA Washington;WV West Virginia;WI Wisconsin;WY Wyoming'
  )
    .split(';')
    .map((line) => [line.slice(3).toLowerCase(), line.slice(0, 2)]),
);

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
    (code === 'US' ? stateNames[named.toLowerCase()] : undefined) ??
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
    const names = Object.keys(stateNames).filter((name) => wide === 'US' && stateNames[name] === part);
    return [part.toLowerCase(), one.toLowerCase(), ...names].map((spelling) => `${country}:${spelling}`);
  });
  return { countries: countries.filter((country) => jurisdictionsOf(country, null).includes(code)), parts };
}
