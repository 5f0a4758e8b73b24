import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { consumerBlockers, consumersLacking, partly } from './consumer-blockers.sql.ts';

/** What can keep an account with an open balance from being contacted. */
export const blockers = [
  'no_email',
  'bad_email',
  'no_time_zone',
  'opted_out',
  'held',
  'sensitive',
  'stale_feed',
  ...consumerBlockers,
] as const;
export type Blocker = (typeof blockers)[number];

export type BlockedCount = {
  readonly reason: Blocker;
  readonly count: number;
  readonly examples: readonly { readonly id: Id<'account'>; readonly name: string }[];
};

type Row = { reason: Blocker | null; count: bigint; examples: { id: Id<'account'>; name: string }[] | null };

/**
 * Open accounts, how many of them nothing stands in the way of, and how many each reason blocks (an account may have several).
 * `clientIds` null means every client.
 */
export async function selectReadiness(
  ctx: Ctx,
  clientIds: readonly Id<'client'>[] | null,
): Promise<{ accounts: number; ready: number; blocked: BlockedCount[] }> {
  const { rows } = await sql<Row & { accounts: bigint; ready: bigint }>`
    with owing as (
      select f.id, f.party_id, f.party_name, f.client_id, f.sensitive, f.contact_hold_until, f.has_email, p.root_cluster_id, p.country, p.time_zone
      from accounts.facts_v f
      join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = f.party_id
      where f.tenant_id = ${ctx.tenant} and f.balance_minor > 0 and f.state not in ('closed', 'written_off')
        and (${clientIds}::uuid[] is null or f.client_id = any(${clientIds}::uuid[]))),
    wishes as (
      select k.root_id, coalesce(w.channel, 'email') as channel, w.address_key from compliance.preferences_v w
      join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = w.cluster_id
      where w.tenant_id = ${ctx.tenant} and w.kind in ('opt_out', 'cease') and w.ended_at is null),
    mail as (
      select c.party_id, bool_or(c.ended_at is null and c.quality in ('verified', 'unverified')) as good,
        bool_or(c.ended_at is null and c.quality in ('verified', 'unverified') and not exists (
          select 1 from wishes w where w.channel = 'email' and w.address_key = c.value_key)) as wanted
      from parties.contact_points_v c where c.tenant_id = ${ctx.tenant} and c.kind = 'email' group by c.party_id),
    held as (
      select h.account_id, k.root_id from accounts.holds_v h
      join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = h.cluster_id
      where h.tenant_id = ${ctx.tenant} and h.released_at is null and h.effective_from <= ${ctx.at} and (h.effective_to is null or h.effective_to > ${ctx.at})
        and h.coverage <> 'items' and h.effects && array['stop_contact', 'stop_automatic']),
    consumers as (${consumersLacking(ctx)}),
    flagged as (
      select o.id, o.party_name, array_remove(array[
        case when m.party_id is null then 'no_email' end,
        case when m.party_id is not null and not m.good then 'bad_email' end,
        case when o.time_zone is null and o.country is null then 'no_time_zone' end,
        case when m.good and not m.wanted
            or exists (select 1 from wishes w where w.root_id = o.root_cluster_id and w.channel = 'email' and w.address_key is null) then 'opted_out' end,
        case when exists (select 1 from held h where h.account_id = o.id or h.account_id is null and h.root_id = o.root_cluster_id) then 'held' end,
        case when o.sensitive then 'sensitive' end,
        case when exists (
            select 1 from accounts.clients_v c where c.tenant_id = ${ctx.tenant} and c.id = o.client_id and c.feed_max_age_hours is not null
              and c.feed_through < ${ctx.at}::timestamptz - make_interval(hours => c.feed_max_age_hours)) then 'stale_feed' end], null) || coalesce(u.reasons, '{}') as reasons
      from owing o left join mail m on m.party_id = o.party_id left join consumers u on u.id = o.id),
    counted as (
      select r.reason, count(*) as count, (array_agg(jsonb_build_object('id', f.id, 'name', f.party_name) order by f.party_name, f.id))[1:3] as examples
      from flagged f cross join lateral unnest(f.reasons) as r (reason) group by r.reason)
    select t.accounts, t.ready, c.reason, coalesce(c.count, 0) as count, to_jsonb(c.examples) as examples
    from (select count(*) as accounts, count(*) filter (where f.reasons <@ ${[...partly]}::text[]) as ready from flagged f) t
    left join counted c on true`.execute(ctx.db);
  const [first] = rows;
  const blocked = rows.flatMap((row) =>
    row.reason === null ? [] : [{ reason: row.reason, count: Number(row.count), examples: row.examples ?? [] }],
  );
  blocked.sort((a, b) => blockers.indexOf(a.reason) - blockers.indexOf(b.reason));
  return { accounts: Number(first?.accounts ?? 0n), ready: Number(first?.ready ?? 0n), blocked };
}

/** Parties of a client's accounts, for doors that take a selection of parties. */
export const partiesOfClient = (ctx: Ctx, clientId: Id<'client'>): RawBuilder<unknown> => sql`
  select a.party_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.client_id = ${clientId}`;
