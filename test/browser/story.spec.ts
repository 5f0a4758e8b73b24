import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { writeSampleFiles } from '../../src/flows/sample/write-files.ts';
import { calendarDate } from '../../src/kernel/calendar.ts';
import { currency } from '../../src/kernel/currency.ts';
import type { Invoice } from '../support/reckoning.ts';
import { serve } from '../support/served.ts';
import { tellStory } from './story.ts';

const cells = (path: string): Record<string, string>[] => parse(readFileSync(path), { columns: true });
const minor = (text: string | undefined): number => Math.round(Number(text) * 100);

/** What the three files say, read without our importer: payments belong to the invoice they name. */
function readInvoices(items: string, receipts: string): Invoice[] {
  const payments = Map.groupBy(cells(receipts), (row) => row['Reference'] ?? '');
  return cells(items).map((row) => ({
    customer: row['Customer ID'] ?? '',
    number: row['Invoice number'] ?? '',
    issuedOn: row['Invoice date'] ?? '',
    dueOn: row['Due date'] ?? '',
    minor: minor(row['Amount']),
    payments: (payments.get(row['Invoice number'] ?? '') ?? []).map((paid) => ({
      on: paid['Payment date'] ?? '',
      minor: minor(paid['Amount']),
    })),
  }));
}

/** Zones where it is a working hour at nine in New York. */
const awakeAtNine = new Set([
  'America/New_York',
  'America/Toronto',
  'America/Chicago',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Paris',
]);

test('the whole story, told with generated files', async ({ page }) => {
  test.setTimeout(900_000);
  const folder = mkdtempSync(join(tmpdir(), 'dunwell-story-'));
  const options = { seed: 7, accounts: 60, on: calendarDate('2026-09-30'), historyDays: 220, itemsPerAccount: 7 };
  const files = await writeSampleFiles(folder, options, currency('EUR'));
  const begins = '2026-06-03';
  const invoices = readInvoices(files.items, files.receipts);
  const known = new Set(invoices.filter((invoice) => invoice.issuedOn <= begins).map((invoice) => invoice.customer));
  const contacts = new Map(cells(files.contacts).map((row) => [row['Customer ID'] ?? '', row]));
  const served = await serve('--empty');
  try {
    await tellStory(page, served, {
      files: [
        { target: 'Open items', path: files.items, dated: true },
        { target: 'Contacts', path: files.contacts, dated: false, rejects: contacts.size - known.size },
        { target: 'Receipts', path: files.receipts, dated: true },
      ],
      invoices,
      currency: 'EUR',
      begins,
      saturday: '2026-06-13',
      reachable: (customer) => contacts.get(customer)?.['Email'] !== '',
      awake: (customer) => awakeAtNine.has(contacts.get(customer)?.['Time zone'] ?? ''),
    });
  } finally {
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
