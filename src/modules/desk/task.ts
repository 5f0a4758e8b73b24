import { type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';
import { formatMoney, type Money } from '../../kernel/money.ts';
import { unitsAt } from '../ledger/public.ts';

export const taskKinds = [
  'call',
  'call_back',
  'escalation',
  'review',
  'specialist',
  'legal_review',
  'approval',
] as const;
export type TaskKind = (typeof taskKinds)[number];
/** Any collector, a manager, the specialists, the legal team. */
export const taskQueues = ['collector', 'manager', 'specialist', 'legal'] as const;
export type TaskQueue = (typeof taskQueues)[number];
export type TaskState = 'open' | 'done' | 'void';

/** A piece of work for a person. Amounts in minor units of the account's currency. */
export type Task = {
  readonly id: Id<'task'>;
  readonly accountId: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly clusterId: Id<'cluster'>;
  readonly partyId: Id<'party'>;
  readonly partyName: string;
  readonly accountNumber: string;
  readonly balanceMinor: bigint;
  readonly currency: string;
  readonly oldestDueOn: CalendarDate | null;
  readonly kind: TaskKind;
  readonly queue: TaskQueue;
  readonly title: string;
  readonly reason: string;
  readonly planId: Id<'plan'> | null;
  /** A person chose it; otherwise it came from the strategy or by itself from a call. */
  readonly byPerson: boolean;
  /** Its account was stopped after the task was made: money, a promise, a hold, a wish, a new owner. */
  readonly stoppedSince: boolean;
  readonly priority: bigint;
  readonly dueOn: CalendarDate;
  readonly assignedTo: string | null;
  readonly assignedName: string | null;
  readonly claimedBy: string | null;
  readonly claimedName: string | null;
  readonly claimedUntil: Date | null;
  /** Somebody is at it now, by the database's clock. */
  readonly claimLive: boolean;
  readonly state: TaskState;
  readonly outcome: string | null;
  readonly closedAt: Date | null;
  readonly recordedAt: Date;
  readonly rowVersion: bigint;
};

export const oldestAgeThatCounts = 180;

/** What any priority is cut to, far above any real one. */
export const mostUrgent = 9_000_000_000_000_000_000n;

/**
 * Whom to call first: whole units owed of the tenant's reporting currency, times 100 % plus one per cent for each day past due up to 180.
 * Without a `rate` a unit counts as one. Equal to the SQL of create-tasks.sql.ts.
 */
export function priorityOf(owed: Money, daysPastDue: number, rate: string | null = null): bigint {
  const days = Math.min(Math.max(daysPastDue, 0), oldestAgeThatCounts);
  const priority = unitsAt(owed, rate) * BigInt(100 + days);
  return priority < mostUrgent ? priority : mostUrgent;
}

/** Why a task stands where it stands, for the collector who gets it. */
export function priorityReasons(
  owed: Money,
  oldestDueOn: CalendarDate | null,
  today: CalendarDate,
  promisesBroken: number,
): string[] {
  const age = oldestDueOn === null ? 0 : daysBetween(oldestDueOn, today);
  return [
    `${formatMoney(owed)} is open`,
    ...(age > 0 ? [`the oldest item is ${age} ${age === 1 ? 'day' : 'days'} past due`] : []),
    ...(promisesBroken > 0
      ? [`${promisesBroken} ${promisesBroken === 1 ? 'promise was' : 'promises were'} broken`]
      : []),
  ];
}
