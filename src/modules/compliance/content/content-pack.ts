import { z } from 'zod';
import {
  collectorTypes,
  contentChannels,
  contentStages,
  debtKinds,
  messageParts,
  recipientKinds,
} from './content-message.ts';
import { parsePhrase, type Phrase } from './phrase.ts';
import { read } from './reading.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const phrase = z.string().transform((source, context): Phrase => {
  try {
    return parsePhrase(source);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});
const language = z.string().regex(/^[a-z]{2}$/);
const byLanguage = <T extends z.ZodType>(what: T) =>
  z.record(language, what).refine((map) => Object.keys(map).length > 0, 'Name at least one language.');
const phrases = byLanguage(z.array(phrase).min(1));
/** Something that must be said, and the wordings that say it. */
const group = z.strictObject({ meaning: z.string().min(1), phrases });
const parts = z.array(z.enum(messageParts)).min(1);

const anyRule = {
  /** The law's id in the fact sheet; a dot parts what one provision demands of different messages. */
  id: z.string().regex(/^[A-Z0-9]+(-[A-Z0-9]+)+(\.[a-z]+(-[a-z]+)*)?$/),
  title: z.string().min(1),
  /** What the law wants, as a plain sentence; `remedy` says what to do. */
  sentence: z.string().min(1),
  remedy: z.string().min(1),
  citation: z.string().min(1),
  /** V read, R recalled, S secondary, policy: a limit of the house and not of the law. */
  confidence: z.enum(['V', 'R', 'S', 'policy']),
  effect: z.enum(['refuse', 'warn']),
  /** A collector's note that holds it says it was said: an incident is opened. Without it a note is warned of. */
  inNotes: z.literal('incident').optional(),
  effectiveFrom: day,
  /** First day on which the rule no longer holds. */
  effectiveTo: day.optional(),
  appliesTo: z.strictObject({
    /** `*`: everywhere. */
    jurisdictions: z.array(z.string().regex(/^(\*|[A-Z]{2}(-[A-Z0-9]{1,3})?)$/)).min(1),
    channels: z.array(z.enum(contentChannels)).min(1),
    collectorTypes: z.array(z.enum(collectorTypes)).min(1).optional(),
    debtKinds: z.array(z.enum(debtKinds)).min(1).optional(),
    recipients: z.array(z.enum(recipientKinds)).min(1).optional(),
    stages: z.array(z.enum(contentStages)).min(1).optional(),
    timeBarred: z.boolean().optional(),
    prerecorded: z.boolean().optional(),
  }),
};

const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...anyRule,
    kind: z.literal('required_phrase'),
    groups: z.array(group).min(1),
    /** What a message that satisfies the rule is known to carry, in the words the gate asks for. */
    carries: z.array(z.string()).min(1).optional(),
    /** Words that satisfy the rule, to be added where the sender's own text lacks them. */
    wording: byLanguage(z.string().min(1)).optional(),
  }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('forbidden_phrase'),
    parts,
    phrases,
    /** Wordings that say the contrary: what stands wholly inside one of them is none of the forbidden. */
    except: phrases.optional(),
    /** Whether a firm's name may break the rule too, as a creditor's does in a subject line. */
    inNames: z.boolean().default(false),
  }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('forbidden_data'),
    parts,
    data: z
      .array(z.enum(['card_number', 'social_security_number', 'account_number', 'amount', 'telephone_prefix']))
      .min(1),
    /** For `telephone_prefix`: how the numbers begin. */
    prefixes: z.array(z.string().regex(/^\d{2,6}$/)).optional(),
  }),
  z.strictObject({
    ...anyRule,
    kind: z.literal('limited_content'),
    must: z.array(group).min(1),
    /** Words a message may be made of beside what it must hold; any other word makes it more than it may be. */
    vocabulary: byLanguage(
      z
        .array(
          z
            .string()
            .min(1)
            .transform((word) => read(word).words[0]?.text ?? word),
        )
        .min(1),
    ),
    /** What the business' own name must not say. */
    nameMustNotSay: phrases,
    /** Names of the further contents that the law allows, as structured facts state them. */
    mayAlso: z.array(z.string().min(1)),
  }),
  z.strictObject({ ...anyRule, kind: z.literal('language_match'), groups: z.array(group).min(1) }),
]);

const packSchema = z
  .strictObject({
    key: z.string().regex(/^content-[a-z0-9-]+$/),
    version: z.string().min(1),
    title: z.string().min(1),
    rules: z.array(ruleSchema).min(1),
  })
  .superRefine(({ rules }, context) => {
    for (const [index, rule] of rules.entries()) {
      if (rule.effectiveTo !== undefined && rule.effectiveTo <= rule.effectiveFrom)
        context.addIssue({
          code: 'custom',
          path: ['rules', index, 'effectiveTo'],
          message: `${rule.id} ends before it begins.`,
        });
      const twin = rules.slice(0, index).find((other) => other.id === rule.id && overlap(other, rule));
      if (twin)
        context.addIssue({
          code: 'custom',
          path: ['rules', index, 'effectiveFrom'],
          message: `${rule.id} holds twice from ${later(twin.effectiveFrom, rule.effectiveFrom)} on.`,
        });
    }
  });

type Dated = { readonly effectiveFrom: string; readonly effectiveTo?: string | undefined };
const later = (a: string, b: string) => (a > b ? a : b);
const overlap = (a: Dated, b: Dated) =>
  a.effectiveFrom < (b.effectiveTo ?? '9999-12-31') && b.effectiveFrom < (a.effectiveTo ?? '9999-12-31');

/** One dated, cited rule about wording; `kind` names the interpreter, everything else is data. */
export type ContentRule = z.infer<typeof ruleSchema>;
export type ContentRuleOf<Kind extends ContentRule['kind']> = Extract<ContentRule, { kind: Kind }>;
export type ContentPack = z.infer<typeof packSchema>;
export type Group = z.infer<typeof group>;

/** Parses a pack; throws naming the rule and member that is wrong, or the rule that holds twice at a time. */
export function parseContentPack(input: unknown): ContentPack {
  const parsed = packSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Error(`The content pack cannot be used. ${z.prettifyError(parsed.error)}`);
}

/** Packs that are used together; throws when one rule holds twice at a time across them. */
export function combinePacks(packs: readonly ContentPack[]): readonly ContentPack[] {
  const all = packs.flatMap((pack) => pack.rules.map((rule) => ({ pack: pack.key, rule })));
  for (const [index, { pack, rule }] of all.entries()) {
    const twin = all.slice(0, index).find((other) => other.rule.id === rule.id && overlap(other.rule, rule));
    if (twin) throw new Error(`${rule.id} holds twice at a time: in ${twin.pack} and in ${pack}.`);
  }
  return packs;
}
