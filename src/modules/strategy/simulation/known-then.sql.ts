import { sql } from 'kysely';
import { addDays, type CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Stage } from '../stage.ts';
import { listVersionsNamed } from '../versions.sql.ts';
import type { PortfolioPromise } from './portfolio.ts';

type FactsThen = {
  readonly state: string | null;
  readonly stage: Stage | null;
  readonly versionId: string | null;
  readonly last_contact_at: Date | null;
  readonly last_conversation_at: Date | null;
  readonly promises_kept: number;
  readonly promises_broken: number;
  readonly paid_minor: bigint;
  readonly last_paid_on: CalendarDate | null;
  readonly settled_items: number;
  readonly settled_days_late: number;
};

/** Facts of accounts as they were known at an instant; what no history is kept of (collector, addresses, marks) is as it is now. */
export async function listFactsThen(ctx: Ctx, ids: readonly string[], knownAt: Date): Promise<Map<string, FactsThen>> {
  const { tenant } = ctx;
  const { rows } = await sql<FactsThen & { id: string }>`
    select x.id,
      (select s.from_state from accounts.account_states_v s where s.tenant_id = ${tenant} and s.account_id = x.id and s.recorded_at > ${knownAt}
        order by s.recorded_at, s.id limit 1) as state,
      d.stage, d.version_id as "versionId", g.last_contact_at, g.last_conversation_at, p.promises_kept, p.promises_broken, r.paid_minor, r.last_paid_on,
      i.settled_items, i.settled_days_late
    from unnest(${[...ids]}::uuid[]) as x (id)
    left join lateral (
      select d.facts ->> 'stage' as stage, d.version_id from strategy.decisions d
      where d.tenant_id = ${tenant} and d.account_id = x.id and d.recorded_at <= ${knownAt}
      order by d.from_on desc, d.recorded_at desc limit 1) d on true
    cross join lateral (
      select max(c.effective_at) as last_contact_at, max(c.effective_at) filter (where c.conversation) as last_conversation_at
      from compliance.register_v c where c.tenant_id = ${tenant} and c.account_id = x.id and c.status = 'counted' and c.effective_at <= ${knownAt}) g
    cross join lateral (
      select count(*) filter (where h.released_at <= ${knownAt} and p.state = 'kept')::int as promises_kept,
        count(*) filter (where h.released_at <= ${knownAt} and p.state = 'broken')::int as promises_broken
      from payments.promises_v p join accounts.holds_v h on h.tenant_id = ${tenant} and h.id = p.hold_id
      where p.tenant_id = ${tenant} and p.account_id = x.id) p
    cross join lateral (
      select coalesce(sum(c.amount_minor), 0)::bigint as paid_minor, max(c.received_on) as last_paid_on from payments.receipts_v c
      where c.tenant_id = ${tenant} and c.account_id = x.id and c.state <> 'reversed' and c.recorded_at <= ${knownAt}) r
    cross join lateral (
      select count(*)::int as settled_items, coalesce(sum(greatest(c.closed_on - c.due_on, 0)), 0)::int as settled_days_late from accounts.items_v c
      where c.tenant_id = ${tenant} and c.account_id = x.id and c.kind <> 'credit_note' and c.closed_on < ${knownAt}::date) i`.execute(
    ctx.db,
  );
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** The furthest step each item had been planned for before a day, by the plans that did not die undone. */
export async function listLevelsThen(
  ctx: Ctx,
  ids: readonly string[],
  before: CalendarDate,
): Promise<Map<string, { day: number; planId: string; previousDay: null }>> {
  const { rows } = await sql<{ itemId: string; planId: string; versionId: string; stepKey: string }>`
    select i.item_id as "itemId", p.id as "planId", p.version_id as "versionId", i.step_key as "stepKey"
    from strategy.plans p join strategy.plan_items i on i.tenant_id = ${ctx.tenant} and i.plan_id = p.id and i.fires
    where p.tenant_id = ${ctx.tenant} and p.account_id = any(${[...ids]}::uuid[]) and p.planned_for < ${before}::date
      and p.state in ('planned', 'sending', 'sent', 'done', 'denied', 'uncertain')`.execute(ctx.db);
  const versions = new Map(
    (await listVersionsNamed(ctx, [...new Set(rows.map((row) => row.versionId))])).map((one) => [
      one.id as string,
      one,
    ]),
  );
  const levels = new Map<string, { day: number; planId: string; previousDay: null }>();
  for (const { itemId, planId, versionId, stepKey } of rows) {
    const step = versions.get(versionId)?.definition.steps.find((one) => one.key === stepKey);
    if (step && step.day > (levels.get(itemId)?.day ?? -Infinity))
      levels.set(itemId, { day: step.day, planId, previousDay: null });
  }
  return levels;
}

/** Promises that were open at an instant, each with what came of it and when: its hold was released then. */
export async function listPromisesThen(
  ctx: Ctx,
  ids: readonly string[],
  knownAt: Date,
): Promise<(PortfolioPromise & { readonly accountId: string })[]> {
  const { rows } = await sql<
    Omit<PortfolioPromise, 'lastDay' | 'judged'> & {
      readonly accountId: string;
      readonly graceDays: number;
      readonly state: string;
      readonly releasedAt: Date | null;
    }
  >`
    select p.id, p.account_id as "accountId", p.hold_id as "holdId", p.due_on as "dueOn", p.grace_days as "graceDays", p.amount_minor as "amountMinor",
      0::bigint as "receivedMinor", array[]::text[] as "itemIds", p.state, h.released_at as "releasedAt"
    from payments.promises_v p
    join accounts.holds_v h on h.tenant_id = ${ctx.tenant} and h.id = p.hold_id
    where p.tenant_id = ${ctx.tenant} and p.account_id = any(${[...ids]}::uuid[]) and p.recorded_at <= ${knownAt}
      and (h.released_at is null or h.released_at > ${knownAt}) order by p.due_on, p.id`.execute(ctx.db);
  return rows.map(({ graceDays, state, releasedAt, ...row }) => ({
    ...row,
    lastDay: addDays(row.dueOn, graceDays),
    judged: { at: releasedAt?.getTime() ?? Number.POSITIVE_INFINITY, state },
  }));
}
