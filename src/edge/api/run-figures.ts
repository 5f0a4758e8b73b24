/** The flat numbers among a run's figures; groups of figures become `group.name`. */
export function numbersIn(counts: Readonly<Record<string, unknown>>, prefix = ''): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, value]): [string, number][] => {
      if (typeof value === 'number') return [[`${prefix}${name}`, value]];
      return typeof value === 'object' && value !== null
        ? Object.entries(numbersIn(value as Record<string, unknown>, `${prefix}${name}.`))
        : [];
    }),
  );
}
