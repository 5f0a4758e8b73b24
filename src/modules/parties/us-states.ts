// States and territories by the names people write.
const names =
  'AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;DC District of Columbia;FL Florida;' +
  'GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;LA Louisiana;ME Maine;MD Maryland;MA Massachusetts;' +
  'MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana;NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;' +
  'NY New York;NC North Carolina;ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;SC South Carolina;' +
  'SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia;WA Washington;WV West Virginia;WI Wisconsin;WY Wyoming;' +
  'PR Puerto Rico;VI Virgin Islands;GU Guam;AS American Samoa;MP Northern Mariana Islands';

/** Codes of the states, the district and the territories by their names in lower case. */
export const usStateNames: Readonly<Record<string, string>> = Object.fromEntries(
  names.split(';').map((line) => [line.slice(3).toLowerCase(), line.slice(0, 2)]),
);

/** Codes of the states, the district and the territories. */
export const usStateCodes: readonly string[] = Object.values(usStateNames);
const codes = new Set(usStateCodes);

/** The code of a state somebody wrote: `CA`, `US-CA` or `California`; null for what is none. */
export function usStateOf(text: string): string | null {
  const word = text.trim();
  const code = word.toUpperCase().replace(/^US-/, '');
  return codes.has(code) ? code : (usStateNames[word.toLowerCase()] ?? null);
}

// First three digits of the codes of a state, in order; what is left out belongs to the forces or to nobody.
const zipRanges: readonly (readonly [first: number, last: number, state: string])[] = (
  '5-5 NY;6-7 PR;8-8 VI;9-9 PR;10-27 MA;28-29 RI;30-38 NH;39-49 ME;50-54 VT;55-55 MA;56-59 VT;60-69 CT;70-89 NJ;100-149 NY;150-196 PA;' +
  '197-199 DE;200-200 DC;201-201 VA;202-205 DC;206-219 MD;220-246 VA;247-268 WV;270-289 NC;290-299 SC;300-319 GA;320-339 FL;341-349 FL;' +
  '350-369 AL;370-385 TN;386-397 MS;398-399 GA;400-427 KY;430-459 OH;460-479 IN;480-499 MI;500-528 IA;530-549 WI;550-567 MN;569-569 DC;' +
  '570-577 SD;580-588 ND;590-599 MT;600-629 IL;630-658 MO;660-679 KS;680-693 NE;700-714 LA;716-729 AR;730-732 OK;733-733 TX;734-749 OK;' +
  '750-799 TX;800-816 CO;820-831 WY;832-838 ID;840-847 UT;850-865 AZ;870-884 NM;885-885 TX;889-898 NV;900-961 CA;967-968 HI;969-969 GU;' +
  '970-979 OR;980-994 WA;995-999 AK'
)
  .split(';')
  .map((line) => {
    const [range = '', state = ''] = line.split(' ');
    const [first, last] = range.split('-').map(Number);
    return [first ?? 0, last ?? 0, state] as const;
  });
// Single codes inside another state's range.
const zipExceptions: Readonly<Record<string, string>> = {
  '06390': 'NY',
  '96799': 'AS',
  '96950': 'MP',
  '96951': 'MP',
  '96952': 'MP',
};

/** The state a ZIP code (five digits, or nine) lies in; null where that cannot be said. */
export function usStateOfZip(zip: string): string | null {
  const five = /^(\d{5})(-?\d{4})?$/.exec(zip.trim())?.[1];
  if (five === undefined) return null;
  const prefix = Number(five.slice(0, 3));
  const range = zipRanges.find(([first, last]) => first <= prefix && prefix <= last);
  return zipExceptions[five] ?? range?.[2] ?? null;
}
