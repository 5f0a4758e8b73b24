import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import type { AccountEvent } from './event.ts';
import type { Hold, HoldReason, NewHold } from './hold.ts';

const BATCH = 1000;

const selected = (
  ctx: Ctx,
): RawBuilder<unknown> => sql`h.id, h.reason, h.effects, h.coverage, h.cluster_id as "clusterId", h.account_id as "accountId",
  h.effective_from as "effectiveFrom", h.effective_to as "effectiveTo", h.released_at as "releasedAt", h.note, h.source_kind as "sourceKind",
  h.source_id as "sourceId", h.placed_by as "placedBy", h.row_version as "rowVersion",
  array(select x.item_id from accounts.hold_items x where x.tenant_id = ${ctx.tenant} and x.hold_id = h.id order by x.item_id) as "itemIds"`;

export async function insertHold(ctx: Ctx, id: Id<'hold'>, clusterId: Id<'cluster'>, input: NewHold): Promise<void> {
  const accountId = input.coverage === 'party' ? null : input.accountId;
  await sql`insert into accounts.holds (tenant_id, id, reason, effects, coverage, cluster_id, account_id, effective_from, effective_to, note,
      source_kind, source_id, placed_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${input.reason}, ${[...input.effects]}::text[], ${input.coverage}, ${clusterId}, ${accountId},
            ${input.from ?? ctx.at}, ${input.to ?? null}, ${input.note ?? null}, ${input.source.kind}, ${input.source.id ?? null},
            ${ctx.actor.id}, ${ctx.at})`.execute(ctx.db);
  if (input.coverage !== 'items') return;
  const items = [...new Set(input.itemIds)];
  for (let start = 0; start < items.length; start += BATCH) {
    const values = items
      .slice(start, start + BATCH)
      .map((itemId) => sql`(${ctx.tenant}::uuid, ${newId()}::uuid, ${id}::uuid, ${itemId}::uuid)`);
    await sql`insert into accounts.hold_items (tenant_id, id, hold_id, item_id) values ${sql.join(values)}`.execute(
      ctx.db,
    );
  }
}

/** A hold of automation on the account of each plan, for its days from now; its id follows from the plan's. */
export async function insertHoldsOfPlans(
  ctx: Ctx,
  plans: readonly { readonly id: string; readonly accountId: string; readonly days: number }[],
): Promise<Id<'hold'>[]> {
  const { rows } = await sql<{ id: Id<'hold'> }>`
    insert into accounts.holds (tenant_id, id, reason, effects, coverage, cluster_id, account_id, effective_from, effective_to, note, source_kind, source_id,
      placed_by, recorded_at)
    select a.tenant_id, kernel.hash_id('hold', p.id::text), 'manual', array['stop_automatic'], 'account', a.cluster_id, a.id, ${ctx.at}::timestamptz,
      ${ctx.at}::timestamptz + make_interval(days => p.days), 'Held by the strategy; it goes on by itself.', 'plan', p.id::text, ${ctx.actor.id}, ${ctx.at}::timestamptz
    from unnest(${plans.map((one) => one.id)}::uuid[], ${plans.map((one) => one.accountId)}::uuid[], ${plans.map((one) => one.days)}::int[]) as p (id, account_id, days)
    join accounts.accounts a on a.tenant_id = ${ctx.tenant} and a.id = p.account_id
    on conflict (tenant_id, id) do nothing
    returning id`.execute(ctx.db);
  return rows.map((row) => row.id);
}

export async function countItemsOf(
  ctx: Ctx,
  accountId: Id<'account'>,
  itemIds: readonly Id<'item'>[],
): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`select count(*) as n from accounts.items
    where tenant_id = ${ctx.tenant} and account_id = ${accountId} and id = any(${[...new Set(itemIds)]}::uuid[])`.execute(
    ctx.db,
  );
  return rows[0]?.n ?? 0n;
}

/** The hold, or null. */
export async function findHold(ctx: Ctx, id: Id<'hold'>): Promise<Hold | null> {
  const { rows } =
    await sql<Hold>`select ${selected(ctx)} from accounts.holds h where h.tenant_id = ${ctx.tenant} and h.id = ${id}`.execute(
      ctx.db,
    );
  return rows[0] ?? null;
}

/** Accounts under a party's hold: those of every cluster merged with it. */
export async function listAccountsOfPerson(ctx: Ctx, clusterId: Id<'cluster'>): Promise<Id<'account'>[]> {
  const { rows } = await sql<{ id: Id<'account'> }>`select a.id
    from parties.clusters_v mine
    join parties.clusters_v ours on ours.tenant_id = ${ctx.tenant} and ours.root_id = mine.root_id
    join accounts.accounts a on a.tenant_id = ${ctx.tenant} and a.cluster_id = ours.id
    where mine.tenant_id = ${ctx.tenant} and mine.id = ${clusterId} order by a.id`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** The accounts that these holds cover, as something that happened to them: those of every cluster merged with a party's. */
export const happenedByHolds = (
  ctx: Ctx,
  holdIds: readonly Id<'hold'>[],
  kind: AccountEvent,
): RawBuilder<unknown> => sql`
  select h.tenant_id, a.id as account_id, ${kind}::text as kind, h.id as subject_id
  from accounts.holds h
  join parties.clusters_v held on held.tenant_id = ${ctx.tenant} and held.id = h.cluster_id
  join parties.clusters_v ours on ours.tenant_id = ${ctx.tenant} and ours.root_id = held.root_id
  join accounts.accounts a on a.tenant_id = ${ctx.tenant} and a.cluster_id = ours.id and (h.coverage = 'party' or a.id = h.account_id)
  where h.tenant_id = ${ctx.tenant} and h.id = any(${[...holdIds]}::uuid[]) and h.reason = 'dispute'`;

type ReleasedRow = {
  readonly id: Id<'hold'>;
  readonly reason: HoldReason;
  readonly cluster_id: Id<'cluster'>;
  readonly account_id: Id<'account'> | null;
};

/** Releases these holds where they still hold; returns the ids released with what they covered. */
export async function releaseRows(ctx: Ctx, holdIds: readonly Id<'hold'>[], reason: string): Promise<ReleasedRow[]> {
  const { rows } = await sql<ReleasedRow>`
    update accounts.holds set released_at = ${ctx.at}, released_by = ${ctx.actor.id}, release_reason = ${reason}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = any(${[...holdIds]}::uuid[]) and released_at is null
    returning id, reason, cluster_id, account_id`.execute(ctx.db);
  return rows;
}

/**
 * Holds in force on an account at an instant: its own, those on its items, and those of its person, whichever merged cluster they
 * were placed on. Newest first.
 */
export async function liveHolds(
  ctx: Ctx,
  input: { readonly accountId: Id<'account'>; readonly at?: Date },
): Promise<Hold[]> {
  const at = input.at ?? ctx.at;
  const { rows } = await sql<Hold>`select ${selected(ctx)}
    from accounts.accounts a
    join parties.clusters_v mine on mine.tenant_id = ${ctx.tenant} and mine.id = a.cluster_id
    join parties.clusters_v ours on ours.tenant_id = ${ctx.tenant} and ours.root_id = mine.root_id
    join accounts.holds h on h.tenant_id = ${ctx.tenant} and h.cluster_id = ours.id and (h.coverage = 'party' or h.account_id = a.id)
    where a.tenant_id = ${ctx.tenant} and a.id = ${input.accountId} and h.effective_from <= ${at}
      and (h.effective_to is null or h.effective_to > ${at}) and (h.released_at is null or h.released_at > ${at})
    order by h.effective_from desc, h.id`.execute(ctx.db);
  return rows;
}
