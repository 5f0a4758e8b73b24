import { sql } from 'kysely';
import { calendarDate, type CalendarDate, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import { canonicalJson } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { concerns, shippedPacks, type Tightening, tighten } from './rule-book.ts';
import { parsePack, type Rule } from './rule-pack.ts';
import { secondPerson } from './second-person.ts';

export type WantedTightening = Pick<Tightening, 'ruleId' | 'part' | 'parameters'>;

/** A rule as it is shipped beside what it would become. */
export type Stricter = { readonly from: Rule; readonly to: Rule };

/**
 * Tries a tightening on the shipped rules. Refuses: `unknown_rule`; `not_stricter` when a value named would not make the rule
 * stricter, all of them together would not, or the rule binds nothing; `invalid` when the rule could not be used any more.
 */
export function tryTightening(
  wanted: WantedTightening,
): Result<readonly Stricter[], 'unknown_rule' | 'not_stricter' | 'invalid'> {
  const rules = shippedPacks.flatMap((pack) => pack.rules).filter((rule) => concerns(wanted, rule));
  if (rules.length === 0) return refuse('unknown_rule', `There is no rule ${nameOf(wanted)}.`);
  const binding = rules.filter((rule) => rule.confidence !== 'U');
  if (binding.length === 0)
    return refuse('not_stricter', `${nameOf(wanted)} is listed and switched off; there is nothing to tighten yet.`);
  for (const [name, value] of Object.entries(wanted.parameters)) {
    if (!binding.some((rule) => differs(tighten(rule, { [name]: value }), rule)))
      return refuse(
        'not_stricter',
        `This value would not make ${nameOf(wanted)} stricter. A rule can be tightened, never loosened.`,
        { [name]: 'Not stricter than the rule is.' },
      );
  }
  const changed = binding
    .map((rule) => ({ from: rule, to: tighten(rule, wanted.parameters) }))
    .filter(({ from, to }) => differs(to, from));
  if (changed.length === 0)
    return refuse(
      'not_stricter',
      `This would not make ${nameOf(wanted)} stricter. A rule can be tightened, never loosened.`,
    );
  return isUsable(changed)
    ? ok(changed)
    : refuse('invalid', `${nameOf(wanted)} could not be used with these values: look at times, days and numbers.`);
}

const nameOf = ({ ruleId, part }: Pick<WantedTightening, 'ruleId' | 'part'>) =>
  part === null ? ruleId : `${ruleId}/${part}`;
const differs = (a: Rule, b: Rule) => canonicalJson(a) !== canonicalJson(b);

function isUsable(changed: readonly Stricter[]): boolean {
  try {
    parsePack({ key: 'trial', version: '1', title: 'Trial', house: false, rules: changed.map(({ to }) => to) });
    return true;
  } catch {
    return false;
  }
}

/** What an approver was shown of the plan: contacts judged, contacts that would change, and whether that was all of them. */
export type SeenEffect = { readonly judged: number; readonly changed: number; readonly whole: boolean };

type Row = {
  readonly id: string;
  readonly rule_id: string;
  readonly rule_part: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly effective_from: string;
  readonly state: string;
  readonly proposed_by_id: string | null;
  readonly withdrawal_by_id: string | null;
  readonly row_version: bigint;
};

/** Proposes to make a rule stricter from a day on; nothing changes until somebody else approves. Refuses as `tryTightening`, and `no_such_day` for a day gone by. */
export async function proposeTightening(
  ctx: Ctx,
  input: WantedTightening & { readonly from: CalendarDate; readonly reason: string },
): Promise<Result<{ tighteningId: string }, 'unknown_rule' | 'not_stricter' | 'invalid' | 'no_such_day'>> {
  const tried = tryTightening(input);
  if (!tried.ok) return tried;
  if (input.from < today(ctx))
    return refuse('no_such_day', 'A rule cannot be tightened from a day that has passed.', {
      from: 'Choose today or a later day.',
    });
  const tighteningId = newId<'tightening'>();
  await sql`insert into compliance.tightenings (tenant_id, id, rule_id, rule_part, parameters, effective_from, reason, state, created_by,
      proposed_by_id, recorded_at)
    values (${ctx.tenant}, ${tighteningId}, ${input.ruleId}, ${input.part}, ${JSON.stringify(input.parameters)}::jsonb, ${input.from},
      ${input.reason}, 'proposed', ${ctx.actor.name}, ${ctx.actor.id}, ${ctx.at})`.execute(ctx.db);
  await audit(ctx, 'rule.tightening_proposed', input.ruleId, { tighteningId, parameters: input.parameters });
  return ok({ tighteningId });
}

type Refused = 'not_found' | 'changed_meanwhile' | 'wrong_state' | 'same_person' | 'not_a_person';
type Decided = { readonly tighteningId: string; readonly rowVersion: bigint };

/**
 * Puts a proposed tightening in force from its date, by another person than proposed it, who saw what it would do to the plan.
 * Refuses: `not_found`; `changed_meanwhile`; `wrong_state` unless it is proposed; `same_person`; `not_a_person` for an API key.
 */
export async function approveTightening(
  ctx: Ctx,
  input: Decided & { readonly effect: SeenEffect },
): Promise<Result<void, Refused>> {
  const found = await lock(ctx, input, 'proposed');
  if (!found.ok) return found;
  const second = secondPerson(ctx, found.value.proposed_by_id);
  if (!second.ok) return second;
  await move(
    ctx,
    input,
    sql`state = 'approved', approved_by = ${ctx.actor.name}, approved_at = ${ctx.at}, effect = ${JSON.stringify(input.effect)}::jsonb`,
  );
  await audit(ctx, 'rule.tightened', found.value.rule_id, {
    tighteningId: input.tighteningId,
    parameters: found.value.parameters,
    effect: input.effect,
  });
  return ok();
}

/** Turns a proposed tightening down with a reason. Its proposer may take it back the same way. */
export async function rejectTightening(
  ctx: Ctx,
  input: Decided & { readonly reason: string },
): Promise<Result<void, Refused>> {
  const found = await lock(ctx, input, 'proposed');
  if (!found.ok) return found;
  await move(ctx, input, sql`state = 'rejected', decision_note = ${input.reason}`);
  await audit(ctx, 'rule.tightening_rejected', found.value.rule_id, {
    tighteningId: input.tighteningId,
    reason: input.reason,
  });
  return ok();
}

/** Asks that a tightening end; it stays in force until somebody else agrees. */
export async function askWithdrawal(
  ctx: Ctx,
  input: Decided & { readonly reason: string },
): Promise<Result<void, Refused>> {
  const found = await lock(ctx, input, 'approved');
  if (!found.ok) return found;
  await move(
    ctx,
    input,
    sql`state = 'withdrawal_asked', withdrawal_by = ${ctx.actor.name}, withdrawal_by_id = ${ctx.actor.id}, withdrawal_reason = ${input.reason}`,
  );
  await audit(ctx, 'rule.withdrawal_asked', found.value.rule_id, {
    tighteningId: input.tighteningId,
    reason: input.reason,
  });
  return ok();
}

/** Answers the wish that a tightening end: agreed to by another person it ends with today; otherwise it stays. */
export async function answerWithdrawal(
  ctx: Ctx,
  input: Decided & { readonly agree: boolean },
): Promise<Result<void, Refused>> {
  const found = await lock(ctx, input, 'withdrawal_asked');
  if (!found.ok) return found;
  const { effective_from: from, rule_id: ruleId, withdrawal_by_id: askedBy } = found.value;
  if (!input.agree) {
    await move(ctx, input, sql`state = 'approved'`);
    await audit(ctx, 'rule.withdrawal_refused', ruleId, { tighteningId: input.tighteningId });
    return ok();
  }
  const second = secondPerson(ctx, askedBy);
  if (!second.ok) return second;
  const end = [today(ctx), calendarDate(from)].sort().at(-1);
  await move(ctx, input, sql`state = 'withdrawn', withdrawn_by = ${ctx.actor.name}, effective_to = ${end}`);
  await audit(ctx, 'rule.tightening_withdrawn', ruleId, { tighteningId: input.tighteningId });
  return ok();
}

/** A tightening as it would be applied, whatever has been decided about it. Refuses: `not_found`. */
export async function findTightening(
  ctx: Ctx,
  tighteningId: string,
): Promise<Result<Tightening & { readonly from: string }, 'not_found'>> {
  const { rows } =
    await sql<Row>`select id, rule_id, rule_part, parameters, effective_from::text as effective_from from compliance.tightenings
    where tenant_id = ${ctx.tenant} and id = ${tighteningId}`.execute(ctx.db);
  const [row] = rows;
  return row
    ? ok({ id: row.id, ruleId: row.rule_id, part: row.rule_part, parameters: row.parameters, from: row.effective_from })
    : refuse('not_found', 'There is no such tightening.');
}

// The day rules are dated by, as the gate reads them.
const today = (ctx: Ctx): CalendarDate => localDateOf(ctx.at, 'UTC' as TimeZone);

async function lock(ctx: Ctx, wanted: Decided, state: string): Promise<Result<Row, Refused>> {
  const { rows } = await sql<Row>`
    select id, rule_id, rule_part, parameters, effective_from::text as effective_from, state, proposed_by_id, withdrawal_by_id, row_version
    from compliance.tightenings where tenant_id = ${ctx.tenant} and id = ${wanted.tighteningId} for update`.execute(
    ctx.db,
  );
  const [row] = rows;
  if (row === undefined) return refuse('not_found', 'There is no such tightening.');
  if (row.row_version !== wanted.rowVersion)
    return refuse('changed_meanwhile', 'Somebody changed this tightening meanwhile; look again.');
  if (row.state !== state)
    return refuse('wrong_state', `This tightening is ${row.state.replace('_', ' ')}; that cannot be done with it now.`);
  return ok(row);
}

async function move(ctx: Ctx, { tighteningId }: Decided, set: ReturnType<typeof sql>): Promise<void> {
  await sql`update compliance.tightenings set ${set}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${tighteningId}`.execute(ctx.db);
}

const audit = (ctx: Ctx, action: string, ruleId: string, detail: Readonly<Record<string, unknown>>) =>
  recordAudit(ctx, { action, subjectKind: 'rule', subjectId: ruleId, detail });
