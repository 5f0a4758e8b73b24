import { describe, expect, test } from 'vitest';
import { findPhrase, parsePhrase, possible, vocabularyOf } from './phrase.ts';
import { read, recognise, type Word } from './reading.ts';

const spans = (wording: string, text: string | readonly Word[]) =>
  findPhrase(parsePhrase(wording), typeof text === 'string' ? read(text).words : text).map(({ from, to }) => [
    from,
    to,
  ]);

describe('a wording', () => {
  test.each<[string, string, [number, number][]]>([
    ['debt', 'a debt, no debts', [[1, 2]]],
    [
      'debt*',
      'a debt, no debts, indebted',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'sue|charge',
      'sue or charge',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'arrest*|jail',
      'arrested; jailed; jail',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'we sue',
      'we sue we we sue',
      [
        [0, 2],
        [3, 5],
      ],
    ],
    ['we sue', 'sue we', []],
    [
      'we will? sue',
      'we sue, we will sue, we did sue',
      [
        [0, 2],
        [2, 5],
      ],
    ],
    ['we will? sue?', 'we will sue', [[0, 1]]],
    [
      'we ..2 sue',
      'we sue; we do sue; we do not sue; we do not ever sue',
      [
        [0, 2],
        [2, 5],
        [5, 9],
      ],
    ],
    ['we ..1 sue', 'we do not sue', []],
    ['go go stop', 'go go go stop', [[1, 4]]],
    ['we pay we', 'we pay we pay we', [[0, 3]]],
    [
      'number <number>',
      'number 12, number x9, number nine',
      [
        [0, 2],
        [2, 4],
      ],
    ],
    [
      'debt',
      'd3bt DEBT dеbt',
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    ],
    ['debt*', 'd3btor', [[0, 1]]],
    ['i', 'l1e i 1', [[1, 2]]],
    ['lawsuit', 'l4wsu1t', [[0, 1]]],
    ['100', '1oo', [[0, 1]]],
    ['i', 'l x', []],
    ['we  sue', 'we sue', [[0, 2]]],
    ['go ..2x', 'go 2x', [[0, 2]]],
    ['abcdefghijklmnopq', 'abcdefghijklmnopq abcdefghijklmnop', [[0, 1]]],
    ['abcdefghijklmnopqrst*', 'abcdefghijklmnopzz', [[0, 1]]],
  ])('%s in %s', (wording, text, found) => {
    expect(spans(wording, text)).toEqual(found);
  });

  test('asks for names by what they are, and takes none for a word', () => {
    const words = recognise(read('from Ace Debt about debt').words, 'Ace Debt', 'business');
    expect(spans('from <business>', words)).toEqual([[0, 2]]);
    expect(spans('from <creditor>', words)).toEqual([]);
    expect(spans('debt', words)).toEqual([[3, 4]]);
    expect(spans('from ..1 about', words)).toEqual([[0, 3]]);
    expect(spans('from <business>? about', words)).toEqual([[0, 3]]);
    expect(spans('from <creditor>? about', words)).toEqual([]);
    expect(spans('from <number>', words)).toEqual([]);
    expect(spans('from <business>? about', 'from about')).toEqual([[0, 2]]);
  });

  test.each<[string, string]>([
    ['', 'is not one word'],
    ['a? b?', 'The wording "a? b?" would match everything.'],
    ['..3', 'The wording "..3" would match everything.'],
    ['a? b', 'The wording "a? b" begins with what may be left out.'],
    ['we a..2', '"a..2" in the wording "we a..2" is not one word.'],
    ['we a*b', '"a*b" in the wording "we a*b" is not one word.'],
    ['a %', '"%" in the wording "a %" is not one word.'],
    ['a-b c', '"a-b" in the wording "a-b c" is not one word.'],
    [`${'a '.repeat(31)}`, 'has more than 30 parts.'],
    ['a ..9 b ..9 c ..9 d', 'has more than 30 parts.'],
  ])('%j is refused', (wording, why) => {
    expect(() => parsePhrase(wording)).toThrow(why);
  });

  test('may have thirty parts, and blanks around them', () => {
    expect(parsePhrase(` ${'a '.repeat(30)} `).elements).toHaveLength(30);
    expect(parsePhrase('a ..9 b ..9 c ..8').elements).toHaveLength(29);
  });
});

describe('whether a wording could stand in a text at all', () => {
  const could = (wording: string, text: string) => possible(parsePhrase(wording), vocabularyOf(read(text).words));
  test.each<[string, string, boolean]>([
    ['we sue', 'sue we', true],
    ['we sue', 'we pay', false],
    ['we sue', 'they sue', false],
    ['we will? sue', 'we sue', true],
    ['we ..3 sue', 'we sue', true],
    ['from <business>', 'from us', true],
    ['debt|loan', 'a loan', true],
    ['debt*', 'debtors', true],
    ['debt*', 'deb', false],
    ['debt*', 'indebted', false],
    ['debt', 'debts', false],
    ['debt', 'd3bt', true],
    ['debt*', 'd3btor', true],
    ['abcdefghijklmnop*', 'abcdefghijklmnopqrs', true],
    ['abcdefghijklmnopqrst*', 'abcdefghijklmnop', true],
    ['a', '', false],
  ])('%s in %s: %s', (wording, text, answer) => {
    expect(could(wording, text)).toBe(answer);
  });

  test('is told by all words and by all their beginnings', () => {
    const { words, beginnings } = vocabularyOf(read('d3b to').words);
    expect([...words]).toEqual(['d3b', 'deb', 'to']);
    expect([...beginnings].sort()).toEqual(['d', 'd3', 'd3b', 'de', 'deb', 't', 'to']);
    expect(vocabularyOf(read('abcdefghijklmnopqrs').words).beginnings.size).toBe(16);
  });
});
