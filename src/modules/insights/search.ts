import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { searchTokens } from '../../kernel/text.ts';
import { findParties, searchConditions } from './list-accounts.sql.ts';
import { type RowScope, withinScope } from './row-scope.ts';

export type SearchHit = {
  readonly accountId: string;
  readonly number: string;
  readonly party: string;
  /** The indexed word that the search met, such as an invoice number or a mailbox. */
  readonly matched: string;
  readonly balanceMinor: bigint;
  readonly currency: string;
};

/** The best few accounts for a palette: every word must begin some word of the party, largest balance first. */
export async function searchAccounts(ctx: Ctx, q: string, scope: RowScope, limit = 12): Promise<SearchHit[]> {
  const words = searchTokens(q);
  if (words.length === 0) return [];
  const { rows } = await sql<SearchHit & { matched: string | null }>`
    select f.id as "accountId", f.account_number as number, f.party_name as party, f.balance_minor as "balanceMinor", f.currency, (
      select t.token from parties.search_tokens_v t
      where t.tenant_id = ${ctx.tenant} and t.token >= ${words.at(-1)} and t.token < ${`${words.at(-1)}\u{10ffff}`} and t.party_id = f.party_id
      limit 1) as matched
    from accounts.facts_v f
    where f.tenant_id = ${ctx.tenant} and ${withinScope('f.client_id', scope)} and ${sql.join(searchConditions(ctx, q, await findParties(ctx, q)), sql` and `)}
    order by f.balance_minor desc, f.id
    limit ${limit}`.execute(ctx.db);
  return rows.map((row) => ({ ...row, matched: row.matched ?? q }));
}
