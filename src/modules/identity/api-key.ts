import { newToken } from '../../kernel/crypto.ts';
import { type Id, idOf, type TenantId } from '../../kernel/ids.ts';
import type { Permission } from './permissions.ts';

/** A stored key; its secret is never stored, only the SHA-256. */
export type ApiKey = {
  readonly id: Id<'api_key'>;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Permission[];
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedOn: string | null;
  readonly createdAt: Date;
};

/** A presented key taken apart. The tenant stands in the key, so that nothing is ever looked up across tenants. */
export type PresentedKey = { readonly tenantId: TenantId; readonly prefix: string; readonly secret: string };

const shape = /^dw_([0-9a-f]{32})_([0-9A-Za-z]{8})_([0-9A-Za-z]{40})$/;

/** `dw_<tenant without dashes>_<prefix>_<secret>`: 40 letters and digits hold 238 bits, so a plain SHA-256 is enough. */
export function mintKey(tenantId: TenantId): PresentedKey & { readonly text: string } {
  const prefix = newToken(8);
  const secret = newToken(40);
  return { tenantId, prefix, secret, text: `dw_${tenantId.replaceAll('-', '')}_${prefix}_${secret}` };
}

/** Null when the text does not have the shape of a key. */
export function readKey(text: string): PresentedKey | null {
  const [, hex, prefix, secret] = shape.exec(text) ?? [];
  if (!hex || !prefix || !secret) return null;
  const dashed = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { tenantId: idOf('tenant', dashed), prefix, secret };
}
