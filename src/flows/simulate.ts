import { addDays, type CalendarDate, daysBetween, localDateOf } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { loadRuleBook } from '../modules/compliance/public.ts';
import { loadTenant } from '../modules/identity/public.ts';
import { listRates } from '../modules/ledger/public.ts';
import {
  amountAt,
  type Assumptions,
  type BehaviourTable,
  chanceOf,
  countPortfolio,
  type Course,
  type Difference,
  draw,
  drawsOf,
  firstDifference,
  fitBehaviour,
  loadSide,
  type PortfolioCluster,
  type Scenario,
  type SimulatedSide,
  streamPortfolio,
  walk,
  windowOf,
} from '../modules/strategy/public.ts';
import { dayStops } from './move-clock.ts';
import { openGates, openingHours, type Wordings } from './simulation-gate.ts';
import { countSide, type SideKey, type SimulationReport } from './simulation-report.ts';
import { statementsOf } from './simulation-statements.ts';
import type { Writing } from './try-change.ts';

export type SimulationOrder = {
  readonly from: CalendarDate;
  readonly days: number;
  readonly simulated: SimulatedSide;
  readonly compared: SimulatedSide | null;
  readonly assumptions: Assumptions;
  readonly seed: string;
};

/** An account that is treated differently than today. */
export type DifferentAccount = Difference & {
  readonly side: SideKey;
  readonly accountId: string;
  readonly on: CalendarDate;
};

/** Told after every batch of accounts; what it throws ends the simulation. */
export type Progress = {
  readonly accounts: number;
  readonly of: number;
  readonly different: readonly DifferentAccount[];
  readonly courses: ReadonlyMap<SideKey, readonly Course[]>;
};

export type SimulationRefusal = 'no_strategy' | 'unknown_version' | 'bad_window';

const mostDays = 365;
const batch = 400;

/**
 * Simulates strategies on the portfolio from a day on, one cluster of people after the other, and writes nothing: who is approached
 * when, by the rule that runs follow and the gate that contacts pass, and what follows from what is taken for granted. Needs no
 * statement time limit. Refuses: `no_strategy`, `unknown_version`, `bad_window`.
 */
export async function simulate(
  ctx: Ctx,
  mailing: Writing,
  order: SimulationOrder,
  told: (progress: Progress) => Promise<void> | void = () => undefined,
): Promise<Result<SimulationReport, SimulationRefusal>> {
  const { timeZone: zone, currency: reporting } = await loadTenant(ctx);
  const today = localDateOf(ctx.at, zone);
  const refused = refusalOf(order, today);
  if (refused) return refused;
  const window = windowOf(order.from, order.days, zone, dayStops);
  const behaviour = order.from < today ? null : await behaviourOf(ctx, order.assumptions, today);
  const wanted: (readonly [SideKey, SimulatedSide])[] = [
    ...(order.simulated.kind === 'today' ? [] : [['simulated', order.simulated] as const]),
    ...(order.compared && order.compared.kind !== 'today' ? [['compared', order.compared] as const] : []),
    ['today', { kind: 'today' }],
  ];
  const rates = new Map(
    (await listRates(ctx, reporting, order.from)).map((rate) => [rate.currency as string, rate.rate]),
  );
  const book = await loadRuleBook(ctx);
  const opens = openingHours(book, window);
  const sides = [];
  for (const [key, side] of wanted) {
    const loaded = await loadSide(ctx, window, side);
    if (!loaded.ok) return loaded;
    const scenario: Scenario = {
      window,
      choices: loaded.value.choices,
      behaviour,
      tasksWorked: order.assumptions.tasks === 'worked',
      zone,
      reporting,
      rates,
      opens,
    };
    sides.push({ key, label: loaded.value.label, scenario, count: countSide(window.days) });
  }
  const wordings: Wordings = new Map();
  const replay = order.from < today;
  const [firstRun = 0] = window.runs;
  const start = { on: order.from, knownAt: replay ? new Date(firstRun) : null };
  const of = await countPortfolio(ctx, start);
  const without = new Map<string, bigint>();
  let accounts = 0;
  for await (const clusters of streamPortfolio(ctx, start, batch)) {
    const openGate = await openGates(ctx, mailing, book, wordings, clusters, start.knownAt);
    const different: DifferentAccount[] = [];
    const courses = new Map<SideKey, Course[]>(sides.map(({ key }) => [key, []]));
    for (const cluster of clusters) {
      accounts += cluster.accounts.length;
      const draws = drawsIn(cluster, behaviour, order.seed);
      if (behaviour) addCashWithout(without, cluster, window, behaviour, draws);
      for (const { key, scenario, count } of sides)
        courses.get(key)?.push(...walk(cluster, scenario, draws, openGate(), count.teller));
    }
    for (const { key, count } of sides) {
      if (key === 'today') continue;
      courses.get(key)?.forEach((course, at) => {
        const theirs = courses.get('today')?.[at];
        const found = theirs ? firstDifference(course, theirs) : null;
        if (!found) return;
        count.differs(found.kind);
        different.push({ ...found, side: key, accountId: course.accountId, on: addDays(order.from, found.day) });
      });
    }
    await told({ accounts, of, different, courses });
  }
  const report = {
    from: order.from,
    through: addDays(order.from, order.days - 1),
    replay,
    seed: order.seed,
    accounts,
    currency: reporting,
    assumptions: order.assumptions,
    behaviour,
    sides: sides.map(({ key, label, count }) =>
      count.report(key, label, order.assumptions, boundsOf(without, count.cash)),
    ),
  };
  return ok({ ...report, statements: statementsOf(report) });
}

/** Whether a simulation can be worked out as it is ordered. Refuses as `simulate`. */
export async function checkOrder(ctx: Ctx, order: SimulationOrder): Promise<Result<void, SimulationRefusal>> {
  const { timeZone: zone } = await loadTenant(ctx);
  const refused = refusalOf(order, localDateOf(ctx.at, zone));
  if (refused) return refused;
  const window = windowOf(order.from, 1, zone, dayStops);
  for (const side of [order.simulated, order.compared, { kind: 'today' } as const]) {
    const loaded = side ? await loadSide(ctx, window, side) : null;
    if (loaded?.ok === false) return loaded;
  }
  return ok(undefined);
}

function refusalOf({ from, days }: SimulationOrder, today: CalendarDate): Result<never, 'bad_window'> | null {
  if (!Number.isInteger(days) || days < 1 || days > mostDays)
    return refuse('bad_window', `A simulation takes 1 to ${mostDays} days; ${days} were asked for.`);
  if (from < today && addDays(from, days - 1) > today)
    return refuse(
      'bad_window',
      `A replay ends today at the latest: from ${from} that is ${daysBetween(from, today) + 1} days.`,
    );
  if (Math.abs(daysBetween(today, from)) > mostDays)
    return refuse('bad_window', `A simulation begins within ${mostDays} days of today; ${from} is further away.`);
  return null;
}

async function behaviourOf(ctx: Ctx, { behaviour }: Assumptions, today: CalendarDate): Promise<BehaviourTable | null> {
  if (behaviour === 'fitted') return fitBehaviour(ctx, today);
  return behaviour === 'none' ? null : behaviour;
}

const drawsIn = (cluster: PortfolioCluster, behaviour: BehaviourTable | null, seed: string): Map<string, number> =>
  new Map(
    behaviour
      ? cluster.accounts.flatMap((account) => account.items.map((item) => [item.id, drawsOf(item.id, seed)] as const))
      : [],
  );

/** What comes when nobody is approached any more: the same draws, by the chances that go with the contacts there have been. */
function addCashWithout(
  cash: Map<string, bigint>,
  cluster: PortfolioCluster,
  window: Scenario['window'],
  behaviour: BehaviourTable,
  draws: ReadonlyMap<string, number>,
): void {
  for (const account of cluster.accounts)
    for (const item of account.items) {
      const age = daysBetween(item.dueOn, window.from);
      const drawn = draws.get(item.id) ?? 0;
      const paid = window.runs.findIndex(
        (_run, day) => draw(drawn, window.base + day) < chanceOf(behaviour, age + day, item.contacts),
      );
      const minor = paid === -1 ? 0n : amountAt(item.amounts, window.runs[paid] ?? 0);
      if (minor > 0n) cash.set(account.currency, (cash.get(account.currency) ?? 0n) + minor);
    }
}

function boundsOf(without: ReadonlyMap<string, bigint>, expected: ReadonlyMap<string, bigint>) {
  const currencies = [...new Set([...without.keys(), ...expected.keys()])].sort();
  return currencies.map((currency) => {
    const [first, second] = [without.get(currency) ?? 0n, expected.get(currency) ?? 0n];
    return { currency, lowMinor: first < second ? first : second, highMinor: first < second ? second : first };
  });
}
