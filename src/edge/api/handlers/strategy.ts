import { calendarDate, localDateOf, timeZone } from '../../../kernel/calendar.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { runDay } from '../../../flows/run-day.ts';
import { listPlans, listRuns } from '../../../modules/insights/public.ts';
import { actionWords, findVersion, type Step } from '../../../modules/strategy/public.ts';
import * as contract from '../contract/outbox.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';
import { numbersIn } from '../run-figures.ts';

/** Plans, runs and the version in force. */
export function strategyHandlers(): Implementation[] {
  return [
    implement(contract.listPlans, async (ctx, { query, caller }) => {
      const page = await listPlans(ctx, caller.clientIds, query, query);
      if (!page.ok) return page;
      return ok({
        nextCursor: page.value.nextCursor,
        rows: page.value.rows.map(({ partyId, partyName, amountMinor, notBefore, ...row }) => ({
          ...row,
          party: { id: partyId, name: partyName },
          amountMinor: amountMinor.toString(),
          notBefore: notBefore?.toISOString() ?? null,
        })),
      });
    }),
    // A run over a whole portfolio takes longer than a request's statement may.
    implementFlow(contract.runDay, async ({ body }, host) =>
      host.enter(
        async (ctx) => {
          const run = await runDay(ctx, {
            ...(body.asOf !== undefined && { asOf: calendarDate(body.asOf) }),
            dryRun: body.dryRun,
          });
          if (!run.ok) return run;
          const { runId, asOf, dryRun, caughtUpDays, actions, nonActions } = run.value;
          return ok({ runId, asOf, dryRun, caughtUpDays, actions: whole(actions), nonActions: whole(nonActions) });
        },
        { statementTimeoutMs: 0 },
      ),
    ),
    implement(contract.listRuns, async (ctx, { query }) => {
      const page = await listRuns(ctx, query);
      if (!page.ok) return page;
      return ok({
        nextCursor: page.value.nextCursor,
        rows: page.value.rows.map((row) => ({
          ...row,
          at: row.at.toISOString(),
          counts: numbersIn(row.counts),
          finishedAt: row.finishedAt?.toISOString() ?? null,
        })),
      });
    }),
    implement(contract.getStrategy, async (ctx, { caller }) => {
      const version = await findVersion(ctx, localDateOf(caller.at, timeZone(caller.timeZone)));
      if (!version) return refuse('no_strategy', 'No strategy is in effect today. Publish one first.');
      return ok({
        name: version.name,
        version: version.version,
        effectiveFrom: version.effectiveFrom,
        steps: version.definition.steps.map((step) => ({
          key: step.key,
          days: step.day,
          action: step.action,
          level: step.level,
          sentence: sentenceOf(step),
        })),
      });
    }),
  ];
}

function sentenceOf(step: Step): string {
  const days = Math.abs(step.day);
  const when =
    step.day === 0
      ? 'On the due date'
      : `${days} ${days === 1 ? 'day' : 'days'} ${step.day < 0 ? 'before' : 'after'} the due date`;
  return `${when}: ${actionWords[step.action].deed} "${step.title}"${step.holdDays === undefined ? '' : ` for ${step.holdDays} days`}${step.approval ? ', once a second person agrees' : ''}.`;
}

const whole = (counts: Readonly<Partial<Record<string, number>>>): Record<string, number> => numbersIn(counts);
