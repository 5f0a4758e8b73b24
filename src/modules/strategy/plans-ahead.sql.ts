import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { DuePlan } from './plans.sql.ts';

/** A planned contact that has not been stopped since, with the earliest instant it may go. */
export type PlanAhead = DuePlan & { readonly action: 'email' | 'call_task'; readonly notBefore: Date | null };

/** Contacts planned up to a day, in order of day and id, after the one named; a page of them. */
export async function listPlansAhead(
  ctx: Ctx,
  through: string,
  page: { readonly after: readonly [string, string] | null; readonly limit: number },
): Promise<PlanAhead[]> {
  const beyond =
    page.after === null ? sql`true` : sql`(p.planned_for, p.id) > (${page.after[0]}::date, ${page.after[1]}::uuid)`;
  const { rows } = await sql<PlanAhead>`
    select p.id, p.account_id as "accountId", p.client_id as "clientId", p.cluster_id as "clusterId", p.party_id as "partyId",
      p.step_key as "stepKey", p.level, p.stop_epoch as "stopEpoch", p.planned_for as "plannedFor", p.action, p.not_before as "notBefore"
    from strategy.plans p
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
    where p.tenant_id = ${ctx.tenant} and p.state = 'planned' and p.action in ('email', 'call_task') and p.planned_for <= ${through}
      and f.stop_epoch = p.stop_epoch and ${beyond}
    order by p.planned_for, p.id limit ${page.limit}`.execute(ctx.db);
  return rows;
}

/** How many contacts are planned up to a day, counted no further than `most`. */
export async function countPlansAhead(ctx: Ctx, through: string, most: number): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    select count(*) as n from (
      select 1 from strategy.plans p
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
      where p.tenant_id = ${ctx.tenant} and p.state = 'planned' and p.action in ('email', 'call_task') and p.planned_for <= ${through}
        and f.stop_epoch = p.stop_epoch limit ${most}) x`.execute(ctx.db);
  return Number(rows[0]?.n ?? 0);
}
