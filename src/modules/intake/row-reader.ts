import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';
import type { SourceRow } from './csv-reader.ts';
import type { Problem } from './cell-readers.ts';
import { compileContactRow } from './contact-row.ts';
import { compileItemRow } from './item-row.ts';
import { columnsOf, type Mapping } from './mapping.ts';
import { compileReceiptRow } from './receipt-row.ts';
import type { StagedRow } from './staged-row.ts';

/** What a row is judged by besides its cells. */
export type RowSettings = {
  readonly clientId: Id<'client'>;
  /** Take only what was knowable on this day; null takes everything. */
  readonly until: CalendarDate | null;
  /** The client's calendar date now: money cannot have come in later. */
  readonly today: CalendarDate;
};

/** A row is taken, left out for a stated reason, or kept aside with every problem it has. */
export type RowOutcome =
  | { readonly kind: 'row'; readonly row: StagedRow }
  | { readonly kind: 'skipped'; readonly why: 'blank' | 'after_until' }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] };

export type RowReader = (source: SourceRow) => RowOutcome;

/** What each target's compiler gives: cells to a row, noting problems; null without a problem means "not knowable yet". */
export type RowCompiler = (
  mapping: Mapping,
  at: ReadonlyMap<string, number>,
  settings: RowSettings,
) => (rowNo: number, cells: readonly string[], problems: Problem[]) => StagedRow | null;

const compilers: Readonly<Record<Mapping['target'], RowCompiler>> = {
  items: compileItemRow,
  contacts: compileContactRow,
  receipts: compileReceiptRow,
};

const broken: Readonly<Record<NonNullable<SourceRow['broken']>, string>> = {
  unclosed_quote: 'A quotation mark opens a cell and is never closed. Close it, or write it twice inside the cell.',
  stray_quote: 'A cell goes on after its closing quotation mark. Write quotation marks inside a cell twice.',
  too_long: 'The line is longer than 8 million characters, so it is not a row of this table.',
};

/** Turns a mapping that fits these headers (see `checkMapping`) into a function from rows to outcomes. */
export function compileRowReader(mapping: Mapping, headers: readonly string[], settings: RowSettings): RowReader {
  const at = new Map(headers.map((name, index) => [name, index]));
  const read = compilers[mapping.target](mapping, at, settings);
  const lastMapped = Math.max(
    -1,
    ...Object.values(mapping.fields).flatMap((from) => columnsOf(from).map((name) => at.get(name) ?? -1)),
  );
  return (source) => {
    const { cells } = source;
    if (source.broken) return rejected('row', source.broken, broken[source.broken]);
    if (cells.every((cell) => cell.trim() === '')) return { kind: 'skipped', why: 'blank' };
    const problem = widthProblem(cells, headers.length, lastMapped);
    if (problem) return rejected('row', problem.code, problem.sentence);
    const problems: Problem[] = [];
    const row = read(source.rowNo, cells, problems);
    if (problems.length > 0) return { kind: 'rejected', problems };
    return row ? { kind: 'row', row } : { kind: 'skipped', why: 'after_until' };
  };
}

function rejected(field: string, code: string, sentence: string): RowOutcome {
  return { kind: 'rejected', problems: [{ field, code, sentence }] };
}

function widthProblem(
  cells: readonly string[],
  width: number,
  lastMapped: number,
): { code: string; sentence: string } | null {
  if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
    return {
      code: 'too_many_cells',
      sentence: `The row has ${cells.length} cells, the header ${width}: a cell probably holds the delimiter. Put that cell in quotation marks.`,
    };
  }
  // A row cut off in the middle could otherwise pass with an amount that lost its end.
  if (cells.length <= lastMapped) {
    return {
      code: 'too_few_cells',
      sentence: `The row has ${cells.length} cells, the header ${width}: its end is missing. Complete it.`,
    };
  }
  return null;
}
