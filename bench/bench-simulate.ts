import { simulate } from '../src/flows/simulate.ts';
import { unwrap } from '../src/kernel/result.ts';
import { loadRuleBook, openingsPackKey } from '../src/modules/compliance/public.ts';
import { actIn } from '../src/modules/identity/public.ts';
import { parseAssumptions, runStrategy } from '../src/modules/strategy/public.ts';
import { decisions } from './bench-permit.ts';
import type { BenchServer } from './bench-server.ts';
import { median, round, secondsOf } from './measure.ts';
import { benchActor, benchDay, benchTenant, portfolioDatabase } from './portfolio.ts';

const tenant = benchTenant(1);
const noLimit = { statementTimeoutMs: 0 };
const days = 90;
// What it may cost: so many daily runs, and twice the time of the decisions alone.
const runsAllowed = 20;
const decisionsAllowed = 2;

export type SimulateBench = { readonly accounts: number; readonly pairs: number; readonly say: (line: string) => void };

/**
 * Ninety days of today's treatment in which nobody pays, against the first daily run over the same portfolio and the pure decisions of as
 * many contacts.
 */
export async function benchSimulate(server: BenchServer, { accounts, pairs, say }: SimulateBench) {
  const base = await portfolioDatabase(server, accounts);
  const assumptions = unwrap(parseAssumptions({}));
  const mailing = { ...server.open(base), config: { publicUrl: 'http://localhost:4400' } };
  const book = await actIn(server.open(base), tenant, benchActor, (ctx) => loadRuleBook(ctx), noLimit);
  const pure = await decisions(book, { pairs, say });
  const runs: number[] = [];
  const simulations: number[] = [];
  let contacts = 0;
  let most = 0;
  for (let n = 0; n < pairs; n += 1) {
    await server.copy('bench_ours', base);
    runs.push(
      await secondsOf(() =>
        actIn(
          server.open('bench_ours'),
          tenant,
          benchActor,
          async (ctx) => unwrap(await runStrategy(ctx, { asOf: benchDay, openings: openingsPackKey })),
          noLimit,
        ),
      ),
    );
    await server.drop('bench_ours');
    const seconds = await secondsOf(async () => {
      const order = {
        from: benchDay,
        days,
        simulated: { kind: 'today' },
        compared: null,
        assumptions,
        seed: 'bench',
      } as const;
      const report = await actIn(
        server.open(base),
        tenant,
        benchActor,
        async (ctx) =>
          unwrap(
            await simulate(ctx, mailing, order, () => {
              most = Math.max(most, process.memoryUsage().rss);
            }),
          ),
        noLimit,
      );
      const [side] = report.sides;
      contacts =
        (side?.totals.emails ?? 0) +
        (side?.totals.calls ?? 0) +
        (side?.totals.refused ?? 0) +
        (side?.totals.putOff ?? 0) +
        (side?.rules.reduce((sum, rule) => sum + rule.laterThatDay, 0) ?? 0);
    });
    simulations.push(seconds);
    say(`run ${runs.at(-1)?.toFixed(2)} s, simulation ${seconds.toFixed(2)} s, ${contacts} contacts decided`);
  }
  const runS = median(runs);
  const simulationS = median(simulations);
  const allowedS = runsAllowed * runS + (decisionsAllowed * contacts) / pure.decisions_per_s;
  return {
    bench: 'simulate',
    n: accounts,
    days,
    pairs,
    simulation_s: round(simulationS),
    daily_run_s: round(runS),
    contacts_decided: contacts,
    decisions_per_s: pure.decisions_per_s,
    allowed_s: round(allowedS),
    part_of_allowed: round(simulationS / allowedS, 2),
    most_rss_mb: Math.round(most / 2 ** 20),
  };
}
