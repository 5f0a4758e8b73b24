import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import type { Experiment, ExperimentTerms, StepKind } from './experiment.ts';

const columns = sql`e.id, e.name, e.hypothesis, e.state, e.arms, e.share, e.recovery_days as "recoveryDays", e.complaint_days as "complaintDays",
  e.costs, e.complaints_above as "complaintsAbove", e.recovery_below as "recoveryBelow", e.started_on as "startedOn", e.ends_on as "endsOn",
  e.stopped_on as "stoppedOn", e.stop_reason as "stopReason", e.decided_arm as "decidedArm", e.row_version as "rowVersion",
  e.recorded_by as "recordedBy", e.recorded_at as "recordedAt"`;

const select = (ctx: Ctx, which: RawBuilder<unknown>) =>
  sql<Experiment>`select ${columns} from strategy.experiments e where e.tenant_id = ${ctx.tenant} ${which}`.execute(
    ctx.db,
  );

/** Null for one that is not there; `lock` holds it until the transaction ends. */
export async function findExperiment(ctx: Ctx, id: string, lock = false): Promise<Experiment | null> {
  const { rows } = await select(ctx, sql`and e.id = ${id}::uuid ${lock ? sql`for update` : sql``}`);
  return rows[0] ?? null;
}

/** Those that run first, then the newest. */
export async function listExperiments(ctx: Ctx): Promise<Experiment[]> {
  const { rows } = await select(ctx, sql`order by e.state = 'running' desc, e.recorded_at desc, e.id desc limit 500`);
  return rows;
}

/** Some of them by id. */
export async function findExperiments(ctx: Ctx, ids: readonly string[]): Promise<Experiment[]> {
  const { rows } = await select(ctx, sql`and e.id = any(${[...ids]}::uuid[])`);
  return rows;
}

export async function listRunningExperiments(ctx: Ctx): Promise<Experiment[]> {
  const { rows } = await select(ctx, sql`and e.state = 'running' order by e.id for update`);
  return rows;
}

/** Whether another experiment bears the name. */
export async function isExperimentNamed(ctx: Ctx, name: string, but: string | null): Promise<boolean> {
  const { rows } = await sql`select 1 from strategy.experiments e
    where e.tenant_id = ${ctx.tenant} and lower(e.name) = lower(${name}) and e.id is distinct from ${but}::uuid`.execute(
    ctx.db,
  );
  return rows.length > 0;
}

export async function insertExperiment(ctx: Ctx, id: Id<'experiment'>, to: ExperimentTerms): Promise<void> {
  await sql`insert into strategy.experiments (tenant_id, id, name, hypothesis, state, arms, share, recovery_days, complaint_days, costs, complaints_above,
      recovery_below, ends_on, recorded_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${to.name}, ${to.hypothesis}, 'draft', ${JSON.stringify(to.arms)}::jsonb, ${to.share}, ${to.recoveryDays},
      ${to.complaintDays}, ${JSON.stringify(to.costs)}::jsonb, ${to.complaintsAbove}, ${to.recoveryBelow}, ${to.endsOn}, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
}

/** Writes what may have changed of an experiment and counts its row version up. */
export async function updateExperiment(
  ctx: Ctx,
  id: string,
  to: Omit<Experiment, 'id' | 'rowVersion' | 'recordedBy' | 'recordedAt'>,
): Promise<void> {
  await sql`update strategy.experiments e set name = ${to.name}, hypothesis = ${to.hypothesis}, state = ${to.state}, arms = ${JSON.stringify(to.arms)}::jsonb,
      share = ${to.share}, recovery_days = ${to.recoveryDays}, complaint_days = ${to.complaintDays}, costs = ${JSON.stringify(to.costs)}::jsonb,
      complaints_above = ${to.complaintsAbove}, recovery_below = ${to.recoveryBelow}, started_on = ${to.startedOn}, ends_on = ${to.endsOn},
      stopped_on = ${to.stoppedOn}, stop_reason = ${to.stopReason}, decided_arm = ${to.decidedArm}, row_version = e.row_version + 1
    where e.tenant_id = ${ctx.tenant} and e.id = ${id}::uuid`.execute(ctx.db);
}

export type ExperimentStep = {
  readonly kind: StepKind;
  readonly sentence: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};

export async function insertStep(ctx: Ctx, experimentId: string, kind: StepKind, sentence: string): Promise<void> {
  await sql`insert into strategy.experiment_steps (tenant_id, id, experiment_id, kind, sentence, recorded_by, recorded_at)
    values (${ctx.tenant}, ${newId()}, ${experimentId}, ${kind}, ${sentence}, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
}

/** What was done to an experiment, oldest first. */
export async function listSteps(ctx: Ctx, experimentId: string): Promise<ExperimentStep[]> {
  const { rows } = await sql<ExperimentStep>`
    select s.kind, s.sentence, s.recorded_by as "recordedBy", s.recorded_at as "recordedAt" from strategy.experiment_steps s
    where s.tenant_id = ${ctx.tenant} and s.experiment_id = ${experimentId}::uuid order by s.recorded_at, s.id`.execute(
    ctx.db,
  );
  return rows;
}

/** Names of strategies and whether a version of them is in effect on a day. */
export async function listStrategyNames(
  ctx: Ctx,
  on: CalendarDate,
): Promise<{ id: Id<'strategy'>; name: string; inEffect: boolean }[]> {
  const { rows } = await sql<{ id: Id<'strategy'>; name: string; inEffect: boolean }>`
    select s.id, s.name, exists (select 1 from strategy.versions v
      where v.tenant_id = ${ctx.tenant} and v.strategy_id = s.id and v.effective_from <= ${on}) as "inEffect"
    from strategy.strategies s where s.tenant_id = ${ctx.tenant} order by lower(s.name), s.id`.execute(ctx.db);
  return rows;
}
