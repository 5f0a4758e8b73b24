import { sql } from 'kysely';
import type { TimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { DebtParticulars } from './debt-particulars.ts';
import type { Reckoning } from './computations/limitation.ts';
import type { Channel } from './proposal.ts';

type ImportId = Id<'import'>;

export type StagedDebt = {
  readonly rowNo: bigint;
  readonly accountId: Id<'account'>;
  readonly partyId: Id<'party'>;
  readonly clusterId: Id<'cluster'>;
  readonly clientId: string;
  readonly zone: TimeZone;
  readonly email: string | null;
  readonly phone: string | null;
  readonly debt: unknown;
};

/** Rows of an import that describe debts, with whose they are; `after` is where the last page ended. */
export async function selectStagedDebts(
  ctx: Ctx,
  importId: ImportId,
  after: bigint,
  limit: number,
): Promise<StagedDebt[]> {
  const { rows } = await sql<StagedDebt>`
    select s.row_no as "rowNo", s.account_id as "accountId", a.party_id as "partyId", p.cluster_id as "clusterId", a.client_id as "clientId",
      c.time_zone as zone, e.value_key as email, t.value_key as phone, s.debt
    from intake.staged_rows_v s
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = s.account_id
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    left join parties.contact_points_v e on e.tenant_id = ${ctx.tenant} and e.party_id = a.party_id and e.kind = 'email' and e.value = s.email
    left join parties.contact_points_v t on t.tenant_id = ${ctx.tenant} and t.party_id = a.party_id and t.kind = 'phone' and t.value = s.phone
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.debt is not null and s.row_no > ${after}
    order by s.row_no limit ${limit}`.execute(ctx.db);
  return rows;
}

/** Clusters of known people about whom an import says what stops contact or is wished: locked before their accounts. */
export async function clustersSpokenOf(ctx: Ctx, importId: ImportId): Promise<Id<'cluster'>[]> {
  const { rows } = await sql<{ id: Id<'cluster'> }>`
    select distinct p.cluster_id as id from intake.staged_rows_v s
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = s.party_id
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId}
      and s.debt ?| array['bornOn', 'languageWish', 'attorney', 'deceased', 'bankruptcy']`.execute(ctx.db);
  return rows.map((row) => row.id);
}

export type KnownDebt = { readonly id: string; readonly source: 'staff' | 'import'; readonly particulars: unknown };

export async function selectKnownDebts(ctx: Ctx, accountIds: readonly string[]): Promise<Map<string, KnownDebt>> {
  const { rows } = await sql<KnownDebt>`select id, source, particulars from compliance.debts
    where tenant_id = ${ctx.tenant} and id = any(${[...accountIds]}::uuid[])`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

export type DebtToWrite = {
  readonly accountId: string;
  readonly particulars: DebtParticulars;
  readonly reckoned: Reckoning | null;
};

/** Writes descriptions from a file; what a person has judged stands, only the file's particulars beside it are renewed. Returns rows that changed. */
export async function upsertDebts(ctx: Ctx, debts: readonly DebtToWrite[]): Promise<number> {
  if (debts.length === 0) return 0;
  const rows = debts.map(
    ({
      accountId,
      particulars,
      reckoned,
    }) => sql`(${ctx.tenant}::uuid, ${accountId}::uuid, ${particulars.product ?? null}::text,
      ${particulars.chargedOffOn ?? null}::date, ${reckoned?.lastDay ?? null}::date,
      ${reckoned === null ? null : JSON.stringify(reckoned.reckoning)}::jsonb, ${JSON.stringify(particulars)}::jsonb, 'import', ${ctx.actor.name}, ${ctx.at}::timestamptz)`,
  );
  const result = await sql`
    insert into compliance.debts as d (tenant_id, id, product, charged_off_on, last_day_to_sue, limitation, particulars, source, recorded_by, recorded_at)
    values ${sql.join(rows)}
    on conflict (tenant_id, id) do update set
      product = case d.source when 'import' then excluded.product else d.product end,
      charged_off_on = case d.source when 'import' then excluded.charged_off_on else d.charged_off_on end,
      last_day_to_sue = case d.source when 'import' then excluded.last_day_to_sue else d.last_day_to_sue end,
      limitation = case d.source when 'import' then excluded.limitation else d.limitation end,
      particulars = excluded.particulars, row_version = d.row_version + 1,
      recorded_by = case d.source when 'import' then excluded.recorded_by else d.recorded_by end,
      recorded_at = case d.source when 'import' then excluded.recorded_at else d.recorded_at end
    where d.particulars <> excluded.particulars or d.source = 'import' and d.limitation is distinct from excluded.limitation`.execute(
    ctx.db,
  );
  return Number(result.numAffectedRows ?? 0n);
}

export type ConsentToWrite = {
  readonly id: string;
  readonly partyId: string;
  readonly clusterId: string;
  readonly clientId: string;
  readonly accountId: string;
  readonly recipient: 'tenant' | 'client' | 'prior_collector';
  readonly channel: Channel;
  readonly scope: string;
  readonly addressKey: string | null;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly from: Date;
};

/** Writes consents from a file; one that is known, revoked or not, is left as it is. Returns how many are new. */
export async function insertConsents(ctx: Ctx, consents: readonly ConsentToWrite[]): Promise<number> {
  if (consents.length === 0) return 0;
  const rows = consents.map(
    (
      one,
    ) => sql`(${ctx.tenant}::uuid, ${one.id}::uuid, ${one.partyId}::uuid, ${one.clusterId}::uuid, ${one.recipient}, ${one.clientId}::uuid,
      ${one.accountId}::uuid, ${one.channel}, ${one.addressKey}, ${one.scope}, '{}'::jsonb, ${JSON.stringify(one.evidence)}::jsonb,
      ${one.from}::timestamptz, ${ctx.at}::timestamptz)`,
  );
  const result = await sql`
    insert into compliance.consents (tenant_id, id, giver_party_id, cluster_id, recipient_kind, client_id, account_id, channel, address_key, scope, detail,
      evidence, effective_from, recorded_at)
    values ${sql.join(rows)} on conflict (tenant_id, id) do nothing`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Whether somebody is on record as the person's attorney now. */
export async function hasAttorney(ctx: Ctx, partyId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from parties.party_links_v l
    where l.tenant_id = ${ctx.tenant} and l.party_id = ${partyId} and l.role = 'attorney' and l.effective_from <= ${ctx.at}::date
      and (l.effective_to is null or l.effective_to > ${ctx.at}::date) limit 1`.execute(ctx.db);
  return rows.length > 0;
}
