import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

type ImportId = Id<'import'>;

export type RejectRow = {
  readonly rowNo: bigint;
  readonly cells: readonly string[];
  readonly reasonCode: string;
  readonly reason: string;
  readonly field: string | null;
  readonly state: 'open' | 'fixed' | 'discarded';
};

const columns = sql`r.row_no as "rowNo", r.cells, r.reason_code as "reasonCode", r.reason, r.field, r.state`;

export async function deleteRejects(ctx: Ctx, importId: ImportId): Promise<void> {
  await sql`delete from intake.rejects where tenant_id = ${ctx.tenant} and import_id = ${importId}`.execute(ctx.db);
}

export async function selectRejects(
  ctx: Ctx,
  importId: ImportId,
  limit: number,
  afterRowNo: bigint,
): Promise<RejectRow[]> {
  const { rows } = await sql<RejectRow>`select ${columns} from intake.rejects r
    where r.tenant_id = ${ctx.tenant} and r.import_id = ${importId} and r.state = 'open' and r.row_no > ${afterRowNo}
    order by r.row_no limit ${limit}`.execute(ctx.db);
  return rows;
}

/** The open ones among these rows; locked, so that two people do not mend the same row. */
export async function lockRejects(ctx: Ctx, importId: ImportId, rowNos: readonly number[]): Promise<RejectRow[]> {
  const { rows } = await sql<RejectRow>`select ${columns} from intake.rejects r
    where r.tenant_id = ${ctx.tenant} and r.import_id = ${importId} and r.state = 'open' and r.row_no = any(${rowNos}::bigint[])
    order by r.row_no for update`.execute(ctx.db);
  return rows;
}

/** For `streamQuery`: every open reject by row. */
export const openRejects = (ctx: Ctx, importId: ImportId): RawBuilder<RejectRow> => sql<RejectRow>`
  select ${columns} from intake.rejects r where r.tenant_id = ${ctx.tenant} and r.import_id = ${importId} and r.state = 'open' order by r.row_no`;

export async function countReasons(ctx: Ctx, importId: ImportId): Promise<{ code: string; count: number }[]> {
  const { rows } = await sql<{
    code: string;
    count: number;
  }>`select r.reason_code as code, count(*)::int as count from intake.rejects r
    where r.tenant_id = ${ctx.tenant} and r.import_id = ${importId} and r.state = 'open' group by r.reason_code order by 2 desc, 1`.execute(
    ctx.db,
  );
  return rows;
}

export async function updateReject(
  ctx: Ctx,
  importId: ImportId,
  rowNo: number,
  set: { cells: readonly string[]; reasonCode: string; reason: string; field: string | null },
): Promise<void> {
  await sql`update intake.rejects set cells = ${JSON.stringify(set.cells)}::jsonb, reason_code = ${set.reasonCode}, reason = ${set.reason}, field = ${set.field}
    where tenant_id = ${ctx.tenant} and import_id = ${importId} and row_no = ${rowNo}`.execute(ctx.db);
}

export async function closeRejects(
  ctx: Ctx,
  importId: ImportId,
  rowNos: readonly number[],
  state: 'fixed' | 'discarded',
  fixedBy: ImportId | null,
): Promise<number> {
  const result = await sql`update intake.rejects set state = ${state}, fixed_by_import = ${fixedBy}
    where tenant_id = ${ctx.tenant} and import_id = ${importId} and state = 'open' and row_no = any(${rowNos}::bigint[])`.execute(
    ctx.db,
  );
  return Number(result.numAffectedRows ?? 0n);
}
