import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import type { Sender } from './sender.ts';

export type SenderChannel = 'email' | 'letter';

// An address that can reach nobody, for clients that have not given theirs: capture mode only shows it.
const nowhere = 'no-address@capture.invalid';

/** Gives a client a capture sender when it has none of the channel. Repeating it changes nothing. */
export async function ensureSender(ctx: Ctx, clientId: string, channel: SenderChannel = 'email'): Promise<void> {
  await sql`insert into outreach.senders (tenant_id, id, client_id, channel, mode, from_name, from_address, reply_to, recorded_at)
    select c.tenant_id, ${newId()}::uuid, c.id, ${channel}, 'capture', c.name, coalesce(c.contact_email, ${nowhere}), coalesce(c.contact_email, ${nowhere}),
           ${ctx.at}::timestamptz
    from accounts.clients_v c where c.tenant_id = ${ctx.tenant} and c.id = ${clientId}
    on conflict (tenant_id, client_id, channel) do nothing`.execute(ctx.db);
}

/**
 * The senders of clients, by client. In capture mode they sign and are answered as the client is called and reached today: what
 * was written down when the client was created is no address anybody has verified.
 */
export async function listSenders(
  ctx: Ctx,
  clientIds?: readonly string[],
  channel: SenderChannel = 'email',
): Promise<Sender[]> {
  const chosen = clientIds === undefined ? sql`` : sql`and s.client_id = any(${[...clientIds]}::uuid[])`;
  const { rows } = await sql<Sender>`
    select s.id, s.client_id as "clientId", s.mode, s.settings,
      case s.mode when 'capture' then c.name else s.from_name end as "fromName",
      case s.mode when 'capture' then coalesce(c.contact_email, ${nowhere}) else s.from_address end as "fromAddress",
      case s.mode when 'capture' then coalesce(c.contact_email, ${nowhere}) else s.reply_to end as "replyTo"
    from outreach.senders s join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = s.client_id
    where s.tenant_id = ${ctx.tenant} and s.channel = ${channel} ${chosen} order by s.id`.execute(ctx.db);
  return rows;
}
