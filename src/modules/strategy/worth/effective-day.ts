import { addDays, type CalendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant } from '../../identity/public.ts';

/** The day from which something written now holds: today unless told, never before it, at most a year ahead. Refuses: `code`. */
export async function effectiveDay<C extends string>(
  ctx: Ctx,
  wished: CalendarDate | undefined,
  code: C,
): Promise<Result<CalendarDate, C>> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const from = wished ?? today;
  if (from >= today && from <= addDays(today, 366)) return ok(from);
  const sentence = `Choose today, ${today}, or a later day within a year.`;
  return refuse(code, sentence, { effectiveFrom: sentence });
}
