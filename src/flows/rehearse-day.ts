import type { CalendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { ok, type Result } from '../kernel/result.ts';
import {
  keepRehearsal,
  readRehearsed,
  readSelection,
  type Rehearsal,
  type Rehearsed,
  type RunRefusal,
  type SelectionDraft,
} from '../modules/strategy/public.ts';
import { type DayReport, runDay } from './run-day.ts';

/**
 * A dry run of today, or of a day to come as the accounts stand now, that is kept so that it can be looked through account by account. Refuses as
 * `runStrategy` does.
 */
export async function rehearseDay(ctx: Ctx, asOf?: CalendarDate): Promise<Result<Rehearsal, RunRefusal>> {
  let rehearsed: Rehearsed = { groups: [], rows: [] };
  const day = await runDay(ctx, {
    ...(asOf !== undefined && { asOf }),
    dryRun: true,
    // What is read leaves the savepoint as values: everything else the dry run wrote is taken back.
    look: async (ladder) => {
      rehearsed = await readRehearsed(ctx, ladder);
    },
  });
  if (!day.ok) return day;
  const { version, actions, nonActions, withheld, versions, stages, accounts, openItems, skippedLevels } = day.value;
  const counts = { accounts, openItems, skippedLevels, actions, nonActions, withheld, versions, stages };
  return ok(await keepRehearsal(ctx, { asOf: day.value.asOf, version, counts }, rehearsed));
}

export type TriedSelection = { readonly asIs: DayReport; readonly tried: DayReport };

/** What today's run would do with the selection table in effect, and with another one. Keeps nothing. Refuses as `readSelection` and `runStrategy` do. */
export async function trySelection(
  ctx: Ctx,
  draft: Omit<SelectionDraft, 'effectiveFrom'>,
): Promise<Result<TriedSelection, RunRefusal | 'malformed_selection' | 'changed_meanwhile'>> {
  const read = await readSelection(ctx, draft);
  if (!read.ok) return read;
  const asIs = await runDay(ctx, { dryRun: true });
  if (!asIs.ok) return asIs;
  const tried = await runDay(ctx, { dryRun: true, selection: read.value });
  return tried.ok ? ok({ asIs: asIs.value, tried: tried.value }) : tried;
}
