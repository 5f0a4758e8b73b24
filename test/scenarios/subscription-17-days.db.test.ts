import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { answerEvents } from '../../src/flows/answer-events.ts';
import type { Mailing } from '../../src/flows/hand-over.ts';
import { holdPlanned } from '../../src/flows/hold-planned.ts';
import { moveTenantClock } from '../../src/flows/move-clock.ts';
import { runDay } from '../../src/flows/run-day.ts';
import { addDays, calendarDate } from '../../src/kernel/calendar.ts';
import { stoppedClock } from '../../src/kernel/clock.ts';
import type { Ctx } from '../../src/kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../../src/kernel/ids.ts';
import { currency, money } from '../../src/kernel/money.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { refreshParty, reportEvent, reportEventOfParty } from '../../src/modules/accounts/public.ts';
import { type AnAccount, aClient, anAccount } from '../../src/modules/accounts/testing.ts';
import { actIn, systemActor } from '../../src/modules/identity/public.ts';
import { testInstallation } from '../../src/modules/identity/testing.ts';
import { ensureSender } from '../../src/modules/outreach/public.ts';
import { setContactQuality } from '../../src/modules/parties/public.ts';
import { recordReceipt, reverseReceipt } from '../../src/modules/payments/public.ts';
import { aPromise } from '../../src/modules/payments/testing.ts';
import { publishVersion } from '../../src/modules/strategy/public.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();
const FIRST_DAY = calendarDate('2026-01-05');
const DAYS = 17;
const worker = systemActor('worker');
const mailing: Mailing = {
  ...testInstallation(database, stoppedClock(new Date('2026-01-05T15:00:00Z'))),
  config: { publicUrl: 'https://dunwell.example' },
};
const within = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) => actIn(mailing, tenant, systemActor('staff'), fn);

/** A ladder of two reminders, and an answer to what happens in between. */
const strategy = {
  steps: [
    { key: 'reminder', title: 'Reminder', day: 3, action: 'email', level: 1 },
    { key: 'urge', title: 'Urgent reminder', day: 14, action: 'email', level: 2 },
  ],
  reactions: [
    { key: 'call_now', title: 'Call at once', on: 'promise_broken', afterDays: 0, action: 'call_task', level: 2 },
    {
      key: 'wait',
      title: 'Wait for the rest',
      on: 'part_payment',
      afterDays: 0,
      action: 'hold',
      holdDays: 5,
      level: 1,
    },
    { key: 'ask', title: 'Ask what they need', on: 'portal_visit', afterDays: 3, action: 'call_task', level: 1 },
    { key: 'trace', title: 'Find an address', on: 'bounce', afterDays: 0, action: 'specialist_task', level: 1 },
  ],
  stages: [{ stage: 'early', fromDay: 1 }],
  whenAssigned: 'send',
};

type Cast = Record<'Ines' | 'Jon' | 'Kim' | 'Lea' | 'Max', AnAccount>;

async function open(ctx: Ctx): Promise<Cast> {
  unwrap(await publishVersion(ctx, { name: 'b2b-default', definition: strategy }));
  const { clientId } = await aClient(ctx, { name: 'Streamline' });
  await ensureSender(ctx, clientId);
  const subscriber = (name: string) =>
    anAccount(ctx, {
      clientId,
      name,
      phone: null,
      items: [{ amountMinor: 4_900n, dueOn: '2026-01-05', number: name }],
    });
  return {
    // The direct debit goes through and comes back: the ladder goes on where it had stopped.
    Ines: await subscriber('Ines'),
    // Keeps a promise by a debit that comes back: not kept after all.
    Jon: await subscriber('Jon'),
    // Pays a part, and is given time for the rest.
    Kim: await subscriber('Kim'),
    // Opens the page of a notice, and does nothing more.
    Lea: await subscriber('Lea'),
    // Has an address that does not work.
    Max: await subscriber('Max'),
  };
}

/** What happens from outside, by day. */
function story(tenant: TenantId, cast: Cast): Readonly<Record<string, () => Promise<unknown>>> {
  const debits = new Map<AnAccount, Id<'receipt'>>();
  const debit = (who: AnAccount, amountMinor: bigint, on: string) =>
    within(tenant, async (ctx) => {
      const taken = await recordReceipt(ctx, {
        clientId: who.clientId,
        accountId: who.accountId,
        amount: money(amountMinor, currency('USD')),
        receivedOn: calendarDate(on),
        method: 'direct_debit',
        source: 'hand',
        externalKey: `${who.accountId}-${on}`,
      });
      debits.set(who, unwrap(taken).receiptId);
    });
  const comeBack = (who: AnAccount, on: string) =>
    within(tenant, async (ctx) => {
      const receiptId = debits.get(who);
      if (!receiptId) throw new Error('no debit');
      unwrap(await reverseReceipt(ctx, { receiptId, on: calendarDate(on), reason: 'insufficient funds' }));
    });
  return {
    '2026-01-06': () =>
      within(tenant, (ctx) => aPromise(ctx, { ...cast.Jon, amountMinor: 4_900n, dueOn: '2026-01-09', graceDays: 1 })),
    '2026-01-07': () => debit(cast.Ines, 4_900n, '2026-01-07'),
    '2026-01-08': async () => {
      await debit(cast.Kim, 2_000n, '2026-01-08');
      await within(tenant, (ctx) => reportEvent(ctx, 'portal_visit', cast.Lea.accountId, newId()));
    },
    '2026-01-09': async () => {
      await debit(cast.Jon, 4_900n, '2026-01-09');
      await within(tenant, async (ctx) => {
        const { rows } = await sql<{ id: Id<'contact_point'> }>`select c.id from parties.contact_points_v c
          where c.tenant_id = ${tenant} and c.party_id = ${cast.Max.partyId}`.execute(ctx.db);
        for (const { id } of rows) {
          await setContactQuality(ctx, id, 'bounced');
          await refreshParty(ctx, cast.Max.partyId, { stop: true });
          await reportEventOfParty(ctx, 'bounce', cast.Max.partyId, id);
        }
      });
    },
    '2026-01-12': () => comeBack(cast.Ines, '2026-01-12'),
    '2026-01-13': () => comeBack(cast.Jon, '2026-01-13'),
  };
}

/** Everything that was written down about the subscribers, one line each, in order of its day. */
async function diary(tenant: TenantId): Promise<string[]> {
  const day = (column: string) => sql`(${sql.raw(column)} at time zone 'America/New_York')::date`;
  const { rows } = await within(tenant, (ctx) =>
    sql<{ line: string }>`
      select e.on_day || ' ' || f.party_name || ': ' || e.what as line from (
        select v.account_id, ${day('v.occurred_at')} as on_day, 0 as rank, 'event ' || v.kind as what from accounts.events_v v where v.tenant_id = ${tenant}
        union all select p.account_id, p.planned_for, 1, p.action || ' ' || p.step_key || ' -> ' || p.state || ' (' || r.kind || ')' from strategy.plans_v p
          join strategy.runs_v r on r.tenant_id = ${tenant} and r.id = p.run_id where p.tenant_id = ${tenant}
        union all select t.account_id, t.due_on, 2, 'task ' || t.kind || ' -> ' || t.state from desk.tasks_v t where t.tenant_id = ${tenant}
        union all select h.account_id, ${day('h.effective_from')}, 3, 'hold ' || h.reason from accounts.holds_v h where h.tenant_id = ${tenant}
        union all select h.account_id, ${day('h.effective_to')}, 3, 'hold ' || h.reason || ' over' from accounts.holds_v h where h.tenant_id = ${tenant} and h.effective_to is not null
        union all select h.account_id, ${day('h.released_at')}, 3, 'hold ' || h.reason || ' released' from accounts.holds_v h where h.tenant_id = ${tenant} and h.released_at is not null
      ) e join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = e.account_id
      order by f.party_name, e.on_day, e.rank, e.what`.execute(ctx.db),
  );
  return rows.map((row) => row.line);
}

const DIARY = [
  '2026-01-07 Ines: event payment',
  '2026-01-13 Ines: email reminder -> sent (daily)',
  '2026-01-19 Ines: email urge -> sent (daily)',
  '2026-01-06 Jon: hold promise',
  '2026-01-09 Jon: event payment',
  '2026-01-09 Jon: event promise_kept',
  '2026-01-09 Jon: hold promise released',
  '2026-01-13 Jon: event promise_broken',
  '2026-01-13 Jon: call_task call_now -> planned (event)',
  '2026-01-13 Jon: email reminder -> sent (event)',
  '2026-01-13 Jon: task call -> open',
  '2026-01-19 Jon: email urge -> sent (daily)',
  '2026-01-08 Kim: event part_payment',
  '2026-01-08 Kim: email reminder -> sent (daily)',
  '2026-01-08 Kim: hold wait -> done (event)',
  '2026-01-08 Kim: hold manual',
  '2026-01-13 Kim: hold manual over',
  '2026-01-19 Kim: email urge -> sent (daily)',
  '2026-01-08 Lea: event portal_visit',
  '2026-01-08 Lea: email reminder -> sent (daily)',
  '2026-01-11 Lea: call_task ask -> planned (daily)',
  '2026-01-11 Lea: task call -> open',
  '2026-01-19 Lea: email urge -> sent (daily)',
  '2026-01-08 Max: email reminder -> sent (daily)',
  '2026-01-09 Max: event bounce',
  '2026-01-09 Max: specialist_task trace -> planned (event)',
  '2026-01-09 Max: task specialist -> open',
];

it('tells a fortnight of subscribers whose debits come back, event by event', { timeout: 600_000 }, async () => {
  const tenant = await database.freshTenant({ at: new Date('2026-01-05T15:00:00Z') });
  const cast = await within(tenant, open);
  const told = story(tenant, cast);
  await within(tenant, async (ctx) => unwrap(await runDay(ctx)));
  for (let n = 1; n <= DAYS; n += 1) {
    const today = addDays(FIRST_DAY, n);
    unwrap(await moveTenantClock(mailing, tenant, systemActor('staff'), { to: today, run: true }));
    await told[today]?.();
    // What the worker does within a second.
    await answerEvents(mailing, tenant, worker);
    await holdPlanned(mailing, tenant, worker);
  }
  expect(await diary(tenant)).toEqual(DIARY);
});
