import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';
import { versionId } from '../ladder.sql.ts';
import type { Ladder } from '../ladder.ts';

/** A dry run that is kept for a while. */
export type Rehearsal = {
  readonly id: Id<'rehearsal'>;
  readonly asOf: CalendarDate;
  readonly version: string;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly groups: readonly RehearsalGroup[];
  readonly startedBy: string;
  readonly at: Date;
  readonly expiresAt: Date;
};

/** Accounts of which a dry run says the same; `kept` of them, those that owe most, are rows of it. */
export type RehearsalGroup = {
  readonly outcome: 'act' | 'wait' | 'stop';
  readonly reasonCode: string;
  /** What would be planned, such as `email` or `call_task+email`; empty for nothing. */
  readonly actions: string;
  readonly accounts: number;
  readonly kept: number;
};

/** What it says about one account, without names: those are looked up when it is shown. */
export type RehearsalRow = {
  readonly rowNo: number;
  readonly accountId: string;
  readonly versionId: string | null;
  readonly outcome: 'act' | 'wait' | 'stop';
  readonly reasonCode: string;
  readonly actions: string;
  readonly stepKey: string | null;
  readonly withheld: string | null;
  readonly stage: string;
  readonly daysPastDue: number | null;
  readonly openItems: number;
  readonly openMinor: bigint;
  readonly claimedMinor: bigint;
  readonly currency: string;
};

const said = (ctx: Ctx): RawBuilder<unknown> => sql`
  select a.account_id, a.follows, a.outcome, a.reason_code, a.withheld, a.stage, a.days_past_due, a.open_items, a.open_minor, a.claimed_minor, a.currency,
    coalesce(p.actions, '') as actions, p.step_key
  from pg_temp.run_accounts a
  left join (
    select n.account_id, string_agg(n.action, '+' order by n.action) as actions, (array_agg(n.step_key order by n.day desc))[1] as step_key
    from pg_temp.run_plans n where n.tenant_id = ${ctx.tenant} group by n.account_id) p on p.account_id = a.account_id
  where a.tenant_id = ${ctx.tenant} and (a.open_items > 0 or a.outcome = 'act')`;

/** Counts what the working tables of a dry run say, by outcome, reason and what would be planned. */
export async function countGroups(ctx: Ctx): Promise<Omit<RehearsalGroup, 'kept'>[]> {
  const { rows } = await sql<Omit<RehearsalGroup, 'kept'>>`
    select x.outcome, x.reason_code as "reasonCode", x.actions, count(*)::int as accounts from (${said(ctx)}) x
    group by x.outcome, x.reason_code, x.actions order by (x.outcome = 'act') desc, count(*) desc, x.reason_code`.execute(
    ctx.db,
  );
  return rows;
}

/** Of each group the accounts that owe most, in the order of the list. */
export async function selectRehearsed(ctx: Ctx, ladder: Ladder, most: number): Promise<RehearsalRow[]> {
  const { rows } = await sql<RehearsalRow>`
    select (row_number() over (order by (x.outcome = 'act') desc, x.open_minor desc, x.account_id))::int as "rowNo", x.account_id as "accountId",
      case when x.follows is null then null else ${versionId(ladder, sql`x.follows`)} end as "versionId", x.outcome, x.reason_code as "reasonCode",
      x.actions, x.step_key as "stepKey", x.withheld, x.stage, x.days_past_due as "daysPastDue", x.open_items as "openItems", x.open_minor as "openMinor",
      x.claimed_minor as "claimedMinor", x.currency
    from (
      select s.*, row_number() over (partition by s.outcome, s.reason_code, s.actions order by s.open_minor desc, s.account_id) as place from (${said(ctx)}) s) x
    where x.place <= ${most} order by 1`.execute(ctx.db);
  return rows;
}

export async function insertRehearsal(ctx: Ctx, rehearsal: Omit<Rehearsal, 'startedBy' | 'at'>): Promise<void> {
  await sql`
    insert into strategy.rehearsals (tenant_id, id, as_of, version, counts, groups, started_by, at, expires_at)
    values (${ctx.tenant}, ${rehearsal.id}, ${rehearsal.asOf}, ${rehearsal.version}, ${JSON.stringify(rehearsal.counts)}::jsonb,
      ${JSON.stringify(rehearsal.groups)}::jsonb, ${ctx.actor.name}, ${ctx.at}, ${rehearsal.expiresAt})`.execute(
    ctx.db,
  );
}

// Rows are values and not a set read from an array: row security on a distributed database refuses the latter.
const ROWS = 2000;

export async function insertRows(ctx: Ctx, rehearsalId: string, rows: readonly RehearsalRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS) {
    await sql`
      insert into strategy.rehearsal_rows (tenant_id, rehearsal_id, row_no, account_id, version_id, outcome, reason_code, actions, step_key, withheld, stage,
        days_past_due, open_items, open_minor, claimed_minor, currency)
      values ${sql.join(
        rows.slice(start, start + ROWS).map(
          (
            row,
          ) => sql`(${ctx.tenant}, ${rehearsalId}, ${row.rowNo}, ${row.accountId}, ${row.versionId}, ${row.outcome}, ${row.reasonCode},
              ${row.actions}, ${row.stepKey}, ${row.withheld}, ${row.stage}, ${row.daysPastDue}, ${row.openItems}, ${row.openMinor},
              ${row.claimedMinor}, ${row.currency})`,
        ),
      )}`.execute(ctx.db);
  }
}

/** Takes away what has expired, and all but the newest `keep`. */
export async function deleteOld(ctx: Ctx, keep: number): Promise<void> {
  await sql`
    delete from strategy.rehearsals r where r.tenant_id = ${ctx.tenant} and (r.expires_at <= ${ctx.at} or r.id not in (
      select k.id from strategy.rehearsals k where k.tenant_id = ${ctx.tenant} order by k.at desc, k.id desc limit ${keep}))`.execute(
    ctx.db,
  );
}

const columns = sql`r.id, r.as_of as "asOf", r.version, r.counts, r.groups, r.started_by as "startedBy", r.at, r.expires_at as "expiresAt"`;

/** Those that have not expired, newest first. */
export async function listRehearsals(ctx: Ctx): Promise<Rehearsal[]> {
  const { rows } = await sql<Rehearsal>`
    select ${columns} from strategy.rehearsals r where r.tenant_id = ${ctx.tenant} and r.expires_at > ${ctx.at} order by r.at desc, r.id desc`.execute(
    ctx.db,
  );
  return rows;
}

/** One that has not expired. */
export async function findRehearsal(ctx: Ctx, id: string): Promise<Rehearsal | null> {
  const { rows } = await sql<Rehearsal>`
    select ${columns} from strategy.rehearsals r where r.tenant_id = ${ctx.tenant} and r.id = ${id}::uuid and r.expires_at > ${ctx.at}`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** A row as it is shown: with who it is about and the version that says it. */
export type ShownRow = Omit<RehearsalRow, 'versionId'> & {
  readonly number: string;
  readonly party: string;
  readonly clientName: string;
  readonly version: string | null;
  readonly definition: unknown;
};

/** Rows of a dry run after the one named, in its order. */
export async function listRehearsalRows(
  ctx: Ctx,
  rehearsalId: string,
  filter: {
    readonly reason?: string | undefined;
    readonly actions?: string | undefined;
    readonly q?: string | undefined;
  },
  page: { readonly after: number; readonly limit: number },
): Promise<ShownRow[]> {
  const { tenant } = ctx;
  const wanted = [
    sql`w.tenant_id = ${tenant}`,
    sql`w.rehearsal_id = ${rehearsalId}::uuid`,
    sql`w.row_no > ${page.after}`,
  ];
  if (filter.reason !== undefined) wanted.push(sql`w.reason_code = ${filter.reason}`);
  if (filter.actions !== undefined) wanted.push(sql`w.actions = ${filter.actions}`);
  if (filter.q !== undefined) {
    const q = filter.q.toLowerCase();
    wanted.push(sql`(strpos(lower(f.party_name), ${q}) > 0 or strpos(lower(f.account_number), ${q}) > 0)`);
  }
  const { rows } = await sql<ShownRow>`
    select w.row_no as "rowNo", w.account_id as "accountId", w.outcome, w.reason_code as "reasonCode", w.actions, w.step_key as "stepKey", w.withheld,
      w.stage, w.days_past_due as "daysPastDue", w.open_items as "openItems", w.open_minor as "openMinor", w.claimed_minor as "claimedMinor", w.currency,
      f.account_number as number, f.party_name as party, c.name as "clientName", v.name || ' v' || v.version as version, v.definition
    from strategy.rehearsal_rows w
    join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = w.account_id
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = f.client_id
    left join strategy.versions_v v on v.tenant_id = ${tenant} and v.id = w.version_id
    where ${sql.join(wanted, sql` and `)} order by w.row_no limit ${page.limit}`.execute(ctx.db);
  return rows;
}
