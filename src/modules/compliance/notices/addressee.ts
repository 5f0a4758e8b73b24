import { ok, type Result, refuse } from '../../../kernel/result.ts';

export const addresseeRoles = ['consumer', 'attorney', 'representative', 'guardian'] as const;
export type AddresseeRole = (typeof addresseeRoles)[number];

/** Somebody a notice can be sent to: name and address as they stand on the envelope. */
export type Addressee = { readonly role: AddresseeRole; readonly name: string; readonly lines: readonly string[] };

/** What is known about the person that decides to whom a notice goes. */
export type Standing = {
  readonly attorney: { readonly name: string } | null;
  readonly deceased: boolean;
  readonly representative: { readonly name: string } | null;
  readonly minor: boolean;
  readonly guardian: { readonly name: string } | null;
  readonly bankrupt: boolean;
};

export type AddresseeRefusal =
  | 'bankrupt'
  | 'send_to_representative'
  | 'send_to_guardian'
  | 'send_to_attorney'
  | 'no_postal_address';

const whom = (known: { readonly name: string } | null, unknown: string) => known?.name ?? unknown;

/**
 * Whether a notice may go to this addressee. The strictest state speaks first: bankruptcy stops everything (11 USC 362(a)(6)), death
 * turns to the estate (12 CFR 1006.34(a)(1), comment 1; 1006.6(a)(4)), a minor's mail to parent or guardian, representation to the
 * attorney (1006.6(b)(2)). Refuses: `bankrupt`, `send_to_representative`, `send_to_guardian`, `send_to_attorney`, `no_postal_address`.
 */
export function judgeAddressee(standing: Standing, to: Addressee): Result<void, AddresseeRefusal> {
  if (standing.bankrupt)
    return refuse(
      'bankrupt',
      'A bankruptcy is on record, so nothing is sent without review. Ask counsel; a notice to the trustee or to the debtor’s counsel is theirs to decide.',
    );
  if (standing.deceased && to.role !== 'representative')
    return refuse(
      'send_to_representative',
      `The person has died. Address the notice to ${whom(standing.representative, 'the person authorised to act for the estate, by name if known')}.`,
    );
  if (standing.minor && to.role !== 'guardian')
    return refuse(
      'send_to_guardian',
      `The person is under age. Address the notice to ${whom(standing.guardian, 'a parent or the guardian')}.`,
    );
  if (standing.attorney !== null && to.role !== 'attorney')
    return refuse(
      'send_to_attorney',
      `The person is represented. Address the notice to ${standing.attorney.name}, and to nobody else.`,
    );
  if (to.lines.length === 0)
    return refuse('no_postal_address', `There is no postal address for ${to.name}. Add one, then prepare the notice.`);
  return ok();
}

/**
 * The part of an account number that may be shown: its last four characters, fewer when it is short, never the whole. Blanks and dashes
 * do not count.
 */
export function truncatedAccountNumber(number: string): string {
  const kept = number.replace(/[^\p{L}\p{N}]/gu, '');
  return kept.slice(kept.length - Math.min(4, Math.floor(kept.length / 2)));
}
