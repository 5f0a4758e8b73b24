import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../kernel/ctx.ts';
import { findWrongTallies, keepTallies, rebuildTallies, type WrongTally } from '../kernel/tallies.ts';
import { hubTallies } from '../modules/accounts/public.ts';
import { permitTallies } from '../modules/compliance/public.ts';
import { taskTallies } from '../modules/desk/public.ts';
import { messageTallies } from '../modules/outreach/public.ts';
import { paymentTallies } from '../modules/payments/public.ts';
import { planTallies } from '../modules/strategy/public.ts';

/** What every room's rows come to now: the truth that `kernel.tallies` must equal. */
const sources = (ctx: Ctx): RawBuilder<unknown> =>
  sql.join(
    [hubTallies, planTallies, paymentTallies, taskTallies, messageTallies, permitTallies].map((of) => of(ctx)),
    sql` union all `,
  );

/** Makes the tenant's tallies when it has none, else folds what was added; the worker's step, cheap when there is nothing to do. */
export const keepTenantTallies = (ctx: Ctx): Promise<number> => keepTallies(ctx, sources(ctx));

/** Makes the tenant's tallies anew from their sources. Returns how many there are. */
export const rebuildTenantTallies = (ctx: Ctx): Promise<number> => rebuildTallies(ctx, sources(ctx));

/** Tallies that differ from their sources. */
export const wrongTenantTallies = (ctx: Ctx): Promise<WrongTally[]> => findWrongTallies(ctx, sources(ctx));
