import { addDays, type CalendarDate, localDateOf } from '../../kernel/calendar.ts';
import { canonicalJson } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../kernel/result.ts';
import { loadTenant, recordAudit } from '../identity/public.ts';
import { findSegments } from './segments/segment.sql.ts';
import { insertSelection, listSelections, type Selection } from './selection.sql.ts';
import { listStrategyIds, lockStrategies } from './versions.sql.ts';

/** A selection table as somebody writes it; each line takes the segment as it reads now. */
export type SelectionDraft = {
  readonly entries: readonly { readonly segmentId: string; readonly strategyId: string | null }[];
  readonly otherwiseId: string | null;
  /** Default: the tenant's today. */
  readonly effectiveFrom?: CalendarDate;
};

export type SelectionRefusal = 'malformed_selection' | 'changed_meanwhile';

const LINES = 50;

/**
 * Reads a draft: every segment and strategy must be there, no line may be one that nobody can come to. Refuses: `malformed_selection`,
 * with a sentence for each line at fault.
 */
export async function readSelection(
  ctx: Ctx,
  draft: Pick<SelectionDraft, 'entries' | 'otherwiseId'>,
): Promise<Result<Pick<Selection, 'entries' | 'otherwiseId'>, SelectionRefusal>> {
  if (draft.entries.length > LINES)
    return refuse(
      'malformed_selection',
      `A selection table holds at most ${LINES} lines; this one has ${draft.entries.length}.`,
    );
  const segments = new Map(
    (
      await findSegments(
        ctx,
        draft.entries.map((entry) => entry.segmentId),
      )
    ).map((one) => [one.id as string, one]),
  );
  const strategies = new Map((await listStrategyIds(ctx)).map((id) => [id as string, id]));
  const faults: Record<string, string> = {};
  const entries = draft.entries.flatMap(({ segmentId, strategyId }, at) => {
    const segment = segments.get(segmentId);
    const strategy = strategyId === null ? null : strategies.get(strategyId);
    const before = draft.entries.slice(0, at);
    const everybody = before.findIndex((one) => isEverybody(segments.get(one.segmentId)?.rule));
    if (!segment) faults[`entries.${at}`] = 'There is no such segment; it may have been archived. Choose another.';
    else if (strategy === undefined) faults[`entries.${at}`] = 'There is no such strategy. Choose another.';
    else if (before.some((one) => one.segmentId === segmentId))
      faults[`entries.${at}`] =
        `“${segment.name}” stands above already, so that nobody comes to this line. Remove one of them.`;
    else if (everybody >= 0)
      faults[`entries.${at}`] =
        `Line ${everybody + 1} matches every account, so that nobody comes to this line. Move it up, or remove it.`;
    else return [{ segmentId: segment.id, segmentRevision: segment.revision, strategyId: strategy }];
    return [];
  });
  const otherwise = draft.otherwiseId === null ? null : strategies.get(draft.otherwiseId);
  if (otherwise === undefined) faults['otherwiseId'] = 'There is no such strategy. Choose another.';
  const [first] = Object.values(faults);
  if (first !== undefined) return refuse('malformed_selection', first, faults);
  return ok({ entries, otherwiseId: otherwise ?? null });
}

const isEverybody = (rule: unknown): boolean =>
  typeof rule === 'object' &&
  rule !== null &&
  'rules' in rule &&
  Array.isArray(rule.rules) &&
  rule.rules.length === 0 &&
  !('not' in rule && rule.not === true);

/**
 * Puts a selection table in effect from a day on, today at the earliest; `seen` is the revision the writer looked at, 0 for none. The
 * same table again is no new revision. Refuses: `malformed_selection`, `changed_meanwhile`.
 */
export async function changeSelection(
  ctx: Ctx,
  seen: number,
  draft: SelectionDraft,
): Promise<Result<Selection, SelectionRefusal>> {
  await lockStrategies(ctx);
  const [newest] = await listSelections(ctx, 1);
  if (newest && newest.revision !== seen) return changed(newest);
  const read = await readSelection(ctx, draft);
  if (!read.ok) return read;
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const effectiveFrom = draft.effectiveFrom ?? today;
  if (effectiveFrom < today || effectiveFrom > addDays(today, 366)) {
    const sentence = `A selection table holds from today, ${today}, on or from a later day within a year.`;
    return refuse('malformed_selection', sentence, { effectiveFrom: sentence });
  }
  if (newest && canonicalJson(contentOf(newest)) === canonicalJson({ ...read.value, effectiveFrom })) return ok(newest);
  const selection = { id: newId<'selection'>(), revision: (newest?.revision ?? 0) + 1, ...read.value, effectiveFrom };
  await insertSelection(ctx, selection);
  await recordAudit(ctx, {
    action: 'strategy.selection_changed',
    subjectKind: 'selection',
    subjectId: selection.id,
    detail: { revision: selection.revision, effectiveFrom, lines: selection.entries.length },
  });
  return ok({ ...selection, recordedBy: ctx.actor.name, recordedAt: ctx.at });
}

const contentOf = ({ entries, otherwiseId, effectiveFrom }: Selection) => ({ entries, otherwiseId, effectiveFrom });

const changed = ({ recordedBy, revision }: Selection): Refusal<'changed_meanwhile'> =>
  refuse(
    'changed_meanwhile',
    `${recordedBy} has made revision ${revision} of the selection table meanwhile. Look at it again and repeat your change.`,
  );
