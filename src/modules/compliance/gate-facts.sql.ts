import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { CollectorType, EventFact } from './gate-facts.ts';
import type { Channel } from './proposal.ts';

export type PersonRow = {
  id: string;
  cluster_id: string;
  root_cluster_id: string;
  kind: 'person' | 'business';
  name: string;
  country: string | null;
  region: string | null;
  time_zone: string | null;
};

export async function selectPersons(ctx: Ctx, partyIds: readonly string[]): Promise<PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    select id, cluster_id, root_cluster_id, kind, name, country, region, time_zone from parties.parties_v
    where tenant_id = ${ctx.tenant} and id = any(${[...partyIds]}::uuid[])`.execute(ctx.db);
  return rows;
}

export type ClientRow = {
  id: string;
  kind: 'own_entity' | 'agency_customer' | 'portfolio_owner';
  classified: CollectorType | null;
  country: string;
  time_zone: string;
  feed_through: Date | null;
  feed_max_age_hours: number | null;
};

/** Clients, with the classification that two people signed and that is in effect at `asOf`. */
export async function selectClients(ctx: Ctx, clientIds: readonly string[], asOf: Date): Promise<ClientRow[]> {
  const { rows } = await sql<ClientRow>`
    select c.id, c.kind, c.country, c.time_zone, c.feed_through, c.feed_max_age_hours, (
        select k.collector from compliance.classifications k
        where k.tenant_id = ${ctx.tenant} and k.client_id = c.id and k.approved_by is not null and k.effective_from <= ${asOf}::date
        order by k.effective_from desc, k.id desc limit 1) as classified
    from accounts.clients_v c
    where c.tenant_id = ${ctx.tenant} and c.id = any(${[...clientIds]}::uuid[])`.execute(ctx.db);
  return rows;
}

export type AddressRow = {
  id: string;
  kind: string;
  value_key: string;
  label: string | null;
  quality: string;
  ended_at: Date | null;
};

export async function selectAddresses(ctx: Ctx, contactPointIds: readonly string[]): Promise<AddressRow[]> {
  const { rows } = await sql<AddressRow>`
    select id, kind, value_key, label, quality, ended_at from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and id = any(${[...contactPointIds]}::uuid[])`.execute(ctx.db);
  return rows;
}

export type AccountRow = {
  id: string;
  party_id: string;
  debt_kind: 'commercial' | 'consumer';
  oldest_open_due_on: string | null;
  last_contact_at: Date | null;
  described: boolean;
  product: string | null;
  charged_off_on: string | null;
  servicing_group: string | null;
  principal_minor: bigint | null;
  last_day_to_sue: string | null;
  limitation: unknown;
  account_number: string;
  state: string;
  sensitive: boolean;
  balance_minor: bigint;
  credit_minor: bigint;
  silenced: boolean;
};

/**
 * From when a hold holds. One that was placed after this clock was read, by somebody who had the locks first, holds by now; one placed for a
 * later day holds from that day.
 */
const holdFrom = (ctx: Ctx) =>
  sql`case when h.recorded_at > ${ctx.at} and h.effective_from <= h.recorded_at then least(h.effective_from, ${ctx.at}) else h.effective_from end`;

/** Accounts, and whether each item that is open on them is under a hold of items, in force at `asOf`, that stops all contact. */
export async function selectAccounts(ctx: Ctx, accountIds: readonly string[], asOf: Date): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    with covered as (
      select h.account_id, hi.item_id from accounts.holds_v h
      join accounts.hold_items_v hi on hi.tenant_id = ${ctx.tenant} and hi.hold_id = h.id
      where h.tenant_id = ${ctx.tenant} and h.account_id = any(${[...accountIds]}::uuid[]) and h.coverage = 'items'
        and 'stop_contact' = any(h.effects) and ${holdFrom(ctx)} <= ${asOf}
        and (h.effective_to is null or h.effective_to > ${asOf}) and (h.released_at is null or h.released_at > ${asOf}))
    select f.id, a.party_id, a.debt_kind, f.account_number, f.state, f.sensitive, f.balance_minor, f.credit_minor, f.oldest_open_due_on,
      f.last_contact_at, d.id is not null as described, d.product, d.charged_off_on, d.servicing_group, d.principal_minor, d.last_day_to_sue,
      d.limitation,
      exists (select 1 from covered d where d.account_id = f.id) and not exists (
        select 1 from accounts.items_v i where i.tenant_id = ${ctx.tenant} and i.account_id = f.id and i.open_minor > 0
          and not exists (select 1 from covered d where d.item_id = i.id)) as silenced
    from accounts.facts_v f
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = f.id
    left join compliance.debts d on d.tenant_id = ${ctx.tenant} and d.id = f.id
    where f.tenant_id = ${ctx.tenant} and f.id = any(${[...accountIds]}::uuid[])`.execute(ctx.db);
  return rows;
}

export type HoldRow = {
  id: string;
  root_id: string;
  reason: string;
  effects: string[];
  coverage: 'party' | 'account' | 'items';
  account_id: string | null;
  effective_from: Date;
  effective_to: Date | null;
};

/**
 * Holds not released by `asOf`, of everyone in the clusters: rows keep the cluster they were born with, hence the join to the root. One
 * released since then ended when it was released.
 */
export async function selectHolds(ctx: Ctx, rootIds: readonly string[], asOf: Date): Promise<HoldRow[]> {
  const { rows } = await sql<HoldRow>`
    select h.id, c.root_id, h.reason, h.effects, h.coverage, h.account_id, ${holdFrom(ctx)} as effective_from, least(h.effective_to, h.released_at) as effective_to
    from parties.clusters_v c
    join accounts.holds_v h on h.tenant_id = ${ctx.tenant} and h.cluster_id = c.id and (h.released_at is null or h.released_at > ${asOf})
    where c.tenant_id = ${ctx.tenant} and c.root_id = any(${[...rootIds]}::uuid[])
    order by h.id`.execute(ctx.db);
  return rows;
}

export type WideStopRow = { id: string; scope: string; client_id: string | null; reason: string; effective_from: Date };

/** Wide stops in force by `asOf`; one placed since this clock was read is in force by now. */
export async function selectWideStops(ctx: Ctx, asOf: Date): Promise<WideStopRow[]> {
  const { rows } = await sql<WideStopRow>`
    select id, scope, client_id, reason, least(effective_from, ${ctx.at}) as effective_from from accounts.wide_stops_v
    where tenant_id = ${ctx.tenant} and (released_at is null or released_at > ${asOf}) order by id`.execute(ctx.db);
  return rows;
}

export type PreferenceRow = {
  id: string;
  root_id: string;
  kind: 'opt_out' | 'inconvenient_time' | 'inconvenient_place' | 'language' | 'cease';
  channel: string | null;
  address_key: string | null;
  detail: Record<string, unknown>;
  effective_from: Date;
};

/** Choices of the clusters, and of anyone else about the same addresses: a mailbox that opted out is closed for all who share it. */
export async function selectPreferences(
  ctx: Ctx,
  rootIds: readonly string[],
  addressKeys: readonly string[],
  asOf: Date,
): Promise<PreferenceRow[]> {
  const { rows } = await sql<PreferenceRow>`
    select p.id, c.root_id, p.kind, p.channel, p.address_key, p.detail, p.effective_from
    from parties.clusters_v c
    join compliance.preferences p on p.tenant_id = ${ctx.tenant} and p.cluster_id = c.id
    where c.tenant_id = ${ctx.tenant} and c.root_id = any(${[...rootIds]}::uuid[])
      and (p.ended_at is null or p.ended_at > ${asOf})
    union
    select p.id, c.root_id, p.kind, p.channel, p.address_key, p.detail, p.effective_from
    from compliance.preferences p
    join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = p.cluster_id
    where p.tenant_id = ${ctx.tenant} and p.address_key = any(${[...addressKeys]}::text[])
      and (p.ended_at is null or p.ended_at > ${asOf})
    order by 1`.execute(ctx.db);
  return rows;
}

export type ConsentRow = {
  id: string;
  root_id: string;
  recipient_kind: 'tenant' | 'client' | 'prior_collector';
  client_id: string | null;
  account_id: string | null;
  channel: string;
  address_key: string | null;
  scope: string;
  detail: EventFact;
  effective_from: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
};

/** Consents of the clusters; one taken back since this clock was read is taken back by now. */
export async function selectConsents(ctx: Ctx, rootIds: readonly string[]): Promise<ConsentRow[]> {
  const { rows } = await sql<ConsentRow>`
    select n.id, c.root_id, n.recipient_kind, n.client_id, n.account_id, n.channel, n.address_key, n.scope, n.detail, n.effective_from, n.expires_at,
           case when n.revoked_at > ${ctx.at} then ${ctx.at} else n.revoked_at end as revoked_at
    from parties.clusters_v c
    join compliance.consents n on n.tenant_id = ${ctx.tenant} and n.cluster_id = c.id
    where c.tenant_id = ${ctx.tenant} and c.root_id = any(${[...rootIds]}::uuid[])
    order by n.id`.execute(ctx.db);
  return rows;
}

export type ContactRow = {
  root_id: string;
  direction: 'out' | 'in';
  channel: Channel;
  automatic: boolean;
  client_id: string;
  account_id: string;
  address_key: string | null;
  party_id: string;
  conversation: boolean;
  detail: EventFact;
  local_on: string;
  effective_at: Date;
};

/**
 * What counts, of the clusters and of anyone at these addresses: reserved entries too, because an act whose outcome is not known may
 * have reached the person. What the person sent counts however old it is: it may have opened the address it came from.
 */
export async function selectContacts(
  ctx: Ctx,
  rootIds: readonly string[],
  addressKeys: readonly string[],
  since: Date,
): Promise<ContactRow[]> {
  const { rows } = await sql<ContactRow>`
    with counted as (
      select r.id, c.root_id from parties.clusters_v c
      join compliance.register_v r on r.tenant_id = ${ctx.tenant} and r.cluster_id = c.id
      where c.tenant_id = ${ctx.tenant} and c.root_id = any(${[...rootIds]}::uuid[])
        and (r.effective_at >= ${since} or r.direction = 'in') and r.status in ('reserved', 'counted')
      union
      select r.id, c.root_id from compliance.register_v r
      join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = r.cluster_id
      where r.tenant_id = ${ctx.tenant} and r.address_key = any(${[...addressKeys]}::text[]) and r.effective_at >= ${since}
        and r.status in ('reserved', 'counted'))
    select n.root_id, r.direction, r.channel, coalesce(p.act = 'automatic_message', false) as automatic, r.client_id, r.account_id,
           r.address_key, r.party_id, r.conversation, r.detail, r.local_on, r.effective_at
    from counted n
    join compliance.register_v r on r.tenant_id = ${ctx.tenant} and r.id = n.id
    left join compliance.permits p on p.tenant_id = ${ctx.tenant} and p.id = r.permit_id
    order by r.effective_at desc, r.id desc`.execute(ctx.db);
  return rows;
}

export type RuleChangeRow = {
  id: string;
  kind: 'tightening' | 'replacement';
  rule_id: string;
  rule_part: string | null;
  mode: 'on' | 'off' | null;
  parameters: Record<string, unknown>;
  effective_from: string;
  effective_to: string | null;
};

/**
 * Approved changes of rules: tightenings in force that day, and replacements of any day, which are texts with dates of their own: an
 * opening lies ahead, and what is written down afterwards lies back.
 */
export async function selectRuleChanges(ctx: Ctx): Promise<RuleChangeRow[]> {
  const on = ctx.at.toISOString().slice(0, 10);
  const { rows } = await sql<RuleChangeRow>`
    select id, kind, rule_id, rule_part, mode, parameters, effective_from::text as effective_from, effective_to::text as effective_to
    from compliance.rule_changes
    where tenant_id = ${ctx.tenant} and state in ('approved', 'withdrawal_asked', 'withdrawn', 'superseded')
      and (effective_to is null or effective_to > effective_from)
      and (kind = 'replacement' or (effective_from <= ${on} and (effective_to is null or effective_to > ${on})))
    order by id`.execute(ctx.db);
  return rows;
}

export type LegalEventRow = {
  root_id: string;
  type: string;
  account_ids: string[] | null;
  about_party_id: string | null;
  channel: string | null;
  address_key: string | null;
  detail: EventFact;
  effective_at: Date;
};

/**
 * What happened to the people of these clusters that the law gives weight to, as it was known by `asOf`; null: all that is known. What
 * was written down after this clock was read has happened by now.
 */
export async function selectLegalEvents(
  ctx: Ctx,
  rootIds: readonly string[],
  asOf: Date | null,
): Promise<LegalEventRow[]> {
  const { rows } = await sql<LegalEventRow>`
    select c.root_id, e.type, e.account_ids, e.about_party_id, e.channel, e.address_key, e.detail,
           case when e.recorded_at > ${ctx.at} then least(e.effective_at, ${ctx.at}) else e.effective_at end as effective_at
    from parties.clusters_v c
    join compliance.legal_events e on e.tenant_id = ${ctx.tenant} and e.cluster_id = c.id
    where c.tenant_id = ${ctx.tenant} and c.root_id = any(${[...rootIds]}::uuid[]) and (${asOf}::timestamptz is null or e.recorded_at <= ${asOf})
    order by e.effective_at, e.id`.execute(ctx.db);
  return rows;
}

export type NoticeEventRow = {
  account_id: string;
  type:
    | 'validation_notice'
    | 'returned'
    | 'dispute'
    | 'original_creditor_request'
    | 'verification_sent'
    | 'original_creditor_info_sent';
  at: Date;
  period_ends_on: string | null;
  timely: boolean | null;
  written: boolean | null;
  partial: boolean | null;
};

/** Validation notices given and returned about these accounts, what people answered to them, and what was sent in answer. */
export async function selectNoticeEvents(
  ctx: Ctx,
  accountIds: readonly string[],
  asOf: Date,
): Promise<NoticeEventRow[]> {
  const ids = [...accountIds];
  const { rows } = await sql<NoticeEventRow>`
    select n.account_id, 'validation_notice' as type, n.dispatched_at as at, n.period_ends_on, null::boolean as timely, null::boolean as written, null::boolean as partial
    from compliance.notices n
    where n.tenant_id = ${ctx.tenant} and n.account_id = any(${ids}::uuid[]) and n.kind = 'validation' and n.state = 'given' and n.dispatched_at <= ${asOf}
    union all
    select n.account_id, 'returned', greatest(n.dispatched_at, n.returned_on::timestamptz), null, null, null, null
    from compliance.notices n
    where n.tenant_id = ${ctx.tenant} and n.account_id = any(${ids}::uuid[]) and n.state = 'returned' and n.returned_on <= ${asOf}::date
    union all
    select r.account_id, 'dispute', r.received_at, null, r.in_period, r.written, r.disputes = 'part'
    from compliance.notice_replies r
    where r.tenant_id = ${ctx.tenant} and r.account_id = any(${ids}::uuid[]) and r.disputes is not null and r.recorded_at <= ${asOf}
    union all
    select r.account_id, 'original_creditor_request', r.received_at, null, r.in_period, r.written, null
    from compliance.notice_replies r
    where r.tenant_id = ${ctx.tenant} and r.account_id = any(${ids}::uuid[]) and r.original_creditor and r.recorded_at <= ${asOf}
    union all
    select a.account_id, case a.kind when 'original_creditor' then 'original_creditor_info_sent' else 'verification_sent' end, a.recorded_at, null, null, null, null
    from compliance.notice_answers a
    where a.tenant_id = ${ctx.tenant} and a.account_id = any(${ids}::uuid[]) and a.recorded_at <= ${asOf}
    order by 3, 1, 2`.execute(ctx.db);
  return rows;
}

export type LinkRow = { party_id: string; other_party_id: string; role: string };

/** In what role others stand to those who owe; whoever answers for a debt is named also when nobody is to be reached. */
export async function selectLinks(
  ctx: Ctx,
  partyIds: readonly string[],
  otherIds: readonly string[],
  asOf: Date,
): Promise<LinkRow[]> {
  const { rows } = await sql<LinkRow>`
    select party_id, other_party_id, role from parties.party_links_v
    where tenant_id = ${ctx.tenant} and party_id = any(${[...partyIds]}::uuid[])
      and (other_party_id = any(${[...otherIds]}::uuid[]) or role in ('guarantor', 'co_signer'))
      and effective_from <= ${asOf}::date and (effective_to is null or effective_to > ${asOf}::date)`.execute(ctx.db);
  return rows;
}
