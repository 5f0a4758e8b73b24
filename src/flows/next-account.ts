import type { Ctx } from '../kernel/ctx.ts';
import { type Id, newId } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type Facts, findFacts } from '../modules/accounts/public.ts';
import {
  type Decision,
  plainSpeech,
  type Preview,
  previewPermits,
  type Proposal,
} from '../modules/compliance/public.ts';
import { findBestPhone, nextTask, type Phone, type Task, type TaskQueue } from '../modules/desk/public.ts';
import { changesSince, type TimelineEntry } from '../modules/insights/public.ts';
import { explainWorth } from '../modules/strategy/public.ts';

export type NextAccount = {
  readonly task: Task | null;
  readonly facts: Facts | null;
  /** The number to ring, null when there is none. */
  readonly phone: Phone | null;
  /** What the gate would say to ringing it now. */
  readonly call: Decision | null;
  /** The worker's tasks on the other accounts of its case, claimed with it. */
  readonly caseTasks: readonly Task[];
  /** What has happened since a person chose this task, where a stop has come after it; newest first. */
  readonly changes: readonly TimelineEntry[];
  readonly priorityReasons: readonly string[];
  readonly remaining: number;
};

/** The next task of the caller with its account and the answer of the gate to a call now, before anybody dials. Refuses: `not_a_worker`. */
export async function nextAccount(
  ctx: Ctx,
  input: {
    readonly queue: TaskQueue;
    readonly skip?: Id<'task'> | null;
    readonly clientIds?: readonly string[] | null;
  },
): Promise<Result<NextAccount, 'not_a_worker'>> {
  const next = await nextTask(ctx, input);
  if (!next.ok) return next;
  const { task, caseTasks, remaining } = next.value;
  if (!task)
    return ok({ task, facts: null, phone: null, call: null, caseTasks, changes: [], priorityReasons: [], remaining });
  const facts = await findFacts(ctx, task.accountId);
  const preview = await previewCall(ctx, task.accountId);
  return ok({
    task,
    facts,
    ...(preview.ok ? preview.value : { phone: null, call: null }),
    caseTasks,
    changes: task.stoppedSince
      ? await changesSince(ctx, { accountId: task.accountId, since: task.recordedAt, limit: 5 })
      : [],
    priorityReasons: facts ? await explainWorth(ctx, facts, task.kind) : [],
    remaining,
  });
}

/** What the gate would answer to a call to the account's best number now; writes nothing. Refuses: `account_not_found`. */
export async function previewCall(
  ctx: Ctx,
  accountId: Id<'account'>,
): Promise<Result<{ readonly phone: Phone | null; readonly call: Preview | null }, 'account_not_found'>> {
  const facts = await findFacts(ctx, accountId);
  if (!facts) return refuse('account_not_found', 'There is no such account.');
  const phone = await findBestPhone(ctx, facts.partyId);
  const [call = null] = await previewPermits(ctx, [callProposal(facts, accountId, phone)]);
  return ok({ phone, call });
}

/** A call by a person to that number about that account, as the gate is asked about it. */
export function callProposal(
  facts: { readonly partyId: string; readonly clientId: string },
  accountId: string,
  phone: Phone | null,
): Proposal {
  return {
    act: 'manual_call',
    channel: 'call',
    partyId: facts.partyId,
    clientId: facts.clientId,
    accountIds: [accountId],
    contactPointId: phone?.contactPointId ?? null,
    addressKey: phone?.key ?? null,
    actKind: 'call',
    actId: newId(),
    purpose: 'collect',
    content: plainSpeech,
  };
}
