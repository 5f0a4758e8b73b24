import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import type { Account } from './account.ts';
import type { AccountState } from './account-state.ts';

/** The account, or null. */
export async function findAccount(ctx: Ctx, id: Id<'account'>): Promise<Account | null> {
  const { rows } = await sql<Account>`
    select id, client_id as "clientId", party_id as "partyId", cluster_id as "clusterId", number, debt_kind as "debtKind", currency,
           balance_source as "balanceSource", state, assigned_to as "assignedTo", sensitive, opened_on as "openedOn", row_version as "rowVersion"
    from accounts.accounts where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Returns false when the client already has an account of that number. */
export async function insertAccount(
  ctx: Ctx,
  account: Omit<Account, 'state' | 'assignedTo' | 'sensitive' | 'rowVersion' | 'openedOn'> & {
    readonly openedOn: CalendarDate;
  },
): Promise<boolean> {
  const result = await sql`insert into accounts.accounts
      (tenant_id, id, client_id, party_id, cluster_id, number, debt_kind, currency, balance_source, state, opened_on, recorded_at)
    values (${ctx.tenant}, ${account.id}, ${account.clientId}, ${account.partyId}, ${account.clusterId}, ${account.number}, ${account.debtKind},
            ${account.currency}, ${account.balanceSource}, 'active', ${account.openedOn}, ${ctx.at})
    on conflict (tenant_id, client_id, number) do nothing`.execute(ctx.db);
  return result.numAffectedRows === 1n;
}

export async function insertState(
  ctx: Ctx,
  step: { accountId: Id<'account'>; from: AccountState | null; to: AccountState; reason: string },
): Promise<void> {
  await sql`insert into accounts.account_states (tenant_id, id, account_id, from_state, to_state, reason, actor_id, effective_at, recorded_at)
    values (${ctx.tenant}, ${newId()}, ${step.accountId}, ${step.from}, ${step.to}, ${step.reason}, ${ctx.actor.id}, ${ctx.at}, ${ctx.at})`.execute(
    ctx.db,
  );
}
