import { type CalendarDate, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { currency, formatMoney, money } from '../../kernel/money.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { eventWords } from '../accounts/public.ts';
import { loadTenant } from '../identity/public.ts';
import { findDecisionAt, type RecordedDecision } from './decision.sql.ts';
import type { StrategyDefinition, StrategyEvent } from './definition.ts';
import type { PlannedAct, Verdict } from './evaluate.ts';
import { type ExperimentPart, type JudgedAccount, judgeAccount } from './judge-account.ts';
import type { AccountView } from './picture.sql.ts';
import { isNonAction, nonActionReasons } from './reasons.ts';
import { nameOfVersion } from './versions.sql.ts';

/** The why-card of the strategy: what is or was said about an account, and from what. */
export type Explanation = {
  readonly accountId: string;
  readonly outcome: 'act' | 'wait' | 'stop';
  readonly sentence: string;
  readonly reasons: readonly {
    readonly code: string;
    readonly sentence: string;
    readonly cure: string | null;
    readonly notBefore: Date | null;
  }[];
  /** Name → value as a person reads it. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly version: string;
  readonly decidedAt: Date;
  /** The day on which time alone brings the next step; null when none will. */
  readonly nextOn: CalendarDate | null;
};

/**
 * Why an account is or is not acted on: now, evaluated from today's facts; at a past instant, as it was decided then and
 * kept. Refuses: `unknown_account`, `no_strategy`, `no_decision` (nothing had been decided by then).
 */
export async function explainAccount(
  ctx: Ctx,
  accountId: string,
  at: Date = ctx.at,
): Promise<Result<Explanation, 'unknown_account' | 'no_strategy' | 'no_decision'>> {
  const { timeZone } = await loadTenant(ctx);
  const asOf = localDateOf(at < ctx.at ? at : ctx.at, timeZone);
  const judged = await judgeAccount(ctx, accountId, asOf);
  if (judged === 'unknown_account') return refuse(judged, 'There is no such account.');
  if (judged === 'no_strategy') return refuse(judged, `No strategy was in effect on ${asOf}.`);
  const recorded = await findDecisionAt(ctx, accountId, at < ctx.at ? at : ctx.at);
  if (at < ctx.at) {
    if (!recorded) return refuse('no_decision', `Nothing had been decided about this account by ${asOf}.`);
    return ok(asRecorded(accountId, recorded, timeZone));
  }
  return ok(asEvaluated(ctx, judged, recorded, timeZone));
}

const amount = (minor: bigint, code: string) => formatMoney(money(minor, currency(code)));

function asEvaluated(
  ctx: Ctx,
  { picture, verdict, version, segment, experiment }: JudgedAccount,
  recorded: RecordedDecision | null,
  zone: TimeZone,
): Explanation {
  const title = titleIn(version.definition);
  // One account cannot know whether others come before it: the newest decision of a run does.
  const crowdedOut =
    verdict.outcome === 'act' && [recorded?.reasonCode, recorded?.facts['withheld']].includes('over_budget');
  const reasons = [
    ...(crowdedOut ? [reasonOf('over_budget')] : []),
    ...verdict.plans.map((plan) => ({
      code: plan.stepKey,
      sentence: `${title(plan.stepKey)} is due ${groundOf(plan, picture, zone)}${crowdedOut ? '' : '; the next run plans it'}.`,
      cure: null,
      notBefore: null,
    })),
    ...[verdict.reasonCode, verdict.withheld].flatMap((code) => (code && isNonAction(code) ? [reasonOf(code)] : [])),
    ...(recorded?.plan ? [planReason(recorded, title)] : []),
  ];
  return {
    accountId: picture.accountId,
    outcome: crowdedOut ? 'wait' : verdict.outcome,
    sentence: reasons[0]?.sentence ?? '',
    reasons,
    facts: [
      ...factsOf(picture, verdict),
      ...(segment === null ? [] : [{ name: 'Chosen by the segment', value: segment }]),
      ...(experiment === null ? [] : [{ name: 'Experiment', value: partInWords(experiment) }]),
    ],
    version: nameOfVersion(version),
    decidedAt: ctx.at,
    nextOn: verdict.nextStepOn,
  };
}

function partInWords({ name, arm, draw, share }: ExperimentPart): string {
  if (arm !== null) return `“${name}”, arm “${arm}”`;
  return `“${name}”, not let in yet: it drew ${draw.entry}, and lots below ${share} of 10000 are in`;
}

const titleIn =
  ({ steps, reactions = [] }: StrategyDefinition) =>
  (key: string): string =>
    [...steps, ...reactions].find((one) => one.key === key)?.title ?? key;

/** What an act answers, in words. */
const becauseOf = (kind: StrategyEvent, at: Date, zone: TimeZone): string =>
  `because ${eventWords[kind].because} on ${localDateOf(at, zone)}`;

/** What brings an act about: the age of items, an event, or both. */
function groundOf(plan: PlannedAct, picture: AccountView, zone: TimeZone): string {
  const event = picture.reactions
    .filter((one) => plan.answers.includes(one.eventId))
    .toSorted((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime())[0];
  return [
    ...(plan.fires.length > 0 ? [`for ${plan.fires.length} of ${picture.items.length} open items`] : []),
    ...(event ? [becauseOf(event.kind, event.occurredAt, zone)] : []),
  ].join(' and ');
}

function reasonOf(code: keyof typeof nonActionReasons): Explanation['reasons'][number] {
  const { sentence, cure } = nonActionReasons[code];
  return { code, sentence, cure, notBefore: null };
}

function planReason(recorded: RecordedDecision, title: (key: string) => string): Explanation['reasons'][number] {
  const { plan } = recorded;
  const stands = plan?.state === 'planned' ? 'is planned' : `was planned and is now ${plan?.state}`;
  const why = plan?.stateReason ? `: ${plan.stateReason}` : '';
  const sentence = `${title(plan?.stepKey ?? '')} ${stands} (${recorded.fromOn})${why}.`;
  return { code: plan?.stepKey ?? '', sentence, cure: null, notBefore: plan?.notBefore ?? null };
}

function factsOf(picture: AccountView, verdict: Verdict): Explanation['facts'] {
  const open = picture.items.reduce((total, item) => total + item.openMinor, 0n);
  const covered = picture.items.filter((item) => item.cover !== null).length;
  return [
    { name: 'Stage', value: verdict.stage.replace('_', ' ') },
    { name: 'Days past due', value: verdict.daysPastDue === null ? 'nothing open' : String(verdict.daysPastDue) },
    { name: 'Open', value: `${amount(open, picture.currency)} in ${picture.items.length} items` },
    { name: 'Come to a step', value: amount(verdict.claimedMinor, picture.currency) },
    { name: 'Unapplied credit', value: amount(picture.creditMinor, picture.currency) },
    { name: 'Items under a hold or promise', value: String(covered) },
    { name: 'E-mail address', value: picture.hasEmail ? 'yes' : 'none that can be used' },
    { name: 'Assigned to a collector', value: picture.assigned ? 'yes' : 'no' },
  ];
}

function asRecorded(accountId: string, decision: RecordedDecision, zone: TimeZone): Explanation {
  const { reasonCode, facts } = decision;
  const title = titleIn(decision.definition);
  const { because, because_at: becauseAt, ...told } = facts;
  const ground = because ? ` ${becauseOf(because as StrategyEvent, new Date(String(becauseAt)), zone)}` : '';
  const main = isNonAction(reasonCode)
    ? reasonOf(reasonCode)
    : {
        code: reasonCode,
        sentence: `${title(reasonCode)} was planned${ground}.`,
        cure: null,
        notBefore: decision.plan?.notBefore ?? null,
      };
  const reasons = decision.plan ? [main, planReason(decision, title)] : [main];
  return {
    accountId,
    outcome: decision.outcome,
    sentence: main.sentence,
    reasons,
    facts: Object.entries(told).flatMap(([name, value]) =>
      value === null ? [] : [{ name: readable(name), value: readableValue(name, value, facts) }],
    ),
    version: decision.version,
    decidedAt: decision.recordedAt,
    nextOn: null,
  };
}

function readable(name: string): string {
  const words = name.replace(/_minor$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readableValue(name: string, value: unknown, facts: Readonly<Record<string, unknown>>): string {
  const text = String(value);
  return name.endsWith('_minor') ? amount(BigInt(text), String(facts['currency'])) : text;
}
