import type { TenantId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import type { Vault } from '../../kernel/vault.ts';
import { linkToken, readLinkToken } from './link-token.ts';

const purpose = 'unsubscribe';

/** A link only we can make: tenant and message, sealed. */
export function unsubscribeToken(vault: Vault, tenant: TenantId, messageId: string): string {
  return linkToken(vault, purpose, tenant, messageId);
}

/** Reads a link. Refuses: `bad_token` for anything we did not make. */
export function readUnsubscribeToken(
  vault: Vault,
  token: string,
): Result<{ tenant: TenantId; messageId: string }, 'bad_token'> {
  const read = readLinkToken(vault, purpose, token);
  return read === null
    ? refuse('bad_token', 'This link is not complete. Open it from the message again, or reply to the message.')
    : ok({ tenant: read.tenant, messageId: read.rowId });
}

/** The address of the one-click page. */
export function unsubscribeUrl(vault: Vault, publicUrl: string, tenant: TenantId, messageId: string): string {
  return `${publicUrl}/u/${unsubscribeToken(vault, tenant, messageId)}`;
}
