import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { searchTokens } from '../../kernel/text.ts';
import { prefixEnd } from './search-token.ts';

export type PartyHit = { readonly partyId: Id<'party'>; readonly name: string; readonly externalRef: string | null };

/**
 * Parties for which every word of the query begins some word of theirs: name, number, address, or the number of one of their
 * accounts. Ordered by name; at most `limit`. An empty query finds nobody.
 */
export async function searchParties(ctx: Ctx, query: string, limit: number): Promise<PartyHit[]> {
  // The longest word first: it is likely the rarest, and the others only have to confirm it.
  const [first, ...others] = searchTokens(query).sort((a, b) => b.length - a.length);
  if (first === undefined) return [];
  const { rows } = await sql<PartyHit>`select p.id as "partyId", p.name, p.external_ref as "externalRef"
    from parties.parties p
    where p.tenant_id = ${ctx.tenant} and p.id in (${having(ctx, first)})
      ${sql.join(
        others.map((word) => sql`and p.id in (${having(ctx, word)})`),
        sql` `,
      )}
    order by lower(p.name) collate "C", p.id limit ${limit}`.execute(ctx.db);
  return rows;
}

const having = (ctx: Ctx, word: string): RawBuilder<unknown> => sql`select t.party_id from parties.search_tokens t
  where t.tenant_id = ${ctx.tenant} and t.token >= ${word} and t.token < ${prefixEnd(word)}`;
