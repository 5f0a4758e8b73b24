import { useFormat } from './tenant.tsx';
import type { MoneyShape } from './format.ts';

export interface MoneyValue {
  readonly amountMinor: string;
  readonly currency: string;
}

/** An exact amount in tabular figures; the currency always stands beside it, quieter. */
export function Amount({
  value,
  shape,
  tone,
}: {
  readonly value: MoneyValue;
  readonly shape?: MoneyShape;
  readonly tone?: 'bad' | 'good' | 'muted';
}) {
  const format = useFormat();
  return (
    <span className={`num amount ${tone ?? ''}`}>
      {format.figure(value.amountMinor, value.currency, shape).replace('-', '−')}
      <span className="amount-currency"> {value.currency}</span>
    </span>
  );
}

/** A calendar date in full; how long ago or ahead it is appears on hover. */
export function Day({ date, form }: { readonly date: string; readonly form?: 'short' | 'long' | 'tiny' }) {
  const format = useFormat();
  return (
    <time className="num" dateTime={date} title={`${format.day(date, 'long')} (${format.relative(date)})`}>
      {format.day(date, form)}
    </time>
  );
}

/** An instant in the tenant's zone; the exact time with its zone appears on hover. */
export function Instant({ at, form }: { readonly at: string; readonly form?: 'full' | 'time' | 'day' }) {
  const format = useFormat();
  return (
    <time className="num" dateTime={at} title={format.instant(at, 'exact')}>
      {format.instant(at, form)}
    </time>
  );
}
