import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/** Which of these numbers, digits alone, are numbers of the tenant's own invoices or accounts. */
export async function knownNumbers(ctx: Ctx, numbers: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ number: string }>`
    select n.number from unnest(${[...numbers]}::text[]) as n (number)
    where exists (select 1 from accounts.items_v i where i.tenant_id = ${ctx.tenant} and i.number_key = n.number)
       or exists (select 1 from accounts.facts_v f where f.tenant_id = ${ctx.tenant} and f.account_number = n.number)`.execute(
    ctx.db,
  );
  return new Set(rows.map((row) => row.number));
}
