import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';

export type AccountDetailRecord = {
  readonly debt_kind: string;
  readonly balance_source: string;
  readonly opened_on: CalendarDate;
  readonly sensitive: boolean;
  readonly row_version: bigint;
  readonly party_id: string;
  readonly party_kind: string;
  readonly party_name: string;
  readonly external_ref: string | null;
  readonly country: string | null;
  readonly time_zone: string | null;
  readonly language: string | null;
  readonly tax_number: string | null;
  readonly root_cluster_id: string;
  readonly credit_minor: bigint;
  readonly settled_items: number;
  readonly settled_days_late: number;
  readonly promises_kept: number;
  readonly promises_broken: number;
  readonly paid_minor: bigint;
  readonly unapplied_minor: bigint;
};

export async function findAccountDetail(ctx: Ctx, accountId: string): Promise<AccountDetailRecord | null> {
  const { rows } = await sql<AccountDetailRecord>`
    select a.debt_kind, a.balance_source, a.opened_on, a.sensitive, a.row_version, p.id as party_id, p.kind as party_kind, p.name as party_name,
      p.external_ref, p.country, p.time_zone, p.language, p.tax_number, p.root_cluster_id, f.credit_minor, f.settled_items, f.settled_days_late, f.promises_kept,
      f.promises_broken, f.paid_minor, coalesce((
        select sum(r.unapplied_minor) from payments.receipts_v r
        where r.tenant_id = ${ctx.tenant} and r.account_id = a.id and r.state <> 'reversed'), 0)::bigint as unapplied_minor
    from accounts.accounts_v a
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(ctx.db);
  return rows[0] ?? null;
}

export type ContactPointRow = {
  readonly id: string;
  readonly kind: string;
  readonly value: string;
  readonly label: string | null;
  readonly quality: string;
  readonly preferred: boolean;
  /** The person, or this address of theirs, has opted out of its channel. */
  readonly optedOut: boolean;
  readonly endedAt: Date | null;
};

export async function listContactPoints(ctx: Ctx, partyId: string, rootClusterId: string): Promise<ContactPointRow[]> {
  const { rows } = await sql<ContactPointRow>`
    select c.id, c.kind, c.value, c.label, c.quality, c.preferred, c.ended_at as "endedAt", exists (
      select 1 from compliance.preferences_v p
      join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = p.cluster_id
      where p.tenant_id = ${ctx.tenant} and k.root_id = ${rootClusterId} and p.kind in ('opt_out', 'cease')
        and (p.ended_at is null or p.ended_at > ${ctx.at}) and (p.address_key is null or p.address_key = c.value_key)
        and (p.channel is null or p.channel = case c.kind when 'email' then 'email' when 'phone' then 'call' else 'letter' end)) as "optedOut"
    from parties.contact_points_v c
    where c.tenant_id = ${ctx.tenant} and c.party_id = ${partyId}
    order by c.ended_at is not null, c.kind, c.preferred desc, c.recorded_at`.execute(ctx.db);
  return rows;
}

export type HoldRow = {
  readonly id: string;
  readonly reason: string;
  readonly effects: readonly string[];
  readonly coverage: 'party' | 'account' | 'items';
  readonly itemIds: readonly string[];
  readonly effectiveFrom: Date;
  readonly effectiveTo: Date | null;
  readonly releasedAt: Date | null;
  readonly releaseReason: string | null;
  readonly note: string | null;
  readonly placedBy: string;
  readonly live: boolean;
  readonly rowVersion: bigint;
};

/** Holds on the account and on the person behind it, live ones first, newest first. */
export async function listHolds(ctx: Ctx, accountId: string, rootClusterId: string, limit: number): Promise<HoldRow[]> {
  const { rows } = await sql<HoldRow>`
    select h.id, h.reason, h.effects, h.coverage, h.effective_from as "effectiveFrom", h.effective_to as "effectiveTo", h.released_at as "releasedAt",
      h.release_reason as "releaseReason", h.note, coalesce(m.display_name, h.placed_by) as "placedBy", h.row_version as "rowVersion",
      h.released_at is null and h.effective_from <= ${ctx.at} and (h.effective_to is null or h.effective_to > ${ctx.at}) as live,
      array(select x.item_id from accounts.hold_items_v x where x.tenant_id = ${ctx.tenant} and x.hold_id = h.id order by x.item_id) as "itemIds"
    from accounts.holds_v h
    left join identity.members_v m on m.tenant_id = ${ctx.tenant} and m.user_id::text = h.placed_by
    where h.tenant_id = ${ctx.tenant} and (h.account_id = ${accountId} or h.coverage = 'party')
      and h.cluster_id in (select k.id from parties.clusters_v k where k.tenant_id = ${ctx.tenant} and k.root_id = ${rootClusterId})
    order by live desc, h.recorded_at desc, h.id desc limit ${limit}`.execute(ctx.db);
  return rows;
}

export type PromiseRow = {
  readonly id: string;
  readonly accountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly dueOn: CalendarDate;
  readonly graceDays: number;
  readonly state: 'open' | 'kept' | 'part_kept' | 'broken' | 'cancelled';
  readonly receivedMinor: bigint;
  readonly itemIds: readonly string[];
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly judgedOn: CalendarDate | null;
  readonly judgedReason: string | null;
  readonly rowVersion: bigint;
};

/** Promises of an account, or one of them, newest first. */
export async function listPromises(
  ctx: Ctx,
  asked: { readonly accountId: string; readonly promiseId?: string; readonly limit: number },
): Promise<PromiseRow[]> {
  const { rows } = await sql<PromiseRow>`
    select p.id, p.account_id as "accountId", p.amount_minor as "amountMinor", p.currency, p.due_on as "dueOn", p.grace_days as "graceDays", p.state,
      p.received_minor as "receivedMinor", p.made_at as "madeAt", p.made_by as "madeBy", p.judged_on as "judgedOn", p.judged_reason as "judgedReason",
      p.row_version as "rowVersion",
      array(select x.item_id from payments.promise_items_v x where x.tenant_id = ${ctx.tenant} and x.promise_id = p.id order by x.item_id) as "itemIds"
    from payments.promises_v p
    where p.tenant_id = ${ctx.tenant} and p.account_id = ${asked.accountId} and ${asked.promiseId ? sql`p.id = ${asked.promiseId}` : sql`true`}
    order by p.made_at desc, p.id desc limit ${asked.limit}`.execute(ctx.db);
  return rows;
}

export type OtherAccount = {
  readonly id: string;
  readonly number: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly currency: string;
  readonly balanceMinor: bigint;
};

/** The person's other accounts, whatever the client: caps and stops are common to them. */
export async function listOtherAccounts(
  ctx: Ctx,
  accountId: string,
  rootClusterId: string,
  limit: number,
): Promise<OtherAccount[]> {
  const { rows } = await sql<OtherAccount>`
    select f.id, f.account_number as number, f.client_id as "clientId", c.name as "clientName", f.currency, f.balance_minor as "balanceMinor"
    from parties.clusters_v k
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = k.id
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = f.client_id
    where k.tenant_id = ${ctx.tenant} and k.root_id = ${rootClusterId} and f.id <> ${accountId}
    order by f.balance_minor desc, f.id limit ${limit}`.execute(ctx.db);
  return rows;
}
