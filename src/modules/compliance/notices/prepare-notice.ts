import { type CalendarDate, localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { formatMoney, money } from '../../../kernel/money.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant, recordAudit } from '../../identity/public.ts';
import { type AddresseeRefusal, type AddresseeRole, judgeAddressee, truncatedAccountNumber } from './addressee.ts';
import { findCollectorProfile } from './collector-profile.sql.ts';
import { mayGoElectronically } from './electronic-delivery.ts';
import {
  checkItemization,
  type Itemization,
  type ItemizationDateKind,
  itemizationFields,
  type ItemizationRefusal,
} from './itemization.ts';
import {
  insertNotice,
  listNotices,
  type NewNotice,
  type NoticeChannel,
  type NoticeLanguage,
  type ValidationNotice,
  withdrawPrepared,
} from './notice.sql.ts';
import { loadRuleBook } from '../load-gate-facts.ts';
import { type NoticeTerms, noticeTermsOn } from './notice-terms.ts';
import { findNoticeSubject, type KnownAddressee, listAddressees, type NoticeSubject } from './notice-subject.sql.ts';
import { findOvershadowing, type OvershadowingKind } from './overshadowing.ts';
import type { CollectorProfile, ValidationInformation } from './validation-information.ts';

export type ValidationOrder = {
  readonly accountId: Id<'account'>;
  readonly addressee: AddresseeRole;
  readonly channel: NoticeChannel;
  readonly language: NoticeLanguage;
  readonly itemization: { readonly on: CalendarDate; readonly kind: ItemizationDateKind; readonly parts: Itemization };
  /** Said out loud when the itemization date differs from that of an earlier notice about the debt. */
  readonly corrects: boolean;
  readonly creditorOnItemizationDate: string | null;
  readonly product: string | null;
  readonly brand: string | null;
  readonly financialProduct: boolean;
  /** The notice this one takes the place of, because it came back. */
  readonly supersedesId: Id<'notice'> | null;
};

/** What is known about the account and was left off the notice, because it would hide the right to dispute. */
export type Withheld = { readonly kind: OvershadowingKind; readonly what: string };

export type PrepareRefusal =
  | 'account_not_found'
  | 'not_a_consumer_debt'
  | 'not_a_debt_collector'
  | 'not_this_country'
  | 'no_collector_profile'
  | 'no_such_representative'
  | 'no_email_address'
  | 'needs_esign_consent'
  | 'nothing_owed'
  | 'itemization_does_not_match'
  | 'itemization_date_differs'
  | 'creditor_missing'
  | 'terms_not_in_force'
  | 'already_under_way'
  | AddresseeRefusal
  | ItemizationRefusal;

/**
 * Prepares a validation notice: reads who it is about, judges to whom it may go, checks that the itemization adds up to what the account
 * owes, and keeps the fields. An unsent draft of the account is withdrawn. Takes the account's lock from the caller. Refuses as
 * `PrepareRefusal` names, each with a sentence that says what to do.
 */
export async function prepareNotice(
  ctx: Ctx,
  order: ValidationOrder,
): Promise<Result<{ notice: NewNotice; withheld: readonly Withheld[] }, PrepareRefusal>> {
  const subject = await findNoticeSubject(ctx, order.accountId);
  if (subject === null) return refuse('account_not_found', 'There is no such account.');
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone as TimeZone);
  const terms = noticeTermsOn(await loadRuleBook(ctx), today);
  if (terms === null) return refuse('terms_not_in_force', `No rule for validation notices is in force on ${today}.`);
  const scope = inScope(subject, terms);
  if (!scope.ok) return scope;
  const profile = await findCollectorProfile(ctx);
  if (profile === null)
    return refuse(
      'no_collector_profile',
      'Say first who you are on notices: name and the address at which disputes are accepted (Notices, “Who we are on notices”).',
    );
  const to = await addresseeOf(ctx, subject, order);
  if (!to.ok) return to;
  const itemized = judgeItemization(subject, order, today);
  if (!itemized.ok) return itemized;
  const earlier = await listNotices(ctx, order.accountId);
  if (earlier.some((notice) => notice.state === 'sending'))
    return refuse(
      'already_under_way',
      'A notice about this debt is being sent at this moment. Wait for what becomes of it.',
    );
  const consistent = sameItemizationDate(earlier, order);
  if (!consistent.ok) return consistent;
  const creditor = creditorThen(subject, order);
  if (!creditor.ok) return creditor;
  const notice: NewNotice = {
    id: newId<'notice'>(),
    accountId: subject.accountId,
    clientId: subject.clientId,
    partyId: subject.partyId,
    addresseeRole: order.addressee,
    ...to.value.place,
    channel: order.channel,
    language: order.language,
    information: informationOf(subject, profile, order, to.value.lines, itemized.value),
    itemizationOn: order.itemization.on,
    itemizationKind: order.itemization.kind,
    currentMinor: itemized.value.currentAmount.amountMinor,
    currency: subject.currency,
    terms,
    insideInitial: !subject.communicated,
    supersedesId: order.supersedesId,
  };
  await withdrawPrepared(ctx, subject.accountId, 'prepared anew');
  await insertNotice(ctx, notice);
  await recordAudit(ctx, {
    action: 'notice.prepared',
    subjectKind: 'notice',
    subjectId: notice.id,
    accountId: subject.accountId,
    detail: { channel: order.channel, language: order.language, addressee: order.addressee },
  });
  return ok({ notice, withheld: withheldOf(subject) });
}

function inScope(
  subject: NoticeSubject,
  terms: NoticeTerms,
): Result<void, 'not_a_consumer_debt' | 'not_a_debt_collector' | 'not_this_country' | 'nothing_owed'> {
  if (subject.debtKind !== 'consumer')
    return refuse('not_a_consumer_debt', 'This is a business debt; validation notices are for consumer debts only.');
  if (subject.clientKind === 'own_entity')
    return refuse(
      'not_a_debt_collector',
      `${subject.clientName} collects its own debt in its own name, so it owes nobody a validation notice.`,
    );
  if (subject.country !== null && !terms.countries.includes(subject.country))
    return refuse(
      'not_this_country',
      `The person lives in ${subject.country}; this notice is one of United States law.`,
    );
  if (subject.owedMinor <= 0n)
    return refuse('nothing_owed', 'Nothing is owed on this account any more, so there is nothing to notify of.');
  return ok();
}

/** An address as lines. One written in a single line is broken at its commas, but state and ZIP code stay with the town. */
function addressLinesOf(text: string): string[] {
  const tidy = (parts: string[]) => parts.map((part) => part.trim()).filter((part) => part !== '');
  const lines = tidy(text.split(/\r?\n/));
  if (lines.length > 1) return lines;
  const parts = tidy(text.split(','));
  const last = parts.findIndex((part) => /^[A-Z]{2}\s+\d{5}(?:-\d{4})?$/.test(part));
  return last > 0
    ? [...parts.slice(0, last - 1), `${parts[last - 1]}, ${parts[last]}`, ...parts.slice(last + 1)]
    : parts;
}

type Placed = {
  readonly place: Pick<NewNotice, 'contactPointId' | 'address' | 'addressKey'>;
  /** Under the consumer's name: where the notice goes, in care of whoever it goes to. */
  readonly lines: readonly string[];
};

async function addresseeOf(
  ctx: Ctx,
  subject: NoticeSubject,
  order: ValidationOrder,
): Promise<Result<Placed, AddresseeRefusal | 'no_such_representative' | 'no_email_address' | 'needs_esign_consent'>> {
  const known = await listAddressees(ctx, subject.partyId);
  const acting = (role: AddresseeRole): KnownAddressee | null => known.find((one) => one.role === role) ?? null;
  const chosen = acting(order.addressee);
  const lines = chosen?.postal ? addressLinesOf(chosen.postal.value) : [];
  const judged = judgeAddressee(
    {
      attorney: acting('attorney') ?? (subject.represented ? unknownAttorney : null),
      deceased: subject.deceased,
      representative: acting('representative'),
      minor: subject.minor || acting('guardian') !== null,
      guardian: acting('guardian'),
      bankrupt: subject.bankrupt,
    },
    { role: order.addressee, name: chosen?.name ?? subject.partyName, lines: chosen === null ? ['unknown'] : lines },
  );
  if (!judged.ok) return judged;
  if (chosen === null || chosen.postal === null)
    return refuse(
      'no_such_representative',
      `Nobody is on record as the ${order.addressee}. Add them with their address first.`,
    );
  const careOf = order.addressee === 'consumer' ? lines : [`c/o ${chosen.name}`, ...lines];
  const letter = {
    contactPointId: chosen.postal.contactPointId,
    address: [chosen.name, ...lines].join(', '),
    addressKey: chosen.postal.key,
  };
  if (order.channel === 'letter') return ok({ place: letter, lines: careOf });
  if (chosen.email === null)
    return refuse(
      'no_email_address',
      `There is no e-mail address for ${chosen.name}. Add one, or send the notice by letter.`,
    );
  const may = mayGoElectronically({
    insideInitialCommunication: !subject.communicated,
    esignConsent: subject.esignConsent,
  });
  if (!may.ok) return may;
  const { contactPointId, value, key } = chosen.email;
  return ok({ place: { contactPointId, address: value, addressKey: key }, lines: careOf });
}

type Itemized = Extract<ReturnType<typeof checkItemization>, { ok: true }>['value'];

function judgeItemization(
  subject: NoticeSubject,
  order: ValidationOrder,
  today: CalendarDate,
): Result<Itemized, ItemizationRefusal | 'itemization_does_not_match'> {
  const checked = checkItemization(order.itemization, today);
  if (!checked.ok) return checked;
  const owed = money(subject.owedMinor, subject.currency);
  if (checked.value.currentAmount.amountMinor === owed.amountMinor) return checked;
  return refuse(
    'itemization_does_not_match',
    `The itemization adds up to ${formatMoney(checked.value.currentAmount)}, but the account owes ${formatMoney(owed)}. Correct whichever is wrong: the notice must state what is owed.`,
  );
}

const unknownAttorney = { name: 'the attorney, whom you add with their address first' };

/** One choice of date per debt, unless it is being corrected. */
function sameItemizationDate(
  earlier: readonly ValidationNotice[],
  order: ValidationOrder,
): Result<void, 'itemization_date_differs'> {
  const told = earlier.find((notice) => notice.state === 'given' || notice.state === 'returned');
  if (order.corrects || told === undefined) return ok();
  if (told.itemizationOn === order.itemization.on && told.itemizationKind === order.itemization.kind) return ok();
  return refuse(
    'itemization_date_differs',
    `An earlier notice about this debt was itemized from ${told.itemizationOn} (${told.itemizationKind.replace('_', ' ')}). Keep to that date, or say that you are correcting it.`,
  );
}

/** Debts from consumer financial products must name the creditor of the itemization date (12 CFR 1006.34(c)(2)(iii)). */
function creditorThen(subject: NoticeSubject, order: ValidationOrder): Result<void, 'creditor_missing'> {
  if (
    !order.financialProduct ||
    (order.creditorOnItemizationDate ?? '').trim() !== '' ||
    subject.clientKind === 'agency_customer'
  )
    return ok();
  return refuse(
    'creditor_missing',
    'Name the creditor to whom the debt was owed on the itemization date: this debt comes from a financial product.',
  );
}

function informationOf(
  subject: NoticeSubject,
  profile: CollectorProfile,
  order: ValidationOrder,
  lines: readonly string[],
  { currentAmount, of }: Itemized,
): ValidationInformation {
  const { disclosures, offersSpanish, offersOnlineReplies, ...collector } = profile;
  const ending = truncatedAccountNumber(subject.number);
  const minor = Object.fromEntries(itemizationFields.map((field) => [field, of[field].amountMinor.toString()]));
  return {
    collector,
    consumer: {
      name: order.addressee === 'representative' ? `Estate of ${subject.partyName}` : subject.partyName,
      lines,
    },
    reference: subject.accountId.slice(-12).toUpperCase(),
    currentCreditor: subject.clientName,
    creditorOnItemizationDate: order.creditorOnItemizationDate,
    product: order.product,
    brand: order.brand,
    accountEnding: ending === '' ? null : ending,
    financialProduct: order.financialProduct,
    itemization: {
      on: order.itemization.on,
      kind: order.itemization.kind,
      currency: subject.currency,
      minor: {
        ...minor,
        currentAmount: currentAmount.amountMinor.toString(),
      } as ValidationInformation['itemization']['minor'],
    },
    offersSpanish,
    offersOnlineReplies,
    disclosures: disclosures
      .filter((one) => one.regions === null || (subject.region !== null && one.regions.includes(subject.region)))
      .map(({ heading, text, headingEs, textEs }) => ({ heading, text, headingEs, textEs })),
  };
}

function withheldOf(subject: NoticeSubject): Withheld[] {
  const due =
    subject.earliestDueOn === null
      ? []
      : [
          {
            kind: 'due_date' as const,
            what: `The due dates of ${subject.openItems === 1 ? 'the open item' : `${subject.openItems} open items`}, the earliest ${subject.earliestDueOn}.`,
          },
        ];
  const instructions = findOvershadowing(subject.paymentInstructions ?? '').map((one) => ({
    kind: one.kind,
    what: `From the payment instructions of ${subject.clientName}: “${one.words ?? ''}”`,
  }));
  return [...due, ...instructions];
}
