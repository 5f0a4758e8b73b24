import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { comingTo, type Import, type ImportCounts, type ImportOptions, type ImportState } from './import.ts';
import type { Mapping } from './mapping.ts';

type ImportId = Id<'import'>;

const leaseSeconds = 60;

const selected = (ctx: Ctx): RawBuilder<unknown> => sql`
  select i.id, i.client_id as "clientId", i.target, i.file_name as "fileName", i.file_size as "fileSize", i.file_sha256 as "fileSha256",
    i.stored_as as "storedAs", i.mapping, i.options, i.state, nullif(i.progress, '{}') as progress, i.counts, i.failure, i.confirmed_by as "confirmedBy",
    i.created_by as "createdBy", i.recorded_at as "createdAt", i.finished_at as "finishedAt",
    (select count(*)::int from intake.rejects r where r.tenant_id = ${ctx.tenant} and r.import_id = i.id and r.state = 'open') as "openRejects"
  from intake.imports i
  where i.tenant_id = ${ctx.tenant}`;

export type NewImport = Pick<
  Import,
  'id' | 'clientId' | 'target' | 'fileName' | 'fileSize' | 'fileSha256' | 'storedAs' | 'mapping' | 'options' | 'state'
>;

export async function insertImport(ctx: Ctx, row: NewImport, claimed: boolean): Promise<void> {
  await sql`insert into intake.imports (tenant_id, id, client_id, target, file_name, file_size, file_sha256, stored_as, mapping, options, state,
      created_by, recorded_at, started_at, claimed_until)
    values (${ctx.tenant}, ${row.id}, ${row.clientId}, ${row.target}, ${row.fileName}, ${row.fileSize}, ${row.fileSha256}, ${row.storedAs},
      ${row.mapping === null ? null : JSON.stringify(row.mapping)}::jsonb, ${JSON.stringify(row.options)}::jsonb, ${row.state}, ${ctx.actor.name}, ${ctx.at},
      ${row.state === 'uploaded' ? null : ctx.at}, ${claimed ? lease : sql`null`})`.execute(ctx.db);
}

// Leases run on the machine's time: a sandbox's clock stands still.
const lease = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;

export async function findImport(ctx: Ctx, id: ImportId): Promise<Import | null> {
  const { rows } = await sql<Import>`${selected(ctx)} and i.id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Newest first, after the row a cursor names. */
export async function selectImports(
  ctx: Ctx,
  limit: number,
  after: { at: Date; id: string } | null,
): Promise<Import[]> {
  const { rows } = await sql<Import>`${selected(ctx)}
    and (${after?.at ?? null}::timestamptz is null or (i.recorded_at, i.id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by i.recorded_at desc, i.id desc limit ${limit}`.execute(ctx.db);
  return rows;
}

/** Moves an import when its state allows it; false when it does not. */
export async function moveImport(
  ctx: Ctx,
  id: ImportId,
  to: ImportState,
  set: {
    mapping?: Mapping;
    options?: ImportOptions;
    failure?: string;
    counts?: ImportCounts;
    confirmedBy?: string;
    claim?: boolean;
    forgetFile?: boolean;
  } = {},
): Promise<boolean> {
  const finished = to === 'done' || to === 'failed' || to === 'cancelled';
  const result = await sql`update intake.imports set state = ${to},
      mapping = coalesce(${set.mapping === undefined ? null : JSON.stringify(set.mapping)}::jsonb, mapping),
      options = coalesce(${set.options === undefined ? null : JSON.stringify(set.options)}::jsonb, options),
      counts = counts || coalesce(${set.counts === undefined ? null : JSON.stringify(set.counts)}::jsonb, '{}'),
      failure = ${set.failure ?? null}, confirmed_by = coalesce(${set.confirmedBy ?? null}, confirmed_by),
      stored_as = case when ${set.forgetFile ?? false} then null else stored_as end,
      started_at = coalesce(started_at, ${ctx.at}::timestamptz), finished_at = ${finished ? ctx.at : null}::timestamptz,
      progress = case when ${finished} then '{}' else progress end,
      claimed_until = ${set.claim ? lease : finished || to === 'needs_confirmation' ? sql`null` : sql`claimed_until`}
    where tenant_id = ${ctx.tenant} and id = ${id} and state = any(${comingTo(to)}::text[])`.execute(ctx.db);
  return result.numAffectedRows === 1n;
}

/** Takes the oldest started import that nobody works on, or the named one; null when there is none. */
export async function claimImport(ctx: Ctx, id: ImportId | null): Promise<ImportId | null> {
  const { rows } = await sql<{ id: ImportId }>`update intake.imports i set claimed_until = ${lease}
    where i.tenant_id = ${ctx.tenant} and i.id = (
      select c.id from intake.imports c
      where c.tenant_id = ${ctx.tenant} and c.state in ('staging', 'applying') and (c.claimed_until is null or c.claimed_until < clock_timestamp())
        and (${id}::uuid is null or c.id = ${id}::uuid)
      order by c.recorded_at, c.id limit 1 for update skip locked)
    returning i.id`.execute(ctx.db);
  return rows[0]?.id ?? null;
}

/** Renews the claim and shows how far the work is. */
export async function renewClaim(ctx: Ctx, id: ImportId, progress: NonNullable<Import['progress']>): Promise<void> {
  await sql`update intake.imports set claimed_until = ${lease}, progress = ${JSON.stringify(progress)}::jsonb
    where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
}

/** Holds the import until the transaction ends, so that nobody applies it twice; returns its state. */
export async function lockImport(ctx: Ctx, id: ImportId): Promise<ImportState | null> {
  const { rows } = await sql<{ state: ImportState }>`select state from intake.imports
    where tenant_id = ${ctx.tenant} and id = ${id} for update`.execute(ctx.db);
  return rows[0]?.state ?? null;
}
