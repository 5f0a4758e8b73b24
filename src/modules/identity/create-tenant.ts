import { parseTimeZone } from '../../kernel/calendar.ts';
import { newKey } from '../../kernel/crypto.ts';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import { inTenant } from '../../kernel/db.ts';
import { newId, type TenantId } from '../../kernel/ids.ts';
import { parseCurrency } from '../../kernel/money.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { Installation } from './act-in.ts';
import { recordAudit } from './record-audit.ts';
import { type Tenant, tenantClock, tenantKeyBinding } from './tenant.ts';
import { insertTenant } from './tenants.sql.ts';

export type NewTenant = {
  readonly name: string;
  readonly kind: 'live' | 'sandbox';
  readonly timeZone: string;
  readonly currency: string;
  readonly locale?: string;
  /** Where a sandbox clock starts; default: now. Refused for a live tenant. */
  readonly clockAt?: Date;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Given by what must be able to find the tenant again, such as the demo; default: a fresh id. */
  readonly id?: TenantId;
};

/**
 * Creates a tenant with its own data key, and runs `then` (first owner, first client) in the same transaction.
 * Refuses: `invalid_tenant`, naming the fields.
 */
export async function createTenant(
  installation: Installation,
  actor: Actor,
  input: NewTenant,
  then: (ctx: Ctx) => Promise<unknown> = async () => undefined,
): Promise<Result<Tenant, 'invalid_tenant'>> {
  const fields: Record<string, string> = {};
  const name = input.name.trim();
  if (name.length < 1 || name.length > 200) fields['name'] = 'A name of 1 to 200 characters is needed.';
  const zone = parseTimeZone(input.timeZone);
  if (!zone.ok) fields['timeZone'] = zone.detail;
  const currency = parseCurrency(input.currency);
  if (!currency.ok) fields['currency'] = currency.detail;
  if (input.kind === 'live' && input.clockAt) fields['clockAt'] = 'Only a sandbox has a clock of its own.';
  if (!zone.ok || !currency.ok || Object.keys(fields).length > 0) {
    return refuse('invalid_tenant', `The tenant cannot be created: ${Object.values(fields).join(' ')}`, fields);
  }
  const realNow = installation.clock.now();
  const tenant: Tenant = {
    id: input.id ?? newId<'tenant'>(),
    name,
    kind: input.kind,
    clockAt: input.kind === 'sandbox' ? (input.clockAt ?? realNow) : null,
    timeZone: zone.value,
    currency: currency.value,
    locale: input.locale ?? 'en',
    settings: input.settings ?? {},
  };
  const { database, vault, log } = installation;
  await inTenant(database, tenant.id, async (db) => {
    const ctx: Ctx = { db, tenant: tenant.id, actor, at: tenantClock(tenant, realNow), log, vault };
    await insertTenant(db, tenant, vault.seal(newKey(), tenantKeyBinding(tenant.id)));
    await recordAudit(ctx, {
      action: 'tenant.created',
      subjectKind: 'tenant',
      subjectId: tenant.id,
      detail: { name, kind: tenant.kind, timeZone: tenant.timeZone, currency: tenant.currency },
    });
    await then(ctx);
  });
  return ok(tenant);
}
