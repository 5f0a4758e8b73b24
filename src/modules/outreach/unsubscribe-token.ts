import { isId, type TenantId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import type { Vault } from '../../kernel/vault.ts';

const purpose = 'unsubscribe';
const hexOf = (id: string) => id.replaceAll('-', '');
const idFrom = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

/** A link only we can make: tenant and message, sealed. It carries its tenant, so that nothing is looked up across tenants. */
export function unsubscribeToken(vault: Vault, tenant: TenantId, messageId: string): string {
  return vault.seal(Buffer.from(hexOf(tenant) + hexOf(messageId), 'hex'), purpose).toString('base64url');
}

/** Reads a link. Refuses: `bad_token` for anything we did not make. */
export function readUnsubscribeToken(
  vault: Vault,
  token: string,
): Result<{ tenant: TenantId; messageId: string }, 'bad_token'> {
  const bad = refuse(
    'bad_token',
    'This link is not complete. Open it from the message again, or reply to the message.',
  );
  if (!/^[A-Za-z0-9_-]{40,200}$/.test(token)) return bad;
  try {
    const hex = vault.unseal(Buffer.from(token, 'base64url'), purpose).toString('hex');
    const [tenant, messageId] = [idFrom(hex.slice(0, 32)), idFrom(hex.slice(32))];
    return isId(tenant) && isId(messageId) ? ok({ tenant: tenant as TenantId, messageId }) : bad;
  } catch {
    // The vault throws on a seal that is not its own, which here is not a fault but somebody's broken link.
    return bad;
  }
}

/** The address of the one-click page. */
export function unsubscribeUrl(vault: Vault, publicUrl: string, tenant: TenantId, messageId: string): string {
  return `${publicUrl}/u/${unsubscribeToken(vault, tenant, messageId)}`;
}
