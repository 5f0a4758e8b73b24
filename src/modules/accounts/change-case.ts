import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Refusal, refuse, type Result } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import type { Case } from './case.ts';
import { findCase, insertCaseEvents, listAccountsOfCase, listStrayAccounts, updateCase } from './case.sql.ts';
import { handTo, lockCase, lockCaseWhatever, takeOut } from './open-case.ts';

const changedMeanwhile = (found: Case, version: bigint): Refusal<'version_conflict'> | null =>
  found.rowVersion === version
    ? null
    : refuse(
        'version_conflict',
        'Somebody else has changed this case meanwhile; load it again and repeat your change.',
      );

/**
 * Gives a case with all its accounts to a collector, or with null back to everyone. Giving it to somebody voids what was planned for its
 * accounts. Refuses: `case_not_found`, `case_closed`, `version_conflict`.
 */
export async function assignCase(
  ctx: Ctx,
  input: { readonly caseId: Id<'case'>; readonly assignedTo: Id<'user'> | null; readonly rowVersion: bigint },
): Promise<Result<{ accountIds: readonly Id<'account'>[] }, 'case_not_found' | 'case_closed' | 'version_conflict'>> {
  const open = await lockCase(ctx, input.caseId);
  if (!open.ok) return open;
  const conflict = changedMeanwhile(open.value, input.rowVersion);
  if (conflict) return conflict;
  const before = open.value.assignedTo;
  const accountIds = await listAccountsOfCase(ctx, input.caseId);
  await updateCase(ctx, input.caseId, { assignedTo: input.assignedTo, closed: null });
  if (input.assignedTo) await handTo(ctx, accountIds, { collector: input.assignedTo });
  else if (before) await handTo(ctx, accountIds, { backFrom: before });
  await insertCaseEvents(ctx, {
    caseId: input.caseId,
    accountIds,
    kind: 'assigned',
    assignedTo: input.assignedTo,
  });
  await recordAudit(ctx, {
    action: 'case.assigned',
    subjectKind: 'case',
    subjectId: input.caseId,
    detail: { before, after: input.assignedTo },
    set: accountIds,
  });
  return ok({ accountIds });
}

/**
 * Closes a case; its accounts stay in it for the record and may go into another. Its collector gives them back. Refuses: `case_not_found`,
 * `case_closed`, `version_conflict`.
 */
export async function closeCase(
  ctx: Ctx,
  input: { readonly caseId: Id<'case'>; readonly reason: string; readonly rowVersion: bigint },
): Promise<Result<void, 'case_not_found' | 'case_closed' | 'version_conflict'>> {
  const open = await lockCase(ctx, input.caseId);
  if (!open.ok) return open;
  const conflict = changedMeanwhile(open.value, input.rowVersion);
  if (conflict) return conflict;
  const { assignedTo } = open.value;
  const accountIds = await listAccountsOfCase(ctx, input.caseId);
  await updateCase(ctx, input.caseId, { assignedTo, closed: input.reason });
  if (assignedTo) await handTo(ctx, accountIds, { backFrom: assignedTo });
  await insertCaseEvents(ctx, { caseId: input.caseId, accountIds, kind: 'closed', reason: input.reason });
  await recordAudit(ctx, {
    action: 'case.closed',
    subjectKind: 'case',
    subjectId: input.caseId,
    // A case is one person's: the key of any of its accounts is destroyed with that person's.
    ...(accountIds[0] && { personal: { personId: accountIds[0], values: { reason: input.reason } } }),
    set: accountIds,
  });
  return ok();
}

/**
 * Opens a closed case again, with the accounts that have not gone into another, and gives them to the collector it had. Refuses:
 * `case_not_found`, `not_closed`, `version_conflict`, `no_accounts` (all have gone into other cases).
 */
export async function reopenCase(
  ctx: Ctx,
  input: { readonly caseId: Id<'case'>; readonly rowVersion: bigint },
): Promise<
  Result<
    { accountIds: readonly Id<'account'>[]; assignedTo: Id<'user'> | null },
    'case_not_found' | 'not_closed' | 'version_conflict' | 'no_accounts'
  >
> {
  const found = await lockCaseWhatever(ctx, input.caseId);
  if (!found.ok) return found;
  if (found.value.closedAt === null) return refuse('not_closed', 'This case is open already.');
  const conflict = changedMeanwhile(found.value, input.rowVersion);
  if (conflict) return conflict;
  const { assignedTo } = found.value;
  const accountIds = await listAccountsOfCase(ctx, input.caseId);
  if (accountIds.length === 0)
    return refuse('no_accounts', 'All accounts of this case have gone into others since. Open a new one instead.');
  await updateCase(ctx, input.caseId, { assignedTo, closed: null });
  await insertCaseEvents(ctx, { caseId: input.caseId, accountIds, kind: 'reopened' });
  if (assignedTo) await handTo(ctx, accountIds, { collector: assignedTo });
  await removeStrays(ctx, accountIds);
  await recordAudit(ctx, { action: 'case.reopened', subjectKind: 'case', subjectId: input.caseId, set: accountIds });
  return ok({ accountIds, assignedTo });
}

/** Takes accounts out of cases of somebody they no longer belong to: a merge was undone. The persons and accounts are locked. */
export async function removeStrays(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<void> {
  for (const stray of await listStrayAccounts(ctx, accountIds)) {
    const from = await findCase(ctx, stray.case_id);
    if (!from) continue;
    await takeOut(ctx, from, stray.account_id, 'no longer the same person');
    await recordAudit(ctx, {
      action: 'case.account_removed',
      subjectKind: 'case',
      subjectId: stray.case_id,
      accountId: stray.account_id,
      detail: { reason: 'parted' },
    });
    if ((await listAccountsOfCase(ctx, from.id)).length === 0)
      await updateCase(ctx, from.id, { assignedTo: from.assignedTo, closed: 'no longer the same person' });
  }
}
