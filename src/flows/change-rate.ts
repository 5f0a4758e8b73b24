import type { Ctx } from '../kernel/ctx.ts';
import type { Result } from '../kernel/result.ts';
import { rerankTasks } from '../modules/desk/public.ts';
import { loadRates, type NewRate, type Rates, setRate } from '../modules/ledger/public.ts';
import { ok } from '../kernel/result.ts';

/** Sets a rate and puts the open tasks of that currency where they now belong. Refuses as `setRate`. */
export async function changeRate(
  ctx: Ctx,
  input: NewRate,
): Promise<Result<Rates, 'unknown_currency' | 'bad_rate' | 'own_rate' | 'rate_in_future'>> {
  const set = await setRate(ctx, input);
  if (!set.ok) return set;
  await rerankTasks(ctx, set.value.currency);
  return ok(await loadRates(ctx));
}
