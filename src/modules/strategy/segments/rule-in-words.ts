import type { Currency } from '../../../kernel/money.ts';
import type { FactField } from './fact-catalogue.ts';
import { type Condition, type Group, isGroup, type Operator, type Rule, type RuleValue } from './rule.ts';

/** What stands for an id in a sentence: the name of a client or a person; the currency amounts are in. */
export type RuleNames = { readonly nameOf: (id: string) => string; readonly reporting: Currency };

const verbs: Readonly<Record<Operator, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  between: 'is between',
  notBetween: 'is not between',
  in: 'is one of',
  notIn: 'is none of',
  contains: 'contains',
  doesNotContain: 'does not contain',
  beginsWith: 'begins with',
  doesNotBeginWith: 'does not begin with',
  endsWith: 'ends with',
  doesNotEndWith: 'does not end with',
  null: 'is unknown',
  notNull: 'is known',
};
const ofDates: Readonly<Partial<Record<Operator, string>>> = {
  '<': 'is before',
  '<=': 'is on or before',
  '>': 'is after',
  '>=': 'is on or after',
};

/** How a comparison of that field reads. */
export const operatorInWords = (field: FactField, operator: Operator): string =>
  (field.kind === 'date' ? ofDates[operator] : undefined) ?? verbs[operator];

/** A rule as a person would say it, in one sentence without its full stop. */
export function ruleInWords(rule: Rule, names: RuleNames): string {
  return rule.rules.length === 0
    ? rule.not
      ? 'no account'
      : 'every account'
    : `accounts where ${groupInWords(rule, names)}`;
}

function groupInWords(group: Group, names: RuleNames): string {
  const parts = group.rules.map((one) => {
    if (!isGroup(one)) return conditionInWords(one, names);
    if (one.rules.length === 0) return one.not ? 'never' : 'always';
    return one.rules.length === 1 && !one.not ? groupInWords(one, names) : `(${groupInWords(one, names)})`;
  });
  const said = parts.join(group.combinator === 'and' ? ' and ' : ' or ');
  return group.not ? `it is not so that ${parts.length > 1 ? `(${said})` : said}` : said;
}

function conditionInWords({ field, operator, values }: Condition, names: RuleNames): string {
  const label = `${field.label.charAt(0).toLowerCase()}${field.label.slice(1)}`;
  if (field.kind === 'flag') {
    const so = values[0]?.kind === 'flag' && values[0].flag;
    return so ? `“${label}” is so` : `“${label}” is not so`;
  }
  const verb = operatorInWords(field, operator);
  const said = values.map((value) => valueInWords(field, value, names));
  const unit = unitOf(field, names);
  if (operator === 'between' || operator === 'notBetween') return `${label} ${verb} ${said.join(' and ')}${unit}`;
  if (said.length === 0 && (operator === 'in' || operator === 'notIn')) return `${label} ${verb} nothing`;
  return [label, verb, `${listed(said)}${said.length > 0 ? unit : ''}`].filter((part) => part !== '').join(' ');
}

const listed = (said: readonly string[]): string =>
  said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} or ${said.at(-1)}`;

function valueInWords(field: FactField, value: RuleValue, names: RuleNames): string {
  switch (value.kind) {
    case 'flag':
      return value.flag ? 'yes' : 'no';
    case 'date':
      return value.date;
    case 'number':
      return decimalInWords(value.thousandths, field.kind === 'money');
    case 'text': {
      if (field.kind !== 'choice') return `“${value.text}”`;
      const { choices } = field;
      return choices === 'client' || choices === 'user' ? names.nameOf(value.text) : value.text.replaceAll('_', ' ');
    }
  }
}

/** Left out where the label says it already: "promises broken is at least 1". */
function unitOf(field: FactField, names: RuleNames): string {
  if (field.kind === 'money') return ` ${names.reporting}`;
  if (field.kind !== 'count' && field.kind !== 'average') return '';
  return field.label.toLowerCase().includes(field.unit) ? '' : ` ${field.unit}`;
}

function decimalInWords(thousandths: bigint, money: boolean): string {
  const size = thousandths < 0n ? -thousandths : thousandths;
  const part = (size % 1000n).toString().padStart(3, '0').replace(/0+$/, '');
  const shown = money && part.length === 1 ? `${part}0` : part;
  return `${thousandths < 0n ? '-' : ''}${size / 1000n}${shown === '' ? '' : `.${shown}`}`;
}
