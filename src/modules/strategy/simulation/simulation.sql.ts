import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { hashId, type Id } from '../../../kernel/ids.ts';
import type { Difference } from './course.ts';

export type SimulationState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** A simulation as it is kept; `request` and `report` are read by whoever wrote them. */
export type SimulationRow = {
  readonly id: Id<'simulation'>;
  readonly title: string;
  readonly request: unknown;
  readonly state: SimulationState;
  readonly accountsDone: number;
  readonly accountsOf: number | null;
  readonly report: unknown;
  readonly fault: string | null;
  readonly startedBy: string;
  readonly recordedAt: Date;
  readonly finishedAt: Date | null;
};

const columns = sql`s.id, s.title, s.request, s.state, s.accounts_done as "accountsDone", s.accounts_of as "accountsOf", s.fault,
  s.started_by as "startedBy", s.recorded_at as "recordedAt", s.finished_at as "finishedAt"`;

export async function insertSimulation(
  ctx: Ctx,
  { id, title, request }: { readonly id: Id<'simulation'>; readonly title: string; readonly request: unknown },
): Promise<void> {
  await sql`
    insert into strategy.simulations (tenant_id, id, title, request, started_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${title}, ${JSON.stringify(request)}::jsonb, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
}

/** Newest first, without their reports. */
export async function listSimulations(ctx: Ctx, limit: number): Promise<Omit<SimulationRow, 'report'>[]> {
  const { rows } = await sql<Omit<SimulationRow, 'report'>>`
    select ${columns} from strategy.simulations s where s.tenant_id = ${ctx.tenant} order by s.id desc limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}

export async function findSimulation(ctx: Ctx, id: string): Promise<SimulationRow | null> {
  const { rows } = await sql<SimulationRow>`
    select ${columns}, s.report from strategy.simulations s where s.tenant_id = ${ctx.tenant} and s.id = ${id}`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** How many are waiting or being worked on. */
export async function countOpenSimulations(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    select count(*) as n from strategy.simulations s where s.tenant_id = ${ctx.tenant} and s.state in ('waiting', 'running')`.execute(
    ctx.db,
  );
  return Number(rows[0]?.n ?? 0n);
}

/** Takes the oldest that waits, or whose worker gave no sign of life for a minute; what that one had found is forgotten. */
export async function claimSimulation(ctx: Ctx): Promise<SimulationRow | null> {
  const { rows } = await sql<{ id: string }>`
    select s.id from strategy.simulations s
    where s.tenant_id = ${ctx.tenant} and (s.state = 'waiting' or s.state = 'running' and s.beat_at < now() - interval '1 minute')
    order by s.id limit 1 for update skip locked`.execute(ctx.db);
  const [found] = rows;
  if (!found) return null;
  await sql`delete from strategy.simulation_differences d where d.tenant_id = ${ctx.tenant} and d.simulation_id = ${found.id}`.execute(
    ctx.db,
  );
  await sql`update strategy.simulations set state = 'running', beat_at = now(), accounts_done = 0, accounts_of = null
    where tenant_id = ${ctx.tenant} and id = ${found.id}`.execute(ctx.db);
  return findSimulation(ctx, found.id);
}

/** Tells how far it is. False once it is cancelled. */
export async function beatSimulation(ctx: Ctx, id: string, done: number, of: number): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update strategy.simulations set beat_at = now(), accounts_done = ${done}, accounts_of = ${of}
    where tenant_id = ${ctx.tenant} and id = ${id} and state = 'running'`.execute(ctx.db);
  return numAffectedRows > 0n;
}

/** Ends one that is running; one that was cancelled meanwhile stays so. */
export async function endSimulation(
  ctx: Ctx,
  id: string,
  outcome: { readonly report: unknown } | { readonly fault: string },
): Promise<void> {
  const report = 'report' in outcome ? JSON.stringify(outcome.report) : null;
  const fault = 'fault' in outcome ? outcome.fault : null;
  await sql`
    update strategy.simulations set state = ${fault === null ? 'done' : 'failed'}, report = ${report}::jsonb, fault = ${fault}, finished_at = now()
    where tenant_id = ${ctx.tenant} and id = ${id} and state = 'running'`.execute(ctx.db);
}

/** Cancels one that has not ended. False when there is nothing to cancel. */
export async function cancelSimulation(ctx: Ctx, id: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update strategy.simulations set state = 'cancelled', finished_at = now()
    where tenant_id = ${ctx.tenant} and id = ${id} and state in ('waiting', 'running')`.execute(ctx.db);
  return numAffectedRows > 0n;
}

export type NewDifference = Difference & {
  readonly side: string;
  readonly accountId: string;
  readonly on: CalendarDate;
};

const rowsPerStatement = 500;

export async function insertDifferences(ctx: Ctx, id: string, differences: readonly NewDifference[]): Promise<void> {
  for (let start = 0; start < differences.length; start += rowsPerStatement) {
    const values = differences.slice(start, start + rowsPerStatement).map(
      (
        one,
      ) => sql`(${ctx.tenant}, ${hashId('simulation_difference', id, one.side, one.accountId)}, ${id}, ${one.side}, ${one.accountId}, ${one.kind},
          ${one.on}, ${JSON.stringify(one.mine)}::jsonb, ${JSON.stringify(one.theirs)}::jsonb)`,
    );
    await sql`insert into strategy.simulation_differences (tenant_id, id, simulation_id, side, account_id, kind, from_on, mine, theirs)
      values ${sql.join(values)} on conflict (tenant_id, id) do nothing`.execute(ctx.db);
  }
}

export type DifferenceRow = {
  readonly id: string;
  readonly accountId: string;
  readonly number: string;
  readonly party: string;
  readonly balanceMinor: bigint;
  readonly currency: string;
  readonly kind: Difference['kind'];
  readonly on: CalendarDate;
  readonly mine: Difference['mine'];
  readonly theirs: Difference['theirs'];
};

/** Accounts that one side treats differently than today, by day; a page of them after the one named. */
export async function listDifferences(
  ctx: Ctx,
  simulationId: string,
  wanted: {
    readonly side: string;
    readonly kind: Difference['kind'] | null;
    readonly after: readonly [string, string] | null;
    readonly limit: number;
  },
): Promise<DifferenceRow[]> {
  const { side, kind, after, limit } = wanted;
  const beyond = after === null ? sql`true` : sql`(d.from_on, d.id) > (${after[0]}::date, ${after[1]}::uuid)`;
  const { rows } = await sql<DifferenceRow>`
    select d.id, d.account_id as "accountId", f.account_number as number, f.party_name as party, f.balance_minor as "balanceMinor", f.currency,
      d.kind, d.from_on as "on", d.mine, d.theirs
    from strategy.simulation_differences d
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = d.account_id
    where d.tenant_id = ${ctx.tenant} and d.simulation_id = ${simulationId} and d.side = ${side}
      and (${kind}::text is null or d.kind = ${kind}::text) and ${beyond}
    order by d.from_on, d.id limit ${limit}`.execute(ctx.db);
  return rows;
}

/** The strategies that can be simulated, with the numbers of their versions, newest first. */
export async function listSimulatable(ctx: Ctx): Promise<{ name: string; versions: number[] }[]> {
  const { rows } = await sql<{ name: string; versions: number[] }>`
    select s.name, array_agg(v.version order by v.version desc) as versions
    from strategy.strategies s join strategy.versions v on v.tenant_id = ${ctx.tenant} and v.strategy_id = s.id
    where s.tenant_id = ${ctx.tenant} group by s.name order by s.name`.execute(ctx.db);
  return rows;
}
