import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

export type TimelineSource =
  | 'message'
  | 'inbound'
  | 'call'
  | 'note'
  | 'receipt'
  | 'receipt_reversed'
  | 'allocated'
  | 'allocation_reversed'
  | 'promise'
  | 'promise_judged'
  | 'hold'
  | 'hold_released'
  | 'decision'
  | 'permit'
  | 'task'
  | 'task_closed'
  | 'state'
  | 'items'
  | 'incident'
  | 'wish'
  | 'case'
  | 'link'
  | 'link_ended'
  | 'merge'
  | 'merge_undone';

/** One thing that happened, with what is needed to say it. `data` is this file's own jsonb, shaped per source. */
export type TimelineRecord = {
  readonly at: Date;
  readonly source: TimelineSource;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Who did it: a member's name where the id is one, else as it was written. */
const actorName = (ctx: Ctx, id: RawBuilder<unknown>): RawBuilder<unknown> => sql`coalesce((
  select m.display_name from identity.members_v m where m.tenant_id = ${ctx.tenant} and m.user_id::text = ${id} limit 1), ${id})`;

/** A few item numbers, the rest counted: one entry stays one line however many items it is about. */
const itemNumbers = (ctx: Ctx, ids: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select jsonb_build_object('count', count(*), 'numbers', coalesce(jsonb_agg(n.number) filter (where n.place <= 3), '[]'::jsonb))
  from (select coalesce(i.number, 'unnumbered') as number, row_number() over (order by i.due_on, i.id) as place
    from accounts.items_v i where i.tenant_id = ${ctx.tenant} and i.id = any(${ids})) n)`;

const permitJson = sql`jsonb_build_object('decision', p.decision, 'act', p.act, 'channel', p.channel, 'reasons', p.reasons, 'pack_versions', p.pack_versions,
  'facts', p.facts, 'not_before', p.not_before, 'decided_at', p.decided_at)`;

const contact = (ctx: Ctx, account: RawBuilder<unknown>): RawBuilder<unknown>[] => [
  sql`select coalesce(m.finished_at, m.handed_over_at, m.sending_at, m.rendered_at) as at, 'message' as source, m.id,
      jsonb_build_object('subject', m.subject, 'recipient', m.recipient, 'state', m.state, 'reason', m.state_reason, 'automatic', m.automatic, 'mode', m.mode,
        'permit', (select ${permitJson} from compliance.permits_v p where p.tenant_id = ${ctx.tenant} and p.id = m.permit_id)) as data
    from outreach.messages_v m
    where m.tenant_id = ${ctx.tenant} and (m.account_id = ${account} or m.id in (
      select x.message_id from outreach.message_items_v x where x.tenant_id = ${ctx.tenant} and x.account_id = ${account}))`,
  sql`select b.effective_at, 'inbound', b.id, jsonb_build_object('from', b.from_address, 'subject', b.subject, 'body', left(b.body_text, 2000))
    from outreach.inbound_v b where b.tenant_id = ${ctx.tenant} and b.account_id = ${account}`,
  sql`select c.effective_at, 'call', c.id, jsonb_build_object('direction', c.direction, 'phone', c.phone, 'outcome', c.outcome, 'note', c.note,
      'incident', c.incident_id, 'actor', ${actorName(ctx, sql`c.actor_id`)},
      'permit', (select ${permitJson} from compliance.permits_v p where p.tenant_id = ${ctx.tenant} and p.id = c.permit_id))
    from desk.calls_v c where c.tenant_id = ${ctx.tenant} and c.account_id = ${account}`,
  sql`select p.decided_at, 'permit', p.id, ${permitJson}
    from compliance.permits_v p where p.tenant_id = ${ctx.tenant} and p.account_id = ${account} and p.decision <> 'allow' and p.act <> 'recorded_after'`,
  sql`select i.effective_at, 'incident', i.id, jsonb_build_object('summary', i.summary, 'state', i.state)
    from compliance.incidents_v i where i.tenant_id = ${ctx.tenant} and i.account_id = ${account}`,
  sql`select w.effective_from, 'wish', w.id, jsonb_build_object('kind', w.kind, 'channel', w.channel, 'source', w.source_kind, 'ended', w.ended_at)
    from accounts.accounts_v a
    join parties.clusters_v own on own.tenant_id = ${ctx.tenant} and own.id = a.cluster_id
    join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.root_id = own.root_id
    join compliance.preferences_v w on w.tenant_id = ${ctx.tenant} and w.cluster_id = k.id
    where a.tenant_id = ${ctx.tenant} and a.id = ${account}`,
];

const moneyMoves = (ctx: Ctx, account: RawBuilder<unknown>): RawBuilder<unknown>[] => [
  sql`select r.recorded_at, 'receipt', r.id, jsonb_build_object('amount', r.amount_minor::text, 'currency', r.currency, 'on', r.received_on, 'method', r.method,
      'reference', r.reference, 'payer', r.payer_name, 'source', r.source, 'actor', ${actorName(ctx, sql`r.recorded_by`)})
    from payments.receipts_v r where r.tenant_id = ${ctx.tenant} and r.account_id = ${account}`,
  // The reversal's own instant is that of its transfer back to the bank.
  sql`select t.recorded_at, 'receipt_reversed', r.id, jsonb_build_object('amount', r.amount_minor::text, 'currency', r.currency, 'on', r.reversed_on, 'reason', r.reversal_reason)
    from payments.receipts_v r
    join ledger.transfers_v t on t.tenant_id = ${ctx.tenant} and t.receipt_id = r.id and t.credit_kind = 'bank' and t.reverses_id is not null
    where r.tenant_id = ${ctx.tenant} and r.account_id = ${account} and r.state = 'reversed'`,
  sql`select g.at, 'allocated', g.ids[1], jsonb_build_object('amount', g.minor::text, 'currency', g.currency, 'method', g.method, 'reason', g.reason,
      'items', ${itemNumbers(ctx, sql`g.items`)})
    from (
      select a.recorded_at as at, array_agg(a.id order by a.id) as ids, sum(a.amount_minor) as minor, min(a.currency) as currency, a.method,
        min(a.reason) as reason, array_agg(a.item_id) as items
      from payments.allocations_v a where a.tenant_id = ${ctx.tenant} and a.account_id = ${account}
      group by a.receipt_id, a.recorded_at, a.method) g`,
  sql`select g.at, 'allocation_reversed', g.ids[1], jsonb_build_object('amount', g.minor::text, 'currency', g.currency, 'reason', g.reason,
      'items', ${itemNumbers(ctx, sql`g.items`)})
    from (
      select a.reversed_at as at, array_agg(a.id order by a.id) as ids, sum(a.amount_minor) as minor, min(a.currency) as currency,
        min(a.reversal_reason) as reason, array_agg(a.item_id) as items
      from payments.allocations_v a where a.tenant_id = ${ctx.tenant} and a.account_id = ${account} and a.reversed_at is not null
      group by a.receipt_id, a.reversed_at) g`,
  sql`select p.made_at, 'promise', p.id, jsonb_build_object('amount', p.amount_minor::text, 'currency', p.currency, 'due_on', p.due_on, 'grace_days', p.grace_days,
      'channel', p.channel, 'actor', p.made_by, 'items', ${itemNumbers(
        ctx,
        sql`array(
        select x.item_id from payments.promise_items_v x where x.tenant_id = ${ctx.tenant} and x.promise_id = p.id)`,
      )})
    from payments.promises_v p where p.tenant_id = ${ctx.tenant} and p.account_id = ${account}`,
  // A promise is judged in the transaction that releases its hold, which knows the instant.
  sql`select h.released_at, 'promise_judged', p.id, jsonb_build_object('state', p.state, 'reason', p.judged_reason)
    from payments.promises_v p join accounts.holds_v h on h.tenant_id = ${ctx.tenant} and h.id = p.hold_id
    where p.tenant_id = ${ctx.tenant} and p.account_id = ${account} and p.state <> 'open' and h.released_at is not null`,
];

const inside = (ctx: Ctx, account: RawBuilder<unknown>): RawBuilder<unknown>[] => [
  sql`select n.effective_at, 'note', n.id, jsonb_build_object('body', n.body, 'actor', n.actor_name)
    from desk.notes_v n where n.tenant_id = ${ctx.tenant} and n.account_id = ${account}`,
  sql`select h.recorded_at, 'hold', h.id, jsonb_build_object('reason', h.reason, 'effects', h.effects, 'coverage', h.coverage, 'note', h.note,
      'until', h.effective_to, 'actor', ${actorName(ctx, sql`h.placed_by`)})
    from accounts.holds_v h where h.tenant_id = ${ctx.tenant} and h.account_id = ${account} and h.source_kind <> 'promise'`,
  sql`select h.released_at, 'hold_released', h.id, jsonb_build_object('reason', h.reason, 'release_reason', h.release_reason)
    from accounts.holds_v h where h.tenant_id = ${ctx.tenant} and h.account_id = ${account} and h.source_kind <> 'promise' and h.released_at is not null`,
  sql`select d.recorded_at, 'decision', d.id, jsonb_build_object('outcome', d.outcome, 'reason_code', d.reason_code, 'step_key', d.step_key, 'facts', d.facts,
      'recorded_at', d.recorded_at, 'version', v.name || ' v' || v.version, 'step_title', (
        select s ->> 'title' from jsonb_array_elements(v.definition -> 'steps') s where s ->> 'key' = d.step_key limit 1))
    from strategy.decisions_v d join strategy.versions_v v on v.tenant_id = ${ctx.tenant} and v.id = d.version_id
    where d.tenant_id = ${ctx.tenant} and d.account_id = ${account}`,
  sql`select t.recorded_at, 'task', t.id, jsonb_build_object('title', t.title, 'reason', t.reason, 'due_on', t.due_on, 'queue', t.queue)
    from desk.tasks_v t where t.tenant_id = ${ctx.tenant} and t.account_id = ${account}`,
  sql`select t.closed_at, 'task_closed', t.id, jsonb_build_object('title', t.title, 'outcome', t.outcome, 'state', t.state, 'actor', ${actorName(ctx, sql`t.closed_by`)})
    from desk.tasks_v t where t.tenant_id = ${ctx.tenant} and t.account_id = ${account} and t.closed_at is not null`,
  sql`select s.effective_at, 'state', s.id, jsonb_build_object('from', s.from_state, 'to', s.to_state, 'reason', s.reason, 'actor', ${actorName(ctx, sql`s.actor_id`)})
    from accounts.account_states_v s where s.tenant_id = ${ctx.tenant} and s.account_id = ${account}`,
  sql`select g.at, 'items', g.ids[1], jsonb_build_object('amount', g.minor::text, 'currency', g.currency, 'items', ${itemNumbers(ctx, sql`g.ids`)})
    from (
      select i.recorded_at as at, array_agg(i.id order by i.id) as ids, sum(i.amount_minor) as minor, min(i.currency) as currency
      from accounts.items_v i where i.tenant_id = ${ctx.tenant} and i.account_id = ${account} group by i.recorded_at) g`,
];

/** What others the person has to do with: a case over several accounts, people linked, clusters merged. */
const together = (ctx: Ctx, account: RawBuilder<unknown>): RawBuilder<unknown>[] => [
  sql`select e.effective_at, 'case', e.id, jsonb_build_object('kind', e.kind, 'reason', e.reason, 'actor', ${actorName(ctx, sql`e.actor_id`)},
      'to', (select m.display_name from identity.members_v m where m.tenant_id = ${ctx.tenant} and m.user_id = e.assigned_to limit 1))
    from accounts.case_events_v e where e.tenant_id = ${ctx.tenant} and e.account_id = ${account}`,
  ...(['party_id', 'other_party_id'] as const).flatMap((side) => [
    sql`select l.recorded_at, 'link', l.id, ${linkJson(ctx, side, sql`l.recorded_by`, sql`l.note`)} from ${linksOf(ctx, account, side)}`,
    sql`select l.ended_at, 'link_ended', l.id, ${linkJson(ctx, side, sql`l.ended_by`, sql`l.end_reason`)} from ${linksOf(ctx, account, side)}
      where l.ended_at is not null`,
  ]),
  sql`select m.recorded_at, 'merge', m.id, jsonb_build_object('reason', m.reason, 'names', ${namesOf(ctx, sql`m.from_cluster_id`, sql`m.into_cluster_id`)})
    from ${mergesOf(ctx, account)}`,
  sql`select m.undone_at, 'merge_undone', m.id, jsonb_build_object('names', ${namesOf(ctx, sql`m.from_cluster_id`, sql`m.into_cluster_id`)})
    from ${mergesOf(ctx, account)} where m.undone_at is not null`,
];

const linksOf = (
  ctx: Ctx,
  account: RawBuilder<unknown>,
  side: 'party_id' | 'other_party_id',
): RawBuilder<unknown> => sql`
  (select a.party_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.id = ${account}) own
    join parties.party_links_v l on l.tenant_id = ${ctx.tenant} and l.${sql.ref(side)} = own.party_id`;

const linkJson = (
  ctx: Ctx,
  side: 'party_id' | 'other_party_id',
  actor: RawBuilder<unknown>,
  note: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`jsonb_build_object('role', l.role, 'direction', ${side === 'party_id' ? 'has' : 'is'}::text, 'note', ${note},
  'actor', ${actorName(ctx, actor)}, 'name', (select p.name from parties.parties_v p
    where p.tenant_id = ${ctx.tenant} and p.id = ${side === 'party_id' ? sql`l.other_party_id` : sql`l.party_id`}))`;

/** Merges of clusters that are, or by a merge undone were, the person's. */
const mergesOf = (ctx: Ctx, account: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (select k.id from accounts.accounts_v a
    join parties.clusters_v own on own.tenant_id = ${ctx.tenant} and own.id = a.cluster_id
    join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.root_id = own.root_id
    where a.tenant_id = ${ctx.tenant} and a.id = ${account}) mine
    join parties.cluster_merges_v m on m.tenant_id = ${ctx.tenant} and (m.from_cluster_id = mine.id or m.into_cluster_id = mine.id and m.undone_at is not null)`;

const namesOf = (ctx: Ctx, ...clusters: RawBuilder<unknown>[]): RawBuilder<unknown> => sql`(
  select jsonb_agg(n.name order by n.name) from (
    select distinct p.name from parties.parties_v p where p.tenant_id = ${ctx.tenant} and p.cluster_id in (${sql.join(clusters)}) limit 5) n)`;

/**
 * Everything that happened on an account before the cursor, newest first. Each source is read through its index by account, so the
 * cost is that of one account's history. What happened at the same instant is ordered by source and id, to page without gaps.
 */
export async function selectTimeline(
  ctx: Ctx,
  accountId: string,
  after: readonly (string | null)[] | null,
  limit: number,
): Promise<TimelineRecord[]> {
  const account = sql`${accountId}::uuid`;
  const [at, key] = after ?? [];
  const beyond =
    after === null ? sql`true` : sql`(e.at, e.source || ':' || e.id) < (${at}::timestamptz, ${key}::text collate "C")`;
  const sources = [
    ...contact(ctx, account),
    ...moneyMoves(ctx, account),
    ...inside(ctx, account),
    ...together(ctx, account),
  ];
  const { rows } = await sql<TimelineRecord>`
    select e.at, e.source, e.id, e.data
    from (select u.at, u.source collate "C" as source, u.id, u.data from (${sql.join(sources, sql` union all `)}) u) e
    where ${beyond}
    order by e.at desc, e.source || ':' || e.id desc
    limit ${limit}`.execute(ctx.db);
  return rows;
}
