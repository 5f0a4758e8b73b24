import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvLine, normaliseName, searchTokens } from './text.ts';

describe('names', () => {
  it.each([
    ['  Müller & Söhne GmbH ', 'muller sohne gmbh'],
    ['O’Brien-Ørsted', 'obrien orsted'],
    ['Łódź STRASSE ß', 'lodz strasse ss'],
    ['ﬁnance №5', 'finance no5'],
    ['株式会社 ABC', '株式会社 abc'],
    ['...', ''],
  ])('%j becomes %j', (name, want) => expect(normaliseName(name)).toBe(want));

  it('is settled after one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(normaliseName(normaliseName(name))).toBe(normaliseName(name));
      }),
    );
  });

  it('gives distinct sorted words, bounded', () => {
    expect(searchTokens('Anna Bell', 'bell ANNA 42')).toEqual(['42', 'anna', 'bell']);
    expect(searchTokens('', ' - ')).toEqual([]);
    expect(searchTokens('x'.repeat(5_000_000))).toEqual(['x'.repeat(40)]);
    expect(searchTokens(Array.from({ length: 100 }, (_, i) => `w${i}`).join(' '))).toHaveLength(24);
  });
});

describe('csv', () => {
  it.each([
    ['plain', 'plain'],
    ['-12.50', '-12.50'],
    ['+1', '+1'],
    ['-5%', '-5%'],
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1', "' =1"],
    ['\t=1', "'\t=1"],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [null, ''],
    [undefined, ''],
    [12n, '12'],
    [true, 'true'],
  ])('%o is written %s', (value, want) => {
    expect(csvCell(value)).toBe(want);
  });

  it('is read back by a strict parser, and no cell starts a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }), (cells) => {
        const rows: unknown = parse(csvLine(cells), { relax_column_count: true, skip_empty_lines: false });
        const read = Array.isArray(rows) && Array.isArray(rows[0]) ? (rows[0] as unknown[]).map(String) : [];
        expect(read.map((cell) => cell.replace(/^'/, ''))).toEqual(cells.map((cell) => cell.replace(/^'/, '')));
        for (const cell of read) expect(/^[=@\t\r]/.test(cell)).toBe(false);
      }),
    );
  });
});
