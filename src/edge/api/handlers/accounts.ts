import type { z } from 'zod';
import { calendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { money, parseCurrency } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { addItem, changeAccount, createAccount, findFacts, refreshFacts } from '../../../modules/accounts/public.ts';
import { listMembers } from '../../../modules/identity/public.ts';
import {
  exportAccounts,
  getTimeline,
  listAccounts,
  listItems,
  listTransfers,
  searchAccounts,
} from '../../../modules/insights/public.ts';
import { addContactPoint, createParty } from '../../../modules/parties/public.ts';
import { explainAccount } from '../../../modules/strategy/public.ts';
import { accountBody } from '../account-body.ts';
import { search } from '../contract/audit.ts';
import * as contract from '../contract/accounts.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';
import { scopeOf } from '../row-scope.ts';
import { streamCsv } from '../stream-csv.ts';
import { whyOfStrategy } from '../why-card.ts';
import { wire } from '../wire.ts';

type AccountRows = ResponseOf<typeof contract.listAccounts>['rows'];
type NewAccountBody = z.output<typeof contract.createAccount.body>;
type ItemRows = ResponseOf<typeof contract.listItems>['rows'];

const noAccount = refuse('account_not_found', 'There is no such account.');

/** Lists, the page of one account and what is changed on it by hand. */
export function accountHandlers(): Implementation[] {
  return [
    implement(contract.listAccounts, async (ctx, { query, caller }) => {
      const page = await listAccounts(ctx, {
        ...query,
        minBalanceMinor: amountOf(query.minBalanceMinor),
        scope: scopeOf(caller),
      });
      if (!page.ok) return page;
      const { rows, ...rest } = wire(page.value);
      return ok({ ...rest, rows: rows as AccountRows });
    }),
    implementFlow(contract.exportAccounts, async ({ query, caller }, host) =>
      streamCsv(host, 'accounts.csv', (ctx) =>
        exportAccounts(ctx, { ...query, minBalanceMinor: amountOf(query.minBalanceMinor), scope: scopeOf(caller) }),
      ),
    ),
    implement(contract.createAccount, async (ctx, { body }) => openAccount(ctx, body)),
    implement(contract.getAccount, async (ctx, { params, caller }) => accountBody(ctx, params.accountId, caller)),
    implement(contract.changeAccount, async (ctx, { params, body, version, caller }) => {
      const assignee = body.assignedTo ?? null;
      if (
        assignee !== null &&
        !(await listMembers(ctx)).some((one) => one.userId === assignee && one.disabledAt === null)
      ) {
        return refuse('no_such_member', 'There is no such member to assign the account to.', {
          assignedTo: 'Not a member.',
        });
      }
      const changed = await changeAccount(ctx, {
        accountId: idOf('account', params.accountId),
        sensitive: body.sensitive,
        state: body.state,
        reason: body.reason,
        rowVersion: version,
        assignedTo:
          body.assignedTo === undefined || body.assignedTo === null ? body.assignedTo : idOf('user', body.assignedTo),
      });
      return changed.ok ? accountBody(ctx, params.accountId, caller) : changed;
    }),
    implement(contract.listItems, async (ctx, { params, query, caller }) => {
      if (!(await findFacts(ctx, idOf('account', params.accountId)))) return noAccount;
      const page = await listItems(ctx, { ...query, accountId: params.accountId, scope: scopeOf(caller) });
      if (!page.ok) return page;
      const { rows, nextCursor } = wire(page.value);
      return ok({ rows: rows as ItemRows, nextCursor });
    }),
    implement(contract.addItem, async (ctx, { params, body }) => {
      const currency = parseCurrency(body.amount.currency);
      if (!currency.ok) return currency;
      const amountMinor = BigInt(body.amount.amountMinor);
      const added = await addItem(ctx, {
        accountId: idOf('account', params.accountId),
        kind: body.kind,
        number: body.number,
        description: body.description,
        issuedOn: calendarDate(body.issuedOn),
        dueOn: calendarDate(body.dueOn),
        amount: money(body.kind === 'credit_note' ? -amountMinor : amountMinor, currency.value),
      });
      return added.ok ? ok({ id: added.value.itemId }) : added;
    }),
    implement(contract.listTransfers, async (ctx, { params, query, caller }) => {
      if (!(await findFacts(ctx, idOf('account', params.accountId)))) return noAccount;
      const page = await listTransfers(ctx, { ...query, accountId: params.accountId, scope: scopeOf(caller) });
      return page.ok ? ok(wire(page.value)) : page;
    }),
    implement(contract.getTimeline, async (ctx, { params, query, caller }) => {
      const page = await getTimeline(ctx, { ...query, accountId: params.accountId, scope: scopeOf(caller) });
      return page.ok ? ok(wire(page.value) as ResponseOf<typeof contract.getTimeline>) : page;
    }),
    implement(contract.explainAccount, async (ctx, { params, query }) => {
      const explained = await explainAccount(
        ctx,
        params.accountId,
        query.at === undefined ? ctx.at : new Date(query.at),
      );
      return explained.ok ? ok(whyOfStrategy(explained.value)) : explained;
    }),
    implement(search, async (ctx, { query, caller }) =>
      ok({ rows: wire(await searchAccounts(ctx, query.q, scopeOf(caller))) }),
    ),
  ];
}

const amountOf = (minor: string | undefined): bigint | undefined => (minor === undefined ? undefined : BigInt(minor));

/** Party, account and the ways to reach the party, in the one transaction of the request. */
async function openAccount(ctx: Ctx, body: NewAccountBody): Promise<Result<{ id: string }, RefusalCode>> {
  const currency = parseCurrency(body.currency);
  if (!currency.ok) return currency;
  const { email, phone, ...party } = body.party;
  const created = await createParty(ctx, { ...party, country: party.country?.toUpperCase() ?? null, source: 'hand' });
  if (!created.ok) return created;
  const { partyId } = created.value;
  for (const [kind, value] of [
    ['email', email],
    ['phone', phone],
  ] as const) {
    if (value === null || value.trim() === '') continue;
    const added = await addContactPoint(ctx, { partyId, kind, value, preferred: true, source: 'hand' });
    if (!added.ok) return added;
  }
  const opened = await createAccount(ctx, {
    clientId: idOf('client', body.clientId),
    partyId,
    number: body.number,
    debtKind: body.debtKind,
    currency: currency.value,
  });
  if (!opened.ok) return opened;
  await refreshFacts(ctx, { accountIds: [opened.value.accountId] });
  return ok({ id: opened.value.accountId });
}
