import type { RawBuilder } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';

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
  /** Thousandths of the money expected for one unit of money spent; the list is worked from the highest down. */
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

/**
 * What work is worth, as SQL over the facts `f` of its account, after which `joins` must stand; `worth` takes the kind of the task. The
 * strategy says it (its expected value); flows bring it here.
 */
export type Ranking = {
  readonly joins: RawBuilder<unknown>;
  readonly worth: (kind: RawBuilder<unknown>) => RawBuilder<bigint>;
};
