import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Population } from './ageing.sql.ts';
import { withinScope } from './row-scope.ts';

export type ExceptionKind =
  | 'unmatched_cash'
  | 'uncertain_message'
  | 'import_rejects'
  | 'incident'
  | 'stale_feed'
  | 'no_contact_point'
  | 'wide_stop'
  | 'unapplied_credit';

/** What needs a person, by kind; kinds with nothing are left out. */
export async function countExceptions(
  ctx: Ctx,
  { scope, clientId }: Population,
): Promise<{ kind: ExceptionKind; n: bigint }[]> {
  const within = (column: string) => withinScope(column, scope, clientId);
  const { rows } = await sql<{ kind: ExceptionKind; n: bigint }>`
    select x.kind, x.n from (
      select 'unmatched_cash' as kind, count(*) as n, 1 as place from payments.receipts_v r
        where r.tenant_id = ${ctx.tenant} and r.unapplied_minor > 0 and r.state <> 'reversed' and r.account_id is null and ${within('r.client_id')}
      union all
      select 'uncertain_message', count(*), 2 from outreach.messages_v m
        where m.tenant_id = ${ctx.tenant} and m.state = 'uncertain' and ${within('m.client_id')}
      union all
      select 'incident', count(*), 3 from compliance.incidents_v i left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = i.account_id
        where i.tenant_id = ${ctx.tenant} and i.state <> 'closed' and ${within('a.client_id')}
      union all
      select 'stale_feed', count(*), 4 from accounts.clients_v c
        where c.tenant_id = ${ctx.tenant} and c.feed_max_age_hours is not null and c.feed_through is not null
          and c.feed_through < ${ctx.at}::timestamptz - make_interval(hours => c.feed_max_age_hours) and ${within('c.id')}
      union all
      select 'wide_stop', count(*), 5 from accounts.wide_stops_v w
        where w.tenant_id = ${ctx.tenant} and w.released_at is null and (w.client_id is null or ${within('w.client_id')})
      union all
      select 'import_rejects', count(*), 6 from intake.rejects_v j join intake.imports_v m on m.tenant_id = ${ctx.tenant} and m.id = j.import_id
        where j.tenant_id = ${ctx.tenant} and j.state = 'open' and ${within('m.client_id')}
      union all
      select 'no_contact_point', count(*), 7 from accounts.facts_v f
        where f.tenant_id = ${ctx.tenant} and not f.has_email and not f.has_phone and f.balance_minor <> 0 and f.state = 'active' and ${within('f.client_id')}
      union all
      select 'unapplied_credit', count(*), 8 from payments.receipts_v r
        where r.tenant_id = ${ctx.tenant} and r.unapplied_minor > 0 and r.state <> 'reversed' and r.account_id is not null and ${within('r.client_id')}) x
    where x.n > 0 order by x.place`.execute(ctx.db);
  return rows;
}
