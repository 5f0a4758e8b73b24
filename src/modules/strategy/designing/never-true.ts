import type { FactField } from '../segments/fact-catalogue.ts';
import { type Condition, type Group, isGroup, type Rule, type RuleValue } from '../segments/rule.ts';

/**
 * Why a rule can never hold, as far as single fields tell: what all of it asks of one field contradicts itself. Null when nothing does.
 * `fromDay`: it is asked when an item is this many days past due, so the account, which goes by its oldest, is no less.
 */
export function neverTrue(rule: Rule, fromDay?: number): string | null {
  if (rule.not && rule.rules.length === 0) return 'it lets no account through';
  const asked = new Map<FactField, Condition[]>();
  for (const condition of demanded(rule)) {
    asked.set(condition.field, [...(asked.get(condition.field) ?? []), condition]);
  }
  for (const [field, conditions] of asked) {
    const least = field.key === 'days_past_due' ? fromDay : undefined;
    if (!contradicts(conditions, least)) continue;
    const label = `“${field.label.toLowerCase()}”`;
    return least !== undefined && !contradicts(conditions, undefined)
      ? `what it asks of ${label} cannot be so on a day when an item is ${least} days past due`
      : `what it asks of ${label} contradicts itself`;
  }
  return null;
}

/** The conditions that must all hold, whatever else does. */
function demanded(group: Group): Condition[] {
  if (group.not || (group.combinator === 'or' && group.rules.length > 1)) return [];
  return group.rules.flatMap((one) => (isGroup(one) ? demanded(one) : [one]));
}

type Bound = { readonly at: bigint | string; readonly open: boolean };

function contradicts(conditions: readonly Condition[], least: number | undefined): boolean {
  const lower: Bound[] = least === undefined ? [] : [{ at: BigInt(least) * 1000n, open: false }];
  const upper: Bound[] = [];
  const lists: ReadonlySet<string>[] = [];
  const excluded = new Set<string>();
  let unknown = false;
  let known = false;
  for (const { field, operator, values } of conditions) {
    const whole = field.kind === 'count' || field.kind === 'days';
    const [first, second] = values.map(ordinal);
    // Whole numbers above 5 are from 6 on.
    const past = (by: 1n | -1n): Bound[] =>
      first === undefined
        ? []
        : [whole && typeof first === 'bigint' ? { at: first + by * 1000n, open: false } : { at: first, open: true }];
    const at = (value: bigint | string | undefined): Bound[] =>
      value === undefined ? [] : [{ at: value, open: false }];
    if (operator === 'null') unknown = true;
    else known = true;
    switch (operator) {
      case '=':
        lists.push(new Set(values.map(said)));
        break;
      case 'in':
        lists.push(new Set(values.map(said)));
        break;
      case '!=':
      case 'notIn':
        for (const value of values) excluded.add(said(value));
        break;
      case '<':
        upper.push(...past(-1n));
        break;
      case '<=':
        upper.push(...at(first));
        break;
      case '>':
        lower.push(...past(1n));
        break;
      case '>=':
        lower.push(...at(first));
        break;
      case 'between':
        lower.push(...at(first));
        upper.push(...at(second));
        break;
      default:
        break;
    }
  }
  if (unknown && known) return true;
  if (lower.some((low) => upper.some((high) => low.at > high.at || (low.at === high.at && (low.open || high.open)))))
    return true;
  const [some, ...others] = lists;
  if (some === undefined) return false;
  const left = [...some].filter((value) => !excluded.has(value) && others.every((list) => list.has(value)));
  return left.every((value) => {
    const number = /^-?\d+$/.test(value) ? BigInt(value) : value;
    const low = lower.some((bound) => below(number, bound));
    const high = upper.some((bound) => above(number, bound));
    return low || high;
  });
}

const below = (value: bigint | string, { at, open }: Bound): boolean =>
  typeof value === typeof at && (value < at || (open && value === at));
const above = (value: bigint | string, { at, open }: Bound): boolean =>
  typeof value === typeof at && (value > at || (open && value === at));

/** A value that has an order; texts have none that a rule asks about. */
const ordinal = (value: RuleValue): bigint | string | undefined =>
  value.kind === 'number' ? value.thousandths : value.kind === 'date' ? value.date : undefined;

const said = (value: RuleValue): string => {
  switch (value.kind) {
    case 'number':
      return String(value.thousandths);
    case 'date':
      return value.date;
    case 'flag':
      return String(value.flag);
    case 'text':
      return value.text;
  }
};
