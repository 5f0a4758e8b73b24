import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Target } from './fields.ts';

type ImportId = Id<'import'>;

export async function deleteStaged(ctx: Ctx, importId: ImportId): Promise<void> {
  await sql`delete from intake.staged_rows where tenant_id = ${ctx.tenant} and import_id = ${importId}`.execute(ctx.db);
}

export async function countStagedRows(ctx: Ctx, importId: ImportId): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`select count(*) as n from intake.staged_rows
    where tenant_id = ${ctx.tenant} and import_id = ${importId}`.execute(ctx.db);
  return rows[0]?.n ?? 0n;
}

/** Whether two staged rows have the same key. */
export async function anyRepeatedKey(ctx: Ctx, importId: ImportId): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`select exists (
    select s.source_row_id from intake.staged_rows s where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId}
    group by s.source_row_id having count(*) > 1) as yes`.execute(ctx.db);
  return rows[0]?.yes ?? false;
}

/** `importedItemId` in SQL; null without account. */
const itemIdOf = (accountId: RawBuilder<unknown>, sourceRowId: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(left(${accountId}::text, 18) || right(${sourceRowId}::text, 18))::uuid`;

/**
 * Rows without a key of their own that say exactly the same are so many rows: the second, third … get a key and ids of their own.
 * Returns how many there were.
 */
export async function numberRepeatedContents(
  ctx: Ctx,
  importId: ImportId,
  clientId: Id<'client'>,
  target: Target,
): Promise<number> {
  const result = await sql`
    with repeated as (
      select s.row_no, s.row_key || '#' || s.nth as row_key from (
        select r.row_no, r.row_key, row_number() over (partition by r.row_key order by r.row_no) as nth
        from intake.staged_rows r where r.tenant_id = ${ctx.tenant} and r.import_id = ${importId} and starts_with(r.row_key, 'c:')) s
      where s.nth > 1),
    named as (
      select n.row_no, n.row_key, kernel.hash_id('source', ${clientId}::text, ${target}::text, n.row_key) as source_row_id from repeated n)
    update intake.staged_rows s
    set row_key = n.row_key, source_row_id = n.source_row_id,
        item_id = case when s.item_id is not null then ${itemIdOf(sql`s.account_id`, sql`n.source_row_id`)} end
    from named n where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.row_no = n.row_no`.execute(
    ctx.db,
  );
  return Number(result.numAffectedRows ?? 0n);
}

/** Leaves out rows whose own key stood in an earlier row that said the same. Returns how many. */
export async function dropRepeats(ctx: Ctx, importId: ImportId, target: Target): Promise<number> {
  const result = await sql`
    delete from intake.staged_rows s using (
      select r.row_no, r.content_sha256 = first_value(r.content_sha256) over w as same, row_number() over w as nth
      from intake.staged_rows r where r.tenant_id = ${ctx.tenant} and r.import_id = ${importId} and not starts_with(r.row_key, 'c:')
      window w as (partition by r.row_key order by r.row_no)) d
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.row_no = d.row_no and d.nth > 1
      and (d.same or ${target} = 'contacts')`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Gives contact rows whose party is unknown by number the party known by exactly that name with this client, when there is one only. */
export async function matchPartiesByName(ctx: Ctx, importId: ImportId, clientId: Id<'client'>): Promise<number> {
  const result = await sql`
    with lost as (
      select s.row_no, lower(coalesce(s.party_name, s.party_ref)) as name from intake.staged_rows s
      left join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = s.party_id
      where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and p.id is null),
    found as (
      select l.row_no, (array_agg(distinct p.id))[1] as party_id from lost l
      join parties.parties_v p on p.tenant_id = ${ctx.tenant} and lower(p.name) = l.name
      where exists (select 1 from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.party_id = p.id and a.client_id = ${clientId})
      group by l.row_no having count(distinct p.id) = 1)
    update intake.staged_rows s set party_id = f.party_id from found f
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.row_no = f.row_no`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Forgets rows that say what we know already. Returns how many. */
export async function dropUnchanged(ctx: Ctx, importId: ImportId): Promise<number> {
  const result = await sql`
    delete from intake.staged_rows s using intake.source_rows r
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and r.tenant_id = ${ctx.tenant}
      and r.id = s.source_row_id and r.content_sha256 = s.content_sha256 and r.gone_at is null`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Whether any staged row has come before. */
export async function anyKnown(ctx: Ctx, importId: ImportId): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`select exists (
    select 1 from intake.staged_rows s where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId}
      and s.source_row_id in (select r.id from intake.source_rows r where r.tenant_id = ${ctx.tenant})) as yes`.execute(
    ctx.db,
  );
  return rows[0]?.yes ?? false;
}

/** Rows that have come before mean the item they meant then, also where the file now says another account. */
export async function nameKnownItems(ctx: Ctx, importId: ImportId): Promise<void> {
  await sql`update intake.staged_rows s set item_id = r.subject_id from intake.source_rows r
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and r.tenant_id = ${ctx.tenant} and r.id = s.source_row_id
      and s.item_id <> r.subject_id`.execute(ctx.db);
}

/** Remembers what was taken in, so that the same rows next time change nothing. With `fresh` none of them has come before. */
export async function upsertSourceRows(
  ctx: Ctx,
  importId: ImportId,
  clientId: Id<'client'>,
  target: Target,
  fresh: boolean,
): Promise<number> {
  const replacing = sql`on conflict (tenant_id, id) do update
    set content_sha256 = excluded.content_sha256, last_import_id = excluded.last_import_id, gone_at = excluded.gone_at`;
  const result = await sql`
    insert into intake.source_rows (tenant_id, id, client_id, target, row_key, content_sha256, subject_id, first_import_id, last_import_id, gone_at)
    select s.tenant_id, s.source_row_id, ${clientId}::uuid, ${target}::text, s.row_key, s.content_sha256, coalesce(s.item_id, s.party_id), s.import_id, s.import_id,
      case when s.gone then ${ctx.at}::timestamptz end
    from intake.staged_rows s where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId}
    order by s.source_row_id
    ${fresh ? sql`` : replacing}`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}
