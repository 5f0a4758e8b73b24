import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Channel } from './proposal.ts';

export type PersonRow = {
  id: string;
  cluster_id: string;
  root_cluster_id: string;
  country: string | null;
  region: string | null;
  time_zone: string | null;
};

export async function selectPersons(ctx: Ctx, partyIds: readonly string[]): Promise<PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    select id, cluster_id, root_cluster_id, country, region, time_zone from parties.parties_v
    where tenant_id = ${ctx.tenant} and id = any(${[...partyIds]}::uuid[])`.execute(ctx.db);
  return rows;
}

export type ClientRow = {
  id: string;
  country: string;
  time_zone: string;
  feed_through: Date | null;
  feed_max_age_hours: number | null;
};

export async function selectClients(ctx: Ctx, clientIds: readonly string[]): Promise<ClientRow[]> {
  const { rows } = await sql<ClientRow>`
    select id, country, time_zone, feed_through, feed_max_age_hours from accounts.clients_v
    where tenant_id = ${ctx.tenant} and id = any(${[...clientIds]}::uuid[])`.execute(ctx.db);
  return rows;
}

export type AddressRow = { id: string; value_key: string; quality: string; ended_at: Date | null };

export async function selectAddresses(ctx: Ctx, contactPointIds: readonly string[]): Promise<AddressRow[]> {
  const { rows } = await sql<AddressRow>`
    select id, value_key, quality, ended_at from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and id = any(${[...contactPointIds]}::uuid[])`.execute(ctx.db);
  return rows;
}

export type AccountRow = {
  id: string;
  account_number: string;
  state: string;
  sensitive: boolean;
  balance_minor: bigint;
  credit_minor: bigint;
  silenced: boolean;
};

/** Accounts, and whether each item that is open on them is under a hold of items, in force at `asOf`, that stops all contact. */
export async function selectAccounts(ctx: Ctx, accountIds: readonly string[], asOf: Date): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    with covered as (
      select h.account_id, hi.item_id from accounts.holds_v h
      join accounts.hold_items_v hi on hi.tenant_id = ${ctx.tenant} and hi.hold_id = h.id
      where h.tenant_id = ${ctx.tenant} and h.account_id = any(${[...accountIds]}::uuid[]) and h.coverage = 'items'
        and 'stop_contact' = any(h.effects) and h.effective_from <= ${asOf}
        and (h.effective_to is null or h.effective_to > ${asOf}) and (h.released_at is null or h.released_at > ${asOf}))
    select f.id, f.account_number, f.state, f.sensitive, f.balance_minor, f.credit_minor,
      exists (select 1 from covered d where d.account_id = f.id) and not exists (
        select 1 from accounts.items_v i where i.tenant_id = ${ctx.tenant} and i.account_id = f.id and i.open_minor > 0
          and not exists (select 1 from covered d where d.item_id = i.id)) as silenced
    from accounts.facts_v f
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
    select h.id, c.root_id, h.reason, h.effects, h.coverage, h.account_id, h.effective_from, least(h.effective_to, h.released_at) as effective_to
    from parties.clusters_v c
    join accounts.holds_v h on h.tenant_id = ${ctx.tenant} and h.cluster_id = c.id and (h.released_at is null or h.released_at > ${asOf})
    where c.tenant_id = ${ctx.tenant} and c.root_id = any(${[...rootIds]}::uuid[])
    order by h.id`.execute(ctx.db);
  return rows;
}

export type WideStopRow = { id: string; scope: string; client_id: string | null; reason: string; effective_from: Date };

export async function selectWideStops(ctx: Ctx, asOf: Date): Promise<WideStopRow[]> {
  const { rows } = await sql<WideStopRow>`
    select id, scope, client_id, reason, effective_from from accounts.wide_stops_v
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
  effective_from: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
};

export async function selectConsents(ctx: Ctx, rootIds: readonly string[]): Promise<ConsentRow[]> {
  const { rows } = await sql<ConsentRow>`
    select n.id, c.root_id, n.recipient_kind, n.client_id, n.account_id, n.channel, n.address_key, n.scope, n.effective_from, n.expires_at,
           n.revoked_at
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
  conversation: boolean;
  local_on: string;
  effective_at: Date;
};

/**
 * What counts, of the clusters and of anyone at these addresses: reserved entries too, because an act whose outcome is not known may
 * have reached the person.
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
      where c.tenant_id = ${ctx.tenant} and c.root_id = any(${[...rootIds]}::uuid[]) and r.effective_at >= ${since}
        and r.status in ('reserved', 'counted')
      union
      select r.id, c.root_id from compliance.register_v r
      join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = r.cluster_id
      where r.tenant_id = ${ctx.tenant} and r.address_key = any(${[...addressKeys]}::text[]) and r.effective_at >= ${since}
        and r.status in ('reserved', 'counted'))
    select n.root_id, r.direction, r.channel, coalesce(p.act = 'automatic_message', false) as automatic, r.client_id, r.account_id,
           r.address_key, r.conversation, r.local_on, r.effective_at
    from counted n
    join compliance.register_v r on r.tenant_id = ${ctx.tenant} and r.id = n.id
    left join compliance.permits p on p.tenant_id = ${ctx.tenant} and p.id = r.permit_id
    order by r.effective_at desc, r.id desc`.execute(ctx.db);
  return rows;
}

export type TighteningRow = { id: string; rule_id: string; parameters: Record<string, unknown> };

export async function selectTightenings(ctx: Ctx): Promise<TighteningRow[]> {
  const on = ctx.at.toISOString().slice(0, 10);
  const { rows } = await sql<TighteningRow>`
    select id, rule_id, parameters from compliance.tightenings
    where tenant_id = ${ctx.tenant} and effective_from <= ${on} and (effective_to is null or effective_to > ${on})
    order by id`.execute(ctx.db);
  return rows;
}
