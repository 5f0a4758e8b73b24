import { z } from 'zod';
import {
  asksAboutDebt,
  type Condition,
  conditionSchema,
  eventPatternSchema,
  patternAsksAboutDebt,
} from './condition.ts';
import { isJurisdiction } from './jurisdictions.ts';
import { channels } from './proposal.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const endOfWindow = z.union([timeOfDay, z.literal('24:00')]);
const day = z.iso.date();
const isoWeekday = z.int().min(1).max(7);

const anyRule = {
  id: z.string().regex(/^[A-Z0-9-]+$/),
  /** Tells apart the rules that one provision of law needs several of. */
  part: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  title: z.string().min(1),
  /** What it says, in words for people who have to live with it. */
  sentence: z.string().min(1),
  citation: z.string().min(1),
  /**
   * V read, R recalled, S secondary, U unverified (listed, off), policy: a limit of the house and not of the law; counsel: a tenant's own
   * text in the place of an S or U, which no shipped pack holds.
   */
  confidence: z.enum(['V', 'R', 'S', 'U', 'policy', 'counsel']),
  /** The law it belongs to; `*`: everywhere. */
  jurisdiction: z
    .string()
    .refine((code) => code === '*' || isJurisdiction(code), { error: 'is not a known jurisdiction' }),
  collectors: z.array(z.enum(['first_party', 'third_party', 'debt_buyer'])).min(1),
  debtKinds: z.array(z.enum(['commercial', 'consumer'])).min(1),
  acts: z
    .array(z.enum(['automatic_message', 'manual_message', 'manual_call']))
    .min(1)
    .optional(),
  channels: z.array(z.enum(channels)).min(1),
  /** Asked only where this holds or cannot be told. */
  when: conditionSchema.optional(),
  /** Not asked where one of these certainly holds. */
  unless: z
    .array(z.strictObject({ because: z.string().min(1), condition: conditionSchema }))
    .min(1)
    .optional(),
  /** Other ids under which the law knows what this rule says: a breach is one of them too. */
  alsoKnownAs: z.array(z.string()).min(1).optional(),
  /** A named person may override it with a reason and a second person's approval. */
  rebuttable: z.literal(true).optional(),
  /** What the content must carry wherever the rule applies. */
  requires: z.array(z.string()).min(1).optional(),
  effectiveFrom: day,
  /** First day on which the rule no longer holds. */
  effectiveTo: day.optional(),
};

const consentWindow = z.strictObject({ days: z.int().min(1) });

// What makes one way of being allowed; see `prerequisite`.
const alternativeSchema = z.strictObject({
  event: eventPatternSchema,
  /** Open on the day so many days after the event's. */
  waitDays: z.int().min(0).optional(),
  /** Open on the day after the date in this member. */
  waitUntil: z.string().optional(),
  /** The date in this member must lie at least so many days after the event. */
  leaves: z.strictObject({ member: z.string(), days: z.int().min(1) }).optional(),
  /** Only the latest event of these types counts, whether or not it is as wanted. */
  latest: z.literal(true).optional(),
  /** Worth nothing after such an event; `withinDays`: only when it comes in the first days. */
  voidedBy: eventPatternSchema.optional(),
  voidWithinDays: z.int().min(1).optional(),
  /** As a further event: the date in this member, where it has one, must not lie after the event it is further to. */
  reachesBackTo: z.string().optional(),
  /** A further event that must be there too. */
  get and() {
    return alternativeSchema.optional();
  },
});
/** One way of satisfying a prerequisite. */
export type Alternative = z.infer<typeof alternativeSchema>;

/** A day off so many days after a public holiday; with a weekday only where it falls on that one. */
const furtherHoliday = z.strictObject({
  name: z.string().min(1),
  after: z.string().min(1),
  days: z.int().min(1),
  weekday: isoWeekday.optional(),
});

const ruleSchema = z.discriminatedUnion('kind', [
  /** Open inside the windows on the wall of every zone the person may be in. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('hours'),
    parameters: z.strictObject({
      windows: z
        .array(z.strictObject({ weekdays: z.array(isoWeekday).min(1), opens: timeOfDay, closes: endOfWindow }))
        .min(1),
      /** Closed on public holidays: of the person's country and region, or of the one named and on the days the law adds to them. */
      holidays: z
        .union([
          z.literal('person'),
          z.strictObject({
            country: z.string().length(2),
            region: z.string().optional(),
            also: z.array(furtherHoliday).min(1).optional(),
          }),
        ])
        .optional(),
      /** Times the person called inconvenient are closed, and times agreed with this collector open. */
      wishes: z.boolean(),
      /** Events that tell the person's own hours there, which then stand in place of the windows. */
      ownHours: eventPatternSchema.optional(),
      unknownZone: z.enum(['deny', 'ignore']),
    }),
  }),
  /** At most `limit` in any window of local calendar days, the proposed one included. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('cap'),
    parameters: z.strictObject({
      limit: z.int().min(1),
      windowDays: z.int().min(1).max(366).optional(),
      /** Instead of a rolling window: the calendar week that begins on Monday. */
      calendarWeek: z.literal(true).optional(),
      counts: z.array(eventPatternSchema).min(1),
      /** Counts only what came after the first such event, and nothing before there is one. */
      since: eventPatternSchema.optional(),
      /** Calls the person consented to, given to this collector, are outside the count for so many days. */
      consented: consentWindow.optional(),
    }),
  }),
  /** After such an event nothing for `days` local days, its own day being day one. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('cool_down'),
    parameters: z.strictObject({
      days: z.int().min(1).max(366),
      after: eventPatternSchema,
      consented: consentWindow.optional(),
    }),
  }),
  /** Closed from such an event until another ends it, or until its days have run. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('stop'),
    parameters: z.strictObject({
      startedBy: eventPatternSchema,
      /** Member with the first day; absent: the day of the event, or so many days after it. */
      startsOn: z.string().optional(),
      startsAfterDays: z.int().min(0).optional(),
      /** How many days it lasts, the first included; absent: until ended. */
      lastsDays: z.int().min(1).optional(),
      /** Member with the last day. */
      lastDay: z.string().optional(),
    }),
  }),
  /** Open only when one of the alternatives is satisfied. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('prerequisite'),
    parameters: z.strictObject({ anyOf: z.array(alternativeSchema).min(1) }),
  }),
  /** Closed when the condition holds, or cannot be told. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('condition'),
    parameters: z.strictObject({ deny: conditionSchema }),
  }),
  /** A state of the tenant's own books. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('own_state'),
    parameters: z.strictObject({
      state: z.enum([
        'hold',
        'wide_stop',
        'stale_feed',
        'no_address',
        'bad_address',
        'account_state',
        'sensitive',
        'nothing_due',
        'not_yet_happened',
      ]),
      /** For `hold`: the effect that stops this act. */
      effect: z.string().optional(),
      /** For `account_state`: the states in which the account may be spoken about. */
      allowed: z.array(z.string()).optional(),
    }),
  }),
  /** Something to be done in time after an event; decides no contact, is listed when it runs out. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('clock'),
    parameters: z.strictObject({
      startedBy: eventPatternSchema,
      doneBy: eventPatternSchema,
      days: z.int().min(1),
      businessDays: z.boolean(),
    }),
  }),
  /** Numbers a computation takes from the law: periods, rates, terms. Decides no contact. */
  z.strictObject({
    ...anyRule,
    kind: z.literal('computation'),
    parameters: z.record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.record(z.string(), z.number())]),
    ),
  }),
]);

const packSchema = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string().min(1),
  title: z.string().min(1),
  /** A house pack holds limits stricter than the law, which a deployment may choose. */
  house: z.boolean(),
  rules: z.array(ruleSchema).min(1),
});

/** One dated, cited rule; `kind` names the interpreter, everything else is data. */
export type Rule = z.infer<typeof ruleSchema>;
export type RuleKind = Rule['kind'];
export type RuleOf<Kind extends RuleKind> = Extract<Rule, { kind: Kind }>;

/** A set of rules that is published and versioned together. */
export type RulePack = z.infer<typeof packSchema>;

/** Whether the rule judges each debt of an act by itself. */
export function judgesEachDebt(rule: Rule): boolean {
  const conditions: Condition[] = [
    ...(rule.when ? [rule.when] : []),
    ...(rule.unless ?? []).map((one) => one.condition),
  ];
  if (conditions.some(asksAboutDebt)) return true;
  switch (rule.kind) {
    case 'cap':
      return [...rule.parameters.counts, ...(rule.parameters.since ? [rule.parameters.since] : [])].some(
        patternAsksAboutDebt,
      );
    case 'cool_down':
      return patternAsksAboutDebt(rule.parameters.after);
    case 'stop':
      return patternAsksAboutDebt(rule.parameters.startedBy);
    case 'prerequisite':
      return rule.parameters.anyOf.some(
        (one) => patternAsksAboutDebt(one.event) || (one.and !== undefined && patternAsksAboutDebt(one.and.event)),
      );
    case 'condition':
      return asksAboutDebt(rule.parameters.deny);
    case 'hours':
    case 'own_state':
    case 'clock':
    case 'computation':
      return false;
  }
}

const nameOf = (rule: Rule) => (rule.part === undefined ? rule.id : `${rule.id}/${rule.part}`);

/** Puts the pack's own terms in the place of `{"term": name}`, so that what several rules share is said once. */
function expandTerms(value: unknown, terms: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((one) => expandTerms(one, terms));
  if (typeof value !== 'object' || value === null) return value;
  const { term, ...rest } = value as { term?: unknown };
  if (typeof term === 'string' && Object.keys(rest).length === 0) {
    if (!(term in terms))
      throw new Error(`The rule pack cannot be used. It names the term "${term}" and does not define it.`);
    return expandTerms(terms[term], terms);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, expandTerms(one, terms)]));
}

function withoutTerms(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const { terms, ...pack } = input as { terms?: Record<string, unknown> };
  return expandTerms(pack, terms ?? {});
}

/**
 * Parses a pack; throws naming the rule and member that is wrong: a pack is part of the program, so a bad one is a fault. Refused
 * too: two texts of one rule in force on the same day, an end before its beginning, and a cap without a window.
 */
export function parsePack(text: unknown): RulePack {
  const input = withoutTerms(text);
  const parsed = packSchema.safeParse(input);
  if (!parsed.success)
    throw new Error(`The rule pack cannot be used. ${namesOfRules(input)}${z.prettifyError(parsed.error)}`);
  const pack = parsed.data;
  for (const rule of pack.rules) {
    if (rule.effectiveTo !== undefined && rule.effectiveTo <= rule.effectiveFrom)
      throw new Error(
        `The rule pack ${pack.key} cannot be used. ${nameOf(rule)} ends on ${rule.effectiveTo}, before it begins.`,
      );
    if (
      rule.kind === 'cap' &&
      (rule.parameters.windowDays === undefined) === (rule.parameters.calendarWeek === undefined)
    )
      throw new Error(
        `The rule pack ${pack.key} cannot be used. ${nameOf(rule)} needs either windowDays or calendarWeek.`,
      );
  }
  for (const [name, texts] of Map.groupBy(pack.rules, nameOf)) {
    const dated = [...texts].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
    dated.forEach((text, i) => {
      const next = dated[i + 1];
      if (next !== undefined && (text.effectiveTo === undefined || text.effectiveTo > next.effectiveFrom))
        throw new Error(
          `The rule pack ${pack.key} cannot be used. Two texts of ${name} are in force on ${next.effectiveFrom}: end the first or name their parts.`,
        );
    });
  }
  return pack;
}

// The path of a schema error counts rules; a person knows them by name.
function namesOfRules(input: unknown): string {
  const rules = (input as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(rules)) return '';
  const wrong = rules.flatMap((rule, i) => {
    if (ruleSchema.safeParse(rule).success) return [];
    const id = (rule as { id?: unknown } | null)?.id;
    return [typeof id === 'string' ? `${id} (rules[${i}])` : `rules[${i}]`];
  });
  return wrong.length === 0 ? '' : `Wrong: ${wrong.join(', ')}. `;
}
