import { calendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant } from '../../../modules/identity/public.ts';
import {
  changeExperiment,
  createExperiment,
  decideExperiment,
  type Experiment,
  type ExperimentTerms,
  findExperiment,
  findSelection,
  findVersion,
  listExperiments,
  listSegmentRevisions,
  listSteps,
  listStrategyNames,
  type Measure,
  measureInflow,
  type Plan,
  planSample,
  type Point,
  readResults,
  type Results,
  startExperiment,
  stopExperiment,
  widenExperiment,
} from '../../../modules/strategy/public.ts';
import * as contract from '../contract/experiments.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';

type Body = ResponseOf<typeof contract.createExperiment>;
type Terms = Omit<ExperimentTerms, 'arms' | 'endsOn'> & {
  readonly arms: readonly { readonly name: string; readonly strategyId: string | null; readonly weight: number }[];
  readonly endsOn: string | null;
};

/** Experiments: written down, run, widened, stopped, decided, and what they show. */
export function experimentHandlers(): Implementation[] {
  return [
    implement(contract.listExperiments, async (ctx) => {
      const { currency, timeZone } = await loadTenant(ctx);
      const strategies = await listStrategyNames(ctx, localDateOf(ctx.at, timeZone));
      return ok({ rows: (await listExperiments(ctx)).map(bodyOf), strategies, lines: await linesOf(ctx), currency });
    }),
    implement(contract.getExperiment, async (ctx, { params }) => {
      const experiment = await findExperiment(ctx, params.experimentId);
      if (!experiment) return refuse('experiment_not_found', 'There is no such experiment.');
      const { currency } = await loadTenant(ctx);
      const history = (await listSteps(ctx, experiment.id)).map((step) => ({
        ...step,
        recordedAt: step.recordedAt.toISOString(),
      }));
      return ok({
        experiment: bodyOf(experiment),
        results: resultsBody(await readResults(ctx, experiment), currency),
        history,
      });
    }),
    implement(contract.planExperiment, async (ctx, { body }) => {
      if (body.question.effect === 0)
        return refuse(
          'malformed_experiment',
          'An effect of nothing cannot be found. Say the smallest change worth knowing of.',
        );
      const { question } = body;
      if (
        question.kind === 'rate' &&
        (question.baseline + question.effect <= 0 || question.baseline + question.effect >= 1)
      )
        return refuse(
          'malformed_experiment',
          'With this effect the rate would leave 0 to 100 %. Choose a smaller one.',
        );
      const known = body.people !== undefined && body.perDay !== undefined;
      const found = known ? ok({ people: 0, perDay: 0 }) : await measureInflow(ctx, body.segmentId);
      if (!found.ok) return found;
      const inflow = { people: body.people ?? found.value.people, perDay: body.perDay ?? found.value.perDay };
      const plan = planSample(question, body, body.weights, body.share / 10_000, inflow, body.days);
      return ok({
        ...inflow,
        ...plan,
        lookingOnce: [...plan.lookingOnce],
        lookingDaily: [...plan.lookingDaily],
        sentence: planInWords(plan),
      });
    }),
    implement(contract.createExperiment, async (ctx, { body }) => answer(await createExperiment(ctx, termsOf(body)))),
    implement(contract.changeExperiment, async (ctx, { params, body, version }) =>
      answer(await changeExperiment(ctx, experimentId(params), version, termsOf(body))),
    ),
    implement(contract.startExperiment, async (ctx, { params, body, version }) =>
      answer(await startExperiment(ctx, experimentId(params), version, body)),
    ),
    implement(contract.widenExperiment, async (ctx, { params, body, version }) =>
      answer(await widenExperiment(ctx, experimentId(params), version, body.share)),
    ),
    implement(contract.stopExperiment, async (ctx, { params, body, version }) =>
      answer(await stopExperiment(ctx, experimentId(params), version, body.reason)),
    ),
    implement(contract.decideExperiment, async (ctx, { params, body, version }) =>
      answer(await decideExperiment(ctx, experimentId(params), version, body.arm, body.why)),
    ),
  ];
}

const experimentId = (params: { readonly experimentId: string }) => idOf('experiment', params.experimentId);

const answer = <Code extends string>(result: Result<Experiment, Code>): Result<Body, Code> =>
  result.ok ? ok(bodyOf(result.value)) : result;

const termsOf = (body: Terms): ExperimentTerms => ({
  ...body,
  arms: body.arms.map((arm) => ({
    ...arm,
    strategyId: arm.strategyId === null ? null : idOf('strategy', arm.strategyId),
  })),
  endsOn: body.endsOn === null ? null : calendarDate(body.endsOn),
});

const bodyOf = ({ arms, costs, recordedAt, rowVersion, ...row }: Experiment): Body => ({
  ...row,
  arms: arms.map((arm) => ({ ...arm })),
  costs: { ...costs },
  recordedAt: recordedAt.toISOString(),
  rowVersion: rowVersion.toString(),
});

/** The lines of the table in effect; without one, everybody follows the default strategy. */
async function linesOf(ctx: Ctx): Promise<ResponseOf<typeof contract.listExperiments>['lines']> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const selection = await findSelection(ctx, today);
  const everybody = { segmentId: null, name: 'Everybody', experimentId: null };
  if (!selection) return [{ ...everybody, strategyId: (await findVersion(ctx, today))?.strategyId ?? null }];
  const names = new Map((await listSegmentRevisions(ctx, selection.entries)).map((one) => [one.segmentId, one.name]));
  return [
    ...selection.entries.map(({ segmentId, strategyId, experimentId: on = null }) => ({
      segmentId,
      name: names.get(segmentId) ?? 'A segment',
      strategyId,
      experimentId: on,
    })),
    {
      segmentId: null,
      name: selection.entries.length > 0 ? 'Everybody else' : 'Everybody',
      strategyId: selection.otherwiseId,
      experimentId: selection.otherwiseExperimentId,
    },
  ];
}

const pointsOf = (points: readonly Point[]) =>
  points.map(({ on, value, interval }) => ({ on, value, low: interval?.low ?? null, high: interval?.high ?? null }));

const perMeasure = <T, U>(of: Readonly<Record<Measure, T>>, body: (one: T) => U) => ({
  recovery: body(of.recovery),
  cash: body(of.cash),
  cost: body(of.cost),
  complaints: body(of.complaints),
});

const resultsBody = ({ asOf, error, conclusions, arms }: Results, currency: string) => ({
  asOf,
  currency,
  error,
  conclusions: [...conclusions],
  arms: arms.map(({ name, entered, owedMinor, measures, differences }) => ({
    name,
    entered,
    owedMinor: owedMinor.toString(),
    measures: perMeasure(measures, ({ counted, sum, points }) => ({
      counted,
      total: sum.toString(),
      points: pointsOf(points),
    })),
    differences: differences && perMeasure(differences, pointsOf),
  })),
});

const TEN_YEARS = 3650;

function planInWords({ lookingDaily, daysDaily }: Plan): string {
  const total = lookingDaily.reduce((sum, people) => sum + people, 0).toLocaleString('en');
  if (daysDaily === null || daysDaily > TEN_YEARS)
    return `It takes ${total} people, and so many do not come within ten years. Look for a larger effect, or on a larger line.`;
  const weeks = Math.ceil(daysDaily / 7);
  const long =
    daysDaily < 14 ? `${daysDaily} days` : weeks < 106 ? `${weeks} weeks` : `${Math.round(daysDaily / 365)} years`;
  return `It takes ${total} people, watched for about ${long} from the first day to the last person’s last.`;
}
