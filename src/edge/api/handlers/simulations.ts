import { startSimulation, stopSimulation } from '../../../flows/keep-simulations.ts';
import type { SimulationOrder } from '../../../flows/simulate.ts';
import { calendarDate } from '../../../kernel/calendar.ts';
import { pageOf, readCursor } from '../../../kernel/cursor.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import {
  type DifferenceRow,
  findSimulation,
  isNonAction,
  listDifferences,
  listSimulatable,
  listSimulations,
  nonActionReasons,
  parseAssumptions,
  readNamedSelection,
  type SimulatedSide,
  type SimulationRow,
} from '../../../modules/strategy/public.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/simulations.ts';
import { type Implementation, implement } from '../operation.ts';

type Head = ResponseOf<typeof contract.startSimulation>;
type Report = NonNullable<ResponseOf<typeof contract.getSimulation>['report']>;
type Treatment = ResponseOf<typeof contract.listSimulatedAccounts>['rows'][number]['mine'];

const SHOWN = 50;
const notFound = refuse('simulation_not_found', 'There is no such simulation.');

/** Simulations: started, watched, cancelled, read. */
export function simulationHandlers(): Implementation[] {
  return [
    implement(contract.listSimulations, async (ctx) =>
      ok({ rows: (await listSimulations(ctx, SHOWN)).map(headOf), strategies: await listSimulatable(ctx) }),
    ),
    implement(contract.startSimulation, async (ctx, { body }) => {
      const assumptions = parseAssumptions(body.assumptions);
      if (!assumptions.ok) return assumptions;
      let simulated: SimulatedSide = { kind: 'today' };
      if (body.strategy) simulated = { kind: 'version', ...body.strategy };
      else if (body.selection) {
        const selection = await readNamedSelection(ctx, body.selection);
        if (!selection.ok) return selection;
        simulated = { kind: 'selection', selection: selection.value };
      }
      const order: SimulationOrder = {
        from: calendarDate(body.from),
        days: body.days,
        simulated,
        compared: body.compare && { kind: 'version', ...body.compare },
        assumptions: assumptions.value,
        seed: body.seed,
      };
      const started = await startSimulation(ctx, body.title, order);
      return started.ok ? ok(headOf(started.value)) : started;
    }),
    implement(contract.getSimulation, async (ctx, { params }) => {
      const row = await findSimulation(ctx, params.simulationId);
      return row ? ok({ ...headOf(row), report: row.report as Report | null }) : notFound;
    }),
    implement(contract.cancelSimulation, async (ctx, { params }) => {
      const stopped = await stopSimulation(ctx, idOf('simulation', params.simulationId));
      return stopped.ok ? ok(headOf(stopped.value)) : stopped;
    }),
    implement(contract.listSimulatedAccounts, async (ctx, { params, query }) => {
      const after = query.cursor === undefined ? null : readCursor(query.cursor, ['date', 'uuid']);
      if (after && !after.ok) return after;
      if (!(await findSimulation(ctx, params.simulationId))) return notFound;
      const [on, id] = after?.value ?? [];
      const rows = await listDifferences(ctx, params.simulationId, {
        side: query.side,
        kind: query.kind ?? null,
        after: on === undefined || id === undefined ? null : [on, id],
        limit: query.limit + 1,
      });
      const page = pageOf(rows, query.limit, (row) => [row.on, row.id]);
      return ok({ rows: page.rows.map(accountOf), nextCursor: page.nextCursor });
    }),
  ];
}

function headOf(row: Omit<SimulationRow, 'report'>): Head {
  const { from, days } = row.request as SimulationOrder;
  const { id, title, state, accountsDone, accountsOf, fault, startedBy } = row;
  return {
    id,
    title,
    state,
    from,
    days,
    accountsDone,
    accountsOf,
    fault,
    startedBy,
    recordedAt: row.recordedAt.toISOString(),
  };
}

const accountOf = ({ id: _id, balanceMinor, mine, theirs, ...row }: DifferenceRow) => ({
  ...row,
  balanceMinor: balanceMinor.toString(),
  mine: treatmentOf(mine),
  theirs: treatmentOf(theirs),
});

function treatmentOf({ acts, version, segment, reasonCode }: DifferenceRow['mine']): Treatment {
  const named = acts.map((act) => `${act.action.replace('_', ' ')} “${act.stepKey}”`).join(', ');
  const reason = isNonAction(reasonCode) ? nonActionReasons[reasonCode].sentence : 'Nothing new is due on this day.';
  return { acts: [...acts], version, segment, reasonCode, sentence: named === '' ? reason : named };
}
