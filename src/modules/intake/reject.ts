import type { Problem } from './cell-readers.ts';
import { copyText } from './staged-row.ts';

/** A row kept aside: its cells as they were written, and why. */
export type Reject = {
  readonly rowNo: number;
  readonly cells: Readonly<Record<string, string>>;
  readonly reasonCode: string;
  readonly reason: string;
  readonly field: string | null;
  readonly state: 'open' | 'fixed' | 'discarded';
};

export const rejectsCopy =
  'copy intake.rejects (tenant_id, import_id, row_no, cells, reason_code, reason, field) from stdin';

/** What jsonb can hold: no zero characters, no halves of surrogate pairs. */
export const storable = (cell: string): string => cell.toWellFormed().replaceAll('\u0000', '␀');

/** One reject in COPY's text format; all problems of the row go into its reason, the first names code and field. */
export function rejectLine(
  prefix: string,
  rowNo: number,
  cells: readonly string[],
  problems: readonly Problem[],
): string {
  const [first] = problems;
  const reason = storable(problems.map((problem) => problem.sentence).join(' '));
  const json = JSON.stringify(cells.map(storable));
  return `${prefix}${rowNo}\t${copyText(json)}\t${copyText(first?.code ?? 'unknown')}\t${copyText(reason)}\t${copyText(first?.field ?? null)}\n`;
}

/** Longest cell shown for mending; longer ones are kept whole, and stay whole unless they are changed. */
const shownLength = 5000;
export const shownCell = (cell: string): string =>
  cell.length > shownLength ? `${cell.slice(0, shownLength - 1)}…` : cell;

/** Cells by header; those beyond the header get numbered names. */
export function namedCells(headers: readonly string[], cells: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  const width = Math.max(headers.length, cells.length);
  for (let index = 0; index < width; index += 1)
    named[headers[index] ?? `Column ${index + 1}`] = shownCell(cells[index] ?? '');
  return named;
}

/** The cells after a person's changes, in the order of the header. Unnamed and untouched cells stay as they were. */
export function mendedCells(
  headers: readonly string[],
  before: readonly string[],
  changes: Readonly<Record<string, string>>,
): string[] {
  return headers.map((header, index) => {
    const kept = before[index] ?? '';
    const change = changes[header];
    return change === undefined || change === shownCell(kept) ? kept : storable(change);
  });
}
