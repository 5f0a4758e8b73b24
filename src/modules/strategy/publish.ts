import { type CalendarDate, localDateOf } from '../../kernel/calendar.ts';
import { canonicalJson } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId } from '../../kernel/ids.ts';
import { type Result, ok } from '../../kernel/result.ts';
import { listenForEvents } from '../accounts/public.ts';
import { loadTenant, recordAudit } from '../identity/public.ts';
import { DEFAULT_STRATEGY, defaultB2b } from './default-b2b.ts';
import { parseDefinition } from './definition.ts';
import {
  ensureStrategy,
  findNewestVersion,
  insertVersion,
  lockStrategies,
  type StrategyVersion,
  type Takeover,
} from './versions.sql.ts';

/**
 * Publishes a definition as the next version of the strategy of that name, in effect from `effectiveFrom` (default: the
 * tenant's today). The same definition again is no new version. Refuses: `malformed_definition`.
 */
export async function publishVersion(
  ctx: Ctx,
  input: {
    readonly name: string;
    readonly definition: unknown;
    readonly effectiveFrom?: CalendarDate;
    readonly takesOver?: Takeover;
  },
): Promise<Result<StrategyVersion, 'malformed_definition'>> {
  const read = parseDefinition(input.definition);
  if (!read.ok) return read;
  const strategyId = hashId<'strategy'>('strategy', ctx.tenant, input.name);
  await ensureStrategy(ctx, strategyId, input.name);
  await lockStrategies(ctx);
  const newest = await findNewestVersion(ctx, input.name);
  if (newest && canonicalJson(newest.definition) === canonicalJson(read.value)) return ok(newest);

  const number = (newest?.version ?? 0) + 1;
  const version: StrategyVersion = {
    id: hashId('strategy-version', strategyId, String(number)),
    strategyId,
    name: input.name,
    version: number,
    definition: read.value,
    effectiveFrom: input.effectiveFrom ?? localDateOf(ctx.at, (await loadTenant(ctx)).timeZone),
    takesOver: input.takesOver ?? 'at_once',
  };
  await insertVersion(ctx, version);
  if ((version.definition.reactions ?? []).length > 0) await listenForEvents(ctx);
  await recordAudit(ctx, {
    action: 'strategy.published',
    subjectKind: 'strategy_version',
    subjectId: version.id,
    detail: { name: input.name, version: number, effectiveFrom: version.effectiveFrom },
  });
  return ok(version);
}

/** Publishes the built-in B2B strategy for the tenant; a no-op when it already has this very definition. */
export async function publishDefault(ctx: Ctx): Promise<StrategyVersion> {
  const published = await publishVersion(ctx, { name: DEFAULT_STRATEGY, definition: defaultB2b });
  if (!published.ok) throw new Error(published.detail);
  return published.value;
}
