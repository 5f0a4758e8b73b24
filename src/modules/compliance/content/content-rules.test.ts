import { describe, expect, test } from 'vitest';
import { checkContent, checkWording, missingWordings, partsCarried, rulesFor } from './check-content.ts';
import type { ContentMessage } from './content-message.ts';
import { type ContentPack, parseContentPack } from './content-pack.ts';
import { at, message } from './testing.ts';

const anyRule = {
  id: 'US-TEST-ONE',
  title: 'Title',
  sentence: 'Sentence.',
  remedy: 'Remedy.',
  citation: '1 USC 1',
  confidence: 'R',
  effect: 'refuse',
  effectiveFrom: '2026-01-01',
  appliesTo: { jurisdictions: ['US'], channels: ['email', 'letter', 'voicemail'] },
};
const pack = (...rules: object[]): ContentPack[] => [
  parseContentPack({
    key: 'content-test',
    version: '1',
    title: 'Test',
    rules: rules.map((rule, i) => ({ ...anyRule, id: `US-TEST-${i}`, ...rule })),
  }),
];
const body = (text: string | string[], changes: Partial<ContentMessage> = {}) =>
  message({ parts: { body: text }, ...changes });
const said = (one: ContentMessage, packs: readonly ContentPack[]) =>
  checkContent(one, packs, at).map((finding) => finding.sentence);

const collector = { meaning: 'who writes', phrases: { en: ['from a collector', 'from us'], es: ['de un cobrador'] } };
const stopWord = { meaning: 'how to stop', phrases: { en: ['reply stop'] } };
const required = { kind: 'required_phrase', groups: [collector, stopWord] };

describe('a required phrase', () => {
  test('stands in every alternative of the body, or in what is spoken', () => {
    const packs = pack(required);
    expect(said(body('From us. Reply STOP.'), packs)).toEqual([]);
    expect(said(body(['From us. Reply STOP.', '<p>From a collector. Reply STOP.</p>']), packs)).toEqual([]);
    expect(said(body(['From us. Reply STOP.', '<p>Reply STOP.</p>']), packs)).toEqual([
      'The message does not say who writes.',
    ]);
    expect(said(message({ parts: { transcript: 'From us. Reply stop.' } }), packs)).toEqual([]);
    expect(said(message({ parts: { subject: 'From us. Reply stop.' } }), packs)).toEqual([
      'The message does not say who writes.',
      'The message does not say how to stop.',
    ]);
    expect(said(message({ parts: { subject: 'x', body: 'From us.', envelope: 'Reply stop' } }), packs)).toEqual([
      'The message does not say how to stop.',
    ]);
  });

  test('is looked for in the language of the message', () => {
    const es = { language: 'es' };
    expect(said(body('From us. Reply STOP.', es), pack(required))).toEqual([
      'The message says who writes in English, but it is written in Spanish.',
      'No approved wording of how to stop is known in Spanish, so it cannot be seen that the message says it.',
    ]);
    expect(said(body('Hola', es), pack(required))[0]).toBe('The message does not say who writes.');
    expect(said(body('De un cobrador', es), pack({ ...required, groups: [collector] }))).toEqual([]);
    expect(said(body('De un cobrador'), pack({ ...required, groups: [collector] }))).toEqual([
      'The message says who writes in Spanish, but it is written in English.',
    ]);
  });

  test('that is missing is found nowhere, in the part where it should stand', () => {
    const [finding] = checkContent(message({ parts: { transcript: 'x' } }), pack({ ...required, effect: 'warn' }), at);
    expect(finding).toEqual({
      ruleId: 'US-TEST-0',
      kind: 'required_phrase',
      title: 'Title',
      citation: '1 USC 1',
      confidence: 'R',
      effect: 'warn',
      sentence: 'The message does not say who writes.',
      remedy: 'Remedy.',
      part: 'transcript',
      start: null,
      end: null,
      excerpt: null,
    });
    expect(checkContent(message({ parts: { subject: 'x' } }), pack(required), at)[0]?.part).toBe('body');
  });

  test('may come with the words to add, which are asked for where it is missing', () => {
    const packs = pack(
      { ...required, wording: { en: 'From us. Reply STOP.' } },
      { kind: 'required_phrase', groups: [stopWord] },
      { kind: 'forbidden_phrase', parts: ['body'], phrases: { en: ['from them'] } },
    );
    expect(missingWordings(body('From us.'), packs, at)).toEqual(['From us. Reply STOP.']);
    expect(missingWordings(body('From us. Reply STOP.'), packs, at)).toEqual([]);
    expect(missingWordings(body('Hola', { language: 'es' }), packs, at)).toEqual([]);
    expect(missingWordings(body('From them'), packs.slice(1), at)).toEqual([]);
  });

  test('that stands is carried, in the words of the gate', () => {
    const packs = pack(
      { ...required, carries: ['identity', 'opt_out'] },
      { kind: 'required_phrase', groups: [stopWord], carries: ['opt_out', 'stop'] },
      { kind: 'required_phrase', groups: [stopWord] },
      { kind: 'forbidden_phrase', parts: ['body'], phrases: { en: ['x'] } },
    );
    expect(partsCarried(body('From us. Reply STOP.'), packs, at)).toEqual(['identity', 'opt_out', 'stop']);
    expect(partsCarried(body('Reply STOP.'), packs, at)).toEqual(['opt_out', 'stop']);
    expect(partsCarried(body('Hello'), packs, at)).toEqual([]);
    expect(partsCarried(body('x'), pack({ kind: 'required_phrase', groups: [stopWord] }), at)).toEqual([]);
  });
});

describe('a forbidden phrase', () => {
  const forbidden = {
    kind: 'forbidden_phrase',
    parts: ['subject', 'body'],
    phrases: { en: ['your debt', 'ace'], es: ['su deuda'] },
  };
  test('is found in the parts it is about, in whatever language, once for what says the same', () => {
    const packs = pack(forbidden);
    expect(
      said(
        message({
          parts: { subject: 'Your debt', body: ['su DEUDA', 'Su deuda and your debt'], envelope: 'your debt' },
        }),
        packs,
      ),
    ).toEqual(['The subject line says “Your debt”.', 'The text says “su DEUDA”.', 'The text says “your debt”.']);
    expect(said(body('your debts'), packs)).toEqual([]);
  });

  test('is not found in names, unless the rule is about them too', () => {
    const ace = { names: { business: 'Ace Debt' } };
    expect(said(body('From Ace Debt', ace), pack(forbidden))).toEqual([]);
    expect(said(body('From Ace', ace), pack(forbidden))).toEqual(['The text says “Ace”.']);
    expect(said(body('From Ace Debt', ace), pack({ ...forbidden, inNames: true }))).toEqual(['The text says “Ace”.']);
  });
});

describe('forbidden data', () => {
  const data = (...kinds: string[]) =>
    pack({ kind: 'forbidden_data', parts: ['body'], data: kinds, prefixes: ['0871'] });
  test.each<[string, string, string[]]>([
    ['card_number', 'Card 4111 1111 1111 1111.', ['**** **** **** 1111']],
    ['social_security_number', 'No. 078-05-1120', ['***-**-1120']],
    ['account_number', 'No. 998877-4321, 998877 4321', ['998877-4321', '998877 4321']],
    ['amount', 'Pay $5 or $5', ['$5']],
    ['telephone_prefix', 'Call 0871 234 5678', ['0871 234 5678']],
    ['amount', 'Card 4111 1111 1111 1111.', []],
  ])('%s in %s', (kind, text, excerpts) => {
    const found = checkContent(body(text, { accountNumbers: ['9988774321'] }), data(kind), at);
    expect(found.map((one) => one.excerpt)).toEqual(excerpts);
    expect(found.map((one) => one.sentence)).toEqual(excerpts.map((excerpt) => `The text says “${excerpt}”.`));
  });

  test('is found in the parts the rule is about, and prefixes only where it names some', () => {
    expect(said(message({ parts: { subject: '$5', body: 'x' } }), data('amount'))).toEqual([]);
    const none = pack({ kind: 'forbidden_data', parts: ['body'], data: ['telephone_prefix'] });
    expect(said(body('Call 0871 234 5678'), none)).toEqual([]);
    expect(said(body('998877-4321'), data('account_number'))).toEqual([]);
    expect(said(body('$5 and 0871 234 5678'), data('amount', 'telephone_prefix'))).toHaveLength(2);
  });
});

describe('the language of a disclosure', () => {
  const match = pack({ kind: 'language_match', groups: [collector] });
  const spanish = 'el los las del que para por usted su';
  test('is that of the message, declared and written', () => {
    expect(said(body('From us'), match)).toEqual([]);
    expect(said(body('Nothing'), match)).toEqual([]);
    expect(said(body('From us', { language: 'es' }), match)).toEqual([
      'The message says who writes in English, but it is written in Spanish.',
    ]);
    expect(said(body(`From us ${spanish}`), match)).toEqual([
      'The message says who writes in English, but it is written in Spanish.',
    ]);
    expect(said(body(`From us, de un cobrador ${spanish}`), match)).toEqual([]);
    expect(said(body(`De un cobrador ${spanish}`, { language: 'es' }), match)).toEqual([]);
    expect(said(message({ parts: { subject: spanish, body: 'From us' } }), match)).toEqual([]);
  });

  test('that is wrong is a finding about the whole part', () => {
    const [finding] = checkContent(message({ language: 'es', parts: { transcript: 'From us' } }), match, at);
    expect(finding).toMatchObject({ part: 'transcript', start: null, end: null, excerpt: null });
  });
});

test('limited content is asked of what is spoken alone', () => {
  const limited = pack({
    kind: 'limited_content',
    must: [collector],
    vocabulary: { en: ['hello'] },
    nameMustNotSay: { en: ['recovery'] },
    mayAlso: [],
  });
  expect(said(message({ parts: { transcript: 'From us', body: 'Pay' } }), limited)).toEqual([
    'The voicemail says “From”.',
    'The voicemail says “us”.',
  ]);
  expect(said(body('Pay'), limited)).toEqual([]);
});

describe('the rules for a message', () => {
  const bad = { kind: 'forbidden_phrase', parts: ['body'], phrases: { en: ['bad'] } };
  const to = (changes: object) => ({ ...bad, appliesTo: { ...anyRule.appliesTo, ...changes } });
  test.each<[string, object, Partial<ContentMessage>, boolean]>([
    ['this law', to({}), {}, true],
    ['one of the laws', to({ jurisdictions: ['CA', 'US'] }), {}, true],
    ['another law', to({ jurisdictions: ['CA'] }), {}, false],
    ['everywhere', to({ jurisdictions: ['*'] }), { jurisdictions: [] }, true],
    ['another channel', to({ channels: ['sms'] }), {}, false],
    ['this collector', to({ collectorTypes: ['third_party'] }), {}, true],
    ['another collector', to({ collectorTypes: ['first_party'] }), {}, false],
    ['these debts', to({ debtKinds: ['consumer'] }), {}, true],
    ['other debts', to({ debtKinds: ['commercial'] }), {}, false],
    ['this recipient', to({ recipients: ['consumer'] }), {}, true],
    ['another recipient', to({ recipients: ['attorney'] }), {}, false],
    ['this stage', to({ stages: ['subsequent'] }), {}, true],
    ['another stage', to({ stages: ['initial'] }), {}, false],
    ['expired debts, of one', to({ timeBarred: true }), { timeBarred: true }, true],
    ['expired debts, of one not known to be', to({ timeBarred: true }), {}, false],
    ['debts that are not expired', to({ timeBarred: false }), {}, true],
    ['debts that are not expired, of one that is', to({ timeBarred: false }), { timeBarred: true }, false],
    ['recorded voices, of one', to({ prerecorded: true }), { prerecorded: true }, true],
    ['recorded voices, of none', to({ prerecorded: true }), {}, false],
    ['voices that are not recorded', to({ prerecorded: false }), {}, true],
    ['voices that are not recorded, of one that is', to({ prerecorded: false }), { prerecorded: true }, false],
    ['today', { ...bad, effectiveFrom: '2026-11-28' }, {}, true],
    ['from tomorrow', { ...bad, effectiveFrom: '2026-11-29' }, {}, false],
    ['to today', { ...bad, effectiveTo: '2026-11-29' }, {}, true],
    ['to yesterday', { ...bad, effectiveTo: '2026-11-28' }, {}, false],
  ])('%s', (_what, rule, changes, applies) => {
    expect(rulesFor(message(changes), pack(rule), at)).toHaveLength(Number(applies));
    expect(checkContent(body('bad', changes), pack(rule), at)).toHaveLength(Number(applies));
  });

  test('of a text that is no message yet are those about what is forbidden', () => {
    const packs = pack(
      bad,
      required,
      { kind: 'forbidden_data', parts: ['body'], data: ['amount'] },
      { kind: 'language_match', groups: [collector] },
    );
    expect(checkWording(body('bad $5', { language: 'es' }), packs, at).map((one) => one.kind)).toEqual([
      'forbidden_phrase',
      'forbidden_data',
    ]);
  });
});
