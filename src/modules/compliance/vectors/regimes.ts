// Names under which examples speak of a regime of the law, beside the name the packs give it.
const words: readonly (readonly [RegExp, string])[] = [
  [/^UK\b.*(FIXED|COMPENSATION|LUMP|5A)/, 'UK-LPCDA-FIXED'],
  [/^UK\b.*(LPCDA|LPCD|LPA|LATE-?PAY)/, 'UK-LPCDA'],
  [/^UK\b.*(CCJ|CCA|COUNTY|S-?69)/, 'UK-CCA-69'],
  [/^UK\b.*(CRISIS|MENTAL)/, 'UK-BREATHING-SPACE-CRISIS'],
  [/^UK\b.*(BREATHING|MORATORIUM|STANDARD)/, 'UK-BREATHING-SPACE-STANDARD'],
  [/^UK\b.*(SCT|SCOT|-SC(-|$))/, 'UK-SCT'],
  [/^UK\b.*MORTGAGE/, 'UK-MORTGAGE-PRINCIPAL'],
  [/^UK\b.*(DEED|SPECIALTY)/, 'UK-DEED'],
  [/^UK-(NI|NIR|NORTHERN)/, 'UK-NI-SIMPLE-CONTRACT'],
  [/^UK\b.*(CONTRACT|S-?5$|LIMITATION|^UK-EW$)/, 'UK-EW-SIMPLE-CONTRACT'],
  [/^DE\b.*288.*(C|1|5)$|^DE\b.*(CONSUMER|B2C|VERBRAUCHER)/, 'DE-BGB-288-CONSUMER'],
  [/^DE\b.*(288|VERZUG|B2B)/, 'DE-BGB-288-B2B'],
  [/^DE\b.*(197|TITLE|TITEL|JUDG|URTEIL|30)/, 'DE-BGB-197'],
  [/^DE\b.*(195|199|LIMITATION|REGUL|REGEL|STANDARD|CONTRACT)/, 'DE-BGB-195'],
  [/^EU\b/, 'EU-2011-7'],
];

/** The regime an example means: the one it names, or the one of the known regimes that its words describe. */
export function regimeMeant(named: string, known: readonly string[]): string {
  if (known.includes(named)) return named;
  const upper = named.toUpperCase().replaceAll('_', '-');
  return words.find(([pattern, regime]) => pattern.test(upper) && known.includes(regime))?.[1] ?? named;
}
