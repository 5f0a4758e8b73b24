import { describe, expect, test } from 'vitest';
import { accountStates, mayMove, transitions } from './account-state.ts';

describe('account states', () => {
  test.each([
    ['active', 'legal', true],
    ['active', 'settled', true],
    ['settled', 'legal', false],
    ['written_off', 'active', true],
    ['closed', 'placed', false],
    ['closed', 'active', true],
  ] as const)('from %s to %s: %s', (from, to, allowed) => expect(mayMove(from, to)).toBe(allowed));

  test('every state can be reached, left, and is never its own successor', () => {
    const reached = new Set(Object.values(transitions).flat());
    for (const state of accountStates) {
      expect(transitions[state].length).toBeGreaterThan(0);
      expect(transitions[state]).not.toContain(state);
      expect(reached).toContain(state);
    }
  });
});
