import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { withinScope } from './row-scope.ts';
import { countOf, type Population, type Reading, type Tally } from './tallies.sql.ts';

export type ExceptionKind =
  | 'unmatched_cash'
  | 'uncertain_message'
  | 'import_rejects'
  | 'incident'
  | 'stale_feed'
  | 'no_contact_point'
  | 'wide_stop'
  | 'unapplied_credit'
  | 'experiment_stopped';

/** In the order in which they are shown. */
const kinds: readonly ExceptionKind[] = [
  'unmatched_cash',
  'uncertain_message',
  'incident',
  'stale_feed',
  'wide_stop',
  'import_rejects',
  'no_contact_point',
  'unapplied_credit',
  'experiment_stopped',
];

const tallied: Partial<Readonly<Record<ExceptionKind, string>>> = {
  unmatched_cash: 'receipt_unmatched',
  uncertain_message: 'message_uncertain',
  no_contact_point: 'account_unreachable',
  unapplied_credit: 'receipt_unapplied',
};

/** The tallies that are exceptions. */
export const exceptionReading: Reading = { measures: Object.values(tallied) };

/** What needs a person, by kind; kinds with nothing are left out. `tallies`: what `exceptionReading` gave. */
export async function countExceptions(
  ctx: Ctx,
  population: Population,
  tallies: readonly Tally[],
): Promise<{ kind: ExceptionKind; n: bigint }[]> {
  const counted = new Map((await countOthers(ctx, population)).map(({ kind, n }) => [kind, n]));
  const countKind = (kind: ExceptionKind) => {
    const measure = tallied[kind];
    return measure ? countOf(tallies, measure) : (counted.get(kind) ?? 0n);
  };
  return kinds.map((kind) => ({ kind, n: countKind(kind) })).filter(({ n }) => n > 0n);
}

/** What is few by nature: stops, feeds, incidents and rejects waiting for a person. */
async function countOthers(ctx: Ctx, { scope, clientId }: Population): Promise<{ kind: ExceptionKind; n: bigint }[]> {
  const within = (column: string) => withinScope(column, scope, clientId);
  const { rows } = await sql<{ kind: ExceptionKind; n: bigint }>`
      select 'incident' as kind, count(*) as n from compliance.incidents_v i left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = i.account_id
        where i.tenant_id = ${ctx.tenant} and i.state <> 'closed' and ${within('a.client_id')}
      union all
      select 'stale_feed', count(*) from accounts.clients_v c
        where c.tenant_id = ${ctx.tenant} and c.feed_max_age_hours is not null and c.feed_through is not null
          and c.feed_through < ${ctx.at}::timestamptz - make_interval(hours => c.feed_max_age_hours) and ${within('c.id')}
      union all
      select 'wide_stop', count(*) from accounts.wide_stops_v w
        where w.tenant_id = ${ctx.tenant} and w.released_at is null and (w.client_id is null or ${within('w.client_id')})
      union all
      select 'import_rejects', count(*) from intake.rejects_v j join intake.imports_v m on m.tenant_id = ${ctx.tenant} and m.id = j.import_id
        where j.tenant_id = ${ctx.tenant} and j.state = 'open' and ${within('m.client_id')}
      union all
      select 'experiment_stopped', count(*) from strategy.experiments_v e
        where e.tenant_id = ${ctx.tenant} and e.state = 'stopped' and ${scope.clientIds === undefined && clientId === undefined}::boolean`.execute(
    ctx.db,
  );
  return rows;
}
