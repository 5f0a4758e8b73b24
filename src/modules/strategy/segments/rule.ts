import { z } from 'zod';
import { type CalendarDate, parseCalendarDate } from '../../../kernel/calendar.ts';
import { currencies } from '../../../kernel/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../../kernel/result.ts';
import { type FactField, type FactKind, findField } from './fact-catalogue.ts';

/** Comparisons a rule may make; named as the visual query builder names them. */
export const operators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'notBetween',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'beginsWith',
  'doesNotBeginWith',
  'endsWith',
  'doesNotEndWith',
  'null',
  'notNull',
] as const;
export type Operator = (typeof operators)[number];

const ordered = ['=', '!=', '<', '<=', '>', '>=', 'between', 'notBetween', 'null', 'notNull'] as const;
const listed = ['=', '!=', 'in', 'notIn', 'null', 'notNull'] as const;
const known: Readonly<Record<FactKind, readonly Operator[]>> = {
  text: [...listed, 'contains', 'doesNotContain', 'beginsWith', 'doesNotBeginWith', 'endsWith', 'doesNotEndWith'],
  choice: listed,
  count: [...ordered, 'in', 'notIn'],
  average: ordered,
  money: ordered,
  date: ordered,
  days: ordered,
  flag: ['='],
};

/** What may be asked about a field. A flag is asked only whether it is so; it is never unknown. */
export const operatorsOf = (field: FactField): readonly Operator[] => known[field.kind];

/** Thousandths, so that decimals are compared exactly: three digits after the point are the most a currency has. */
export type Thousandths = bigint;
export type RuleValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly thousandths: Thousandths }
  | { readonly kind: 'date'; readonly date: CalendarDate }
  | { readonly kind: 'flag'; readonly flag: boolean };

export type Condition = {
  readonly field: FactField;
  readonly operator: Operator;
  readonly values: readonly RuleValue[];
};
export type Group = {
  readonly combinator: 'and' | 'or';
  readonly not: boolean;
  readonly rules: readonly (Condition | Group)[];
};

/** A rule over the facts of an account, parsed: every field known, every operator fit for it, every value typed. */
export type Rule = Group;

export const isGroup = (node: Condition | Group): node is Group => 'combinator' in node;

export type RuleRefusal = 'malformed_rule';

/** The most a rule may hold: beyond it nobody reads it aloud, and the database plans it slowly. */
export const limits = { conditions: 100, depth: 6, list: 1000, text: 200 } as const;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const condition = z.object({
  field: z.string(),
  operator: z.string(),
  value: z.union([scalar, z.array(scalar), z.null()]).optional(),
});
const group = z.object({
  combinator: z.string(),
  not: z.boolean().optional(),
  rules: z.array(z.unknown()),
});

/**
 * Reads a rule in the shape the query builder edits: `{combinator, not?, rules: [{field, operator, value} | group]}`; ids and
 * other marks of the editor are left aside. An empty rule matches every account.
 *
 * Refuses: `malformed_rule`, with a sentence for every fault under its path (`rules.2.rules.0`).
 */
export function parseRule(input: unknown): Result<Rule, RuleRefusal> {
  const faults = new Map<string, string>();
  const count = { conditions: 0 };
  const rule = readGroup(input, [], faults, count);
  if (count.conditions > limits.conditions)
    faults.set('rules', `A rule holds at most ${limits.conditions} conditions; this one has ${count.conditions}.`);
  const [first] = faults.values();
  if (rule === null || first !== undefined) return refuse('malformed_rule', first ?? '', Object.fromEntries(faults));
  return ok(rule);
}

type Path = readonly (string | number)[];

function readGroup(
  input: unknown,
  path: Path,
  faults: Map<string, string>,
  count: { conditions: number },
): Group | null {
  const fault = (sentence: string): null => {
    faults.set(path.join('.'), sentence);
    return null;
  };
  if (path.length / 2 >= limits.depth) return fault(`Groups are nested at most ${limits.depth} deep.`);
  const read = group.safeParse(input);
  if (!read.success) return fault('A group needs a combinator (and, or) and a list of rules.');
  const { combinator, not = false, rules } = read.data;
  if (combinator !== 'and' && combinator !== 'or')
    return fault(`"${combinator.slice(0, 40)}" is no combinator; use and or or.`);
  const parts = rules.map((one, at) => {
    const here = [...path, 'rules', at];
    if (typeof one === 'object' && one !== null && 'rules' in one) return readGroup(one, here, faults, count);
    count.conditions += 1;
    // Past the limit nothing more is read: a hostile rule must not cost more than it says.
    if (count.conditions > limits.conditions) return null;
    return readCondition(one, here, faults);
  });
  const whole = parts.filter((one) => one !== null);
  return { combinator, not, rules: whole };
}

function readCondition(input: unknown, path: Path, faults: Map<string, string>): Condition | null {
  const fault = (sentence: string): null => {
    faults.set(path.join('.'), sentence);
    return null;
  };
  const read = condition.safeParse(input);
  if (!read.success) return fault('A condition needs a field, an operator and a value.');
  const field = findField(read.data.field);
  if (!field) return fault(`There is no field "${read.data.field.slice(0, 60)}". Choose one of the list.`);
  const operator = operatorsOf(field).find((one) => one === read.data.operator);
  if (!operator)
    return fault(
      `"${read.data.operator.slice(0, 40)}" cannot be asked of ${field.label}; use one of: ${operatorsOf(field).join(', ')}.`,
    );
  const values = readValues(field, operator, read.data.value ?? null);
  return values.ok ? { field, operator, values: values.value } : fault(values.detail);
}

type Raw = string | number | boolean;

function readValues(
  field: FactField,
  operator: Operator,
  input: Raw | readonly Raw[] | null,
): Result<readonly RuleValue[], 'bad_value'> {
  if (operator === 'null' || operator === 'notNull') return ok([]);
  const many = operator === 'in' || operator === 'notIn';
  const range = operator === 'between' || operator === 'notBetween';
  const given = Array.isArray(input) ? (input as readonly Raw[]) : null;
  if (many || range) {
    if (given === null) return refuse('bad_value', `${field.label} needs a list of values here.`);
    if (range && given.length !== 2) return refuse('bad_value', `${field.label} needs two values here: from and to.`);
    if (given.length > limits.list)
      return refuse('bad_value', `A list holds at most ${limits.list} values; this one has ${given.length}.`);
    return readAll(field, given);
  }
  if (given !== null || input === null) return refuse('bad_value', `${field.label} needs one value here.`);
  return readAll(field, [input as Raw]);
}

function readAll(field: FactField, given: readonly Raw[]): Result<readonly RuleValue[], 'bad_value'> {
  const values: RuleValue[] = [];
  for (const raw of given) {
    const read = readValue(field, raw);
    if (!read.ok) return read;
    values.push(read.value);
  }
  return ok(values);
}

function readValue(field: FactField, raw: Raw): Result<RuleValue, 'bad_value'> {
  const bad = (wanted: string): Refusal<'bad_value'> =>
    refuse('bad_value', `${field.label} needs ${wanted}; "${String(raw).slice(0, 40)}" is not.`);
  switch (field.kind) {
    case 'flag': {
      if (raw === true || raw === 'true') return ok({ kind: 'flag', flag: true });
      return raw === false || raw === 'false' ? ok({ kind: 'flag', flag: false }) : bad('yes or no');
    }
    case 'date': {
      const read = parseCalendarDate(String(raw));
      return read.ok ? ok({ kind: 'date', date: read.value }) : bad('a date such as 2026-01-31');
    }
    case 'count':
    case 'days': {
      const whole = numberOf(raw, 0);
      // A hundred years either way: no age is beyond, and the calendar ends.
      if (whole === null || whole > 36_525_000n || whole < -36_525_000n)
        return bad(field.kind === 'days' ? 'a whole number of days (at most 36525)' : 'a whole number');
      return ok({ kind: 'number', thousandths: whole });
    }
    case 'average':
    case 'money': {
      const amount = numberOf(raw, 3);
      return amount === null
        ? bad('a number such as 1250.50, at most three digits after the point')
        : ok({ kind: 'number', thousandths: amount });
    }
    case 'choice':
    case 'text': {
      if (typeof raw !== 'string') return bad('a text');
      return readText(field, raw, bad);
    }
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function readText(
  field: FactField & { kind: 'text' | 'choice' },
  raw: string,
  bad: (wanted: string) => Refusal<'bad_value'>,
): Result<RuleValue, 'bad_value'> {
  if (raw.length > limits.text) return bad(`at most ${limits.text} characters`);
  if (field.kind === 'text') {
    // The database holds no such text, and would refuse to compare with it.
    const storable = raw.isWellFormed() && !raw.includes('\0');
    return storable ? ok({ kind: 'text', text: raw }) : bad('readable text');
  }
  const { choices } = field;
  const chosen =
    choices === 'client' || choices === 'user'
      ? uuid.test(raw)
      : (choices === 'currency' ? (currencies as readonly string[]) : choices).includes(raw);
  if (chosen) return ok({ kind: 'text', text: raw });
  return typeof choices === 'string' ? bad(`a ${choices}`) : bad(`one of ${choices.join(', ')}`);
}

/** Thousandths of a plain decimal; null when it is none or has more digits after the point than allowed. */
function numberOf(raw: Raw, digits: 0 | 3): bigint | null {
  const found = /^(-?)(\d{1,15})(?:\.(\d{1,3}))?$/.exec(typeof raw === 'boolean' ? '' : String(raw).trim());
  if (!found || (digits === 0 && found[3] !== undefined)) return null;
  const size = BigInt(`${found[2]}${(found[3] ?? '').padEnd(3, '0')}`);
  return found[1] === '-' ? -size : size;
}
