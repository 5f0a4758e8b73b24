/** States of an account. What may follow what is the table below, and nothing else decides it. */
export const accountStates = ['active', 'settled', 'on_hold', 'legal', 'placed', 'written_off', 'closed'] as const;
export type AccountState = (typeof accountStates)[number];

/** `active` and `settled` follow the balance by themselves; every other move is somebody's decision. */
export const transitions: Readonly<Record<AccountState, readonly AccountState[]>> = {
  active: ['settled', 'on_hold', 'legal', 'placed', 'written_off', 'closed'],
  settled: ['active', 'closed'],
  on_hold: ['active', 'legal', 'placed', 'written_off', 'closed'],
  legal: ['active', 'placed', 'written_off', 'closed'],
  placed: ['active', 'legal', 'written_off', 'closed'],
  written_off: ['active', 'closed'],
  closed: ['active'],
};

/** Whether an account may move from one state to another. */
export function mayMove(from: AccountState, to: AccountState): boolean {
  return transitions[from].includes(to);
}
