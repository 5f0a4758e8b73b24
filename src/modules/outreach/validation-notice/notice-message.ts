import { localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import { sha256Hex } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { ValidationNotice } from '../../compliance/public.ts';
import type { Outgoing } from '../draft-notices.ts';
import { messageIdHeaderOf } from '../envelope.ts';
import { insertMessages } from '../messages.sql.ts';
import type { RenderedNotice } from '../render-notice.ts';
import type { Sender } from '../sender.ts';

/** A validation notice as a message: a letter for the outbox, or an e-mail. */
export type NoticeMessage = Outgoing & { readonly notice: ValidationNotice };

/** Addresses a notice in words from a sender of its client. */
export function noticeMessageOf(
  notice: ValidationNotice,
  messageId: string,
  sender: Sender,
  words: RenderedNotice,
): NoticeMessage {
  return {
    notice,
    sender,
    words,
    order: { messageId, accountIds: [notice.accountId], automatic: false },
    recipient: {
      contactPointId: notice.contactPointId,
      partyId: notice.partyId,
      address: notice.address,
      key: notice.addressKey,
    },
    messageIdHeader: messageIdHeaderOf(messageId, sender.fromAddress),
  };
}

/** Writes the message down as rendered, stamped with the account's stop epoch: a stop that comes before it leaves voids it. */
export async function insertNoticeMessage(
  ctx: Ctx,
  message: NoticeMessage,
  account: { readonly stopEpoch: bigint; readonly clusterId: string; readonly zone: TimeZone },
): Promise<void> {
  const { notice, sender, words, recipient, order } = message;
  await insertMessages(ctx, [
    {
      id: order.messageId,
      clientId: notice.clientId,
      clusterId: account.clusterId,
      partyId: notice.partyId,
      accountId: notice.accountId,
      senderId: sender.id,
      channel: notice.channel,
      automatic: false,
      contactPointId: recipient.contactPointId,
      recipient: recipient.address,
      recipientKey: recipient.key,
      senderIdentity: sender.fromAddress.toLowerCase(),
      templateId: null,
      language: words.language,
      subject: words.subject,
      bodyText: words.text,
      bodyHtml: words.html,
      contentSha256: Buffer.from(sha256Hex(`${words.subject}\n${words.text}\n${words.html}`), 'hex'),
      messageIdHeader: message.messageIdHeader,
      epochs: JSON.stringify({ [notice.accountId]: account.stopEpoch.toString() }),
      localOn: localDateOf(ctx.at, account.zone),
      mode: sender.mode,
      contentVerdict: null,
    },
  ]);
}
