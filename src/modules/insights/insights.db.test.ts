import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { searchTokens } from '../../kernel/text.ts';
import { adjustOpen, refreshFacts } from '../accounts/public.ts';
import { aClient, type AnAccount, anAccount, anItem } from '../accounts/testing.ts';
import { postJournal } from '../ledger/public.ts';
import { balancesOn, loadOpenNow, loadOpenOn } from './ageing.sql.ts';
import { type AccountFilter, findParties, selectAccounts } from './list-accounts.sql.ts';
import {
  accountPage,
  type AccountSort,
  ageing,
  clientsOf,
  dso,
  exportAccounts,
  getTimeline,
  listAccounts,
  listItems,
  listMessages,
  listPlans,
  listReceipts,
  listRuns,
  listIncidents,
  listTransfers,
  searchAccounts,
  todayFigures,
} from './public.ts';

const database = await testDatabase();
const at = new Date('2026-03-31T15:00:00Z');
let tenant: TenantId;
let stranger: TenantId;
let first: Id<'client'>;
let second: Id<'client'>;
const accounts: AnAccount[] = [];
const run = <T>(fn: (ctx: Ctx) => Promise<T>, of = tenant, when = at) => database.within(of, when, fn);

// Payments belong to another room; a receipt is told to insights by its tables only.
async function aPaidItem(ctx: Ctx, account: AnAccount, index: number, minor: bigint, on: string): Promise<void> {
  const usd = currency('USD');
  const receiptId = newId<'receipt'>();
  const itemId = account.itemIds[index] as Id<'item'>;
  const day = calendarDate(on);
  await sql`insert into payments.receipts (tenant_id, id, client_id, account_id, amount_minor, unapplied_minor, currency, received_on, method, source, external_key, state, recorded_by, recorded_at)
    values (${ctx.tenant}, ${receiptId}, ${account.clientId}, ${account.accountId}, ${minor}, 0, 'USD', ${on}, 'bank_transfer', 'hand', ${receiptId}, 'applied', 'test', ${ctx.at})`.execute(
    ctx.db,
  );
  const { transferIds } = await postJournal(ctx, {
    kind: 'allocation',
    sourceKind: 'receipt',
    sourceId: receiptId,
    transfers: [
      {
        debit: { kind: 'bank' },
        credit: { kind: 'unapplied' },
        clientId: account.clientId,
        amount: { amountMinor: minor, currency: usd },
        accountId: account.accountId,
        receiptId,
        effectiveOn: day,
      },
      {
        debit: { kind: 'unapplied' },
        credit: { kind: 'receivable', component: 'principal' },
        clientId: account.clientId,
        amount: { amountMinor: minor, currency: usd },
        accountId: account.accountId,
        itemId,
        receiptId,
        effectiveOn: day,
      },
    ],
  });
  await sql`insert into payments.allocations (tenant_id, id, receipt_id, account_id, item_id, amount_minor, currency, against, method, reason, effective_on, recorded_at)
    values (${ctx.tenant}, ${transferIds[1]}, ${receiptId}, ${account.accountId}, ${itemId}, ${minor}, 'USD', 'receivable', 'manual', 'test', ${on}, ${ctx.at})`.execute(
    ctx.db,
  );
  await adjustOpen(
    ctx,
    sql`select ${itemId}::uuid as item_id, ${-minor}::bigint as delta_minor, ${on}::date as on_date`,
  );
  await refreshFacts(ctx, { accountIds: [account.accountId] });
}

beforeAll(async () => {
  tenant = await database.freshTenant({ at });
  stranger = await database.freshTenant({ at });
  await run(async (ctx) => {
    first = (await aClient(ctx)).clientId;
    second = (await aClient(ctx)).clientId;
    accounts.push(
      await anAccount(ctx, {
        clientId: first,
        number: 'N-1',
        name: 'Zeta Works',
        items: [
          { amountMinor: 10_000n, dueOn: '2026-04-10', issuedOn: '2026-03-10', number: 'Z-1' },
          { amountMinor: 20_000n, dueOn: '2026-03-31', issuedOn: '2026-03-01', number: 'Z-2' },
          { amountMinor: 5_000n, dueOn: '2026-03-30', issuedOn: '2026-03-01', number: 'Z-3' },
        ],
      }),
      await anAccount(ctx, {
        clientId: first,
        number: 'N-2',
        name: 'Ärger & Söhne',
        items: [
          { amountMinor: 40_000n, dueOn: '2026-01-30', issuedOn: '2025-12-31', number: 'A-1' },
          { amountMinor: -3_000n, dueOn: '2026-03-01', issuedOn: '2026-03-01', number: 'A-2' },
        ],
      }),
      await anAccount(ctx, {
        clientId: second,
        number: 'N-3',
        name: '=cmd()',
        email: null,
        items: [{ amountMinor: 70_000n, dueOn: '2025-12-01', issuedOn: '2025-11-01', number: 'C-1' }],
      }),
      await anAccount(ctx, {
        clientId: second,
        number: 'N-4',
        name: 'Paid Ltd',
        items: [{ amountMinor: 900n, dueOn: '2026-02-01', issuedOn: '2026-01-02', number: 'P-1' }],
      }),
      await anAccount(ctx, {
        clientId: second,
        number: 'N-5',
        name: 'Euro SA',
        currency: currency('EUR'),
        items: [{ amountMinor: 800n, dueOn: '2026-03-01', issuedOn: '2026-02-01', number: 'E-1' }],
      }),
    );
    await aPaidItem(ctx, accounts[3] as AnAccount, 0, 900n, '2026-03-20');
  });
});

const everything = { scope: {} };

describe('figures', () => {
  test('ageing puts each item in its bucket and each account in that of its oldest', async () => {
    const { rows } = await run((ctx) => ageing(ctx, everything));
    const usd = rows.find((row) => row.currency === 'USD');
    expect(usd?.buckets.map((figure) => [figure.bucket, figure.amountMinor, figure.items, figure.accounts])).toEqual([
      ['not_due', 30_000n, 2, 0],
      ['1_30', 5_000n, 1, 1],
      ['31_60', 40_000n, 1, 1],
      ['61_90', 0n, 0, 0],
      ['90_plus', 70_000n, 1, 1],
    ]);
    expect([usd?.totalMinor, usd?.overdueMinor, usd?.overdueAccounts, usd?.openItems, usd?.creditMinor]).toEqual([
      145_000n,
      115_000n,
      3,
      5,
      3_000n,
    ]);
    expect(rows.map((row) => row.currency)).toEqual(['EUR', 'USD']);
  });

  test('ageing at a past day comes from the ledger, and today from the ledger says the same as today from the items', async () => {
    const past = await run((ctx) => ageing(ctx, { ...everything, on: calendarDate('2026-03-19') }));
    const usd = past.rows.find((row) => row.currency === 'USD');
    // The invoice paid on the 20th was still open; what was issued by then is all there.
    expect(usd?.buckets.map((figure) => figure.amountMinor)).toEqual([35_000n, 0n, 40_900n, 0n, 70_000n]);
    const sorted = (rows: readonly object[]) => rows.map((row) => Object.values(row).map(String).join(' ')).sort();
    await run(async (ctx) => {
      const [now, ledger] = [
        await loadOpenNow(ctx, everything),
        await loadOpenOn(ctx, calendarDate('2026-03-31'), everything),
      ];
      expect(sorted(ledger.open)).toEqual(sorted(now.open));
      expect(sorted(ledger.accounts)).toEqual(sorted(now.accounts));
    });
  });

  test('DSO gives the inputs of its formula', async () => {
    const { rows } = await run((ctx) => dso(ctx, { ...everything, days: 90 }));
    // 142,000 receivable (credit note off) ÷ 32,900 issued since 1 January × 90.
    expect(rows.find((row) => row.currency === 'USD')).toMatchObject({
      receivablesMinor: 142_000n,
      creditSalesMinor: 32_900n,
      days: 388.4,
      from: '2026-01-01',
      to: '2026-03-31',
    });
    const none = await run((ctx) => dso(ctx, { ...everything, days: 1 }));
    expect(none.rows.find((row) => row.currency === 'USD')?.days).toBeNull();
  });

  test('Today sums up; its trend ends with the overdue of today and knows the payment', async () => {
    const today = await run((ctx) => todayFigures(ctx, everything));
    expect(today.on).toBe('2026-03-31');
    expect(today.received30Days).toEqual([{ currency: 'USD', amountMinor: 900n }]);
    const usd = today.trend.filter((point) => point.currency === 'USD');
    expect(usd).toHaveLength(30);
    const headline = today.ageing.find((row) => row.currency === 'USD')?.overdueMinor;
    expect(usd.at(-1)).toMatchObject({ on: '2026-03-31', overdueMinor: headline, receivedMinor: 0n });
    expect(usd.find((point) => point.on === '2026-03-20')?.receivedMinor).toBe(900n);
    const before = usd.find((point) => point.on === '2026-03-19')?.overdueMinor ?? 0n;
    expect((usd.find((point) => point.on === '2026-03-20')?.overdueMinor ?? 0n) - before).toBe(-900n);
    expect(today.exceptions.map((one) => [one.kind, one.count])).toEqual([['no_contact_point', 1]]);
    await run(async (ctx) => {
      for (const point of usd.filter((_one, index) => index % 7 === 0)) {
        const { rows } = await sql<{
          minor: bigint;
        }>`select coalesce(sum(b.balance_minor) filter (where b.balance_minor > 0), 0)::bigint as minor from (${balancesOn(ctx, point.on, everything)}) b
          where b.currency = 'USD' and b.due_on < ${point.on}::date`.execute(ctx.db);
        expect([point.on, point.overdueMinor]).toEqual([point.on, rows[0]?.minor]);
      }
    });
  });
});

test('Today follows at once', async () => {
  const fresh = await database.freshTenant({ at });
  const owed = async () => (await run((ctx) => todayFigures(ctx, everything), fresh)).ageing[0]?.totalMinor;
  const account = await run((ctx) => anAccount(ctx, { items: [{ amountMinor: 100n, dueOn: '2026-03-01' }] }), fresh);
  expect(await owed()).toBe(100n);
  expect(await owed()).toBe(100n);
  await run((ctx) => anItem(ctx, account.accountId, { amountMinor: 11n, dueOn: '2026-03-02' }), fresh);
  expect(await owed()).toBe(111n);
});

describe('the account list', () => {
  const list = (asked: Partial<Parameters<typeof listAccounts>[1]>) =>
    run(async (ctx) => unwrap(await listAccounts(ctx, { ...everything, limit: 50, ...asked })));
  const numbers = async (asked: Parameters<typeof list>[0]) => (await list(asked)).rows.map((row) => row.number);

  test.each([
    [{}, ['N-3', 'N-2', 'N-5', 'N-1']],
    [{ sort: 'balance' as const }, ['N-3', 'N-2', 'N-1', 'N-5']],
    [{ sort: 'name' as const }, ['N-3', 'N-5', 'N-1', 'N-2']],
    [{ sort: 'number' as const, open: 'all' as const }, ['N-1', 'N-2', 'N-3', 'N-4', 'N-5']],
    [{ open: 'all' as const }, ['N-3', 'N-2', 'N-5', 'N-1', 'N-4']],
    [{ bucket: '31_60' as const }, ['N-2']],
    [{ bucket: '90_plus' as const }, ['N-3']],
    [{ minBalanceMinor: 40_000n }, ['N-3', 'N-2']],
    [{ contactable: 'no' as const }, ['N-3']],
    [{ held: 'yes' as const }, []],
    [{ currency: 'EUR' }, ['N-5']],
    [{ q: 'arger' }, ['N-2']],
    [{ q: 'ARGER sohn' }, ['N-2']],
    [{ q: 'z-3' }, ['N-1']],
    [{ q: 'wor zeta 1' }, ['N-1']],
    [{ q: 'zeta nobody' }, []],
    [{ q: 'nobody' }, []],
    [{ q: '%' }, []],
  ])('%o', async (asked, expected) => {
    expect(await numbers(asked)).toEqual(expected);
  });

  test('a search finds the same whether its parties are named, too many to name, or left to the statement', async () => {
    const found = (q: string, parties: AccountFilter['parties']) =>
      run(async (ctx) => {
        const asked = { sort: 'balance' as const, after: null, rows: 50, on: calendarDate('2026-03-02') };
        const rows = await selectAccounts(ctx, { ...everything, q, parties }, asked);
        return rows.map((row) => row.account_number);
      });
    for (const q of ['arger', 'ARGER sohn', 'nobody', 'zeta']) {
      const named = await run((ctx) => findParties(ctx, q));
      expect(named).toBeInstanceOf(Array);
      const left = await found(q, undefined);
      expect(await found(q, named)).toEqual(left);
      const words = searchTokens(q);
      expect(await found(q, { words: words.map((word) => ({ word, tokens: null })) })).toEqual(left);
    }
    expect(await found('arger', { words: [{ word: 'arger', tokens: ['arger'] }] })).toEqual(['N-2']);
    expect(await run((ctx) => findParties(ctx, 'arger'), stranger)).toEqual([]);
  });

  test('a row says what is overdue, by the tenant’s day', async () => {
    const { rows, total, totalMinor } = await list({});
    expect(rows.find((row) => row.number === 'N-1')).toMatchObject({
      balanceMinor: 35_000n,
      overdueMinor: 5_000n,
      daysPastDue: 1,
      bucket: '1_30',
      openItems: 3,
      contactable: true,
      held: false,
    });
    expect(total).toBe(4);
    expect(totalMinor).toEqual([
      { currency: 'EUR', amountMinor: 800n },
      { currency: 'USD', amountMinor: 145_000n },
    ]);
  });

  test('pages of every sort add up to the whole, in order, also through rows without a value', async () => {
    for (const sort of ['overdue_first', 'balance', 'name', 'number', 'last_contact'] as AccountSort[]) {
      const whole = await numbers({ sort, open: 'all' });
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ sort, open: 'all', limit: 2, cursor });
        paged.push(...page.rows.map((row) => row.number));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect([sort, paged]).toEqual([sort, whole]);
      expect(new Set(paged).size).toBe(5);
    }
  });

  test('a cursor of ours for another sort, and one of nobody, are refused', async () => {
    const cursor = (await list({ sort: 'balance', limit: 1 })).nextCursor ?? '';
    for (const forged of [cursor, 'x', Buffer.from('["2026-13-45","x"]').toString('base64url')]) {
      expect(
        await run((ctx) => listAccounts(ctx, { ...everything, limit: 1, sort: 'last_contact', cursor: forged })),
      ).toMatchObject({ ok: false, code: 'bad_cursor' });
    }
  });

  test('the export is the list, and a name that looks like a formula does no harm', async () => {
    const text = await run(async (ctx) => {
      const pieces: string[] = [];
      for await (const piece of exportAccounts(ctx, everything)) pieces.push(piece);
      return pieces.join('');
    });
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^N-3,'=cmd\(\),/);
    expect(lines[1]).toContain('700.00');
  });
});

describe('one account', () => {
  const z = () => accounts[0] as AnAccount;

  test('its page, items and ledger', async () => {
    await run(async (ctx) => {
      const page = unwrap(await accountPage(ctx, z().accountId, {}));
      expect(page).toMatchObject({
        number: 'N-1',
        balanceMinor: 35_000n,
        party: { name: 'Zeta Works' },
        partyDetail: { localTime: '11:00', timeZone: 'America/New_York' },
      });
      expect(page.contactPoints).toHaveLength(1);
      const items = unwrap(await listItems(ctx, { accountId: z().accountId, open: 'yes', limit: 2, scope: {} }));
      expect(items.rows.map((row) => [row.number, row.daysPastDue])).toEqual([
        ['Z-3', 1],
        ['Z-2', 0],
      ]);
      const rest = unwrap(
        await listItems(ctx, {
          accountId: z().accountId,
          open: 'yes',
          limit: 2,
          cursor: items.nextCursor ?? undefined,
          scope: {},
        }),
      );
      expect(rest.rows.map((row) => row.number)).toEqual(['Z-1']);
      const ledger = unwrap(await listTransfers(ctx, { accountId: z().accountId, limit: 10, scope: {} }));
      expect(ledger.rows.map((row) => row.runningMinor)[0]).toBe(35_000n);
      const more = unwrap(await listTransfers(ctx, { accountId: z().accountId, limit: 1, scope: {} }));
      const next = unwrap(
        await listTransfers(ctx, {
          accountId: z().accountId,
          limit: 10,
          cursor: more.nextCursor ?? undefined,
          scope: {},
        }),
      );
      expect([...more.rows, ...next.rows]).toEqual(ledger.rows);
    });
  });

  test('its timeline tells payments and items, pages without gaps', async () => {
    await run(async (ctx) => {
      const paid = (accounts[3] as AnAccount).accountId;
      const whole = unwrap(await getTimeline(ctx, { accountId: paid, limit: 100, scope: {} }));
      expect(whole.rows.map((row) => row.title)).toEqual(
        expect.arrayContaining([
          'Received USD 9.00',
          'Applied USD 9.00 to P-1',
          'Items came in: P-1',
          'State: active → settled',
        ]),
      );
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = unwrap(await getTimeline(ctx, { accountId: paid, limit: 1, cursor, scope: {} }));
        paged.push(...page.rows.map((row) => row.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(paged).toEqual(whole.rows.map((row) => row.id));
    });
  });

  test('search finds accounts by invoice number', async () => {
    for (const q of ['z-2', 'Z2', 'zeta z-2', 'zeta 2']) {
      expect(await run((ctx) => searchAccounts(ctx, q, {}))).toMatchObject([{ number: 'N-1', party: 'Zeta Works' }]);
    }
    for (const q of ['y-2', 'z-22', 'euro z-2']) expect(await run((ctx) => searchAccounts(ctx, q, {}))).toEqual([]);
  });
});

describe('what a reader may not see', () => {
  test('a member of one client sees that client only, everywhere', async () => {
    await run(async (ctx) => {
      const scope = { clientIds: [first] };
      const other = (accounts[2] as AnAccount).accountId;
      expect((await ageing(ctx, { scope })).rows.map((row) => row.totalMinor)).toEqual([75_000n]);
      expect(unwrap(await listAccounts(ctx, { scope, limit: 10, open: 'all' })).rows).toHaveLength(2);
      expect(unwrap(await listAccounts(ctx, { scope, limit: 10, clientId: second })).rows).toHaveLength(0);
      expect(await accountPage(ctx, other, scope)).toMatchObject({ code: 'not_found' });
      expect(await getTimeline(ctx, { accountId: other, limit: 5, scope })).toMatchObject({ code: 'not_found' });
      expect(unwrap(await listItems(ctx, { accountId: other, limit: 5, scope })).rows).toEqual([]);
      expect(unwrap(await listTransfers(ctx, { accountId: other, limit: 5, scope })).rows).toEqual([]);
      expect(await searchAccounts(ctx, 'euro', scope)).toEqual([]);
      expect((await todayFigures(ctx, { scope })).received30Days).toEqual([]);
      expect(unwrap(await listReceipts(ctx, [first], {}, { limit: 5 })).rows).toEqual([]);
    });
  });

  test('another tenant sees nothing', async () => {
    await run(async (ctx) => {
      const account = (accounts[0] as AnAccount).accountId;
      expect((await ageing(ctx, everything)).rows).toEqual([]);
      expect((await todayFigures(ctx, everything)).trend).toEqual([]);
      expect(unwrap(await listAccounts(ctx, { ...everything, limit: 10, open: 'all' })).rows).toEqual([]);
      expect(await accountPage(ctx, account, {})).toMatchObject({ code: 'not_found' });
      expect(await getTimeline(ctx, { accountId: account, limit: 5, scope: {} })).toMatchObject({ code: 'not_found' });
      expect(await clientsOf(ctx, 'account', account)).toEqual([]);
      expect(await searchAccounts(ctx, 'zeta', {})).toEqual([]);
    }, stranger);
  });

  test('every list runs on an empty tenant, and every kind of row tells its clients', async () => {
    await run(async (ctx) => {
      for (const page of [
        await listMessages(ctx, null, {}, { limit: 5 }),
        await listPlans(ctx, null, {}, { limit: 5 }),
        await listReceipts(ctx, null, {}, { limit: 5 }),
        await listRuns(ctx, { limit: 5 }),
        await listIncidents(ctx, null, {}, { limit: 5 }),
      ])
        expect(unwrap(page as { ok: true; value: { rows: unknown[] } }).rows).toEqual([]);
      for (const kind of [
        'account',
        'client',
        'contact_point',
        'hold',
        'import',
        'incident',
        'message',
        'promise',
        'receipt',
        'task',
        'wide_stop',
      ] as const) {
        expect(await clientsOf(ctx, kind, newId())).toEqual([]);
      }
    }, stranger);
    expect(await run((ctx) => clientsOf(ctx, 'account', (accounts[0] as AnAccount).accountId))).toEqual([first]);
  });
});
