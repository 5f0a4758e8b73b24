import { type CalendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { currency } from '../../../kernel/money.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import { loadTenant } from '../../identity/public.ts';
import { findRate } from '../../ledger/public.ts';
import { revise } from './revise.ts';
import { actOfTask, defaultWeights, parseWeights, type Weights } from './weights.ts';
import { findWeights, insertWeights, listWeights, type WeightsRow } from './weights.sql.ts';
import { type WorthDay, type WorthFacts, worthReasons } from './worth.ts';
import { worthInSql, type WorthInSql } from './worth.sql.ts';

export type WeightsRefusal = 'malformed_weights' | 'changed_meanwhile';

/**
 * Puts weights in effect from a day on, today at the earliest; `seen` is the newest revision the writer looked at, 0 for none. The same again
 * is no new revision. Refuses: `malformed_weights`, `changed_meanwhile`.
 */
export async function changeWeights(
  ctx: Ctx,
  seen: number,
  draft: { readonly weights: unknown; readonly effectiveFrom?: CalendarDate },
): Promise<Result<WeightsRow, WeightsRefusal>> {
  return revise(ctx, 'weights', seen, {
    effectiveFrom: draft.effectiveFrom,
    read: () => {
      const read = parseWeights(draft.weights);
      return Promise.resolve(read.ok ? ok({ weights: read.value }) : read);
    },
    list: listWeights,
    insert: insertWeights,
    detail: () => ({}),
  });
}

/** The weights of today and when and in whose money worth is reckoned. */
export async function loadWeights(ctx: Ctx): Promise<{ readonly weights: Weights; readonly day: WorthDay }> {
  const { currency: reporting, timeZone: zone } = await loadTenant(ctx);
  const today = localDateOf(ctx.at, zone);
  return {
    weights: (await findWeights(ctx, today))?.weights ?? defaultWeights,
    day: { today, zone, reporting: currency(reporting) },
  };
}

/** What work is worth today, as SQL; by `instead` while weights are being tried. */
export async function loadWorth(ctx: Ctx, instead?: Weights): Promise<WorthInSql> {
  const { weights, day } = await loadWeights(ctx);
  return worthInSql(ctx, instead ?? weights, day);
}

/** Why an act about an account is worth what it is worth today. */
export async function explainWorth(ctx: Ctx, facts: WorthFacts, kind: string): Promise<string[]> {
  const { weights, day } = await loadWeights(ctx);
  return worthReasons(
    facts,
    actOfTask(kind),
    weights,
    day,
    await findRate(ctx, facts.currency, day.reporting, day.today),
  );
}
