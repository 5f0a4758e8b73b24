import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Mailing } from '../../src/flows/hand-over.ts';
import { logCall } from '../../src/flows/log-call.ts';
import { moveTenantClock } from '../../src/flows/move-clock.ts';
import { nextAccount } from '../../src/flows/next-account.ts';
import { runDay } from '../../src/flows/run-day.ts';
import { sendDue } from '../../src/flows/send-due.ts';
import { unsubscribe } from '../../src/flows/unsubscribe.ts';
import { verify } from '../../src/flows/verify.ts';
import { addDays, type CalendarDate, calendarDate } from '../../src/kernel/calendar.ts';
import { stoppedClock } from '../../src/kernel/clock.ts';
import type { Ctx } from '../../src/kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../../src/kernel/ids.ts';
import { currency, money } from '../../src/kernel/money.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { placeHold, refreshFacts, releaseHold } from '../../src/modules/accounts/public.ts';
import { type AnAccount, aClient, anAccount } from '../../src/modules/accounts/testing.ts';
import { actIn, sealAudit, systemActor } from '../../src/modules/identity/public.ts';
import { testInstallation } from '../../src/modules/identity/testing.ts';
import { ensureSender } from '../../src/modules/outreach/public.ts';
import { addContactPoint } from '../../src/modules/parties/public.ts';
import { recordReceipt } from '../../src/modules/payments/public.ts';
import { publishDefault } from '../../src/modules/strategy/public.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();
const FIRST_DAY = calendarDate('2026-01-05');
const DAYS = 90;
const ann = newId();
const usd = (amountMinor: bigint) => money(amountMinor, currency('USD'));
const mailing: Mailing = {
  ...testInstallation(database, stoppedClock(new Date('2026-01-05T15:00:00Z'))),
  config: { publicUrl: 'https://dunwell.example' },
};

type Cast = Record<'Abel' | 'Brook' | 'Cole' | 'Dunn' | 'Egan' | 'Frost' | 'Gray', AnAccount>;

/** Seven debtors of one client, each with a story of its own. */
async function open(ctx: Ctx): Promise<Cast> {
  await publishDefault(ctx);
  const { clientId } = await aClient(ctx, { name: 'Northwind' });
  await ensureSender(ctx, clientId);
  const debtor = (name: string, options: Parameters<typeof anAccount>[1]) =>
    anAccount(ctx, { clientId, name, ...options });
  return {
    // Never answers, never pays: the whole ladder.
    Abel: await debtor('Abel', {
      phone: '+1 212 555 0101',
      items: [{ amountMinor: 50_000n, dueOn: '2026-01-10', number: 'A-1' }],
    }),
    // Pays one of two invoices, disputes the other, and the dispute is settled.
    Brook: await debtor('Brook', {
      items: [
        { amountMinor: 20_000n, dueOn: '2026-01-12', number: 'B-1' },
        { amountMinor: 30_000n, dueOn: '2026-01-20', number: 'B-2' },
      ],
    }),
    // Promises on the telephone and keeps it.
    Cole: await debtor('Cole', {
      phone: '+1 212 555 0103',
      items: [{ amountMinor: 80_000n, dueOn: '2026-01-06', number: 'C-1' }],
    }),
    // Promises on the telephone and does not.
    Dunn: await debtor('Dunn', {
      phone: '+1 212 555 0104',
      items: [{ amountMinor: 60_000n, dueOn: '2026-01-06', number: 'D-1' }],
    }),
    // Opts out of e-mail after the first reminder.
    Egan: await debtor('Egan', { items: [{ amountMinor: 10_000n, dueOn: '2026-01-14', number: 'E-1' }] }),
    // Has a credit note as large as the invoice.
    Frost: await debtor('Frost', {
      items: [
        { amountMinor: 15_000n, dueOn: '2026-01-14', number: 'F-1' },
        { amountMinor: -15_000n, dueOn: '2026-01-14', number: 'F-2' },
      ],
    }),
    // Has no address until one is found.
    Gray: await debtor('Gray', { email: null, items: [{ amountMinor: 25_000n, dueOn: '2026-01-14', number: 'G-1' }] }),
  };
}

const asAnn = { kind: 'user', id: ann, name: 'Ann', permissions: systemActor('').permissions } as const;
const within = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) => actIn(mailing, tenant, asAnn, fn);

/** What people and debtors do, by day; everything else happens by itself. */
function story(tenant: TenantId, cast: Cast): Readonly<Record<string, () => Promise<unknown>>> {
  const pay = (who: AnAccount, amount: bigint, reference: string) =>
    within(tenant, async (ctx) =>
      unwrap(
        await recordReceipt(ctx, {
          clientId: who.clientId,
          accountId: who.accountId,
          amount: usd(amount),
          receivedOn: calendarDate(ctx.at.toISOString().slice(0, 10)),
          method: 'bank_transfer',
          reference,
          source: 'hand',
          externalKey: `pay-${reference}`,
        }),
      ),
    );
  const callAndPromise = (who: AnAccount, amount: bigint, dueOn: string) =>
    within(tenant, async (ctx) => {
      const { task } = unwrap(await nextAccount(ctx, { queue: 'collector' }));
      expect(task?.accountId).toBe(who.accountId);
      unwrap(
        await logCall(ctx, {
          accountId: who.accountId,
          direction: 'out',
          outcome: 'conversation',
          taskId: task?.id ?? null,
          promise: { itemIds: who.itemIds, amount: usd(amount), dueOn: calendarDate(dueOn), graceDays: 3 },
        }),
      );
    });
  let dispute: Id<'hold'>;
  return {
    '2026-01-15': () => pay(cast.Brook, 20_000n, 'B-1'),
    '2026-01-19': async () => {
      const { rows } = await within(tenant, (ctx) =>
        sql<{ body_text: string }>`
          select body_text from outreach.messages_v where tenant_id = ${tenant} and account_id = ${cast.Egan.accountId}
          order by recorded_at desc limit 1`.execute(ctx.db),
      );
      const token = /\/u\/([\w.-]+)/.exec(rows[0]?.body_text ?? '')?.[1] ?? 'no link in the message';
      unwrap(await unsubscribe(mailing, token));
    },
    '2026-01-22': () =>
      within(tenant, async (ctx) => {
        const [, second] = cast.Brook.itemIds;
        const placed = await placeHold(ctx, {
          coverage: 'items',
          accountId: cast.Brook.accountId,
          itemIds: second ? [second] : [],
          reason: 'dispute',
          effects: ['stop_automatic'],
          source: { kind: 'test' },
        });
        dispute = unwrap(placed).holdId;
      }),
    '2026-01-27': () => callAndPromise(cast.Cole, 80_000n, '2026-02-02'),
    '2026-01-28': () => callAndPromise(cast.Dunn, 60_000n, '2026-02-03'),
    '2026-02-02': () => pay(cast.Cole, 80_000n, 'C-1'),
    '2026-02-05': () =>
      within(tenant, async (ctx) => {
        unwrap(
          await addContactPoint(ctx, {
            partyId: cast.Gray.partyId,
            kind: 'email',
            value: 'ap@gray.example',
            source: 'test',
          }),
        );
        await refreshFacts(ctx, { accountIds: [cast.Gray.accountId] });
      }),
    '2026-02-12': () =>
      within(tenant, async (ctx) =>
        unwrap(await releaseHold(ctx, { holdId: dispute, reason: 'goods accepted', rowVersion: 1n })),
      ),
    // Presidents' Day: nobody may be called, and somebody does.
    '2026-02-16': () =>
      within(tenant, async (ctx) =>
        unwrap(await logCall(ctx, { accountId: cast.Abel.accountId, direction: 'out', outcome: 'no_answer' })),
      ),
    '2026-03-02': () => pay(cast.Brook, 30_000n, 'B-2'),
    '2026-03-16': () => pay(cast.Dunn, 60_000n, 'D-1'),
  };
}

/** Everything that was written down about the tenant's debtors, one line each, in order of its day. */
async function diary(tenant: TenantId): Promise<string[]> {
  const day = (column: string) => sql`(${sql.raw(column)} at time zone 'America/New_York')::date`;
  const { rows } = await within(tenant, (ctx) =>
    sql<{ line: string }>`
      select e.on_day || ' ' || f.party_name || ': ' || e.what as line from (
        select p.account_id, p.planned_for as on_day, 1 as rank, 'plan ' || p.step_key || ' -> ' || p.state as what from strategy.plans_v p where p.tenant_id = ${tenant}
        union all select d.account_id, d.from_on, 0, d.outcome || ' ' || d.reason_code from strategy.decisions_v d where d.tenant_id = ${tenant}
        union all select x.account_id, ${day('m.finished_at')}, 2, 'e-mail ' || p.step_key || ' ' || m.state
          from outreach.messages_v m join outreach.message_plans_v x on x.tenant_id = ${tenant} and x.message_id = m.id
          join strategy.plans_v p on p.tenant_id = ${tenant} and p.id = x.plan_id where m.tenant_id = ${tenant} and m.state = 'sent'
        union all select t.account_id, t.due_on, 3, 'task ' || t.kind || ' -> ' || t.state from desk.tasks_v t where t.tenant_id = ${tenant}
        union all select c.account_id, ${day('c.effective_at')}, 4, 'call ' || c.outcome from desk.calls_v c where c.tenant_id = ${tenant}
        union all select r.account_id, r.received_on, 4, 'paid ' || r.reference from payments.receipts_v r where r.tenant_id = ${tenant}
        union all select h.account_id, ${day('h.effective_from')}, 5, 'hold ' || h.reason from accounts.holds_v h where h.tenant_id = ${tenant}
        union all select h.account_id, ${day('h.released_at')}, 5, 'hold ' || h.reason || ' released' from accounts.holds_v h where h.tenant_id = ${tenant} and h.released_at is not null
        union all select p.account_id, ${day('p.made_at')}, 6, 'promise made' from payments.promises_v p where p.tenant_id = ${tenant}
        union all select p.account_id, p.judged_on, 6, 'promise ' || p.state from payments.promises_v p where p.tenant_id = ${tenant} and p.judged_on is not null
        union all select a.id, ${day('p.recorded_at')}, 6, p.kind || case when p.address_key is null then '' else ' of the address' end from compliance.preferences_v p
          join accounts.accounts_v a on a.tenant_id = ${tenant} and a.cluster_id = p.cluster_id where p.tenant_id = ${tenant}
        union all select i.account_id, ${day('i.effective_at')}, 5, 'incident ' || i.kind from compliance.incidents_v i where i.tenant_id = ${tenant}
        union all select s.account_id, ${day('s.effective_at')}, 7, 'account ' || s.to_state from accounts.account_states_v s
          where s.tenant_id = ${tenant} and s.from_state is not null
      ) e join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = e.account_id
      order by e.on_day, f.party_name, e.rank, e.what`.execute(ctx.db),
  );
  return rows.map((row) => row.line);
}

/** Weekends, Martin Luther King's Day (19 January) and Presidents' Day (16 February) are closed: notices planned then go on the next working day. */
const expected = `
2026-01-05 Abel: act courtesy
2026-01-05 Abel: plan courtesy -> sent
2026-01-05 Abel: e-mail courtesy sent
2026-01-05 Brook: wait not_due
2026-01-05 Cole: act courtesy
2026-01-05 Cole: plan courtesy -> sent
2026-01-05 Cole: e-mail courtesy sent
2026-01-05 Dunn: act courtesy
2026-01-05 Dunn: plan courtesy -> sent
2026-01-05 Dunn: e-mail courtesy sent
2026-01-05 Egan: wait not_due
2026-01-05 Frost: wait not_due
2026-01-05 Gray: wait not_due
2026-01-06 Abel: wait already_at_level
2026-01-06 Cole: wait already_at_level
2026-01-06 Dunn: wait already_at_level
2026-01-07 Brook: act courtesy
2026-01-07 Brook: plan courtesy -> sent
2026-01-07 Brook: e-mail courtesy sent
2026-01-07 Cole: act reminder_1
2026-01-07 Cole: plan reminder_1 -> sent
2026-01-07 Cole: e-mail reminder_1 sent
2026-01-07 Dunn: act reminder_1
2026-01-07 Dunn: plan reminder_1 -> sent
2026-01-07 Dunn: e-mail reminder_1 sent
2026-01-08 Brook: wait already_at_level
2026-01-08 Cole: wait already_at_level
2026-01-08 Dunn: wait already_at_level
2026-01-09 Egan: act courtesy
2026-01-09 Egan: plan courtesy -> sent
2026-01-09 Egan: e-mail courtesy sent
2026-01-09 Frost: stop credit_covers
2026-01-09 Gray: stop no_contact_point
2026-01-10 Egan: wait already_at_level
2026-01-11 Abel: act reminder_1
2026-01-11 Abel: plan reminder_1 -> sent
2026-01-12 Abel: wait already_at_level
2026-01-12 Abel: e-mail reminder_1 sent
2026-01-13 Brook: act reminder_1
2026-01-13 Brook: plan reminder_1 -> sent
2026-01-13 Brook: e-mail reminder_1 sent
2026-01-13 Cole: act reminder_2
2026-01-13 Cole: plan reminder_2 -> sent
2026-01-13 Cole: e-mail reminder_2 sent
2026-01-13 Dunn: act reminder_2
2026-01-13 Dunn: plan reminder_2 -> sent
2026-01-13 Dunn: e-mail reminder_2 sent
2026-01-14 Brook: wait already_at_level
2026-01-14 Cole: wait already_at_level
2026-01-14 Dunn: wait already_at_level
2026-01-15 Brook: act courtesy
2026-01-15 Brook: plan courtesy -> sent
2026-01-15 Brook: e-mail courtesy sent
2026-01-15 Brook: paid B-1
2026-01-15 Egan: act reminder_1
2026-01-15 Egan: plan reminder_1 -> sent
2026-01-15 Egan: e-mail reminder_1 sent
2026-01-16 Brook: wait already_at_level
2026-01-16 Egan: wait already_at_level
2026-01-17 Abel: act reminder_2
2026-01-17 Abel: plan reminder_2 -> sent
2026-01-18 Abel: wait already_at_level
2026-01-19 Egan: opt_out
2026-01-19 Egan: opt_out of the address
2026-01-20 Abel: e-mail reminder_2 sent
2026-01-20 Cole: act reminder_3
2026-01-20 Cole: plan reminder_3 -> sent
2026-01-20 Cole: e-mail reminder_3 sent
2026-01-20 Dunn: act reminder_3
2026-01-20 Dunn: plan reminder_3 -> sent
2026-01-20 Dunn: e-mail reminder_3 sent
2026-01-21 Brook: act reminder_1
2026-01-21 Brook: plan reminder_1 -> sent
2026-01-21 Brook: e-mail reminder_1 sent
2026-01-21 Cole: wait already_at_level
2026-01-21 Dunn: wait already_at_level
2026-01-21 Egan: stop opt_out
2026-01-22 Brook: wait already_at_level
2026-01-22 Brook: hold dispute
2026-01-23 Brook: stop hold
2026-01-24 Abel: act reminder_3
2026-01-24 Abel: plan reminder_3 -> sent
2026-01-25 Abel: wait already_at_level
2026-01-26 Abel: e-mail reminder_3 sent
2026-01-27 Cole: act call
2026-01-27 Cole: plan call -> done
2026-01-27 Cole: task call -> done
2026-01-27 Cole: call conversation
2026-01-27 Cole: hold promise
2026-01-27 Cole: promise made
2026-01-27 Dunn: act call
2026-01-27 Dunn: plan call -> done
2026-01-27 Dunn: task call -> done
2026-01-28 Cole: stop promise
2026-01-28 Dunn: wait already_at_level
2026-01-28 Dunn: call conversation
2026-01-28 Dunn: hold promise
2026-01-28 Dunn: promise made
2026-01-29 Dunn: stop promise
2026-01-31 Abel: act call
2026-01-31 Abel: plan call -> planned
2026-01-31 Abel: task call -> open
2026-02-01 Abel: wait already_at_level
2026-02-02 Cole: paid C-1
2026-02-02 Cole: hold promise released
2026-02-02 Cole: promise kept
2026-02-02 Cole: account settled
2026-02-03 Cole: wait nothing_open
2026-02-04 Egan: act call
2026-02-04 Egan: plan call -> planned
2026-02-04 Egan: task call -> open
2026-02-04 Gray: act call
2026-02-04 Gray: plan call -> planned
2026-02-04 Gray: task call -> open
2026-02-05 Egan: wait already_at_level
2026-02-05 Gray: wait already_at_level
2026-02-07 Dunn: act demand
2026-02-07 Dunn: plan demand -> sent
2026-02-07 Dunn: hold promise released
2026-02-07 Dunn: promise broken
2026-02-08 Dunn: wait already_at_level
2026-02-09 Abel: act demand
2026-02-09 Abel: plan demand -> sent
2026-02-09 Abel: e-mail demand sent
2026-02-09 Dunn: e-mail demand sent
2026-02-10 Abel: wait already_at_level
2026-02-12 Brook: hold dispute released
2026-02-13 Brook: act call
2026-02-13 Brook: plan call -> void
2026-02-13 Brook: task call -> void
2026-02-13 Egan: stop opt_out
2026-02-13 Gray: act demand
2026-02-13 Gray: plan demand -> sent
2026-02-13 Gray: e-mail demand sent
2026-02-14 Brook: wait already_at_level
2026-02-14 Gray: wait already_at_level
2026-02-16 Abel: call no_answer
2026-02-16 Abel: incident contact_against_rules
2026-02-18 Abel: task call_back -> open
2026-02-19 Brook: act demand
2026-02-19 Brook: plan demand -> sent
2026-02-19 Brook: e-mail demand sent
2026-02-20 Brook: wait already_at_level
2026-02-20 Dunn: act final_notice
2026-02-20 Dunn: plan final_notice -> sent
2026-02-20 Dunn: e-mail final_notice sent
2026-02-21 Dunn: wait already_at_level
2026-02-24 Abel: act final_notice
2026-02-24 Abel: plan final_notice -> sent
2026-02-24 Abel: e-mail final_notice sent
2026-02-25 Abel: wait already_at_level
2026-02-28 Gray: act final_notice
2026-02-28 Gray: plan final_notice -> sent
2026-03-01 Gray: wait already_at_level
2026-03-02 Brook: paid B-2
2026-03-02 Brook: account settled
2026-03-02 Gray: e-mail final_notice sent
2026-03-03 Brook: wait nothing_open
2026-03-07 Dunn: act escalation
2026-03-07 Dunn: plan escalation -> void
2026-03-07 Dunn: task escalation -> void
2026-03-08 Dunn: wait already_at_level
2026-03-11 Abel: act escalation
2026-03-11 Abel: plan escalation -> planned
2026-03-11 Abel: task escalation -> open
2026-03-12 Abel: wait already_at_level
2026-03-15 Egan: act escalation
2026-03-15 Egan: plan escalation -> planned
2026-03-15 Egan: task escalation -> open
2026-03-15 Gray: act escalation
2026-03-15 Gray: plan escalation -> planned
2026-03-15 Gray: task escalation -> open
2026-03-16 Dunn: paid D-1
2026-03-16 Dunn: account settled
2026-03-16 Egan: wait already_at_level
2026-03-16 Gray: wait already_at_level
2026-03-17 Dunn: wait nothing_open
`;

it('tells 90 days of seven debtors, every event by name', { timeout: 300_000 }, async () => {
  const tenant = await database.freshTenant({ at: new Date('2026-01-05T15:00:00Z') });
  const other = await database.freshTenant({ at: new Date('2026-01-05T15:00:00Z') });
  const cast = await within(tenant, open);
  await within(tenant, async (ctx) => unwrap(await runDay(ctx)));
  await sendDue(mailing, tenant, asAnn);
  const acts = story(tenant, cast);
  for (let day: CalendarDate = FIRST_DAY; day < addDays(FIRST_DAY, DAYS); ) {
    await acts[day]?.();
    day = addDays(day, 1);
    unwrap(await moveTenantClock(mailing, tenant, asAnn, { to: day, run: true }));
  }
  expect(await diary(tenant)).toEqual(expected.trim().split('\n'));
  expect(await diary(other)).toEqual([]);
  await within(tenant, sealAudit);
  expect((await within(tenant, (ctx) => verify(ctx))).findings).toEqual([]);
});
