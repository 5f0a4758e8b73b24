import { ok, type Result, refuse } from '../../../kernel/result.ts';

/** What is known about one electronic sending. */
export type ElectronicSending = {
  readonly sentAt?: string | null | undefined;
  readonly bounceAt?: string | null | undefined;
  /** Whether somebody or something watches for undeliverability notices. */
  readonly undeliverabilityMonitored?: boolean | undefined;
};

/**
 * Whether the sending can be expected to have given actual notice (12 CFR 1006.42(a)(1) and its comment): sent, watched for bounces,
 * and none came. A bounce, whenever it comes, means the notice has to be provided again.
 */
export function electronicDelivery(sending: ElectronicSending): { readonly reasonablyExpectedActualNotice: boolean } {
  const bounced = sending.bounceAt !== undefined && sending.bounceAt !== null;
  const sent = sending.sentAt !== undefined && sending.sentAt !== null;
  return { reasonablyExpectedActualNotice: sent && !bounced && sending.undeliverabilityMonitored === true };
}

const isCreditor = (item: string) => /creditor/.test(item) && !/original|former|previous|prior|itemization/.test(item);
const isAmount = (item: string) => /amount|balance|total|sum/.test(item);
// Comment 42(a)(1)-1.i: truncated account number, original creditor, store brand, date of the sale, address of the service.
const identifies = (item: string) =>
  /account|original|former|previous|prior|brand|store|merchant|facility|product|date|address|reference|invoice|number|digits/.test(
    item,
  );

/**
 * Whether a subject line tells the person what the message is about (12 CFR 1006.42(a), comment 1.i): the current creditor's name and one
 * more item that identifies the debt; the amount is not one. Takes the names of what the line contains.
 */
export function electronicSubjectLine(input: { readonly subjectContains: readonly string[] }): {
  readonly supportsActualNotice: boolean;
} {
  const items = input.subjectContains.map((item) => item.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase());
  const creditor = items.find(isCreditor);
  const other = items.some((item) => item !== creditor && !isAmount(item) && !isCreditor(item) && identifies(item));
  return { supportsActualNotice: creditor !== undefined && other };
}

/**
 * Whether a notice may go out electronically at all: the five-day notice needs the consumer's E-SIGN consent; one inside the initial
 * electronic communication does not (12 CFR 1006.42(b)). Refuses: `needs_esign_consent`.
 */
export function mayGoElectronically(input: {
  readonly insideInitialCommunication: boolean;
  readonly esignConsent: boolean;
}): Result<void, 'needs_esign_consent'> {
  if (input.insideInitialCommunication || input.esignConsent) return ok();
  return refuse(
    'needs_esign_consent',
    'This notice follows a first communication, so sending it electronically needs the person’s E-SIGN consent. Record that consent, or send the notice by letter.',
  );
}
