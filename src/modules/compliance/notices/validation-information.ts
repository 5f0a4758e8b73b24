import type { Currency } from '../../../kernel/money.ts';
import type { ItemizationDateKind, ItemizationField } from './itemization.ts';

/** A disclosure another law wants on the notice of a resident of some region; no regions: everybody's. */
export type Disclosure = {
  readonly regions: readonly string[] | null;
  readonly heading: string | null;
  readonly text: string;
  readonly headingEs: string | null;
  readonly textEs: string | null;
};

/** Who the collector is on paper (12 CFR 1006.34(c)(2)(i) and the optional lines of (d)(3)). */
export type CollectorProfile = {
  readonly name: string;
  readonly addressLines: readonly string[];
  readonly phone: string | null;
  readonly phoneHours: string | null;
  readonly website: string | null;
  readonly email: string | null;
  readonly offersSpanish: boolean;
  readonly offersOnlineReplies: boolean;
  readonly disclosures: readonly Disclosure[];
};

/** Everything one validation notice says that is neither wording nor a date of its period. Plain JSON: it is kept with the notice. */
export type ValidationInformation = {
  readonly collector: Omit<CollectorProfile, 'disclosures' | 'offersSpanish' | 'offersOnlineReplies'>;
  /** The person as on the envelope; `lines` are those of whoever the notice goes to. */
  readonly consumer: { readonly name: string; readonly lines: readonly string[] };
  readonly reference: string;
  readonly currentCreditor: string;
  readonly creditorOnItemizationDate: string | null;
  readonly product: string | null;
  readonly brand: string | null;
  /** Last characters only; null when the debt has no number. */
  readonly accountEnding: string | null;
  /** The debt comes from a consumer financial product or service: the CFPB line and the earlier creditor are required then. */
  readonly financialProduct: boolean;
  readonly itemization: {
    readonly on: string;
    readonly kind: ItemizationDateKind;
    readonly currency: Currency;
    readonly minor: { readonly [Field in ItemizationField | 'currentAmount']: string };
  };
  readonly offersSpanish: boolean;
  readonly offersOnlineReplies: boolean;
  readonly disclosures: readonly Omit<Disclosure, 'regions'>[];
};
