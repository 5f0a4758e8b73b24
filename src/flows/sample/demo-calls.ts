import { addDays, type CalendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import { type Id, idOf, type TenantId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { type CallOutcome, completeTask } from '../../modules/desk/public.ts';
import { actIn } from '../../modules/identity/public.ts';
import { listItems } from '../../modules/insights/public.ts';
import { markPlans } from '../../modules/strategy/public.ts';
import type { ImportHost } from '../import-portfolio.ts';
import { type CallInput, logCall } from '../log-call.ts';
import { nextAccount } from '../next-account.ts';

/** When each invoice will be paid in full, by its number: what the debtors of the demo know and its collector does not. */
export type FutureMoney = ReadonlyMap<string, CalendarDate>;

export type DemoShift = {
  readonly host: ImportHost;
  readonly tenant: TenantId;
  /** Whose customers are rung. */
  readonly clientId: Id<'client'>;
  readonly day: CalendarDate;
  readonly random: () => number;
  readonly money: FutureMoney;
};

const outcomes: readonly (readonly [CallOutcome, number, string])[] = [
  ['conversation', 0.45, 'Spoke to accounts payable; they had the invoices in hand.'],
  ['no_answer', 0.2, ''],
  ['voicemail_left', 0.15, 'Asked for a call back, named no amount.'],
  ['third_party', 0.08, 'Reception: the bookkeeper is in tomorrow.'],
  ['busy', 0.05, ''],
  ['wrong_number', 0.04, 'A private household.'],
  ['refused', 0.03, 'Says the last delivery was short and will not pay before it is put right.'],
];

/** Works up to `calls` tasks of the collector's queue: rings where the gate allows it now, skips where it does not. */
export async function workCalls(shift: DemoShift, collector: Actor, calls: number): Promise<void> {
  let skip: Id<'task'> | null = null;
  let made = 0;
  for (let looked = 0; looked < calls * 3 && made < calls; looked += 1) {
    const found = await actIn(shift.host, shift.tenant, collector, async (ctx) => {
      const next = unwrap(await nextAccount(ctx, { queue: 'collector', skip, clientIds: [shift.clientId] }));
      if (!next.task) return null;
      if (next.task.kind === 'review') unwrap(await completeTask(ctx, next.task.id, 'Number corrected'));
      else if (next.call?.decision === 'allow')
        unwrap(await logCall(ctx, await callOn(ctx, shift, next.task.accountId, next.task.id)));
      else return { taskId: next.task.id, done: false };
      return { taskId: next.task.id, done: true };
    });
    if (!found) return;
    skip = found.done ? null : found.taskId;
    if (found.done) made += 1;
  }
}

/** The manager takes one escalation and decides. */
export async function workEscalation(shift: DemoShift, manager: Actor): Promise<void> {
  await actIn(shift.host, shift.tenant, manager, async (ctx) => {
    const { task } = unwrap(await nextAccount(ctx, { queue: 'manager', clientIds: [shift.clientId] }));
    if (!task) return;
    const outcome =
      shift.random() < 0.5 ? 'Deliveries stopped until paid' : 'Agreed with sales to wait another fortnight';
    unwrap(await completeTask(ctx, task.id, outcome));
    if (task.planId) await markPlans(ctx, [task.planId], 'done', outcome);
  });
}

async function callOn(ctx: Ctx, shift: DemoShift, accountId: Id<'account'>, taskId: Id<'task'>): Promise<CallInput> {
  let left = shift.random();
  const [outcome, , note] = outcomes.find(([, share]) => (left -= share) < 0) ?? ['conversation', 0, ''];
  const promise = outcome === 'conversation' && shift.random() < 0.75 ? await promiseOf(ctx, shift, accountId) : null;
  return { accountId, taskId, direction: 'out', outcome, note: note === '' ? null : note, promise };
}

/** Whoever is about to pay promises the very day; whoever is not promises one that will go by. */
async function promiseOf(
  ctx: Ctx,
  { day, money: future }: DemoShift,
  accountId: Id<'account'>,
): Promise<NonNullable<CallInput['promise']> | null> {
  const { rows } = unwrap(await listItems(ctx, { accountId, open: 'yes', limit: 50, scope: {} }));
  const overdue = rows.filter((item) => item.daysPastDue > 0 && item.stoppedBy.length === 0);
  const paidSoon = overdue.flatMap((item) => {
    const on = future.get(item.number ?? '');
    return on && on > day && on <= addDays(day, 18) ? [{ ...item, on }] : [];
  });
  const items = paidSoon.length > 0 ? paidSoon : overdue;
  if (items.length === 0) return null;
  const dueOn =
    paidSoon.length > 0
      ? paidSoon.map((item) => item.on).reduce((last, on) => (on > last ? on : last))
      : addDays(day, 6);
  const total = items.reduce((sum, item) => sum + item.openMinor, 0n);
  return {
    itemIds: items.map((item) => idOf('item', item.id)),
    amount: money(total, currency('USD')),
    dueOn,
    graceDays: 3,
  };
}
