import { expect, test } from 'vitest';
import { profileColumns } from './column-profile.ts';
import { columnNames, headerWords, looksLikeHeader } from './header.ts';
import { checkMapping } from './mapping.ts';
import { suggestMapping } from './suggest-mapping.ts';

const table = (text: string) => {
  const [head = '', ...rows] = text.trim().split('\n');
  return profileColumns(
    columnNames(head.split(',')),
    rows.map((row) => row.split(',')),
  );
};

test.each([
  ['InvoiceDate', 'invoice date'],
  ['invoice_date', 'invoice date'],
  ['customerID', 'customer id'],
  ['Fälligkeit', 'falligkeit'],
  ['Number_of_Days_until_Payment', 'number of days until payment'],
])('%s reads as %s', (header, words) => expect(headerWords(header)).toBe(words));

test('maps a receivables file by its headers, and leaves what it does not know alone', () => {
  const columns = table(`
countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate
391,0187-ERLSR,4/6/2013,0611365001,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0
406,3176-MOXBQ,3/3/2012,7900770002,1/26/2013,2/25/2013,61.74,Yes,3/3/2013,Electronic,36,6`);
  const { mapping, questions, notes } = suggestMapping(columns, 'items', { currency: 'USD' });
  expect(mapping.fields).toEqual({
    party_ref: { kind: 'column', column: 'customerID', format: null },
    item_number: { kind: 'column', column: 'invoiceNumber', format: null },
    issued_on: { kind: 'column', column: 'InvoiceDate', format: 'M/D/YYYY' },
    due_on: { kind: 'column', column: 'DueDate', format: 'M/D/YYYY' },
    amount: { kind: 'column', column: 'InvoiceAmount', format: '1,234.56' },
    settled_on: { kind: 'column', column: 'SettledDate', format: 'M/D/YYYY' },
  });
  expect(questions).toEqual([]);
  expect(notes.join(' ')).toContain('USD');
  expect(
    checkMapping(
      mapping,
      columns.map((column) => column.header),
    ).ok,
  ).toBe(true);
});

test('computes the payment date where a file has days to pay', () => {
  const columns = table(`
Description,Vendor_Name,Created,Invoice_Date,Due_Date,Amount,Settled,Outstanding,Number_of_Days_until_Payment
Milk,Ann Lee,24-05-2011 12:56,24-Mar-11,23-Apr-11,7422.78,7422.78,0.0,61
Rent,Bo Ode,26-04-2011 11:50,26-Apr-11,26-May-11,672.78,600.0,72.78,-3`);
  const { mapping, questions } = suggestMapping(columns, 'items', { currency: 'GBP' });
  expect(mapping.fields).toMatchObject({
    party_name: { column: 'Vendor_Name' },
    known_on: { column: 'Created', format: 'DD-MM-YYYY' },
    issued_on: { column: 'Invoice_Date', format: 'DD-Mon-YY' },
    settled: { column: 'Settled', format: '1,234.56' },
    open: { column: 'Outstanding', format: '1,234.56' },
    settled_on: {
      kind: 'add_days',
      date: 'Invoice_Date',
      dateFormat: 'DD-Mon-YY',
      days: 'Number_of_Days_until_Payment',
    },
  });
  expect(questions).toEqual([]);
});

test('asks how an ambiguous date is written, and the mapping cannot be used until it is answered', () => {
  const columns = table(
    'Invoice,Customer name,Date,Due date,Total\n1,Acme,03/04/2026,05/06/2026,10.00\n2,Acme,01/02/2026,02/03/2026,11.00',
  );
  const { mapping, questions } = suggestMapping(columns, 'items', { currency: 'EUR' });
  expect(questions.map((question) => [question.field, question.choices.map((choice) => choice.format)])).toEqual([
    ['issued_on', ['M/D/YYYY', 'D/M/YYYY']],
    ['due_on', ['M/D/YYYY', 'D/M/YYYY']],
  ]);
  const checked = checkMapping(
    mapping,
    columns.map((column) => column.header),
  );
  expect(checked).toMatchObject({ ok: false, code: 'mapping_incomplete' });
});

test('asks which mark separates cents when the amounts do not tell', () => {
  const columns = profileColumns(['Betrag'], [['1.234'], ['2.500']]);
  const { questions } = suggestMapping(columns, 'items');
  expect(questions).toHaveLength(1);
  expect(questions[0]).toMatchObject({ field: 'amount', choices: [{ format: '1,234.56' }, { format: '1.234,56' }] });
});

test('reads German headers and decimal commas', () => {
  const columns = profileColumns(
    ['Kundennummer', 'Firma', 'Rechnungsnummer', 'Rechnungsdatum', 'Fällig am', 'Betrag', 'Währung'],
    [
      ['K1', 'Müller GmbH', 'R1', '31.01.2026', '14.02.2026', '1.234,56', 'EUR'],
      ['K2', 'Ötzi AG', 'R2', '01.02.2026', '15.02.2026', '-12,00', 'EUR'],
    ],
  );
  const { mapping, questions } = suggestMapping(columns, 'items');
  expect(questions).toEqual([]);
  expect(mapping.fields).toMatchObject({
    party_ref: { column: 'Kundennummer' },
    party_name: { column: 'Firma' },
    item_number: { column: 'Rechnungsnummer' },
    issued_on: { column: 'Rechnungsdatum', format: 'DD.MM.YYYY' },
    due_on: { column: 'Fällig am', format: 'DD.MM.YYYY' },
    amount: { column: 'Betrag', format: '1.234,56' },
    currency: { column: 'Währung' },
  });
});

test('names the missing column and those there are', () => {
  const checked = checkMapping(
    {
      target: 'items',
      fields: { amount: { kind: 'column', column: 'Total', format: '1,234.56' } },
      defaults: { currency: 'EUR', country: null, timeZone: null, partyKind: 'business' },
    },
    ['Amount', 'Date'],
  );
  expect(checked).toMatchObject({ ok: false, code: 'missing_column' });
  if (!checked.ok)
    expect(checked.detail).toBe(
      'The file has no column "Total". It has: Amount, Date. Choose one of these, or another mapping.',
    );
});

test('a blank column is left out, and a few bad cells do not hide how the others are written', () => {
  const days = Array.from({ length: 19 }, (_, day) => [`C${day}`, '', `${day + 1}/1/2026`, '2026-02-01', '5.00']);
  const columns = profileColumns(
    ['Customer ID', 'Paid on', 'Invoice date', 'Due date', 'Amount'],
    [...days, ['C', '', 'soon', '2026-02-01', 'n.n.']],
  );
  const { mapping, notes, questions } = suggestMapping(columns, 'items');
  expect(questions).toEqual([]);
  expect(mapping.fields.issued_on).toMatchObject({ format: 'D/M/YYYY' });
  expect(mapping.fields.settled_on).toBeUndefined();
  expect(notes.join(' ')).toContain('"Paid on" is blank');
});

test.each([
  [['a', 'b'], true],
  [['2012-01-03', '55.9'], false],
  [['Name', '', ''], false],
  [['x@y.com', 'Acme'], false],
])('%j as a header: %s', (cells, expected) => expect(looksLikeHeader(cells)).toBe(expected));

test('tells repeated and blank headers apart', () => {
  expect(columnNames(['Date', 'Date', '', 'Date'])).toEqual(['Date', 'Date (2)', 'Column 3', 'Date (3)']);
});
