import type { Ctx } from '../kernel/ctx.ts';
import type { Result } from '../kernel/result.ts';
import { loadRates, type NewRate, type Rates, setRate } from '../modules/ledger/public.ts';
import { ok } from '../kernel/result.ts';
import { rankWork } from './rank-work.ts';

/** Sets a rate and puts the open tasks where they now belong. Refuses as `setRate`. */
export async function changeRate(
  ctx: Ctx,
  input: NewRate,
): Promise<Result<Rates, 'unknown_currency' | 'bad_rate' | 'own_rate' | 'rate_in_future'>> {
  const set = await setRate(ctx, input);
  if (!set.ok) return set;
  await rankWork(ctx);
  return ok(await loadRates(ctx));
}
