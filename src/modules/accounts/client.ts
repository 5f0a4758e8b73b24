import type { Currency } from '../../kernel/currency.ts';
import type { Id } from '../../kernel/ids.ts';

export type ClientKind = 'own_entity' | 'agency_customer' | 'portfolio_owner';

/** The creditor in whose name money is owed, with the calendar and zone its dues and promises are dated in. */
export type Client = {
  readonly id: Id<'client'>;
  readonly name: string;
  readonly kind: ClientKind;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly country: string;
  readonly region: string | null;
  readonly contactEmail: string | null;
  readonly contactPhone: string | null;
  readonly postalAddress: string | null;
  readonly paymentInstructions: string | null;
  /** Newest instant the feed spoke for; null: no feed, nothing can be stale. */
  readonly feedThrough: Date | null;
  readonly feedMaxAgeHours: number | null;
  readonly rowVersion: bigint;
};

export type NewClient = Pick<Client, 'name' | 'kind' | 'currency' | 'timeZone' | 'country'> &
  Partial<
    Pick<
      Client,
      'region' | 'contactEmail' | 'contactPhone' | 'postalAddress' | 'paymentInstructions' | 'feedMaxAgeHours'
    >
  >;
