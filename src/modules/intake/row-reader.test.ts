import { expect, test } from 'vitest';
import { idOf } from '../../kernel/ids.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { type Mapping, parseMapping } from './mapping.ts';
import { compileRowReader, type RowOutcome, type RowSettings } from './row-reader.ts';

const headers = [
  'ref',
  'name',
  'no',
  'kind',
  'date',
  'due',
  'amount',
  'open',
  'paid',
  'paid on',
  'mail',
  'zone',
  'country',
  'keyed',
];
const column = (name: string, format: string | null = null) => ({ kind: 'column', column: name, format });
const mapping: Mapping = (() => {
  const parsed = parseMapping({
    target: 'items',
    fields: {
      party_ref: column('ref'),
      party_name: column('name'),
      item_number: column('no'),
      item_kind: column('kind'),
      issued_on: column('date', 'M/D/YYYY'),
      due_on: column('due', 'M/D/YYYY'),
      amount: column('amount', '1,234.56'),
      open: column('open', '1,234.56'),
      settled: column('paid', '1,234.56'),
      settled_on: column('paid on', 'M/D/YYYY'),
      email: column('mail'),
      time_zone: column('zone'),
      country: column('country'),
      known_on: column('keyed', 'M/D/YYYY'),
    },
    defaults: { currency: 'USD' },
  });
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.value;
})();

const settings: RowSettings = {
  clientId: idOf('client', '00000000-0000-7000-8000-000000000001'),
  until: null,
  today: calendarDate('2026-06-30'),
};
const good: Record<string, string> = {
  ref: 'C1',
  name: 'Acme',
  no: '007',
  date: '1/31/2026',
  due: '2/28/2026',
  amount: '1,200.50',
};

function read(change: Record<string, string> = {}, more: Partial<RowSettings> = {}): RowOutcome {
  const cells = headers.map((header) => ({ ...good, ...change })[header] ?? '');
  return compileRowReader(mapping, headers, { ...settings, ...more })({ rowNo: 2, cells });
}

const rowOf = (outcome: RowOutcome) => {
  if (outcome.kind !== 'row') throw new Error(JSON.stringify(outcome));
  return outcome.row;
};

test('reads an invoice exactly, leading zeros kept', () => {
  expect(rowOf(read())).toMatchObject({
    rowKey: 'n:007',
    itemNumber: '007',
    amountMinor: 120050n,
    currency: 'USD',
    issuedOn: '2026-01-31',
    dueOn: '2026-02-28',
    itemKind: 'invoice',
    openMinor: null,
    settledMinor: null,
    partyName: 'Acme',
    partyKind: 'business',
  });
});

test.each([
  [
    'due before issue',
    { due: '1/30/2026' },
    'due_before_issue',
    'The due date 2026-01-30 lies before the invoice date 2026-01-31.',
  ],
  ['no such day', { date: '2/30/2026' }, 'no_such_day', 'is not a day of the calendar'],
  ['another date format', { date: '2026-01-31' }, 'unreadable_date', 'is not a date written as M/D/YYYY'],
  ['amount in words', { amount: 'twelve' }, 'unreadable_amount', 'is not an amount'],
  ['blank amount', { amount: '' }, 'missing_value', 'Amount is blank. Fill it in.'],
  ['no party', { ref: '', name: '' }, 'missing_value', 'Customer name is blank'],
  ['zero', { amount: '0.00' }, 'zero_amount', 'nothing is owed'],
  ['e-mail without @', { mail: 'acme.example' }, 'bad_email', '"acme.example" has no @'],
  ['two e-mails', { mail: 'a@b.com; c@d.com' }, 'bad_email', 'one address'],
  ['unknown zone', { zone: 'EST' }, 'unknown_zone', 'America/New_York'],
  ['unknown country', { country: '391' }, 'unknown_country', 'two-letter code'],
  ['open more than amount', { open: '1,300.00' }, 'open_not_within_amount', 'USD 1,300.00 still open'],
  ['paid without a day', { paid: '10' }, 'missing_value', 'the day is blank'],
  ['paid in the future', { 'paid on': '7/1/2026' }, 'paid_in_future', 'lies in the future'],
  ['unknown kind', { kind: 'Payment' }, 'unknown_kind', '"Payment" is not a kind of item'],
  ['wrong encoding', { name: 'M\ufffdller' }, 'unreadable_text', 'another encoding'],
  ['too long', { no: 'x'.repeat(101) }, 'too_long', 'at most 100'],
  ['other currency', { amount: '€5' }, 'other_currency', 'not USD'],
])('keeps a row aside: %s', (_, change, code, sentence) => {
  const outcome = read(change);
  if (outcome.kind !== 'rejected') throw new Error(outcome.kind);
  expect(outcome.problems[0]?.code).toBe(code);
  expect(outcome.problems[0]?.sentence).toContain(sentence);
});

test('names every problem of a row at once', () => {
  const outcome = read({ due: 'soon', amount: 'x', mail: 'y' });
  if (outcome.kind !== 'rejected') throw new Error(outcome.kind);
  expect(outcome.problems.map((problem) => problem.field).sort()).toEqual(['amount', 'due_on', 'email']);
});

test.each([
  ['-50', '', 'credit_note', -5000n],
  ['(50.00)', '', 'credit_note', -5000n],
  ['50', 'Credit memo', 'credit_note', -5000n],
  ['50', 'Instalment', 'instalment', 5000n],
])('credit lines: %s %s', (amount, kind, expected, minor) => {
  expect(rowOf(read({ amount, kind, due: '' === kind && amount.includes('5') ? '' : (good.due ?? '') }))).toMatchObject(
    { itemKind: expected, amountMinor: minor },
  );
});

test('a payment becomes a receipt, in full or in part', () => {
  expect(rowOf(read({ 'paid on': '3/1/2026' }))).toMatchObject({
    settledOn: '2026-03-01',
    settledMinor: 120050n,
    openMinor: null,
  });
  expect(rowOf(read({ 'paid on': '3/1/2026', open: '200.50' }))).toMatchObject({
    settledMinor: 100000n,
    openMinor: null,
  });
  expect(rowOf(read({ 'paid on': '3/1/2026', paid: '1,000.00', open: '200.50' }))).toMatchObject({
    settledMinor: 100000n,
    openMinor: null,
  });
  expect(rowOf(read({ 'paid on': '3/1/2026', paid: '1,000.00', open: '100.00' }))).toMatchObject({
    settledMinor: 100000n,
    openMinor: 10000n,
  });
  expect(rowOf(read({ open: '200.50' }))).toMatchObject({ settledMinor: null, settledOn: null, openMinor: 20050n });
});

test('until a date: later payments are not known and the amount is open; later items are left out', () => {
  const until = calendarDate('2026-02-15');
  expect(rowOf(read({ 'paid on': '3/1/2026', paid: '1000', open: '200.50' }, { until }))).toMatchObject({
    settledOn: null,
    settledMinor: null,
    openMinor: null,
  });
  expect(rowOf(read({ 'paid on': '2/15/2026' }, { until }))).toMatchObject({
    settledOn: '2026-02-15',
    settledMinor: 120050n,
  });
  expect(read({ date: '2/16/2026' }, { until })).toEqual({ kind: 'skipped', why: 'after_until' });
  expect(read({ keyed: '2/16/2026' }, { until })).toEqual({ kind: 'skipped', why: 'after_until' });
  expect(read({ keyed: '2/15/2026' }, { until }).kind).toBe('row');
});

test('the same row has the same identity before and after its payment is known, and another content', () => {
  const before = rowOf(read({ no: '', 'paid on': '3/1/2026' }, { until: calendarDate('2026-02-15') }));
  const after = rowOf(read({ no: '', 'paid on': '3/1/2026' }));
  expect(after.rowKey).toBe(before.rowKey);
  expect(after.itemId).toBe(before.itemId);
  expect(after.contentSha256).not.toBe(before.contentSha256);
});

test('an apostrophe that guards against a formula is not part of the value', () => {
  expect(rowOf(read({ name: "'=Acme" })).partyName).toBe('=Acme');
  expect(rowOf(read({ name: "'t Hooft" })).partyName).toBe("'t Hooft");
});

test('rows of the wrong width', () => {
  const reader = compileRowReader(mapping, headers, settings);
  const wide = reader({ rowNo: 2, cells: [...headers, 'more'] });
  const short = reader({ rowNo: 2, cells: ['C1', 'Acme'] });
  expect([wide, short].map((outcome) => outcome.kind === 'rejected' && outcome.problems[0]?.code)).toEqual([
    'too_many_cells',
    'too_few_cells',
  ]);
  expect(reader({ rowNo: 2, cells: [''] })).toEqual({ kind: 'skipped', why: 'blank' });
});

test('computed columns', () => {
  const computed: Mapping = {
    target: 'items',
    fields: {
      party_name: { kind: 'first_of', columns: ['ref', 'name'] },
      description: { kind: 'concat', columns: ['no', 'kind'], separator: ' / ' },
      issued_on: { kind: 'column', column: 'date', format: 'M/D/YYYY' },
      due_on: { kind: 'add_days', date: 'date', dateFormat: 'M/D/YYYY', days: 'open' },
      amount: { kind: 'column', column: 'amount', format: '1,234.56' },
      currency: { kind: 'constant', value: 'eur' },
    },
    defaults: { currency: null, country: null, timeZone: null, partyKind: 'business' },
  };
  const reader = compileRowReader(computed, headers, settings);
  const cells = (change: Record<string, string>) =>
    headers.map((header) => ({ ...good, ref: '', kind: 'INV', open: '30', ...change })[header] ?? '');
  expect(rowOf(reader({ rowNo: 2, cells: cells({}) }))).toMatchObject({
    partyName: 'Acme',
    description: '007 / INV',
    dueOn: '2026-03-02',
    currency: 'EUR',
  });
  const bad = reader({ rowNo: 2, cells: cells({ open: 'x' }) });
  expect(bad).toMatchObject({ kind: 'rejected', problems: [{ code: 'unreadable_days' }] });
});

test('receipts: the invoice number joins the reference', () => {
  const receipts: Mapping = {
    target: 'receipts',
    fields: {
      settled_on: { kind: 'column', column: 'date', format: 'M/D/YYYY' },
      settled: { kind: 'column', column: 'amount', format: '1,234.56' },
      item_number: { kind: 'column', column: 'no', format: null },
      receipt_reference: { kind: 'column', column: 'kind', format: null },
    },
    defaults: { currency: 'USD', country: null, timeZone: null, partyKind: 'business' },
  };
  const reader = compileRowReader(receipts, headers, settings);
  const cells = (change: Record<string, string>) => headers.map((header) => ({ ...good, ...change })[header] ?? '');
  expect(rowOf(reader({ rowNo: 2, cells: cells({ kind: 'thanks' }) }))).toMatchObject({
    receiptReference: '007 thanks',
    settledMinor: 120050n,
    settledOn: '2026-01-31',
  });
  expect(reader({ rowNo: 2, cells: cells({ amount: '-5' }) })).toMatchObject({
    kind: 'rejected',
    problems: [{ code: 'not_positive' }],
  });
});
