import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Ranking, TaskKind, TaskQueue } from './task.ts';

/** A task of the top of a queue as it would be ranked, with where it stands now. */
export type Ranked = {
  readonly id: Id<'task'>;
  readonly accountId: Id<'account'>;
  readonly accountNumber: string;
  readonly partyName: string;
  readonly balanceMinor: bigint;
  readonly currency: string;
  readonly oldestDueOn: CalendarDate | null;
  readonly kind: TaskKind;
  readonly priority: bigint;
  readonly priorityNow: bigint;
  /** From one on. */
  readonly placeNow: number;
};

/** So many of the highest tasks are ranked for a preview. */
export const previewedTasks = 20_000;

/** How the top of a queue would look by another ranking, of the 20,000 that stand highest now. Writes nothing. */
export async function previewRanking(ctx: Ctx, ranking: Ranking, queue: TaskQueue, top: number): Promise<Ranked[]> {
  const { tenant } = ctx;
  const { rows } = await sql<Ranked>`
    with highest as materialized (
      select t.id, t.account_id, t.kind, t.priority, t.due_on, row_number() over (order by t.priority desc, t.due_on, t.id)::int as place
      from desk.tasks t where t.tenant_id = ${tenant} and t.queue = ${queue} and t.state = 'open'
      order by t.priority desc, t.due_on, t.id limit ${previewedTasks})
    select t.id, t.account_id as "accountId", f.account_number as "accountNumber", f.party_name as "partyName", f.balance_minor as "balanceMinor", f.currency,
      f.oldest_open_due_on as "oldestDueOn", t.kind, ${ranking.worth(sql`t.kind`)} as priority, t.priority as "priorityNow", t.place as "placeNow"
    from highest t
    join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = t.account_id
    ${ranking.joins}
    order by priority desc, t.due_on, t.id limit ${top}`.execute(ctx.db);
  return rows;
}
