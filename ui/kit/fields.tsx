import { TextInput } from '@mantine/core';
import { decimalText, parseMinor } from './format.ts';

/** An amount typed by hand, kept as the text typed; `minorOf` reads it. */
export function AmountInput({
  label,
  value,
  currency,
  change,
  error,
  required = true,
  zero = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly currency: string;
  readonly change: (value: string) => void;
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** Nothing at all is an answer too. */
  readonly zero?: boolean;
}) {
  const wrong =
    value !== '' && minorOf(value, currency, zero) === null
      ? `Not an amount in ${currency}. Write it like ${decimalText('123450', currency)}.`
      : undefined;
  return (
    <TextInput
      label={label}
      value={value}
      inputMode="decimal"
      autoComplete="off"
      rightSection={
        <span className="muted" style={{ fontSize: 12 }}>
          {currency}
        </span>
      }
      rightSectionWidth={48}
      onChange={(event) => change(event.currentTarget.value)}
      error={wrong ?? error}
      required={required}
      classNames={{ input: 'num' }}
    />
  );
}

/** Minor units of a typed amount greater than zero, or of zero where that is an answer; null otherwise. */
export function minorOf(text: string, currency: string, zero = false): string | null {
  const minor = parseMinor(text, currency);
  return minor === null || BigInt(minor) < (zero ? 0n : 1n) ? null : minor;
}

export function DateInput({
  label,
  value,
  change,
  min,
  max,
  error,
  required = true,
  description,
  aria,
  size = 'sm',
}: {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly min?: string;
  readonly max?: string;
  readonly error?: string | undefined;
  readonly required?: boolean;
  readonly description?: string;
  /** The name for screen readers where no label is shown. */
  readonly aria?: string;
  readonly size?: 'xs' | 'sm';
}) {
  return (
    <TextInput
      type="date"
      size={size}
      label={label}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      required={required}
      classNames={{ input: 'num' }}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      {...(description === undefined ? {} : { description })}
      {...(aria === undefined ? {} : { 'aria-label': aria })}
      error={error}
    />
  );
}
