import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { inScope, type Scope } from './scope.ts';

export type PermitRow = {
  readonly id: string;
  readonly decision: 'allow' | 'deny' | 'defer';
  readonly act: string;
  readonly channel: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly partyName: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly reasons: unknown;
  readonly notBefore: Date | null;
  readonly decidedAt: Date;
  readonly overrideId: string | null;
};

export type PermitFilter = {
  readonly rule?: string | undefined;
  readonly decision?: string | undefined;
  readonly channel?: string | undefined;
  readonly act?: string | undefined;
  readonly clientId?: string | undefined;
  readonly accountId?: string | undefined;
  /** From this instant, up to but not including the other. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
};

/**
 * Permits, newest first. The page is found in one index (by account, by rule, or by time) that holds what is filtered by, and only
 * the rows shown are opened. Refuses: `bad_cursor`.
 */
export async function listPermits(
  ctx: Ctx,
  scope: Scope,
  filter: PermitFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: PermitRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const { tenant } = ctx;
  const byRule = filter.rule !== undefined && filter.accountId === undefined;
  const wanted: RawBuilder<unknown>[] = [sql`p.tenant_id = ${tenant}`, inScope(scope, sql`p.client_id`)];
  const id = byRule ? sql`p.permit_id` : sql`p.id`;
  if (filter.rule !== undefined)
    wanted.push(
      byRule
        ? sql`p.rule_id = ${filter.rule}`
        : sql`exists (select 1 from compliance.permit_reasons_v r where r.tenant_id = ${tenant} and r.permit_id = p.id and r.rule_id = ${filter.rule})`,
    );
  if (filter.decision !== undefined) wanted.push(sql`p.decision = ${filter.decision}`);
  if (filter.channel !== undefined) wanted.push(sql`p.channel = ${filter.channel}`);
  if (filter.act !== undefined) wanted.push(sql`p.act = ${filter.act}`);
  if (filter.clientId !== undefined) wanted.push(sql`p.client_id = ${filter.clientId}`);
  if (filter.accountId !== undefined) wanted.push(sql`p.account_id = ${filter.accountId}`);
  if (filter.from !== undefined) wanted.push(sql`p.decided_at >= ${filter.from}`);
  if (filter.until !== undefined) wanted.push(sql`p.decided_at < ${filter.until}`);
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['instant', 'uuid']);
    if (!cursor.ok) return cursor;
    wanted.push(sql`(p.decided_at, ${id}) < (${cursor.value[0]}::timestamptz, ${cursor.value[1]}::uuid)`);
  }
  const source = byRule ? sql`compliance.permit_reasons_v` : sql`compliance.permits_index_v`;
  const { rows } = await sql<PermitRow & { cursorAt: string }>`
    with shown as materialized (
      select ${id} as id, p.decided_at from ${source} p where ${sql.join(wanted, sql` and `)}
      order by p.decided_at desc, ${id} desc limit ${page.limit + 1})
    select p.id, p.decision, p.act, p.channel, p.account_id as "accountId", a.number as "accountNumber", y.name as "partyName",
      p.client_id as "clientId", c.name as "clientName", p.reasons, p.not_before as "notBefore", p.decided_at as "decidedAt",
      p.override_id as "overrideId", p.decided_at::text as "cursorAt"
    from shown s
    join compliance.permits_v p on p.tenant_id = ${tenant} and p.id = s.id
    join accounts.accounts_v a on a.tenant_id = ${tenant} and a.id = p.account_id
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = p.client_id
    join parties.parties_v y on y.tenant_id = ${tenant} and y.id = p.party_id
    order by s.decided_at desc, s.id desc`.execute(ctx.db);
  return ok(pageOf(rows, page.limit, (row) => [row.cursorAt, row.id]));
}

export type PermitDetail = PermitRow & {
  readonly proposal: unknown;
  readonly facts: unknown;
  readonly packVersions: unknown;
  readonly validUntil: Date;
  readonly actKind: string | null;
  readonly actId: string | null;
  readonly usedAt: Date | null;
  readonly override: {
    readonly reason: string;
    readonly requested_by: string;
    readonly decided_by: string | null;
    readonly note: string | null;
  } | null;
};

/** One permit with everything it was judged on; null when there is none, or it belongs to a client outside the scope. */
export async function findPermit(ctx: Ctx, scope: Scope, permitId: string): Promise<PermitDetail | null> {
  const { tenant } = ctx;
  const { rows } = await sql<PermitDetail>`
    select p.id, p.decision, p.act, p.channel, p.account_id as "accountId", a.number as "accountNumber", y.name as "partyName",
      p.client_id as "clientId", c.name as "clientName", p.reasons, p.not_before as "notBefore", p.decided_at as "decidedAt",
      p.override_id as "overrideId", p.proposal, p.facts, p.pack_versions as "packVersions", p.valid_until as "validUntil",
      p.act_kind as "actKind", p.act_id as "actId", p.used_at as "usedAt",
      case when o.id is not null then jsonb_build_object('reason', o.reason, 'requested_by', o.requested_by, 'decided_by', o.decided_by, 'note', o.note) end as override
    from compliance.permits_v p
    join accounts.accounts_v a on a.tenant_id = ${tenant} and a.id = p.account_id
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = p.client_id
    join parties.parties_v y on y.tenant_id = ${tenant} and y.id = p.party_id
    left join compliance.overrides_v o on o.tenant_id = ${tenant} and o.id = p.override_id
    where p.tenant_id = ${tenant} and p.id = ${permitId} and ${inScope(scope, sql`p.client_id`)}`.execute(ctx.db);
  return rows[0] ?? null;
}

export type PreventedDay = {
  readonly on: string;
  readonly rule: string;
  readonly denied: number;
  readonly deferred: number;
};

/**
 * Acts the gate refused or put off, by the tenant's day and by rule, counted from an index alone. An act several rules stood against
 * counts once for each of them. What was only written down after it had happened was not prevented and is left out.
 */
export async function countPrevented(
  ctx: Ctx,
  scope: Scope,
  input: {
    readonly from: Date;
    readonly until: Date;
    readonly timeZone: string;
    readonly clientId?: string | undefined;
  },
): Promise<{ days: PreventedDay[]; acts: number }> {
  const client = input.clientId === undefined ? sql`true` : sql`r.client_id = ${input.clientId}`;
  const wanted = sql`r.decided_at >= ${input.from} and r.decided_at < ${input.until} and r.decision <> 'allow'
    and r.act <> 'recorded_after' and ${client} and ${inScope(scope, sql`r.client_id`)}`;
  const { rows } = await sql<{ on: string; rule: string; denied: bigint; deferred: bigint }>`
    select (r.decided_at at time zone ${input.timeZone})::date::text as on, r.rule_id as rule,
      count(*) filter (where r.decision = 'deny') as denied, count(*) filter (where r.decision = 'defer') as deferred
    from compliance.permit_reasons_v r where r.tenant_id = ${ctx.tenant} and ${wanted} group by 1, 2 order by 1, 2`.execute(
    ctx.db,
  );
  const refused = await sql<{ n: bigint }>`
    select count(*) as n from compliance.permits_refused_v r where r.tenant_id = ${ctx.tenant} and ${wanted}`.execute(
    ctx.db,
  );
  return {
    days: rows.map((row) => ({ ...row, denied: Number(row.denied), deferred: Number(row.deferred) })),
    acts: Number(refused.rows[0]?.n ?? 0),
  };
}
