import type { Ctx } from '../../kernel/ctx.ts';
import { sealSettings, type SmtpSettings } from './sender.ts';
import { ensureSender, listSenders } from './senders.sql.ts';

/**
 * What a client's sender row needs to go by SMTP: no tenant can choose that yet, and the database forbids it to a sandbox, so a
 * test writes it as superuser.
 */
export async function smtpSender(
  ctx: Ctx,
  clientId: string,
  settings: SmtpSettings,
): Promise<{ senderId: string; settings: Buffer }> {
  await ensureSender(ctx, clientId);
  const [sender] = await listSenders(ctx, [clientId]);
  if (sender === undefined) throw new Error(`Client ${clientId} has no sender`);
  return { senderId: sender.id, settings: sealSettings(ctx, sender.id, settings) };
}
