import { type RawBuilder, sql } from 'kysely';
import { addDays, type CalendarDate, startOfDay, type TimeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { powerOfTen, ratesOn } from '../../ledger/public.ts';
import { type AnchorTable, anchors, type FactField } from './fact-catalogue.ts';
import { type Condition, type Group, isGroup, type Operator, type Rule, type RuleValue } from './rule.ts';
import type { RuleWorld } from './rule-predicate.ts';

/** When and by whose calendar a compiled rule is asked; the rates are read in the statement. */
export type RuleDay = Pick<RuleWorld, 'at' | 'asOf' | 'zone' | 'reporting'>;

/** `condition` is boolean or unknown; `joins` stand after `from accounts.facts_v f`. */
export type CompiledRule = { readonly joins: RawBuilder<unknown>; readonly condition: RawBuilder<boolean> };

/**
 * A rule as SQL over `accounts.facts_v f`, with only the joins its fields need. Ages are compared as dates and instants worked out
 * here, so that indexes serve and no zone data of the database is asked; every value is a parameter.
 */
export function compileRule(ctx: Ctx, rule: Rule, day: RuleDay): CompiledRule {
  const { joins, conditions } = compileRules(ctx, [rule], day);
  return { joins, condition: conditions[0] ?? sql<boolean>`true` };
}

/** Several rules over the same row, their joins made once. */
export function compileRules(
  ctx: Ctx,
  rules: readonly Rule[],
  day: RuleDay,
): { readonly joins: RawBuilder<unknown>; readonly conditions: readonly RawBuilder<boolean>[] } {
  const fields = rules.flatMap(fieldsOf);
  const wanted = new Set<AnchorTable>(fields.map((field) => field.at.table));
  const joins = [
    ...(wanted.has('account')
      ? [sql`left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = f.id`]
      : []),
    ...(wanted.has('party')
      ? [sql`left join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = f.party_id`]
      : []),
    ...(wanted.has('position')
      ? [sql`left join strategy.positions s on s.tenant_id = ${ctx.tenant} and s.id = f.id`]
      : []),
    ...(fields.some((field) => field.kind === 'money')
      ? [sql`left join (${ratesOn(ctx, day.reporting, day.asOf)}) r on r.currency = f.currency`]
      : []),
  ];
  return { joins: sql.join(joins, sql` `), conditions: rules.map((rule) => sql<boolean>`(${ofGroup(rule, day)})`) };
}

const fieldsOf = (group: Group): FactField[] =>
  group.rules.flatMap((one) => (isGroup(one) ? fieldsOf(one) : [one.field]));

function ofGroup(group: Group, day: RuleDay): RawBuilder<unknown> {
  const parts = group.rules.map((one) =>
    isGroup(one) ? sql`(${ofGroup(one, day)})` : sql`(${ofCondition(one, day)})`,
  );
  const whole = parts.length === 0 ? sql`true` : sql.join(parts, group.combinator === 'and' ? sql` and ` : sql` or `);
  return group.not ? sql`not (${whole})` : whole;
}

function ofCondition({ field, operator, values }: Condition, day: RuleDay): RawBuilder<unknown> {
  const column = sql.ref(`${anchors[field.at.table]}.${field.at.column}`);
  switch (field.kind) {
    case 'flag':
      return ofFlag(field, column, values, day);
    case 'text':
      return compared(sql`lower(${column} collate "C")`, operator, values.map(lowered));
    case 'choice':
      return compared(
        column,
        operator,
        values.map((value) => ofChoice(field, value)),
      );
    case 'date':
      return compared(
        column,
        operator,
        values.map((value) => sql`${value.kind === 'date' ? value.date : null}::date`),
      );
    case 'count':
      return compared(column, operator, values.map(wholeNumber));
    case 'average': {
      const per = sql`nullif(${sql.ref(`${anchors[field.per.table]}.${field.per.column}`)}, 0)`;
      // Compared as products: a quotient would be rounded.
      return compared(
        sql`(${column}::numeric * 1000)`,
        operator,
        values.map((value) => sql`(${thousandths(value)} * ${per})`),
        per,
      );
    }
    case 'money': {
      const own = sql`f.currency = ${day.reporting}`;
      const worth = sql`(${column}::numeric * 1000 * case when ${own} then 1 else r.rate end)`;
      return compared(
        worth,
        operator,
        values.map((value) => sql`(${thousandths(value)} * ${powerOfTen(sql`f.currency`)})`),
      );
    }
    case 'days':
      return ofDays(field, column, operator, values, day);
  }
}

const lowered = (value: RuleValue): RawBuilder<unknown> =>
  sql`lower(${value.kind === 'text' ? value.text : null}::text collate "C")`;
const thousandths = (value: RuleValue): RawBuilder<unknown> =>
  sql`${value.kind === 'number' ? value.thousandths.toString() : null}::numeric`;
const wholeNumber = (value: RuleValue): RawBuilder<unknown> =>
  sql`${value.kind === 'number' ? (value.thousandths / 1000n).toString() : null}::bigint`;

function ofChoice(field: FactField & { kind: 'choice' }, value: RuleValue): RawBuilder<unknown> {
  const text = value.kind === 'text' ? value.text : null;
  return field.choices === 'client' || field.choices === 'user' ? sql`${text}::uuid` : sql`${text}::text`;
}

function ofFlag(
  field: FactField & { kind: 'flag' },
  column: RawBuilder<unknown>,
  [value]: readonly RuleValue[],
  day: RuleDay,
): RawBuilder<unknown> {
  const so =
    field.when === 'known'
      ? sql`${column} is not null`
      : field.when === 'true'
        ? sql`${column} is true`
        : sql`coalesce(${column} > ${day.at}, false)`;
  return value?.kind === 'flag' && value.flag ? so : sql`not (${so})`;
}

/** `known`: an expression that is unknown when the fact is, where the fact itself would not say so. */
function compared(
  fact: RawBuilder<unknown>,
  operator: Operator,
  values: readonly RawBuilder<unknown>[],
  known: RawBuilder<unknown> = fact,
): RawBuilder<unknown> {
  const [first, second] = values;
  switch (operator) {
    case 'null':
      return sql`${known} is null`;
    case 'notNull':
      return sql`${known} is not null`;
    case '=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return sql`${fact} ${sql.raw(operator)} ${first}`;
    case '!=':
      return sql`${fact} <> ${first}`;
    case 'between':
      return sql`${fact} between ${first} and ${second}`;
    case 'notBetween':
      return sql`${fact} not between ${first} and ${second}`;
    case 'in':
      return values.length === 0 ? sql`false` : sql`${fact} in (${sql.join(values)})`;
    case 'notIn':
      return values.length === 0 ? sql`true` : sql`${fact} not in (${sql.join(values)})`;
    // Not LIKE: a per cent sign that somebody looks for is a per cent sign.
    case 'contains':
      return sql`position(${first} in ${fact}) > 0`;
    case 'doesNotContain':
      return sql`not (position(${first} in ${fact}) > 0)`;
    case 'beginsWith':
      return sql`starts_with(${fact}, ${first})`;
    case 'doesNotBeginWith':
      return sql`not starts_with(${fact}, ${first})`;
    case 'endsWith':
      return sql`right(${fact}, length(${first})) = ${first}`;
    case 'doesNotEndWith':
      return sql`not (right(${fact}, length(${first})) = ${first})`;
  }
}

/**
 * Days since a date are more than five when the date is before the day five days ago; of an instant, when it is before the first
 * instant of that local day. Days until run the other way.
 */
function ofDays(
  field: FactField & { kind: 'days' },
  column: RawBuilder<unknown>,
  operator: Operator,
  values: readonly RuleValue[],
  day: RuleDay,
): RawBuilder<unknown> {
  if (operator === 'null') return sql`${column} is null`;
  if (operator === 'notNull') return sql`${column} is not null`;
  const counts = values.map((value) => (value.kind === 'number' ? Number(value.thousandths / 1000n) : 0));
  const [first = 0, second = first] = counts;
  const [least, most] = rangeOf(operator, first, second);
  // The day on which the count is n: later days have fewer days since, and more days until.
  const dayOf = (n: number): CalendarDate => addDays(day.asOf, field.towards === 'since' ? -n : n);
  const [from, to] = field.towards === 'since' ? [most, least] : [least, most];
  const bounds = [
    ...(from === null ? [] : [sql`${column} >= ${startOf(field, dayOf(from), day.zone)}`]),
    ...(to === null ? [] : [sql`${column} < ${startOf(field, addDays(dayOf(to), 1), day.zone)}`]),
  ];
  const within = sql`(${sql.join(bounds, sql` and `)})`;
  return operator === '!=' || operator === 'notBetween' ? sql`not ${within}` : within;
}

/** Least and most days that the operator lets through (before it is turned round), both included; null: no end. */
function rangeOf(operator: Operator, first: number, second: number): readonly [number | null, number | null] {
  switch (operator) {
    case '<':
      return [null, first - 1];
    case '<=':
      return [null, first];
    case '>':
      return [first + 1, null];
    case '>=':
      return [first, null];
    case 'between':
    case 'notBetween':
      return [first, second];
    default:
      return [first, first];
  }
}

const startOf = (field: FactField & { kind: 'days' }, date: CalendarDate, zone: TimeZone): RawBuilder<unknown> =>
  field.of === 'date' ? sql`${date}::date` : sql`${startOfDay(date, zone)}::timestamptz`;
