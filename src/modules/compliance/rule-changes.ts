import { type RawBuilder, sql } from 'kysely';
import { calendarDate, type CalendarDate, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { differsMaterially, effectDigest, type PlanEffect } from './plan-effect.ts';
import { secondPerson } from './second-person.ts';

/** The two kinds of change a tenant can make to a rule. */
export type ChangeKind = 'tightening' | 'replacement';

export type RuleChange = {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly ruleId: string;
  readonly part: string | null;
  readonly mode: 'on' | 'off' | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly from: CalendarDate;
  readonly to: CalendarDate | null;
};

type Row = RuleChange & {
  readonly state: string;
  readonly proposedBy: string;
  readonly proposedById: string | null;
  readonly proposedEffect: PlanEffect | null;
  readonly withdrawalById: string | null;
  readonly rowVersion: bigint;
};

export type ChangeRefusal = 'not_found' | 'changed_meanwhile' | 'wrong_state' | 'same_person' | 'not_a_person';

/** Which change is meant, and the version it was decided from. */
export type Decided = { readonly kind: ChangeKind; readonly changeId: string; readonly rowVersion: bigint };

/** The day rules are dated by, as the gate reads them. */
export const ruleDay = (ctx: Ctx): CalendarDate => localDateOf(ctx.at, 'UTC' as TimeZone);

/** Writes a proposed change down with what its proposer saw of the plan. Refuses: `no_such_day` for a day gone by. */
export async function proposeChange(
  ctx: Ctx,
  change: Omit<RuleChange, 'id' | 'to'> & {
    readonly reason: string;
    readonly evidenceId: string | null;
    readonly effect: PlanEffect;
  },
): Promise<Result<{ changeId: string }, 'no_such_day'>> {
  if (change.from < ruleDay(ctx))
    return refuse('no_such_day', 'A rule cannot be changed from a day that has passed.', {
      from: 'Choose today or a later day.',
    });
  const changeId = newId<'rule_change'>();
  await sql`insert into compliance.rule_changes (tenant_id, id, kind, rule_id, rule_part, mode, parameters, effective_from, reason, evidence_id, state,
      proposed_by, proposed_by_id, proposed_effect, proposed_effect_sha256, recorded_at)
    values (${ctx.tenant}, ${changeId}, ${change.kind}, ${change.ruleId}, ${change.part}, ${change.mode}, ${JSON.stringify(change.parameters)}::jsonb,
      ${change.from}, ${change.reason}, ${change.evidenceId}, 'proposed', ${ctx.actor.name}, ${ctx.actor.id}, ${JSON.stringify(change.effect)}::jsonb,
      ${effectDigest(change.effect)}, ${ctx.at})`.execute(ctx.db);
  await audit(ctx, `rule.${change.kind}_proposed`, change, {
    mode: change.mode,
    parameters: change.parameters,
    effect: change.effect,
    evidenceId: change.evidenceId,
  });
  return ok({ changeId });
}

/**
 * Puts a proposed change in force, by another person than proposed it. `effect`: what it does to the plan now; where that is not what the
 * proposer saw, the approver has to have confirmed it. Refuses: `not_found`; `changed_meanwhile`; `wrong_state` unless it is proposed;
 * `same_person`; `not_a_person` for an API key.
 */
export async function approveChange(
  ctx: Ctx,
  input: Decided & { readonly effect: PlanEffect; readonly confirmed: PlanEffect | null },
): Promise<Result<void, ChangeRefusal>> {
  const found = await lock(ctx, input, 'proposed');
  if (!found.ok) return found;
  const change = found.value;
  const second = secondPerson(ctx, change.proposedById);
  if (!second.ok) return second;
  const seen = input.confirmed ?? change.proposedEffect;
  if (seen === null || differsMaterially(seen, input.effect))
    return refuse('changed_meanwhile', movedSentence(change, input.effect));
  // A replacement never reaches back before somebody agreed to it.
  const from = change.kind === 'replacement' && change.from < ruleDay(ctx) ? ruleDay(ctx) : change.from;
  if (change.kind === 'replacement') await supersede(ctx, { ...change, from });
  await move(
    ctx,
    input,
    sql`state = 'approved', effective_from = ${from}, approved_by = ${ctx.actor.name}, approved_by_id = ${ctx.actor.id}, approved_at = ${ctx.at},
      effect = ${JSON.stringify(input.effect)}::jsonb, effect_sha256 = ${effectDigest(input.effect)}`,
  );
  await audit(ctx, change.kind === 'tightening' ? 'rule.tightened' : 'rule.replaced', change, {
    mode: change.mode,
    parameters: change.parameters,
    from,
    effect: input.effect,
  });
  return ok();
}

const told = (effect: PlanEffect) => `${effect.changed} of ${effect.judged} planned contacts`;

function movedSentence({ proposedBy, proposedEffect }: Row, now: PlanEffect): string {
  const then =
    proposedEffect === null
      ? 'What it would do was not kept when it was proposed.'
      : `The plan has changed: when ${proposedBy} proposed this, it would have changed ${told(proposedEffect)}.`;
  return `${then} Now it would change ${told(now)}. Look at what it does now, and approve that.`;
}

/** What was approved of the same rule before ends where this begins. */
async function supersede(ctx: Ctx, { id, ruleId, part, from }: RuleChange): Promise<void> {
  await sql`update compliance.rule_changes set state = 'superseded', effective_to = greatest(effective_from, ${from}::date), row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and kind = 'replacement' and rule_id = ${ruleId} and rule_part is not distinct from ${part}::text and id <> ${id}
      and state in ('approved', 'withdrawal_asked') and (effective_to is null or effective_to > ${from}::date)`.execute(
    ctx.db,
  );
}

/** Turns a proposed change down with a reason. Its proposer may take it back the same way. */
export async function rejectChange(
  ctx: Ctx,
  input: Decided & { readonly reason: string },
): Promise<Result<void, ChangeRefusal>> {
  const found = await lock(ctx, input, 'proposed');
  if (!found.ok) return found;
  await move(ctx, input, sql`state = 'rejected', decision_note = ${input.reason}`);
  await audit(ctx, `rule.${input.kind}_rejected`, found.value, { reason: input.reason });
  return ok();
}

/** Asks that a change end; it stays in force until somebody else agrees. */
export async function askWithdrawal(
  ctx: Ctx,
  input: Decided & { readonly reason: string },
): Promise<Result<void, ChangeRefusal>> {
  const found = await lock(ctx, input, 'approved');
  if (!found.ok) return found;
  await move(
    ctx,
    input,
    sql`state = 'withdrawal_asked', withdrawal_by = ${ctx.actor.name}, withdrawal_by_id = ${ctx.actor.id}, withdrawal_reason = ${input.reason}`,
  );
  await audit(ctx, 'rule.withdrawal_asked', found.value, { reason: input.reason });
  return ok();
}

/** Answers the wish that a change end: agreed to by another person it ends with today; otherwise it stays. */
export async function answerWithdrawal(
  ctx: Ctx,
  input: Decided & { readonly agree: boolean },
): Promise<Result<void, ChangeRefusal>> {
  const found = await lock(ctx, input, 'withdrawal_asked');
  if (!found.ok) return found;
  const change = found.value;
  if (!input.agree) {
    await move(ctx, input, sql`state = 'approved'`);
    await audit(ctx, 'rule.withdrawal_refused', change, {});
    return ok();
  }
  const second = secondPerson(ctx, change.withdrawalById);
  if (!second.ok) return second;
  const end = [ruleDay(ctx), change.from].sort().at(-1);
  await move(ctx, input, sql`state = 'withdrawn', withdrawn_by = ${ctx.actor.name}, effective_to = ${end}`);
  await audit(ctx, `rule.${change.kind}_withdrawn`, change, {});
  return ok();
}

const columns = sql`id, kind, rule_id as "ruleId", rule_part as part, mode, parameters, effective_from::text as from, effective_to::text as to, state,
  proposed_by as "proposedBy", proposed_by_id as "proposedById", proposed_effect as "proposedEffect", withdrawal_by_id as "withdrawalById",
  row_version as "rowVersion"`;

/** A change as it would be applied, whatever has been decided about it. Refuses: `not_found`. */
export async function findChange(
  ctx: Ctx,
  kind: ChangeKind,
  changeId: string,
): Promise<Result<RuleChange, 'not_found'>> {
  const { rows } = await sql<Row>`select ${columns} from compliance.rule_changes
    where tenant_id = ${ctx.tenant} and id = ${changeId} and kind = ${kind}`.execute(ctx.db);
  const [row] = rows;
  return row ? ok(parsed(row)) : refuse('not_found', `There is no such ${kind}.`);
}

const parsed = (row: Row): Row => ({
  ...row,
  from: calendarDate(row.from),
  to: row.to === null ? null : calendarDate(row.to),
});

async function lock(ctx: Ctx, wanted: Decided, state: string): Promise<Result<Row, ChangeRefusal>> {
  const { rows } = await sql<Row>`select ${columns} from compliance.rule_changes
    where tenant_id = ${ctx.tenant} and id = ${wanted.changeId} and kind = ${wanted.kind} for update`.execute(ctx.db);
  const [row] = rows;
  if (row === undefined) return refuse('not_found', `There is no such ${wanted.kind}.`);
  if (row.rowVersion !== wanted.rowVersion)
    return refuse('changed_meanwhile', `Somebody changed this ${wanted.kind} meanwhile; look again.`);
  if (row.state !== state)
    return refuse(
      'wrong_state',
      `This ${wanted.kind} is ${row.state.replace('_', ' ')}; that cannot be done with it now.`,
    );
  return ok(parsed(row));
}

async function move(ctx: Ctx, { changeId }: Decided, set: RawBuilder<unknown>): Promise<void> {
  await sql`update compliance.rule_changes set ${set}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${changeId}`.execute(ctx.db);
}

const audit = (
  ctx: Ctx,
  action: string,
  { ruleId, part }: Pick<RuleChange, 'ruleId' | 'part'>,
  detail: Readonly<Record<string, unknown>>,
) =>
  recordAudit(ctx, {
    action,
    subjectKind: 'rule',
    subjectId: part === null ? ruleId : `${ruleId}/${part}`,
    detail,
  });
