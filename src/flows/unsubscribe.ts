import { ok, type Result, refuse } from '../kernel/result.ts';
import { recordOptOut } from '../modules/compliance/public.ts';
import { actIn, type Installation, systemActor } from '../modules/identity/public.ts';
import {
  findMessageHead,
  type MessageHead,
  readUnsubscribeToken,
  recordUnsubscribed,
} from '../modules/outreach/public.ts';

export type Unsubscribed = { readonly recipient: string; readonly clientName: string; readonly already: boolean };

const actor = systemActor('unsubscribe');
const unknown = () =>
  refuse('bad_token' as const, 'This link is not complete. Open it from the message again, or reply to the message.');

/** Whom a link is about, for the page that asks; changes nothing. Refuses: `bad_token`. */
export async function readUnsubscribe(
  installation: Installation,
  token: string,
): Promise<Result<Omit<Unsubscribed, 'already'>, 'bad_token'>> {
  const read = readUnsubscribeToken(installation.vault, token);
  if (!read.ok) return read;
  const head = await actIn(installation, read.value.tenant, actor, (ctx) => findMessageHead(ctx, read.value.messageId));
  return head === null ? unknown() : ok({ recipient: masked(head), clientName: head.clientName });
}

/**
 * One click and no e-mail goes to this person, nor to this mailbox, any more: the opt-out and the raised stop epochs are one
 * transaction. A second click changes nothing. Refuses: `bad_token`.
 */
export async function unsubscribe(
  installation: Installation,
  token: string,
): Promise<Result<Unsubscribed, 'bad_token'>> {
  const read = readUnsubscribeToken(installation.vault, token);
  if (!read.ok) return read;
  return actIn(installation, read.value.tenant, actor, async (ctx) => {
    const head = await findMessageHead(ctx, read.value.messageId);
    if (head === null) return unknown();
    const choice = {
      partyId: head.partyId,
      channel: 'email',
      sourceKind: 'unsubscribe_link',
      sourceId: head.id,
    } as const;
    // The mailbox, for whoever else is written to there, which locks them all; then the person, by every address.
    const mailbox = await recordOptOut(ctx, { ...choice, addressKey: head.recipientKey });
    const person = await recordOptOut(ctx, { ...choice, addressKey: null });
    if (!mailbox.ok || !person.ok) return unknown();
    if (!person.value.already) await recordUnsubscribed(ctx, head.id);
    return ok({ recipient: masked(head), clientName: head.clientName, already: person.value.already });
  });
}

// Enough for its owner to recognise, too little for a stranger the link was forwarded to.
function masked({ recipient }: MessageHead): string {
  const [name = '', domain = ''] = recipient.split('@');
  return `${name.slice(0, 1)}…@${domain}`;
}
