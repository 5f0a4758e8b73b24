import { type CalendarDate, daysBetween, localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import { type Currency, exponentOf } from '../../../kernel/money.ts';
import { type AnchorTable, anchors, type FactField } from './fact-catalogue.ts';
import { type Condition, type Group, isGroup, type Rule, type RuleValue } from './rule.ts';

/** When and by whose calendar a rule is asked. `rates`: units of the reporting currency for one unit, as decimal text. */
export type RuleWorld = {
  readonly at: Date;
  readonly asOf: CalendarDate;
  readonly zone: TimeZone;
  readonly reporting: Currency;
  readonly rates: ReadonlyMap<string, string>;
};

export type AnchorKey = `${(typeof anchors)[AnchorTable]}.${string}`;
/** The anchors of one account as the database holds them; what is missing is unknown. */
export type AccountAnchors = Readonly<Record<string, string | number | bigint | boolean | Date | null>> & {
  readonly 'f.currency': string;
};

/** True, false, or null where it cannot be known. */
type Truth = boolean | null;

/**
 * Whether a rule matches an account, with the three-valued logic of SQL: a condition on something unknown is neither true nor false,
 * and only what is true matches. The twin of rule.sql.ts; a property test holds the two together.
 */
export function matches(rule: Rule, account: AccountAnchors, world: RuleWorld): boolean {
  return truthOfGroup(rule, account, world) === true;
}

function truthOfGroup(group: Group, account: AccountAnchors, world: RuleWorld): Truth {
  const parts = group.rules.map((one) =>
    isGroup(one) ? truthOfGroup(one, account, world) : truthOf(one, account, world),
  );
  // Nothing asked is true, in either combination: an empty group leaves nobody out.
  const whole = parts.length === 0 ? true : group.combinator === 'and' ? all(parts) : any(parts);
  return group.not ? negated(whole) : whole;
}

const negated = (truth: Truth): Truth => (truth === null ? null : !truth);
const all = (parts: readonly Truth[]): Truth => (parts.includes(false) ? false : parts.includes(null) ? null : true);
const any = (parts: readonly Truth[]): Truth => (parts.includes(true) ? true : parts.includes(null) ? null : false);

function truthOf({ field, operator, values }: Condition, account: AccountAnchors, world: RuleWorld): Truth {
  const fact = factOf(field, account, world);
  switch (operator) {
    case 'null':
      return fact === null;
    case 'notNull':
      return fact !== null;
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const order = orderOf(fact, values[0]);
      if (order === null) return null;
      return {
        '=': order === 0,
        '!=': order !== 0,
        '<': order < 0,
        '<=': order <= 0,
        '>': order > 0,
        '>=': order >= 0,
      }[operator];
    }
    case 'between':
    case 'notBetween': {
      const low = orderOf(fact, values[0]);
      const high = orderOf(fact, values[1]);
      const within = low === null || high === null ? null : low >= 0 && high <= 0;
      return operator === 'between' ? within : negated(within);
    }
    case 'in':
    case 'notIn': {
      const within = any(values.map((value) => (fact === null ? null : orderOf(fact, value) === 0)));
      return operator === 'in' ? within : negated(within);
    }
    case 'contains':
      return texts(fact, values, (text, part) => text.includes(part));
    case 'doesNotContain':
      return negated(texts(fact, values, (text, part) => text.includes(part)));
    case 'beginsWith':
      return texts(fact, values, (text, part) => text.startsWith(part));
    case 'doesNotBeginWith':
      return negated(texts(fact, values, (text, part) => text.startsWith(part)));
    case 'endsWith':
      return texts(fact, values, (text, part) => text.endsWith(part));
    case 'doesNotEndWith':
      return negated(texts(fact, values, (text, part) => text.endsWith(part)));
  }
}

type Fact = { readonly numerator: bigint; readonly denominator: bigint } | string | boolean | null;

const anchorOf = (account: AccountAnchors, at: { readonly table: AnchorTable; readonly column: string }) =>
  account[`${anchors[at.table]}.${at.column}`] ?? null;

const whole = (value: bigint | number): Fact => ({ numerator: BigInt(value), denominator: 1n });

/** The value of a field for an account: numbers as exact fractions, texts without the difference of A-Z and a-z. */
function factOf(field: FactField, account: AccountAnchors, world: RuleWorld): Fact {
  const value = anchorOf(account, field.at);
  if (field.kind === 'flag') {
    if (field.when === 'known') return value !== null;
    if (field.when === 'true') return value === true;
    return value !== null && (value as Date) > world.at;
  }
  if (value === null) return null;
  switch (field.kind) {
    case 'text':
      return folded(String(value));
    case 'choice':
    case 'date':
      return String(value);
    case 'count':
      return whole(BigInt(value as number | bigint));
    case 'average': {
      const per = BigInt((anchorOf(account, field.per) as number | bigint | null) ?? 0);
      return per === 0n ? null : { numerator: BigInt(value as number | bigint), denominator: per };
    }
    case 'money':
      return inReportingCurrency(BigInt(value as bigint), account['f.currency'] as Currency, world);
    case 'days': {
      const day = field.of === 'date' ? (value as CalendarDate) : localDateOf(value as Date, world.zone);
      const since = daysBetween(day, world.asOf);
      return whole(field.towards === 'since' ? since : -since);
    }
  }
}

function inReportingCurrency(minor: bigint, currency: Currency, world: RuleWorld): Fact {
  const rate = currency === world.reporting ? '1' : world.rates.get(currency);
  if (rate === undefined) return null;
  const [units = '0', part = ''] = rate.split('.');
  return {
    numerator: minor * BigInt(`${units}${part}`),
    denominator: 10n ** BigInt(exponentOf(currency) + part.length),
  };
}

/** Capital letters A to Z are as small ones. Others are not: databases and browsers disagree about them. */
export const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const textOf = (value: RuleValue | undefined): string =>
  value?.kind === 'text' ? value.text : value?.kind === 'date' ? value.date : '';

function orderOf(fact: Fact, value: RuleValue | undefined): number | null {
  if (fact === null || value === undefined) return null;
  if (typeof fact === 'boolean') return value.kind === 'flag' && value.flag === fact ? 0 : 1;
  if (typeof fact === 'string') {
    // Only whether they are equal is asked of texts; the order of dates is that of their digits.
    const wanted = value.kind === 'text' ? folded(value.text) : textOf(value);
    const mine = value.kind === 'text' ? folded(fact) : fact;
    return mine === wanted ? 0 : mine < wanted ? -1 : 1;
  }
  const wanted = value.kind === 'number' ? value.thousandths : 0n;
  const difference = fact.numerator * 1000n - wanted * fact.denominator;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function texts(
  fact: Fact,
  values: readonly RuleValue[],
  holds: (text: string, part: string) => boolean,
): boolean | null {
  return typeof fact === 'string' ? holds(fact, folded(textOf(values[0]))) : null;
}
