import type { Actor, Ctx } from '../kernel/ctx.ts';
import { isUnavailable } from '../kernel/db-faults.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { actIn, recordAudit } from '../modules/identity/public.ts';
import {
  beatSimulation,
  cancelSimulation,
  claimSimulation,
  countOpenSimulations,
  endSimulation,
  findSimulation,
  insertDifferences,
  insertSimulation,
  type SimulationRow,
} from '../modules/strategy/public.ts';
import type { Mailing } from './hand-over.ts';
import { checkOrder, type SimulationOrder, type SimulationRefusal, simulate } from './simulate.ts';

// One that nobody waits for any more can be cancelled; more at once would only be slower.
const mostOpen = 5;

/** Has a simulation worked out in the background. Refuses: `too_many_simulations` and what a simulation refuses. */
export async function startSimulation(
  ctx: Ctx,
  title: string,
  order: SimulationOrder,
): Promise<Result<SimulationRow, SimulationRefusal | 'too_many_simulations'>> {
  if ((await countOpenSimulations(ctx)) >= mostOpen)
    return refuse(
      'too_many_simulations',
      `${mostOpen} simulations are waiting or under way. Wait for one of them, or cancel it.`,
    );
  const checked = await checkOrder(ctx, order);
  if (!checked.ok) return checked;
  const id = newId<'simulation'>();
  await insertSimulation(ctx, { id, title, request: order });
  await recordAudit(ctx, {
    action: 'strategy.simulation_started',
    subjectKind: 'simulation',
    subjectId: id,
    detail: { from: order.from, days: order.days, seed: order.seed },
  });
  return ok(await loaded(ctx, id));
}

/** Takes back a simulation that has not ended. Refuses: `simulation_not_found`, `already_closed`. */
export async function stopSimulation(
  ctx: Ctx,
  id: Id<'simulation'>,
): Promise<Result<SimulationRow, 'simulation_not_found' | 'already_closed'>> {
  if (!(await findSimulation(ctx, id))) return refuse('simulation_not_found', 'There is no such simulation.');
  if (!(await cancelSimulation(ctx, id))) return refuse('already_closed', 'This simulation has ended already.');
  return ok(await loaded(ctx, id));
}

async function loaded(ctx: Ctx, id: string): Promise<SimulationRow> {
  const row = await findSimulation(ctx, id);
  if (!row) throw new Error(`Simulation ${id} vanished`);
  return row;
}

class Cancelled extends Error {}

/**
 * Works out the oldest simulation that waits, if any. Progress and findings are written beside it, in transactions of their own; killed, it
 * is begun anew by whoever looks a minute later.
 */
export async function workSimulations(
  mailing: Mailing,
  tenant: TenantId,
  actor: Actor,
  stop?: AbortSignal,
): Promise<boolean> {
  const claimed = await actIn(mailing, tenant, actor, claimSimulation);
  if (!claimed) return false;
  const { id } = claimed;
  const beside = <T>(fn: (ctx: Ctx) => Promise<T>) => actIn(mailing, tenant, actor, fn);
  try {
    const outcome = await actIn(
      mailing,
      tenant,
      actor,
      (ctx) =>
        simulate(ctx, mailing, claimed.request as SimulationOrder, async ({ accounts, of, different }) => {
          const going = await beside(async (own) => {
            await insertDifferences(own, id, different);
            return beatSimulation(own, id, accounts, of);
          });
          if (!going || stop?.aborted) throw new Cancelled();
        }),
      { statementTimeoutMs: 0 },
    );
    await beside((ctx) =>
      endSimulation(ctx, id, outcome.ok ? { report: storable(outcome.value) } : { fault: outcome.detail }),
    );
  } catch (error) {
    if (error instanceof Cancelled) return true;
    if (isUnavailable(error)) throw error;
    await beside((ctx) =>
      endSimulation(ctx, id, {
        fault:
          'Something broke on our side. Start it again; if it happens again, report it with the id of the simulation.',
      }),
    );
    throw error;
  }
  return true;
}

/** Amounts as text: JSON has no integers of that size. */
const storable = (report: unknown): unknown =>
  JSON.parse(JSON.stringify(report, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));
