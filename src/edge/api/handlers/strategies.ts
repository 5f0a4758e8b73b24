import { calendarDate, localDateOf, timeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, refuse, type Result, unwrap } from '../../../kernel/result.ts';
import { checkStrategy } from '../../../flows/check-strategy.ts';
import {
  assignedInWords,
  changeDraft,
  changesBetween,
  createStrategy,
  DEFAULT_STRATEGY,
  discardDraft,
  type Draft,
  findDraft,
  findStrategy,
  isTwoPeople,
  listStrategies,
  listVersions,
  loadRuleNames,
  parseDefinition,
  publishDraft,
  readableParts,
  reactionInWords,
  type RuleNames,
  setTwoPeople,
  stagesInWords,
  startingPoints,
  stepInWords,
  type StrategyDefinition,
  type StrategyRow,
  strategyInWords,
  type VersionRow,
} from '../../../modules/strategy/public.ts';
import type { Caller } from '../caller.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/strategies.ts';
import { type Implementation, implement } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';

type Detail = ResponseOf<typeof contract.readStrategy>;
type Definition = NonNullable<Detail['draft']>['definition'];
const strategyId = ({ strategyId: id }: { readonly strategyId: string }) => idOf<'strategy'>('strategy', id);
const todayOf = (caller: Caller) => localDateOf(caller.at, timeZone(caller.timeZone));

/** Strategies as they are designed: drafts, what stands against them, and the versions they become. */
export function strategiesHandlers(): Implementation[] {
  return [
    implement(contract.listStrategies, async (ctx, { caller }) => {
      const rows = await listStrategies(ctx, todayOf(caller));
      const points = startingPoints.map(({ key, title, sentence }) => ({ key, title, sentence }));
      return ok({ rows: rows.map(rowBody), startingPoints: points, twoPeople: await isTwoPeople(ctx) });
    }),
    implement(contract.createStrategy, async (ctx, { body: { name, startingPoint, copyOf }, caller }) => {
      const made = await createStrategy(ctx, copyOf === null ? { name, startingPoint } : { name, copyOf });
      return made.ok ? detailOf(ctx, made.value, caller) : made;
    }),
    implement(contract.readStrategy, (ctx, { params, caller }) => detailOf(ctx, params.strategyId, caller)),
    implement(contract.changeDraft, async (ctx, { params, body, version }) => {
      const changed = await changeDraft(ctx, strategyId(params), version, body.definition);
      return changed.ok ? ok(draftBody(changed.value)) : changed;
    }),
    implement(contract.discardDraft, async (ctx, { params, version }) => {
      const discarded = await discardDraft(ctx, strategyId(params), version);
      return discarded.ok ? ok(undefined) : discarded;
    }),
    implement(contract.checkStrategy, async (ctx, { body, caller }) => ok(await checked(ctx, body, caller))),
    implement(contract.publishStrategy, async (ctx, { params, body, version, caller }) => {
      const { effectiveFrom, takesOver } = body;
      const published = await publishDraft(ctx, strategyId(params), version, {
        takesOver,
        effectiveFrom: effectiveFrom === undefined ? undefined : calendarDate(effectiveFrom),
      });
      return published.ok ? detailOf(ctx, params.strategyId, caller) : published;
    }),
    implement(contract.compareVersions, async (ctx, { params, query }) => {
      const versions = await listVersions(ctx, params.strategyId);
      const [from, to] = [query.from, query.to].map((wanted) => versions.find(({ version }) => version === wanted));
      if (!from || !to) return refuse('strategy_not_found', 'There is no such version of this strategy.');
      return ok({ changes: changesBetween(read(from), read(to), await loadRuleNames(ctx)) });
    }),
    implement(contract.setPublishing, async (ctx, { body }) => {
      await setTwoPeople(ctx, body.twoPeople);
      return ok(undefined);
    }),
  ];
}

// A version was read before it was published.
const read = ({ definition }: VersionRow): StrategyDefinition => unwrap(parseDefinition(definition));

async function checked(
  ctx: Ctx,
  { definition, strategyId: id }: { readonly definition: Definition; readonly strategyId: string | null },
  caller: Caller,
): Promise<ResponseOf<typeof contract.checkStrategy>> {
  const faults = await checkStrategy(ctx, definition);
  const parsed = parseDefinition(definition);
  const names = await loadRuleNames(ctx);
  const versions = id === null ? [] : await listVersions(ctx, id);
  const before = inEffectOf(versions, todayOf(caller)) ?? versions[0];
  return {
    faults,
    words: wordsOf(parsed.ok ? parsed.value : readableParts(definition), names),
    comparedWith: before?.version ?? null,
    changes: before && parsed.ok ? changesBetween(read(before), parsed.value, names) : null,
  };
}

/** The version in effect on a day: of those whose day has come the one that came last, the newest of a day. */
function inEffectOf(versions: readonly VersionRow[], asOf: string): VersionRow | undefined {
  return versions
    .filter(({ effectiveFrom }) => effectiveFrom <= asOf)
    .toSorted((a, b) =>
      a.effectiveFrom === b.effectiveFrom ? b.version - a.version : a.effectiveFrom < b.effectiveFrom ? 1 : -1,
    )[0];
}

async function detailOf(ctx: Ctx, id: string, caller: Caller): Promise<Result<Detail, RefusalCode>> {
  const strategy = await findStrategy(ctx, id);
  if (!strategy) return refuse('strategy_not_found', 'There is no such strategy. It may have been discarded.');
  const versions = await listVersions(ctx, id);
  const draft = await findDraft(ctx, id);
  const names = await loadRuleNames(ctx);
  const today = todayOf(caller);
  const current = inEffectOf(versions, today);
  const stateOf = (row: VersionRow) => (row === current ? 'in_effect' : row.effectiveFrom > today ? 'coming' : 'past');
  return ok({
    ...strategy,
    fallback: strategy.name === DEFAULT_STRATEGY,
    twoPeople: await isTwoPeople(ctx),
    draft: draft && draftBody(draft),
    versions: versions.map((row) => ({
      id: row.id,
      version: row.version,
      state: stateOf(row),
      effectiveFrom: row.effectiveFrom,
      takesOver: row.takesOver,
      publishedBy: row.publishedBy,
      publishedAt: row.publishedAt.toISOString(),
      followers: row.followers,
      definition: row.definition as Definition,
      words: wordsOf(read(row), names),
    })),
  });
}

const draftBody = (draft: Draft): NonNullable<Detail['draft']> => ({
  definition: draft.definition as Definition,
  editedBy: draft.editedBy,
  editedAt: draft.editedAt.toISOString(),
  rowVersion: draft.rowVersion.toString(),
});

const wordsOf = (definition: StrategyDefinition, names: RuleNames): Detail['versions'][number]['words'] => ({
  summary: strategyInWords(definition),
  steps: definition.steps.map((step) => ({ key: step.key, sentence: stepInWords(step, names) })),
  reactions: (definition.reactions ?? []).map((one) => ({ key: one.key, sentence: reactionInWords(one, names) })),
  stages: stagesInWords(definition),
  assigned: assignedInWords(definition),
});

const rowBody = (row: StrategyRow): ResponseOf<typeof contract.listStrategies>['rows'][number] => ({
  id: row.id,
  name: row.name,
  fallback: row.name === DEFAULT_STRATEGY,
  inEffect:
    row.version === null || row.effectiveFrom === null
      ? null
      : { version: row.version, effectiveFrom: row.effectiveFrom },
  coming:
    row.nextVersion === null || row.nextFrom === null
      ? null
      : { version: row.nextVersion, effectiveFrom: row.nextFrom },
  versions: row.versions,
  followers: row.followers,
  draft:
    row.editedBy === null || row.editedAt === null
      ? null
      : { editedBy: row.editedBy, editedAt: row.editedAt.toISOString() },
});
