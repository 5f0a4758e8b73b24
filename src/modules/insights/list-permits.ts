import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
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
 * Permits, newest first. What is filtered by divides them into the few kinds there are (client, answer, act, channel), each with its own run
 * in an index in order of time: the newest of each are merged, so that a page reads about what it shows, and one that matches nothing
 * reads next to nothing. Only the rows shown are opened. Refuses: `bad_cursor`.
 */
export async function listPermits(
  ctx: Ctx,
  scope: Scope,
  filter: PermitFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: PermitRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const { tenant } = ctx;
  let before: readonly string[] | null = null;
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['instant', 'uuid']);
    if (!cursor.ok) return cursor;
    before = cursor.value;
  }
  const { rows } = await sql<PermitRow & { cursorAt: string }>`
    with shown as materialized (${newest(ctx, scope, filter, before, page.limit + 1)})
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

const kindColumns = ['decision', 'act', 'channel'] as const;

/** Which permits make the page: at most `limit` ids with their instants, newest first. */
function newest(
  ctx: Ctx,
  scope: Scope,
  filter: PermitFilter,
  before: readonly string[] | null,
  limit: number,
): RawBuilder<unknown> {
  const { tenant } = ctx;
  const byRule = filter.rule !== undefined;
  const source = byRule ? sql`compliance.permit_reasons_v` : sql`compliance.permits_index_v`;
  const id = byRule ? sql`p.permit_id` : sql`p.id`;
  const wanted: RawBuilder<unknown>[] = [sql`p.tenant_id = ${tenant}`];
  if (filter.rule !== undefined) wanted.push(sql`p.rule_id = ${filter.rule}`);
  if (filter.accountId !== undefined) wanted.push(sql`p.account_id = ${filter.accountId}`);
  if (filter.from !== undefined) wanted.push(sql`p.decided_at >= ${filter.from}`);
  if (filter.until !== undefined) wanted.push(sql`p.decided_at < ${filter.until}`);
  if (before !== null) wanted.push(sql`(p.decided_at, ${id}) < (${before[0]}::timestamptz, ${before[1]}::uuid)`);
  const run = (more: readonly RawBuilder<unknown>[]) => sql`
    select ${id} as id, p.decided_at from ${source} p where ${sql.join([...wanted, ...more], sql` and `)}
    order by p.decided_at desc, ${id} desc limit ${limit}`;
  // Without anything that divides them, time itself is the index.
  const divided =
    scope !== null || filter.clientId !== undefined || byRule || filter.accountId !== undefined || namesKind(filter);
  if (!divided) return run([]);
  const { accountId, clientId } = filter;
  const client = accountId === undefined ? sql`k.client_id` : sql`a.client_id`;
  const clients = [inScope(scope, client), ...(clientId === undefined ? [] : [sql`${client} = ${clientId}`])];
  const kinds: RawBuilder<unknown>[] = [sql`true`];
  for (const column of kindColumns)
    if (filter[column] !== undefined) kinds.push(sql`${sql.ref(`k.${column}`)} = ${filter[column]}`);
  // An account has an index of its own, and one client for good: it is asked once whether that is one of those wanted.
  if (accountId === undefined) kinds.push(...clients);
  else
    kinds.push(sql`exists (select 1 from accounts.accounts_v a
      where a.tenant_id = ${tenant} and a.id = ${accountId} and ${sql.join(clients, sql` and `)})`);
  const byClient = accountId === undefined && (scope !== null || clientId !== undefined);
  const told = [...kindColumns, ...(byClient ? ['client_id'] : [])];
  return sql`
    select x.id, x.decided_at from (
      select distinct ${sql.join(told.map((column) => sql.ref(`k.${column}`)))} from compliance.permit_kinds_v k
      where k.tenant_id = ${tenant} and ${sql.join(kinds, sql` and `)}) k
    cross join lateral (${run(told.map((column) => sql`${sql.ref(`p.${column}`)} = ${sql.ref(`k.${column}`)}`))}) x
    order by x.decided_at desc, x.id desc limit ${limit}`;
}

const namesKind = (filter: PermitFilter) => kindColumns.some((column) => filter[column] !== undefined);

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

/** The rules that ever stood against an act of the tenant: few, found one after the other in an index without passing their permits. */
async function rulesThatSpoke(ctx: Ctx): Promise<string[]> {
  const next = sql`select r.rule_id from compliance.permit_reasons_v r where r.tenant_id = ${ctx.tenant}`;
  const { rows } = await sql<{ rule_id: string }>`
    with recursive spoke (rule_id) as (
      (${next} order by r.rule_id limit 1)
      union all
      select (${next} and r.rule_id > s.rule_id order by r.rule_id limit 1) from spoke s where s.rule_id is not null)
    select s.rule_id from spoke s where s.rule_id is not null`.execute(ctx.db);
  return rows.map((row) => row.rule_id);
}

/**
 * Acts the gate refused or put off, by the tenant's day and by rule, added up from the tallies of days that are kept as permits are written.
 * An act several rules stood against counts once for each of them. What was only written down after it had happened was not prevented and
 * is left out.
 */
export async function countPrevented(
  ctx: Ctx,
  scope: Scope,
  input: { readonly from: CalendarDate; readonly to: CalendarDate; readonly clientId?: string | undefined },
): Promise<{ days: PreventedDay[]; acts: number }> {
  const client = input.clientId === undefined ? sql`true` : sql`t.client_id = ${input.clientId}`;
  const measures = (await rulesThatSpoke(ctx)).flatMap((rule) => [`prevented_deny:${rule}`, `prevented_defer:${rule}`]);
  const { rows } = await sql<{ on: string; measure: string; n: bigint }>`
    select (t.slot at time zone 'UTC')::date::text as on, t.measure, sum(t.n)::bigint as n from kernel.tallies t
    where t.tenant_id = ${ctx.tenant} and t.measure = any(${['prevented', ...measures]}::text[])
      and t.slot between kernel.day_slot(${input.from}::date) and kernel.day_slot(${input.to}::date)
      and ${client} and ${inScope(scope, sql`t.client_id`)}
    group by 1, 2 having sum(t.n) > 0 order by 1, 2`.execute(ctx.db);
  const days = new Map<string, PreventedDay>();
  let acts = 0;
  for (const { on, measure, n } of rows) {
    const [kind = '', rule] = measure.split(':');
    if (rule === undefined) acts += Number(n);
    else {
      const day = days.get(`${on}/${rule}`) ?? { on, rule, denied: 0, deferred: 0 };
      days.set(`${on}/${rule}`, { ...day, [kind === 'prevented_deny' ? 'denied' : 'deferred']: Number(n) });
    }
  }
  return { days: [...days.values()].sort((a, b) => (`${a.on}${a.rule}` < `${b.on}${b.rule}` ? -1 : 1)), acts };
}
