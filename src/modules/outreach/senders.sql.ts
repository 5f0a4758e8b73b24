import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import type { Sender } from './sender.ts';

// An address that can reach nobody, for clients that have not given theirs: capture mode only shows it.
const nowhere = 'no-address@capture.invalid';

/** Gives a client a capture sender when it has none. Repeating it changes nothing. */
export async function ensureSender(ctx: Ctx, clientId: string): Promise<void> {
  await sql`insert into outreach.senders (tenant_id, id, client_id, channel, mode, from_name, from_address, reply_to, recorded_at)
    select c.tenant_id, ${newId()}::uuid, c.id, 'email', 'capture', c.name, coalesce(c.contact_email, ${nowhere}), coalesce(c.contact_email, ${nowhere}),
           ${ctx.at}::timestamptz
    from accounts.clients_v c where c.tenant_id = ${ctx.tenant} and c.id = ${clientId}
    on conflict (tenant_id, client_id, channel) do nothing`.execute(ctx.db);
}

/** The e-mail senders of clients, by client. */
export async function listSenders(ctx: Ctx, clientIds?: readonly string[]): Promise<Sender[]> {
  const chosen = clientIds === undefined ? sql`` : sql`and client_id = any(${[...clientIds]}::uuid[])`;
  const { rows } = await sql<Sender>`
    select id, client_id as "clientId", mode, from_name as "fromName", from_address as "fromAddress", reply_to as "replyTo", settings
    from outreach.senders where tenant_id = ${ctx.tenant} and channel = 'email' ${chosen} order by id`.execute(ctx.db);
  return rows;
}
