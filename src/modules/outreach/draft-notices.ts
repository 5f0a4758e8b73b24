import { localDateOf, type CalendarDate, type TimeZone } from '../../kernel/calendar.ts';
import { sha256Hex } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { jurisdictionsOf, personZones } from '../compliance/public.ts';
import { type ContentVerdict, judgeNotice } from './judge-notice.ts';
import { messageIdHeaderOf } from './envelope.ts';
import type { NewMessage } from './messages.sql.ts';
import {
  type Notice,
  noticeDigest,
  type NoticeItem,
  type NoticeLevel,
  type NoticeSetting,
  suggestedLevel,
} from './notice.ts';
import {
  findRecipient,
  type NoticeAccountRow,
  type NoticeClientRow,
  type Recipient,
  selectNoticeAccounts,
  selectNoticeClients,
  selectOpenItems,
  selectRecipients,
} from './notice-source.sql.ts';
import type { NoticeTemplate, RenderedNotice } from './render-notice.ts';
import type { Sender } from './sender.ts';
import { listSenders } from './senders.sql.ts';
import { loadTemplates, type TemplateSet } from './templates.sql.ts';

/** One notice somebody or something wants to send: to one party, in one client's name, about one or more accounts. */
export type NoticeOrder = {
  readonly messageId: string;
  readonly accountIds: readonly [string, ...string[]];
  readonly automatic: boolean;
  /** Null: as far as the items have come. */
  readonly level: NoticeLevel | null;
  readonly comment: string | null;
  /** Null: the party's best mailbox. */
  readonly contactPointId: string | null;
};

/** A notice ready to be put into words; `recipient` is null when the party has no usable mailbox. */
export type Draft = {
  readonly order: NoticeOrder;
  readonly notice: Notice;
  readonly digest: string;
  readonly clusterId: string;
  readonly recipient: Recipient | null;
  readonly sender: Sender;
  readonly template: NoticeTemplate | undefined;
  /** The stop epoch of each account when this was read. */
  readonly epochs: Readonly<Record<string, string>>;
  readonly localOn: CalendarDate;
  /** The zone `localOn` is reckoned in. */
  readonly zone: string;
};

/**
 * Reads what notices would say now, in a fixed number of statements. Called again under the lock: a draft whose digest or epochs
 * differ has been overtaken. Throws when accounts of an order belong to different parties or clients, or the client has no sender.
 */
export async function draftNotices(ctx: Ctx, orders: readonly NoticeOrder[]): Promise<Draft[]> {
  if (orders.length === 0) return [];
  const accountIds = [...new Set(orders.flatMap((order) => order.accountIds))].sort();
  const accounts = new Map((await selectNoticeAccounts(ctx, accountIds)).map((row) => [row.id, row]));
  const rows = [...accounts.values()];
  const clientIds = [...new Set(rows.map((row) => row.clientId))];
  const sources: Sources = {
    accounts,
    items: Map.groupBy(await selectOpenItems(ctx, accountIds), (item) => item.accountId),
    clients: await selectNoticeClients(ctx, clientIds),
    recipients: await selectRecipients(ctx, [...new Set(rows.map((row) => row.partyId))]),
    senders: new Map((await listSenders(ctx, clientIds)).map((sender) => [sender.clientId, sender])),
    templates: await loadTemplates(ctx),
  };
  const drafts: Draft[] = [];
  for (const order of orders) drafts.push(await draftOf(ctx, order, sources));
  return drafts;
}

type Sources = {
  readonly accounts: ReadonlyMap<string, NoticeAccountRow>;
  readonly items: ReadonlyMap<string, readonly NoticeItem[]>;
  readonly clients: Awaited<ReturnType<typeof selectNoticeClients>>;
  readonly recipients: ReadonlyMap<string, Recipient>;
  readonly senders: ReadonlyMap<string, Sender>;
  readonly templates: TemplateSet;
};

async function draftOf(ctx: Ctx, order: NoticeOrder, sources: Sources): Promise<Draft> {
  const accounts = order.accountIds.map((id) => required(sources.accounts.get(id), `There is no account ${id}.`));
  const [first] = accounts;
  if (first === undefined || accounts.some((one) => one.partyId !== first.partyId || one.clientId !== first.clientId)) {
    throw new Error(`Notice ${order.messageId} would speak about accounts of different parties or clients.`);
  }
  const client = required(sources.clients.get(first.clientId), `There is no client ${first.clientId}.`);
  const { timeZone, kind: _kind, country: _country, region: _region, ...signing } = client;
  const zone = personZones(first)[0] ?? timeZone;
  const today = localDateOf(ctx.at, zone as TimeZone);
  const items = accounts.flatMap((account) => sources.items.get(account.id) ?? []);
  const notice: Notice = {
    client: signing,
    party: { id: first.partyId, name: first.partyName, language: first.language },
    accounts: accounts.map(({ id, number, currency, unappliedMinor }) => ({ id, number, currency, unappliedMinor })),
    items,
    level: order.level ?? suggestedLevel(items, today),
    today,
    comment: order.comment,
    setting: settingOf(accounts, client),
  };
  return {
    order,
    notice,
    digest: noticeDigest(notice),
    clusterId: first.clusterId,
    recipient:
      order.contactPointId === null
        ? (sources.recipients.get(first.partyId) ?? null)
        : await findRecipient(ctx, first.partyId, order.contactPointId),
    sender: required(sources.senders.get(first.clientId), `Client ${signing.name} has no sender for e-mail.`),
    template: sources.templates.find(notice.setting.debtKind, notice.level, first.language),
    epochs: Object.fromEntries(accounts.map((account) => [account.id, account.stopEpoch.toString()])),
    localOn: today,
    zone,
  };
}

const collectorTypes = {
  own_entity: 'first_party',
  agency_customer: 'third_party',
  portfolio_owner: 'debt_buyer',
} as const;

/** A notice about several accounts is judged by the strictest of them: one consumer's debt, or one first notice, makes it one. */
function settingOf(accounts: readonly NoticeAccountRow[], client: NoticeClientRow): NoticeSetting {
  const [first] = accounts;
  return {
    collectorType: client.classified ?? collectorTypes[client.kind],
    debtKind: accounts.some((account) => account.debtKind === 'consumer') ? 'consumer' : 'commercial',
    jurisdictions: jurisdictionsOf(first?.country ?? client.country, first?.country ? first.region : client.region),
    stage: accounts.every((account) => account.written) ? 'subsequent' : 'initial',
  };
}

function required<T>(value: T | undefined, sentence: string): T {
  if (value === undefined) throw new Error(sentence);
  return value;
}

/** A draft in words, and what the rules about wording say of them. */
export type RenderedDraft = Draft & {
  readonly recipient: Recipient;
  readonly words: RenderedNotice;
  readonly verdict: ContentVerdict;
  readonly messageIdHeader: string;
};

/** What is handed over of a rendered draft, and of any other message: whose, to whom, and the words. */
export type Outgoing = Pick<RenderedDraft, 'recipient' | 'sender' | 'words' | 'messageIdHeader'> & {
  readonly order: Pick<NoticeOrder, 'messageId' | 'accountIds' | 'automatic'>;
};

/**
 * Puts a draft into words and judges them; outside any lock, because this is where the time goes. Never throws: what cannot be written
 * is refused, so that one template or value spoils its own letter only.
 */
export function renderDraft(draft: Draft & { readonly recipient: Recipient }, unsubscribeUrl: string): RenderedDraft {
  return {
    ...draft,
    ...judgeNotice(draft.notice, draft.sender.fromName, unsubscribeUrl, draft.template),
    messageIdHeader: messageIdHeaderOf(draft.order.messageId, draft.sender.fromAddress),
  };
}

/** The row a rendered draft becomes. */
export function messageRow({
  order,
  notice,
  clusterId,
  recipient,
  sender,
  template,
  epochs,
  localOn,
  words,
  verdict,
  messageIdHeader,
}: RenderedDraft): NewMessage {
  return {
    id: order.messageId,
    clientId: notice.client.id,
    clusterId,
    partyId: notice.party.id,
    accountId: order.accountIds[0],
    senderId: sender.id,
    channel: 'email',
    automatic: order.automatic,
    contactPointId: recipient.contactPointId,
    recipient: recipient.address,
    recipientKey: recipient.key,
    senderIdentity: sender.fromAddress.toLowerCase(),
    templateId: template?.id ?? null,
    language: words.language,
    subject: words.subject,
    bodyText: words.text,
    bodyHtml: words.html,
    contentSha256: Buffer.from(sha256Hex(`${words.subject}\n${words.text}\n${words.html}`), 'hex'),
    messageIdHeader,
    epochs: JSON.stringify(epochs),
    contentVerdict: verdict.findings.length === 0 ? null : JSON.stringify(verdict),
    localOn,
    mode: sender.mode,
  };
}
