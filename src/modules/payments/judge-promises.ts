import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { lockAccounts, placeHold, refreshFacts, releaseHolds } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { judgePromise, type PromiseJudgement, type PromiseState, rejudgePromise } from './promise-to-pay.ts';
import {
  listPromiseItems,
  listPromisesWithFacts,
  type PromiseSelection,
  type StandingPromise,
  reportPromises,
  updatePromise,
} from './promises.sql.ts';

type JudgedState = Exclude<PromiseState, 'open'>;
export type JudgedCounts = Readonly<Record<JudgedState, number>>;

/** Why the hold of a promise ends; the audit entry of a hold names no person, so neither do these. */
const holdEnds: Readonly<Record<JudgedState, string>> = {
  kept: 'The promise was kept.',
  part_kept: 'The promise was kept in part.',
  broken: 'The promise was broken.',
  cancelled: 'The promise was cancelled.',
};
const judgedStates = Object.keys(holdEnds) as JudgedState[];

/**
 * Judges open promises on the money that is there now and the client's calendar day; each judged one releases its hold and
 * refreshes its account. Promises still waiting keep their count of money received. Repeating it changes nothing.
 */
export async function judgePromises(ctx: Ctx, selection: PromiseSelection): Promise<JudgedCounts> {
  const counts = { kept: 0, part_kept: 0, broken: 0, cancelled: 0 };
  const waiting = await listPromisesWithFacts(ctx, selection, ['open']);
  const moving = waiting.filter(hasMoved);
  if (moving.length === 0) return counts;
  // Judged once more under the accounts' locks: a receipt may have come between the first look and the lock.
  const accountIds = [...new Set(moving.map((promise) => promise.accountId))].sort();
  await lockAccounts(ctx, accountIds);
  const judgedIds: Id<'promise'>[] = [];
  const ended: Record<JudgedState, Id<'hold'>[]> = { kept: [], part_kept: [], broken: [], cancelled: [] };
  for (const promise of await listPromisesWithFacts(ctx, { accountIds }, ['open'])) {
    const judgement = judgePromise(promise.facts, promise.today);
    if (!hasMoved(promise)) continue;
    await updatePromise(ctx, promise, judgement, promise.holdId);
    if (judgement.state === 'open') continue;
    counts[judgement.state] += 1;
    judgedIds.push(promise.id);
    ended[judgement.state].push(promise.holdId);
    await record(ctx, promise, judgement);
  }
  for (const state of judgedStates) await releaseHolds(ctx, ended[state], holdEnds[state]);
  await reportPromises(ctx, judgedIds);
  await refreshFacts(ctx, { accountIds });
  return counts;
}

const hasMoved = (promise: StandingPromise): boolean =>
  judgePromise(promise.facts, promise.today).state !== promise.state ||
  promise.facts.received.amountMinor !== promise.receivedThen.amountMinor;

/** Looks again at kept promises of accounts that lost money. One that still has time is open again, with a hold of its own. */
export async function rejudgePromises(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<void> {
  for (const promise of await listPromisesWithFacts(ctx, { accountIds }, ['kept', 'part_kept'])) {
    const judgement = rejudgePromise(promise, promise.facts, promise.today);
    if (!judgement) continue;
    const holdId = judgement.state === 'open' ? await holdAgain(ctx, promise) : promise.holdId;
    await updatePromise(ctx, promise, judgement, holdId);
    await record(ctx, promise, judgement);
    await reportPromises(ctx, [promise.id]);
  }
}

/** Ends an open promise because a person says so. Refuses: `promise_not_found`, `promise_closed`, `changed_meanwhile`. */
export async function cancelPromise(
  ctx: Ctx,
  input: { readonly promiseId: Id<'promise'>; readonly reason: string; readonly rowVersion?: bigint },
): Promise<Result<{ promiseId: Id<'promise'> }, 'promise_not_found' | 'promise_closed' | 'changed_meanwhile'>> {
  const anyState = ['open', 'kept', 'part_kept', 'broken', 'cancelled'] as const;
  const [before] = await listPromisesWithFacts(ctx, { promiseId: input.promiseId }, anyState);
  if (!before) return refuse('promise_not_found', 'There is no such promise.');
  await lockAccounts(ctx, [before.accountId]);
  const [promise] = await listPromisesWithFacts(ctx, { promiseId: input.promiseId }, anyState);
  if (!promise) throw new Error(`Promise ${input.promiseId} vanished under its account's lock`);
  if (input.rowVersion !== undefined && promise.rowVersion !== input.rowVersion) {
    return refuse('changed_meanwhile', 'This promise has changed meanwhile; look at it again before you cancel it.');
  }
  if (promise.state !== 'open')
    return refuse('promise_closed', `This promise is ${promise.state.replace('_', '-')} already.`);
  const judgement: PromiseJudgement = { state: 'cancelled', reason: input.reason };
  await updatePromise(ctx, promise, judgement, promise.holdId);
  await releaseHolds(ctx, [promise.holdId], holdEnds.cancelled);
  await record(ctx, promise, judgement);
  await refreshFacts(ctx, { accountIds: [promise.accountId] });
  return ok({ promiseId: promise.id });
}

async function holdAgain(ctx: Ctx, promise: StandingPromise): Promise<Id<'hold'>> {
  const placed = await placeHold(ctx, {
    coverage: 'items',
    accountId: promise.accountId,
    itemIds: await listPromiseItems(ctx, promise.id),
    reason: 'promise',
    effects: ['stop_automatic'],
    note: 'The promise is open again: money it was judged on was taken back.',
    source: { kind: 'promise', id: promise.id },
  });
  if (!placed.ok) throw new Error(`The hold of promise ${promise.id} was refused: ${placed.detail}`);
  return placed.value.holdId;
}

async function record(ctx: Ctx, promise: StandingPromise, judgement: PromiseJudgement): Promise<void> {
  await recordAudit(ctx, {
    action: `promise.${judgement.state}`,
    subjectKind: 'promise',
    subjectId: promise.id,
    accountId: promise.accountId,
    personal: { personId: promise.accountId, values: { reason: judgement.reason } },
    detail: {
      receivedMinor: String(promise.facts.received.amountMinor),
      currency: promise.facts.received.currency,
    },
  });
}
