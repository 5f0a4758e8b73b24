import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Action } from '../definition.ts';
import type { AccountAnchors } from '../segments/rule-predicate.ts';
import type { Position } from './choose.ts';

/** A time during which something holds, in milliseconds; `to` is null while nothing ends it. */
export type Span = {
  readonly from: number;
  readonly to: number | null;
  /** It became known inside the simulated time, and stopped what was planned before. */
  readonly fresh: boolean;
};

/** What keeps an item out of notices and tasks while it lasts. */
export type Cover = Span & {
  readonly holdId: string;
  readonly kind: 'hold' | 'promise';
  /** It stops people too, not only automatic contact. */
  readonly contact: boolean;
};

/** An amount from an instant on. */
export type Amount = { readonly from: number; readonly minor: bigint };

/** An item as a simulation knows it; `amounts` in order of time. */
export type PortfolioItem = {
  readonly id: string;
  readonly dueOn: CalendarDate;
  readonly issuedOn: CalendarDate;
  readonly amounts: readonly Amount[];
  readonly covers: readonly Cover[];
  readonly reached: { readonly day: number; readonly planId: string; readonly previousDay: number | null } | null;
  /** Notices and calls about it that have been. */
  readonly contacts: number;
};

export type PortfolioPromise = {
  readonly id: string;
  readonly holdId: string;
  readonly dueOn: CalendarDate;
  readonly lastDay: CalendarDate;
  readonly amountMinor: bigint;
  readonly receivedMinor: bigint;
  readonly itemIds: readonly string[];
  /** In a replay: when it was judged and what came of it. */
  readonly judged: { readonly at: number; readonly state: string } | null;
};

export type PendingPlan = {
  readonly id: string;
  readonly action: Action;
  readonly level: number;
  readonly stepKey: string;
  readonly notBefore: number | null;
  /** Its account has been stopped since. */
  readonly stopped: boolean;
};

export type PortfolioAccount = {
  readonly id: string;
  readonly clientId: string;
  readonly partyId: string;
  readonly currency: string;
  readonly clientZone: string;
  /** Where the party is; null where nothing says it. */
  readonly partyZone: string | null;
  readonly country: string | null;
  readonly state: string;
  readonly sensitive: boolean;
  readonly assigned: boolean;
  readonly hasEmail: boolean;
  readonly consumer: boolean;
  /** What rules may ask, by anchor; what the simulation changes stands over it. */
  readonly anchors: AccountAnchors;
  readonly items: readonly PortfolioItem[];
  readonly credits: readonly Amount[];
  readonly holds: readonly Span[];
  readonly ceases: readonly Span[];
  readonly optOuts: readonly Span[];
  readonly stops: readonly Span[];
  readonly promises: readonly PortfolioPromise[];
  readonly pending: readonly PendingPlan[];
  readonly position: Position | null;
  /** An automatic notice of the first day has been given already. */
  readonly noticedFirstDay: boolean;
};

/** Everybody who may be one person, with all their accounts: what happens to one cluster never hangs on another. */
export type PortfolioCluster = { readonly rootId: string; readonly accounts: readonly PortfolioAccount[] };

export const within = (spans: readonly Span[], at: number): boolean =>
  spans.some((span) => span.from <= at && (span.to === null || span.to > at));

/** The amount at an instant; nothing before the first. */
export function amountAt(amounts: readonly Amount[], at: number): bigint {
  let minor = 0n;
  for (const one of amounts) {
    if (one.from > at) break;
    minor = one.minor;
  }
  return minor;
}
