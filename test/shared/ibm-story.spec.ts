import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { tellStory } from '../browser/story.ts';
import { contactsSample } from '../support/contacts-sample.ts';
import type { Invoice } from '../support/reckoning.ts';
import { serve } from '../support/served.ts';
import { sharedFile } from '../support/shared-data.ts';

/** M/D/YYYY as YYYY-MM-DD. */
function day(text: string | undefined): string {
  const [month = '', date = '', year = ''] = (text ?? '').split('/');
  return `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
}

function readInvoices(csv: Buffer): Invoice[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  return rows.map((row) => {
    const minor = Math.round(Number(row['InvoiceAmount']) * 100);
    return {
      customer: row['customerID'] ?? '',
      number: row['invoiceNumber'] ?? '',
      issuedOn: day(row['InvoiceDate']),
      dueOn: day(row['DueDate']),
      minor,
      payments: [{ on: day(row['SettledDate']), minor }],
    };
  });
}

test('the whole story, told with the IBM file', async ({ page }) => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'dunwell-story-'));
  const csv = gunzipSync(readFileSync(sharedFile('data', 'ibm-accounts-receivable-train.csv.gz')));
  const invoices = readInvoices(csv);
  expect(invoices).toHaveLength(1728);
  const begins = '2012-06-13';
  // People are known by then who have had an invoice: a contacts file names nobody else.
  const known = new Set(invoices.filter((invoice) => invoice.issuedOn <= begins).map((invoice) => invoice.customer));
  const paths = { items: join(folder, 'receivables.csv'), contacts: join(folder, 'contacts.csv') };
  writeFileSync(paths.items, csv);
  writeFileSync(paths.contacts, contactsSample([...known].map((ref) => ({ ref, name: null }))));
  const served = await serve('--empty');
  try {
    await tellStory(page, served, {
      files: [
        { target: 'Open items', path: paths.items, dated: true },
        { target: 'Contacts', path: paths.contacts, dated: false },
      ],
      invoices,
      currency: 'USD',
      begins,
      saturday: '2012-06-23',
      reachable: () => true,
      awake: () => true,
    });
  } finally {
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
