import { describe, expect, test } from 'vitest';
import { judgeTemplate, sampleClient } from './check-template.ts';
import type { TemplateDraft } from './template.ts';

const at = new Date('2026-11-28T12:00:00Z');
const draft = (changes: Partial<TemplateDraft> = {}): TemplateDraft => ({
  channel: 'email',
  debtKind: 'commercial',
  purpose: 'notice_2',
  language: 'en',
  subject: '{{ client.name }}: reminder',
  body: 'Please pay {{ summary }}.\n\nThank you.',
  audience: { collectorType: 'first_party', jurisdictions: ['US', 'US-NY'] },
  ...changes,
});
const judge = (changes: Partial<TemplateDraft>) => judgeTemplate(draft(changes), sampleClient, at);
const third = {
  debtKind: 'consumer',
  audience: { collectorType: 'third_party', jurisdictions: ['US', 'US-CA'] },
} as const;
const ids = (changes: Partial<TemplateDraft>) => [...new Set(judge(changes).findings.map((finding) => finding.ruleId))];

test('a sound template is previewed over a sample account, with what it may use', () => {
  const judged = judge({});
  expect(judged).toMatchObject({ refused: false, findings: [], preview: { subject: 'Harbor Supply: reminder' } });
  expect(judged.preview?.text).toContain('Please pay USD 2,000.50.');
  expect(judged.variables).toContainEqual({ name: 'client.name', example: 'Harbor Supply' });
  expect(judged.variables).toContainEqual({ name: 'oldestDays', example: '35' });
});

describe('a place is where the writer put it', () => {
  const placed = (changes: Partial<TemplateDraft>) => {
    const given = draft(changes);
    const [finding] = judge(changes).findings;
    const text = finding?.part === 'subject' ? given.subject : given.body;
    return [finding?.ruleId, finding?.part, text?.slice(finding?.start ?? 0, finding?.end ?? 0)];
  };
  test.each<[Partial<TemplateDraft>, (string | undefined)[]]>([
    [{ body: 'Dear all,\n\nyour {{ balance }} is open.' }, ['TEMPLATE.unknown-variable', 'body', 'balance']],
    [{ subject: '{{ nobody.there }}' }, ['TEMPLATE.unknown-variable', 'subject', 'nobody.there']],
    [{ body: '{{ party.name }}: you will be arrested' }, ['US-FDCPA-OTHER.threats', 'body', 'you will be arrested']],
    // Behind a condition the sample does not meet.
    [
      { body: '{% if oldestDays > 900 %}We will tell your employer.{% endif %}' },
      ['US-FDCPA-OTHER.threats', 'body', 'tell your employer'],
    ],
  ])('%j', (changes, expected) => {
    const [rule, part, text] = placed(changes);
    expect([rule, part]).toEqual(expected.slice(0, 2));
    expect(text).toContain(expected[2]?.trim());
  });
});

test('bad Liquid is told in its own words', () => {
  expect(judge({ body: '{% if x %}' })).toMatchObject({
    refused: true,
    preview: null,
    findings: [{ ruleId: 'TEMPLATE', sentence: expect.stringContaining('not closed') }],
  });
  expect(judge({ body: '{{ summary | no_such_filter }}' }).findings[0]?.sentence).toContain('no_such_filter');
});

test('what a template builds from pieces is seen when it is filled', () => {
  const built = judge({ body: '{% assign a = "arres" %}You will be {{ a }}ted.' });
  expect(built).toMatchObject({ refused: true, findings: [{ ruleId: 'US-FDCPA-OTHER.threats', start: null }] });
});

test('what only a person knows must be in the text; what the frame says need not be', () => {
  expect(ids({ ...third, subject: 'About your account {{ accounts }}' })).toEqual(['US-CA-ROSENTHAL.licence']);
  expect(
    ids({ ...third, subject: 'About your account {{ accounts }}', body: 'California license number 10123-99.' }),
  ).toEqual([]);
});

test('a subject that tells is refused for consumers', () => {
  expect(ids({ ...third, subject: '{{ client.name }}: {{ summary }} past due', body: 'License no. 1' })).toEqual(
    expect.arrayContaining(['US-REGF-6D1-THIRDPARTY.leak', 'US-REGF-42-ELECTRONIC.subject']),
  );
});

test('a text message has no frame: everything must be in it', () => {
  const sms = {
    ...third,
    channel: 'sms',
    subject: null,
    audience: { collectorType: 'third_party', jurisdictions: ['US'] },
  } as const;
  expect(ids({ ...sms, body: 'Please call {{ client.contactPhone }}.' })).toEqual([
    'US-REGF-18E-DISCLOSURE.initial',
    'US-REGF-6E-OPTOUT-NOTICE',
    'US-REGF-18E-DISCLOSURE.later',
  ]);
  const whole =
    'Attempt to collect a debt by a debt collector. Information will be used for that purpose. Call {{ client.contactPhone }}. Reply STOP to end.';
  expect(ids({ ...sms, body: whole })).toEqual([]);
});

test('a voicemail of limited content is one or it is not published', () => {
  const script = {
    ...third,
    channel: 'voicemail',
    purpose: 'limited_content',
    subject: null,
    audience: { collectorType: 'third_party', jurisdictions: ['US'] },
  } as const;
  const body =
    'Hello {{ party.name }}, this is {{ caller.name }} from {{ client.name }}. Please call us back at {{ client.contactPhone }}.';
  expect(judge({ ...script, body })).toMatchObject({ refused: false, findings: [] });
  expect(ids({ ...script, body: `${body} It is about your account.` })).toEqual(['US-REGF-2J-LCM']);
});
