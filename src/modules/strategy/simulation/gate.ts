import type { PortfolioAccount } from './portfolio.ts';

/** An account as it stands when a contact about it is put to the gate. */
export type StandingAccount = {
  readonly account: PortfolioAccount;
  readonly dueMinor: bigint;
  /** Days past due of its oldest open item; 0 before. */
  readonly daysPastDue: number;
  /** Everything open on it is under holds that stop people too. */
  readonly silenced: boolean;
  /** A contact about it has been. */
  readonly approached: boolean;
  /** A notice about it has been. */
  readonly written: boolean;
};

/** A contact that is due at an instant: one notice to a party in a client's name, or a call about an account. */
export type DueContact = {
  readonly channel: 'email' | 'call';
  readonly at: Date;
  readonly level: number;
  readonly accounts: readonly [StandingAccount, ...StandingAccount[]];
  /** Holds that have ended in the simulation, by the hold of a judged promise. */
  readonly ended: ReadonlyMap<string, number>;
};

/** A rule's objection, with where it is written. */
export type Objection = {
  readonly ruleId: string;
  readonly citation: string;
  readonly sentence: string;
  readonly effect: 'deny' | 'defer';
};

/**
 * What the gate would say. `made`: it goes now. `later`: not before. `denied`: never, about these accounts. `passing`: not while a
 * state lasts. `unwritable`: the rules about wording are against the text.
 */
export type GateAnswer = {
  readonly fate: 'made' | 'later' | 'denied' | 'passing' | 'unwritable';
  readonly notBefore: number | null;
  readonly blamed: ReadonlySet<string>;
  readonly objections: readonly Objection[];
};

/** The gate for one cluster in one version: it remembers the contacts it let through. */
export type Gate = (contact: DueContact) => GateAnswer;
