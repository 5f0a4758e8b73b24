import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Currency } from '../../kernel/currency.ts';
import type { Id } from '../../kernel/ids.ts';
import type { AccountState } from './account-state.ts';

/** What is known about an account at a glance: anchors, not ages; days past due follow from `ctx.at`. */
export type Facts = {
  readonly id: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly partyId: Id<'party'>;
  readonly clusterId: Id<'cluster'>;
  readonly currency: Currency;
  readonly state: AccountState;
  readonly partyName: string;
  readonly accountNumber: string;
  /** What its items with something open add up to; credit is not taken off. Never negative. */
  readonly balanceMinor: bigint;
  /** What counts against it: open credit notes, overpaid items, money received and not yet applied. Never negative. */
  readonly creditMinor: bigint;
  readonly openItems: number;
  readonly oldestOpenDueOn: CalendarDate | null;
  readonly oldestOpenIssuedOn: CalendarDate | null;
  readonly newestOpenDueOn: CalendarDate | null;
  readonly promiseDueOn: CalendarDate | null;
  readonly promisesKept: number;
  readonly promisesBroken: number;
  readonly lastContactAt: Date | null;
  readonly lastConversationAt: Date | null;
  readonly lastPaidOn: CalendarDate | null;
  readonly paidMinor: bigint;
  readonly settledItems: number;
  readonly settledDaysLate: number;
  readonly hasEmail: boolean;
  readonly hasPhone: boolean;
  /** End of the longest hold now stopping contact about the whole account; year 9999 for one without end. */
  readonly contactHoldUntil: Date | null;
  readonly assignedTo: string | null;
  readonly sensitive: boolean;
  readonly stopEpoch: bigint;
  readonly updatedAt: Date;
};
