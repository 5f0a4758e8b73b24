import type { CalendarDate } from '../../kernel/calendar.ts';
import { maskCardNumbers } from '../../kernel/card-number.ts';
import { type Currency, currency as currencyOf } from '../../kernel/money.ts';
import {
  type AmountReader,
  amountReader,
  type CellReader,
  codeReader,
  dateReader,
  textReader,
} from './cell-readers.ts';
import { type Field, findField } from './fields.ts';
import type { FieldSource, Mapping } from './mapping.ts';

const nothing = () => null;

/** Readers of a mapping's fields by name; a field without source reads as absent. */
export function fieldReaders(mapping: Mapping, at: ReadonlyMap<string, number>) {
  function build<Reader>(
    name: string,
    make: (field: Field, from: FieldSource, at: ReadonlyMap<string, number>) => Reader,
  ): Reader | null {
    const field = findField(mapping.target, name);
    const from = mapping.fields[name];
    return field && from ? make(field, from, at) : null;
  }
  const constant =
    (value: string | null): CellReader<string> =>
    () =>
      value;
  return {
    text: (name: string): CellReader<string> => build(name, textReader) ?? nothing,
    /** Text that nothing is found by: a card number somebody pasted there is masked, as in everything a person types. */
    words: (name: string): CellReader<string> => {
      const read = build(name, textReader) ?? nothing;
      return (cells, problems) => {
        const text = read(cells, problems);
        return text === null ? null : maskCardNumbers(text);
      };
    },
    date: (name: string): CellReader<CalendarDate> => build(name, dateReader) ?? nothing,
    amount: (name: string): AmountReader | null => build(name, amountReader),
    code: (name: string, otherwise: string | null = null): CellReader<string> => {
      const read = build(name, codeReader);
      if (!read) return constant(otherwise);
      return otherwise === null ? read : (cells, problems) => read(cells, problems) ?? otherwise;
    },
    currency: (): CellReader<Currency> => {
      const otherwise = mapping.defaults.currency === null ? null : currencyOf(mapping.defaults.currency);
      const read = build('currency', codeReader);
      return (cells, problems) => {
        const before = problems.length;
        const code = read?.(cells, problems) ?? null;
        if (problems.length > before) return null;
        const value = code === null ? otherwise : currencyOf(code);
        if (value === null)
          problems.push({
            field: 'currency',
            code: 'missing_value',
            sentence: 'Currency is blank. Fill in a code such as USD or EUR.',
          });
        return value;
      };
    },
  };
}

/** The label a person knows the field by. */
export const labelOf = (mapping: Mapping, name: string): string => findField(mapping.target, name)?.label ?? name;
