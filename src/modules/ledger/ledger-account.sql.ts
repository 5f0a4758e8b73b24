import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type ChartRow, ledgerAccountId } from './ledger-account.ts';

/** Makes sure these ledger accounts exist. */
export async function insertLedgerAccounts(ctx: Ctx, rows: readonly ChartRow[]): Promise<void> {
  const distinct = [...new Map(rows.map((row) => [ledgerAccountId(row), row])).entries()];
  if (distinct.length === 0) return;
  const values = distinct
    // Same order everywhere, so that two transactions opening the same chart wait for each other instead of deadlocking.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([id, row]) =>
        sql`(${ctx.tenant}::uuid, ${id}::uuid, ${row.clientId}::uuid, ${row.kind}, ${row.component}, ${row.currency})`,
    );
  await sql`insert into ledger.ledger_accounts (tenant_id, id, client_id, kind, component, currency)
    values ${sql.join(values)} on conflict (tenant_id, id) do nothing`.execute(ctx.db);
}
