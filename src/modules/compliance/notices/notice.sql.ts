import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import type { Currency } from '../../../kernel/money.ts';
import type { AddresseeRole } from './addressee.ts';
import type { ItemizationDateKind } from './itemization.ts';
import type { NoticeTerms } from './notice-terms.ts';
import type { ValidationInformation } from './validation-information.ts';

export type NoticeState = 'prepared' | 'sending' | 'given' | 'returned' | 'withdrawn';
export type NoticeLanguage = 'en' | 'es';
export type NoticeChannel = 'letter' | 'email';

/** One validation notice, from draft to what became of it. */
export type ValidationNotice = {
  readonly id: Id<'notice'>;
  readonly accountId: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly partyId: Id<'party'>;
  readonly addresseeRole: AddresseeRole;
  readonly contactPointId: string;
  readonly address: string;
  readonly addressKey: string;
  readonly channel: NoticeChannel;
  readonly language: NoticeLanguage;
  readonly information: ValidationInformation;
  readonly itemizationOn: CalendarDate;
  readonly itemizationKind: ItemizationDateKind;
  readonly currentMinor: bigint;
  readonly currency: Currency;
  readonly terms: NoticeTerms;
  readonly insideInitial: boolean;
  readonly state: NoticeState;
  readonly stateReason: string | null;
  readonly messageId: string | null;
  readonly printedEndOn: CalendarDate | null;
  readonly dispatchedAt: Date | null;
  readonly providedOn: CalendarDate | null;
  readonly assumedReceiptOn: CalendarDate | null;
  readonly periodEndsOn: CalendarDate | null;
  readonly dispatchProof: string | null;
  readonly returnedOn: CalendarDate | null;
  readonly supersedesId: Id<'notice'> | null;
  readonly preparedBy: string;
  readonly recordedAt: Date;
  readonly rowVersion: bigint;
};

const columns = sql`n.id, n.account_id as "accountId", n.client_id as "clientId", n.party_id as "partyId", n.addressee_role as "addresseeRole",
  n.contact_point_id as "contactPointId", n.address, n.address_key as "addressKey", n.channel, n.language, n.information,
  n.itemization_on as "itemizationOn", n.itemization_kind as "itemizationKind", n.current_minor as "currentMinor", n.currency, n.terms,
  n.inside_initial as "insideInitial", n.state, n.state_reason as "stateReason", n.message_id as "messageId", n.printed_end_on as "printedEndOn",
  n.dispatched_at as "dispatchedAt", n.provided_on as "providedOn", n.assumed_receipt_on as "assumedReceiptOn", n.period_ends_on as "periodEndsOn",
  n.dispatch_proof as "dispatchProof", n.returned_on as "returnedOn", n.supersedes_id as "supersedesId", n.prepared_by as "preparedBy",
  n.recorded_at as "recordedAt", n.row_version as "rowVersion"`;

/** The notice, or null. */
export async function findNotice(ctx: Ctx, noticeId: string): Promise<ValidationNotice | null> {
  const { rows } = await sql<ValidationNotice>`
    select ${columns} from compliance.notices n where n.tenant_id = ${ctx.tenant} and n.id = ${noticeId}`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** The notice, locked until the transaction ends; null when there is none. Take the account's lock before. */
export async function lockNotice(ctx: Ctx, noticeId: string): Promise<ValidationNotice | null> {
  const { rows } = await sql<ValidationNotice>`
    select ${columns} from compliance.notices n where n.tenant_id = ${ctx.tenant} and n.id = ${noticeId} for update`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** Every notice of an account, newest first. */
export async function listNotices(ctx: Ctx, accountId: string): Promise<ValidationNotice[]> {
  const { rows } = await sql<ValidationNotice>`
    select ${columns} from compliance.notices n where n.tenant_id = ${ctx.tenant} and n.account_id = ${accountId}
    order by n.recorded_at desc, n.id desc limit 200`.execute(ctx.db);
  return rows;
}

/** Notices whose message is under way, or the one that goes out with a message; oldest first. */
export async function selectSendingNotices(
  ctx: Ctx,
  messageId: string | null,
  limit: number,
): Promise<{ readonly id: Id<'notice'>; readonly messageId: string | null; readonly accountId: Id<'account'> }[]> {
  const { rows } = await sql<{ id: Id<'notice'>; messageId: string | null; accountId: Id<'account'> }>`
    select n.id, n.message_id as "messageId", n.account_id as "accountId" from compliance.notices n
    where n.tenant_id = ${ctx.tenant} and n.state = 'sending' and (${messageId}::uuid is null or n.message_id = ${messageId}::uuid) order by n.recorded_at, n.id limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}

export type NewNotice = Pick<
  ValidationNotice,
  | 'id'
  | 'accountId'
  | 'clientId'
  | 'partyId'
  | 'addresseeRole'
  | 'contactPointId'
  | 'address'
  | 'addressKey'
  | 'channel'
  | 'language'
  | 'information'
  | 'itemizationOn'
  | 'itemizationKind'
  | 'currentMinor'
  | 'currency'
  | 'terms'
  | 'insideInitial'
  | 'supersedesId'
>;

export async function insertNotice(ctx: Ctx, n: NewNotice): Promise<void> {
  await sql`insert into compliance.notices (tenant_id, id, kind, account_id, client_id, party_id, addressee_role, contact_point_id, address, address_key,
      channel, language, information, itemization_on, itemization_kind, current_minor, currency, terms, inside_initial, state, supersedes_id,
      prepared_by, recorded_at)
    values (${ctx.tenant}, ${n.id}, 'validation', ${n.accountId}, ${n.clientId}, ${n.partyId}, ${n.addresseeRole}, ${n.contactPointId}, ${n.address},
      ${n.addressKey}, ${n.channel}, ${n.language}, ${JSON.stringify(n.information)}::jsonb, ${n.itemizationOn}, ${n.itemizationKind}, ${n.currentMinor},
      ${n.currency}, ${JSON.stringify(n.terms)}::jsonb, ${n.insideInitial}, 'prepared', ${n.supersedesId}, ${ctx.actor.id}, ${ctx.at})`.execute(
    ctx.db,
  );
}

/** Withdraws a draft nobody sent; returns whether there was one. */
export async function withdrawPrepared(ctx: Ctx, accountId: string, reason: string): Promise<boolean> {
  const result =
    await sql`update compliance.notices set state = 'withdrawn', state_reason = ${reason}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and account_id = ${accountId} and state = 'prepared'`.execute(ctx.db);
  return (result.numAffectedRows ?? 0n) > 0n;
}

export async function updateSending(
  ctx: Ctx,
  noticeId: string,
  sending: {
    readonly messageId: string;
    readonly printedEndOn: CalendarDate;
    readonly templateVersion: string;
    readonly terms: NoticeTerms;
  },
): Promise<void> {
  await sql`update compliance.notices set state = 'sending', message_id = ${sending.messageId}, printed_end_on = ${sending.printedEndOn},
      template_version = ${sending.templateVersion}, terms = ${JSON.stringify(sending.terms)}::jsonb, state_reason = null, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${noticeId}`.execute(ctx.db);
}

export async function updateGiven(
  ctx: Ctx,
  noticeId: string,
  given: {
    readonly dispatchedAt: Date;
    readonly providedOn: CalendarDate;
    readonly assumedReceiptOn: CalendarDate;
    readonly periodEndsOn: CalendarDate;
    readonly proof: string;
  },
): Promise<void> {
  await sql`update compliance.notices set state = 'given', dispatched_at = ${given.dispatchedAt}, provided_on = ${given.providedOn},
      assumed_receipt_on = ${given.assumedReceiptOn}, period_ends_on = ${given.periodEndsOn}, dispatch_proof = ${given.proof}, state_reason = null,
      row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${noticeId}`.execute(ctx.db);
}

export async function updateNotSent(ctx: Ctx, noticeId: string, reason: string): Promise<void> {
  await sql`update compliance.notices set state = 'prepared', state_reason = ${reason}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${noticeId}`.execute(ctx.db);
}

export async function updateReturned(ctx: Ctx, noticeId: string, on: CalendarDate, reason: string): Promise<void> {
  await sql`update compliance.notices set state = 'returned', returned_on = ${on}, state_reason = ${reason}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${noticeId}`.execute(ctx.db);
}

export type NoticeFormat = 'html' | 'pdf';

export async function insertDocument(
  ctx: Ctx,
  document: {
    readonly noticeId: string;
    readonly format: NoticeFormat;
    readonly sha256: Buffer;
    readonly bytes: Buffer;
  },
): Promise<void> {
  await sql`insert into compliance.notice_documents (tenant_id, id, notice_id, format, sha256, bytes, recorded_at)
    values (${ctx.tenant}, ${newId()}, ${document.noticeId}, ${document.format}, ${document.sha256}, ${document.bytes}, ${ctx.at})`.execute(
    ctx.db,
  );
}

/** The bytes that went out last, or null. */
export async function findDocument(
  ctx: Ctx,
  noticeId: string,
  format: NoticeFormat,
): Promise<{ readonly sha256: Buffer; readonly bytes: Buffer } | null> {
  const { rows } = await sql<{ sha256: Buffer; bytes: Buffer }>`
    select d.sha256, d.bytes from compliance.notice_documents d
    where d.tenant_id = ${ctx.tenant} and d.notice_id = ${noticeId} and d.format = ${format} order by d.recorded_at desc, d.id desc limit 1`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** SHA-256 of the documents that went out last, by format. */
export async function listDigests(ctx: Ctx, noticeId: string): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<{ format: NoticeFormat; digest: string }>`
    select distinct on (d.format) d.format, encode(d.sha256, 'hex') as digest from compliance.notice_documents d
    where d.tenant_id = ${ctx.tenant} and d.notice_id = ${noticeId} order by d.format, d.recorded_at desc, d.id desc`.execute(
    ctx.db,
  );
  return Object.fromEntries(rows.map((row) => [row.format, row.digest]));
}
