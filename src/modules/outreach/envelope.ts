/** A rendered message with what a mail program needs around it. */
export type Envelope = {
  readonly messageId: string;
  readonly messageIdHeader: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly automatic: boolean;
  readonly unsubscribeUrl: string;
  readonly date: Date;
};

// Digits and letters of the message's own id, so that a message handed over again would carry the same Message-ID.
export function messageIdHeaderOf(messageId: string, fromAddress: string): string {
  return `<${messageId}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1) || 'localhost'}>`;
}

const quoted = (name: string) => `"${name.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&')}"`;

/** The headers a message goes out with, as names and values; also what the outbox shows. */
export function headersOf(envelope: Envelope): { readonly name: string; readonly value: string }[] {
  return [
    { name: 'From', value: `${quoted(envelope.fromName)} <${envelope.fromAddress}>` },
    { name: 'To', value: envelope.recipient },
    { name: 'Reply-To', value: envelope.replyTo },
    { name: 'Subject', value: envelope.subject },
    { name: 'Date', value: envelope.date.toUTCString() },
    { name: 'Message-ID', value: envelope.messageIdHeader },
    // RFC 8058: one click, no page between.
    { name: 'List-Unsubscribe', value: `<${envelope.unsubscribeUrl}>` },
    { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    // RFC 3834: an automatic message asks for no automatic answer.
    ...(envelope.automatic ? [{ name: 'Auto-Submitted', value: 'auto-generated' }] : []),
  ];
}
