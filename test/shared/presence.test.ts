import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sharedFile } from '../support/shared-data.ts';

test('the two receivables files are the ones the other tests speak of', () => {
  const rowsOf = (name: string): number =>
    gunzipSync(readFileSync(sharedFile('data', name)))
      .toString('utf8')
      .trimEnd()
      .split('\n').length - 1;
  expect(rowsOf('ibm-accounts-receivable-train.csv.gz')).toBe(1728);
  expect(rowsOf('cassandra-invoices-train.csv.gz')).toBe(6133);
});
