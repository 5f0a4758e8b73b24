import { daysBetween, localDateOf, timeZone, type CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf, isId } from '../../../kernel/ids.ts';
import { ok, type Refusal, refuse } from '../../../kernel/result.ts';
import { decidePlan } from '../../../flows/decide-plan.ts';
import { nextAccount } from '../../../flows/next-account.ts';
import { completeTask, listTasks, reopenTask, type Task } from '../../../modules/desk/public.ts';
import { listItems } from '../../../modules/insights/public.ts';
import { markPlans } from '../../../modules/strategy/public.ts';
import { accountBody } from '../account-body.ts';
import type { Caller } from '../caller.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/worklist.ts';
import { type Implementation, implement } from '../operation.ts';
import { scopeOf } from '../row-scope.ts';
import { whyOfGate } from '../why-card.ts';
import { wire } from '../wire.ts';

type TaskBody = ResponseOf<typeof contract.closeTask>;
const shownItems = 50;

/** Queues of tasks, and the next account to work on. */
export function worklistHandlers(): Implementation[] {
  return [
    implement(contract.listTasks, async (ctx, { query, caller }) => {
      const barred = barredFrom(query.queue, caller);
      if (barred) return barred;
      if (query.cursor !== undefined && !isId(query.cursor)) {
        return refuse(
          'bad_cursor',
          'This cursor is not one that an earlier page gave. Start again from the first page.',
        );
      }
      const page = await listTasks(
        ctx,
        { queue: query.queue, state: query.state, clientIds: caller.clientIds },
        query.cursor ?? null,
        query.limit,
      );
      return ok({
        rows: page.rows.map((task) => taskBody(task, caller)),
        nextCursor: page.nextCursor,
        open: page.open,
      });
    }),
    implement(contract.nextAccount, async (ctx, { body, caller }) => {
      const barred = barredFrom(body.queue, caller);
      if (barred) return barred;
      const next = await nextAccount(ctx, {
        queue: body.queue,
        skip: body.skip === null ? null : idOf('task', body.skip),
        clientIds: caller.clientIds,
      });
      if (!next.ok) return next;
      const { task, call, caseTasks, changes, priorityReasons, remaining } = next.value;
      const none = { account: null, items: [], call: null };
      return ok({
        task: task && taskBody(task, caller),
        claimedUntil: task?.claimedUntil?.toISOString() ?? null,
        caseTasks: caseTasks.map((one) => taskBody(one, caller)),
        changes: wire(changes) as ResponseOf<typeof contract.nextAccount>['changes'],
        priorityReasons: [...priorityReasons],
        remaining,
        ...(task ? { ...(await workOf(ctx, task, caller)), call: call && (await whyOfGate(ctx, call)) } : none),
      });
    }),
    implement(contract.closeTask, async (ctx, { params, body, caller }) => {
      const closed = await completeTask(ctx, idOf('task', params.taskId), body.outcome);
      if (!closed.ok) return closed;
      const barred = barredFrom(closed.value.queue, caller);
      if (barred) return barred;
      if (closed.value.kind === 'approval') return refuse('refused', 'This is an approval: agree to it, or refuse it.');
      if (closed.value.planId) await markPlans(ctx, [closed.value.planId], 'done', body.outcome);
      return ok(taskBody(closed.value, caller));
    }),
    implement(contract.decidePlan, async (ctx, { params, body, caller }) => {
      const decided = await decidePlan(ctx, { ...body, taskId: idOf('task', params.taskId) });
      return decided.ok ? ok(taskBody(decided.value, caller)) : decided;
    }),
    implement(contract.reopenTask, async (ctx, { params, caller }) => {
      const reopened = await reopenTask(ctx, idOf('task', params.taskId));
      if (!reopened.ok) return reopened;
      if (reopened.value.kind === 'approval') return refuse('refused', 'What was agreed to or refused stands.');
      return barredFrom(reopened.value.queue, caller) ?? ok(taskBody(reopened.value, caller));
    }),
  ];
}

/** Escalations are a manager's: a collector neither takes nor closes them. */
function barredFrom(queue: Task['queue'], caller: Caller): Refusal<'forbidden'> | null {
  if (queue !== 'manager' || caller.actor.permissions.has('tasks.assign')) return null;
  return refuse('forbidden', 'Escalations are for managers. Ask a manager to take this one.');
}

async function workOf(ctx: Ctx, task: Task, caller: Caller) {
  const account = await accountBody(ctx, task.accountId, caller);
  const items = await listItems(ctx, {
    accountId: task.accountId,
    open: 'yes',
    limit: shownItems,
    scope: scopeOf(caller),
  });
  return {
    account: account.ok ? account.value : null,
    items: items.ok ? (wire(items.value.rows) as ResponseOf<typeof contract.nextAccount>['items']) : [],
  };
}

function taskBody(task: Task, caller: Caller): TaskBody {
  const today = localDateOf(caller.at, timeZone(caller.timeZone));
  return {
    id: task.id,
    kind: task.kind,
    queue: task.queue,
    byPerson: task.byPerson,
    stoppedSince: task.stoppedSince,
    title: task.title,
    reason: task.reason,
    dueOn: task.dueOn,
    priority: task.priority.toString(),
    state: task.state,
    outcome: task.outcome,
    closedAt: task.closedAt?.toISOString() ?? null,
    assignedTo: person(task.assignedTo, task.assignedName),
    claimedBy: person(task.claimedBy, task.claimedName),
    account: {
      id: task.accountId,
      number: task.accountNumber,
      party: { id: task.partyId, name: task.partyName },
      balanceMinor: task.balanceMinor.toString(),
      currency: task.currency,
      daysPastDue: pastDue(task.oldestDueOn, today),
    },
  };
}

const pastDue = (dueOn: CalendarDate | null, today: CalendarDate): number =>
  dueOn === null ? 0 : Math.max(0, daysBetween(dueOn, today));
const person = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? 'an API key' });
