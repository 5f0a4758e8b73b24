import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';

/** The next version of a strategy as it is being written; it may hold faults. */
export type Draft = {
  readonly strategyId: Id<'strategy'>;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly editorIds: readonly string[];
  readonly editedBy: string;
  readonly editedAt: Date;
  readonly rowVersion: bigint;
};

/** Null while nobody writes; `lock` holds it until the transaction ends. */
export async function findDraft(ctx: Ctx, strategyId: string, lock = false): Promise<Draft | null> {
  const { rows } = await sql<Draft>`
    select d.id as "strategyId", d.definition, d.editor_ids as "editorIds", d.edited_by as "editedBy", d.edited_at as "editedAt",
      d.row_version as "rowVersion"
    from strategy.drafts d where d.tenant_id = ${ctx.tenant} and d.id = ${strategyId}::uuid ${lock ? sql`for update` : sql``}`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** Writes the draft as its editor left it. */
export async function upsertDraft(
  ctx: Ctx,
  draft: Pick<Draft, 'strategyId' | 'definition' | 'editorIds'>,
): Promise<void> {
  await sql`
    insert into strategy.drafts as d (tenant_id, id, definition, editor_ids, edited_by, edited_at)
    values (${ctx.tenant}, ${draft.strategyId}, ${JSON.stringify(draft.definition)}::jsonb, ${[...draft.editorIds]}::text[], ${ctx.actor.name}, ${ctx.at})
    on conflict (tenant_id, id) do update set definition = excluded.definition, editor_ids = excluded.editor_ids, edited_by = excluded.edited_by,
      edited_at = excluded.edited_at, row_version = d.row_version + 1`.execute(ctx.db);
}

export async function deleteDraft(ctx: Ctx, strategyId: string): Promise<void> {
  await sql`delete from strategy.drafts d where d.tenant_id = ${ctx.tenant} and d.id = ${strategyId}::uuid`.execute(
    ctx.db,
  );
}

/** Takes away a strategy that has no version and that no selection table names. */
export async function deleteUnused(ctx: Ctx, strategyId: string): Promise<void> {
  await sql`
    delete from strategy.strategies s where s.tenant_id = ${ctx.tenant} and s.id = ${strategyId}::uuid
      and not exists (select 1 from strategy.versions v where v.tenant_id = ${ctx.tenant} and v.strategy_id = s.id)
      and not exists (select 1 from strategy.selections l where l.tenant_id = ${ctx.tenant}
        and (l.otherwise_id = s.id or l.entries @> jsonb_build_array(jsonb_build_object('strategyId', s.id::text))))`.execute(
    ctx.db,
  );
}

/** Whether publishing takes somebody who has not written the draft. */
export async function isTwoPeople(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{ twoPeople: boolean }>`
    select r.two_people as "twoPeople" from strategy.publishing_rules r where r.tenant_id = ${ctx.tenant}
    order by r.recorded_at desc, r.id desc limit 1`.execute(ctx.db);
  return rows[0]?.twoPeople ?? false;
}

export async function insertPublishingRule(ctx: Ctx, id: string, twoPeople: boolean): Promise<void> {
  await sql`insert into strategy.publishing_rules (tenant_id, id, two_people, recorded_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${twoPeople}, ${ctx.actor.name}, ${ctx.at})`.execute(ctx.db);
}
