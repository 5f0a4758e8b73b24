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
