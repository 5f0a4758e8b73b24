import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { SnapshotScope } from './import.ts';

type Where = { readonly importId: Id<'import'>; readonly clientId: Id<'client'>; readonly scope: SnapshotScope };

/** Open items that came by file and lie in the declared scope. */
const inScope = (ctx: Ctx, { clientId, scope }: Where): RawBuilder<unknown> => sql`
  intake.source_rows r
  join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.id = r.subject_id
  where r.tenant_id = ${ctx.tenant} and r.client_id = ${clientId} and r.target = 'items' and r.gone_at is null and i.open_minor <> 0
    and (${scope.currency ?? null}::text is null or i.currency = ${scope.currency ?? null}::text)
    and (${scope.issuedFrom ?? null}::date is null or i.issued_on >= ${scope.issuedFrom ?? null}::date)
    and (${scope.issuedTo ?? null}::date is null or i.issued_on <= ${scope.issuedTo ?? null}::date)`;

const absent = (ctx: Ctx, importId: Id<'import'>): RawBuilder<unknown> => sql`
  not exists (select 1 from intake.staged_rows s where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.source_row_id = r.id)`;

/** How many open items the scope has, and how many of them the file no longer has. Ask before unchanged rows are dropped. */
export async function countGone(ctx: Ctx, where: Where): Promise<{ live: number; gone: number }> {
  const { rows } = await sql<{ live: bigint; gone: bigint }>`
    select count(*) as live, count(*) filter (where ${absent(ctx, where.importId)}) as gone from ${inScope(ctx, where)}`.execute(
    ctx.db,
  );
  return { live: Number(rows[0]?.live ?? 0n), gone: Number(rows[0]?.gone ?? 0n) };
}

/** Stages a row that says "nothing is open any more" for every item in scope the file no longer has. Returns how many. */
export async function stageGone(ctx: Ctx, where: Where): Promise<number> {
  const result = await sql`
    insert into intake.staged_rows (tenant_id, import_id, row_no, row_key, source_row_id, content_sha256, party_id, account_id, item_id, party_ref,
      party_name, party_kind, account_number, item_number, item_kind, description, issued_on, due_on, amount_minor, open_minor, currency, gone)
    select g.tenant_id, ${where.importId}::uuid, (select coalesce(max(m.row_no), 0) from intake.staged_rows m
        where m.tenant_id = ${ctx.tenant} and m.import_id = ${where.importId}) + row_number() over (order by g.id),
      g.row_key, g.id, sha256('gone'::bytea), a.party_id, g.account_id, g.item_id, p.external_ref, p.name, p.kind, null, g.number, g.kind, g.description,
      g.issued_on, g.due_on, g.amount_minor, 0, g.currency, true
    from (
      select r.tenant_id, r.id, r.row_key, i.id as item_id, i.account_id, i.number, i.kind, i.description, i.issued_on, i.due_on, i.amount_minor, i.currency
      from ${inScope(ctx, where)} and ${absent(ctx, where.importId)}) g
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = g.account_id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * Rows that come back after they were gone and do not say what is open: all of the amount is, so that what was taken as settled at the
 * source is taken back.
 */
export async function reopenReturned(ctx: Ctx, importId: Id<'import'>): Promise<number> {
  const result = await sql`update intake.staged_rows s set open_minor = s.amount_minor from intake.source_rows r
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and r.tenant_id = ${ctx.tenant} and r.id = s.source_row_id
      and r.gone_at is not null and not s.gone and s.open_minor is null and s.settled_minor is null`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}
