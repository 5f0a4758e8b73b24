import b2bBaseline from './packs/b2b-baseline.json' with { type: 'json' };
import { parsePack, type Rule, type RulePack } from './rule-pack.ts';
import type { HolidayLookup } from './rules/block.ts';

/** The rules in force for a tenant: packs combined by the strictest answer, its own tightenings applied, and the holiday calendar. */
export type RuleBook = {
  readonly packs: readonly RulePack[];
  readonly holidayName: HolidayLookup;
  /** Which text of the rules this is: stored with every permit. */
  readonly versions: readonly {
    readonly key: string;
    readonly version: string;
    readonly tightenedBy: readonly string[];
  }[];
};

/** A tenant's own stricter value for one rule. */
export type Tightening = {
  readonly id: string;
  readonly ruleId: string;
  readonly parameters: Readonly<Record<string, unknown>>;
};

/** The packs that come with the program. */
export const shippedPacks: readonly RulePack[] = [parsePack(b2bBaseline)];

const later = (a: string, b: unknown) => (typeof b === 'string' && b > a ? b : a);
const earlier = (a: string, b: unknown) => (typeof b === 'string' && b < a ? b : a);
const fewer = (a: number, b: unknown) => (typeof b === 'number' && b < a ? b : a);
const more = (a: number, b: unknown) => (typeof b === 'number' && b > a ? b : a);

/** The rule with the tightening applied as far as it is stricter; what would loosen it is left as it was. */
export function tighten(rule: Rule, wanted: Readonly<Record<string, unknown>>): Rule {
  switch (rule.kind) {
    case 'quiet_hours':
      return {
        ...rule,
        parameters: {
          opens: later(rule.parameters.opens, wanted['opens']),
          closes: earlier(rule.parameters.closes, wanted['closes']),
        },
      };
    case 'business_day': {
      const weekdays = Array.isArray(wanted['weekdays'])
        ? rule.parameters.weekdays.filter((day) => (wanted['weekdays'] as unknown[]).includes(day))
        : [];
      return {
        ...rule,
        parameters: {
          weekdays: weekdays.length > 0 ? weekdays : rule.parameters.weekdays,
          publicHolidays: rule.parameters.publicHolidays || wanted['publicHolidays'] === true,
        },
      };
    }
    case 'frequency_cap':
      return {
        ...rule,
        parameters: {
          ...rule.parameters,
          limit: fewer(rule.parameters.limit, wanted['limit']),
          windowDays: more(rule.parameters.windowDays, wanted['windowDays']),
        },
      };
    case 'cool_down':
      return { ...rule, parameters: { days: more(rule.parameters.days, wanted['days']) } };
    default:
      return rule;
  }
}

/** Packs with a tenant's tightenings applied. */
export function buildRuleBook(
  packs: readonly RulePack[],
  tightenings: readonly Tightening[],
  holidayName: HolidayLookup,
): RuleBook {
  const tightened = packs.map((pack) => ({
    ...pack,
    rules: pack.rules.map((rule) =>
      tightenings
        .filter((one) => one.ruleId === rule.id)
        .reduce((stricter, one) => tighten(stricter, one.parameters), rule),
    ),
  }));
  const versions = packs.map((pack) => ({
    key: pack.key,
    version: pack.version,
    tightenedBy: tightenings.filter((one) => pack.rules.some((rule) => rule.id === one.ruleId)).map((one) => one.id),
  }));
  // A tightened rule is parsed again: no combination may leave the shapes the interpreters know.
  return { packs: tightened.map(parsePack), holidayName, versions };
}
