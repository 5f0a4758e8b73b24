import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvReader, type CsvOptions, type SourceRow } from './csv-reader.ts';

function readAll(text: string, options: Partial<CsvOptions> = {}, chunk = text.length || 1): SourceRow[] {
  const reader = csvReader({ delimiter: ',', ...options });
  const rows: SourceRow[] = [];
  for (let at = 0; at < text.length; at += chunk) rows.push(...reader.push(text.slice(at, at + chunk)));
  return [...rows, ...reader.end()];
}

const cellsOf = (rows: SourceRow[]) => rows.map((row) => row.cells);

test.each([
  [
    'plain',
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'no last newline',
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'CR LF',
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['quoted delimiter', '"a,b",c\n', [['a,b', 'c']]],
  ['doubled quote', '"say ""hi""",c\n', [['say "hi"', 'c']]],
  [
    'newline in a cell',
    '"two\nlines",c\r\nx,y',
    [
      ['two\nlines', 'c'],
      ['x', 'y'],
    ],
  ],
  ['empty quoted cell', '"",""\n', [['', '']]],
  ['quote inside an unquoted cell', '5" pipe,c\n', [['5" pipe', 'c']]],
  ['blank line keeps its number', 'a\n\nb\n', [['a'], [''], ['b']]],
  [
    'quoted last cell before CR LF',
    'a,"b"\r\n"c",d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
])('reads %s', (_, text, expected) => {
  expect(cellsOf(readAll(text))).toEqual(expected);
  expect(cellsOf(readAll(text, {}, 1))).toEqual(expected);
});

test('gives up only the line with the unclosed quote, with its text', () => {
  const rows = readAll('a,b\n1,"open\n2,fine\n3,fine\n');
  expect(rows).toEqual([
    { rowNo: 1, cells: ['a', 'b'] },
    { rowNo: 2, cells: ['1,"open'], broken: 'unclosed_quote' },
    { rowNo: 3, cells: ['2', 'fine'] },
    { rowNo: 4, cells: ['3', 'fine'] },
  ]);
});

test('names a quote that closes in the middle of a cell', () => {
  const rows = readAll('"a"b,c\nd,e\n');
  expect(rows).toEqual([
    { rowNo: 1, cells: ['"a"b,c'], broken: 'stray_quote' },
    { rowNo: 2, cells: ['d', 'e'] },
  ]);
});

test('keeps memory bounded on a line without end', () => {
  const rows = readAll(`a,b\n${'x'.repeat(5000)}\nc,d\n`, { maxRecord: 1000 }, 100);
  expect(rows.map((row) => [row.rowNo, row.broken])).toEqual([
    [1, undefined],
    [2, 'too_long'],
    [3, undefined],
  ]);
  expect(rows[2]?.cells).toEqual(['c', 'd']);
});

test('reads a five megabyte cell', () => {
  const big = 'é'.repeat(5_000_000);
  const rows = readAll(`a,"${big}"\nb,c\n`, {}, 65_536);
  expect(rows[0]?.cells[1]).toHaveLength(5_000_000);
  expect(rows[1]?.cells).toEqual(['b', 'c']);
});

test('agrees with csv-parse on everything a correct writer can write, however it is cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', '"', ',', ';', '\n', '\r', 'é', '😀'), maxLength: 8 });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 9 }), fc.constantFrom('\n', '\r\n'), (rows, chunk, eol) => {
      const text = rows.map((row) => row.map(quoted).join(',')).join(eol);
      const oracle: string[][] = parse(text, { relax_column_count: true, record_delimiter: eol });
      expect(cellsOf(readAll(text, {}, chunk))).toEqual(oracle);
      expect(oracle).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});
