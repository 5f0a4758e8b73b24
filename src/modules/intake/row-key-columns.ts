import type { Mapping } from './mapping.ts';

/** The mapping's own key of a row, where it names the columns that make one; null for a row that leaves them all blank. */
export function keyReader(
  mapping: Mapping,
  at: ReadonlyMap<string, number>,
): (cells: readonly string[]) => string | null {
  const positions = (mapping.key ?? []).map((name) => at.get(name) ?? -1);
  if (positions.length === 0) return () => null;
  return (cells) => {
    const parts = positions.map((position) => (cells[position] ?? '').trim());
    return parts.every((part) => part === '') ? null : `k:${parts.join('\u001f')}`;
  };
}
