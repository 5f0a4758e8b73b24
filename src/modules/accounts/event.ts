/** What may happen to an account that a strategy answers at once, and not when a day comes. */
export const accountEvents = [
  'payment',
  'part_payment',
  'reply',
  'dispute_opened',
  'dispute_closed',
  'promise_kept',
  'promise_broken',
  'bounce',
  'wrong_number',
  'portal_visit',
] as const;
export type AccountEvent = (typeof accountEvents)[number];

/** Each as a heading and as something that was the case: "… because a promise was not kept". */
export const eventWords: Readonly<Record<AccountEvent, { readonly label: string; readonly because: string }>> = {
  payment: { label: 'Paid in full', because: 'everything open was paid' },
  part_payment: { label: 'Paid in part', because: 'a part of what is open was paid' },
  reply: { label: 'Reply', because: 'the debtor answered' },
  dispute_opened: { label: 'Dispute opened', because: 'a dispute was opened' },
  dispute_closed: { label: 'Dispute closed', because: 'a dispute was closed' },
  promise_kept: { label: 'Promise kept', because: 'a promise was kept' },
  promise_broken: { label: 'Promise broken', because: 'a promise was not kept' },
  bounce: { label: 'Address does not work', because: 'an address proved not to work' },
  wrong_number: { label: 'Wrong number', because: 'a number proved to be wrong' },
  portal_visit: { label: 'Notice opened', because: 'the page of a notice was opened' },
};
