import { calendarDate } from '../../../kernel/calendar.ts';
import { ok } from '../../../kernel/result.ts';
import { ageing, dso, todayFigures } from '../../../modules/insights/public.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/today.ts';
import { type Implementation, implement } from '../operation.ts';
import { scopeOf } from '../row-scope.ts';
import { wire } from '../wire.ts';

const dayOf = (on: string | undefined) => (on === undefined ? {} : { on: calendarDate(on) });

/** The figures of the day and the two reports behind them. */
export function todayHandlers(): Implementation[] {
  return [
    implement(contract.getToday, async (ctx, { query, caller }) =>
      ok(wire(await todayFigures(ctx, { ...query, scope: scopeOf(caller) })) as ResponseOf<typeof contract.getToday>),
    ),
    implement(contract.getAgeing, async (ctx, { query, caller }) =>
      ok(wire(await ageing(ctx, { clientId: query.clientId, ...dayOf(query.on), scope: scopeOf(caller) }))),
    ),
    implement(contract.getDso, async (ctx, { query, caller }) =>
      ok(
        wire(
          await dso(ctx, { clientId: query.clientId, days: query.days, ...dayOf(query.on), scope: scopeOf(caller) }),
        ),
      ),
    ),
  ];
}
