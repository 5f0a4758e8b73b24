import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { type Choice, type Course, loadChoice } from '../choice.ts';
import { ladderOf } from '../ladder.ts';
import type { Selection } from '../selection.sql.ts';
import { findNewestVersion, findVersionNumbered, nameOfVersion, type StrategyVersion } from '../versions.sql.ts';
import type { Window } from './window.ts';

/**
 * Whose treatment is simulated: today's choice with all that is to take effect; a version of a strategy for those who follow the strategy
 * (for everybody, when nobody does); a whole selection table.
 */
export type SimulatedSide =
  | { readonly kind: 'today' }
  | { readonly kind: 'version'; readonly name: string; readonly version: number | null }
  | { readonly kind: 'selection'; readonly selection: Pick<Selection, 'entries' | 'otherwiseId'> };

export type LoadedSide = { readonly label: string; readonly choices: readonly Choice[] };

/** Who follows what on each day of a simulation. Refuses: `no_strategy`, `unknown_version`. */
export async function loadSide(
  ctx: Ctx,
  { days }: Window,
  side: SimulatedSide,
): Promise<Result<LoadedSide, 'no_strategy' | 'unknown_version'>> {
  const [from] = days;
  const last = days.at(-1);
  if (!from || !last) throw new Error('A simulation has one day at least');
  const version = side.kind === 'version' ? await findSideVersion(ctx, side) : null;
  if (side.kind === 'version' && !version) {
    const named = side.version === null ? side.name : `${side.name} v${side.version}`;
    return refuse('unknown_version', `There is no version “${named}” of a strategy. Name one as it is listed.`);
  }
  const turns = new Set(await listTurns(ctx, from, last));
  const choices: Choice[] = [];
  let choice: Choice | null = null;
  for (const day of days) {
    if (choice === null || turns.has(day)) {
      const loaded: Choice | null = await loadChoice(ctx, day, side.kind === 'selection' ? side.selection : undefined);
      if (!loaded && !version) return refuse('no_strategy', `No strategy is in effect on ${day}. Publish one first.`);
      choice = version ? withVersion(loaded, version) : withEarlier(loaded as Choice, choice);
    }
    choices.push(choice);
  }
  return ok({ label: labelOf(side, version), choices });
}

function labelOf(side: SimulatedSide, version: StrategyVersion | null): string {
  if (version) return nameOfVersion(version);
  return side.kind === 'selection' ? 'The selection table being tried' : "Today's treatment";
}

const findSideVersion = (ctx: Ctx, { name, version }: SimulatedSide & { kind: 'version' }) =>
  version === null ? findNewestVersion(ctx, name) : findVersionNumbered(ctx, name, version);

/** Days after the first on which a version or a selection table takes effect. */
async function listTurns(ctx: Ctx, from: CalendarDate, last: CalendarDate): Promise<CalendarDate[]> {
  const { rows } = await sql<{ on: CalendarDate }>`
    select v.effective_from as "on" from strategy.versions v
    where v.tenant_id = ${ctx.tenant} and v.effective_from > ${from}::date and v.effective_from <= ${last}::date
    union
    select s.effective_from from strategy.selections s
    where s.tenant_id = ${ctx.tenant} and s.effective_from > ${from}::date and s.effective_from <= ${last}::date`.execute(
    ctx.db,
  );
  return rows.map((row) => row.on);
}

/** The choice with this version in place of its strategy's own, at once; all follow it when nobody follows the strategy. */
function withVersion(choice: Choice | null, version: StrategyVersion): Choice {
  const theirs = choice?.lines.some((line) => line.course?.version.strategyId === version.strategyId) ?? false;
  if (!choice || !theirs) {
    const course: Course = { newest: 0, version, earlier: [] };
    return {
      ladder: ladderOf([version]),
      lines: [{ rule: null, segment: null, segmentId: null, course, split: null }],
    };
  }
  const versions = choice.ladder.versions.map((one) => (one.strategyId === version.strategyId ? version : one));
  return {
    ladder: ladderOf(versions),
    lines: choice.lines.map((line) =>
      line.course?.version.strategyId === version.strategyId
        ? { ...line, course: { newest: line.course.newest, version, earlier: [] } }
        : line,
    ),
  };
}

/** Accounts that came to a version within the simulation may stay with it when the next one says so. */
function withEarlier(choice: Choice, before: Choice | null): Choice {
  if (!before) return choice;
  const versions = [...choice.ladder.versions];
  const lines = choice.lines.map((line) => {
    const { course } = line;
    if (!course || course.version.takesOver === 'at_once') return line;
    const known = new Set([course.version.id, ...course.earlier.map((one) => one.id)]);
    const followed = before.ladder.versions.filter(
      (one) => one.strategyId === course.version.strategyId && !known.has(one.id),
    );
    const added = followed.map((one) => ({ id: one.id, place: versions.push(one) - 1 }));
    return { ...line, course: { ...course, earlier: [...course.earlier, ...added] } };
  });
  return { ladder: ladderOf(versions), lines };
}
