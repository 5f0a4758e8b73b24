import { addDays, type CalendarDate, localDateOf, weekday } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { hashId, type Id, newId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { attempt } from '../kernel/savepoint.ts';
import {
  type Facts,
  findCaseOf,
  listAccountsOfCase,
  lockWithPersons,
  refreshFacts,
  refreshParty,
  reportEvent,
  reportEventOfParty,
} from '../modules/accounts/public.ts';
import {
  type Decision,
  judgeNote,
  type NoteWarning,
  plainSpeech,
  previewPermits,
  type Proposal,
  recordAfterTheFact,
  recordInbound,
  recordLegalEvent,
  requestPermits,
  settleRegister,
} from '../modules/compliance/public.ts';
import {
  callEffects,
  type CallOutcome,
  completeTask,
  createTask,
  findBestPhone,
  findPhone,
  findTask,
  type OutcomeEffects,
  type Phone,
  recordCall,
} from '../modules/desk/public.ts';
import { loadTenant, recordAudit } from '../modules/identity/public.ts';
import { setContactQuality } from '../modules/parties/public.ts';
import { makePromise, type PromiseRefusal } from '../modules/payments/public.ts';
import { loadWorth, markPlans } from '../modules/strategy/public.ts';
import { rankWork } from './rank-work.ts';

export type CallInput = {
  readonly accountId: Id<'account'>;
  readonly direction: 'out' | 'in';
  readonly outcome: CallOutcome;
  /** The number; default for a call out: the account's best. */
  readonly contactPointId?: Id<'contact_point'> | null;
  /** When it took place; default: now. More than 15 minutes back it is a record after the fact. */
  readonly startedAt?: Date | null;
  readonly afterTheFact?: boolean;
  readonly taskId?: Id<'task'> | null;
  /** Tasks on other accounts of the same case that the call was about as well: one call, not several. */
  readonly alsoTaskIds?: readonly Id<'task'>[];
  readonly note?: string | null;
  /** A day chosen with the debtor; it takes the place of what the outcome would bring. */
  readonly callBackOn?: CalendarDate | null;
  readonly promise?: {
    readonly itemIds: readonly Id<'item'>[];
    readonly amount: Money;
    readonly dueOn: CalendarDate;
    readonly graceDays: number;
  } | null;
};

export type CallLogged = {
  readonly callId: Id<'call'>;
  /** What the gate said of the call; null for one that came in, which needs no leave. */
  readonly decision: Decision | null;
  readonly incidentId: string | null;
  readonly promiseId: Id<'promise'> | null;
  readonly taskClosed: boolean;
  readonly followUp: { readonly kind: string; readonly on: CalendarDate } | null;
  /** What was done, in one sentence for the collector. */
  readonly sentence: string;
  /** What the rules about wording have against the note; it is saved all the same. */
  readonly warnings: readonly NoteWarning[];
};

export type CallRefusal =
  | 'account_not_found'
  | 'phone_not_found'
  | 'in_the_future'
  | 'call_back_in_past'
  | 'no_promise_from_this'
  | 'task_not_found'
  | PromiseRefusal;

/** What the law calls the outcome of a call: how it ended is what decides whether it counts. */
const outcomeOfLaw: Readonly<Record<CallOutcome, string>> = {
  conversation: 'conversation',
  refused: 'conversation',
  no_answer: 'no_answer',
  busy: 'busy',
  voicemail_left: 'voicemail_left',
  voicemail_not_left: 'voicemail_not_left',
  wrong_number: 'not_in_service',
  not_in_service: 'not_in_service',
  third_party: 'answered_dropped',
};

const FRESH_MS = 15 * 60_000;

/**
 * Writes a call down with everything that follows from it: the gate's answer and the register, the promise, the number's
 * quality, the task, the next step. A call that was placed is never refused as a record; one that the rules did not allow is
 * counted and opens an incident. What is refused is what makes no sense: `account_not_found`, `phone_not_found`,
 * `in_the_future`, `call_back_in_past`, `task_not_found` (also one of another account), `no_promise_from_this` outcome, or the promise's own refusals; then nothing is kept.
 */
export function logCall(ctx: Ctx, input: CallInput): Promise<Result<CallLogged, CallRefusal>> {
  return attempt(ctx.db, () => carryOut(ctx, input));
}

async function carryOut(ctx: Ctx, input: CallInput): Promise<Result<CallLogged, CallRefusal>> {
  const effects = callEffects[input.outcome];
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  if (input.callBackOn && input.callBackOn < today)
    return refuse('call_back_in_past', `${input.callBackOn} has gone by; choose a day from ${today} on.`);
  if (input.promise && !effects.mayPromise)
    return refuse('no_promise_from_this', `A promise cannot come out of "${effects.label}".`);
  const [facts] = await lockWithPersons(ctx, [input.accountId]);
  if (!facts) return refuse('account_not_found', 'There is no such account.');
  const phone = await phoneOf(ctx, input, facts);
  if (!phone.ok) return phone;
  const asked = input.taskId ? await findTask(ctx, input.taskId) : null;
  if (input.taskId && asked?.accountId !== input.accountId)
    return refuse('task_not_found', 'This account has no such task.');
  const also = await tasksOfCase(ctx, input);
  if (!also.ok) return also;

  const callId = newId<'call'>();
  const register = await countCall(ctx, input, { callId, facts, phone: phone.value, effects });
  if (!register.ok) return register;
  const taskClosed = input.taskId ? await close(ctx, input.taskId, effects.label) : false;
  for (const taskId of also.value)
    await close(ctx, taskId, `${effects.label}, in the call about ${facts.accountNumber}`);
  const promise = input.promise
    ? await makePromise(ctx, { ...input.promise, accountId: input.accountId, channel: 'call' })
    : null;
  if (promise && !promise.ok) return promise;
  const promiseId = promise?.value.promiseId ?? null;
  await recordCall(ctx, {
    id: callId,
    accountId: input.accountId,
    clientId: facts.clientId,
    clusterId: facts.clusterId,
    partyId: facts.partyId,
    taskId: input.taskId ?? null,
    direction: input.direction,
    phone: phone.value?.value ?? null,
    outcome: input.outcome,
    effectiveAt: input.startedAt ?? ctx.at,
    note: input.note?.trim() || null,
    promiseId,
    permitId: register.value.permitId,
    incidentId: register.value.incidentId,
  });
  if (phone.value && effects.phoneQuality) await ratePhone(ctx, phone.value, effects.phoneQuality);
  if (phone.value && input.outcome === 'wrong_number') await misdirect(ctx, callId, phone.value);
  const note = input.note?.trim() ?? '';
  const judged =
    note === ''
      ? { warnings: [], incidentId: null }
      : await judgeNote(ctx, { accountId: input.accountId, text: note, kind: 'call', id: callId });
  const followUp = await followUpOf(ctx, input, { callId, effects, today, promised: promiseId !== null });
  await refreshFacts(ctx, { accountIds: [input.accountId] });
  await rankWork(ctx, [input.accountId]);
  await recordAudit(ctx, {
    action: 'call.logged',
    subjectKind: 'call',
    subjectId: callId,
    accountId: input.accountId,
    detail: { direction: input.direction, outcome: input.outcome, incident: register.value.incidentId !== null },
  });
  const { decision, incidentId } = register.value;
  const sentence = sentenceOf({ effects, promised: promiseId !== null, followUp, incident: incidentId !== null });
  const { warnings } = judged;
  return ok({
    callId,
    decision,
    incidentId: incidentId ?? judged.incidentId,
    promiseId,
    taskClosed,
    followUp,
    sentence,
    warnings,
  });
}

/** Closes a task and the plan behind it; false when somebody else is at it or has closed it. */
async function close(ctx: Ctx, taskId: Id<'task'>, outcome: string): Promise<boolean> {
  const task = await completeTask(ctx, taskId, outcome);
  if (task.ok && task.value.planId) await markPlans(ctx, [task.value.planId], 'done', outcome);
  return task.ok;
}

/** The further tasks the call was about; they must be of accounts in the same open case. */
async function tasksOfCase(ctx: Ctx, input: CallInput): Promise<Result<readonly Id<'task'>[], 'task_not_found'>> {
  const taskIds = [...new Set(input.alsoTaskIds)];
  if (taskIds.length === 0) return ok(taskIds);
  const open = await findCaseOf(ctx, input.accountId);
  const accountIds = open ? await listAccountsOfCase(ctx, open.id) : [];
  for (const taskId of taskIds) {
    const task = await findTask(ctx, taskId);
    if (!task || !accountIds.includes(task.accountId))
      return refuse('task_not_found', 'A task named with this call is not of an account in the same case.');
  }
  return ok(taskIds);
}

async function phoneOf(ctx: Ctx, input: CallInput, facts: Facts): Promise<Result<Phone | null, 'phone_not_found'>> {
  if (!input.contactPointId) return ok(input.direction === 'out' ? await findBestPhone(ctx, facts.partyId) : null);
  const phone = await findPhone(ctx, input.contactPointId);
  return phone && phone.partyId === facts.partyId
    ? ok(phone)
    : refuse('phone_not_found', 'This number does not belong to the account.');
}

/** What the call taught about the number. A wrong one voids what was planned for the party, whichever account it was about. */
async function ratePhone(ctx: Ctx, phone: Phone, quality: 'verified' | 'wrong'): Promise<void> {
  await setContactQuality(ctx, phone.contactPointId, quality);
  if (quality !== 'wrong') return;
  await refreshParty(ctx, phone.partyId as Id<'party'>, { stop: true });
  await reportEventOfParty(ctx, 'wrong_number', phone.partyId as Id<'party'>, phone.contactPointId);
}

// A number that is somebody else's: earlier calls to it reached a stranger and leave the counts of the person.
async function misdirect(ctx: Ctx, callId: Id<'call'>, phone: Phone): Promise<void> {
  const recorded = await recordLegalEvent(ctx, {
    type: 'number_misdirected',
    partyId: phone.partyId,
    accountIds: null,
    addressKey: phone.key,
    detail: {},
    sourceKind: 'call',
    sourceId: callId,
  });
  if (!recorded.ok) throw new Error(recorded.detail);
}

type Counted = {
  readonly decision: Decision | null;
  readonly permitId: string | null;
  readonly incidentId: string | null;
};
type Placed = {
  readonly callId: Id<'call'>;
  readonly facts: Facts;
  readonly phone: Phone | null;
  readonly effects: OutcomeEffects;
};

/** Asks the gate and counts the call; busy tones, dead lines and strangers are taken out of the count again. */
async function countCall(ctx: Ctx, input: CallInput, placed: Placed): Promise<Result<Counted, 'in_the_future'>> {
  const { callId, facts, phone, effects } = placed;
  const act = {
    channel: 'call',
    partyId: facts.partyId,
    clientId: facts.clientId,
    accountIds: [facts.id],
    contactPointId: phone?.contactPointId ?? null,
    addressKey: phone?.key ?? null,
    actKind: 'call',
    actId: callId,
  } as const;
  const effectiveAt = input.startedAt ?? ctx.at;
  const { conversation } = effects;
  if (input.direction === 'in') {
    const inbound = await recordInbound(ctx, { ...act, effectiveAt, conversation });
    if (!inbound.ok) return inbound;
    await reportEvent(ctx, 'reply', facts.id, callId, effectiveAt);
    return ok({ decision: null, permitId: null, incidentId: null });
  }
  const proposal: Proposal = { ...act, act: 'manual_call', purpose: 'collect', content: plainSpeech };
  const counted = (await mayStillAsk(ctx, input, proposal))
    ? await spendPermit(ctx, proposal)
    : await recordAfterTheFact(ctx, { ...act, judgedAs: 'manual_call', effectiveAt, conversation });
  if (!counted.ok) return counted;
  const status = effects.counts ? 'counted' : 'released';
  await settleRegister(ctx, [
    { actId: callId, status, reason: effects.label, conversation, detail: { outcome: outcomeOfLaw[input.outcome] } },
  ]);
  return counted;
}

// A call just made, which the gate would have allowed when it was made and allows now: leave is given as if asked in time. Everything
// else is a record after the fact.
async function mayStillAsk(ctx: Ctx, input: CallInput, proposal: Proposal): Promise<boolean> {
  const { startedAt = null } = input;
  if (input.afterTheFact || (startedAt && ctx.at.getTime() - startedAt.getTime() > FRESH_MS)) return false;
  if (startedAt && startedAt > ctx.at) return false;
  const allows = async (at: Date) => (await previewPermits(ctx, [proposal], at))[0]?.decision === 'allow';
  return (startedAt === null || (await allows(startedAt))) && allows(ctx.at);
}

async function spendPermit(ctx: Ctx, proposal: Proposal): Promise<Result<Counted, never>> {
  const [answer] = await requestPermits(ctx, [proposal]);
  if (!answer) throw new Error('The gate gave no answer');
  const { permitId, decision, reasons, notBefore } = answer;
  return ok({ permitId, incidentId: null, decision: { decision, reasons, notBefore, requiredContent: [] } });
}

async function followUpOf(
  ctx: Ctx,
  input: CallInput,
  after: {
    readonly callId: Id<'call'>;
    readonly effects: OutcomeEffects;
    readonly today: CalendarDate;
    readonly promised: boolean;
  },
): Promise<CallLogged['followUp']> {
  const next = nextStep(input, after);
  if (!next) return null;
  const created = await createTask(
    ctx,
    {
      ...next,
      id: hashId('task', 'follow-up', after.callId),
      accountId: input.accountId,
      reason: `After a call on ${after.today}: ${after.effects.label.toLowerCase()}`,
    },
    await loadWorth(ctx),
  );
  if (!created.ok) throw new Error(created.detail);
  return { kind: next.kind, on: next.dueOn };
}

function nextStep(
  input: CallInput,
  after: { readonly effects: OutcomeEffects; readonly today: CalendarDate; readonly promised: boolean },
) {
  if (input.callBackOn)
    return {
      kind: 'call_back',
      queue: 'collector',
      title: 'Call back as agreed',
      dueOn: input.callBackOn,
      byPerson: true,
    } as const;
  const { next } = after.effects;
  if (after.promised || !next) return null;
  return {
    kind: next.kind,
    queue: next.queue,
    title: next.title,
    dueOn: workingDay(addDays(after.today, next.inDays)),
    byPerson: false,
  };
}

function workingDay(day: CalendarDate): CalendarDate {
  const past = weekday(day) - 5;
  return past > 0 ? addDays(day, 3 - past) : day;
}

function sentenceOf(of: {
  effects: OutcomeEffects;
  promised: boolean;
  followUp: CallLogged['followUp'];
  incident: boolean;
}): string {
  const parts = [
    `${of.effects.label} logged`,
    ...(of.promised ? ['the promise is recorded and its items are left alone until it is due'] : []),
    ...(of.followUp ? [`next: ${of.followUp.kind.replace('_', ' ')} on ${of.followUp.on}`] : []),
  ];
  const breach = of.incident ? ' The rules did not allow this call: it is counted and an incident is open.' : '';
  return `${parts.join('; ')}.${breach}`;
}
