import { csvReader } from './csv-reader.ts';

/** The marks that may stand between cells. */
export const delimiters = [',', ';', '\t', '|'] as const;

/** The delimiter under which the sample falls into the most regular table; a comma when it has only one column. */
export function detectDelimiter(sample: string): { delimiter: string; newline: '\n' | '\r' } {
  const newline = !sample.includes('\n') && sample.includes('\r') ? '\r' : '\n';
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const score = regularity(sample, delimiter, newline);
    if (score > best.score) best = { delimiter, score };
  }
  return { delimiter: best.delimiter, newline };
}

/** Share of records as wide as most are, times a little more for wider tables; 0 for a single column. */
function regularity(sample: string, delimiter: string, newline: '\n' | '\r'): number {
  const rows = csvReader({ delimiter, newline })
    .push(sample)
    .filter((row) => row.cells.some((cell) => cell !== ''))
    .slice(0, 200);
  const records = rows.length > 0 ? rows : csvReader({ delimiter, newline }).push(`${sample}${newline}`);
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let width = 1;
  let most = 0;
  for (const [candidate, count] of counts) if (count > most) [width, most] = [candidate, count];
  return width === 1 ? 0 : (most / records.length) * (1 + Math.log2(width) / 10);
}
