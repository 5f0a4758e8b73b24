import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { type Result, ok, refuse, unwrap } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { type Mapping, parseMapping } from './mapping.ts';

export type SavedMapping = {
  readonly id: Id<'mapping'>;
  readonly name: string;
  readonly mapping: Mapping;
  readonly rowVersion: bigint;
};

type Row = { readonly id: Id<'mapping'>; readonly name: string; readonly spec: unknown; readonly rowVersion: bigint };
const parsed = (row: Row): SavedMapping => ({
  id: row.id,
  name: row.name,
  mapping: unwrap(parseMapping(row.spec)),
  rowVersion: row.rowVersion,
});

/** Keeps a mapping under a name; a name used before now means this mapping. */
export async function saveMapping(
  ctx: Ctx,
  input: { readonly name: string; readonly mapping: Mapping },
): Promise<Id<'mapping'>> {
  const { rows } = await sql<{ id: Id<'mapping'> }>`
    insert into intake.mappings (tenant_id, id, name, target, spec, created_by, recorded_at)
    values (${ctx.tenant}, ${newId<'mapping'>()}, ${input.name}, ${input.mapping.target}, ${JSON.stringify(input.mapping)}::jsonb, ${ctx.actor.name}, ${ctx.at})
    on conflict (tenant_id, name) do update set target = excluded.target, spec = excluded.spec, row_version = mappings.row_version + 1
    returning id`.execute(ctx.db);
  const [row] = rows;
  if (!row) throw new Error('A saved mapping came back without its id');
  await recordAudit(ctx, {
    action: 'mapping.saved',
    subjectKind: 'mapping',
    subjectId: row.id,
    detail: { name: input.name },
  });
  return row.id;
}

/** Saved mappings by name. */
export async function listMappings(ctx: Ctx): Promise<SavedMapping[]> {
  const { rows } = await sql<Row>`select id, name, spec, row_version as "rowVersion" from intake.mappings
    where tenant_id = ${ctx.tenant} order by lower(name), id`.execute(ctx.db);
  return rows.map(parsed);
}

/** The mapping saved under a name, or null. */
export async function findMapping(ctx: Ctx, name: string): Promise<SavedMapping | null> {
  const { rows } = await sql<Row>`select id, name, spec, row_version as "rowVersion" from intake.mappings
    where tenant_id = ${ctx.tenant} and name = ${name}`.execute(ctx.db);
  return rows[0] ? parsed(rows[0]) : null;
}

/** Forgets a mapping; imports keep the one they were made with. Refuses: `not_found`. */
export async function deleteMapping(ctx: Ctx, id: Id<'mapping'>): Promise<Result<void, 'not_found'>> {
  const result = await sql`delete from intake.mappings where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
  if (result.numAffectedRows !== 1n) return refuse('not_found', 'There is no such mapping.');
  await recordAudit(ctx, { action: 'mapping.deleted', subjectKind: 'mapping', subjectId: id });
  return ok();
}
