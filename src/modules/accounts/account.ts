import type { Currency } from '../../kernel/currency.ts';
import { hashId, type Id } from '../../kernel/ids.ts';
import type { AccountState } from './account-state.ts';

export type DebtKind = 'commercial' | 'consumer';
export type BalanceSource = 'host' | 'dunwell';

export type Account = {
  readonly id: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly partyId: Id<'party'>;
  /** The cluster the party was born with; join `parties.clusters_v.root_id` for the person of today. */
  readonly clusterId: Id<'cluster'>;
  readonly number: string;
  readonly debtKind: DebtKind;
  readonly currency: Currency;
  readonly balanceSource: BalanceSource;
  readonly state: AccountState;
  readonly assignedTo: string | null;
  readonly sensitive: boolean;
  readonly openedOn: string;
  readonly rowVersion: bigint;
};

/** Id of the account a client's file means: by account number when the file has one, else by party and currency. */
export function importedAccountId(
  clientId: Id<'client'>,
  account: { number: string | null; partyId: Id<'party'>; currency: Currency },
): Id<'account'> {
  return account.number
    ? hashId('account', clientId, account.number)
    : hashId('account', clientId, account.partyId, account.currency);
}
