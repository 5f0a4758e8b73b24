import type { EventFact, GateFacts } from './gate-facts.ts';
import type { Proposal } from './proposal.ts';
import { contactOf, entryOf } from './request-permits.ts';

/** An account as it will stand; what is not said of it stays as it is. */
export type LaterAccount = {
  readonly id: string;
  readonly state: string;
  readonly dueMinor: bigint;
  readonly daysPastDue: number;
  readonly silenced: boolean;
};

/** What is supposed of a later instant: how the accounts of the act stand then, and which contacts will have been. */
export type Later = {
  readonly at: Date;
  readonly accounts: readonly LaterAccount[];
  readonly consumer: boolean;
  readonly contacts: readonly EventFact[];
  /** Holds that will have ended, in milliseconds. */
  readonly ended: ReadonlyMap<string, number>;
};

/**
 * Facts as they are supposed to be at a later instant, to judge a plan by. Feeds are taken to come as they are agreed; everything else
 * that nothing is said about stays as it is known now.
 */
export function factsLater(facts: GateFacts, { at, accounts, consumer, contacts, ended }: Later): GateFacts {
  const byId = new Map(accounts.map((one) => [one.id, one]));
  return {
    ...facts,
    debtKind: consumer ? 'consumer' : 'commercial',
    client: { ...facts.client, feedThrough: facts.client.feedThrough === null ? null : at.toISOString() },
    accounts: facts.accounts.flatMap(({ silenced: _silenced, ...account }) => {
      const later = byId.get(account.id);
      if (!later) return [];
      const standing = { state: later.state, dueMinor: later.dueMinor.toString(), daysPastDue: later.daysPastDue };
      return [{ ...account, ...standing, ...(later.silenced && { silenced: true as const }) }];
    }),
    holds:
      ended.size === 0
        ? facts.holds
        : facts.holds.map((hold) => {
            const end = ended.get(hold.id);
            return end === undefined ? hold : { ...hold, to: new Date(end).toISOString() };
          }),
    events: contacts.length === 0 ? facts.events : [...facts.events, ...contacts],
  };
}

/** The contact that an act would be to the rules that count contacts, had it been made at that instant. */
export function supposedContact(proposal: Proposal, facts: GateFacts, at: Date): EventFact {
  const gated = { proposal, facts, birthClusterId: facts.person.clusterId };
  return contactOf(entryOf(gated, null, at, 'counted'), gated);
}
