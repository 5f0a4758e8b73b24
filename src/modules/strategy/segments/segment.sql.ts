import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';
import { compileRule, type RuleDay } from './rule.sql.ts';
import type { Rule } from './rule.ts';

/** A segment with the wording of its rule that counts now, as it was written. */
export type SegmentRow = {
  readonly id: Id<'segment'>;
  readonly name: string;
  readonly description: string;
  readonly revision: number;
  readonly rule: unknown;
  readonly archivedAt: Date | null;
  readonly rowVersion: bigint;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};

const columns = sql`s.id, s.name, s.description, s.revision, r.rule, s.archived_at as "archivedAt", s.row_version as "rowVersion",
  r.recorded_by as "recordedBy", r.recorded_at as "recordedAt"`;

export async function listSegments(ctx: Ctx): Promise<SegmentRow[]> {
  const { rows } = await sql<SegmentRow>`
    select ${columns} from strategy.segments s
    join strategy.segment_revisions r on r.tenant_id = ${ctx.tenant} and r.segment_id = s.id and r.revision = s.revision
    where s.tenant_id = ${ctx.tenant} and s.archived_at is null order by lower(s.name), s.id`.execute(ctx.db);
  return rows;
}

/** Null for one that is not there; `lock` holds it until the transaction ends. */
export async function findSegment(ctx: Ctx, id: string, lock = false): Promise<SegmentRow | null> {
  const { rows } = await sql<SegmentRow>`
    select ${columns} from strategy.segments s
    join strategy.segment_revisions r on r.tenant_id = ${ctx.tenant} and r.segment_id = s.id and r.revision = s.revision
    where s.tenant_id = ${ctx.tenant} and s.id = ${id}::uuid ${lock ? sql`for update of s` : sql``}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Those of some segments that are live. */
export async function findSegments(ctx: Ctx, ids: readonly string[]): Promise<SegmentRow[]> {
  const { rows } = await sql<SegmentRow>`
    select ${columns} from strategy.segments s
    join strategy.segment_revisions r on r.tenant_id = ${ctx.tenant} and r.segment_id = s.id and r.revision = s.revision
    where s.tenant_id = ${ctx.tenant} and s.archived_at is null and s.id = any(${[...ids]}::uuid[])`.execute(ctx.db);
  return rows;
}

/** Whether another live segment bears the name. */
export async function isNameTaken(ctx: Ctx, name: string, but: string | null): Promise<boolean> {
  const { rows } = await sql`
    select 1 from strategy.segments s
    where s.tenant_id = ${ctx.tenant} and lower(s.name) = lower(${name}) and s.archived_at is null and s.id is distinct from ${but}::uuid`.execute(
    ctx.db,
  );
  return rows.length > 0;
}

export async function insertSegment(ctx: Ctx, segment: Pick<SegmentRow, 'id' | 'name' | 'description'>): Promise<void> {
  await sql`insert into strategy.segments (tenant_id, id, name, description, revision, recorded_at)
    values (${ctx.tenant}, ${segment.id}, ${segment.name}, ${segment.description}, 1, ${ctx.at})`.execute(ctx.db);
}

export async function insertRevision(
  ctx: Ctx,
  revision: { readonly id: string; readonly segmentId: string; readonly revision: number; readonly rule: unknown },
): Promise<void> {
  await sql`insert into strategy.segment_revisions (tenant_id, id, segment_id, revision, rule, recorded_by, recorded_at)
    values (${ctx.tenant}, ${revision.id}, ${revision.segmentId}, ${revision.revision}, ${JSON.stringify(revision.rule)}::jsonb, ${ctx.actor.name},
      ${ctx.at})`.execute(ctx.db);
}

export async function updateSegment(
  ctx: Ctx,
  id: string,
  to: Pick<SegmentRow, 'name' | 'description' | 'revision' | 'archivedAt'>,
): Promise<void> {
  await sql`update strategy.segments s
    set name = ${to.name}, description = ${to.description}, revision = ${to.revision}, archived_at = ${to.archivedAt}, row_version = s.row_version + 1
    where s.tenant_id = ${ctx.tenant} and s.id = ${id}::uuid`.execute(ctx.db);
}

/** Which clients' accounts the reader may see; null: all. */
export type ClientScope = readonly string[] | null;

const inScope = (clients: ClientScope) => (clients === null ? sql`` : sql`and f.client_id = any(${clients}::uuid[])`);

/** How many accounts a rule matches, exactly. */
export async function countExactly(ctx: Ctx, rule: Rule, day: RuleDay, clients: ClientScope): Promise<number> {
  const { joins, condition } = compileRule(ctx, rule, day);
  const { rows } = await sql<{ n: bigint }>`
    select count(*) as n from accounts.facts_v f ${joins} where f.tenant_id = ${ctx.tenant} ${inScope(clients)} and ${condition}`.execute(
    ctx.db,
  );
  return Number(rows[0]?.n ?? 0n);
}

export type SampleRow = {
  readonly accountId: Id<'account'>;
  readonly number: string;
  readonly party: string;
  readonly balanceMinor: bigint;
  readonly currency: string;
  readonly oldestDueOn: string | null;
};

/** The matching accounts that owe most, of those looked at in the order of their balance. */
export async function sampleOf(
  ctx: Ctx,
  rule: Rule,
  day: RuleDay,
  clients: ClientScope,
  limit: number,
): Promise<SampleRow[]> {
  const { joins, condition } = compileRule(ctx, rule, day);
  const { rows } = await sql<SampleRow>`
    select f.id as "accountId", f.account_number as number, f.party_name as party, f.balance_minor as "balanceMinor", f.currency,
      f.oldest_open_due_on as "oldestDueOn"
    from accounts.facts_v f ${joins} where f.tenant_id = ${ctx.tenant} ${inScope(clients)} and ${condition}
    order by f.balance_minor desc, f.id limit ${limit}`.execute(ctx.db);
  return rows;
}
