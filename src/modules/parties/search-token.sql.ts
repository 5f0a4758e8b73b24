import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { streamQuery } from '../../kernel/db.ts';
import type { Id } from '../../kernel/ids.ts';
import { searchTokens } from '../../kernel/text.ts';
import type { TokenSubject } from './search-token.ts';

const BATCH = 400;

/**
 * Indexes texts for search: a fragment selects subject_kind, subject_id, party_id, text. Replays are no-ops; nothing is unlearned.
 * ASCII texts, nearly all, are split in SQL; the rest by the kernel's `searchTokens`, whose folding of letters PostgreSQL cannot
 * match without knowing its locale. A word of an item's number that has no digit ("INV") is kept once for the party: it tells no item
 * from another. The party must exist.
 */
export async function indexTokens(ctx: Ctx, fragment: RawBuilder<unknown>): Promise<void> {
  // tenant_id comes from the party's row, not from a literal: a distributed INSERT … SELECT under row security needs that.
  // Sorted by the key, so that the index grows in order.
  await sql`insert into parties.search_tokens (tenant_id, token, party_id, subject_id, subject_kind)
    select d.tenant_id, d.token, d.party_id, d.subject_id, d.subject_kind
    from (
      select distinct p.tenant_id, w.token, p.id as party_id,
             case when f.subject_kind = 'item' and w.token !~ '[0-9]' then 'party' else f.subject_kind end as subject_kind,
             case when f.subject_kind = 'item' and w.token !~ '[0-9]' then p.id else f.subject_id end as subject_id
      from (${fragment}) f
      join parties.parties p on p.tenant_id = ${ctx.tenant} and p.id = f.party_id
      cross join lateral (
        select distinct left(r.word, 40) as token
        from regexp_split_to_table(replace(lower(left(f.text, 2000) collate "C"), '''', ''), '[^a-z0-9]+') as r (word)
        where r.word <> ''
        order by 1 limit 24) w
      where octet_length(f.text) = length(f.text)) d
    order by d.token, d.party_id, d.subject_id
    on conflict do nothing`.execute(ctx.db);
  const others = sql<TokenText>`select f.subject_kind, f.subject_id, f.party_id, f.text from (${fragment}) f where octet_length(f.text) <> length(f.text)`;
  for await (const rows of streamQuery(ctx.db, others, BATCH)) await insertTokens(ctx, rows);
}

type TokenText = { subject_kind: TokenSubject; subject_id: string; party_id: Id<'party'>; text: string };

async function insertTokens(ctx: Ctx, rows: readonly TokenText[]): Promise<void> {
  const values = rows.flatMap((row) =>
    searchTokens(row.text).map((token) => {
      const ofParty = row.subject_kind === 'item' && !/[0-9]/.test(token);
      const [kind, subjectId] = ofParty ? ['party', row.party_id] : [row.subject_kind, row.subject_id];
      return sql`(${ctx.tenant}::uuid, ${token}, ${row.party_id}::uuid, ${subjectId}::uuid, ${kind})`;
    }),
  );
  for (let start = 0; start < values.length; start += BATCH) {
    await sql`insert into parties.search_tokens (tenant_id, token, party_id, subject_id, subject_kind)
      values ${sql.join(values.slice(start, start + BATCH))} on conflict do nothing`.execute(ctx.db);
  }
}
