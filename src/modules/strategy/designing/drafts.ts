import { addDays, type CalendarDate, localDateOf } from '../../../kernel/calendar.ts';
import { canonicalJson } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { hashId, type Id, newId } from '../../../kernel/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant, recordAudit } from '../../identity/public.ts';
import { publishVersion } from '../publish.ts';
import {
  ensureStrategy,
  findNewestVersion,
  lockStrategies,
  type StrategyVersion,
  type Takeover,
} from '../versions.sql.ts';
import { checkDefinition } from './check-definition.ts';
import {
  deleteDraft,
  deleteUnused,
  type Draft,
  findDraft,
  insertPublishingRule,
  isTwoPeople,
  upsertDraft,
} from './draft.sql.ts';
import { startingPoints } from './starting-points.ts';
import { findStrategy, isStrategyName, listVersions } from './strategies.sql.ts';

export type DesignRefusal =
  | 'name_taken'
  | 'strategy_not_found'
  | 'changed_meanwhile'
  | 'malformed_definition'
  | 'no_such_day'
  | 'not_needed'
  | 'same_person'
  | 'not_a_person';

const notFound = (): Refusal<'strategy_not_found'> =>
  refuse('strategy_not_found', 'There is no such strategy. It may have been discarded.');
const noDraft = (): Refusal<'strategy_not_found'> =>
  refuse('strategy_not_found', 'This strategy has no draft any more; it may have been published or discarded.');

/**
 * Makes a strategy with a draft that begins as a starting point, or as another strategy's draft or newest version. Nothing follows it
 * until a version is published and chosen. Refuses: `name_taken`, `strategy_not_found`.
 */
export async function createStrategy(
  ctx: Ctx,
  input: { readonly name: string; readonly startingPoint: string } | { readonly name: string; readonly copyOf: string },
): Promise<Result<Id<'strategy'>, DesignRefusal>> {
  const { name } = input;
  const definition = await beginning(ctx, 'copyOf' in input ? { copyOf: input.copyOf } : input);
  if (definition === null) return notFound();
  if (await isStrategyName(ctx, name))
    return refuse('name_taken', `There is already a strategy called “${name}”. Choose another name.`, {
      name: 'Taken.',
    });
  const id = hashId<'strategy'>('strategy', ctx.tenant, name);
  await ensureStrategy(ctx, id, name);
  await upsertDraft(ctx, { strategyId: id, definition, editorIds: [ctx.actor.id] });
  await tell(ctx, 'strategy.created', id, { name });
  return ok(id);
}

async function beginning(
  ctx: Ctx,
  from: { readonly startingPoint: string } | { readonly copyOf: string },
): Promise<Readonly<Record<string, unknown>> | null> {
  if ('startingPoint' in from) return startingPoints.find(({ key }) => key === from.startingPoint)?.definition ?? null;
  const draft = await findDraft(ctx, from.copyOf);
  if (draft) return draft.definition;
  const [newest] = await listVersions(ctx, from.copyOf);
  return newest ? (newest.definition as Readonly<Record<string, unknown>>) : null;
}

/**
 * Writes the draft of a strategy as it was seen at `rowVersion`, 0 while there is none. It may hold faults. Refuses: `strategy_not_found`,
 * `changed_meanwhile`.
 */
export async function changeDraft(
  ctx: Ctx,
  id: Id<'strategy'>,
  rowVersion: bigint,
  definition: Readonly<Record<string, unknown>>,
): Promise<Result<Draft, DesignRefusal>> {
  const strategy = await findStrategy(ctx, id);
  if (!strategy) return notFound();
  await lockStrategies(ctx);
  const before = await findDraft(ctx, id, true);
  if ((before?.rowVersion ?? 0n) !== rowVersion) return changed(before, strategy.name);
  const editorIds = [...new Set([...(before?.editorIds ?? []), ctx.actor.id])];
  await upsertDraft(ctx, { strategyId: id, definition, editorIds });
  // A draft is kept after each touch; that somebody began to write on it is what the trail tells.
  if (!before?.editorIds.includes(ctx.actor.id)) await tell(ctx, 'strategy.draft_changed', id, { name: strategy.name });
  const after = await findDraft(ctx, id);
  if (!after) throw new Error('A draft just written is not there.');
  return ok(after);
}

/**
 * Throws a draft away; a strategy that was never published and that nothing names goes with it. Refuses: `strategy_not_found`,
 * `changed_meanwhile`.
 */
export async function discardDraft(
  ctx: Ctx,
  id: Id<'strategy'>,
  rowVersion: bigint,
): Promise<Result<void, DesignRefusal>> {
  const strategy = await findStrategy(ctx, id);
  const before = strategy && (await findDraft(ctx, id, true));
  if (!before) return noDraft();
  if (before.rowVersion !== rowVersion) return changed(before, strategy.name);
  await deleteDraft(ctx, id);
  await deleteUnused(ctx, id);
  await tell(ctx, 'strategy.draft_discarded', id, { name: strategy.name });
  return ok();
}

/**
 * Makes the draft, as it was seen at `rowVersion`, the next version, in effect from today or from a later day within a year. Versions are never
 * changed; accounts that follow an earlier one come over as `takesOver` says. Refuses: `strategy_not_found`, `changed_meanwhile`,
 * `malformed_definition` with every fault, `no_such_day`, `not_needed` when nothing is different, and where publishing takes two people
 * `same_person` and `not_a_person`.
 */
export async function publishDraft(
  ctx: Ctx,
  id: Id<'strategy'>,
  rowVersion: bigint,
  wish: { readonly effectiveFrom?: CalendarDate | undefined; readonly takesOver: Takeover },
): Promise<Result<StrategyVersion, DesignRefusal>> {
  const strategy = await findStrategy(ctx, id);
  if (!strategy) return notFound();
  await lockStrategies(ctx);
  const draft = await findDraft(ctx, id, true);
  if (!draft) return noDraft();
  if (draft.rowVersion !== rowVersion) return changed(draft, strategy.name);
  const allowed = await mayPublish(ctx, draft);
  if (!allowed.ok) return allowed;
  const faults = checkDefinition(draft.definition).filter(({ effect }) => effect === 'refuse');
  const [fault] = faults;
  if (fault)
    return refuse(
      'malformed_definition',
      `${fault.sentence} ${fault.remedy}`,
      Object.fromEntries(faults.map(({ path, sentence, remedy }) => [path, `${sentence} ${remedy}`])),
    );
  const newest = await findNewestVersion(ctx, strategy.name);
  if (newest && canonicalJson(newest.definition) === canonicalJson(draft.definition))
    return refuse(
      'not_needed',
      `This is word for word version ${newest.version}. Change something, or discard the draft.`,
    );
  const from = await dayOf(ctx, wish.effectiveFrom, newest);
  if (!from.ok) return from;
  const published = await publishVersion(ctx, {
    name: strategy.name,
    definition: draft.definition,
    effectiveFrom: from.value,
    takesOver: wish.takesOver,
  });
  if (published.ok) await deleteDraft(ctx, id);
  return published;
}

async function mayPublish(ctx: Ctx, draft: Draft): Promise<Result<void, 'same_person' | 'not_a_person'>> {
  if (!(await isTwoPeople(ctx))) return ok();
  if (ctx.actor.kind === 'key')
    return refuse('not_a_person', 'Publishing takes two people here; an API key cannot be the second of them.');
  if (draft.editorIds.includes(ctx.actor.id))
    return refuse(
      'same_person',
      'Publishing takes two people here: somebody who has not written on this draft has to publish it.',
    );
  return ok();
}

async function dayOf(
  ctx: Ctx,
  wanted: CalendarDate | undefined,
  newest: StrategyVersion | null,
): Promise<Result<CalendarDate, 'no_such_day'>> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const from = wanted ?? today;
  const bad = (sentence: string) => refuse('no_such_day', sentence, { effectiveFrom: sentence });
  if (from < today || from > addDays(today, 366))
    return bad(`A version is in effect from today, ${today}, or from a later day within a year.`);
  // The day decides which of two versions holds: an older one that begins later would come back.
  if (newest && from < newest.effectiveFrom)
    return bad(
      `Version ${newest.version} begins on ${newest.effectiveFrom} and would take over from this one then. Choose that day or a later one.`,
    );
  return ok(from);
}

/** Says whether publishing takes somebody who has not written the draft. */
export async function setTwoPeople(ctx: Ctx, twoPeople: boolean): Promise<void> {
  if ((await isTwoPeople(ctx)) === twoPeople) return;
  const id = newId<'publishing-rule'>();
  await insertPublishingRule(ctx, id, twoPeople);
  await recordAudit(ctx, {
    action: 'strategy.publishing_changed',
    subjectKind: 'publishing_rule',
    subjectId: id,
    detail: { twoPeople },
  });
}

const changed = (before: Draft | null, name: string): Refusal<'changed_meanwhile'> =>
  refuse(
    'changed_meanwhile',
    before
      ? `${before.editedBy} has changed the draft of “${name}” meanwhile. Look at it again and repeat your change.`
      : `The draft of “${name}” was published or discarded meanwhile. Look at the strategy again.`,
  );

const tell = (ctx: Ctx, action: string, id: Id<'strategy'>, detail: Record<string, string>) =>
  recordAudit(ctx, { action, subjectKind: 'strategy', subjectId: id, detail });
