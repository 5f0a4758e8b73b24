import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Currency } from '../../kernel/currency.ts';
import type { Id } from '../../kernel/ids.ts';

export type ImportScope = {
  readonly importId: Id<'import'>;
  readonly clientId: Id<'client'>;
  readonly clientCurrency: Currency;
  /** The client's calendar day of `ctx.at`. */
  readonly on: CalendarDate;
};

/** Opens the accounts an import names and we do not have, with their first state; returns how many. */
export async function insertStagedAccounts(ctx: Ctx, scope: ImportScope): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`
    with fresh as (
      select s.tenant_id, s.account_id, s.party_id, s.currency, p.cluster_id, s.opened_on,
             case when s.party_kind = 'person' then 'consumer' else 'commercial' end as debt_kind,
             coalesce(s.account_number, coalesce(s.party_ref, 'D-' || upper(right(s.account_id::text, 10)))
               || case when s.currency <> ${scope.clientCurrency} then '-' || s.currency else '' end) as wanted
      from (select distinct on (x.account_id) x.tenant_id, x.account_id, x.party_id, x.currency, x.party_kind, x.account_number, x.party_ref,
              min(x.issued_on) over (partition by x.account_id order by x.row_no rows between unbounded preceding and unbounded following) as opened_on
            from intake.staged_rows_v x
            where x.tenant_id = ${ctx.tenant} and x.import_id = ${scope.importId} and x.account_id is not null and x.item_id is not null
            order by x.account_id, x.row_no) s
      join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = s.party_id
      where not exists (select 1 from accounts.accounts a where a.tenant_id = ${ctx.tenant} and a.id = s.account_id)),
    -- A number somebody else has, here or in this very file, gets a tail: numbers are unique per client.
    numbered as (
      select f.*, a.id is not null or row_number() over (partition by f.wanted collate "C" order by f.account_id) > 1 as taken
      from fresh f
      left join accounts.accounts a on a.tenant_id = ${ctx.tenant} and a.client_id = ${scope.clientId} and a.number = f.wanted),
    opened as (
      insert into accounts.accounts (tenant_id, id, client_id, party_id, cluster_id, number, debt_kind, currency, balance_source, state, opened_on, recorded_at)
      select n.tenant_id, n.account_id, ${scope.clientId}::uuid, n.party_id, n.cluster_id,
             case when n.taken then n.wanted || '-' || left(n.account_id::text, 8) else n.wanted end,
             n.debt_kind, n.currency, 'host', 'active', n.opened_on, ${ctx.at}::timestamptz
      from numbered n order by n.account_id
      returning tenant_id, id, row_version),
    history as (
      insert into accounts.account_states (tenant_id, id, account_id, from_state, to_state, reason, actor_id, effective_at, recorded_at)
      select o.tenant_id, kernel.hash_id('account_state', o.id::text, o.row_version::text), o.id, null, 'active', 'opened by import',
             ${ctx.actor.id}, ${ctx.at}::timestamptz, ${ctx.at}::timestamptz
      from opened o)
    select count(*) as n from opened`.execute(ctx.db);
  return rows[0]?.n ?? 0n;
}

/** Numbers of an import's accounts, where they are not just those of their parties, for `indexTokens`. */
export const numberTexts = (ctx: Ctx, scope: ImportScope): RawBuilder<unknown> => sql`
  select a.party_id, a.number as text
  from accounts.accounts a
  where a.tenant_id = ${ctx.tenant} and a.id in (
    select s.account_id from intake.staged_rows_v s where s.tenant_id = ${ctx.tenant} and s.import_id = ${scope.importId} and s.item_id is not null
      and (s.account_number is not null or s.party_ref is null or s.currency <> ${scope.clientCurrency}))`;
