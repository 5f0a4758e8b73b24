import { addDays, type CalendarDate, weekday } from '../../kernel/calendar.ts';
import { firstWords, givenNames, goods, type Place, places, streets, trades } from './names.ts';

export type GeneratedSettlement = { readonly on: CalendarDate; readonly amountMinor: bigint; readonly key: string };
export type GeneratedItem = {
  readonly number: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly description: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  /** Negative for a credit note. */
  readonly amountMinor: bigint;
  readonly settlements: readonly GeneratedSettlement[];
};
export type GeneratedAccount = {
  readonly ref: string;
  readonly name: string;
  readonly place: Place;
  readonly contactName: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly postal: string;
  readonly items: readonly GeneratedItem[];
};
export type PortfolioOptions = {
  readonly seed: number;
  readonly accounts: number;
  /** Invoices are issued in the days before this date; settlements after it are left in, for replay. */
  readonly on: CalendarDate;
  readonly historyDays: number;
  readonly itemsPerAccount: number;
};

/** How a business pays, with the share of such businesses. Days are relative to the due date. */
const behaviours = [
  { weight: 46, late: -2, spread: 6, never: 0.004, part: 0.02 },
  { weight: 28, late: 9, spread: 8, never: 0.01, part: 0.05 },
  { weight: 16, late: 27, spread: 15, never: 0.03, part: 0.1 },
  { weight: 7, late: 55, spread: 25, never: 0.12, part: 0.15 },
  { weight: 3, late: 90, spread: 30, never: 0.6, part: 0.1 },
] as const;

/** Deterministic uniform numbers in [0, 1): the same seed and stream give the same portfolio on every machine (mulberry32). */
export function randomStream(seed: number, stream: number): () => number {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(stream + 1, 0xc2b2ae35)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Yields businesses with invoices and payments, each from a random stream of its own, so that any account can be made alone. */
export function* generatePortfolio(options: PortfolioOptions): Generator<GeneratedAccount> {
  for (let index = 0; index < options.accounts; index += 1) yield generateAccount(options, index);
}

function generateAccount(options: PortfolioOptions, index: number): GeneratedAccount {
  const random = randomStream(options.seed, index);
  const place = weighted(places, random());
  const first = pick(firstWords, random());
  const trade = pick(trades, random());
  const legal = pick(place.legalForms, random());
  const slug = `${first}-${trade}-${index}`.toLowerCase();
  const ref = `C${String(index + 10001)}`;
  const contact = pick(givenNames, random());
  return {
    ref,
    place,
    contactName: contact,
    name: `${first} ${trade} ${legal}`,
    email: random() < 0.94 ? `${random() < 0.6 ? 'accounts' : contact.toLowerCase()}@${slug}.example` : null,
    phone: random() < 0.9 ? `${place.dialling}${String(Math.floor(random() * 10000)).padStart(4, '0')}` : null,
    postal: `${1 + Math.floor(random() * 180)} ${pick(streets, random())}, ${place.city} ${place.postcode}`,
    items: generateItems(options, ref, random),
  };
}

function generateItems(options: PortfolioOptions, ref: string, random: () => number): GeneratedItem[] {
  const behaviour = weighted(behaviours, random());
  const terms = [14, 30, 30, 30, 45, 60][Math.floor(random() * 6)] ?? 30;
  const typicalMinor = Math.exp(10.6 + gaussian(random) * 1.1);
  const count = Math.max(1, Math.round(options.itemsPerAccount * (0.35 + random() * 1.3)));
  const items: GeneratedItem[] = [];
  for (let n = 0; n < count; n += 1) {
    const issuedOn = workday(addDays(options.on, -Math.floor(random() * options.historyDays)));
    const credit = random() < 0.02;
    const amount = BigInt(Math.max(1500, Math.round(typicalMinor * (0.4 + random() * 1.2))));
    const number = `${credit ? 'CN' : 'INV'}-${ref.slice(1)}-${String(n + 1).padStart(3, '0')}`;
    const dueOn = credit ? issuedOn : addDays(issuedOn, terms);
    const settlements =
      credit || random() < behaviour.never ? [] : settle(number, dueOn, issuedOn, amount, behaviour, random);
    items.push({
      number,
      kind: credit ? 'credit_note' : 'invoice',
      description: pick(goods, random()),
      issuedOn,
      dueOn,
      amountMinor: credit ? -(amount / 5n) : amount,
      settlements,
    });
  }
  return items;
}

function settle(
  number: string,
  dueOn: CalendarDate,
  issuedOn: CalendarDate,
  amount: bigint,
  behaviour: (typeof behaviours)[number],
  random: () => number,
): GeneratedSettlement[] {
  const wished = addDays(dueOn, Math.round(behaviour.late + gaussian(random) * behaviour.spread));
  const on = workday(wished < issuedOn ? addDays(issuedOn, 1) : wished);
  if (random() >= behaviour.part) return [{ on, amountMinor: amount, key: `PAY-${number}` }];
  const half = amount / 2n;
  return [
    { on, amountMinor: half, key: `PAY-${number}-1` },
    { on: workday(addDays(on, 21)), amountMinor: amount - half, key: `PAY-${number}-2` },
  ];
}

const pick = <T>(list: readonly T[], u: number): T => list[Math.floor(u * list.length)] as T;

function weighted<T extends { readonly weight: number }>(list: readonly T[], u: number): T {
  let left = u * list.reduce((total, entry) => total + entry.weight, 0);
  for (const entry of list) if ((left -= entry.weight) < 0) return entry;
  return list[list.length - 1] as T;
}

const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Invoices and payments fall on Monday to Friday. */
function workday(date: CalendarDate): CalendarDate {
  const day = weekday(date);
  return day > 5 ? addDays(date, 8 - day) : date;
}
