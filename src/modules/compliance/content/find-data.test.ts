import { describe, expect, test } from 'vitest';
import {
  findAccountNumbers,
  findAmounts,
  findCards,
  findSocialSecurityNumbers,
  findTelephonePrefixes,
} from './find-data.ts';
import { languageOf } from './language-of.ts';
import { read } from './reading.ts';

const texts = (source: string, places: readonly { readonly start: number; readonly end: number }[]) =>
  places.map(({ start, end }) => source.slice(start, end));

describe('amounts', () => {
  test.each<[string, string[]]>([
    ['pay $120.50 now', ['$120.50']],
    ['€ 1.200,00', ['€ 1.200,00']],
    ['USD 5 and usd.  7', ['USD 5', 'usd.  7']],
    ['Rs. 500', ['Rs. 500']],
    ['120 dollars', ['120 dollars']],
    ["1'200 Franken", ["1'200 Franken"]],
    ['12  euro, 3 cents', ['12  euro', '3 cents']],
    ['5€', ['5€']],
    ['120', []],
    ['USDA 5', []],
    ['$', []],
    ['5 eurovision', []],
  ])('in %s', (source, found) => {
    expect(texts(source, findAmounts(read(source)))).toEqual(found);
  });
});

describe('social security numbers', () => {
  test.each<[string, string[]]>([
    ['078-05-1120', ['078-05-1120']],
    ['no. 078 05 1120.', ['078 05 1120']],
    ['078-05 1120', []],
    ['000-05-1120', []],
    ['666-05-1120', []],
    ['900-05-1120', []],
    ['078-00-1120', []],
    ['078-05-0000', []],
    ['1078-05-1120', []],
    ['078-05-11201', []],
    ['078-05-1120-3', []],
    ['078-05-1120, 219-09-9999', ['078-05-1120', '219-09-9999']],
  ])('in %s', (source, found) => {
    expect(texts(source, findSocialSecurityNumbers(read(source)))).toEqual(found);
  });
});

test('cards are those of nobody’s accounts and invoices', () => {
  const source = 'Card 4111 1111 1111 1111';
  expect(texts(source, findCards(read(source), {}))).toEqual(['4111 1111 1111 1111']);
  expect(findCards(read(source), { accountNumbers: ['4111-1111-1111-1111'] })).toEqual([]);
  expect(findCards(read(source), { knownNumbers: ['4111111111111111'] })).toEqual([]);
  expect(findCards(read(source), { accountNumbers: ['1'], knownNumbers: ['2'] })).toHaveLength(1);
});

describe('account numbers', () => {
  test.each<[string, string[], string[]]>([
    ['account 998877-4321 is late', ['998877 4321'], ['998877-4321']],
    ['9988774321', ['998877 4321'], ['9988774321']],
    ['ending 4321', ['998877 4321'], []],
    ['AB-12 34', ['ab1234'], ['AB-12 34']],
    ['12345', ['12345'], []],
    ['123456', ['123456'], ['123456']],
    ['99 9988 77', ['998877'], ['9988 77']],
    ['9988', ['998877'], []],
    ['998877 998877', ['998877'], ['998877', '998877']],
    ['998877 and 665544', ['665544', '998877'], ['665544', '998877']],
    ['99887 8', ['998877'], []],
    ['998877', [], []],
  ])('in %s, of %j', (source, numbers, found) => {
    const { words } = read(source);
    const places = findAccountNumbers(read(source), numbers).map(({ from, to }) => ({
      start: words[from]?.start ?? -1,
      end: words[to - 1]?.end ?? -1,
    }));
    expect(texts(source, places)).toEqual(found);
  });
});

describe('telephone numbers', () => {
  test.each<[string, string, string[]]>([
    ['call 0871 234 5678', '0871', ['0871 234 5678']],
    ['call +44 871 234 5678', '0871', ['+44 871 234 5678']],
    ['call 0044 (871) 234-5678', '0871', ['0044 (871) 234-5678']],
    ['call 44871 234 567', '0871', ['44871 234 567']],
    ['call 0800 234 5678', '0871', []],
    ['call 0808712345', '0871', []],
    ['call 871 234 5678', '0871', []],
    ['call 00871 234 567', '0871', ['00871 234 567']],
    ['order 10871 234 5678', '0871', []],
    ['0871 234', '0871', []],
    ['087123456789012', '0871', []],
    ['first 0871 234 5678, then 0872 234 5678', '0871', ['0871 234 5678']],
    ['call 4487123456', '0871', []],
    ['call 0044 0871 234 567', '0871', ['0044 0871 234 567']],
  ])('in %s that begin with %s', (source, prefix, found) => {
    expect(texts(source, findTelephonePrefixes(read(source), ['0999', prefix]))).toEqual(found);
    expect(findTelephonePrefixes(read(source), [])).toEqual([]);
  });
});

describe('the language of a text', () => {
  const of = (text: string) => languageOf(read(text).words);
  test.each<[string, string | null]>([
    ['the and of to you your', 'en'],
    ['the and of to you', null],
    ['el los las del que para', 'es'],
    ['der die das und ist sie', 'de'],
    ['le les des et est vous', 'fr'],
    ['the and of to you your el los las', 'en'],
    ['the and of to you your el los las del', null],
    ['', null],
  ])('%s: %s', (text, language) => {
    expect(of(text)).toBe(language);
  });
});
