/**
 * What the pages have to show, worked out from the rows of a file by other means than the product's: plain loops, no SQL, no code
 * of ours. Amounts in minor units, dates as YYYY-MM-DD, which compare as text.
 */
export type Invoice = {
  readonly customer: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn: string;
  /** Below zero for a credit note. */
  readonly minor: number;
  readonly payments: readonly { readonly on: string; readonly minor: number }[];
};

export type Bucket = 'not_due' | '1_30' | '31_60' | '61_90' | '90_plus';
const buckets: readonly (readonly [Bucket, number])[] = [
  ['not_due', 0],
  ['1_30', 30],
  ['31_60', 60],
  ['61_90', 90],
  ['90_plus', Number.POSITIVE_INFINITY],
];

export const days = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
export const plusDays = (date: string, by: number): string =>
  new Date(Date.parse(date) + by * 86_400_000).toISOString().slice(0, 10);
const bucketOf = (dueOn: string, on: string): Bucket =>
  buckets.find(([, last]) => days(dueOn, on) <= last)?.[0] ?? '90_plus';
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What is open of an invoice at the end of a day. */
export const openOf = (invoice: Invoice, on: string): number =>
  invoice.minor - sum(invoice.payments.filter((payment) => payment.on <= on).map((payment) => payment.minor));

/** The invoices a file told by a day, in the state of that day. */
export function openInvoices(invoices: readonly Invoice[], on: string): { invoice: Invoice; open: number }[] {
  return invoices
    .filter((invoice) => invoice.issuedOn <= on)
    .map((invoice) => ({ invoice, open: openOf(invoice, on) }))
    .filter(({ open }) => open !== 0);
}

export type Reckoned = {
  readonly overdueMinor: number;
  readonly overdueAccounts: number;
  readonly totalMinor: number;
  readonly openItems: number;
  readonly creditMinor: number;
  readonly buckets: Readonly<
    Record<Bucket, { readonly minor: number; readonly items: number; readonly accounts: number }>
  >;
  readonly dso: {
    readonly days: number;
    readonly receivablesMinor: number;
    readonly salesMinor: number;
    readonly from: string;
  };
  readonly receivedTodayMinor: number;
  readonly received30Minor: number;
  readonly trend: readonly { readonly on: string; readonly overdueMinor: number; readonly receivedMinor: number }[];
};

/** Every figure of money on Today for a day. DSO: open at the end ÷ issued in the last 90 days × 90. */
export function reckon(invoices: readonly Invoice[], on: string): Reckoned {
  const open = openInvoices(invoices, on);
  const owed = open.filter((row) => row.open > 0);
  const oldest = new Map<string, string>();
  for (const { invoice } of owed) {
    const known = oldest.get(invoice.customer);
    if (known === undefined || invoice.dueOn < known) oldest.set(invoice.customer, invoice.dueOn);
  }
  const figure = (bucket: Bucket) => {
    const mine = owed.filter(({ invoice }) => bucketOf(invoice.dueOn, on) === bucket);
    return {
      minor: sum(mine.map((row) => row.open)),
      items: mine.length,
      accounts: [...oldest.values()].filter((dueOn) => bucketOf(dueOn, on) === bucket).length,
    };
  };
  const figures = Object.fromEntries(buckets.map(([bucket]) => [bucket, figure(bucket)])) as Reckoned['buckets'];
  const late = buckets.slice(1).map(([bucket]) => figures[bucket]);
  const from = plusDays(on, -89);
  const receivablesMinor = sum(open.map((row) => row.open));
  const salesMinor = sum(invoices.filter((row) => row.issuedOn >= from && row.issuedOn <= on).map((row) => row.minor));
  return {
    overdueMinor: sum(late.map((bucket) => bucket.minor)),
    overdueAccounts: sum(late.map((bucket) => bucket.accounts)),
    totalMinor: sum(owed.map((row) => row.open)),
    openItems: owed.length,
    creditMinor: -sum(open.filter((row) => row.open < 0).map((row) => row.open)),
    buckets: figures,
    dso: { days: Math.round((receivablesMinor * 900) / salesMinor) / 10, receivablesMinor, salesMinor, from },
    receivedTodayMinor: received(invoices, on, on),
    received30Minor: received(invoices, plusDays(on, -29), on),
    trend: Array.from({ length: 30 }, (_, index) => plusDays(on, index - 29)).map((day) => ({
      on: day,
      overdueMinor: sum(
        openInvoices(invoices, day)
          .filter(({ invoice, open: minor }) => invoice.dueOn < day && minor > 0)
          .map((row) => row.open),
      ),
      receivedMinor: received(invoices, day, day),
    })),
  };
}

/** Paid between two days on invoices known at the second. */
export function received(invoices: readonly Invoice[], from: string, to: string): number {
  const known = invoices.filter((invoice) => invoice.issuedOn <= to);
  return sum(
    known.flatMap((invoice) =>
      invoice.payments.filter((payment) => payment.on >= from && payment.on <= to).map((payment) => payment.minor),
    ),
  );
}

const steps = [
  { day: -5, action: 'email' },
  { day: 1, action: 'email' },
  { day: 7, action: 'email' },
  { day: 14, action: 'email' },
  { day: 21, action: 'call_task' },
  { day: 30, action: 'email' },
  { day: 45, action: 'email' },
  { day: 60, action: 'escalation' },
] as const;
export type Action = (typeof steps)[number]['action'];

/** Customers the first run approaches, by action: each item counts at the furthest step it has passed; credit enough for all silences. */
export function firstRun(invoices: readonly Invoice[], on: string): Readonly<Record<Action, ReadonlySet<string>>> {
  const found: Record<Action, Set<string>> = { email: new Set(), call_task: new Set(), escalation: new Set() };
  const open = openInvoices(invoices, on);
  for (const customer of new Set(open.map(({ invoice }) => invoice.customer))) {
    const mine = open.filter(({ invoice }) => invoice.customer === customer);
    const due = mine
      .filter((row) => row.open > 0)
      .flatMap((row) => {
        const step = steps.findLast(({ day }) => day <= days(row.invoice.dueOn, on));
        return step === undefined ? [] : [{ open: row.open, action: step.action }];
      });
    const credit = -sum(mine.filter((row) => row.open < 0).map((row) => row.open));
    if (due.length > 0 && credit >= sum(due.map((row) => row.open))) continue;
    for (const { action } of due) found[action].add(customer);
  }
  return found;
}
