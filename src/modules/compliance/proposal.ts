/** How a person, or anyone else about their debt, can be reached or affected. */
export const channels = [
  'email',
  'call',
  'letter',
  'sms',
  'visit',
  'postcard',
  'social_public',
  'social_private',
  'credit_bureau_furnish',
  'legal_filing',
  'transfer',
] as const;
export type Channel = (typeof channels)[number];

/** What is about to be done; `recorded_after` is a thing that has already happened and is only being written down. */
export type Act = 'automatic_message' | 'manual_message' | 'manual_call' | 'recorded_after';

/**
 * One proposed act of contacting one person about accounts of one client. Instants are ISO text, so that what is stored
 * with a permit replays as it is.
 */
export type Proposal = {
  readonly act: Act;
  /** For `recorded_after`: the act whose rules it is judged by. */
  readonly judgedAs?: 'manual_message' | 'manual_call';
  readonly channel: Channel;
  readonly partyId: string;
  readonly clientId: string;
  /** Never empty; the first is the account the register counts the act to. */
  readonly accountIds: readonly [string, ...string[]];
  readonly contactPointId: string | null;
  readonly addressKey: string | null;
  readonly actKind: 'message' | 'call';
  readonly actId: string;
  readonly purpose: Purpose;
  /** `consumer`: a direct answer to the latest message of the person in this medium. */
  readonly inReplyTo?: 'consumer' | null;
  readonly dialMode?: 'manual' | 'auto' | 'prerecorded';
  /** The first communication about the debt. */
  readonly initial?: boolean;
  readonly content: Content;
  /** For `recorded_after`: when it happened. */
  readonly effectiveAt?: string;
};

/** What the act is for. `collect` covers every demand, reminder and offer. */
export const purposes = [
  'collect',
  'location_information',
  'locate_estate_representative',
  'validation_notice',
  'verification',
  'original_creditor_information',
  'opt_out_confirmation',
  'consent_request',
  'answer_request',
  'advise_efforts_end',
  'advise_remedy',
  'mortgage_early_intervention',
  'required_by_other_law',
  'court_permitted',
  'judicial_remedy',
  'written_notice',
  'furnish',
  'file_suit',
  'default_judgment',
  'repossession',
  'foreclosure',
  'bankruptcy_proof_of_claim',
  'sell_debt',
  'place_debt',
  'return_to_owner',
  'return_to_previous_owner',
  'securitize_or_pledge',
  'merger',
  'payment_plan',
  'upsell',
] as const;
export type Purpose = (typeof purposes)[number];

/** What the content of the act is known to be. An absent member is unknown; a call that has not begun has none. */
export type Content = {
  /** Parts it carries, such as `identity`, `reply_path`, `opt_out`. */
  readonly has?: readonly string[];
  readonly language?: string | null;
  readonly disclosureLanguage?: string | null;
  readonly [fact: string]: string | number | boolean | null | readonly string[] | undefined;
};

/** What a call by the script, or a plain message, does not do; what it must carry is stated apart. */
export const plainSpeech: Content = {
  statesDebt: true,
  namesEmployer: false,
  withholdsIdentity: false,
  omitsDisclosure: false,
  aliasUntraceable: false,
  amountsAuthorized: true,
  threatensSuit: false,
  overshadows: false,
  abusiveOrFalse: false,
  envelopeShowsDebt: false,
  optOutCosts: false,
  premiumRateCallback: false,
  exposesToThirdParties: false,
  misleading: false,
  marketing: false,
  // What needs a licence or a person's decision is not put to the gate without them.
  unauthorised: false,
  solelyAutomated: false,
  threatensReporting: false,
  ignoresLanguageWish: false,
  falseHeaders: false,
  lacksMilitaryAffidavit: false,
  // Who records calls says so with each.
  recorded: false,
};

/** The act whose rules apply. */
export function judgedAct(proposal: Proposal): Exclude<Act, 'recorded_after'> {
  return proposal.act === 'recorded_after' ? (proposal.judgedAs ?? 'manual_call') : proposal.act;
}
