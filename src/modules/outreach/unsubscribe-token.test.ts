import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId, type TenantId } from '../../kernel/ids.ts';
import { createVault } from '../../kernel/vault.ts';
import { readUnsubscribeToken, unsubscribeToken, unsubscribeUrl } from './unsubscribe-token.ts';

const vault = createVault('a secret of an installation, long');
const tenant = newId<'tenant'>() as TenantId;
const messageId = newId<'message'>();

test('a link reads back to the tenant and message it was made for', () => {
  const url = unsubscribeUrl(vault, 'https://dunwell.example', tenant, messageId);
  expect(url).toMatch(/^https:\/\/dunwell\.example\/u\/[A-Za-z0-9_-]{80,90}$/);
  expect(readUnsubscribeToken(vault, url.slice(url.lastIndexOf('/') + 1))).toEqual({
    ok: true,
    value: { tenant, messageId },
  });
});

test('a link changed in one place, or made elsewhere, is refused', () => {
  const token = unsubscribeToken(vault, tenant, messageId);
  const other = unsubscribeToken(createVault('a secret of another installation'), tenant, messageId);
  for (const bad of ['', 'x', other, token.slice(0, -4), `${token}AAAA`, '../../etc'])
    expect(readUnsubscribeToken(vault, bad)).toMatchObject({ ok: false, code: 'bad_token' });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: token.length - 2 }), fc.constantFrom('A', 'b', '7', '_'), (at, letter) => {
      if (token[at] === letter) return;
      expect(readUnsubscribeToken(vault, token.slice(0, at) + letter + token.slice(at + 1)).ok).toBe(false);
    }),
  );
});
