import { addDays, calendarDate } from '../../kernel/calendar.ts';
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
import { type Act, type Channel, channels } from './proposal.ts';
import { type Replacement, replaces, textsOf } from './replace-rule.ts';
import { type Alternative, parsePack, type Rule, type RulePack } from './rule-pack.ts';

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
    /** Replacements that may bind around the day it was made; absent where there are none. */
    readonly replacedBy?: readonly string[];
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
export const tighten = (rule: Rule, wanted: Readonly<Record<string, unknown>>): Rule =>
  inFurtherChannels(stricter(rule, wanted), wanted['channels']);

function stricter(rule: Rule, wanted: Readonly<Record<string, unknown>>): Rule {
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
    case 'prerequisite':
      return { ...rule, parameters: { anyOf: rule.parameters.anyOf.map((one) => stricterWay(one, wanted)) } };
    case 'condition':
    case 'own_state':
    case 'computation':
      return rule;
  }
}

/** What opens a prerequisite: good for so many days at most, and only after so many days. */
function stricterWay(way: Alternative, wanted: Readonly<Record<string, unknown>>): Alternative {
  const { validDays, waitDays } = wanted;
  const within = fewer(way.event.withinDays ?? Number.POSITIVE_INFINITY, validDays);
  const wait = more(way.waitDays ?? 0, waitDays);
  return {
    ...way,
    event: Number.isFinite(within) ? { ...way.event, withinDays: within } : way.event,
    // One that waits for a date waits for that.
    ...(way.waitUntil === undefined && wait > 0 && { waitDays: wait }),
  };
}

/** Kinds that can be asked in further channels: each of their answers is a no, so more of them are stricter. */
const spreads: ReadonlySet<Rule['kind']> = new Set(['prerequisite', 'condition', 'stop']);

/** The channels a rule does not speak about and could. */
export const furtherChannels = (rule: Rule): Channel[] =>
  spreads.has(rule.kind) ? channels.filter((channel) => !rule.channels.includes(channel)) : [];

function inFurtherChannels(rule: Rule, wanted: unknown): Rule {
  const more = Array.isArray(wanted) ? furtherChannels(rule).filter((channel) => wanted.includes(channel)) : [];
  return more.length === 0 ? rule : { ...rule, channels: [...rule.channels, ...more] };
}

/** Whether a tightening is about this rule. */
export const concerns = (one: Pick<Tightening, 'ruleId' | 'part'>, rule: Rule): boolean =>
  one.ruleId === rule.id && (one.part === null || one.part === rule.part);

type RuleChanges = { readonly tightenings: readonly Tightening[]; readonly replacements: readonly Replacement[] };

/**
 * Packs with a tenant's replacements in their places by date, then its tightenings applied. `on`: the day it is made for, which says what
 * replacements are named with it.
 */
export function buildRuleBook(
  packs: readonly RulePack[],
  tightenings: readonly Tightening[],
  holidayName: HolidayLookup,
  { replacements, on }: { readonly replacements: readonly Replacement[]; readonly on: string } = noReplacements,
): RuleBook {
  const versions = packs.map((pack) => {
    const replacedBy = replacements.filter(
      (one) => bindsAround(one, on) && pack.rules.some((rule) => replaces(one, rule)),
    );
    return {
      key: pack.key,
      version: pack.version,
      tightenedBy: tightenings.filter((one) => pack.rules.some((rule) => concerns(one, rule))).map((one) => one.id),
      ...(replacedBy.length > 0 && { replacedBy: replacedBy.map((one) => one.id) }),
    };
  });
  return { ...inForce(packs, { tightenings, replacements }), holidayName, versions };
}

const noReplacements = { replacements: [], on: '' };

// A person's day may be the one before or after ours.
function bindsAround({ from, to }: Replacement, on: string): boolean {
  const day = calendarDate(on);
  return from <= addDays(day, 1) && (to === null || to >= on);
}

type InForce = Pick<RuleBook, 'packs' | 'rulesAbout'>;
const made = new WeakMap<readonly RulePack[], Map<string, InForce>>();
const mostMade = 200;

/** The changed packs, made once for all that ask with the same changes: parsing a pack takes longer than judging by it. */
function inForce(packs: readonly RulePack[], changes: RuleChanges): InForce {
  const known = made.get(packs) ?? new Map<string, InForce>();
  made.set(packs, known);
  const key = JSON.stringify([changes.tightenings, changes.replacements]);
  let found = known.get(key);
  if (found === undefined) {
    if (known.size >= mostMade) known.clear();
    const changed = packs.map((pack) => changedPack(pack, changes));
    found = { packs: changed, rulesAbout: indexOf(changed) };
    known.set(key, found);
  }
  return found;
}

// A changed rule is parsed again: no combination may leave the shapes the interpreters know. An untouched pack stays the same
// object, so that what was compiled for it serves every tenant.
function changedPack(pack: RulePack, { tightenings, replacements }: RuleChanges): RulePack {
  const touched = pack.rules.some(
    (rule) => tightenings.some((one) => concerns(one, rule)) || replacements.some((one) => replaces(one, rule)),
  );
  if (!touched) return pack;
  const rules = pack.rules
    .flatMap((rule) => textsOf(rule, replacements))
    .map((rule) =>
      tightenings.filter((one) => concerns(one, rule)).reduce((so, one) => tighten(so, one.parameters), rule),
    );
  return parsePack({ ...pack, rules });
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
