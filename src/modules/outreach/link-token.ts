import { isId, type TenantId } from '../../kernel/ids.ts';
import type { Vault } from '../../kernel/vault.ts';

const hexOf = (id: string) => id.replaceAll('-', '');
const idFrom = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

/** The secret part of a link only we can make: a tenant and one of its rows, sealed for one purpose. It carries its tenant, so that nothing is looked up across tenants. */
export function linkToken(vault: Vault, purpose: string, tenant: TenantId, rowId: string): string {
  return vault.seal(Buffer.from(hexOf(tenant) + hexOf(rowId), 'hex'), purpose).toString('base64url');
}

/** Reads such a token; null for anything we did not make for this purpose. */
export function readLinkToken(
  vault: Vault,
  purpose: string,
  token: string,
): { readonly tenant: TenantId; readonly rowId: string } | null {
  if (!/^[A-Za-z0-9_-]{40,200}$/.test(token)) return null;
  try {
    const hex = vault.unseal(Buffer.from(token, 'base64url'), purpose).toString('hex');
    const [tenant, rowId] = [idFrom(hex.slice(0, 32)), idFrom(hex.slice(32))];
    return isId(tenant) && isId(rowId) ? { tenant: tenant as TenantId, rowId } : null;
  } catch {
    // The vault throws on a seal that is not its own, which here is not a fault but somebody's broken link.
    return null;
  }
}
