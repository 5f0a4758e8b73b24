import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, isId } from '../../kernel/ids.ts';

/** Accounts that an id or an account number names, with their client: a number is the client's own, so several clients may have it. */
export async function findAccountsNamed(
  ctx: Ctx,
  text: string,
): Promise<{ accountId: Id<'account'>; number: string; client: string }[]> {
  const id = isId(text.toLowerCase()) ? text.toLowerCase() : null;
  const { rows } = await sql<{ accountId: Id<'account'>; number: string; client: string }>`
    select f.id as "accountId", f.account_number as number, c.name as client
    from accounts.facts_v f join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = f.client_id
    where f.tenant_id = ${ctx.tenant} and (f.id = ${id}::uuid or f.account_number = ${text}::text)
    order by c.name, f.id limit 20`.execute(ctx.db);
  return rows;
}
