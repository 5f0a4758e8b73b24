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
