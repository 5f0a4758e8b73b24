import type { CollectorType } from './gate-facts.ts';
import type { HolidayLookup } from './judged-case.ts';
import au from './packs/au.json' with { type: 'json' };
import b2bBaseline from './packs/b2b-baseline.json' with { type: 'json' };
import ca from './packs/ca.json' with { type: 'json' };
import controls from './packs/controls.json' with { type: 'json' };
import eu from './packs/eu.json' with { type: 'json' };
import india from './packs/in.json' with { type: 'json' };
import uk from './packs/uk.json' with { type: 'json' };
import usFederal from './packs/us-federal.json' with { type: 'json' };
import usStates from './packs/us-states.json' with { type: 'json' };
import type { Act, Channel } from './proposal.ts';
import { parsePack, type Rule, type RulePack } from './rule-pack.ts';

/** The rules in force for a tenant: packs combined by the strictest answer, its own tightenings applied, and the holiday calendar. */
export type RuleBook = {
  readonly packs: readonly RulePack[];
  readonly holidayName: HolidayLookup;
  /** The rules that could bind such an act; what is unverified is listed in the packs and binds nothing. */
  readonly rulesAbout: (about: {
    readonly channel: Channel;
    readonly collector: CollectorType;
    readonly debtKind: 'consumer' | 'commercial';
    readonly act: Exclude<Act, 'recorded_after'>;
    readonly jurisdictions: readonly string[];
  }) => readonly Rule[];
  /** Which text of the rules this is: stored with every permit. */
  readonly versions: readonly {
    readonly key: string;
    readonly version: string;
    readonly tightenedBy: readonly string[];
  }[];
};

/** A tenant's own stricter value for one rule; `part` names one of several rules of the same id. */
export type Tightening = {
  readonly id: string;
  readonly ruleId: string;
  /** Null: every rule of that id. */
  readonly part: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
};

/** The packs that come with the program. */
export const shippedPacks: readonly RulePack[] = [
  b2bBaseline,
  usFederal,
  usStates,
  uk,
  eu,
  au,
  india,
  ca,
  controls,
].map(parsePack);

const later = (a: string, b: unknown) => (typeof b === 'string' && b > a ? b : a);
const earlier = (a: string, b: unknown) => (typeof b === 'string' && b < a ? b : a);
// Fewer than one is none at all, which is another kind of rule: one is the strictest a number can ask for.
const fewer = (a: number, b: unknown) => (typeof b === 'number' && b < a ? Math.max(1, Math.floor(b)) : a);
const more = (a: number, b: unknown) => (typeof b === 'number' && b > a ? b : a);
const moreIfAny = <Key extends string>(key: Key, a: number | undefined, b: unknown) =>
  a === undefined ? {} : ({ [key]: more(a, b) } as Record<Key, number>);

/** The rule with the tightening applied as far as it is stricter; what would loosen it is left as it was. */
export function tighten(rule: Rule, wanted: Readonly<Record<string, unknown>>): Rule {
  switch (rule.kind) {
    case 'hours': {
      const { windows, holidays } = rule.parameters;
      const days = Array.isArray(wanted['weekdays']) ? (wanted['weekdays'] as unknown[]) : null;
      const narrowed = windows
        .map((window) => ({
          weekdays: days === null ? window.weekdays : window.weekdays.filter((day) => days.includes(day)),
          opens: later(window.opens, wanted['opens']),
          closes: earlier(window.closes, wanted['closes']),
        }))
        .filter((window) => window.weekdays.length > 0 && window.opens < window.closes);
      const closing = holidays ?? (wanted['publicHolidays'] === true ? ('person' as const) : undefined);
      return {
        ...rule,
        parameters: {
          ...rule.parameters,
          windows: narrowed.length > 0 ? narrowed : windows,
          ...(closing !== undefined && { holidays: closing }),
        },
      };
    }
    case 'cap':
      return {
        ...rule,
        parameters: {
          ...rule.parameters,
          limit: fewer(rule.parameters.limit, wanted['limit']),
          ...moreIfAny('windowDays', rule.parameters.windowDays, wanted['windowDays']),
        },
      };
    case 'cool_down':
      return { ...rule, parameters: { ...rule.parameters, days: more(rule.parameters.days, wanted['days']) } };
    case 'stop':
      return {
        ...rule,
        parameters: { ...rule.parameters, ...moreIfAny('lastsDays', rule.parameters.lastsDays, wanted['lastsDays']) },
      };
    case 'clock':
      return { ...rule, parameters: { ...rule.parameters, days: fewer(rule.parameters.days, wanted['days']) } };
    default:
      return rule;
  }
}

/** Whether a tightening is about this rule. */
export const concerns = (one: Pick<Tightening, 'ruleId' | 'part'>, rule: Rule): boolean =>
  one.ruleId === rule.id && (one.part === null || one.part === rule.part);

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
        .filter((one) => concerns(one, rule))
        .reduce((stricter, one) => tighten(stricter, one.parameters), rule),
    ),
  }));
  const versions = packs.map((pack) => ({
    key: pack.key,
    version: pack.version,
    tightenedBy: tightenings.filter((one) => pack.rules.some((rule) => concerns(one, rule))).map((one) => one.id),
  }));
  // A tightened rule is parsed again: no combination may leave the shapes the interpreters know. An untouched pack stays the same
  // object, so that what was compiled for it serves every tenant.
  const inForce = tightened.map((pack, i) =>
    versions[i]?.tightenedBy.length === 0 ? (packs[i] ?? pack) : parsePack(pack),
  );
  return { packs: inForce, holidayName, versions, rulesAbout: indexOf(inForce) };
}

// People live in some dozens of jurisdictions; the bound only keeps odd combinations from piling up.
const mostLists = 2000;

/** The binding rules of the packs by what never changes while an act is judged, each list made on first use. */
function indexOf(packs: readonly RulePack[]): RuleBook['rulesAbout'] {
  const binding = packs
    .flatMap((pack) => pack.rules)
    .filter((rule) => rule.confidence !== 'U' && rule.kind !== 'clock' && rule.kind !== 'computation');
  const lists = new Map<string, readonly Rule[]>();
  return ({ channel, collector, debtKind, act, jurisdictions }) => {
    const key = `${channel}/${collector}/${debtKind}/${act}/${jurisdictions.join()}`;
    let list = lists.get(key);
    if (list === undefined) {
      list = binding.filter(
        (rule) =>
          rule.channels.includes(channel) &&
          rule.collectors.includes(collector) &&
          rule.debtKinds.includes(debtKind) &&
          (rule.acts === undefined || rule.acts.includes(act)) &&
          (rule.jurisdiction === '*' || jurisdictions.includes(rule.jurisdiction)),
      );
      if (lists.size >= mostLists) lists.clear();
      lists.set(key, list);
    }
    return list;
  };
}
