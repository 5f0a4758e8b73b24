import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

/** One line of the selection table: who matches this revision of the segment follows the strategy; null: is kept out of all treatment. */
export type SelectionEntry = {
  readonly segmentId: Id<'segment'>;
  readonly segmentRevision: number;
  /** Where an experiment stands, its champion's. */
  readonly strategyId: Id<'strategy'> | null;
  readonly experimentId?: Id<'experiment'>;
};

/** The whole table as it stands from a day; the first line that matches counts, `otherwiseId` for those whom none does. */
export type Selection = {
  readonly id: Id<'selection'>;
  readonly revision: number;
  readonly entries: readonly SelectionEntry[];
  readonly otherwiseId: Id<'strategy'> | null;
  readonly otherwiseExperimentId: Id<'experiment'> | null;
  readonly effectiveFrom: CalendarDate;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};

/** Who follows what, without when. */
export type SelectionLines = Pick<Selection, 'entries' | 'otherwiseId'> &
  Partial<Pick<Selection, 'otherwiseExperimentId'>>;

const columns = sql`s.id, s.revision, s.entries, s.otherwise_id as "otherwiseId", s.otherwise_experiment_id as "otherwiseExperimentId", s.effective_from as "effectiveFrom",
  s.recorded_by as "recordedBy", s.recorded_at as "recordedAt"`;

/** The table in effect on `asOf`; null while none was ever made: everybody follows the default strategy. */
export async function findSelection(ctx: Ctx, asOf: CalendarDate): Promise<Selection | null> {
  const { rows } = await sql<Selection>`
    select ${columns} from strategy.selections s where s.tenant_id = ${ctx.tenant} and s.effective_from <= ${asOf}
    order by s.effective_from desc, s.revision desc limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The tables there were and those to come, newest first. */
export async function listSelections(ctx: Ctx, limit: number): Promise<Selection[]> {
  const { rows } = await sql<Selection>`
    select ${columns} from strategy.selections s where s.tenant_id = ${ctx.tenant} order by s.revision desc limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}

export async function insertSelection(
  ctx: Ctx,
  selection: Omit<Selection, 'recordedBy' | 'recordedAt'>,
): Promise<void> {
  await sql`
    insert into strategy.selections (tenant_id, id, revision, entries, otherwise_id, otherwise_experiment_id, effective_from, recorded_by, recorded_at)
    values (${ctx.tenant}, ${selection.id}, ${selection.revision}, ${JSON.stringify(selection.entries)}::jsonb, ${selection.otherwiseId},
      ${selection.otherwiseExperimentId}, ${selection.effectiveFrom}, ${ctx.actor.name}, ${ctx.at})`.execute(ctx.db);
}

/** The rules of some revisions of segments, with the names they bear now. */
export async function listSegmentRevisions(
  ctx: Ctx,
  entries: readonly Pick<SelectionEntry, 'segmentId' | 'segmentRevision'>[],
): Promise<{ segmentId: Id<'segment'>; revision: number; name: string; rule: unknown }[]> {
  const { rows } = await sql<{ segmentId: Id<'segment'>; revision: number; name: string; rule: unknown }>`
    select r.segment_id as "segmentId", r.revision, s.name, r.rule
    from unnest(${entries.map((one) => one.segmentId)}::uuid[], ${entries.map((one) => one.segmentRevision)}::int[]) as x (segment_id, revision)
    join strategy.segment_revisions r on r.tenant_id = ${ctx.tenant} and r.segment_id = x.segment_id and r.revision = x.revision
    join strategy.segments s on s.tenant_id = ${ctx.tenant} and s.id = r.segment_id`.execute(ctx.db);
  return rows;
}
