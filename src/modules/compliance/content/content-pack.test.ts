import { describe, expect, test } from 'vitest';
import usPack from '../packs/content-us.json' with { type: 'json' };
import { checkContent } from './check-content.ts';
import { combinePacks, parseContentPack } from './content-pack.ts';
import { findPhrase, parsePhrase } from './phrase.ts';
import { read } from './reading.ts';
import { shippedContentPacks } from './shipped-content.ts';

const rule = {
  id: 'US-TEST-ONE',
  kind: 'forbidden_phrase',
  title: 'Title',
  sentence: 'Sentence.',
  remedy: 'Remedy.',
  citation: '1 USC 1',
  confidence: 'R',
  effect: 'refuse',
  effectiveFrom: '2026-01-01',
  appliesTo: { jurisdictions: ['US'], channels: ['email'] },
  parts: ['body'],
  phrases: { en: ['bad words'] },
};
const pack = (...rules: object[]) => ({ key: 'content-test', version: '1', title: 'Test', rules });

describe('a pack', () => {
  test('that is sound is taken', () => {
    expect(parseContentPack(pack(rule)).rules).toHaveLength(1);
    expect(parseContentPack(usPack).rules.length).toBeGreaterThan(10);
  });

  test.each<[string, object, RegExp]>([
    ['an unknown kind', { ...rule, kind: 'regular_expression' }, /kind/],
    ['an unknown member', { ...rule, pattern: '(a+)+' }, /pattern/],
    ['no citation', { ...rule, citation: '' }, /citation/],
    ['an unknown channel', { ...rule, appliesTo: { jurisdictions: ['US'], channels: ['pigeon'] } }, /channels/],
    [
      'an unknown jurisdiction',
      { ...rule, appliesTo: { jurisdictions: ['Texas'], channels: ['email'] } },
      /jurisdictions/,
    ],
    ['no language', { ...rule, phrases: {} }, /at least one language/],
    ['a wording that matches everything', { ...rule, phrases: { en: ['a? ..3'] } }, /match everything/],
    [
      'a wording that begins with what may be left out',
      { ...rule, phrases: { en: ['the? debt'] } },
      /begins with what may be left out/,
    ],
    ['a wording with a sign', { ...rule, phrases: { en: ['50 % off'] } }, /is not one word/],
    ['a wording without end', { ...rule, phrases: { en: [Array(40).fill('word').join(' ')] } }, /more than 30/],
    ['an end before its beginning', { ...rule, effectiveTo: '2025-01-01' }, /US-TEST-ONE ends before it begins/],
  ])('with %s is refused in words', (_what, broken, words) => {
    expect(() => parseContentPack(pack(broken))).toThrow(words);
    expect(() => parseContentPack(pack(broken))).toThrow(/The content pack cannot be used/);
  });

  test('that overlaps itself in time is refused, one that follows itself is not', () => {
    const next = { ...rule, effectiveFrom: '2027-01-01' };
    expect(() => parseContentPack(pack(rule, next))).toThrow(/US-TEST-ONE holds twice from 2027-01-01 on/);
    expect(parseContentPack(pack({ ...rule, effectiveTo: '2027-01-01' }, next)).rules).toHaveLength(2);
  });

  test('that holds twice is refused whichever text comes first, and by every pair', () => {
    const [first, second] = [
      { ...rule, effectiveTo: '2027-01-02' },
      { ...rule, effectiveFrom: '2027-01-01' },
    ];
    expect(() => parseContentPack(pack(first, second))).toThrow(/holds twice from 2027-01-01 on/);
    expect(() => parseContentPack(pack(second, first))).toThrow(/holds twice from 2027-01-01 on/);
    expect(() => parseContentPack(pack(rule, { ...rule, id: 'US-TEST-TWO' }, rule))).toThrow(/US-TEST-ONE holds twice/);
    expect(parseContentPack(pack(rule, { ...rule, id: 'US-TEST-TWO' })).rules).toHaveLength(2);
    expect(
      parseContentPack(pack({ ...rule, effectiveFrom: '2027-01-01' }, { ...rule, effectiveTo: '2027-01-01' })).rules,
    ).toHaveLength(2);
  });

  test('that ends on the day it begins is refused', () => {
    expect(() => parseContentPack(pack({ ...rule, effectiveTo: '2026-01-01' }))).toThrow(/ends before it begins/);
    expect(parseContentPack(pack({ ...rule, effectiveTo: '2026-01-02' })).rules).toHaveLength(1);
  });

  test('is told where it is wrong', () => {
    const wrong = [
      { ...rule, effectiveTo: '2025-01-01' },
      { ...rule, id: 'US-TEST-TWO' },
      { ...rule, id: 'US-TEST-TWO' },
    ];
    expect(() => parseContentPack(pack(...wrong))).toThrow(/rules\[0\]\.effectiveTo[^]*rules\[2\]\.effectiveFrom/);
    expect(() => parseContentPack(pack({ ...rule, phrases: { en: ['good', 'a? b'] } }))).toThrow(
      /begins with what may be left out\.[^]*phrases\.en\[1\]/,
    );
  });

  test('reads its words as it reads texts', () => {
    const limited = {
      ...rule,
      kind: 'limited_content',
      must: [{ meaning: 'x', phrases: { en: ['x'] } }],
      vocabulary: { en: ['Hello', 'Número', '…'] },
      nameMustNotSay: { en: ['debt'] },
      mayAlso: [],
    };
    const { parts: _parts, phrases: _phrases, ...one } = limited;
    expect(parseContentPack(pack(one)).rules[0]).toMatchObject({ vocabulary: { en: ['hello', 'numero', '…'] } });
  });

  test('may stand beside others that hold at other times', () => {
    const packs = [
      pack({ ...rule, effectiveTo: '2027-01-01' }),
      { ...pack({ ...rule, effectiveFrom: '2027-01-01' }), key: 'content-other' },
    ];
    expect(combinePacks(packs.map(parseContentPack)).map((one) => one.key)).toEqual(['content-test', 'content-other']);
  });

  test('that overlaps another is refused', () => {
    const other = { ...pack(rule), key: 'content-other' };
    expect(() => combinePacks([pack(rule), other].map(parseContentPack))).toThrow(
      /in content-test and in content-other/,
    );
  });
});

test('every shipped rule is told in sentences and has its source', () => {
  for (const one of shippedContentPacks.flatMap((each) => each.rules)) {
    for (const text of [one.sentence, one.remedy]) expect(text, one.id).toMatch(/^[A-ZÀ-Ü].*[.”]$/);
    expect(one.citation.length, one.id).toBeGreaterThan(3);
  }
});

test('turning each effect round changes what a message that breaks the rule is told', () => {
  const broken = parseContentPack(pack(rule));
  const message = {
    channel: 'email',
    language: 'en',
    recipient: 'consumer',
    stage: 'initial',
    jurisdictions: ['US'],
    collectorType: 'third_party',
    debtKind: 'consumer',
    names: { business: 'B' },
    parts: { body: 'bad words' },
  } as const;
  expect(checkContent(message, [broken], new Date('2026-06-01'))[0]?.effect).toBe('refuse');
  const softer = parseContentPack(pack({ ...rule, effect: 'warn' }));
  expect(checkContent(message, [softer], new Date('2026-06-01'))[0]?.effect).toBe('warn');
});

describe('a wording', () => {
  const found = (wording: string, text: string): string[] =>
    findPhrase(parsePhrase(wording), read(text).words).map(({ from, to }) =>
      read(text)
        .words.slice(from, to)
        .map((word) => word.text)
        .join(' '),
    );
  test.each<[string, string, string[]]>([
    [
      'collect* a|the debt',
      'Collecting the debt; collect a debt; collect debt',
      ['collecting the debt', 'collect a debt'],
    ],
    ['pay the? bill', 'pay bill, pay the bill, pay that bill', ['pay bill', 'pay the bill']],
    [
      'information ..2 used',
      'information used, information to be used, information that is to be used',
      ['information used', 'information to be used'],
    ],
    ['go go stop', 'go go go stop', ['go go stop']],
    ['license ..2 <number>', 'license number 12-3', ['license number 12']],
    ['don’t pay', "DON'T  PAY", ['dont pay']],
    ['Straße', 'STRASSE', ['strasse']],
    ['x', '', []],
  ])('%s in %s', (wording, text, spans) => {
    expect(found(wording, text)).toEqual(spans);
  });
});
