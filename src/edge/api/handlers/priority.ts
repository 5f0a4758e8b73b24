import { reweigh, tryWeights } from '../../../flows/rank-work.ts';
import { calendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok } from '../../../kernel/result.ts';
import { loadTenant } from '../../../modules/identity/public.ts';
import {
  type BudgetsRow,
  changeBudgets,
  defaultWeights,
  findBudgets,
  findWeights,
  listBudgets,
  listUse,
  listWeights,
  type WeightsRow,
} from '../../../modules/strategy/public.ts';
import * as contract from '../contract/priority.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';

const TOP = 20;
const AHEAD = 50;

/** By what work is ranked, and what a day allows. */
export function priorityHandlers(): Implementation[] {
  return [
    implement(contract.getWeights, async (ctx) => ok(await weightsBody(ctx))),
    implement(contract.tryWeights, async (ctx, { body }) => {
      const tried = await tryWeights(ctx, body.weights, body.queue, TOP);
      if (!tried.ok) return tried;
      return ok({
        rows: tried.value.map(({ accountNumber, partyName, ...row }, at) => ({
          ...row,
          number: accountNumber,
          party: partyName,
          balanceMinor: row.balanceMinor.toString(),
          priority: row.priority.toString(),
          priorityNow: row.priorityNow.toString(),
          place: at + 1,
        })),
      });
    }),
    // All open tasks of a tenant are ranked, which may take longer than a request's statement may.
    implementFlow(contract.changeWeights, async ({ body }, host) =>
      host.enter(
        async (ctx) => {
          const changed = await reweigh(ctx, body.seen, {
            weights: body.weights,
            ...(body.effectiveFrom !== undefined && { effectiveFrom: calendarDate(body.effectiveFrom) }),
          });
          return changed.ok ? ok(await weightsBody(ctx)) : changed;
        },
        { statementTimeoutMs: 0 },
      ),
    ),
    implement(contract.getBudgets, async (ctx) => ok(await budgetsBody(ctx))),
    implement(contract.changeBudgets, async (ctx, { body }) => {
      const changed = await changeBudgets(ctx, body.seen, {
        lines: body.lines,
        ...(body.effectiveFrom !== undefined && { effectiveFrom: calendarDate(body.effectiveFrom) }),
      });
      return changed.ok ? ok(await budgetsBody(ctx)) : changed;
    }),
  ];
}

const revisionOf = (row: WeightsRow | BudgetsRow | null) => ({
  revision: row?.revision ?? 0,
  effectiveFrom: row?.effectiveFrom ?? null,
  recordedBy: row?.recordedBy ?? null,
  recordedAt: row?.recordedAt.toISOString() ?? null,
});

async function weightsBody(ctx: Ctx): Promise<ResponseOf<typeof contract.getWeights>> {
  const { currency, timeZone } = await loadTenant(ctx);
  const today = localDateOf(ctx.at, timeZone);
  const inEffect = await findWeights(ctx, today);
  const newest = await listWeights(ctx, AHEAD);
  return {
    today,
    newestRevision: newest[0]?.revision ?? 0,
    reportingCurrency: currency,
    inEffect: { ...revisionOf(inEffect), weights: inEffect?.weights ?? defaultWeights },
    toCome: newest
      .filter((row) => row.effectiveFrom > today)
      .map((row) => ({ ...revisionOf(row), weights: row.weights })),
    builtIn: defaultWeights,
  };
}

async function budgetsBody(ctx: Ctx): Promise<ResponseOf<typeof contract.getBudgets>> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const inEffect = await findBudgets(ctx, today);
  const newest = await listBudgets(ctx, AHEAD);
  return {
    today,
    newestRevision: newest[0]?.revision ?? 0,
    inEffect: { ...revisionOf(inEffect), lines: await listUse(ctx, inEffect?.lines ?? [], today) },
    toCome: newest
      .filter((row) => row.effectiveFrom > today)
      .map((row) => ({ ...revisionOf(row), lines: [...row.lines] })),
  };
}
