import {
  addDays,
  type CalendarDate,
  daysBetween,
  instantAt,
  localDateOf,
  parseCalendarDate,
  type TimeZone,
} from '../kernel/calendar.ts';
import type { Actor } from '../kernel/ctx.ts';
import type { TenantId } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { actIn, loadTenant, moveClock, systemActor } from '../modules/identity/public.ts';
import { judgePromises } from '../modules/payments/public.ts';
import type { RunRefusal } from '../modules/strategy/public.ts';
import { answerEvents } from './answer-events.ts';
import type { Mailing } from './hand-over.ts';
import { holdPlanned } from './hold-planned.ts';
import { runDay } from './run-day.ts';
import { sendDue } from './send-due.ts';

/** Hours of the tenant's day at which a moving clock stands still and what is due is done; the first begins the day. */
export const dayStops = ['10:00', '14:00', '18:00'] as const;
const mostDays = 400;

export type ClockMoved = {
  readonly now: Date;
  readonly days: number;
  readonly counts: Readonly<Record<string, number>>;
};
type MoveRefusal = 'forbidden' | 'live_clock' | 'clock_backwards' | 'unreadable_date' | 'refused' | RunRefusal;

/**
 * Moves a sandbox's clock to the morning of a later day and lives through every day in between: promises are judged, the strategy
 * runs once a day when `run` is true, what is due is sent at each stop. Each stop is transactions of its own; broken off in between, the
 * clock stands where it came to and may be moved on. Refuses: not a sandbox, no permission, a day that is not later, more than
 * 400 days, and whatever a day's run refuses.
 */
export async function moveTenantClock(
  mailing: Mailing,
  tenantId: TenantId,
  actor: Actor,
  input: { readonly to: string; readonly run: boolean },
): Promise<Result<ClockMoved, MoveRefusal>> {
  const { zone, from, live } = await actIn(mailing, tenantId, actor, async (ctx) => {
    const tenant = await loadTenant(ctx);
    return { zone: tenant.timeZone, from: ctx.at, live: tenant.kind === 'live' };
  });
  if (live) return refuse('live_clock', 'Only a sandbox has a clock that can be moved.');
  const read = parseCalendarDate(input.to);
  if (!read.ok) return read;
  const to = read.value;
  const today = localDateOf(from, zone);
  if (to <= today) return refuse('clock_backwards', `It is ${today} here; choose a later day.`);
  if (daysBetween(today, to) > mostDays) return refuse('refused', `Move at most ${mostDays} days at a time.`);

  const counts: Record<string, number> = {};
  for (const stop of stopsBetween(from, to, zone)) {
    const moved = await actIn(mailing, tenantId, actor, (ctx) => moveClock(ctx, stop.at));
    if (!moved.ok) return moved;
    const lived = await liveThrough(mailing, tenantId, { first: stop.first, run: input.run });
    if (!lived.ok) return lived;
    for (const [name, count] of Object.entries(lived.value)) counts[name] = (counts[name] ?? 0) + count;
  }
  return ok({ now: instantAt(to, dayStops[0], zone), days: daysBetween(today, to), counts });
}

type Stop = { readonly at: Date; readonly first: boolean };

/** Every stop after an instant, up to the first one of the last day. */
export function stopsBetween(from: Date, to: CalendarDate, zone: TimeZone): Stop[] {
  const days = daysBetween(localDateOf(from, zone), to);
  return Array.from({ length: days + 1 }, (_none, index) => addDays(to, index - days))
    .flatMap((day) => dayStops.map((time, place) => ({ day, at: instantAt(day, time, zone), first: place === 0 })))
    .filter((stop) => stop.at > from && (stop.day < to || stop.first))
    .map(({ at, first }) => ({ at, first }));
}

async function liveThrough(
  mailing: Mailing,
  tenantId: TenantId,
  stop: { readonly first: boolean; readonly run: boolean },
): Promise<Result<Record<string, number>, RunRefusal>> {
  const actor = systemActor('sandbox clock');
  const counts: Record<string, number> = {};
  if (stop.first && stop.run) {
    const day = await actIn(mailing, tenantId, actor, (ctx) => runDay(ctx), { statementTimeoutMs: 0 });
    if (!day.ok) return day;
    const { kept, part_kept, broken } = day.value.promises;
    Object.assign(counts, day.value.actions, {
      promises_kept: kept,
      promises_part_kept: part_kept,
      promises_broken: broken,
      tasks: day.value.tasksCreated,
    });
  } else if (stop.first) {
    const judged = await actIn(mailing, tenantId, actor, (ctx) => judgePromises(ctx, { all: true }), {
      statementTimeoutMs: 0,
    });
    Object.assign(counts, {
      promises_kept: judged.kept,
      promises_part_kept: judged.part_kept,
      promises_broken: judged.broken,
    });
  }
  await answerEvents(mailing, tenantId, actor);
  await holdPlanned(mailing, tenantId, actor);
  const sent = await sendDue(mailing, tenantId, actor);
  return ok({ ...counts, ...sent });
}
