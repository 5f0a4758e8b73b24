import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import { money } from '../../kernel/money.ts';
import { allocateCash, manualAllocations, type PayableItem, whyNotAllocatable } from './allocate-cash.ts';

const usd = currency('USD');
const on = calendarDate('2026-03-01');

const item = (itemId: string, openMinor: bigint, more: Partial<PayableItem> = {}): PayableItem => ({
  itemId,
  accountId: 'a',
  number: `INV-${itemId}`,
  issuedOn: calendarDate('2026-01-01'),
  dueOn: calendarDate('2026-01-31'),
  openMinor,
  clearingMinor: 0n,
  promised: false,
  ...more,
});
const receipt = (amountMinor: bigint, reference: string | null = null) => ({
  amount: money(amountMinor, usd),
  receivedOn: on,
  reference,
});
const short = (result: ReturnType<typeof allocateCash>) =>
  result.allocations.map(
    (a) => `${a.itemId} ${a.amount.amountMinor} ${a.method}${a.against === 'clearing' ? ' clearing' : ''}`,
  );

describe('where money goes', () => {
  const older = item('1', 100n, { dueOn: calendarDate('2026-01-10') });
  const newer = item('2', 200n, { dueOn: calendarDate('2026-02-10') });

  test.each([
    ['no reference: oldest due first', receipt(150n), [newer, older], ['1 100 oldest_first', '2 50 oldest_first'], 0n],
    [
      'a reference goes first',
      receipt(250n, 'payment for inv-2, thanks'),
      [older, newer],
      ['2 200 reference', '1 50 oldest_first'],
      0n,
    ],
    [
      'two references, punctuated',
      receipt(120n, '(INV-2); INV-1.'),
      [older, newer],
      ['1 100 reference', '2 20 reference'],
      0n,
    ],
    [
      'more than is owed stays unapplied',
      receipt(500n),
      [older, newer],
      ['1 100 oldest_first', '2 200 oldest_first'],
      200n,
    ],
    [
      'a promised item before older ones',
      receipt(210n),
      [older, { ...newer, promised: true }],
      ['2 200 promise', '1 10 oldest_first'],
      0n,
    ],
    [
      'a host reduction is matched before anything falls again',
      receipt(80n),
      [older, { ...newer, clearingMinor: 80n }],
      ['2 80 oldest_first clearing'],
      0n,
    ],
    [
      'a named item before the reduction of another',
      receipt(80n, 'INV-1'),
      [older, { ...newer, clearingMinor: 80n }],
      ['1 80 reference'],
      0n,
    ],
    [
      'a fully reduced item still takes its own receipt',
      receipt(80n, 'INV-3'),
      [older, item('3', 0n, { clearingMinor: 80n })],
      ['3 80 reference clearing'],
      0n,
    ],
    ['nothing open', receipt(80n), [], [], 80n],
  ])('%s', (_name, money_, items, expected, rest) => {
    const result = allocateCash(money_, items);
    expect(short(result)).toEqual(expected);
    expect(result.unapplied.amountMinor).toBe(rest);
  });

  test('money that came before the invoice settles it on the day of the invoice', () => {
    const early = item('9', 50n, { issuedOn: calendarDate('2026-03-20'), dueOn: calendarDate('2026-04-20') });
    expect(allocateCash(receipt(50n), [early]).allocations[0]?.effectiveOn).toBe('2026-03-20');
  });
});

const items = fc
  .uniqueArray(
    fc.record({
      itemId: fc.integer({ min: 1, max: 40 }).map(String),
      openMinor: fc.bigInt({ min: 0n, max: 500n }),
      clearingMinor: fc.bigInt({ min: 0n, max: 200n }),
      promised: fc.boolean(),
      due: fc.integer({ min: 0, max: 90 }),
    }),
    { selector: (one) => one.itemId, maxLength: 12 },
  )
  .map((list) => list.map(({ due, ...one }) => item(one.itemId, one.openMinor, { ...one, dueOn: addDays(on, -due) })));
const references = fc
  .array(
    fc.integer({ min: 1, max: 40 }).map((n) => `INV-${n}`),
    { maxLength: 3 },
  )
  .map((list) => list.join(' '));

test('money is conserved, no item takes more than it holds, and none is left over while an item is open', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 3000n }), references, items, (amountMinor, reference, open) => {
      const { allocations, unapplied } = allocateCash(receipt(amountMinor, reference), open);
      const total = allocations.reduce((acc, a) => acc + a.amount.amountMinor, 0n);
      expect(total + unapplied.amountMinor).toBe(amountMinor);
      for (const one of open) {
        const taken = (against: string) =>
          allocations
            .filter((a) => a.itemId === one.itemId && a.against === against)
            .reduce((acc, a) => acc + a.amount.amountMinor, 0n);
        expect(taken('receivable') <= one.openMinor).toBe(true);
        expect(taken('clearing') <= one.clearingMinor).toBe(true);
      }
      const capacity = open.reduce((acc, one) => acc + one.openMinor + one.clearingMinor, 0n);
      expect(unapplied.amountMinor).toBe(amountMinor > capacity ? amountMinor - capacity : 0n);
      expect(allocations.every((a) => a.amount.amountMinor > 0n)).toBe(true);
    }),
  );
});

describe('a person allocates', () => {
  const open = new Map([
    ['1', item('1', 100n, { clearingMinor: 30n })],
    ['2', item('2', 50n)],
  ]);
  const part = (itemId: string, minor: bigint) => ({ itemId, amount: money(minor, usd) });

  test.each([
    ['fits', [part('1', 130n), part('2', 50n)], null],
    ['more than the item holds', [part('2', 51n)], /INV-2 has USD 0\.50 left/],
    ['more than was received', [part('1', 130n), part('2', 50n), part('3', 40n)], /not an open item/],
    ['twice the same', [part('1', 10n), part('1', 10n)], /named twice/],
    ['nothing', [part('1', 0n)], /above zero/],
  ])('%s', (_name, wanted, expected) => {
    const why = whyNotAllocatable(money(200n, usd), wanted, open);
    if (expected === null) expect(why).toBeNull();
    else expect(why).toMatch(expected);
  });

  test('the sum may not exceed the receipt', () => {
    expect(whyNotAllocatable(money(100n, usd), [part('1', 90n), part('2', 20n)], open)).toMatch(
      /more than the USD 1\.00 received/,
    );
  });

  test('a reduction the host made for the item is matched first', () => {
    const made = manualAllocations(on, [part('1', 70n)], open, 'as the remittance says');
    expect(made.map((a) => `${a.against} ${a.amount.amountMinor}`)).toEqual(['clearing 30', 'receivable 40']);
  });
});
