import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { aClient, type AnAccount, anAccount } from '../accounts/testing.ts';
import { countPrevented, findPermit, listPermits, type PermitFilter } from './list-permits.ts';

const database = await testDatabase();
const at = new Date('2026-03-11T15:00:00Z');

/** Permits as the gate writes them, one a minute back in time: every third denied, every third put off, of two clients. */
async function fill(ctx: Ctx, of: readonly [AnAccount, AnAccount], many: number): Promise<void> {
  // As much as the facts of a person with some history take.
  const kilobytes = 1;
  const [one, two] = of;
  await sql`
    insert into compliance.permits (tenant_id, id, decision, act, channel, cluster_id, party_id, account_id, client_id, proposal, facts_sha256, facts,
      reasons, pack_versions, decided_at, valid_until)
    select c.tenant_id, kernel.hash_id(c.tenant_id::text, n::text), (array['allow', 'deny', 'defer'])[1 + n % 3],
      case when n % 2 = 0 then 'automatic_message' else 'manual_call' end, case when n % 2 = 0 then 'email' else 'call' end,
      c.id, case when n % 10 = 0 then ${two.partyId}::uuid else ${one.partyId}::uuid end,
      case when n % 10 = 0 then ${two.accountId}::uuid else ${one.accountId}::uuid end,
      case when n % 10 = 0 then ${two.clientId}::uuid else ${one.clientId}::uuid end,
      '{}', '\\x00', jsonb_build_object('padding', (select string_agg(md5(n::text || i), '') from generate_series(1, ${kilobytes * 32}) i)),
      case when n % 3 = 0 then '[]'::jsonb else jsonb_build_array(jsonb_build_object('ruleId', 'RULE-' || n % 3, 'sentence', 'No.')) end,
      '[]', ${at}::timestamptz - n * interval '1 minute', ${at}
    from parties.clusters_v c cross join generate_series(1, ${many}) n where c.tenant_id = ${ctx.tenant} and c.id = ${one.clusterId}`.execute(
    ctx.db,
  );
  await sql`
    insert into compliance.permit_reasons (tenant_id, id, permit_id, rule_id, decision, act, channel, client_id, decided_at)
    select p.tenant_id, p.id, p.id, p.reasons -> 0 ->> 'ruleId', p.decision, p.act, p.channel, p.client_id, p.decided_at
    from compliance.permits p where p.tenant_id = ${ctx.tenant} and p.decision <> 'allow'`.execute(ctx.db);
}

async function twoAccounts(ctx: Ctx): Promise<[AnAccount, AnAccount]> {
  const one = await anAccount(ctx);
  const { clientId } = await aClient(ctx);
  return [one, await anAccount(ctx, { clientId })];
}

describe('permits', () => {
  test('are found by what was asked and answered, page by page, inside the scope', async () => {
    const tenant = await database.freshTenant({ at });
    await database.within(tenant, at, async (ctx) => {
      const [one, two] = await twoAccounts(ctx);
      await fill(ctx, [one, two], 60);
      const all = async (filter: PermitFilter, scope: string[] | null = null) => {
        const rows: string[] = [];
        let cursor: string | undefined;
        do {
          const page = unwrap(await listPermits(ctx, scope, filter, { cursor, limit: 7 }));
          rows.push(...page.rows.map((row) => `${row.decision} ${row.channel} ${row.decidedAt.toISOString()}`));
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(new Set(rows).size).toBe(rows.length);
        const times = rows.map((row) => row.split(' ')[2] ?? '');
        expect(times).toEqual(times.toSorted().reverse());
        return rows.length;
      };
      expect(await all({})).toBe(60);
      expect(await all({ decision: 'deny' })).toBe(20);
      expect(await all({ rule: 'RULE-2' })).toBe(20);
      expect(await all({ rule: 'RULE-2', channel: 'call' })).toBe(10);
      expect(await all({ act: 'manual_call', decision: 'allow' })).toBe(10);
      expect(await all({ clientId: two.clientId })).toBe(6);
      expect(await all({ accountId: two.accountId, rule: 'RULE-1' })).toBe(2);
      expect(await all({}, [two.clientId])).toBe(6);
      expect(await all({ rule: 'RULE-1' }, [two.clientId])).toBe(2);
      expect(await all({ from: new Date('2026-03-11T14:50:00Z'), until: at })).toBe(10);
      const counted = await countPrevented(ctx, null, {
        from: new Date('2026-03-11T04:00:00Z'),
        until: new Date('2026-03-12T04:00:00Z'),
        timeZone: 'America/New_York',
      });
      expect(counted).toEqual({
        acts: 40,
        days: [
          { on: '2026-03-11', rule: 'RULE-1', denied: 20, deferred: 0 },
          { on: '2026-03-11', rule: 'RULE-2', denied: 0, deferred: 20 },
        ],
      });
      const [first] = unwrap(await listPermits(ctx, null, { clientId: one.clientId }, { limit: 1 })).rows;
      expect(await findPermit(ctx, [one.clientId], first?.id ?? '')).toMatchObject({ accountId: one.accountId });
      expect(await findPermit(ctx, [two.clientId], first?.id ?? '')).toBeNull();
      expect(await findPermit(ctx, null, newId())).toBeNull();
    });
    const other = await database.freshTenant({ at });
    await database.within(other, at, async (ctx) => {
      expect(unwrap(await listPermits(ctx, null, {}, { limit: 5 })).rows).toEqual([]);
    });
  });

  test('with a hundred thousand of them a page reads what it shows, under row security', async () => {
    const tenant = await database.freshTenant({ at });
    const [one, two] = await database.within(tenant, at, async (ctx) => {
      const accounts = await twoAccounts(ctx);
      await fill(ctx, accounts, 100_000);
      return accounts;
    });
    await database.asSuperuser(async (client) => {
      await client.query('vacuum analyze compliance.permits');
      await client.query('vacuum analyze compliance.permit_reasons');
    });
    await database.within(tenant, at, async (ctx) => {
      const read = async (work: (explained: Ctx) => Promise<unknown>) => {
        const before = await buffers(ctx);
        await work(ctx);
        return (await buffers(ctx)) - before;
      };
      const page = (filter: PermitFilter) => read((seen) => listPermits(seen, null, filter, { limit: 50 }));
      await page({});
      const figures = {
        newest: await page({}),
        rule: await page({ rule: 'RULE-2' }),
        decision: await page({ decision: 'deny', channel: 'call' }),
        client: await page({ clientId: two.clientId }),
        account: await page({ accountId: one.accountId }),
        day: await page({
          from: new Date('2026-02-01T00:00:00Z'),
          until: new Date('2026-02-02T00:00:00Z'),
          decision: 'deny',
        }),
      };
      for (const name of ['newest', 'rule', 'decision', 'client', 'account', 'day'] as const)
        expect(figures[name], name).toBeLessThan(900);
    });
  }, 240_000);
});

/** Blocks this connection has read from the cache or the disk, tables and indexes of the permits together. */
async function buffers(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    select sum(pg_stat_get_xact_blocks_fetched(c.oid)) as n from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'compliance' and c.relkind in ('r', 'i', 't')`.execute(ctx.db);
  return Number(rows[0]?.n ?? 0);
}
