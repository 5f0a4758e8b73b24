import type { CalendarDate } from '../../../kernel/calendar.ts';
import { canonicalJson } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { recordAudit } from '../../identity/public.ts';
import { lockStrategies } from '../versions.sql.ts';
import { effectiveDay } from './effective-day.ts';

type Revision<K extends string> = {
  readonly id: Id<K>;
  readonly revision: number;
  readonly effectiveFrom: CalendarDate;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};

/**
 * Puts the next revision of something that is written whole in effect from a day on, today at the earliest; `seen` is the newest revision the writer
 * looked at, 0 for none. The same again is no new revision. Refuses: `malformed_<kind>`, `changed_meanwhile`, and what `read` refuses.
 */
export async function revise<K extends 'weights' | 'budgets', Content extends object>(
  ctx: Ctx,
  kind: K,
  seen: number,
  {
    effectiveFrom: wished,
    read,
    list,
    insert,
    detail,
  }: {
    readonly effectiveFrom: CalendarDate | undefined;
    readonly read: () => Promise<Result<Content, `malformed_${K}`>>;
    readonly list: (ctx: Ctx, limit: number) => Promise<readonly (Revision<K> & Content)[]>;
    readonly insert: (ctx: Ctx, row: Omit<Revision<K>, 'recordedBy' | 'recordedAt'> & Content) => Promise<void>;
    readonly detail: (content: Content) => Record<string, number>;
  },
): Promise<Result<Revision<K> & Content, `malformed_${K}` | 'changed_meanwhile'>> {
  await lockStrategies(ctx);
  const [newest] = await list(ctx, 1);
  if (newest && newest.revision !== seen)
    return refuse(
      'changed_meanwhile',
      `${newest.recordedBy} has written revision ${newest.revision} of the ${kind} meanwhile. Look at it again and repeat your change.`,
    );
  const content = await read();
  if (!content.ok) return content;
  const day = await effectiveDay(ctx, wished, `malformed_${kind}` as const);
  if (!day.ok) return day;
  const effectiveFrom = day.value;
  const before =
    newest && Object.fromEntries(Object.keys(content.value).map((key) => [key, newest[key as keyof Content]]));
  if (newest?.effectiveFrom === effectiveFrom && canonicalJson(before) === canonicalJson(content.value))
    return ok(newest);
  const row = { id: newId<K>(), revision: (newest?.revision ?? 0) + 1, effectiveFrom, ...content.value };
  await insert(ctx, row);
  await recordAudit(ctx, {
    action: `strategy.${kind}_changed`,
    subjectKind: kind,
    subjectId: row.id,
    detail: { revision: row.revision, effectiveFrom, ...detail(content.value) },
  });
  return ok({ ...row, recordedBy: ctx.actor.name, recordedAt: ctx.at });
}
