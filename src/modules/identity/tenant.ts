import type { TimeZone } from '../../kernel/calendar.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';

/** An organisation using Dunwell. `clockAt` is set exactly for sandbox tenants. */
export type Tenant = {
  readonly id: TenantId;
  readonly name: string;
  readonly kind: 'live' | 'sandbox';
  readonly clockAt: Date | null;
  readonly timeZone: TimeZone;
  readonly currency: Currency;
  readonly locale: string;
  readonly settings: Readonly<Record<string, unknown>>;
};

/** What counts as now for the tenant: the world's clock, or where its sandbox clock stands. */
export function tenantClock(tenant: Pick<Tenant, 'clockAt'>, realNow: Date): Date {
  return tenant.clockAt ?? realNow;
}

/** Where the tenant's data key lives, authenticated with it: a key moved to another tenant does not open. */
export function tenantKeyBinding(tenant: TenantId): string {
  return `${tenant}|identity.tenants|data_key|${tenant}`;
}
