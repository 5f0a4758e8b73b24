import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { rebuildTallies } from '../../kernel/tallies.ts';
import { permitTallies } from '../compliance/public.ts';
import { aClient, type AnAccount, anAccount } from '../accounts/testing.ts';
import { countPrevented, findPermit, listPermits, type PermitFilter } from './list-permits.ts';

const database = await testDatabase();
const at = new Date('2026-03-11T15:00:00Z');

/** Permits as the gate writes them, one a minute back in time: every third denied, every third put off, of two clients. */
async function fill(ctx: Ctx, of: readonly [AnAccount, AnAccount], many: number): Promise<void> {
  for (let from = 1; from <= many; from += 20_000) await fillSome(ctx, of, from, Math.min(many, from + 19_999));
}

async function fillSome(ctx: Ctx, of: readonly [AnAccount, AnAccount], from: number, to: number): Promise<void> {
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
    from parties.clusters_v c cross join generate_series(${from}::int, ${to}::int) n where c.tenant_id = ${ctx.tenant} and c.id = ${one.clusterId}`.execute(
    ctx.db,
  );
  await sql`
    insert into compliance.permit_reasons (tenant_id, id, permit_id, rule_id, decision, act, channel, client_id, account_id, decided_at)
    select p.tenant_id, p.id, p.id, p.reasons -> 0 ->> 'ruleId', p.decision, p.act, p.channel, p.client_id, p.account_id, p.decided_at
    from compliance.permits p where p.tenant_id = ${ctx.tenant} and p.decision <> 'allow'
      and p.decided_at between ${at}::timestamptz - ${to}::int * interval '1 minute' and ${at}::timestamptz - ${from}::int * interval '1 minute'`.execute(
    ctx.db,
  );
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
        from: calendarDate('2026-03-11'),
        to: calendarDate('2026-03-11'),
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
    // As the worker leaves them: what is added row by row is folded into one row a day.
    await database.within(tenant, at, (ctx) => rebuildTallies(ctx, permitTallies(ctx)));
    await database.asSuperuser(async (client) => {
      await client.query('vacuum analyze compliance.permits');
      await client.query('vacuum analyze compliance.permit_reasons');
      await client.query('vacuum analyze compliance.permit_kinds');
      await client.query('vacuum analyze kernel.tallies');
    });
    await database.within(tenant, at, async (ctx) => {
      const read = async (work: (explained: Ctx) => Promise<unknown>) => {
        const before = await buffers(ctx);
        await work(ctx);
        return (await buffers(ctx)) - before;
      };
      const page = (filter: PermitFilter, scope: string[] | null = null) =>
        read((seen) => listPermits(seen, scope, filter, { limit: 50 }));
      await page({});
      // Every filter there is alone and together with every other; half of these match nothing.
      const values = {
        rule: ['RULE-2', 'RULE-9'],
        decision: ['deny'],
        channel: ['call', 'visit'],
        act: ['manual_call'],
        clientId: [two.clientId],
        accountId: [one.accountId],
        from: [new Date('2026-02-01T00:00:00Z')],
        until: [new Date('2026-02-02T00:00:00Z')],
      } as const;
      const names = Object.keys(values) as (keyof typeof values)[];
      const figures: [string, number][] = [];
      for (let set = 0; set < 2 ** names.length; set += 1) {
        const chosen = names.filter((_, i) => (set & (1 << i)) !== 0);
        const last = Object.fromEntries(chosen.map((name) => [name, values[name].at(-1)])) as PermitFilter;
        figures.push([chosen.join(' '), await page(last)]);
        const first = Object.fromEntries(chosen.map((name) => [name, values[name][0]])) as PermitFilter;
        figures.push([`${chosen.join(' ')} (first)`, await page(first, [one.clientId])]);
      }
      const worst = figures.toSorted((a, b) => b[1] - a[1]).slice(0, 3);
      expect(worst.filter(([, blocks]) => blocks > 900)).toEqual([]);
      // What matches nothing is known from the kinds there are, or from one look at each.
      for (const filter of [
        { channel: 'visit' },
        { rule: 'RULE-9' },
        { accountId: newId() },
        { act: 'manual_call', channel: 'email' },
      ])
        expect([filter, (await page(filter)) < 120]).toEqual([filter, true]);
      const range = { from: calendarDate('2025-12-12'), to: calendarDate('2026-03-11') };
      const counted = await read((seen) => countPrevented(seen, null, range));
      const nobody = await read((seen) => countPrevented(seen, null, { ...range, clientId: newId() }));
      // Counting the rows themselves took about one block for thirty of them.
      expect([counted < 900, nobody < 900, counted, nobody]).toEqual([true, true, counted, nobody]);
      const all = await countPrevented(ctx, null, range);
      expect(all.acts).toBe(all.days.reduce((sum, each) => sum + each.denied + each.deferred, 0));
    });
  }, 240_000);
});

/** Blocks this connection has read from the cache or the disk, tables and indexes of the permits together. */
async function buffers(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    select sum(pg_stat_get_xact_blocks_fetched(c.oid)) as n from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('compliance', 'kernel') and c.relkind in ('r', 'i', 't')`.execute(ctx.db);
  return Number(rows[0]?.n ?? 0);
}
