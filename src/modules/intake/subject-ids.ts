import { type Id, idOf } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { importedAccountId } from '../accounts/public.ts';
import { importedPartyId } from '../parties/public.ts';

const remembered = 20_000;

/** The same, without hashing again for the customers a file speaks of most lately: a file has many rows to a customer. */
export function partyFinder(clientId: Id<'client'>): (ref: string | null, name: string | null) => Id<'party'> | null {
  const known = new Map<string, Id<'party'> | null>();
  return (ref, name) => {
    const key = ref === null ? `n${name ?? ''}` : `r${ref}`;
    let found = known.get(key);
    if (found === undefined) {
      if (known.size >= remembered) known.clear();
      found = partyIdOf(clientId, ref, name);
      known.set(key, found);
    }
    return found;
  };
}

/** The same for accounts: the last one is remembered, because the rows of a customer mostly follow one another. */
export function accountFinder(
  clientId: Id<'client'>,
): (number: string | null, partyId: string | null, currency: Currency) => Id<'account'> | null {
  let last: { number: string | null; partyId: string | null; currency: Currency; id: Id<'account'> | null } | null =
    null;
  return (number, partyId, currency) => {
    if (last?.number === number && last.partyId === partyId && last.currency === currency) return last.id;
    const id = accountIdOf(clientId, number, partyId, currency);
    last = { number, partyId, currency, id };
    return id;
  };
}

/** The party a row names by number or name, or null when it names none. */
export function partyIdOf(clientId: Id<'client'>, ref: string | null, name: string | null): Id<'party'> | null {
  return ref === null && name === null ? null : importedPartyId(clientId, { ref, name: name ?? '' });
}

/** The account a row speaks of, or null when it names neither account nor party. */
export function accountIdOf(
  clientId: Id<'client'>,
  number: string | null,
  partyId: string | null,
  currency: Currency,
): Id<'account'> | null {
  if (number === null && partyId === null) return null;
  // With a number the party plays no part in the id; the door wants one all the same.
  return importedAccountId(clientId, {
    number,
    partyId: partyId === null ? idOf('party', clientId) : idOf('party', partyId),
    currency,
  });
}
