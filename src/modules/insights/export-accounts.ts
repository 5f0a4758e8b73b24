import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Currency, formatAmount, money } from '../../kernel/money.ts';
import { streamQuery } from '../../kernel/db.ts';
import { csvLine } from '../../kernel/text.ts';
import { todayOf } from './ageing.ts';
import { type AccountFilter, type AccountSort, accountsQuery } from './list-accounts.sql.ts';
import { toAccountRow } from './list-accounts.ts';

const columns = [
  'Account',
  'Party',
  'Client',
  'Currency',
  'State',
  'Stage',
  'Balance',
  'Overdue',
  'Open items',
  'Oldest due',
  'Days past due',
  'Bucket',
  'Promise due',
  'Last contact',
  'Last paid',
  'Assigned to',
  'Held',
  'Contactable',
] as const;
const batch = 500;

/** The list as CSV text (RFC 4180, formula-safe), a piece at a time so that memory stays flat. Reads within the ctx's transaction. */
export async function* exportAccounts(
  ctx: Ctx,
  asked: AccountFilter & { readonly sort?: AccountSort },
): AsyncGenerator<string> {
  const on = await todayOf(ctx);
  yield csvLine(columns);
  const query = accountsQuery(ctx, asked, on, { range: sql`true`, sort: asked.sort ?? 'overdue_first', rows: null });
  for await (const records of streamQuery(ctx.db, query, batch)) {
    yield records.map((record) => csvLine(cellsOf(toAccountRow(record, on)))).join('');
  }
}

function cellsOf(row: ReturnType<typeof toAccountRow>): (string | number | null)[] {
  const amount = (minor: bigint) => formatAmount(money(minor, row.currency as Currency));
  return [
    row.number,
    row.party.name,
    row.client.name,
    row.currency,
    row.state,
    row.stage,
    amount(row.balanceMinor),
    amount(row.overdueMinor),
    row.openItems,
    row.oldestDueOn,
    row.daysPastDue,
    row.bucket,
    row.promiseDueOn,
    row.lastContactAt?.toISOString() ?? null,
    row.lastPaidOn,
    row.assignedTo?.name ?? null,
    row.held ? 'yes' : 'no',
    row.contactable ? 'yes' : 'no',
  ];
}
