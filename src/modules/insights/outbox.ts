import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { type Page, pageOf, readCursor } from './cursor.ts';
import type { Reference } from './list-accounts.ts';
import { type RowScope, withinScope } from './row-scope.ts';
import { type PermitRecord, type Why, whyOfPermit } from './why.ts';

export type MessageState = 'rendered' | 'sending' | 'handed_over' | 'sent' | 'failed' | 'uncertain' | 'void' | 'denied';

export type MessageRow = {
  readonly id: string;
  readonly accountId: string;
  readonly party: Reference;
  readonly client: Reference;
  readonly recipient: string;
  readonly subject: string;
  readonly state: MessageState;
  readonly stateReason: string | null;
  readonly mode: 'capture' | 'smtp';
  readonly automatic: boolean;
  /** The highest level among its items. */
  readonly level: number | null;
  readonly amounts: readonly { readonly amountMinor: bigint; readonly currency: string }[];
  readonly items: number;
  /** When it reached its state, as far as it got. */
  readonly at: Date;
};

export type Message = MessageRow & {
  readonly bodyText: string;
  readonly bodyHtml: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly permit: Why | null;
  readonly events: readonly { readonly kind: string; readonly detail: string | null; readonly at: Date }[];
};

type MessageRecord = Omit<MessageRow, 'party' | 'client' | 'amounts'> & {
  partyId: string; partyName: string; clientId: string; clientName: string; recordedAt: Date; amounts: { amountMinor: string; currency: string }[];
};

export type MessageFilter = {
  readonly state?: MessageState | undefined;
  readonly accountId?: string | undefined;
  /** Part of the recipient, the subject or the party's name. */
  readonly q?: string | undefined;
  readonly scope: RowScope;
};

/** Messages, newest first; `counts` by state for the whole scope. Refuses: `malformed` cursor. */
export async function listMessages(
  ctx: Ctx,
  asked: MessageFilter & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<Page<MessageRow> & { readonly counts: Readonly<Record<string, number>> }, 'malformed'>> {
  const after = readCursor(asked.cursor, ['instant', 'uuid']);
  if (!after.ok) return after;
  const [at, id] = after.value ?? [];
  const about = asked.accountId
    ? sql`(m.account_id = ${asked.accountId} or m.id in (
        select x.message_id from outreach.message_items_v x where x.tenant_id = ${ctx.tenant} and x.account_id = ${asked.accountId}))`
    : sql`true`;
  const wanted = asked.q?.trim().toLowerCase();
  const conditions = [
    withinScope('m.client_id', asked.scope),
    about,
    after.value === null ? sql`true` : sql`(m.recorded_at, m.id) < (${at}::timestamptz, ${id}::uuid)`,
    asked.state ? sql`m.state = ${asked.state}` : sql`true`,
    wanted ? sql`strpos(lower(m.recipient || ' ' || m.subject || ' ' || p.name), ${wanted}) > 0` : sql`true`,
  ];
  const records = await selectMessages(ctx, sql.join(conditions, sql` and `), asked.limit + 1);
  const counts = await sql<{ state: string; n: bigint }>`
    select m.state, count(*) as n from outreach.messages_v m
    where m.tenant_id = ${ctx.tenant} and ${withinScope('m.client_id', asked.scope)} and ${about} group by m.state`.execute(ctx.db);
  return ok({
    ...pageOf(records, asked.limit, (row) => [row.recordedAt.toISOString(), row.id], toMessageRow),
    counts: Object.fromEntries(counts.rows.map((row) => [row.state, Number(row.n)])),
  });
}

async function selectMessages(ctx: Ctx, condition: RawBuilder<unknown>, limit: number): Promise<MessageRecord[]> {
  const { rows } = await sql<MessageRecord>`
    select m.id, m.account_id as "accountId", m.party_id as "partyId", p.name as "partyName", m.client_id as "clientId", c.name as "clientName", m.recipient,
      m.subject, m.state, m.state_reason as "stateReason", m.mode, m.automatic, m.recorded_at as "recordedAt",
      coalesce(m.finished_at, m.handed_over_at, m.sending_at, m.rendered_at) as at, t.level, coalesce(t.items, 0)::int as items, coalesce(t.amounts, '[]'::jsonb) as amounts
    from outreach.messages_v m
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = m.client_id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = m.party_id
    left join lateral (
      select max(s.level) as level, sum(s.items) as items, jsonb_agg(jsonb_build_object('amountMinor', s.minor::text, 'currency', s.currency) order by s.currency) as amounts
      from (select x.currency, max(x.level) as level, count(*) as items, sum(x.open_minor) as minor
        from outreach.message_items_v x where x.tenant_id = ${ctx.tenant} and x.message_id = m.id group by x.currency) s) t on true
    where m.tenant_id = ${ctx.tenant} and ${condition}
    order by m.recorded_at desc, m.id desc limit ${limit}`.execute(ctx.db);
  return rows;
}

function toMessageRow(record: MessageRecord): MessageRow {
  const { partyId, partyName, clientId, clientName, recordedAt: _at, amounts, ...rest } = record;
  return {
    ...rest,
    party: { id: partyId, name: partyName },
    client: { id: clientId, name: clientName },
    amounts: amounts.map((amount) => ({ currency: amount.currency, amountMinor: BigInt(amount.amountMinor) })),
  };
}

/** One message exactly as it would look, with the permit it went out under and what became of it. Refuses: `not_found`. */
export async function getMessage(ctx: Ctx, messageId: string, scope: RowScope): Promise<Result<Message, 'not_found'>> {
  const [record] = await selectMessages(ctx, sql`m.id = ${messageId} and ${withinScope('m.client_id', scope)}`, 1);
  if (!record) return refuse('not_found', 'There is no such message.');
  const { rows } = await sql<{
    body_text: string; body_html: string; sender_identity: string; message_id_header: string; language: string; reply_to: string | null; from_name: string | null;
    from_address: string | null; at: Date; permit: (PermitRecord & { decided_at: string; not_before: string | null }) | null;
  }>`
    select m.body_text, m.body_html, m.sender_identity, m.message_id_header, m.language, s.reply_to, s.from_name, s.from_address,
      coalesce(m.handed_over_at, m.sending_at, m.rendered_at) as at, (
        select jsonb_build_object('decision', p.decision, 'act', p.act, 'channel', p.channel, 'reasons', p.reasons, 'pack_versions', p.pack_versions,
          'facts', p.facts, 'not_before', p.not_before, 'decided_at', p.decided_at)
        from compliance.permits_v p where p.tenant_id = ${ctx.tenant} and p.id = m.permit_id) as permit
    from outreach.messages_v m
    left join outreach.senders_v s on s.tenant_id = ${ctx.tenant} and s.id = m.sender_id
    where m.tenant_id = ${ctx.tenant} and m.id = ${messageId}`.execute(ctx.db);
  const full = rows[0];
  if (!full) throw new Error(`Message ${messageId} vanished within one transaction`);
  const events = await sql<{ kind: string; detail: string | null; at: Date }>`
    select e.kind, e.detail, e.effective_at as at from outreach.delivery_events_v e
    where e.tenant_id = ${ctx.tenant} and e.message_id = ${messageId} order by e.effective_at, e.id`.execute(ctx.db);
  const { permit } = full;
  return ok({
    ...toMessageRow(record),
    bodyText: full.body_text,
    bodyHtml: full.body_html,
    headers: [
      { name: 'From', value: full.from_address ? `${full.from_name ?? ''} <${full.from_address}>`.trim() : full.sender_identity },
      { name: 'To', value: record.recipient },
      ...(full.reply_to ? [{ name: 'Reply-To', value: full.reply_to }] : []),
      { name: 'Subject', value: record.subject },
      { name: 'Date', value: full.at.toUTCString() },
      { name: 'Message-ID', value: full.message_id_header },
      { name: 'Content-Language', value: full.language },
    ],
    permit: permit
      ? whyOfPermit({ ...permit, decided_at: new Date(permit.decided_at), not_before: permit.not_before ? new Date(permit.not_before) : null })
      : null,
    events: events.rows,
  });
}

export type PlanRow = {
  readonly id: string;
  readonly accountId: string;
  readonly party: Reference;
  readonly action: 'email' | 'call_task' | 'escalation';
  readonly stepKey: string;
  readonly level: number;
  readonly items: number;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly plannedFor: CalendarDate;
  readonly notBefore: Date | null;
  /** `void` also where the plan's stop epoch has been passed and nobody has tidied it yet. */
  readonly state: string;
  readonly stateReason: string | null;
};

/** Planned contacts, newest first. Refuses: `malformed` cursor. */
export async function listPlans(
  ctx: Ctx,
  asked: { readonly state?: string | undefined; readonly accountId?: string | undefined; readonly cursor?: string | undefined; readonly limit: number; readonly scope: RowScope },
): Promise<Result<Page<PlanRow>, 'malformed'>> {
  const after = readCursor(asked.cursor, ['date', 'uuid']);
  if (!after.ok) return after;
  const [on, id] = after.value ?? [];
  const { rows } = await sql<Omit<PlanRow, 'party'> & { partyId: string; partyName: string }>`
    select x.* from (
      select p.id, p.account_id as "accountId", p.party_id as "partyId", f.party_name as "partyName", p.action, p.step_key as "stepKey", p.level, p.item_count as items,
        p.amount_minor as "amountMinor", p.currency, p.planned_for as "plannedFor", p.not_before as "notBefore",
        case when p.state = 'planned' and p.stop_epoch < f.stop_epoch then 'void' else p.state end as state,
        case when p.state = 'planned' and p.stop_epoch < f.stop_epoch then 'Something has stopped contact since it was planned.' else p.state_reason end as "stateReason"
      from strategy.plans_v p join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
      where p.tenant_id = ${ctx.tenant} and ${withinScope('p.client_id', asked.scope)} and ${asked.accountId ? sql`p.account_id = ${asked.accountId}` : sql`true`}
        and ${after.value === null ? sql`true` : sql`(p.planned_for, p.id) < (${on}::date, ${id}::uuid)`}) x
    where ${asked.state ? sql`x.state = ${asked.state}` : sql`true`}
    order by x."plannedFor" desc, x.id desc limit ${asked.limit + 1}`.execute(ctx.db);
  return ok(
    pageOf(rows, asked.limit, (row) => [row.plannedFor, row.id], ({ partyId, partyName, ...row }) => ({ ...row, party: { id: partyId, name: partyName } })),
  );
}
