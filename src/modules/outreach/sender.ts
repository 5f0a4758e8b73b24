import { z } from 'zod';
import type { Ctx } from '../../kernel/ctx.ts';

/** How one client's mail leaves. In capture mode it goes to the in-app outbox and nowhere else. */
export type Sender = {
  readonly id: string;
  readonly clientId: string;
  readonly mode: 'capture' | 'smtp';
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
  readonly settings: Buffer | null;
};

const smtpSettingsSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  /** `tls` from the first byte, `starttls` demanded, or `none` (a relay on the same machine). */
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().optional(),
  password: z.string().optional(),
});

export type SmtpSettings = z.infer<typeof smtpSettingsSchema>;

const binding = (ctx: Ctx, senderId: string) => `${ctx.tenant}|outreach.senders|settings|${senderId}`;

export function sealSettings(ctx: Ctx, senderId: string, settings: SmtpSettings): Buffer {
  return ctx.vault.seal(JSON.stringify(smtpSettingsSchema.parse(settings)), binding(ctx, senderId));
}

/** The connection settings of an smtp sender. Throws when there are none or they do not open. */
export function openSettings(ctx: Ctx, sender: Sender): SmtpSettings {
  if (sender.settings === null) throw new Error(`Sender ${sender.id} is in smtp mode without settings.`);
  return smtpSettingsSchema.parse(
    JSON.parse(ctx.vault.unseal(sender.settings, binding(ctx, sender.id)).toString('utf8')),
  );
}
