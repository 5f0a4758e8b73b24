import { describe, expect, test } from 'vitest';
import { normaliseEmail, normalisePhone, normalisePostal } from './contact-point.ts';

describe('e-mail addresses', () => {
  test.each([
    ['  Ann.Lee+ar@Debtor.Example ', 'ann.lee+ar@debtor.example'],
    ['mailto:a@b.co', 'a@b.co'],
    ['jörg@müller.de', 'jörg@müller.de'],
  ])('%s is read', (text, key) => expect(normaliseEmail(text)).toMatchObject({ ok: true, value: { valueKey: key } }));

  test.each([
    '',
    'ann',
    'ann@',
    '@b.co',
    'ann@b',
    'a b@c.co',
    'ann@@b.co',
    'a@b..co',
    'a@b.co,c@d.co',
    'Ann <ann@b.co>',
    `${'x'.repeat(70)}@b.co`,
    'a@-b.co',
    'a\n@b.co',
  ])('%j is refused', (text) => expect(normaliseEmail(text)).toMatchObject({ ok: false, code: 'bad_email' }));
});

describe('telephone numbers', () => {
  test.each([
    ['+1 (212) 555-0100', null, '+12125550100'],
    ['212 555 0100', 'US', '+12125550100'],
    ['030 901820', 'de', '+4930901820'],
  ])('%s in %s', (text, country, key) =>
    expect(normalisePhone(text, country)).toMatchObject({ ok: true, value: { valueKey: key } }),
  );

  test.each([
    ['2125550100', null],
    ['12', 'US'],
    ['call me', 'US'],
    ['030 901820', 'XX'],
  ])('%s in %s is refused', (text, country) =>
    expect(normalisePhone(text, country)).toMatchObject({ ok: false, code: 'bad_phone' }),
  );
});

test('postal addresses compare without case and blanks', () => {
  expect(normalisePostal(' 1 Main St\n New  York ')).toMatchObject({
    value: { value: '1 Main St\n New  York', valueKey: '1 main st new york' },
  });
  expect(normalisePostal('  ')).toMatchObject({ code: 'bad_postal' });
});
