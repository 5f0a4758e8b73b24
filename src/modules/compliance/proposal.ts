/** How a person can be reached. */
export type Channel = 'email' | 'call' | 'letter' | 'sms' | 'visit';

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
  /** What the content is known to carry, such as `identity`, `reply_path`, `unsubscribe`. */
  readonly content: readonly string[];
  /** For `recorded_after`: when it happened. */
  readonly effectiveAt?: string;
};

/** The act whose rules apply. */
export function judgedAct(proposal: Proposal): Exclude<Act, 'recorded_after'> {
  return proposal.act === 'recorded_after' ? (proposal.judgedAs ?? 'manual_call') : proposal.act;
}
