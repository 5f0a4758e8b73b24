import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const count = z.number().int();
const version = z.object({
  name: z.string().min(1).max(80).describe('Name of a strategy'),
  version: z.number().int().min(1).nullable().default(null).describe('Null: its newest'),
});
const side = z.enum(['simulated', 'compared', 'today']);
const kind = z.enum(['more', 'less', 'other']);
const figures = {
  noticesPlanned: count.describe('Notices that the strategy plans'),
  emails: count.describe('Notices that go: no rule is against them'),
  callTasks: count,
  calls: count.describe('Calls that no rule is against'),
  escalations: count,
  refused: count.describe('Contacts that a rule refuses'),
  putOff: count.describe('Contacts that a rule puts off to another day'),
  cost: z.number().describe('In the reporting currency, at the stated unit costs'),
};
const act = z.object({ action: z.string(), stepKey: z.string(), level: count });
const treatment = z.object({
  acts: z.array(act),
  version: z.string().nullable().describe('The version followed; null: kept out'),
  segment: z.string().nullable().describe('The segment by which the selection table chose it'),
  reasonCode: z.string(),
  sentence: z.string().describe('Why nothing is done that day; else what is'),
});
const assumptions = z.record(z.string(), z.unknown());
const head = {
  id: s.id,
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  from: s.date,
  days: count,
  accountsDone: count,
  accountsOf: count.nullable(),
  fault: z.string().nullable(),
  startedBy: z.string(),
  recordedAt: s.instant,
};
const simulation = z.object(head).meta({ id: 'Simulation' });
const report = z
  .object({
    from: s.date,
    through: s.date,
    replay: z.boolean(),
    seed: z.string(),
    accounts: count,
    currency: s.currency,
    assumptions,
    behaviour: z.record(z.string(), z.unknown()).nullable().describe('The chances of payment that were used'),
    sides: z.array(
      z.object({
        key: side,
        label: z.string(),
        days: z.array(
          z.object({
            on: s.date,
            ...figures,
            backlog: count.nullable().describe('Calls waiting at the end of the day'),
          }),
        ),
        totals: z.object(figures),
        rules: z.array(
          z.object({
            ruleId: z.string(),
            citation: z.string(),
            sentence: z.string(),
            refused: count,
            putOff: count,
            laterThatDay: count,
          }),
        ),
        cash: z.array(z.object({ currency: s.currency, lowMinor: s.minor, highMinor: s.minor })),
        different: z.object({ more: count, less: count, other: count }).nullable(),
      }),
    ),
    statements: z.array(z.string()).describe('What is exact, what is estimated, what is supposed'),
  })
  .meta({ id: 'SimulationReport' });
const whole = z.object({ ...head, report: report.nullable() }).meta({ id: 'SimulationWithReport' });
const params = z.object({ simulationId: s.id });

export const listSimulations = route({
  method: 'GET',
  path: '/api/v1/simulations',
  operationId: 'listSimulations',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'The latest fifty simulations, and the strategies that can be simulated',
  response: z.object({
    rows: z.array(simulation),
    strategies: z.array(z.object({ name: z.string(), versions: z.array(count) })),
  }),
});
export const startSimulation = route({
  method: 'POST',
  path: '/api/v1/simulations',
  operationId: 'startSimulation',
  tag: 'Strategy',
  permission: 'strategy.publish',
  status: 201,
  summary:
    'Have a strategy, a selection table or today’s treatment simulated on the portfolio; it is worked out in the background',
  body: z.object({
    title: z.string().trim().min(1).max(120),
    from: s.date.describe('The first day; a past day replays what came since'),
    days: z.number().int().min(1).max(365),
    strategy: version.nullable().default(null).describe('Null: the selection table, or today’s treatment'),
    selection: z
      .object({
        entries: z.array(z.object({ segment: z.string(), strategy: z.string().nullable() })),
        otherwise: z.string().nullable(),
      })
      .nullable()
      .default(null)
      .describe('A whole selection table; segments and strategies by name or id'),
    compare: version.nullable().default(null),
    assumptions: assumptions
      .default({})
      .describe(
        '`{behaviour: "none" | "fitted" | {rows: [{fromDay, perDay: []}]}, tasks: "worked" | "left", costs: {email, call_task, escalation}, callsPerDay}`; all of it optional',
      ),
    seed: z.string().min(1).max(80).default('dunwell').describe('The same seed draws the same payments'),
  }),
  response: simulation,
});
export const getSimulation = route({
  method: 'GET',
  path: '/api/v1/simulations/{simulationId}',
  operationId: 'getSimulation',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'A simulation with its progress, and its report once it is done',
  params,
  response: whole,
});
export const cancelSimulation = route({
  method: 'POST',
  path: '/api/v1/simulations/{simulationId}/cancel',
  operationId: 'cancelSimulation',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Stop a simulation that waits or is under way',
  params,
  response: simulation,
});
export const listSimulatedAccounts = route({
  method: 'GET',
  path: '/api/v1/simulations/{simulationId}/accounts',
  operationId: 'listSimulatedAccounts',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Accounts that one side treats differently than today, by the first day on which it does',
  params,
  query: z.object({
    side: z.enum(['simulated', 'compared']).default('simulated'),
    kind: kind.optional(),
    cursor: s.cursor.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  response: z.object({
    rows: z.array(
      z.object({
        accountId: s.id,
        number: z.string(),
        party: z.string(),
        balanceMinor: s.minor,
        currency: s.currency,
        kind,
        on: s.date,
        mine: treatment,
        theirs: treatment,
      }),
    ),
    nextCursor: s.cursor.nullable(),
  }),
});
