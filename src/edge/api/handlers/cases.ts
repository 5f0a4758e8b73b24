import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, idOf } from '../../../kernel/ids.ts';
import { ok, type Refusal, refuse, type Result } from '../../../kernel/result.ts';
import {
  addWorkedAccounts,
  closeWorkedCase,
  giveCase,
  openWorkedCase,
  removeWorkedAccount,
  reopenWorkedCase,
} from '../../../flows/work-case.ts';
import { findCase } from '../../../modules/accounts/public.ts';
import { listMembers } from '../../../modules/identity/public.ts';
import { casePage, listCases } from '../../../modules/insights/public.ts';
import type { Caller } from '../caller.ts';
import * as contract from '../contract/cases.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';
import { scopeOf } from '../row-scope.ts';
import { wire } from '../wire.ts';

type CaseBody = ResponseOf<typeof contract.getCase>;

/** Cases: accounts of one person worked together by one collector. */
export function caseHandlers(): Implementation[] {
  return [
    implement(contract.listCases, async (ctx, { query, caller }) => {
      const page = await listCases(ctx, { ...query, scope: scopeOf(caller) });
      return page.ok ? ok(wire(page.value)) : page;
    }),
    implement(contract.getCase, async (ctx, { params, caller }) => caseBody(ctx, params.caseId, caller)),
    implement(contract.openCase, async (ctx, { body, caller }) => {
      const barred = await barredFromGiving(ctx, caller, body.assignedTo, null);
      if (barred) return barred;
      const opened = await openWorkedCase(ctx, {
        accountIds: body.accountIds.map((id) => idOf('account', id)),
        assignedTo: body.assignedTo === null ? null : idOf('user', body.assignedTo),
      });
      return opened.ok ? caseBody(ctx, opened.value.caseId, caller) : opened;
    }),
    implement(contract.addToCase, async (ctx, { params, body, caller }) => {
      const accountIds = body.accountIds.map((id) => idOf('account', id));
      return after(ctx, params.caseId, caller, await addWorkedAccounts(ctx, idOf('case', params.caseId), accountIds));
    }),
    implement(contract.removeFromCase, async (ctx, { params, caller }) => {
      const [caseId, accountId] = [idOf('case', params.caseId), idOf('account', params.accountId)];
      return after(ctx, caseId, caller, await removeWorkedAccount(ctx, caseId, accountId));
    }),
    implement(contract.assignCase, async (ctx, { params, body, version, caller }) => {
      const caseId = idOf('case', params.caseId);
      const found = await findCase(ctx, caseId);
      if (!found) return refuse('case_not_found', 'There is no such case.');
      const barred = await barredFromGiving(ctx, caller, body.assignedTo, found.assignedTo);
      if (barred) return barred;
      const assignedTo = body.assignedTo === null ? null : idOf('user', body.assignedTo);
      return after(ctx, caseId, caller, await giveCase(ctx, { caseId, assignedTo, rowVersion: version }));
    }),
    implement(contract.closeCase, async (ctx, { params, body, version, caller }) => {
      const caseId = idOf('case', params.caseId);
      return after(
        ctx,
        caseId,
        caller,
        await closeWorkedCase(ctx, { caseId, reason: body.reason, rowVersion: version }),
      );
    }),
    implement(contract.reopenCase, async (ctx, { params, version, caller }) => {
      const caseId = idOf('case', params.caseId);
      return after(ctx, caseId, caller, await reopenWorkedCase(ctx, { caseId, rowVersion: version }));
    }),
  ];
}

/** Who may give a case to whom: a manager to any member, a collector a free one to themselves and their own back. */
async function barredFromGiving(
  ctx: Ctx,
  caller: Caller,
  to: string | null,
  from: Id<'user'> | null,
): Promise<Refusal<'forbidden' | 'no_such_member'> | null> {
  const self = caller.actor.id;
  if (to === from || (to === self && from === null) || (to === null && from === self)) return null;
  if (to !== null && !(await listMembers(ctx)).some((one) => one.userId === to && one.disabledAt === null))
    return refuse('no_such_member', 'There is no such member to give the case to.', { assignedTo: 'Not a member.' });
  if (caller.actor.permissions.has('tasks.assign')) return null;
  return refuse('forbidden', 'Giving a case to somebody else is for managers. You may take one that nobody has.');
}

async function after(
  ctx: Ctx,
  caseId: string,
  caller: Caller,
  done: Result<unknown, RefusalCode>,
): Promise<Result<CaseBody, RefusalCode>> {
  return done.ok ? caseBody(ctx, caseId, caller) : done;
}

async function caseBody(ctx: Ctx, caseId: string, caller: Caller): Promise<Result<CaseBody, 'not_found'>> {
  const page = await casePage(ctx, caseId, scopeOf(caller));
  return page.ok ? ok(wire(page.value)) : page;
}
