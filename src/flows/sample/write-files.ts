import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Currency } from '../../kernel/currency.ts';
import { formatAmount, money } from '../../kernel/money.ts';
import { csvLine } from '../../kernel/text.ts';
import { type GeneratedAccount, generatePortfolio, type PortfolioOptions } from './generate-portfolio.ts';

export type SampleFiles = {
  readonly items: string;
  readonly contacts: string;
  readonly receipts: string;
  readonly itemCount: number;
  readonly receiptCount: number;
};

const headers = {
  items: [
    'Customer ID',
    'Customer name',
    'Invoice number',
    'Type',
    'Description',
    'Invoice date',
    'Due date',
    'Amount',
    'Currency',
    'Country',
    'State',
    'Time zone',
    'Language',
  ],
  contacts: [
    'Customer ID',
    'Customer name',
    'Contact name',
    'Email',
    'Phone',
    'Address',
    'Country',
    'State',
    'Time zone',
    'Language',
  ],
  receipts: ['Receipt ID', 'Customer ID', 'Customer name', 'Payment date', 'Amount', 'Currency', 'Reference'],
} as const;

/** Writes a generated portfolio as the three files an ERP would export: invoices, contacts, receipts. Memory does not grow with its size. */
export async function writeSampleFiles(
  folder: string,
  options: PortfolioOptions,
  currency: Currency,
): Promise<SampleFiles> {
  const paths = {
    items: join(folder, 'invoices.csv'),
    contacts: join(folder, 'contacts.csv'),
    receipts: join(folder, 'receipts.csv'),
  };
  const out = {
    items: opened(paths.items, headers.items),
    contacts: opened(paths.contacts, headers.contacts),
    receipts: opened(paths.receipts, headers.receipts),
  };
  let itemCount = 0;
  let receiptCount = 0;
  for (const account of generatePortfolio(options)) {
    const lines = linesOf(account, currency);
    itemCount += account.items.length;
    receiptCount += lines.receiptCount;
    for (const key of ['items', 'contacts', 'receipts'] as const)
      if (!out[key].write(lines[key])) await once(out[key], 'drain');
  }
  await Promise.all(
    Object.values(out).map(async (stream) => {
      stream.end();
      await once(stream, 'close');
    }),
  );
  return { ...paths, itemCount, receiptCount };
}

function opened(path: string, header: readonly string[]) {
  const stream = createWriteStream(path);
  stream.write(csvLine(header));
  return stream;
}

function linesOf(
  account: GeneratedAccount,
  currency: Currency,
): { items: string; contacts: string; receipts: string; receiptCount: number } {
  const { place } = account;
  const where = [place.country, place.region, place.timeZone, place.language];
  const amount = (minor: bigint): string => formatAmount(money(minor, currency));
  let items = '';
  let receipts = '';
  let receiptCount = 0;
  for (const item of account.items) {
    const type = item.kind === 'credit_note' ? 'Credit note' : 'Invoice';
    items += csvLine([
      account.ref,
      account.name,
      item.number,
      type,
      item.description,
      item.issuedOn,
      item.dueOn,
      amount(item.amountMinor),
      currency,
      ...where,
    ]);
    for (const settlement of item.settlements) {
      receipts += csvLine([
        settlement.key,
        account.ref,
        account.name,
        settlement.on,
        amount(settlement.amountMinor),
        currency,
        item.number,
      ]);
      receiptCount += 1;
    }
  }
  const contacts = csvLine([
    account.ref,
    account.name,
    account.contactName,
    account.email,
    account.phone,
    account.postal,
    ...where,
  ]);
  return { items, contacts, receipts, receiptCount };
}
