import { describe, expect, test } from 'vitest';
import { imitate, read, recognise, recogniseNumber, type Word } from './reading.ts';

const plain = (source: string) => read(source).plain;
const words = (source: string) => read(source).words.map((word) => word.text);
/** Each word as it stands in the source. */
const written = (source: string) => read(source).words.map(({ start, end }) => source.slice(start, end));

describe('what a reader sees', () => {
  test.each<[string, string, string]>([
    ['a tag inside a word', 'over<b>due</b> now', 'overdue now'],
    ['a tag that parts', 'over<p>due</p>now', 'over\ndue\nnow'],
    ['a tag with attributes', 'a<span class="x">b</span>', 'ab'],
    ['a tag that closes itself', 'a<br/>b', 'a\nb'],
    ['a tag in capitals', 'a<B>b</B><DIV>c', 'ab\nc'],
    ['a heading with its number', 'a<h1>b', 'a\nb'],
    ['a declaration', '<!doctype html>a', '\na'],
    ['no tag: a sign', 'a < b > c', 'a < b > c'],
    ['no tag: a number', 'a <3 b>', 'a <3 b>'],
    ['no tag: an address', '<me@x.example>', '<me@x.example>'],
    ['no tag: a name longer than any', '<abcdefghijklmnopq>', '<abcdefghijklmnopq>'],
    ['the longest name', '<abcdefghijklmnop>a', '\na'],
    ['a tag without end', 'a<b c', 'a<b c'],
    ['a comment', 'over<!-- x > y -->due', 'overdue'],
    ['a comment without end', 'a<!-- b', 'a'],
    ['two comments', 'a<!--x-->b<!--y-->c', 'abc'],
    ['style', 'a<style>b { c }</style>d', 'a\nd'],
    ['style, closed in capitals', 'a<STYLE>b</Style >d', 'a\nd'],
    ['style without end', 'a<style>b', 'a\nb'],
    ['style whose end never ends', 'a<style>b</style', 'a\nb</style'],
    ['a sign before a tag', 'a < <b>c', 'a < c'],
    ['a sign before a named character', 'a & &lt;b', 'a & <b'],
    ['style with a sign in it', 'a<style>b > c</style>d', 'a\nd'],
    ['style without end, after a sign', 'x > y<style>b', 'x > y\nb'],
    ['the ends of two styles', 'a</style>b</style>c', 'a\nb\nc'],
    ['the end of a style alone', 'a</style>b', 'a\nb'],
    [
      'script, head, template, noscript',
      'a<script>x</script><head>x</head><template>x</template><noscript>x</noscript>b',
      'a\n\n\n\nb',
    ],
    ['nothing between', 'a<style></style>b', 'a\nb'],
    ['a text that grows in lower case', 'İ<b>a</b>', 'İa'],
    ['named characters', '&lt;b&gt; &amp; &EURO; &eacute;', '<b> & € é'],
    ['numbered characters', '&#97;&#x62;&#X63;', 'abc'],
    ['a number without its semicolon', '&#97 b', 'a b'],
    ['a named character without its semicolon', 'a &amp b', 'a & b'],
    ['no character: zero', '&#0;', '&#0;'],
    ['no character: half of one', '&#xd800;&#xdfff;', '&#xd800;&#xdfff;'],
    ['no character: beyond the last', '&#x110000;', '&#x110000;'],
    ['the last character before the halves and the first after', '&#xd7ff;&#xe000;', '\ud7ff\ue000'],
    ['the last character', '&#x10ffff;', '\u{10ffff}'],
    ['no character: a name nobody knows', '&foo;', '&foo;'],
    ['a sign of its own', 'a & b', 'a & b'],
    ['invisible characters', 'o\u200bv\u00ade\u2060r&shy;due&zwnj;', 'overdue'],
    ['wide characters', '４１ ﬁ', '41 fi'],
    ['characters beyond the first plane', '𝐚😀', 'a😀'],
  ])('%s', (_what, source, seen) => {
    expect(plain(source)).toBe(seen);
  });

  test('is told where it stands', () => {
    const { starts, ends } = read('a&lt;<p>ﬁ');
    expect(starts).toEqual([0, 1, 5, 8, 8]);
    expect(ends).toEqual([1, 5, 8, 9, 9]);
    expect(read('x<!-- y -->z')).toMatchObject({ source: 'x<!-- y -->z', starts: [0, 11], ends: [1, 12] });
    expect(read('𝐚b')).toMatchObject({ plain: 'ab', starts: [0, 2], ends: [2, 3] });
  });
});

describe('words', () => {
  test.each<[string, string, string[]]>([
    ['parted by blanks and signs', 'You, will:be;arrested!', ['you', 'will', 'be', 'arrested']],
    ['by every sign beside letters and digits', 'A1/B1:C1@D1[E1`F1{G1', ['a1', 'b1', 'c1', 'd1', 'e1f1', 'g1']],
    ['with the first and last letters and digits', 'az AZ 09', ['az', 'az', '09']],
    ['joined by an apostrophe', "don’t can't o`clock aʼb", ['dont', 'cant', 'oclock', 'ab']],
    ['without what decorates them', 'a\u0301rre\u0301ste\u0301d \u0301x', ['arrested', 'x']],
    ['in capitals with accents', 'ÉCOLE Größe', ['ecole', 'grosse']],
    ['of look-alike letters', 'аrrеstеd οver', ['arrested', 'over']],
    ['of ligatures', 'æon œuvre', ['aeon', 'oeuvre']],
    ['of another alphabet', '数 字', ['数', '字']],
    ['parted by what is no letter', 'a🙃b', ['a', 'b']],
    ['none', ' .,\n', []],
  ])('%s', (_what, source, found) => {
    expect(words(source)).toEqual(found);
  });

  test('stand where they are written, with the marks inside them', () => {
    expect(written('  Over<b>due</b>, &eacute;t&eacute; 𝐚𝐛')).toEqual(['Over<b>due', '&eacute;t&eacute;', '𝐚𝐛']);
    expect(written("don't")).toEqual(["don't"]);
    expect(written('a \u0303x')).toEqual(['a', 'x']);
    expect(written('de\u0301ja')).toEqual(['de\u0301ja']);
  });

  test('with digits among the letters are read as what they imitate, too', () => {
    const of = (source: string) => read(source).words.map((word) => word.imitated);
    expect(of('l4w5u17 d3bt 2day')).toEqual(['lawsult', 'debt', '2day']);
    expect(of('1345 lawsuit')).toEqual(['1345', 'lawsuit']);
    expect(of('4é')).toEqual(['ae']);
    expect(imitate('0134579i2')).toBe('oleast9l2');
  });

  test('spelled with gaps are read as one, from four letters on', () => {
    expect(words('l a w s u i t')).toEqual(['lawsuit']);
    expect(words('p a y x now')).toEqual(['payx', 'now']);
    expect(words('now p a y')).toEqual(['now', 'p', 'a', 'y']);
    expect(words('we s u e d you')).toEqual(['we', 'sued', 'you']);
    expect(words('1 2 3 4')).toEqual(['1', '2', '3', '4']);
    expect(words('a b 3 c d')).toEqual(['a', 'b', '3', 'c', 'd']);
    expect(written('we s.u.e.d you')).toEqual(['we', 's.u.e.d', 'you']);
    expect(read('s u e d').words).toEqual([{ text: 'sued', imitated: 'sued', start: 0, end: 7 }]);
    expect(words('ab c d e f')).toEqual(['ab', 'cdef']);
  });
});

const shown = (found: readonly Word[]) => found.map((word) => word.known ?? word.text);

describe('a name', () => {
  const named = (text: string, name: string) => recognise(read(text).words, name, 'business');
  test('is made opaque wherever it stands whole', () => {
    expect(shown(named('Ace Debt Recovery and Ace Debt, ace debt recovery', 'Ace Debt Recovery'))).toEqual([
      'business',
      'and',
      'ace',
      'debt',
      'business',
    ]);
    expect(shown(named('Ace', 'Ace'))).toEqual(['business']);
    expect(shown(named('Ace Debt', 'Ace Debt Recovery'))).toEqual(['ace', 'debt']);
    expect(shown(named('Ace Ace Debt', 'Ace Debt'))).toEqual(['ace', 'business']);
    expect(shown(named('a text', ' - '))).toEqual(['a', 'text']);
  });

  test('stands where its words stand, and holds no word', () => {
    expect(named('of Ace  Debt!', 'Ace Debt')).toEqual([
      { text: 'of', imitated: 'of', start: 0, end: 2 },
      { text: '', imitated: '', start: 3, end: 12, known: 'business' },
    ]);
  });

  test('is not found inside another', () => {
    const first = recognise(read('Jo Ford Motors').words, 'Jo Ford', 'party');
    expect(shown(recognise(first, 'Ford Motors', 'business'))).toEqual(['party', 'motors']);
    expect(shown(recognise(first, 'Jo', 'person'))).toEqual(['party', 'motors']);
  });
});

describe('a telephone number', () => {
  const called = (text: string, number = '(800) 555-0100') => shown(recogniseNumber(read(text).words, number, 'phone'));
  test.each<[string, string[]]>([
    ['call 800-555-0100 now', ['call', 'phone', 'now']],
    ['8005550100', ['phone']],
    ['1 800 555 0100', ['phone']],
    ['+1 (800) 555-01-00', ['phone']],
    ['0800 555 0100', ['phone']],
    ['800 555 0101', ['800', '555', '0101']],
    ['800 555', ['800', '555']],
    ['800 555 01 x', ['800', '555', '01', 'x']],
    ['9 800 555 0100', ['9', 'phone']],
    ['800 555 0100 0', ['phone', '0']],
    ['00 800 555 0100', ['00', 'phone']],
  ])('in %s', (text, found) => {
    expect(called(text)).toEqual(found);
  });

  test('with a country code is found without', () => {
    expect(called('020 7946 0018', '+44 20 7946 0018')).toEqual(['phone']);
    expect(called('20 7946 0018', '+44 20 7946 0018')).toEqual(['phone']);
    expect(called('44 20 7946 0018', '+44 20 7946 0018')).toEqual(['phone']);
    expect(called('1 20 7946 0018', '+44 20 7946 0018')).toEqual(['phone']);
  });

  test('of fewer than six digits is none, one of six is', () => {
    expect(called('12345', '12345')).toEqual(['12345']);
    expect(called('123 456', '123456')).toEqual(['phone']);
  });

  test('stands where its digits stand, and is not made of what is known already', () => {
    expect(recogniseNumber(read('at 800 555 0100').words, '800-555-0100', 'phone')[1]).toEqual({
      text: '',
      imitated: '',
      start: 3,
      end: 15,
      known: 'phone',
    });
    const opaque = recognise(read('800 555 0100').words, '555', 'business');
    expect(shown(recogniseNumber(opaque, '800-555-0100', 'phone'))).toEqual(['800', 'business', '0100']);
  });
});
