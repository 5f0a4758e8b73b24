import { createHmac } from 'node:crypto';
import type { Ctx } from '../../kernel/ctx.ts';
import { tenantKeyBinding } from './tenant.ts';
import { selectDataKey } from './tenants.sql.ts';

/**
 * HMAC-SHA256 under a key of this tenant and this purpose: two equal texts can be recognised, and nobody without the installation's secret
 * can try texts until one fits.
 */
export async function keyedHasher(ctx: Ctx, purpose: string): Promise<(text: string) => Buffer> {
  const tenantKey = ctx.vault.unseal(await selectDataKey(ctx.db, ctx.tenant), tenantKeyBinding(ctx.tenant));
  const key = createHmac('sha256', tenantKey).update(purpose).digest();
  return (text) => createHmac('sha256', key).update(text).digest();
}
