import { createHmac } from 'node:crypto';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, hashId, type TenantId } from '../kernel/ids.ts';
import { parseCurrency } from '../kernel/money.ts';
import { ok, refuse, type Result } from '../kernel/result.ts';
import { createClient, type NewClient } from '../modules/accounts/public.ts';
import {
  addMember,
  createTenant,
  type Installation,
  listTenantIds,
  type Role,
  type StaffAuth,
  systemActor,
} from '../modules/identity/public.ts';
import { ensureSender } from '../modules/outreach/public.ts';
import { publishDefault } from '../modules/strategy/public.ts';

export type FirstTenant = {
  readonly tenantName: string;
  readonly kind: 'live' | 'sandbox';
  readonly timeZone: string;
  readonly country: string;
  readonly currency: string;
  readonly ownerName: string;
  readonly email: string;
  readonly password: string;
  readonly clockAt?: Date;
  readonly id?: TenantId;
  /** Given where the client's rows must have the same ids each time. */
  readonly clientId?: Id<'client'>;
  readonly settings?: Readonly<Record<string, unknown>>;
};

/** The demo tenant is found again by its id; its owner's password is derived from the installation's secret, never a constant. */
export const demoTenantId: TenantId = hashId<'tenant'>('tenant', 'demo');
export const demoEmail = 'demo@dunwell.example';
export const demoPassword = (secret: string): string =>
  createHmac('sha256', secret).update('demo-sign-in').digest('base64url').slice(0, 16);

/** How to sign in to the demo tenant, or null when this installation has none. */
export async function demoSignIn(
  installation: Installation,
  secret: string,
): Promise<{ email: string; password: string } | null> {
  const tenants = await listTenantIds(installation);
  return tenants.includes(demoTenantId) ? { email: demoEmail, password: demoPassword(secret) } : null;
}

/** A client with what it needs to be worked for: a capture sender. Refuses as `createClient`. */
export async function openClient(
  ctx: Ctx,
  input: NewClient,
  clientId?: Id<'client'>,
): Promise<Result<{ clientId: Id<'client'> }, 'bad_client' | 'name_taken'>> {
  const created = await createClient(ctx, input, clientId);
  if (created.ok) await ensureSender(ctx, created.value.clientId);
  return created;
}

/**
 * Tenant, owner, first client (the tenant itself) and the default strategy, in one transaction. A sign-in account left over from
 * an attempt that failed half-way is taken up again. Refuses: `invalid` (password, e-mail), `invalid_tenant`, `bad_client`.
 */
export async function createFirstTenant(
  installation: Installation,
  auth: StaffAuth,
  input: FirstTenant,
): Promise<
  Result<
    { tenantId: TenantId; clientId: Id<'client'> },
    'invalid' | 'invalid_tenant' | 'bad_client' | 'name_taken' | 'not_found' | 'duplicate'
  >
> {
  const currency = parseCurrency(input.currency);
  if (!currency.ok) return refuse('invalid_tenant', currency.detail, { currency: currency.detail });
  const owner = await signInAccount(auth, input);
  if (!owner.ok) return owner;
  let clientId: Id<'client'> | null = null;
  const created = await createTenant(
    installation,
    systemActor('set-up'),
    {
      name: input.tenantName,
      kind: input.kind,
      timeZone: input.timeZone,
      currency: input.currency,
      ...(input.clockAt && { clockAt: input.clockAt }),
      ...(input.id && { id: input.id }),
      ...(input.settings && { settings: input.settings }),
    },
    async (ctx) => {
      await join(ctx, owner.value, input, 'owner');
      const client = await openClient(
        ctx,
        {
          name: input.tenantName,
          kind: 'own_entity',
          currency: currency.value,
          timeZone: input.timeZone,
          country: input.country.toUpperCase(),
          contactEmail: input.email,
        },
        input.clientId,
      );
      if (!client.ok) throw new Error(client.detail);
      clientId = client.value.clientId;
      await publishDefault(ctx);
    },
  );
  if (!created.ok) return created;
  if (clientId === null) throw new Error('The first client was not created.');
  return ok({ tenantId: created.value.id, clientId });
}

async function signInAccount(
  auth: StaffAuth,
  input: FirstTenant,
): Promise<Result<Id<'user'>, 'invalid' | 'not_found' | 'duplicate'>> {
  const existing = await auth.findUser(input.email);
  if (!existing) return auth.createUser({ email: input.email, name: input.ownerName, password: input.password });
  const set = await auth.setPassword(existing.id, input.password);
  return set.ok ? ok(existing.id) : set;
}

async function join(
  ctx: Ctx,
  userId: Id<'user'>,
  input: Pick<FirstTenant, 'email' | 'ownerName'>,
  role: Role,
): Promise<void> {
  const added = await addMember(ctx, { userId, email: input.email, displayName: input.ownerName, role });
  if (!added.ok) throw new Error(added.detail);
}
