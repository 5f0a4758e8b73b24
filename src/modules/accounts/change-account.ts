import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import type { Account } from './account.ts';
import { type AccountState, mayMove } from './account-state.ts';
import { findAccount, insertState } from './account.sql.ts';
import { lockWithPersons } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';
import { raiseStopEpochs } from './stop-epoch.sql.ts';

export type AccountChanges = {
  readonly accountId: Id<'account'>;
  readonly assignedTo?: Id<'user'> | null | undefined;
  readonly sensitive?: boolean | undefined;
  readonly state?: AccountState | undefined;
  /** Why the state changes; kept in its history. */
  readonly reason?: string | undefined;
  readonly rowVersion?: bigint | undefined;
};

/**
 * Assigns an account, marks it sensitive, moves its state, as given. What takes the conversation from automation (a collector, the
 * mark, any state but active) voids the contacts planned before it. Refuses: `account_not_found`, `version_conflict` when
 * `rowVersion` is given and somebody else was first, `illegal_transition`.
 */
export async function changeAccount(
  ctx: Ctx,
  input: AccountChanges,
): Promise<Result<Account, 'account_not_found' | 'version_conflict' | 'illegal_transition'>> {
  await lockWithPersons(ctx, [input.accountId]);
  const before = await findAccount(ctx, input.accountId);
  if (!before) return refuse('account_not_found', 'There is no such account.');
  if (input.rowVersion !== undefined && input.rowVersion !== before.rowVersion) {
    return refuse(
      'version_conflict',
      'Somebody else has changed this account meanwhile; load it again and repeat your change.',
    );
  }
  const state = input.state ?? before.state;
  if (state !== before.state && !mayMove(before.state, state)) {
    return refuse('illegal_transition', `An account that is ${words(before.state)} cannot become ${words(state)}.`);
  }
  const after = {
    assignedTo: input.assignedTo === undefined ? before.assignedTo : input.assignedTo,
    sensitive: input.sensitive ?? before.sensitive,
    state,
  };
  await sql`update accounts.accounts
    set assigned_to = ${after.assignedTo}, sensitive = ${after.sensitive}, state = ${after.state}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${before.id}`.execute(ctx.db);
  if (state !== before.state)
    await insertState(ctx, {
      accountId: before.id,
      from: before.state,
      to: state,
      reason: input.reason ?? 'changed by hand',
    });
  if (takesOver(before, after)) await raiseStopEpochs(ctx, [before.id]);
  await refreshFacts(ctx, { accountIds: [before.id] });
  await recordAudit(ctx, {
    action: 'account.changed',
    subjectKind: 'account',
    subjectId: before.id,
    accountId: before.id,
    detail: {
      before: { assignedTo: before.assignedTo, sensitive: before.sensitive, state: before.state },
      after,
    },
    ...(input.reason !== undefined && { personal: { personId: before.id, values: { reason: input.reason } } }),
  });
  const changed = await findAccount(ctx, before.id);
  if (!changed) throw new Error(`Account ${before.id} vanished while it was locked`);
  return ok(changed);
}

/** Moves an account to another state; `changeAccount` with nothing else. Same refusals. */
export function changeState(
  ctx: Ctx,
  input: {
    readonly accountId: Id<'account'>;
    readonly to: AccountState;
    readonly reason: string;
    readonly rowVersion?: bigint | undefined;
  },
): ReturnType<typeof changeAccount> {
  return changeAccount(ctx, {
    accountId: input.accountId,
    state: input.to,
    reason: input.reason,
    rowVersion: input.rowVersion,
  });
}

function takesOver(
  before: Account,
  after: { assignedTo: string | null; sensitive: boolean; state: AccountState },
): boolean {
  const assigned = after.assignedTo !== null && after.assignedTo !== before.assignedTo;
  return (
    assigned || (after.sensitive && !before.sensitive) || (after.state !== before.state && after.state !== 'active')
  );
}

const words = (state: AccountState): string => state.replace('_', ' ');
