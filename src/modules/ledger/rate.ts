import type { CalendarDate } from '../../kernel/calendar.ts';
import { type Currency, exponentOf, type Money } from '../../kernel/money.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';

/** What one unit of a currency is worth in units of the reporting currency: a decimal text, never a float. */
export type Rate = {
  readonly currency: Currency;
  readonly rate: string;
  readonly asOf: CalendarDate;
  readonly source: string;
};

/** The rule where no rate is known, in words for whoever sees an order made with it. */
export const withoutRate = 'Where no rate is known, one unit counts as one unit of the reporting currency.';

const decimals = 10;
const decimal = /^(\d{1,10})(?:\.(\d{1,10}))?$/;

/** Reads a positive decimal with a point, at most ten digits before it and ten after. Refuses: `bad_rate`. */
export function parseRate(text: string): Result<string, 'bad_rate'> {
  const [, whole = '', part = ''] = decimal.exec(text.trim()) ?? [];
  if (BigInt(`${whole}${part}` || '0') === 0n)
    return refuse('bad_rate', `"${text.slice(0, 30)}" is not a rate; write a number above zero such as 0.0061.`);
  const fraction = part.replace(/0+$/, '');
  return ok(`${BigInt(whole)}${fraction === '' ? '' : `.${fraction}`}`);
}

/** Whole units of the reporting currency, rounded down; at one for one without a rate. Equal to `unitsInSql`. */
export function unitsAt(amount: Money, rate: string | null): bigint {
  const [whole = '1', part = ''] = (rate ?? '1').split('.');
  const scaled = BigInt(`${whole}${part.padEnd(decimals, '0')}`);
  return (amount.amountMinor * scaled) / 10n ** BigInt(exponentOf(amount.currency) + decimals);
}
