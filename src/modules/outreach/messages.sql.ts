import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';

export type MessageState = 'rendered' | 'sending' | 'handed_over' | 'sent' | 'failed' | 'uncertain' | 'void' | 'denied';

export type NewMessage = {
  id: string;
  clientId: string;
  clusterId: string;
  partyId: string;
  accountId: string;
  senderId: string;
  channel: 'email' | 'letter';
  automatic: boolean;
  contactPointId: string;
  recipient: string;
  recipientKey: string;
  senderIdentity: string;
  templateId: string | null;
  language: string;
  subject: string;
  bodyText: string;
  bodyHtml: string;
  contentSha256: Buffer;
  messageIdHeader: string;
  epochs: string;
  contentVerdict: string | null;
  localOn: string;
  mode: 'capture' | 'smtp';
};

/** Inserts messages in state `rendered` and returns the ids that went in: one live automatic message per mailbox, client and day. */
export async function insertMessages(ctx: Ctx, messages: readonly NewMessage[]): Promise<Set<string>> {
  if (messages.length === 0) return new Set();
  const rows = messages.map(
    (
      m,
    ) => sql`(${ctx.tenant}, ${m.id}, ${m.clientId}, ${m.clusterId}, ${m.partyId}, ${m.accountId}, ${m.senderId}, ${m.channel}, ${m.automatic},
      ${m.contactPointId}, ${m.recipient}, ${m.recipientKey}, ${m.senderIdentity}, ${m.templateId}, ${m.language}, ${m.subject}, ${m.bodyText},
      ${m.bodyHtml}, ${m.contentSha256}, ${m.messageIdHeader}, ${m.epochs}::jsonb, ${m.contentVerdict}::jsonb, 'rendered', ${m.localOn}, ${m.mode}, ${ctx.at}, ${ctx.at})`,
  );
  const inserted = await sql<{ id: string }>`
    insert into outreach.messages (tenant_id, id, client_id, cluster_id, party_id, account_id, sender_id, channel, automatic, contact_point_id,
      recipient, recipient_key, sender_identity, template_id, language, subject, body_text, body_html, content_sha256, message_id_header, epochs, content_verdict,
      state, local_on, mode, rendered_at, recorded_at)
    values ${sql.join(rows)}
    on conflict do nothing returning id`.execute(ctx.db);
  return new Set(inserted.rows.map((row) => row.id));
}

export type MessageItem = {
  messageId: string;
  accountId: string;
  itemId: string;
  openMinor: bigint;
  currency: string;
  level: number | null;
};

const itemsPerStatement = 2_000;

export async function insertMessageItems(ctx: Ctx, items: readonly MessageItem[]): Promise<void> {
  for (let start = 0; start < items.length; start += itemsPerStatement) {
    const rows = items
      .slice(start, start + itemsPerStatement)
      .map(
        (i) =>
          sql`(${ctx.tenant}, ${newId()}, ${i.messageId}, ${i.accountId}, ${i.itemId}, ${i.openMinor}, ${i.currency}, ${i.level})`,
      );
    await sql`insert into outreach.message_items (tenant_id, id, message_id, account_id, item_id, open_minor, currency, level)
      values ${sql.join(rows)}`.execute(ctx.db);
  }
}

export async function insertMessagePlans(
  ctx: Ctx,
  plans: readonly { messageId: string; planId: string; accountId: string }[],
): Promise<void> {
  if (plans.length === 0) return;
  const rows = plans.map((p) => sql`(${ctx.tenant}, ${newId()}, ${p.messageId}, ${p.planId}, ${p.accountId})`);
  await sql`insert into outreach.message_plans (tenant_id, id, message_id, plan_id, account_id) values ${sql.join(rows)}`.execute(
    ctx.db,
  );
}

/** Removes texts that were put off before anything was asked of anybody: the permit keeps the story. */
export async function deleteRendered(ctx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from outreach.messages where tenant_id = ${ctx.tenant} and id = any(${[...ids]}::uuid[]) and state = 'rendered'`.execute(
    ctx.db,
  );
}

export async function updateSending(ctx: Ctx, permits: readonly { actId: string; permitId: string }[]): Promise<void> {
  if (permits.length === 0) return;
  await sql`update outreach.messages m set state = 'sending', permit_id = x.permit_id, sending_at = ${ctx.at}
    from unnest(${permits.map((p) => p.actId)}::uuid[], ${permits.map((p) => p.permitId)}::uuid[]) as x (id, permit_id)
    where m.tenant_id = ${ctx.tenant} and m.id = x.id and m.state = 'rendered'`.execute(ctx.db);
}

export async function updateDenied(
  ctx: Ctx,
  denied: readonly { actId: string; permitId: string; reason: string }[],
): Promise<void> {
  if (denied.length === 0) return;
  await sql`update outreach.messages m set state = 'denied', permit_id = x.permit_id, state_reason = x.reason, finished_at = ${ctx.at}
    from unnest(${denied.map((d) => d.actId)}::uuid[], ${denied.map((d) => d.permitId)}::uuid[], ${denied.map((d) => d.reason)}::text[])
      as x (id, permit_id, reason)
    where m.tenant_id = ${ctx.tenant} and m.id = x.id and m.state = 'rendered'`.execute(ctx.db);
}

/** Keeps texts that were refused for what they say, before any permit was asked. */
export async function updateRefused(
  ctx: Ctx,
  refused: readonly { readonly messageId: string; readonly reason: string }[],
): Promise<void> {
  if (refused.length === 0) return;
  await sql`update outreach.messages m set state = 'denied', state_reason = x.reason, finished_at = ${ctx.at}
    from unnest(${refused.map((one) => one.messageId)}::uuid[], ${refused.map((one) => one.reason)}::text[]) as x (id, reason)
    where m.tenant_id = ${ctx.tenant} and m.id = x.id and m.state = 'rendered'`.execute(ctx.db);
}

/** Locks messages, the last of the three lock levels, and returns their states. */
export async function lockMessages(ctx: Ctx, ids: readonly string[]): Promise<Map<string, MessageState>> {
  const { rows } = await sql<{ id: string; state: MessageState }>`
    select id, state from outreach.messages where tenant_id = ${ctx.tenant} and id = any(${[...ids]}::uuid[]) order by id for update`.execute(
    ctx.db,
  );
  return new Map(rows.map((row) => [row.id, row.state]));
}

/**
 * From `sending` to `handed_over`; returns the ids that moved. A message somebody voided meanwhile does not move, nor does one whose
 * account was stopped (its epoch is not the one it was written under) or whose client was, since the gate let it through: minutes may
 * lie between. Neither must be given to the provider.
 */
export async function updateHandedOver(ctx: Ctx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    update outreach.messages m set state = 'handed_over', handed_over_at = ${ctx.at}
    where m.tenant_id = ${ctx.tenant} and m.id = any(${[...ids]}::uuid[]) and m.state = 'sending'
      and not exists (
        select 1 from jsonb_each_text(m.epochs) e
        left join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = e.key::uuid
        where f.stop_epoch is distinct from e.value::bigint)
      and not exists (
        select 1 from accounts.wide_stops_v w
        where w.tenant_id = ${ctx.tenant} and w.released_at is null and w.effective_from <= ${ctx.at}
          and (w.client_id is null or w.client_id = m.client_id))
    returning m.id`.execute(ctx.db);
  return new Set(rows.map((row) => row.id));
}

export type FinalState = {
  id: string;
  state: 'sent' | 'failed' | 'uncertain' | 'void';
  reason: string | null;
  answer: string | null;
};

/** Moves messages on from one of `from`; returns the ids that moved. */
export async function updateFinished(
  ctx: Ctx,
  from: readonly MessageState[],
  ends: readonly FinalState[],
): Promise<Set<string>> {
  if (ends.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    update outreach.messages m set state = x.state, state_reason = x.reason, provider_answer = coalesce(x.answer, m.provider_answer), finished_at = ${ctx.at}
    from unnest(${ends.map((e) => e.id)}::uuid[], ${ends.map((e) => e.state)}::text[], ${ends.map((e) => e.reason)}::text[], ${ends.map((e) => e.answer)}::text[])
      as x (id, state, reason, answer)
    where m.tenant_id = ${ctx.tenant} and m.id = x.id and m.state = any(${[...from]}::text[])
    returning m.id`.execute(ctx.db);
  return new Set(rows.map((row) => row.id));
}

export type EventKind =
  | 'captured'
  | 'accepted'
  | 'refused'
  | 'connection_lost'
  | 'bounced'
  | 'opened'
  | 'unsubscribed'
  | 'resolved';

export async function insertEvents(
  ctx: Ctx,
  events: readonly { messageId: string; kind: EventKind; detail: string | null }[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(
    (e) => sql`(${ctx.tenant}, ${newId()}, ${e.messageId}, ${e.kind}, ${e.detail}, ${ctx.at}, ${ctx.at})`,
  );
  await sql`insert into outreach.delivery_events (tenant_id, id, message_id, kind, detail, effective_at, recorded_at)
    values ${sql.join(rows)}`.execute(ctx.db);
}

export type Interrupted = {
  readonly id: string;
  readonly state: 'sending' | 'handed_over';
  readonly accountId: string;
};

/** Messages a process left between its steps: older by the database's own clock than the given ages. */
export async function selectInterrupted(
  ctx: Ctx,
  ages: { sendingMs: number; handedOverMs: number },
  limit: number,
): Promise<Interrupted[]> {
  const { rows } = await sql<Interrupted>`
    select id, state, account_id as "accountId" from outreach.messages
    where tenant_id = ${ctx.tenant}
      and (state = 'sending' and created_at <= clock_timestamp() - make_interval(secs => ${ages.sendingMs / 1000}::float8)
        or state = 'handed_over' and created_at <= clock_timestamp() - make_interval(secs => ${ages.handedOverMs / 1000}::float8))
    order by id limit ${limit}`.execute(ctx.db);
  return rows;
}

/** Every account and plan a message speaks for. */
export async function selectReach(
  ctx: Ctx,
  ids: readonly string[],
): Promise<{ messageId: string; accountId: string; planId: string | null }[]> {
  const { rows } = await sql<{ messageId: string; accountId: string; planId: string | null }>`
    select m.id as "messageId", m.account_id as "accountId", null::uuid as "planId" from outreach.messages m
    where m.tenant_id = ${ctx.tenant} and m.id = any(${[...ids]}::uuid[])
    union all
    select p.message_id, p.account_id, p.plan_id from outreach.message_plans p
    where p.tenant_id = ${ctx.tenant} and p.message_id = any(${[...ids]}::uuid[])
    order by 2, 3`.execute(ctx.db);
  return rows;
}

export type MessageHead = {
  readonly id: string;
  readonly partyId: string;
  readonly accountId: string;
  readonly recipient: string;
  readonly recipientKey: string;
  readonly clientName: string;
  readonly state: MessageState;
  readonly stateReason: string | null;
  readonly handedOverAt: Date | null;
  readonly providerAnswer: string | null;
};

export async function findMessageHead(ctx: Ctx, messageId: string): Promise<MessageHead | null> {
  const { rows } = await sql<MessageHead>`
    select m.id, m.party_id as "partyId", m.account_id as "accountId", m.recipient, m.recipient_key as "recipientKey", c.name as "clientName", m.state,
           m.state_reason as "stateReason", m.handed_over_at as "handedOverAt", m.provider_answer as "providerAnswer"
    from outreach.messages m join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = m.client_id
    where m.tenant_id = ${ctx.tenant} and m.id = ${messageId}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** What all messages of the tenant come to, from the rows themselves. */
export const messageTallies = (ctx: Ctx): RawBuilder<unknown> => sql`
  select t.* from outreach.messages m cross join lateral outreach.message_tallies(m) t where m.tenant_id = ${ctx.tenant}`;
