import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { answerReply, takeReply } from '../../src/flows/answer-notice.ts';
import type { Mailing } from '../../src/flows/hand-over.ts';
import { logCall } from '../../src/flows/log-call.ts';
import { moveTenantClock } from '../../src/flows/move-clock.ts';
import { previewCall } from '../../src/flows/next-account.ts';
import { sendNotice } from '../../src/flows/send-notice.ts';
import { unsubscribe } from '../../src/flows/unsubscribe.ts';
import { verify } from '../../src/flows/verify.ts';
import { addDays, type CalendarDate, calendarDate } from '../../src/kernel/calendar.ts';
import { stoppedClock } from '../../src/kernel/clock.ts';
import type { Ctx } from '../../src/kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../../src/kernel/ids.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { aClient } from '../../src/modules/accounts/testing.ts';
import {
  approveClassification,
  classifyClient,
  listReplies,
  prepareMissingNotices,
  recordStopRequest,
  saveCollectorProfile,
  stateEmailProcedure,
} from '../../src/modules/compliance/public.ts';
import { someCollector } from '../../src/modules/compliance/testing.ts';
import { actIn, systemActor } from '../../src/modules/identity/public.ts';
import { testInstallation } from '../../src/modules/identity/testing.ts';
import { readiness } from '../../src/modules/intake/public.ts';
import { ensureSender } from '../../src/modules/outreach/public.ts';
import { publishDefault } from '../../src/modules/strategy/public.ts';
import { testDatabase } from '../support/database.ts';
import { importing } from '../support/importing.ts';

const database = await testDatabase();
const { take } = importing(database);
const FIRST_DAY = calendarDate('2026-03-02');
const DAYS = 60;
// Monday, 10:00 in New York.
const opening = new Date('2026-03-02T15:00:00Z');
const mailing: Mailing = {
  ...testInstallation(database, stoppedClock(opening)),
  config: { publicUrl: 'https://dunwell.example' },
};
const person = (name: string) =>
  ({ kind: 'user', id: newId(), name, permissions: systemActor('').permissions }) as const;
const ann = person('Ann');
const ben = person('Ben');
const within = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, by: typeof ann = ann) =>
  actIn(mailing, tenant, by, fn);

/** Four people of Ohio, as the bank that placed their cards with the agency exports them. */
const file = `Customer ID,Customer name,Account number,Invoice number,Invoice date,Due date,Amount,Currency,Email,Phone,Address,Country,ZIP code,Debt type,Original creditor,Itemization date,Itemization date kind,Amount on itemization date,Interest since,Fees since,Payments since,Credits since,Date of last payment,Default date,Charge-off date,Contract kind,Contract date,Governing state,Attorney
1,Olga Ortiz,4111-0001,D1,2026-02-20,2026-02-27,912.40,USD,olga@gmail.com,+1 614 555 0101,"1 Elm Street, Columbus, OH",US,43004,Credit card,First Lantern Bank,2025-11-30,Charge-off,900.00,12.40,0,0,0,2025-05-02,2025-06-01,2025-11-30,open-ended,2019-03-04,Ohio,
2,Paul Park,4111-0002,D2,2026-02-20,2026-02-27,310.00,USD,paul@gmail.com,+1 614 555 0102,"2 Elm Street, Columbus, OH",US,43004,Credit card,First Lantern Bank,2025-11-30,Charge-off,300.00,10.00,0,0,0,2025-05-02,2025-06-01,2025-11-30,open-ended,2019-03-04,Ohio,
3,Quinn Quist,4111-0003,D3,2026-02-20,2026-02-27,1500.00,USD,quinn@quist-consulting.example,+1 614 555 0103,"3 Elm Street, Columbus, OH",US,43004,Credit card,First Lantern Bank,2025-11-30,Charge-off,1500.00,0,0,0,0,2025-05-02,2025-06-01,2025-11-30,open-ended,2019-03-04,Ohio,
4,Rita Reed,4111-0004,D4,2026-02-20,2026-02-27,640.00,USD,,+1 614 555 0104,"4 Elm Street, Columbus, OH",US,43004,Credit card,First Lantern Bank,2025-11-30,Charge-off,640.00,0,0,0,0,2025-05-02,2025-06-01,2025-11-30,open-ended,2019-03-04,Ohio,
5,Sam Stone,4111-0005,D5,2026-02-20,2026-02-27,75.00,USD,,+1 614 555 0105,"5 Elm Street, Columbus, OH",US,43004,Credit card,First Lantern Bank,2025-11-30,Charge-off,75.00,0,0,0,0,2025-05-02,2025-06-01,2025-11-30,open-ended,2019-03-04,Ohio,Dana Reyes
`;
type Name = 'Ortiz' | 'Park' | 'Quist' | 'Reed' | 'Stone';

type Office = {
  readonly tenant: TenantId;
  readonly clientId: Id<'client'>;
  readonly accounts: Readonly<Record<Name, Id<'account'>>>;
  /** What was asked and answered, one line each: a question leaves no row behind. */
  readonly said: string[];
};

async function open(tenant: TenantId): Promise<Office> {
  const clientId = await within(tenant, async (ctx) => {
    await publishDefault(ctx);
    await saveCollectorProfile(ctx, someCollector({ disclosures: [] }));
    const client = await aClient(ctx, { name: 'First Lantern Bank', kind: 'agency_customer' });
    await ensureSender(ctx, client.clientId);
    return client.clientId;
  });
  const done = await take(tenant, { clientId, text: file });
  expect(done.counts).toMatchObject({
    rejected: 0,
    accountsCreated: 5,
    debtsDescribed: 5,
    debtsWithoutLastDay: 0,
    legalEvents: 1,
  });
  const { rows } = await within(tenant, (ctx) =>
    sql<{
      name: Name;
      id: Id<'account'>;
    }>`select split_part(party_name, ' ', 2) as name, id from accounts.facts_v where tenant_id = ${tenant}`.execute(
      ctx.db,
    ),
  );
  const accounts = Object.fromEntries(rows.map(({ name, id }) => [name, id])) as Office['accounts'];
  return { tenant, clientId, accounts, said: [] };
}

const blockedBy = async ({ tenant, clientId }: Office) => {
  const { accounts, ready, blocked } = await within(tenant, (ctx) => readiness(ctx, [clientId]));
  return { accounts, ready, ...Object.fromEntries(blocked.map((one) => [one.reason, one.count])) };
};

/** What people do, by day; everything else happens by itself. Each question to the gate is written down with its answer. */
function story(office: Office): Readonly<Record<string, () => Promise<unknown>>> {
  const { tenant, accounts, said } = office;
  const write = (ctx: Ctx, name: Name, line: string) =>
    said.push(`${new Date(ctx.at.getTime() - 5 * 3_600_000).toISOString().slice(0, 10)} ${name}: ${line}`);
  const ask = (name: Name) =>
    within(tenant, async (ctx) => {
      const { call } = unwrap(await previewCall(ctx, accounts[name]));
      const reasons = (call?.reasons ?? []).map(({ ruleId, citation }) => `${ruleId} (${citation})`);
      const until = call?.notBefore ? ` until ${call.notBefore.toISOString()}` : '';
      write(ctx, name, `may I call? ${call?.decision}${until}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`);
      return call;
    });
  const call = (name: Name, outcome: 'no_answer' | 'conversation' | 'busy', after = false) =>
    within(tenant, async (ctx) => {
      const logged = unwrap(
        await logCall(ctx, {
          accountId: accounts[name],
          direction: 'out',
          outcome,
          ...(after && { afterTheFact: true }),
        }),
      );
      return logged;
    });
  const twice = async (name: Name) => {
    await call(name, 'no_answer');
    await call(name, 'no_answer');
  };
  const notices = () =>
    within(tenant, async (ctx) =>
      unwrap(await prepareMissingNotices(ctx, { clientId: office.clientId, channel: 'letter' })),
    );
  const noticeOf = async (name: Name) => {
    const { rows } = await within(tenant, (ctx) =>
      sql<{
        id: string;
      }>`select notice_id as id from compliance.notices_v where tenant_id = ${tenant} and account_id = ${accounts[name]}`.execute(
        ctx.db,
      ),
    );
    return rows[0]?.id ?? 'none';
  };
  return {
    '2026-03-02': async () => {
      // Nothing but the descriptions came with the file.
      expect(await blockedBy(office)).toEqual(expectedBefore);
      const signed = await within(tenant, async (ctx) =>
        unwrap(
          await classifyClient(ctx, {
            clientId: office.clientId,
            collector: 'third_party',
            evidence: 'Agency contract of 1 February',
            effectiveFrom: FIRST_DAY,
          }),
        ),
      );
      await within(tenant, async (ctx) => unwrap(await approveClassification(ctx, signed.classificationId)), ben);
      const { prepared, left } = await notices();
      expect(prepared).toHaveLength(4);
      expect(left.map(({ code, count }) => [code, count])).toEqual([['send_to_attorney', 1]]);
      for (const noticeId of prepared)
        expect(unwrap(await sendNotice(mailing, tenant, ann, noticeId)).state).toBe('sent');
      expect((await notices()).prepared).toEqual([]);
    },
    '2026-03-03': async () => {
      await ask('Ortiz');
      await ask('Stone');
    },
    '2026-03-04': () => twice('Ortiz'),
    '2026-03-05': () => twice('Ortiz'),
    // Seven calls within seven days, of which a busy tone is none.
    '2026-03-06': async () => {
      await call('Ortiz', 'busy');
      await twice('Ortiz');
    },
    '2026-03-09': async () => {
      await ask('Ortiz');
      await call('Ortiz', 'no_answer');
      await ask('Ortiz');
      // The creditor's notice about e-mail: it covers mailboxes anybody can have, and none a business provides.
      const stated = await within(tenant, async (ctx) =>
        unwrap(
          await stateEmailProcedure(ctx, {
            clientId: office.clientId,
            sentOn: calendarDate('2026-01-05'),
            optOutBy: calendarDate('2026-02-10'),
            evidence: 'Letter of the bank of 5 January, with the list of those who said no',
          }),
        ),
      );
      expect(stated).toEqual({ stated: 2, notPublic: 1 });
      expect(await blockedBy(office)).toEqual(expectedAfter);
    },
    '2026-03-11': async () => {
      await ask('Ortiz');
      await call('Ortiz', 'conversation');
      await ask('Ortiz');
    },
    // Rung from a private telephone all the same.
    '2026-03-13': () => call('Ortiz', 'no_answer', true),
    '2026-03-17': () => ask('Ortiz'),
    '2026-03-18': () => ask('Ortiz'),
    '2026-03-19': async () => {
      const { rows } = await within(tenant, (ctx) =>
        sql<{
          body_text: string;
        }>`select body_text from outreach.messages_v where tenant_id = ${tenant} and account_id = ${accounts.Park} and state = 'sent'
          and channel = 'email' order by recorded_at desc limit 1`.execute(ctx.db),
      );
      unwrap(
        await unsubscribe(mailing, /\/u\/([\w.-]+)/.exec(rows[0]?.body_text ?? '')?.[1] ?? 'no link in the message'),
      );
    },
    '2026-03-20': async () => {
      await ask('Quist');
      const noticeId = await noticeOf('Quist');
      await within(tenant, async (ctx) =>
        unwrap(
          await takeReply(ctx, {
            noticeId,
            receivedAt: ctx.at,
            medium: 'letter',
            disputes: 'whole',
            reasons: ['not_mine'],
            disputedItemIds: [],
            originalCreditor: false,
            spanish: false,
            paymentMinor: null,
            explanation: 'I never had this card.',
          }),
        ),
      );
      await ask('Quist');
    },
    '2026-04-02': async () => {
      await ask('Quist');
      await within(tenant, async (ctx) => {
        const [reply] = await listReplies(ctx, accounts.Quist);
        unwrap(
          await answerReply(ctx, {
            accountId: accounts.Quist,
            replyId: reply?.id ?? '',
            kind: 'verification',
            sentOn: calendarDate('2026-04-02'),
            evidence: 'Copy of the signed application and the last statements',
          }),
        );
      });
      await ask('Quist');
    },
    '2026-04-06': async () => {
      await ask('Reed');
      await within(tenant, async (ctx) => {
        const { rows } = await sql<{
          id: string;
        }>`select party_id as id from accounts.accounts_v where tenant_id = ${tenant} and id = ${accounts.Reed}`.execute(
          ctx.db,
        );
        unwrap(
          await recordStopRequest(ctx, {
            partyId: rows[0]?.id ?? '',
            stopping: { what: 'everything' },
            form: 'written',
            said: 'Do not contact me again.',
            sourceKind: 'staff',
          }),
        );
      });
      await ask('Reed');
    },
    '2026-04-29': async () => {
      for (const name of ['Ortiz', 'Park', 'Quist', 'Reed', 'Stone'] as const) await ask(name);
    },
  };
}

/** Everything that was written down about the five, one line each, in order of its day; refusals with rule and citation. */
async function diary({ tenant }: Pick<Office, 'tenant'>): Promise<string[]> {
  const day = (column: string) => sql`(${sql.raw(column)} at time zone 'America/New_York')::date`;
  const { rows } = await within(tenant, (ctx) =>
    sql<{ line: string }>`
      select distinct e.on_day || ' ' || split_part(f.party_name, ' ', 2) || ': ' || e.what as line from (
        select m.account_id, ${day('m.finished_at')} as on_day, m.channel || ' ' || m.state as what
          from outreach.messages_v m where m.tenant_id = ${tenant} and m.state = 'sent'
        union all select p.account_id, ${day('p.decided_at')}, p.channel || ' ' || (case p.decision when 'deny' then 'denied' else 'deferred' end) || ': ' || (
            select string_agg(distinct (r.value->>'ruleId') || ' (' || (r.value->>'citation') || ')', '; ') from jsonb_array_elements(p.reasons) r)
          from compliance.permits_v p where p.tenant_id = ${tenant} and p.decision <> 'allow'
        union all select n.account_id, n.provided_on, 'validation notice given, period ends ' || n.period_ends_on from compliance.notices_v n
          where n.tenant_id = ${tenant} and n.provided_on is not null
        union all select r.account_id, ${day('r.received_at')}, 'reply by ' || r.medium || ' disputes ' || r.disputes || case when r.stops_collection then ', collection stops' else '' end
          from compliance.notice_replies_v r where r.tenant_id = ${tenant}
        union all select a.account_id, ${day('a.recorded_at')}, a.kind || ' sent' from compliance.notice_answers_v a where a.tenant_id = ${tenant}
        union all select c.account_id, ${day('c.effective_at')}, 'call ' || c.outcome || case when c.n > 1 then ' x' || c.n else '' end from (
            select c.account_id, c.outcome, min(c.effective_at) as effective_at, count(*) as n from desk.calls_v c where c.tenant_id = ${tenant}
            group by c.account_id, c.outcome, c.effective_at::date) c
        union all select h.account_id, ${day('h.effective_from')}, 'hold ' || h.reason from accounts.holds_v h where h.tenant_id = ${tenant} and h.account_id is not null
        union all select h.account_id, ${day('h.released_at')}, 'hold ' || h.reason || ' released' from accounts.holds_v h where h.tenant_id = ${tenant}
          and h.released_at is not null and h.account_id is not null
        union all select a.id, ${day('p.recorded_at')}, p.kind || coalesce(' of ' || p.channel, '') || case when p.address_key is null then '' else ' at the address' end
          from compliance.preferences_v p join accounts.accounts_v a on a.tenant_id = ${tenant} and a.cluster_id = p.cluster_id where p.tenant_id = ${tenant}
        union all select a.id, ${day('l.recorded_at')}, l.type from compliance.legal_events_v l
          join accounts.accounts_v a on a.tenant_id = ${tenant} and a.cluster_id = l.cluster_id where l.tenant_id = ${tenant}
        union all select i.account_id, ${day('i.effective_at')}, 'incident ' || i.kind from compliance.incidents_v i where i.tenant_id = ${tenant}
      ) e join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = e.account_id
      order by 1`.execute(ctx.db),
  );
  return rows.map((row) => row.line);
}

const expectedBefore = {
  accounts: 5,
  ready: 0,
  no_email: 2,
  no_email_procedure: 3,
  no_notice: 5,
  not_signed: 5,
  no_consent: 5,
};
// Quist's mailbox is at a business; Stone has no notice because nobody knows where the attorney is.
const expectedAfter = { accounts: 5, ready: 2, no_email: 2, no_email_procedure: 1, no_notice: 1, no_consent: 5 };
/** Without a procedure no e-mail; the mailbox of a business stays closed; a letter and a call are free until something stands against them. */
const expected = `
2026-03-02 Ortiz: letter sent
2026-03-02 Ortiz: validation notice given, period ends 2026-04-08
2026-03-02 Park: letter sent
2026-03-02 Park: validation notice given, period ends 2026-04-08
2026-03-02 Quist: letter sent
2026-03-02 Quist: validation notice given, period ends 2026-04-08
2026-03-02 Reed: letter sent
2026-03-02 Reed: validation notice given, period ends 2026-04-08
2026-03-02 Stone: attorney_notice
2026-03-03 Ortiz: email denied: US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-03-03 Park: email denied: US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-03-03 Quist: email denied: US-REGF-22F-WORKEMAIL (12 CFR 1006.22(f)(3)); US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-03-04 Ortiz: call no_answer x2
2026-03-05 Ortiz: call no_answer x2
2026-03-06 Ortiz: call busy
2026-03-06 Ortiz: call no_answer x2
2026-03-06 Ortiz: email denied: US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-03-06 Park: email denied: US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-03-06 Quist: email denied: US-REGF-22F-WORKEMAIL (12 CFR 1006.22(f)(3)); US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-03-09 Ortiz: call no_answer
2026-03-09 Ortiz: creditor_email_notice
2026-03-09 Park: creditor_email_notice
2026-03-11 Ortiz: call conversation
2026-03-13 Ortiz: call deferred: US-REGF-14B-POSTCONV (15 USC 1692d(5); 12 CFR 1006.14(b)(2)(i)(B), (3), (4); cmts. 14(b)(2)(i)-1.ii, 14(b)(3)(i)-3)
2026-03-13 Ortiz: call no_answer
2026-03-13 Ortiz: email sent
2026-03-13 Ortiz: incident contact_against_rules
2026-03-13 Park: email sent
2026-03-13 Quist: email denied: US-REGF-22F-WORKEMAIL (12 CFR 1006.22(f)(3)); US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-03-19 Park: opt_out of email
2026-03-19 Park: opt_out of email at the address
2026-03-20 Quist: hold dispute
2026-03-20 Quist: reply by letter disputes whole, collection stops
2026-03-29 Ortiz: email sent
2026-04-02 Quist: hold dispute released
2026-04-02 Quist: verification sent
2026-04-03 Quist: email denied: US-REGF-22F-WORKEMAIL (12 CFR 1006.22(f)(3)); US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
2026-04-06 Reed: cease
2026-04-13 Ortiz: email sent
2026-04-13 Quist: email denied: US-REGF-22F-WORKEMAIL (12 CFR 1006.22(f)(3)); US-REGF-6D4-EMAIL (12 CFR 1006.6(d)(3)-(4); cmts. 6(d)(4)(ii)(C)-1 to 6(d)(4)(iii)-1)
`;
/** The eighth call within seven days waits for the first day on which the count fits; after a conversation, for the eighth day. */
const expectedAnswers = `
2026-03-03 Ortiz: may I call? allow
2026-03-03 Stone: may I call? deny: US-REGF-6B2-ATTORNEY (15 USC 1692c(a)(2); 12 CFR 1006.6(b)(2); cmt. 6(b)(2)-1)
2026-03-09 Ortiz: may I call? allow
2026-03-09 Ortiz: may I call? defer until 2026-03-11T12:00:00.000Z: US-REGF-14B-7IN7 (15 USC 1692d(5); 12 CFR 1006.14(b)(1)(i), (2)(i)(A), (3), (4); cmts. 14(b)(2)(i)-1 to 14(b)(4)-2)
2026-03-11 Ortiz: may I call? allow
2026-03-11 Ortiz: may I call? defer until 2026-03-18T12:00:00.000Z: US-REGF-14B-POSTCONV (15 USC 1692d(5); 12 CFR 1006.14(b)(2)(i)(B), (3), (4); cmts. 14(b)(2)(i)-1.ii, 14(b)(3)(i)-3)
2026-03-17 Ortiz: may I call? defer until 2026-03-18T12:00:00.000Z: US-REGF-14B-POSTCONV (15 USC 1692d(5); 12 CFR 1006.14(b)(2)(i)(B), (3), (4); cmts. 14(b)(2)(i)-1.ii, 14(b)(3)(i)-3)
2026-03-18 Ortiz: may I call? allow
2026-03-20 Quist: may I call? allow
2026-03-20 Quist: may I call? deny: B2B-HOLD-CONTACT (For bankruptcy 11 USC 362(a)(6); otherwise house limit); US-REGF-38-DISPUTE (15 USC 1692g(b); 12 CFR 1006.38(d)(2); cmts. 38-3, 38(a)(1)-1, -2)
2026-04-02 Quist: may I call? deny: B2B-HOLD-CONTACT (For bankruptcy 11 USC 362(a)(6); otherwise house limit); US-REGF-38-DISPUTE (15 USC 1692g(b); 12 CFR 1006.38(d)(2); cmts. 38-3, 38(a)(1)-1, -2)
2026-04-02 Quist: may I call? allow
2026-04-06 Reed: may I call? allow
2026-04-06 Reed: may I call? deny: B2B-OPT-OUT (16 CFR 316.5 (commercial mail); UK PECR regs 19-22; Directive 2002/58/EC art. 13; house limit for every message); US-REGF-6C-CEASE (15 USC 1692c(c); 12 CFR 1006.6(c); cmts. 6(c)(1)-1, -2, 6(c)(2)-1)
2026-04-29 Ortiz: may I call? allow
2026-04-29 Park: may I call? allow
2026-04-29 Quist: may I call? allow
2026-04-29 Reed: may I call? deny: B2B-OPT-OUT (16 CFR 316.5 (commercial mail); UK PECR regs 19-22; Directive 2002/58/EC art. 13; house limit for every message); US-REGF-6C-CEASE (15 USC 1692c(c); 12 CFR 1006.6(c); cmts. 6(c)(1)-1, -2, 6(c)(2)-1)
2026-04-29 Stone: may I call? deny: US-REGF-6B2-ATTORNEY (15 USC 1692c(a)(2); 12 CFR 1006.6(b)(2); cmt. 6(b)(2)-1)
`;

it('tells 60 days of a consumer agency under Regulation F, every event and every refusal with its citation', {
  timeout: 300_000,
}, async () => {
  const tenant = await database.freshTenant({ at: opening });
  const other = await database.freshTenant({ at: opening });
  const office = await open(tenant);
  const acts = story(office);
  for (let day: CalendarDate = FIRST_DAY; ; ) {
    await acts[day]?.();
    day = addDays(day, 1);
    if (day >= addDays(FIRST_DAY, DAYS)) break;
    unwrap(await moveTenantClock(mailing, tenant, ann, { to: day, run: true }));
  }
  expect(office.said).toEqual(expectedAnswers.trim().split('\n'));
  expect(await diary(office)).toEqual(expected.trim().split('\n'));
  expect(await diary({ tenant: other })).toEqual([]);
  // Sealing is a background step that no worker takes here.
  const { findings } = await within(tenant, (ctx) => verify(ctx));
  expect(findings.filter((one) => one.check !== 'unsealed')).toEqual([]);
});
