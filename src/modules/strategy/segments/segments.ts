import { canonicalJson } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../../kernel/result.ts';
import { recordAudit } from '../../identity/public.ts';
import { parseRule, type RuleRefusal } from './rule.ts';
import {
  findSegment,
  insertRevision,
  insertSegment,
  isNameTaken,
  type SegmentRow,
  updateSegment,
} from './segment.sql.ts';

export type SegmentDraft = { readonly name: string; readonly description: string; readonly rule: unknown };
export type SegmentRefusal = RuleRefusal | 'name_taken' | 'segment_not_found' | 'changed_meanwhile';

const nameTaken = (name: string): Refusal<'name_taken'> =>
  refuse('name_taken', `There is already a segment called “${name}”. Choose another name.`, { name: 'Taken.' });
const notFound = (): Refusal<'segment_not_found'> =>
  refuse('segment_not_found', 'There is no such segment; it may have been archived.');

/** Keeps a rule under a name. Refuses: `malformed_rule`, `name_taken`. */
export async function createSegment(ctx: Ctx, draft: SegmentDraft): Promise<Result<SegmentRow, SegmentRefusal>> {
  const rule = parseRule(draft.rule);
  if (!rule.ok) return rule;
  if (await isNameTaken(ctx, draft.name, null)) return nameTaken(draft.name);
  const id = newId<'segment'>();
  await insertSegment(ctx, { id, ...draft });
  await insertRevision(ctx, { id: newId(), segmentId: id, revision: 1, rule: draft.rule });
  await tell(ctx, 'strategy.segment_created', id, { name: draft.name, revision: 1 });
  return loaded(ctx, id);
}

/**
 * Changes name, description or rule of a segment as it was seen at `rowVersion`. A new rule is a new revision; what was published with an older
 * one keeps it. Refuses: `malformed_rule`, `name_taken`, `segment_not_found`, `changed_meanwhile`.
 */
export async function changeSegment(
  ctx: Ctx,
  id: Id<'segment'>,
  rowVersion: bigint,
  draft: SegmentDraft,
): Promise<Result<SegmentRow, SegmentRefusal>> {
  const rule = parseRule(draft.rule);
  if (!rule.ok) return rule;
  const before = await findSegment(ctx, id, true);
  if (!before || before.archivedAt !== null) return notFound();
  if (before.rowVersion !== rowVersion) return changed(before);
  if (await isNameTaken(ctx, draft.name, id)) return nameTaken(draft.name);
  const anew = canonicalJson(before.rule) !== canonicalJson(draft.rule);
  const revision = anew ? before.revision + 1 : before.revision;
  if (anew) await insertRevision(ctx, { id: newId(), segmentId: id, revision, rule: draft.rule });
  await updateSegment(ctx, id, { ...draft, revision, archivedAt: null });
  await tell(ctx, 'strategy.segment_changed', id, { name: draft.name, revision });
  return loaded(ctx, id);
}

/** Takes a segment off the list; its revisions stay. Again is a no-op. Refuses: `segment_not_found`, `changed_meanwhile`. */
export async function archiveSegment(
  ctx: Ctx,
  id: Id<'segment'>,
  rowVersion: bigint,
): Promise<Result<void, SegmentRefusal>> {
  const before = await findSegment(ctx, id, true);
  if (!before) return notFound();
  if (before.archivedAt !== null) return ok();
  if (before.rowVersion !== rowVersion) return changed(before);
  await updateSegment(ctx, id, { ...before, archivedAt: ctx.at });
  await tell(ctx, 'strategy.segment_archived', id, { name: before.name });
  return ok();
}

const changed = (before: SegmentRow): Refusal<'changed_meanwhile'> =>
  refuse(
    'changed_meanwhile',
    `${before.recordedBy} has changed “${before.name}” meanwhile. Look at it again and repeat your change.`,
  );

const tell = (ctx: Ctx, action: string, id: Id<'segment'>, detail: Record<string, string | number>) =>
  recordAudit(ctx, { action, subjectKind: 'segment', subjectId: id, detail });

async function loaded(ctx: Ctx, id: Id<'segment'>): Promise<Result<SegmentRow, never>> {
  const row = await findSegment(ctx, id);
  if (!row) throw new Error('A segment just written is not there.');
  return ok(row);
}
