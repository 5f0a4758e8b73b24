import type { CalendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { ok, refuse, type Result } from '../kernel/result.ts';
import {
  approveChange,
  asReplacement,
  type ChangeKind,
  type ChangeRefusal,
  findChange,
  findRuleEvidence,
  loadLaw,
  type PlanEffect,
  proposeChange,
  type ProposedChange,
  type RuleChange,
  type Stricter,
  tryReplacement,
  tryTightening,
  type WantedReplacement,
  type WantedTightening,
} from '../modules/compliance/public.ts';
import { type Change, type Effect, effectOnPlan, type Writing } from './try-change.ts';

const seenOf = ({ judged, changed, whole, before, after }: Effect): PlanEffect => ({
  judged,
  changed,
  whole,
  before,
  after,
});

const unnamed = '00000000-0000-0000-0000-000000000000';

/** A tightening as the book takes it, once it is one. Refuses as `tryTightening`. */
export async function triedTightening(
  ctx: Ctx,
  wanted: WantedTightening,
): Promise<Result<{ readonly stricter: readonly Stricter[]; readonly change: ProposedChange }, TighteningRefusal>> {
  const tried = tryTightening(wanted, await loadLaw(ctx));
  return tried.ok ? ok({ stricter: tried.value, change: { tightening: { ...wanted, id: unnamed } } }) : tried;
}

type TighteningRefusal = 'unknown_rule' | 'not_stricter' | 'invalid';
type ReplacementRefusal = 'unknown_rule' | 'not_replaceable' | 'not_needed' | 'invalid';

/** Proposes to make a rule stricter, and keeps what it would do to the plan. Refuses as `tryTightening`, and `no_such_day`. */
export async function proposeTightening(
  ctx: Ctx,
  mailing: Writing,
  input: WantedTightening & { readonly from: CalendarDate; readonly reason: string },
): Promise<Result<{ changeId: string }, TighteningRefusal | 'no_such_day'>> {
  const { from, reason, ...wanted } = input;
  const tried = await triedTightening(ctx, wanted);
  if (!tried.ok) return tried;
  const effect = seenOf(await effectOnPlan(ctx, mailing, { ...tried.value.change, from }));
  return proposeChange(ctx, { ...wanted, kind: 'tightening', mode: null, evidenceId: null, from, reason, effect });
}

/**
 * Proposes to replace a rule that is secondary or unverified, and keeps what it would do to the plan. Refuses as `tryReplacement`,
 * `no_such_day`, and `needs_evidence` unless the file of counsel is there.
 */
export async function proposeReplacement(
  ctx: Ctx,
  mailing: Writing,
  input: WantedReplacement & { readonly from: CalendarDate; readonly reason: string; readonly evidenceId: string },
): Promise<Result<{ changeId: string }, ReplacementRefusal | 'no_such_day' | 'needs_evidence'>> {
  const { from, reason, evidenceId, ...wanted } = input;
  const tried = tryReplacement(wanted, from);
  if (!tried.ok) return tried;
  if ((await findRuleEvidence(ctx, evidenceId)) === null)
    return refuse('needs_evidence', 'Send the file with what counsel wrote first.', {
      evidenceId: 'There is no such file.',
    });
  const effect = seenOf(await effectOnPlan(ctx, mailing, { replacement: asReplacement(wanted, unnamed, from), from }));
  return proposeChange(ctx, { ...wanted, kind: 'replacement', from, reason, evidenceId, effect });
}

/** What a proposed change would do to the plan now. Refuses: `not_found`. */
export async function effectOfChange(
  ctx: Ctx,
  mailing: Writing,
  kind: ChangeKind,
  changeId: string,
): Promise<Result<Effect, 'not_found'>> {
  const found = await findChange(ctx, kind, changeId);
  return found.ok ? ok(await effectOnPlan(ctx, mailing, proposed(found.value))) : found;
}

/**
 * Puts a change in force after reckoning once more what it does to the plan. Refuses as `approveChange`: `changed_meanwhile` where that is
 * not what the proposer saw, until the approver confirms what it does now.
 */
export async function approveRuleChange(
  ctx: Ctx,
  mailing: Writing,
  input: {
    readonly kind: ChangeKind;
    readonly changeId: string;
    readonly rowVersion: bigint;
    readonly confirmed: PlanEffect | null;
  },
): Promise<Result<void, ChangeRefusal>> {
  const effect = await effectOfChange(ctx, mailing, input.kind, input.changeId);
  return effect.ok ? approveChange(ctx, { ...input, effect: seenOf(effect.value) }) : effect;
}

function proposed({ id, ruleId, part, mode, parameters, from }: RuleChange): Change {
  return mode === null
    ? { tightening: { id, ruleId, part, parameters }, from }
    : { replacement: asReplacement({ ruleId, part, mode, parameters }, id, from), from };
}
