import type { Rule } from './rule-pack.ts';

/**
 * A tenant's own reading of one rule that the packs hold from a secondary source or list unverified, from a day on. `part` names the rule
 * among those of its id; null: the one without a part.
 */
export type Replacement = {
  readonly id: string;
  readonly ruleId: string;
  readonly part: string | null;
  /** In force with these parameters, or off. */
  readonly mode: 'on' | 'off';
  /** The values that differ from the shipped ones, by the names of `settable`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly from: string;
  /** First day on which the shipped text holds again; null: not ended. */
  readonly to: string | null;
};

/** Whether a rule may be replaced at all: law that was read or is known, and limits of the house, may not. */
export const isReplaceable = (rule: Pick<Rule, 'confidence'>): boolean =>
  rule.confidence === 'S' || rule.confidence === 'U';

/** Whether a replacement names this rule. */
export const replaces = (one: Pick<Replacement, 'ruleId' | 'part'>, rule: Pick<Rule, 'id' | 'part'>): boolean =>
  one.ruleId === rule.id && one.part === (rule.part ?? null);

/**
 * The texts of a shipped rule by date with a tenant's replacements in their places: before each and after its end the rule is as shipped.
 * A rule that may not be replaced comes back as it was, whatever is asked for.
 */
export function textsOf(rule: Rule, replacements: readonly Replacement[]): Rule[] {
  if (!isReplaceable(rule)) return [rule];
  return replacements
    .filter((one) => replaces(one, rule))
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .reduce<Rule[]>((texts, one) => texts.flatMap((text) => cut(text, one, rule)), [rule]);
}

/** Replacements with one more, before which those of the same rule end. */
export const withReplacement = (all: readonly Replacement[], one: Replacement): Replacement[] => [
  ...all.map((other) =>
    other.ruleId === one.ruleId && other.part === one.part && (other.to === null || other.to > one.from)
      ? { ...other, to: one.from }
      : other,
  ),
  one,
];

const last = '9999-12-31';
const until = (end: string) => (end === last ? {} : { effectiveTo: end });

function cut(text: Rule, one: Replacement, shipped: Rule): Rule[] {
  const { effectiveTo = last, ...rest } = text;
  const start = one.from > text.effectiveFrom ? one.from : text.effectiveFrom;
  const end = one.to !== null && one.to < effectiveTo ? one.to : effectiveTo;
  if (start >= end) return [text];
  return [
    ...(start > text.effectiveFrom ? [{ ...rest, effectiveTo: start }] : []),
    ...(one.mode === 'on'
      ? [{ ...byCounsel(settle(shipped, one.parameters)), effectiveFrom: start, ...until(end) } as Rule]
      : []),
    ...(end < effectiveTo ? [{ ...rest, effectiveFrom: end, ...until(effectiveTo) } as Rule] : []),
  ];
}

function byCounsel({ effectiveTo: _open, ...rule }: Rule): Rule {
  return {
    ...rule,
    confidence: 'counsel',
    citation: `${rule.citation}; as counsel of this organisation reads it`,
  } as Rule;
}

type Values = Readonly<Record<string, unknown>>;
const given = <T>(values: Values, name: string, now: T): T => (name in values ? (values[name] as T) : now);

/** The rule with the values of a replacement; what is wrong with them shows when the rule is parsed. */
export function settle(rule: Rule, values: Values): Rule {
  switch (rule.kind) {
    case 'hours': {
      const { holidays, ...rest } = rule.parameters;
      const windows = rest.windows.map((window, i) => ({
        weekdays: given(values, `weekdays${i + 1}`, window.weekdays),
        opens: given(values, `opens${i + 1}`, window.opens),
        closes: given(values, `closes${i + 1}`, window.closes),
      }));
      const closed = given<unknown>(values, 'publicHolidays', holidays !== undefined) === true;
      return {
        ...rule,
        parameters: { ...rest, windows, ...(closed && { holidays: holidays ?? ('person' as const) }) },
      };
    }
    case 'cap':
    case 'cool_down':
    case 'stop':
    case 'clock': {
      const changed = numbersOf(rule).map(({ name, now }) => [name, given(values, name, now)]);
      return { ...rule, parameters: { ...rule.parameters, ...Object.fromEntries(changed) } } as Rule;
    }
    case 'prerequisite': {
      const anyOf = rule.parameters.anyOf.map((way, i) =>
        way.waitDays === undefined ? way : { ...way, waitDays: given(values, `waitDays${i + 1}`, way.waitDays) },
      );
      return { ...rule, parameters: { anyOf } };
    }
    case 'computation': {
      const changed = Object.entries(rule.parameters).map(([name, value]) => [name, figure(values, name, value)]);
      return { ...rule, parameters: Object.fromEntries(changed) };
    }
    case 'condition':
    case 'own_state':
      return rule;
  }
}

function figure(values: Values, name: string, now: unknown): unknown {
  if (typeof now !== 'object' || now === null || Array.isArray(now)) return given(values, name, now);
  return Object.fromEntries(Object.entries(now).map(([key, one]) => [key, given(values, `${name}.${key}`, one)]));
}

const counted: Readonly<Record<string, string>> = {
  limit: 'At most',
  windowDays: 'In so many days',
  lastsDays: 'Days it lasts',
  startsAfterDays: 'Days until it begins',
  days: 'Days',
};

/** The numbers of a rule that counts, by name. */
function numbersOf(rule: Rule): { readonly name: string; readonly label: string; readonly now: number }[] {
  return Object.entries(rule.parameters).flatMap(([name, now]) => {
    const label = counted[name];
    return typeof now === 'number' && label !== undefined ? [{ name, label, now }] : [];
  });
}

/** One value of a rule that a replacement may give anew. */
export type Settable = {
  readonly name: string;
  readonly label: string;
  readonly kind: 'time' | 'number' | 'weekdays' | 'yes';
  readonly current: string;
  /** Weekdays of a window now. */
  readonly days: readonly number[];
};

/** What of a rule a replacement can set; a rule without any can only be turned on or off. */
export function settable(rule: Rule): Settable[] {
  const field = (name: string, label: string, kind: Settable['kind'], current: unknown, days: number[] = []) => ({
    name,
    label,
    kind,
    current: String(current),
    days,
  });
  switch (rule.kind) {
    case 'hours': {
      const { windows, holidays } = rule.parameters;
      const which = (i: number) => (windows.length === 1 ? '' : `, window ${i + 1}`);
      return [
        ...windows.flatMap((window, i) => [
          field(`opens${i + 1}`, `Opens at${which(i)}`, 'time', window.opens),
          field(`closes${i + 1}`, `Closes at${which(i)}`, 'time', window.closes),
          field(`weekdays${i + 1}`, `On${which(i)}`, 'weekdays', '', window.weekdays),
        ]),
        field('publicHolidays', 'Closed on public holidays', 'yes', holidays === undefined ? 'no' : 'yes'),
      ];
    }
    case 'cap':
    case 'cool_down':
    case 'stop':
    case 'clock':
      return numbersOf(rule).map(({ name, label, now }) => field(name, label, 'number', now));
    case 'prerequisite':
      return rule.parameters.anyOf.flatMap((way, i) =>
        way.waitDays === undefined ? [] : [field(`waitDays${i + 1}`, 'Days to wait', 'number', way.waitDays)],
      );
    case 'computation':
      return Object.entries(rule.parameters).flatMap(([name, now]) => {
        if (typeof now === 'number') return [field(name, spoken(name), 'number', now)];
        if (typeof now !== 'object' || Array.isArray(now)) return [];
        return Object.entries(now).map(([key, one]) =>
          field(`${name}.${key}`, `${spoken(name)}: ${key}`, 'number', one),
        );
      });
    case 'condition':
    case 'own_state':
      return [];
  }
}

const spoken = (name: string) => {
  const apart = name
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `${apart.charAt(0).toUpperCase()}${apart.slice(1)}`;
};
