import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Refusal, refuse, type Result } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { loadRoots, lockRootsOf } from '../parties/public.ts';
import { type Case, mostInCase } from './case.ts';
import {
  findCase,
  giveAccounts,
  insertCase,
  insertCaseEvents,
  listAccountsOfCase,
  listTaken,
  placeInCase,
} from './case.sql.ts';
import { lockAccounts, lockWithPersons } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';
import { raiseStopEpochs } from './stop-epoch.sql.ts';

type AccountId = Id<'account'>;
type PlaceRefusal = 'account_not_found' | 'no_accounts' | 'other_person' | 'already_in_case' | 'case_too_large';

/**
 * Opens a case over accounts of one person, merged ones included. Refuses: `no_accounts`, `account_not_found`, `other_person`,
 * `already_in_case` (an account is in one open case at a time), `case_too_large` (200 accounts).
 */
export async function openCase(
  ctx: Ctx,
  accountIds: readonly AccountId[],
): Promise<Result<{ caseId: Id<'case'> }, PlaceRefusal>> {
  const ids = [...new Set(accountIds)];
  const placeable = await lockPlaceable(ctx, ids, null);
  if (!placeable.ok) return placeable;
  const caseId = newId<'case'>();
  await insertCase(ctx, caseId, placeable.value.rootId);
  await placeInCase(ctx, ids, caseId);
  await insertCaseEvents(ctx, { caseId, accountIds: ids, kind: 'opened' });
  await recordAudit(ctx, { action: 'case.opened', subjectKind: 'case', subjectId: caseId, set: ids });
  return ok({ caseId });
}

/**
 * Adds accounts of the same person to an open case; its collector gets them too. Refuses as `openCase`, and `case_not_found`, `case_closed`.
 */
export async function addToCase(
  ctx: Ctx,
  caseId: Id<'case'>,
  accountIds: readonly AccountId[],
): Promise<Result<void, PlaceRefusal | 'case_not_found' | 'case_closed'>> {
  const ids = [...new Set(accountIds)];
  const open = await lockCase(ctx, caseId, ids);
  if (!open.ok) return open;
  const known = await listAccountsOfCase(ctx, caseId);
  const fresh = ids.filter((id) => !known.includes(id));
  if (fresh.length === 0 && ids.length > 0) return ok();
  const placeable = await lockPlaceable(ctx, fresh, open.value, known.length);
  if (!placeable.ok) return placeable;
  await placeInCase(ctx, fresh, caseId);
  await insertCaseEvents(ctx, { caseId, accountIds: fresh, kind: 'added' });
  if (open.value.assignedTo) await handTo(ctx, fresh, { collector: open.value.assignedTo });
  await recordAudit(ctx, { action: 'case.accounts_added', subjectKind: 'case', subjectId: caseId, set: fresh });
  return ok();
}

/**
 * Takes an account out of an open case; its collector gives it back. Refuses: `case_not_found`, `case_closed`, `not_in_case`,
 * `last_in_case` (close the case instead).
 */
export async function removeFromCase(
  ctx: Ctx,
  caseId: Id<'case'>,
  accountId: AccountId,
): Promise<Result<void, 'case_not_found' | 'case_closed' | 'not_in_case' | 'last_in_case'>> {
  const open = await lockCase(ctx, caseId);
  if (!open.ok) return open;
  const known = await listAccountsOfCase(ctx, caseId);
  if (!known.includes(accountId)) return refuse('not_in_case', 'This account is not in the case.');
  if (known.length === 1)
    return refuse('last_in_case', 'This is the last account of the case. Close the case instead of emptying it.');
  await takeOut(ctx, open.value, accountId, 'taken out by hand');
  await recordAudit(ctx, {
    action: 'case.account_removed',
    subjectKind: 'case',
    subjectId: caseId,
    accountId,
  });
  return ok();
}

/** What leaves a case leaves its collector's hands as well. */
export async function takeOut(ctx: Ctx, from: Case, accountId: AccountId, reason: string): Promise<void> {
  await placeInCase(ctx, [accountId], null);
  await insertCaseEvents(ctx, { caseId: from.id, accountIds: [accountId], kind: 'removed', reason });
  if (from.assignedTo) await handTo(ctx, [accountId], { backFrom: from.assignedTo });
}

/** A collector who takes over owns the conversation: what was planned before is void. */
export async function handTo(
  ctx: Ctx,
  accountIds: readonly AccountId[],
  to: { readonly collector: Id<'user'> } | { readonly backFrom: Id<'user'> },
): Promise<void> {
  const changed = await giveAccounts(ctx, accountIds, to);
  if ('collector' in to) await raiseStopEpochs(ctx, changed);
  await refreshFacts(ctx, { accountIds: changed });
}

/**
 * Locks the person and the accounts of an open case (and `more` accounts), in the order everybody does; whoever changes a case holds the
 * person's lock, so the case is as it was read after it. Refuses: `case_not_found`, `case_closed`.
 */
export async function lockCase(
  ctx: Ctx,
  caseId: Id<'case'>,
  more: readonly AccountId[] = [],
): Promise<Result<Case, 'case_not_found' | 'case_closed'>> {
  const found = await lockCaseWhatever(ctx, caseId, more);
  if (!found.ok || found.value.closedAt === null) return found;
  return refuse('case_closed', 'This case is closed. Open it again first.');
}

/** The same for a case that may be closed. Refuses: `case_not_found`. */
export async function lockCaseWhatever(
  ctx: Ctx,
  caseId: Id<'case'>,
  more: readonly AccountId[] = [],
): Promise<Result<Case, 'case_not_found'>> {
  const unlocked = await findCase(ctx, caseId);
  if (!unlocked) return refuse('case_not_found', 'There is no such case.');
  await lockRootsOf(ctx, [unlocked.clusterId]);
  await lockAccounts(ctx, [...(await listAccountsOfCase(ctx, caseId)), ...more]);
  const locked = await findCase(ctx, caseId);
  if (!locked) throw new Error(`Case ${caseId} vanished while it was locked`);
  return ok(locked);
}

async function lockPlaceable(
  ctx: Ctx,
  ids: readonly AccountId[],
  into: Case | null,
  already = 0,
): Promise<Result<{ rootId: Id<'cluster'> }, PlaceRefusal>> {
  if (ids.length === 0) return refuse('no_accounts', 'Choose at least one account for the case.');
  if (already + ids.length > mostInCase)
    return refuse(
      'case_too_large',
      `A case holds at most ${mostInCase} accounts; this would be ${already + ids.length}.`,
    );
  const facts = into ? await lockAccounts(ctx, ids) : await lockWithPersons(ctx, ids);
  if (facts.length < ids.length) return refuse('account_not_found', 'There is no such account.');
  const clusters = [...facts.map((one) => one.clusterId), ...(into ? [into.clusterId] : [])];
  const roots = new Set((await loadRoots(ctx, clusters)).values());
  const [rootId] = roots;
  if (roots.size !== 1 || !rootId) return otherPerson;
  const taken = await listTaken(ctx, ids);
  if (taken.length === 0) return ok({ rootId });
  return refuse(
    'already_in_case',
    `${taken.length === 1 ? `Account ${taken[0]} is` : `Accounts ${taken.slice(0, 5).join(', ')} are`} already in an open case. Close that one or take the account out of it first.`,
  );
}

const otherPerson: Refusal<'other_person'> = refuse(
  'other_person',
  'These accounts are not all of one person or business. If they should be, review them under Duplicates and merge them first.',
);
