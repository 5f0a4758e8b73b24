import type { Ctx } from '../../kernel/ctx.ts';
import {
  cureOf,
  type Decision,
  loadRuleBook,
  type Reason,
  type Rule,
  type RulePack,
} from '../../modules/compliance/public.ts';
import { whyOfVerdict } from '../../modules/insights/public.ts';
import type { ContentVerdict } from '../../modules/outreach/public.ts';
import type { Explanation } from '../../modules/strategy/public.ts';
import type { z } from 'zod';
import type { why } from './contract/shapes.ts';
import { wire } from './wire.ts';

export type WhyBody = z.output<typeof why>;

const gateSentences = {
  allow: 'Nothing stands against it: it may be done now.',
  deny: 'It may not be done.',
  defer: 'It must wait.',
} as const;

type Answered = Pick<Decision, 'decision' | 'reasons' | 'notBefore'> & { readonly overrideId?: string | null };

/** What the gate says, or said a moment ago, as a why-card. */
export async function whyOfGate(ctx: Ctx, answer: Answered): Promise<WhyBody> {
  const { packs, versions } = await loadRuleBook(ctx);
  const [first] = answer.reasons;
  return {
    outcome: answer.decision,
    sentence: answer.overrideId
      ? 'Two people have agreed to override what stands against it: it may be done once, now.'
      : answer.decision === 'allow' || !first
        ? gateSentences[answer.decision]
        : first.sentence,
    reasons: answer.reasons.map((reason) => ({
      code: reason.ruleId,
      sentence: reason.sentence,
      citation: reason.citation,
      notBefore: reason.notBefore,
      cure: cureOf(reason, ruleOf(packs, reason)),
    })),
    overridable: !answer.overrideId && answer.reasons.length > 0 && answer.reasons.every((one) => one.rebuttable),
    facts: answer.notBefore === null ? [] : [{ name: 'Not before', value: answer.notBefore.toISOString() }],
    version: versions.map((pack) => `${pack.key} ${pack.version}`).join(', '),
    decidedAt: ctx.at.toISOString(),
    nextOn: null,
  };
}

/** What the rules about wording had against a message the gate was never asked about. */
export function whyOfContent(ctx: Ctx, verdict: ContentVerdict): WhyBody {
  return wire(whyOfVerdict(verdict, ctx.at));
}

const ruleOf = (packs: readonly RulePack[], reason: Reason): Rule | undefined =>
  packs.flatMap((pack) => pack.rules).find((rule) => rule.id === reason.ruleId && (rule.part ?? null) === reason.part);

/** A contact that came in needs no leave. */
export function whyOfInbound(ctx: Ctx): WhyBody {
  return {
    outcome: 'allow',
    sentence: 'The debtor called; taking a call needs no leave.',
    reasons: [],
    facts: [],
    version: 'none asked',
    decidedAt: ctx.at.toISOString(),
    nextOn: null,
  };
}

/** What the strategy says about an account as a why-card. */
export function whyOfStrategy(explanation: Explanation): WhyBody {
  return {
    outcome: explanation.outcome,
    sentence: explanation.sentence,
    reasons: explanation.reasons.map((reason) => ({
      ...reason,
      citation: null,
      notBefore: reason.notBefore?.toISOString() ?? null,
    })),
    facts: [...explanation.facts],
    version: explanation.version,
    decidedAt: explanation.decidedAt.toISOString(),
    nextOn: explanation.nextOn,
  };
}

/** The card of an account that no strategy version is in effect for yet. */
export function whyOfNothing(ctx: Ctx, sentence: string): WhyBody {
  return {
    outcome: 'wait',
    sentence,
    reasons: [],
    facts: [],
    version: 'none',
    decidedAt: ctx.at.toISOString(),
    nextOn: null,
  };
}
