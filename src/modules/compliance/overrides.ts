import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { idOf, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import type { Decision, Reason } from './decide.ts';
import type { Proposal } from './proposal.ts';
import { secondPerson } from './second-person.ts';

/** Leave to contact one account once although rules that call themselves rebuttable stand against it. */
export type Override = {
  readonly id: string;
  readonly account_id: string;
  readonly act_kind: string;
  readonly channel: string;
  readonly rules: readonly string[];
  readonly valid_until: Date;
};

/** How a reason's rule is named in an override. */
const ruleOf = (reason: Pick<Reason, 'ruleId' | 'part'>) =>
  reason.part === null ? reason.ruleId : `${reason.ruleId}/${reason.part}`;

/** Whether everything that stands against the act is rebuttable and lifted by the override. Pure. */
export function isLifted(
  override: Pick<Override, 'rules'>,
  { decision, reasons }: Pick<Decision, 'decision' | 'reasons'>,
): boolean {
  return (
    decision !== 'allow' &&
    reasons.length > 0 &&
    reasons.every((reason) => reason.rebuttable && override.rules.includes(ruleOf(reason)))
  );
}

/** Whether the override is for such an act: one account, one kind of act by a person, in its time. */
function fits(override: Override, proposal: Proposal, at: Date): boolean {
  return (
    (proposal.act === 'manual_call' || proposal.act === 'manual_message') &&
    proposal.accountIds.length === 1 &&
    proposal.accountIds[0] === override.account_id &&
    proposal.actKind === override.act_kind &&
    proposal.channel === override.channel &&
    at < override.valid_until
  );
}

type Judged = { readonly proposal: Proposal; readonly decision: Decision };

/**
 * Finds approved, unspent overrides for acts that only rebuttable rules refuse, and gives each to one act. The caller of
 * `requestPermits` holds the accounts' locks, so two connections cannot both find the same one.
 */
export async function overridesFor(ctx: Ctx, judged: readonly Judged[], at: Date): Promise<(Override | null)[]> {
  const asking = judged.filter(
    ({ proposal, decision }) =>
      proposal.act.startsWith('manual_') &&
      decision.decision !== 'allow' &&
      decision.reasons.every((reason) => reason.rebuttable),
  );
  const accounts = [...new Set(asking.map(({ proposal }) => proposal.accountIds[0]))];
  if (accounts.length === 0) return judged.map(() => null);
  const { rows } = await sql<Override>`
    select o.id, o.account_id, o.act_kind, o.channel, o.rules, o.valid_until from compliance.overrides o
    join compliance.override_steps d on d.tenant_id = ${ctx.tenant} and d.override_id = o.id and d.step = 'approved' and d.at <= ${at}
    where o.tenant_id = ${ctx.tenant} and o.account_id = any(${accounts}::uuid[]) and o.valid_until > ${at}
      and not exists (select 1 from compliance.override_steps u where u.tenant_id = ${ctx.tenant} and u.override_id = o.id and u.step = 'used')
    order by o.valid_until, o.id`.execute(ctx.db);
  const given = new Set<string>();
  return judged.map(({ proposal, decision }) => {
    const found = rows.find((one) => !given.has(one.id) && fits(one, proposal, at) && isLifted(one, decision));
    if (found) given.add(found.id);
    return found ?? null;
  });
}

/** Writes down what the overrides were spent on; the unique key is what makes each good for one act. */
export async function spendOverrides(
  ctx: Ctx,
  spent: readonly { readonly overrideId: string; readonly permitId: string }[],
): Promise<void> {
  if (spent.length === 0) return;
  const rows = spent.map(
    (one) =>
      sql`(${ctx.tenant}, ${newId()}, ${one.overrideId}, 'used', ${ctx.actor.name}, ${ctx.actor.id}, ${one.permitId}, ${ctx.at})`,
  );
  await sql`insert into compliance.override_steps (tenant_id, id, override_id, step, by_name, by_id, permit_id, at)
    values ${sql.join(rows)}`.execute(ctx.db);
  for (const one of spent)
    await recordAudit(ctx, {
      action: 'override.used',
      subjectKind: 'override',
      subjectId: one.overrideId,
      detail: { permitId: one.permitId },
    });
}

const longestHours = 24;

/**
 * Asks for leave to do an act that only rebuttable rules refuse now. `judged` is what the gate says of it. Refuses: `not_needed`
 * when the act is allowed; `not_rebuttable` when a rule stands against it that nobody may override; `too_far` beyond a day.
 */
export async function requestOverride(
  ctx: Ctx,
  input: Judged & { readonly reason: string; readonly hours: number },
): Promise<Result<{ overrideId: string }, 'not_needed' | 'not_rebuttable' | 'too_far'>> {
  const { proposal, decision } = input;
  if (decision.decision === 'allow') return refuse('not_needed', 'Nothing stands against it: no override is needed.');
  const fixed = decision.reasons.filter((reason) => !reason.rebuttable);
  if (fixed.length > 0)
    return refuse('not_rebuttable', `Nobody may override this: ${fixed.map((reason) => reason.sentence).join(' ')}`);
  if (input.hours > longestHours)
    return refuse('too_far', 'An override is good for a day at most.', { hours: 'At most 24.' });
  const overrideId = newId<'override'>();
  const rules = [...new Set(decision.reasons.map(ruleOf))].sort();
  const validUntil = new Date(ctx.at.getTime() + input.hours * 3_600_000);
  await sql`insert into compliance.overrides (tenant_id, id, account_id, client_id, act_kind, channel, rules, reasons, reason, requested_by,
      requested_by_id, requested_at, valid_until)
    values (${ctx.tenant}, ${overrideId}, ${proposal.accountIds[0]}, ${proposal.clientId}, ${proposal.actKind}, ${proposal.channel},
      ${rules}::text[], ${JSON.stringify(decision.reasons)}::jsonb, ${input.reason}, ${ctx.actor.name}, ${ctx.actor.id}, ${ctx.at}, ${validUntil})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'override.requested',
    subjectKind: 'override',
    subjectId: overrideId,
    accountId: idOf('account', proposal.accountIds[0]),
    detail: { rules },
    personal: { personId: idOf('account', proposal.accountIds[0]), values: { reason: input.reason } },
  });
  return ok({ overrideId });
}

/**
 * Approves or rejects an override, by another person than asked for it. Refuses: `not_found`; `already_decided`; `too_late` once
 * its time has run; `same_person`; `not_a_person` for an API key.
 */
export async function decideOverride(
  ctx: Ctx,
  input: { readonly overrideId: string; readonly approve: boolean; readonly note: string },
): Promise<Result<void, 'not_found' | 'already_decided' | 'too_late' | 'same_person' | 'not_a_person'>> {
  // No row of an append-only table can be locked for update by the application; the unique key on the decision settles a race.
  const { rows } = await sql<{
    requested_by_id: string;
    valid_until: Date;
    verdict: string | null;
    account_id: string;
  }>`
    select requested_by_id, valid_until, verdict, account_id from compliance.overrides_v
    where tenant_id = ${ctx.tenant} and id = ${input.overrideId}`.execute(ctx.db);
  const [found] = rows;
  if (found === undefined) return refuse('not_found', 'There is no such override.');
  if (found.verdict !== null) return refuse('already_decided', 'This override has been decided already.');
  const second = secondPerson(ctx, found.requested_by_id);
  if (!second.ok) return second;
  if (found.valid_until <= ctx.at) return refuse('too_late', 'The time this override was asked for has run out.');
  const step = input.approve ? 'approved' : 'rejected';
  const inserted =
    await sql`insert into compliance.override_steps (tenant_id, id, override_id, step, by_name, by_id, note, at)
    values (${ctx.tenant}, ${newId()}, ${input.overrideId}, ${step}, ${ctx.actor.name}, ${ctx.actor.id}, ${input.note}, ${ctx.at})
    on conflict do nothing returning id`.execute(ctx.db);
  if (inserted.rows.length === 0) return refuse('already_decided', 'This override has been decided already.');
  await recordAudit(ctx, {
    action: `override.${step}`,
    subjectKind: 'override',
    subjectId: input.overrideId,
    accountId: idOf('account', found.account_id),
    personal: { personId: found.account_id, values: { note: input.note } },
  });
  return ok();
}
