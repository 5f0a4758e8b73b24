import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { accountPage } from '../../modules/insights/public.ts';
import { explainAccount } from '../../modules/strategy/public.ts';
import type { Caller } from './caller.ts';
import type { getAccount, makePromise, placeHold } from './contract/accounts.ts';
import type { ResponseOf } from './contract/route.ts';
import { scopeOf } from './row-scope.ts';
import { whyOfNothing, whyOfStrategy } from './why-card.ts';
import { wire } from './wire.ts';

export type AccountBody = ResponseOf<typeof getAccount>;
export type HoldBody = ResponseOf<typeof placeHold>;
export type PromiseBody = ResponseOf<typeof makePromise>;

/** An account as its page shows it, with the next step explained. Refuses: `not_found`, also for what the caller may not see. */
export async function accountBody(
  ctx: Ctx,
  accountId: string,
  caller: Caller,
): Promise<Result<AccountBody, 'not_found'>> {
  const page = await accountPage(ctx, accountId, scopeOf(caller));
  if (!page.ok) return page;
  const explained = await explainAccount(ctx, accountId);
  const next = explained.ok ? whyOfStrategy(explained.value) : whyOfNothing(ctx, explained.detail);
  return ok({ ...(wire(page.value) as Omit<AccountBody, 'next'>), next });
}

/** A hold of the account as lists show it; throws when it is not among them, because it has just been written. */
export async function holdBody(ctx: Ctx, accountId: string, holdId: string): Promise<HoldBody> {
  const page = await accountPage(ctx, accountId, {});
  const hold = page.ok ? page.value.holds.find((one) => one.id === holdId) : undefined;
  if (!hold) throw new Error(`Hold ${holdId} is not among those of account ${accountId}`);
  return wire(hold);
}

/** A promise of the account as lists show it; throws when it is not among them. */
export async function promiseBody(ctx: Ctx, accountId: string, promiseId: string): Promise<PromiseBody> {
  const page = await accountPage(ctx, accountId, {});
  const promise = page.ok ? page.value.promises.find((one) => one.id === promiseId) : undefined;
  if (!promise) throw new Error(`Promise ${promiseId} is not among those of account ${accountId}`);
  return wire(promise);
}
