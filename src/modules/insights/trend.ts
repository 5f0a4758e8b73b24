import { addDays, type CalendarDate } from '../../kernel/calendar.ts';
import type { OpenByDueDay } from './ageing.sql.ts';
import type { Tally } from './tallies.sql.ts';

/** How balances of items that are owed (not credit notes) moved, by due day and effective day. */
export type BalanceMove = {
  readonly currency: string;
  readonly dueOn: CalendarDate;
  readonly on: CalendarDate;
  readonly minor: bigint;
};

/** The moves among tallies read by day and slot. Pure. */
export const movesOf = (tallies: readonly Tally[]): BalanceMove[] =>
  tallies.flatMap(({ measure, currency, day, on, minor }) =>
    measure === 'item_moved' && day !== null && on !== null ? [{ currency, dueOn: day, on, minor }] : [],
  );

export type TrendPoint = {
  readonly on: CalendarDate;
  readonly currency: string;
  readonly overdueMinor: bigint;
  readonly receivedMinor: bigint;
};

/**
 * What was overdue at the end of each of the days up to `on`, worked back from what is open now; like the overdue figure it
 * leaves credit notes aside. Pure.
 */
export function trendOf(
  open: readonly OpenByDueDay[],
  moves: readonly BalanceMove[],
  received: readonly { readonly on: CalendarDate; readonly currency: string; readonly minor: bigint }[],
  on: CalendarDate,
  days: number,
): TrendPoint[] {
  const currencies = [...new Set([...open, ...moves, ...received].map((row) => row.currency))].sort();
  const span = Array.from({ length: days }, (_none, index) => addDays(on, index + 1 - days));
  return currencies.flatMap((currency) => {
    const mine = {
      open: open.filter((row) => row.currency === currency),
      moves: moves.filter((row) => row.currency === currency),
    };
    return span.map((day) => {
      const now = total(mine.open.filter((row) => row.dueOn < day).map((row) => row.openMinor));
      const since = total(mine.moves.filter((move) => move.dueOn < day && move.on > day).map((move) => move.minor));
      const cash = received.filter((row) => row.currency === currency && row.on === day).map((row) => row.minor);
      return { on: day, currency, overdueMinor: now - since, receivedMinor: total(cash) };
    });
  });
}

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
