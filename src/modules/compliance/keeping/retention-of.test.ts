import { describe, expect, it } from 'vitest';
import { calendarDate } from '../../../kernel/calendar.ts';
import { shippedPacks } from '../rule-book.ts';
import { type KeptFacts, retentionDuties, retentionOf } from './retention-of.ts';

const duties = retentionDuties(shippedPacks);
const on = calendarDate('2026-06-01');
const facts: KeptFacts = {
  jurisdictions: ['US', 'US-NY'],
  collector: 'third_party',
  debtKind: 'consumer',
  product: 'credit_card',
  lastActivityOn: calendarDate('2026-01-05'),
  lastCallOn: null,
};
const throughs = (changes: Partial<KeptFacts>) =>
  retentionOf({ ...facts, ...changes }, duties, on).duties.map((one) => one.through);

describe('how long records are kept', () => {
  it.each<[string, Partial<KeptFacts>, string[]]>([
    ['three years by Regulation F, one for logs', {}, ['2029-01-05', '2027-01-05']],
    ['six for health care', { product: 'medical' }, ['2032-01-05', '2029-01-05', '2027-01-05']],
    ['six where nobody wrote down what the debt is', { product: null }, ['2032-01-05', '2029-01-05', '2027-01-05']],
    ['a call counts from its own day', { lastCallOn: calendarDate('2026-02-01') }, ['2029-02-01', '2027-01-05']],
    [
      'a creditor collecting its own debts has no duty under Regulation F',
      { collector: 'first_party' },
      ['2027-01-05'],
    ],
    ['nor has anybody for business debts', { debtKind: 'commercial', product: null }, ['2027-01-05']],
    ['nor outside the United States', { jurisdictions: ['EU', 'DE'], product: null }, ['2027-01-05']],
    [
      'from 29 February to the end of February',
      { lastActivityOn: calendarDate('2024-02-29') },
      ['2027-02-28', '2025-02-28'],
    ],
    ['nothing was ever done', { lastActivityOn: null }, []],
  ])('%s', (_name, changes, expected) => {
    expect(throughs(changes)).toEqual(expected);
  });

  it('names each duty with its citation, and the longest wins', () => {
    const kept = retentionOf(facts, duties, on);
    expect(kept.through).toBe('2029-01-05');
    expect(kept.duties[0]).toMatchObject({
      ruleId: 'US-REGF-100-RETENTION',
      citation: expect.stringContaining('1006.100'),
    });
  });
});
