import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { resolveUncertainSend } from '../../../flows/resolve-uncertain.ts';
import { sendDue } from '../../../flows/send-due.ts';
import {
  findMessage,
  findPermitWhy,
  listMessages,
  type MessageListRow,
  whyOfVerdict,
} from '../../../modules/insights/public.ts';
import { headersOf, listSenders, unsubscribeUrl } from '../../../modules/outreach/public.ts';
import type { Caller } from '../caller.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/outbox.ts';
import { type Host, type Implementation, implement, implementFlow } from '../operation.ts';
import { wire } from '../wire.ts';

type MessageBody = ResponseOf<typeof contract.getMessage>;

/** Messages as they would look, and what becomes of those nobody knows about. */
export function outboxHandlers(): Implementation[] {
  return [
    implement(contract.listMessages, async (ctx, { query, caller }) => {
      const page = await listMessages(ctx, caller.clientIds, query, query);
      return page.ok
        ? ok({ rows: page.value.rows.map(rowBody), nextCursor: page.value.nextCursor, counts: page.value.counts })
        : page;
    }),
    implement(contract.getMessage, async (ctx, { params, caller }, host) =>
      messageBody(ctx, params.messageId, caller, host),
    ),
    implement(contract.resolveUncertain, async (ctx, { params, body, caller }, host) => {
      const resolved = await resolveUncertainSend(ctx, {
        messageId: params.messageId,
        became: body.outcome,
        evidence: body.evidence,
      });
      return resolved.ok ? messageBody(ctx, params.messageId, caller, host) : resolved;
    }),
    implementFlow(contract.sendDue, async ({ caller }, host) =>
      ok({ counts: await sendDue(host.mailing, caller.tenant, caller.actor) }),
    ),
  ];
}

function rowBody(row: MessageListRow): ResponseOf<typeof contract.listMessages>['rows'][number] {
  return {
    id: row.id,
    accountId: row.accountId,
    party: { id: row.partyId, name: row.partyName },
    client: { id: row.clientId, name: row.clientName },
    channel: row.channel,
    recipient: row.recipient,
    subject: row.subject,
    state: row.state,
    stateReason: row.stateReason,
    mode: row.mode,
    automatic: row.automatic,
    level: row.level,
    amounts: [...row.amounts],
    items: row.items,
    at: row.at.toISOString(),
  };
}

async function messageBody(
  ctx: Ctx,
  messageId: string,
  caller: Caller,
  host: Host,
): Promise<Result<MessageBody, 'message_not_found'>> {
  const message = await findMessage(ctx, caller.clientIds, messageId);
  if (!message) return refuse('message_not_found', 'There is no such message.');
  const [sender] = await listSenders(ctx, [message.clientId]);
  const mailHeaders = headersOf({
    messageId: message.id,
    messageIdHeader: message.messageIdHeader,
    fromName: sender?.fromName ?? message.clientName,
    fromAddress: message.senderIdentity,
    replyTo: sender?.replyTo ?? message.senderIdentity,
    recipient: message.recipient,
    subject: message.subject,
    text: message.bodyText,
    html: message.bodyHtml,
    automatic: message.automatic,
    unsubscribeUrl: unsubscribeUrl(ctx.vault, host.publicUrl, ctx.tenant, message.id),
    date: message.at,
  });
  // A message that must not be said as it is never came to the gate: the card is that of its words.
  const permit =
    message.permitId !== null
      ? await findPermitWhy(ctx, message.permitId)
      : message.state === 'denied' && message.contentVerdict !== null
        ? whyOfVerdict(message.contentVerdict, message.at)
        : null;
  // A letter has an envelope and nothing else around it.
  const headers =
    message.channel === 'letter'
      ? [
          { name: 'From', value: message.clientName },
          { name: 'To', value: message.recipient },
        ]
      : mailHeaders;
  return ok({
    ...rowBody(message),
    bodyText: message.bodyText,
    bodyHtml: message.bodyHtml,
    headers,
    events: message.events.map((event) => ({ ...event, at: new Date(event.at).toISOString() })),
    permit: permit && wire(permit),
  });
}
