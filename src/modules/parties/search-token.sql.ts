import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { streamQuery } from '../../kernel/db.ts';
import type { Id } from '../../kernel/ids.ts';
import { searchTokens } from '../../kernel/text.ts';

const BATCH = 400;

// Signs that names, numbers and addresses have. The list is short because translate() walks it for every character.
const signs = '.-,&@/_:+()"#';
const blanks = ' '.repeat(signs.length);
// Up to 48 characters cannot hold more than the 24 words that are kept.
const splitInSql = sql`(length(f.text) <= 48 and f.text ~ ${`^[A-Za-z0-9 '.,&@/_:+()"#-]*$`})`;

/**
 * Indexes texts for search: a fragment selects party_id, text. Replays are no-ops; nothing is unlearned. Short texts of plain letters
 * and common signs, nearly all, are split in SQL; the rest by the kernel's `searchTokens`, whose folding of letters PostgreSQL cannot
 * match without knowing its locale. The party must exist. With `fresh` no party of the fragment comes twice or has been indexed before.
 */
export async function indexTokens(
  ctx: Ctx,
  fragment: RawBuilder<unknown>,
  options: { readonly fresh?: boolean } = {},
): Promise<void> {
  // tenant_id comes from the party's row, not from a literal: a distributed INSERT … SELECT under row security needs that.
  // Sorted by the key, so that the index grows in order.
  await sql`insert into parties.search_tokens (tenant_id, token, party_id)
    select distinct d.tenant_id, left(d.word, 40) as token, d.party_id
    from (
      select p.tenant_id, f.party_id,
             unnest(string_to_array(translate(lower(f.text collate "C"), ${`${signs}'`}, ${blanks}), ' ')) as word
      from (${fragment}) f
      join parties.parties p on p.tenant_id = ${ctx.tenant} and p.id = f.party_id
      where ${splitInSql}) d
    where d.word <> ''
    order by token, d.party_id
    ${options.fresh ? sql`` : sql`on conflict do nothing`}`.execute(ctx.db);
  const others = sql<TokenText>`select f.party_id, f.text from (${fragment}) f where not ${splitInSql}`;
  for await (const rows of streamQuery(ctx.db, others, BATCH)) await insertTokens(ctx, rows);
}

type TokenText = { party_id: Id<'party'>; text: string };

async function insertTokens(ctx: Ctx, rows: readonly TokenText[]): Promise<void> {
  const values = rows.flatMap((row) =>
    searchTokens(row.text).map((token) => sql`(${ctx.tenant}::uuid, ${token}, ${row.party_id}::uuid)`),
  );
  for (let start = 0; start < values.length; start += BATCH) {
    await sql`insert into parties.search_tokens (tenant_id, token, party_id)
      values ${sql.join(values.slice(start, start + BATCH))} on conflict do nothing`.execute(ctx.db);
  }
}
