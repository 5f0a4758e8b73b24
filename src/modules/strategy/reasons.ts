/**
 * Why an account is left alone, in the order in which they are asked: the first that holds is the answer.
 * `cure` says what would change it, null when only time or money does.
 */
export const nonActionReasons = {
  nothing_open: { outcome: 'wait', sentence: 'Nothing is open on this account.', cure: null },
  account_state: {
    outcome: 'stop',
    sentence: 'The account is in a state that automation does not work.',
    cure: 'Change the state of the account back to active.',
  },
  wide_stop: {
    outcome: 'stop',
    sentence: 'All contact for this client is stopped.',
    cure: 'Release the stop in the settings of the client.',
  },
  stale_feed: {
    outcome: 'stop',
    sentence: 'The data of this client is older than it may be, so nobody is approached on it.',
    cure: 'Import the newest file of the client.',
  },
  hold: {
    outcome: 'stop',
    sentence: 'A hold stops what would be due now.',
    cure: 'Release the hold when its reason has gone.',
  },
  cease: {
    outcome: 'stop',
    sentence: 'The debtor has asked for all contact to end.',
    cure: null,
  },
  sensitive: {
    outcome: 'stop',
    sentence: 'The account is marked sensitive: people work it, automation does not.',
    cure: 'Take the mark off the account.',
  },
  held_out: {
    outcome: 'stop',
    sentence:
      'By lot this account is in the hold-out of an experiment: automation leaves it alone until the experiment ends. Payments, and what the law asks for, go on.',
    cure: 'Stop the experiment, or work the account by hand.',
  },
  kept_out: {
    outcome: 'stop',
    sentence: 'The selection table keeps this account out of automatic treatment.',
    cure: 'Change the selection table, or the segment that matches the account.',
  },
  credit_covers: {
    outcome: 'stop',
    sentence: 'Credit that is not yet applied covers everything a notice would be about.',
    cure: 'Allocate the credit to the items it pays.',
  },
  assigned_collector: {
    outcome: 'stop',
    sentence: 'A notice would be due, but a collector owns this account and its conversation.',
    cure: 'Write to the debtor from the account, or give the account back.',
  },
  opt_out: {
    outcome: 'stop',
    sentence: 'A notice would be due, but the debtor has opted out of e-mail.',
    cure: 'Call, or write a letter.',
  },
  no_contact_point: {
    outcome: 'stop',
    sentence: 'A notice would be due, but there is no e-mail address that can be used.',
    cure: 'Add an e-mail address of the debtor.',
  },
  already_today: {
    outcome: 'wait',
    sentence: 'A notice has already gone out today; what has come due since is in the next one.',
    cure: null,
  },
  promise: {
    outcome: 'stop',
    sentence: 'The items that would be due are covered by a promise to pay.',
    cure: null,
  },
  already_at_level: {
    outcome: 'wait',
    sentence: 'Every item has had the step that its age calls for.',
    cure: null,
  },
  over_budget: {
    outcome: 'wait',
    sentence:
      'A step is due, but the budget of the day was spent on accounts that are worth more. It is considered again with the next day.',
    cure: 'Raise the budget of the day, or work the account by hand.',
  },
  not_due: { outcome: 'wait', sentence: 'No item has come to its first step yet.', cure: null },
} as const satisfies Record<string, { outcome: 'wait' | 'stop'; sentence: string; cure: string | null }>;

export type NonActionReason = keyof typeof nonActionReasons;

/** What automation may never do now, whatever is due; asked in this order. */
export const accountStops = [
  'account_state',
  'wide_stop',
  'stale_feed',
  'hold',
  'cease',
  'sensitive',
  'held_out',
  'kept_out',
] as const;
export type AccountStop = (typeof accountStops)[number];

export function isNonAction(code: string): code is NonActionReason {
  return Object.hasOwn(nonActionReasons, code);
}
