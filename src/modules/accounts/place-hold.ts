import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { loadRoots, lockRootsOf } from '../parties/public.ts';
import { findAccount } from './account.sql.ts';
import { reportEvents } from './events.sql.ts';
import { countItemsOf, happenedByHolds, insertHold, insertHoldsOfPlans, listAccountsOfPerson } from './hold.sql.ts';
import type { NewHold } from './hold.ts';
import { lockAccounts } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';
import { raiseStopEpochs } from './stop-epoch.sql.ts';

type PlaceHoldRefusal =
  | 'account_not_found'
  | 'cluster_not_found'
  | 'no_effects'
  | 'no_items'
  | 'item_not_of_account'
  | 'ends_before_it_begins';

/**
 * Places a dated, reasoned stop and voids, in the same transaction, every contact planned before it for the accounts covered. Refuses:
 * `account_not_found`, `cluster_not_found`, `no_effects`, `no_items`, `item_not_of_account`, `ends_before_it_begins`.
 */
export async function placeHold(ctx: Ctx, input: NewHold): Promise<Result<{ holdId: Id<'hold'> }, PlaceHoldRefusal>> {
  const fault = shapeFault(ctx, input);
  if (fault) return fault;
  const clusterId = await clusterOf(ctx, input);
  if (!clusterId) {
    return input.coverage === 'party'
      ? refuse('cluster_not_found', 'There is no such person or business.')
      : refuse('account_not_found', 'There is no such account.');
  }
  // The person's lock only where the person is meant: a promise places its hold with the account locked already, and clusters come first.
  if (input.coverage === 'party') await lockRootsOf(ctx, [clusterId]);
  const accountIds = input.coverage === 'party' ? await listAccountsOfPerson(ctx, clusterId) : [input.accountId];
  await lockAccounts(ctx, accountIds);
  if (input.coverage === 'items') {
    const known = await countItemsOf(ctx, input.accountId, input.itemIds);
    if (known !== BigInt(new Set(input.itemIds).size))
      return refuse('item_not_of_account', 'Not every item chosen belongs to this account.');
  }
  const holdId = newId<'hold'>();
  await insertHold(ctx, holdId, clusterId, input);
  await raiseStopEpochs(ctx, accountIds);
  await refreshFacts(ctx, { accountIds });
  if (input.reason === 'dispute') await reportEvents(ctx, happenedByHolds(ctx, [holdId], 'dispute_opened'));
  await recordAudit(ctx, {
    action: 'hold.placed',
    subjectKind: 'hold',
    subjectId: holdId,
    ...(input.coverage !== 'party' && { accountId: input.accountId }),
    detail: { reason: input.reason, effects: [...input.effects], coverage: input.coverage, source: input.source.kind },
    ...(input.coverage === 'party' && { set: accountIds }),
  });
  return ok({ holdId });
}

/**
 * Places the holds that plans ask for, each on its account for some days, and voids what else was planned there: one set and one audit entry for
 * all.
 */
export async function placeHoldsOfPlans(
  ctx: Ctx,
  plans: readonly { readonly id: string; readonly accountId: Id<'account'>; readonly days: number }[],
): Promise<void> {
  const accountIds = plans.map((one) => one.accountId);
  await lockAccounts(ctx, accountIds);
  const holdIds = await insertHoldsOfPlans(ctx, plans);
  if (holdIds.length === 0) return;
  await raiseStopEpochs(ctx, accountIds);
  await refreshFacts(ctx, { accountIds });
  await recordAudit(ctx, {
    action: 'holds.placed',
    subjectKind: 'hold',
    subjectId: holdIds[0] ?? '',
    detail: { reason: 'manual', effects: ['stop_automatic'], coverage: 'account', source: 'plan' },
    set: holdIds,
  });
}

async function clusterOf(ctx: Ctx, input: NewHold): Promise<Id<'cluster'> | null> {
  if (input.coverage !== 'party') return (await findAccount(ctx, input.accountId))?.clusterId ?? null;
  return (await loadRoots(ctx, [input.clusterId])).has(input.clusterId) ? input.clusterId : null;
}

function shapeFault(ctx: Ctx, input: NewHold): Result<never, PlaceHoldRefusal> | null {
  if (input.effects.length === 0)
    return refuse(
      'no_effects',
      'Say what the hold stops: automatic contact, all contact, interest, fees or legal steps.',
    );
  if (input.coverage === 'items' && input.itemIds.length === 0)
    return refuse('no_items', 'Choose at least one item for the hold.');
  if (input.to && input.to <= (input.from ?? ctx.at))
    return refuse('ends_before_it_begins', 'The hold must end after it begins.');
  return null;
}
