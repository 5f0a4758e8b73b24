import type { Channel } from './proposal.ts';

/**
 * Everything one proposal is judged on, as plain JSON: instants are ISO text, dates `YYYY-MM-DD`, amounts minor units as
 * text. It is stored whole with the permit, so that the decision can be repeated years later.
 */
export type GateFacts = {
  readonly person: {
    /** The root of the person's cluster: caps, stops and locks apply to it. */
    readonly clusterId: string;
    /** Every zone the person may be in; an act must be inside the hours of all of them. Empty: unknown. */
    readonly zones: readonly string[];
    readonly country: string | null;
    readonly region: string | null;
  };
  readonly client: {
    readonly id: string;
    readonly country: string;
    readonly timeZone: string;
    readonly feedThrough: string | null;
    readonly feedMaxAgeHours: number | null;
  };
  readonly address: { readonly key: string; readonly quality: string; readonly ended: boolean } | null;
  readonly accounts: readonly AccountFact[];
  readonly holds: readonly HoldFact[];
  readonly wideStops: readonly {
    readonly id: string;
    readonly scope: string;
    readonly reason: string;
    readonly from: string;
  }[];
  readonly preferences: readonly PreferenceFact[];
  readonly consents: readonly ConsentFact[];
  /** Contacts that count, of the whole cluster and of others at the same address, newest first, as far back as the longest window of any rule. */
  readonly contacts: readonly ContactFact[];
};

export type AccountFact = {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly sensitive: boolean;
  /** What is owed after credits and money not yet applied. */
  readonly dueMinor: string;
  /** Present when everything that is open on it is under holds of items that stop all contact. */
  readonly silenced?: true;
};

export type HoldFact = {
  readonly id: string;
  readonly reason: string;
  readonly effects: readonly string[];
  readonly coverage: 'party' | 'account' | 'items';
  readonly accountId: string | null;
  readonly from: string;
  readonly to: string | null;
};

export type PreferenceFact = {
  readonly id: string;
  readonly kind: 'opt_out' | 'inconvenient_time' | 'inconvenient_place' | 'language' | 'cease';
  readonly channel: string | null;
  readonly addressKey: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly from: string;
};

export type ConsentFact = {
  readonly id: string;
  readonly recipientKind: 'tenant' | 'client' | 'prior_collector';
  readonly clientId: string | null;
  readonly accountId: string | null;
  readonly channel: string;
  readonly addressKey: string | null;
  readonly scope: string;
  readonly from: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
};

export type ContactFact = {
  readonly direction: 'out' | 'in';
  readonly channel: Channel;
  readonly automatic: boolean;
  readonly clientId: string;
  readonly accountId: string;
  readonly addressKey: string | null;
  readonly conversation: boolean;
  readonly localOn: string;
  readonly at: string;
  /** Present on a contact with somebody else at the address of the proposal: it fills that mailbox, and is no contact with this person. */
  readonly elsewhere?: true;
};
