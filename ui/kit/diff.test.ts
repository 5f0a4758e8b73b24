import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffOf } from './diff.ts';

test('what changed is told word by word', () => {
  expect(diffOf('Please pay today.', 'Please do pay today.')).toEqual([
    { kind: 'same', text: 'Please ' },
    { kind: 'added', text: 'do ' },
    { kind: 'same', text: 'pay today.' },
  ]);
  expect(diffOf('a b', 'a c')).toEqual([
    { kind: 'same', text: 'a ' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'c' },
  ]);
});

test('both texts can be read back from it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const parts = diffOf(before, after);
      const without = (kind: string) =>
        parts
          .filter((part) => part.kind !== kind)
          .map((part) => part.text)
          .join('');
      expect([without('added'), without('removed')]).toEqual([before, after]);
    }),
  );
});

test('long texts are compared by lines', () => {
  const long = Array.from({ length: 3000 }, (_none, line) => `line ${line} of many`).join('\n');
  const parts = diffOf(long, long.replace('line 7 of', 'line seven of'));
  expect(parts.filter((part) => part.kind !== 'same')).toHaveLength(2);
});
