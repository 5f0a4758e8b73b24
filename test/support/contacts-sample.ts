import { csvLine } from '../../src/kernel/text.ts';

/** A customer as an items file names it: by number, or by name only. */
export type SampleCustomer = { readonly ref: string | null; readonly name: string | null };

/**
 * A contacts file for customers that come without any address: an e-mail at a domain nobody can own, country and time zone. Every
 * `withoutEvery`-th customer is left without e-mail, as real address books are.
 */
export function contactsSample(
  customers: readonly SampleCustomer[],
  options: { withoutEvery?: number; timeZone?: string } = {},
): string {
  const { withoutEvery = 0, timeZone = 'America/New_York' } = options;
  const lines = customers.map(({ ref, name }, index) => {
    const local = (ref ?? name ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '.')
      .replace(/^\.|\.$/g, '');
    const email = withoutEvery > 0 && (index + 1) % withoutEvery === 0 ? '' : `ap.${local}@customer.example`;
    return csvLine([ref, name, email, 'US', timeZone]);
  });
  return csvLine(['Customer ID', 'Customer name', 'E-mail', 'Country', 'Time zone']) + lines.join('');
}
