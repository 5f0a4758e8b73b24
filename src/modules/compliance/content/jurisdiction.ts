const states: Readonly<Record<string, string>> = Object.fromEntries(
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
const union = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '));

/**
 * Whose rules about wording reach a person: the country, its union, its state, as the packs name them (`US` and `US-CA`, `UK`, `EU` and
 * `DE`). A region may be a code, with or without its country, or a state's name.
 */
export function jurisdictionsOf(country: string | null, region: string | null): string[] {
  if (country === null) return [];
  const code = country.toUpperCase();
  if (code === 'GB' || code === 'UK') return ['UK'];
  if (union.has(code)) return ['EU', code];
  if (code !== 'US') return [code];
  const named = region?.trim() ?? '';
  const state = states[named.toLowerCase()] ?? /^(?:US-)?([A-Z]{2})$/i.exec(named)?.[1]?.toUpperCase();
  return state === undefined ? ['US'] : ['US', `US-${state}`];
}
