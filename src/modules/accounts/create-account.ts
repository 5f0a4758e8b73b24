import { sql } from 'kysely';
import { type CalendarDate, localDateOf } from '../../kernel/calendar.ts';
import { type Currency, parseCurrency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { timeZone } from '../../kernel/time-zone.ts';
import { recordAudit } from '../identity/public.ts';
import { indexTokens } from '../parties/public.ts';
import type { BalanceSource, DebtKind } from './account.ts';
import { insertAccount, insertState } from './account.sql.ts';
import { findClient } from './client.sql.ts';
import { refreshFacts } from './refresh-facts.ts';

export type NewAccount = {
  readonly clientId: Id<'client'>;
  readonly partyId: Id<'party'>;
  /** Unique per client; made up from the account's id when absent. */
  readonly number?: string | undefined;
  readonly debtKind: DebtKind;
  /** Default: the client's. */
  readonly currency?: Currency | undefined;
  readonly balanceSource?: BalanceSource | undefined;
  readonly openedOn?: CalendarDate | undefined;
};

/** Opens an account of a party with a client. Refuses: `client_not_found`, `party_not_found`, `unknown_currency`, `number_taken`. */
export async function createAccount(
  ctx: Ctx,
  input: NewAccount,
): Promise<
  Result<{ accountId: Id<'account'> }, 'client_not_found' | 'party_not_found' | 'unknown_currency' | 'number_taken'>
> {
  const client = await findClient(ctx, input.clientId);
  if (!client) return refuse('client_not_found', 'There is no such client.');
  const clusterId = await findClusterOfParty(ctx, input.partyId);
  if (!clusterId) return refuse('party_not_found', 'There is no such party.');
  const currency = parseCurrency(input.currency ?? client.currency);
  if (!currency.ok) return currency;
  const id = newId<'account'>();
  const number = input.number?.trim() || `D-${id.slice(-10).toUpperCase()}`;
  const inserted = await insertAccount(ctx, {
    id,
    clientId: client.id,
    partyId: input.partyId,
    clusterId,
    number,
    debtKind: input.debtKind,
    currency: currency.value,
    balanceSource: input.balanceSource ?? 'dunwell',
    openedOn: input.openedOn ?? localDateOf(ctx.at, timeZone(client.timeZone)),
  });
  if (!inserted) return refuse('number_taken', `${client.name} already has an account numbered ${number}.`);
  await insertState(ctx, { accountId: id, from: null, to: 'active', reason: 'opened' });
  await indexTokens(
    ctx,
    sql`select a.party_id, a.number as text
      from accounts.accounts a where a.tenant_id = ${ctx.tenant} and a.id = ${id}`,
  );
  await refreshFacts(ctx, { accountIds: [id] });
  await recordAudit(ctx, {
    action: 'account.opened',
    subjectKind: 'account',
    subjectId: id,
    accountId: id,
    detail: { number, client: client.id, party: input.partyId },
  });
  return ok({ accountId: id });
}

async function findClusterOfParty(ctx: Ctx, partyId: Id<'party'>): Promise<Id<'cluster'> | null> {
  const { rows } = await sql<{ cluster_id: Id<'cluster'> }>`
    select cluster_id from parties.parties_v where tenant_id = ${ctx.tenant} and id = ${partyId}`.execute(ctx.db);
  return rows[0]?.cluster_id ?? null;
}
