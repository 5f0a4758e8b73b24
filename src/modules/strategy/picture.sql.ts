import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Action } from './definition.ts';
import type { AccountPicture, DueReaction, ItemPicture } from './evaluate.ts';
import { type AccountStop, accountStops } from './reasons.ts';
import { inForce } from './run-tables.sql.ts';

/** The picture of one account with what a reader of the why-card wants to see beside it. */
export type AccountView = AccountPicture & {
  readonly accountId: string;
  readonly currency: string;
  readonly stopEpoch: bigint;
};

type AccountRow = Record<Exclude<AccountStop, 'held_out' | 'kept_out'>, boolean> & {
  readonly state: string;
  readonly currency: string;
  readonly stopEpoch: bigint;
  readonly assigned: boolean;
  readonly emailOptOut: boolean;
  readonly hasEmail: boolean;
  readonly noticedToday: boolean;
  readonly creditMinor: bigint;
};

/**
 * What the rule looks at for one account at `ctx.at`, read from the same sources as the set-based run; null when there is no such
 * account. `left`: why the selection table or an experiment leaves it alone; `reactions`: what is due to it by events.
 */
export async function findPicture(
  ctx: Ctx,
  accountId: string,
  asOf: CalendarDate,
  left: 'held_out' | 'kept_out' | null,
  reactions: readonly DueReaction[],
): Promise<AccountView | null> {
  const found = await findAccountRow(ctx, accountId, asOf);
  if (!found) return null;
  const account = { ...found, held_out: left === 'held_out', kept_out: left === 'kept_out' };
  return {
    ...account,
    accountId,
    items: await listOpenItems(ctx, accountId),
    stops: new Set(accountStops.filter((stop) => account[stop])),
    pending: await listPending(ctx, accountId),
    reactions,
  };
}

async function findAccountRow(ctx: Ctx, accountId: string, asOf: CalendarDate): Promise<AccountRow | null> {
  const { tenant, at } = ctx;
  const stopping = sql`h.effects && array['stop_automatic', 'stop_contact']`;
  const { rows } = await sql<AccountRow>`
    with members as (
      select m.id from accounts.facts_v f
      join parties.clusters_v born on born.tenant_id = ${tenant} and born.id = f.cluster_id
      join parties.clusters_v m on m.tenant_id = ${tenant} and m.root_id = born.root_id
      where f.tenant_id = ${tenant} and f.id = ${accountId}),
    wishes as (
      select p.kind from compliance.preferences_v p join members m on m.id = p.cluster_id
      where p.tenant_id = ${tenant} and p.effective_from <= ${at} and (p.ended_at is null or p.ended_at > ${at})
        and (p.kind = 'cease' or p.kind = 'opt_out' and p.address_key is null and coalesce(p.channel, 'email') = 'email'))
    select f.state, f.currency, f.stop_epoch as "stopEpoch", f.assigned_to is not null as assigned, f.has_email as "hasEmail", f.sensitive,
      f.state <> 'active' as account_state,
      exists (select 1 from accounts.wide_stops_v w where w.tenant_id = ${tenant} and ${inForce('w', at, false)}
        and (w.scope = 'tenant' or w.client_id = f.client_id)) as wide_stop,
      coalesce(c.feed_through + make_interval(hours => c.feed_max_age_hours) < ${at}, false) as stale_feed,
      exists (select 1 from accounts.holds_v h where h.tenant_id = ${tenant} and ${inForce('h', at)} and ${stopping}
        and h.cluster_id in (select m.id from members m) and (h.coverage = 'party' or h.coverage = 'account' and h.account_id = f.id)) as hold,
      exists (select 1 from wishes w where w.kind = 'cease') as cease,
      exists (select 1 from wishes w where w.kind = 'opt_out') as "emailOptOut",
      exists (select 1 from strategy.plans p where p.tenant_id = ${tenant} and p.account_id = f.id and p.planned_for = ${asOf}
        and p.action = 'email' and p.state in ('sending', 'sent', 'done', 'uncertain', 'denied')) as "noticedToday",
      (coalesce((select -sum(i.open_minor) from accounts.items_v i
          where i.tenant_id = ${tenant} and i.account_id = f.id and i.open_minor < 0), 0)
        + coalesce((select sum(r.unapplied_minor) from payments.receipts_v r
          where r.tenant_id = ${tenant} and r.account_id = f.id and r.unapplied_minor > 0 and r.state <> 'reversed'), 0))::bigint as "creditMinor"
    from accounts.facts_v f
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = f.client_id
    where f.tenant_id = ${tenant} and f.id = ${accountId}`.execute(ctx.db);
  return rows[0] ?? null;
}

async function listOpenItems(ctx: Ctx, accountId: string): Promise<ItemPicture[]> {
  const { tenant, at } = ctx;
  const { rows } = await sql<ItemPicture>`
    select i.id as "itemId", i.due_on as "dueOn", i.open_minor as "openMinor", l.day as "reachedDay",
      (select case when bool_or(h.reason <> 'promise') then 'hold' else 'promise' end
       from accounts.hold_items_v hi join accounts.holds_v h on h.tenant_id = ${tenant} and h.id = hi.hold_id
       where hi.tenant_id = ${tenant} and hi.item_id = i.id and h.coverage = 'items' and ${inForce('h', at)}
         and h.effects && array['stop_automatic', 'stop_contact'] having count(*) > 0) as cover
    from accounts.items_v i
    left join strategy.item_levels l on l.tenant_id = ${tenant} and l.id = i.id
    where i.tenant_id = ${tenant} and i.account_id = ${accountId} and i.open_minor > 0
    order by i.due_on, i.id`.execute(ctx.db);
  return rows;
}

async function listPending(ctx: Ctx, accountId: string): Promise<AccountPicture['pending']> {
  const { rows } = await sql<{ action: Action; level: number; stepKey: string }>`
    select p.action, p.level, p.step_key as "stepKey" from strategy.plans p
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
    where p.tenant_id = ${ctx.tenant} and p.account_id = ${accountId} and p.state in ('planned', 'proposed') and p.stop_epoch >= f.stop_epoch
    order by p.level, p.id desc`.execute(ctx.db);
  return Object.fromEntries(rows.map(({ action, level, stepKey }) => [action, { level, stepKey }]));
}
