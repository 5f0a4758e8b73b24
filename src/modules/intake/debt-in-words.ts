import { z } from 'zod';

const text = z.string().nullish();
const flagged = z.object({ on: text, name: text, address: text, chapter: text }).nullish();
const staged = z.object({
  product: text,
  originalCreditor: text,
  itemizedCreditor: text,
  itemization: z
    .object({
      on: text,
      kind: text,
      amountOnItemizationDate: text,
      interest: text,
      fees: text,
      payments: text,
      credits: text,
    })
    .nullish(),
  lastPaidOn: text,
  defaultedOn: text,
  chargedOffOn: text,
  contract: text,
  contractedOn: text,
  governing: text,
  judgmentOn: text,
  lastDayToSue: text,
  bornOn: text,
  languageWish: text,
  attorney: flagged,
  deceased: flagged,
  bankruptcy: flagged,
  consent: z.object({ channel: text, scope: text, on: text, evidence: text, to: text }).nullish(),
});

type Words = Readonly<Record<string, string | null>>;

/** A staged description by the fields it was read from, as a preview shows it. */
export function debtInWords(debt: string | null, inMoney: (minor: bigint | null) => string | null): Words {
  if (debt === null) return {};
  const read = staged.parse(JSON.parse(debt));
  const sum = (minor: string | null | undefined) => (minor ? inMoney(BigInt(minor)) : null);
  const plain = (value: string | null | undefined) => value?.replaceAll('_', ' ') ?? null;
  const yes = (value: unknown) => (value ? 'yes' : null);
  const { itemization: itemized, attorney, deceased, bankruptcy, consent } = read;
  return {
    debt_product: plain(read.product),
    original_creditor: read.originalCreditor ?? null,
    itemized_creditor: read.itemizedCreditor ?? null,
    itemized_on: itemized?.on ?? null,
    itemized_by: plain(itemized?.kind),
    itemized: sum(itemized?.amountOnItemizationDate),
    interest_since: sum(itemized?.interest),
    fees_since: sum(itemized?.fees),
    payments_since: sum(itemized?.payments),
    credits_since: sum(itemized?.credits),
    last_paid_on: read.lastPaidOn ?? null,
    defaulted_on: read.defaultedOn ?? null,
    charged_off_on: read.chargedOffOn ?? null,
    contract_kind: plain(read.contract),
    contracted_on: read.contractedOn ?? null,
    governing_law: read.governing ?? null,
    judgment_on: read.judgmentOn ?? null,
    last_suit_on: read.lastDayToSue ?? null,
    born_on: read.bornOn ?? null,
    language_wish: read.languageWish ?? null,
    attorney: yes(attorney),
    attorney_name: attorney?.name ?? null,
    attorney_address: attorney?.address ?? null,
    deceased: yes(deceased),
    deceased_on: deceased?.on ?? null,
    bankrupt: yes(bankruptcy),
    bankrupt_on: bankruptcy?.on ?? null,
    bankruptcy_chapter: bankruptcy?.chapter ?? null,
    consent_channel: plain(consent?.scope),
    consent_on: consent?.on ?? null,
    consent_evidence: consent?.evidence ?? null,
    consent_given_to: plain(consent?.to),
  };
}
