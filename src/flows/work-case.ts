import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import type { Result } from '../kernel/result.ts';
import {
  addToCase,
  assignCase,
  closeCase,
  listAccountsOfCase,
  lockWithPersons,
  openCase,
  removeFromCase,
  reopenCase,
} from '../modules/accounts/public.ts';
import { followOwners, listLiveTasks } from '../modules/desk/public.ts';
import { markPlans } from '../modules/strategy/public.ts';

type AccountIds = readonly Id<'account'>[];
type Refused<Fn extends (...args: never[]) => Promise<Result<unknown, string>>> =
  Awaited<ReturnType<Fn>> extends Result<unknown, infer Code> ? Code : never;

/** Opens a case and, when a collector is named, gives it to them. Refuses as `openCase`. */
export async function openWorkedCase(
  ctx: Ctx,
  input: { readonly accountIds: AccountIds; readonly assignedTo: Id<'user'> | null },
): Promise<Result<{ caseId: Id<'case'> }, Refused<typeof openCase> | Refused<typeof assignCase>>> {
  const opened = await openCase(ctx, input.accountIds);
  if (!opened.ok || input.assignedTo === null) return opened;
  const { caseId } = opened.value;
  const given = await giveCase(ctx, { caseId, assignedTo: input.assignedTo, rowVersion: 1n });
  return given.ok ? opened : given;
}

/**
 * Gives a case to a collector with the calls that wait on its accounts, or with null back to everyone. Notices planned before are void: the
 * conversation is the collector's now. Refuses as `assignCase`.
 */
export function giveCase(
  ctx: Ctx,
  input: { readonly caseId: Id<'case'>; readonly assignedTo: Id<'user'> | null; readonly rowVersion: bigint },
): Promise<Result<unknown, Refused<typeof assignCase>>> {
  return withTheirTasks(ctx, input.caseId, [], () => assignCase(ctx, input));
}

/** Adds accounts to a case; when it is somebody's, the calls that wait on them are theirs too. Refuses as `addToCase`. */
export function addWorkedAccounts(
  ctx: Ctx,
  caseId: Id<'case'>,
  accountIds: AccountIds,
): Promise<Result<unknown, Refused<typeof addToCase>>> {
  return withTheirTasks(ctx, caseId, accountIds, () => addToCase(ctx, caseId, accountIds));
}

/** Opens a case again for the collector it had. Refuses as `reopenCase`. */
export function reopenWorkedCase(
  ctx: Ctx,
  input: { readonly caseId: Id<'case'>; readonly rowVersion: bigint },
): Promise<Result<unknown, Refused<typeof reopenCase>>> {
  return withTheirTasks(ctx, input.caseId, [], () => reopenCase(ctx, input));
}

/** Takes an account out of a case, its calls out of the collector's hands. Refuses as `removeFromCase`. */
export function removeWorkedAccount(
  ctx: Ctx,
  caseId: Id<'case'>,
  accountId: Id<'account'>,
): Promise<Result<unknown, Refused<typeof removeFromCase>>> {
  return withTheirTasks(ctx, caseId, [], () => removeFromCase(ctx, caseId, accountId));
}

/** Closes a case; what is left to do on its accounts is anyone's again. Refuses as `closeCase`. */
export function closeWorkedCase(
  ctx: Ctx,
  input: { readonly caseId: Id<'case'>; readonly reason: string; readonly rowVersion: bigint },
): Promise<Result<unknown, Refused<typeof closeCase>>> {
  return withTheirTasks(ctx, input.caseId, [], () => closeCase(ctx, input));
}

// A takeover voids what was planned, and with it the calls somebody should still make: those that stood until now go to the collector.
// Their plans are done, not void, so that the strategy does not ask for the same calls again tomorrow. Persons, accounts, tasks and then the
// case are locked in this order, as when tasks are handed out.
async function withTheirTasks<Code extends string>(
  ctx: Ctx,
  caseId: Id<'case'>,
  more: AccountIds,
  change: () => Promise<Result<unknown, Code>>,
): Promise<Result<unknown, Code>> {
  const accountIds = [...(await listAccountsOfCase(ctx, caseId)), ...more];
  await lockWithPersons(ctx, accountIds);
  const standing = await listLiveTasks(ctx, accountIds);
  const changed = await change();
  if (!changed.ok) return changed;
  const taken = new Set(
    await followOwners(
      ctx,
      standing.map((task) => task.id),
    ),
  );
  const planIds = standing.flatMap((task) => (taken.has(task.id) ? (task.planId ?? []) : []));
  await markPlans(ctx, planIds, 'done', 'taken over by a collector with the case');
  return changed;
}
