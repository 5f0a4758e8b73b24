import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { searchTokens } from '../../kernel/text.ts';
import { findParties, isWide, searchConditions } from './list-accounts.sql.ts';
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

const lookedAt = 5_000;

/**
 * The best few accounts for a palette: every word must begin some word of the party, largest balance first. Words that thousands have in
 * common are looked for among the 5,000 largest balances.
 */
export async function searchAccounts(ctx: Ctx, q: string, scope: RowScope, limit = 12): Promise<SearchHit[]> {
  const words = searchTokens(q);
  if (words.length === 0) return [];
  const parties = await findParties(ctx, q);
  // Among accounts without number, for words that everybody has: the largest balances are what a palette shows anyway.
  const accounts = isWide(parties)
    ? sql`(select * from accounts.facts_v x where x.tenant_id = ${ctx.tenant} and ${withinScope('x.client_id', scope)}
        order by x.balance_minor desc, x.id limit ${lookedAt})`
    : sql`accounts.facts_v`;
  const { rows } = await sql<SearchHit & { matched: string | null }>`
    select f.id as "accountId", f.account_number as number, f.party_name as party, f.balance_minor as "balanceMinor", f.currency, (
      select t.token from parties.search_tokens_v t
      where t.tenant_id = ${ctx.tenant} and t.token >= ${words.at(-1)} and t.token < ${`${words.at(-1)}\u{10ffff}`} and t.party_id = f.party_id
      limit 1) as matched
    from ${accounts} f
    where f.tenant_id = ${ctx.tenant} and ${withinScope('f.client_id', scope)} and ${sql.join(searchConditions(ctx, q, parties), sql` and `)}
    order by f.balance_minor desc, f.id
    limit ${limit}`.execute(ctx.db);
  return rows.map((row) => ({ ...row, matched: row.matched ?? q }));
}
