import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { failpoint } from '../../kernel/failpoint.ts';
import type { Envelope } from './envelope.ts';
import type { SmtpSettings } from './sender.ts';
import type { Outcome, Transport } from './transport.ts';

export type SmtpTimeouts = { readonly connectMs: number; readonly idleMs: number };

const usual: SmtpTimeouts = { connectMs: 15_000, idleMs: 60_000 };

type Fault = Error & {
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
  /** What the server answered to, such as `RCPT TO`. */
  readonly command?: string | undefined;
};

/**
 * One SMTP conversation per message: nodemailer's pool sends again by itself when a connection closes, which here would be a
 * blind resend. As the content is only read after the server's 354, "has the content begun to flow" is known exactly, and with
 * it whether a lost answer can mean that the message arrived.
 */
export function smtpTransport(settings: SmtpSettings, timeouts: SmtpTimeouts = usual): Transport {
  return async (envelope) => {
    const raw = await compose(envelope);
    const connection = new SMTPConnection({
      host: settings.host,
      port: settings.port,
      secure: settings.security === 'tls',
      requireTLS: settings.security === 'starttls',
      ignoreTLS: settings.security === 'none',
      connectionTimeout: timeouts.connectMs,
      greetingTimeout: timeouts.connectMs,
      dnsTimeout: timeouts.connectMs,
      socketTimeout: timeouts.idleMs,
    });
    // Without a listener that stays, an error after the conversation would end the process.
    connection.on('error', () => {});
    const progress = { contentBegan: false };
    try {
      await open(connection, settings);
      const answer = await send(connection, envelope, raw, progress);
      connection.quit();
      return { kind: 'sent', answer };
    } catch (error) {
      connection.close();
      return outcomeOf(error as Fault, progress.contentBegan);
    }
  };
}

// RFC 5321 4.2.3: no such mailbox, not local, name not allowed. Said of the recipient only: the same codes in answer to our own
// address, or with a policy's status (RFC 3463 3.8, X.7.X), blame us, and would mark every mailbox we write to as bad.
const mailboxRefusals = new Set([550, 551, 553]);
const isOfPolicy = /^\d{3}[ -]\d\.7\./;

function blamesMailbox(fault: Fault, answer: string): boolean {
  return fault.command === 'RCPT TO' && mailboxRefusals.has(fault.responseCode ?? 0) && !isOfPolicy.test(answer);
}

function outcomeOf(fault: Fault, contentBegan: boolean): Outcome {
  const answer = (fault.response ?? fault.message).slice(0, 500);
  // A reply code is the server's own word, whenever it comes; 4xx asks to try again later (RFC 5321 4.2.1).
  if (fault.responseCode !== undefined && fault.responseCode >= 400) {
    return {
      kind: 'failed',
      transient: fault.responseCode < 500,
      badMailbox: !contentBegan && blamesMailbox(fault, answer),
      answer,
    };
  }
  return contentBegan ? { kind: 'uncertain', answer } : { kind: 'failed', transient: true, badMailbox: false, answer };
}

function compose(envelope: Envelope): Promise<Buffer> {
  return new MailComposer({
    from: { name: envelope.fromName, address: envelope.fromAddress },
    to: envelope.recipient,
    replyTo: envelope.replyTo,
    subject: envelope.subject,
    text: envelope.text,
    html: envelope.html,
    messageId: envelope.messageIdHeader,
    date: envelope.date,
    headers: {
      'List-Unsubscribe': { prepared: true, value: `<${envelope.unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      ...(envelope.automatic && { 'Auto-Submitted': 'auto-generated' }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

function open(connection: SMTPConnection, settings: SmtpSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('The server closed the connection.')));
    connection.connect(() => {
      if (settings.user === undefined) return resolve();
      connection.login({ credentials: { user: settings.user, pass: settings.password ?? '' } }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  });
}

function send(
  connection: SMTPConnection,
  envelope: Envelope,
  raw: Buffer,
  progress: { contentBegan: boolean },
): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('The server closed the connection before it answered.')));
    const addressed = { from: envelope.fromAddress, to: [envelope.recipient], size: raw.length };
    connection.send(addressed, Readable.from(contentOf(raw, progress)), (error, info) => {
      if (error) reject(error);
      else resolve(info?.response ?? '250');
    });
  });
}

async function* contentOf(raw: Buffer, progress: { contentBegan: boolean }): AsyncGenerator<Buffer> {
  progress.contentBegan = true;
  const half = raw.length >> 1;
  yield raw.subarray(0, half);
  failpoint('during-smtp');
  yield raw.subarray(half);
}
