import { hashId, type Id, idOf } from '../../kernel/ids.ts';
import { normaliseName } from '../../kernel/text.ts';

export type PartyKind = 'person' | 'business';

export type NewParty = {
  readonly kind: PartyKind;
  readonly name: string;
  readonly externalRef?: string | null | undefined;
  readonly country?: string | null | undefined;
  readonly region?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly taxNumber?: string | null | undefined;
  readonly source: string;
};

/** Id of the party a client's file names: by the client's own key for it, else by its normalised name. */
export function importedPartyId(clientId: Id<'client'>, party: { ref: string | null; name: string }): Id<'party'> {
  const ref = party.ref?.trim();
  return hashId('party', clientId, ref ? ref : normaliseName(party.name));
}

/** Id of the cluster a party is born with: the party's own, so that whatever is written of both is written in one order. */
export function birthClusterId(partyId: Id<'party'>): Id<'cluster'> {
  return idOf('cluster', partyId);
}
