import { expect, test } from 'vitest';
import { fieldReaders } from './field-readers.ts';
import type { Mapping } from './mapping.ts';

const mapping: Mapping = {
  target: 'items',
  fields: {
    description: { kind: 'column', column: 'text', format: null },
    item_number: { kind: 'column', column: 'no', format: null },
  },
  defaults: { currency: 'USD', country: null, timeZone: null, partyKind: 'business' },
};

test('a card number in the words of a file is masked; a number that is one by its column is kept', () => {
  const fields = fieldReaders(
    mapping,
    new Map([
      ['text', 0],
      ['no', 1],
    ]),
  );
  const cells = ['paid by 4111 1111 1111 1111', '4111111111111111'];
  expect(fields.words('description')(cells, [])).toBe('paid by **** **** **** 1111');
  expect(fields.text('item_number')(cells, [])).toBe('4111111111111111');
  expect(fields.words('payer_name')(cells, [])).toBeNull();
});
