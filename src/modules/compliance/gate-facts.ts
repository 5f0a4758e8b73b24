/**
 * Everything one proposal is judged on, as plain JSON: instants are ISO text, dates `YYYY-MM-DD`, amounts minor units as
 * text. It is stored whole with the permit, so that the decision can be repeated years later. A member that is absent is
 * *unknown*, and unknown never helps the act; `null` says that there is none.
 */
export type GateFacts = {
  /** Codes of the law in force for this person and debt, widest first: `US`, `US-NY`, `US-NYC`; `EU`, `DE`. */
  readonly jurisdictions: readonly string[];
  readonly collector: CollectorType;
  readonly debtKind: 'consumer' | 'commercial';
  readonly person: {
    /** The root of the person's cluster: caps, stops and locks apply to it. */
    readonly clusterId: string;
    /** Every zone the person may be in; an act must be inside the hours of all of them. Empty: unknown. */
    readonly zones: readonly string[];
    readonly country: string | null;
    readonly region: string | null;
    readonly ageYears?: number | null;
    /** A company or other body, which laws about individuals, sole traders among them, do not protect. */
    readonly incorporated?: boolean;
  };
  /** Whom the act reaches; `consumer` is the person who owes. */
  readonly recipient: { readonly id: string; readonly role: RecipientRole };
  readonly client: {
    readonly id: string;
    readonly country: string;
    readonly timeZone: string;
    readonly feedThrough: string | null;
    readonly feedMaxAgeHours: number | null;
  };
  readonly address: AddressFact | null;
  /** The accounts of the proposal, and the person's others as far as an event names them. */
  readonly accounts: readonly AccountFact[];
  readonly holds: readonly HoldFact[];
  readonly wideStops: readonly {
    readonly id: string;
    readonly scope: string;
    readonly reason: string;
    readonly from: string;
  }[];
  /** What happened, oldest first: contacts, wishes, consents, notices, disputes, states; of the whole cluster. */
  readonly events: readonly EventFact[];
};

export type CollectorType = 'first_party' | 'third_party' | 'debt_buyer';

export type RecipientRole =
  | 'consumer'
  | 'spouse'
  | 'parent'
  | 'guardian'
  | 'executor'
  | 'successor'
  | 'consumers_attorney'
  | 'consumer_reporting_agency'
  | 'creditor'
  | 'creditors_attorney'
  | 'collectors_attorney'
  | 'trustee'
  | 'relative'
  | 'employer'
  | 'third_party';

export type AddressFact = {
  readonly key: string;
  readonly quality: string;
  readonly ended: boolean;
  /** Where an act through it reaches the person: at home, at work, in prison; `null` where it goes with the person. */
  readonly place?: 'home' | 'work' | 'prison' | null;
  readonly lineType?: 'wireless' | 'residential' | 'business' | null;
  /** Known to be provided by the person's employer. */
  readonly employerProvided?: boolean;
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
  readonly product?: string | null;
  /** Student loans serviced under one number when they were obtained are one debt: the name they share. */
  readonly group?: string | null;
  readonly chargedOff?: boolean;
  /** What secures it; `null`: nothing that a rule asks about. */
  readonly securedBy?: 'real_estate' | 'motor_vehicle' | null;
  readonly daysPastDue?: number;
  /** The day on which the agreement was made that the debt comes from. */
  readonly agreedOn?: string;
  /** What was lent or sold at first, in minor units, where a rule binds below a sum. */
  readonly principalMinor?: number;
  /** The last day on which suit could have been brought, once it is known to have passed or to come; `null`: no period known to run. */
  readonly limitationExpiredOn?: string | null;
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

/** What an event may say beside its type and instant. Which member means what is the rule's affair. */
export type EventValue = string | number | boolean | null | readonly string[] | readonly number[];

/**
 * One thing that happened. Members with a meaning of their own for every rule:
 * `personId` (absent: the person who owes), `debtIds` (absent or null: all debts), `addressKey` and `channel` (absent or null: all).
 */
export type EventFact = {
  readonly type: string;
  readonly at: string;
  readonly personId?: string | null;
  readonly debtIds?: readonly string[] | null;
  readonly addressKey?: string | null;
  readonly channel?: string | null;
  readonly [attribute: string]: EventValue | undefined;
};
