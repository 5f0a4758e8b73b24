import { sql } from 'kysely';
import { seedTenant } from '../src/flows/sample/seed-tenant.ts';
import { addDays, calendarDate } from '../src/kernel/calendar.ts';
import type { Id, TenantId } from '../src/kernel/ids.ts';
import { hashId } from '../src/kernel/ids.ts';
import { refreshFacts } from '../src/modules/accounts/public.ts';
import { computeOpenings } from '../src/modules/compliance/public.ts';
import { actIn, createAuth, type Installation, systemActor } from '../src/modules/identity/public.ts';
import type { BenchServer } from './bench-server.ts';

/** The day on which benchmark tenants stand. */
export const benchDay = calendarDate('2026-03-02');
export const benchSeed = 4242;
export const benchTenant = (index: number): TenantId =>
  hashId<'tenant'>('tenant', 'seed', String(benchSeed), String(index));
export const benchClient = (index: number): Id<'client'> =>
  hashId<'client'>('client', 'seed', String(benchSeed), String(index));
export const benchActor = systemActor('bench');

/** Adds a tenant with `accounts` accounts of three items each, taken in by the import, and the complications of a real portfolio. */
export async function addPortfolio(
  server: BenchServer,
  database: string,
  index: number,
  accounts: number,
): Promise<void> {
  const installation = server.open(database);
  const auth = createAuth({
    database: installation.database,
    secret: installation.secret,
    baseUrl: installation.config.publicUrl,
  });
  await seedTenant(installation, auth, {
    seed: benchSeed,
    index,
    accounts,
    itemsPerAccount: 3,
    on: benchDay,
    historyDays: 100,
    password: 'only-for-benchmarks',
  });
  await complicate(installation, benchTenant(index));
}

/** A database named for what it holds, filled once per server: a bench tenant of that size, vacuumed as it would be after a night. */
export async function portfolioDatabase(server: BenchServer, accounts: number): Promise<string> {
  const name = `bench_${accounts}`;
  if (await server.has(name)) return name;
  const draft = `${name}_draft`;
  await server.copy(draft);
  await addPortfolio(server, draft, 1, accounts);
  await server.asAdmin(draft, (client) => client.query('vacuum analyze'));
  await server.rename(draft, name);
  return name;
}

/** Holds, promises, opt-outs, owners and marks for shares of a portfolio, by hash; set-based because doors one by one would take minutes. */
export async function complicate(installation: Installation, tenant: TenantId): Promise<void> {
  await actIn(
    installation,
    tenant,
    benchActor,
    async (ctx) => {
      const share = (salt: string, oneIn: number) =>
        sql`('x' || left(md5(a.id::text || ${salt}), 7))::bit(28)::int % ${oneIn} = 0`;
      const hold = (salt: string, oneIn: number, coverage: string, reason: string) => sql`
        insert into accounts.holds (tenant_id, id, reason, effects, coverage, cluster_id, account_id, effective_from, source_kind, placed_by, recorded_at)
        select a.tenant_id, kernel.hash_id('hold', ${salt}::text, a.id::text), ${reason}, array['stop_automatic'], ${coverage}, a.cluster_id,
          case when ${coverage} <> 'party' then a.id end, ${ctx.at}, 'bench', 'bench', ${ctx.at}
        from accounts.accounts a where a.tenant_id = ${tenant} and ${share(salt, oneIn)}`;
      await hold('whole', 90, 'account', 'hardship').execute(ctx.db);
      await hold('person', 400, 'party', 'legal').execute(ctx.db);
      await hold('some', 60, 'items', 'dispute').execute(ctx.db);
      await hold('word', 50, 'items', 'promise').execute(ctx.db);
      await sql`insert into accounts.hold_items (tenant_id, id, hold_id, item_id)
        select h.tenant_id, kernel.hash_id('hold_item', h.id::text, i.id::text), h.id, i.id
        from accounts.holds h join accounts.items i on i.tenant_id = ${tenant} and i.account_id = h.account_id and i.open_minor > 0
        where h.tenant_id = ${tenant} and h.coverage = 'items'`.execute(ctx.db);
      await sql`insert into compliance.preferences (tenant_id, id, cluster_id, party_id, kind, channel, source_kind, effective_from, recorded_at)
        select a.tenant_id, kernel.hash_id('preference', a.id::text), a.cluster_id, a.party_id,
          case when ${share('end', 5)} then 'cease' else 'opt_out' end, 'email', 'import', ${ctx.at}, ${ctx.at}
        from accounts.accounts a where a.tenant_id = ${tenant} and ${share('silent', 70)}`.execute(ctx.db);
      await sql`update accounts.accounts a set assigned_to = case when ${share('owner', 80)} then kernel.hash_id('user', 'bench') end, sensitive = ${share('soft', 200)}
        where a.tenant_id = ${tenant} and (${share('owner', 80)} or ${share('soft', 200)})`.execute(ctx.db);
      await refreshFacts(ctx, { all: true });
      await computeOpenings(ctx, addDays(benchDay, -1), addDays(benchDay, 14));
    },
    { statementTimeoutMs: 0 },
  );
}
