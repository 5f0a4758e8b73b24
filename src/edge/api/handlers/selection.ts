import type { z } from 'zod';
import { type CalendarDate, calendarDate, localDateOf, timeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, unwrap } from '../../../kernel/result.ts';
import { trySelection } from '../../../flows/rehearse-day.ts';
import type { DayReport } from '../../../flows/run-day.ts';
import {
  changeSelection,
  DEFAULT_STRATEGY,
  findExperiments,
  listSegmentRevisions,
  listSegments,
  listSelections,
  listStrategies,
  loadRuleNames,
  parseRule,
  ruleInWords,
  type Selection,
  type SelectionDraft,
} from '../../../modules/strategy/public.ts';
import type { Caller } from '../caller.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/selection.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';
import { numbersIn } from '../run-figures.ts';

type Table = ResponseOf<typeof contract.changeSelection>;
type Day = ResponseOf<typeof contract.trySelection>['tried'];
const HISTORY = 30;

/** Which strategy an account follows. */
export function selectionHandlers(): Implementation[] {
  return [
    implement(contract.getSelection, async (ctx, { caller }) => {
      const rows = await listSelections(ctx, HISTORY);
      const all = await listStrategies(ctx, todayOf(caller));
      const standard = all.find(({ name }) => name === DEFAULT_STRATEGY);
      return ok({
        revision: rows[0]?.revision ?? 0,
        rows: await tablesOf(ctx, rows, caller),
        fallback: standard ? { id: standard.id, name: standard.name } : null,
      });
    }),
    implement(contract.changeSelection, async (ctx, { body, version, caller }) => {
      const { effectiveFrom } = body;
      const day = effectiveFrom === undefined ? {} : { effectiveFrom: calendarDate(effectiveFrom) };
      const changed = await changeSelection(ctx, Number(version), { ...draftOf(body), ...day });
      if (!changed.ok) return changed;
      const tables = await tablesOf(ctx, await listSelections(ctx, HISTORY), caller);
      const made = tables.find(({ revision }) => revision === changed.value.revision);
      if (!made) throw new Error('A selection table just written is not there.');
      return ok(made);
    }),
    // Two runs over a whole portfolio take longer than a request's statement may.
    implementFlow(contract.trySelection, ({ body }, host) =>
      host.enter(
        async (ctx) => {
          const tried = await trySelection(ctx, draftOf(body));
          return tried.ok ? ok({ asIs: dayBody(tried.value.asIs), tried: dayBody(tried.value.tried) }) : tried;
        },
        { statementTimeoutMs: 0 },
      ),
    ),
  ];
}

type Wished = Omit<z.output<typeof contract.changeSelection.body>, 'effectiveFrom'>;

/** A draft as the room takes it: what is null there is absent. */
const draftOf = ({ entries, otherwiseId, otherwiseExperimentId }: Wished): Omit<SelectionDraft, 'effectiveFrom'> => ({
  entries: entries.map(({ experimentId, ...entry }) => ({ ...entry, experimentId: experimentId ?? undefined })),
  otherwiseId,
  otherwiseExperimentId,
});

const todayOf = (caller: Caller) => localDateOf(caller.at, timeZone(caller.timeZone));

async function tablesOf(ctx: Ctx, rows: readonly Selection[], caller: Caller): Promise<Table[]> {
  const today = todayOf(caller);
  const names = await loadRuleNames(ctx);
  const strategies = new Map((await listStrategies(ctx, today)).map(({ id, name }) => [id as string, name]));
  const current = new Map((await listSegments(ctx)).map((row) => [row.id as string, row.revision]));
  const revisions = await listSegmentRevisions(
    ctx,
    rows.flatMap((row) => row.entries),
  );
  const named = (id: string | null) =>
    id === null ? null : { id, name: strategies.get(id) ?? 'a strategy that is gone' };
  const ids = rows.flatMap((row) => [...row.entries.map((one) => one.experimentId), row.otherwiseExperimentId]);
  const experiments = await findExperiments(ctx, [...new Set(ids.filter((id) => id !== undefined && id !== null))]);
  const tested = (id: string | null) => {
    const found = experiments.find((one) => one.id === id);
    return found ? { id: found.id, name: found.name } : null;
  };
  const held = inEffectOf(rows, today);
  return rows.map((row) => ({
    revision: row.revision,
    state: row === held ? 'in_effect' : row.effectiveFrom > today ? 'coming' : 'past',
    lines: row.entries.map((entry) => {
      const segment = revisions.find(
        (one) => one.segmentId === entry.segmentId && one.revision === entry.segmentRevision,
      );
      return {
        segment: { id: entry.segmentId, name: segment?.name ?? 'a segment that is gone' },
        segmentRevision: entry.segmentRevision,
        words: segment ? ruleInWords(unwrap(parseRule(segment.rule)), names) : '',
        outdated: current.get(entry.segmentId) !== entry.segmentRevision,
        strategy: named(entry.strategyId),
        experiment: tested(entry.experimentId ?? null),
      };
    }),
    otherwise: named(row.otherwiseId),
    otherwiseExperiment: tested(row.otherwiseExperimentId),
    effectiveFrom: row.effectiveFrom,
    recordedBy: row.recordedBy,
    recordedAt: row.recordedAt.toISOString(),
  }));
}

/** Of those whose day has come the one that came last, the newest of a day. */
function inEffectOf(rows: readonly Selection[], today: CalendarDate): Selection | undefined {
  const come = rows.filter(({ effectiveFrom }) => effectiveFrom <= today);
  return come.toSorted((a, b) =>
    a.effectiveFrom === b.effectiveFrom ? b.revision - a.revision : a.effectiveFrom < b.effectiveFrom ? 1 : -1,
  )[0];
}

const dayBody = (day: DayReport): Day => ({
  accounts: day.accounts,
  openItems: day.openItems,
  followed: Object.entries(day.versions)
    .map(([version, accounts]) => ({ version, accounts }))
    .filter(({ accounts }) => accounts > 0)
    .toSorted((a, b) => b.accounts - a.accounts),
  keptOut: day.nonActions['kept_out'] ?? 0,
  actions: numbersIn(day.actions),
  steps: numbersIn(day.steps),
  nonActions: numbersIn(day.nonActions),
});
