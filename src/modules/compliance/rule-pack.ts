import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const isoWeekday = z.int().min(1).max(7);

const anyRule = {
  id: z.string().regex(/^[A-Z0-9-]+$/),
  title: z.string().min(1),
  citation: z.string().min(1),
  /** V read, R recalled, S secondary, U unverified, policy: a limit of the house and not of the law. */
  confidence: z.enum(['V', 'R', 'S', 'U', 'policy']),
  acts: z.array(z.enum(['automatic_message', 'manual_message', 'manual_call'])).min(1),
  channels: z.array(z.enum(['email', 'call', 'letter', 'sms', 'visit'])).min(1),
  /** Only for people in these countries; absent: everywhere. */
  countries: z.array(z.string().length(2)).optional(),
  effectiveFrom: day,
  /** First day on which the rule no longer holds. */
  effectiveTo: day.optional(),
};

const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...anyRule,
    kind: z.literal('quiet_hours'),
    parameters: z.strictObject({ opens: timeOfDay, closes: timeOfDay }),
  }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('business_day'),
    parameters: z.strictObject({ weekdays: z.array(isoWeekday).min(1), publicHolidays: z.boolean() }),
  }),
  z.strictObject({ ...anyRule, kind: z.literal('time_wish'), parameters: z.strictObject({}) }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('frequency_cap'),
    parameters: z.strictObject({
      limit: z.int().min(1),
      windowDays: z.int().min(1).max(31),
      /** Whose contacts are counted together: the person's with everyone, with this client, or those to this address. */
      per: z.enum(['person', 'client', 'address']),
      channels: z.array(z.enum(['email', 'call', 'letter', 'sms', 'visit'])).min(1),
      automaticOnly: z.boolean(),
    }),
  }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('cool_down'),
    parameters: z.strictObject({ days: z.int().min(1).max(31) }),
  }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('opt_out'),
    parameters: z.strictObject({ kinds: z.array(z.enum(['opt_out', 'cease'])).min(1) }),
  }),
  z.strictObject({ ...anyRule, kind: z.literal('consent'), parameters: z.strictObject({ scope: z.string().min(1) }) }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('blocked_state'),
    parameters: z.strictObject({
      state: z.enum([
        'hold',
        'wide_stop',
        'stale_feed',
        'no_address',
        'bad_address',
        'no_zone',
        'account_state',
        'sensitive',
        'nothing_due',
      ]),
      /** For `hold`: the effect that stops this act. */
      effect: z.string().optional(),
      /** For `account_state`: the states in which the account may be spoken about. */
      allowed: z.array(z.string()).optional(),
    }),
  }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('required_content'),
    parameters: z.strictObject({ content: z.array(z.string()).min(1) }),
  }),
  z.strictObject({ ...anyRule, kind: z.literal('not_in_the_future'), parameters: z.strictObject({}) }),
]);

const packSchema = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string().min(1),
  title: z.string().min(1),
  jurisdiction: z.string().min(1),
  collectorTypes: z.array(z.string()).min(1),
  debtKinds: z.array(z.enum(['commercial', 'consumer'])).min(1),
  rules: z.array(ruleSchema).min(1),
});

/** One dated, cited rule; `kind` names the interpreter, everything else is data. */
export type Rule = z.infer<typeof ruleSchema>;
export type RuleKind = Rule['kind'];
export type RuleOf<Kind extends RuleKind> = Extract<Rule, { kind: Kind }>;

/** A set of rules that is published and versioned together. */
export type RulePack = z.infer<typeof packSchema>;

/** Parses a pack; throws naming the rule and member that is wrong: a pack is part of the program, so a bad one is a fault. */
export function parsePack(input: unknown): RulePack {
  const parsed = packSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Error(`The rule pack cannot be used. ${z.prettifyError(parsed.error)}`);
}
