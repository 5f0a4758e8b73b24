import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { todayOf } from './ageing.ts';
import { type RowScope, withinScope } from './row-scope.ts';

/** Somebody linked to a party: `has`, they are its role; `is`, it is theirs. */
export type LinkRow = {
  readonly id: string;
  readonly role: string;
  readonly direction: 'has' | 'is';
  readonly party: { readonly id: string; readonly name: string; readonly kind: string };
  readonly contacts: readonly { readonly kind: string; readonly value: string }[];
  readonly accounts: readonly { readonly id: string; readonly number: string }[];
  readonly effectiveFrom: CalendarDate;
  readonly effectiveTo: CalendarDate | null;
  readonly live: boolean;
  readonly note: string | null;
  readonly recordedAt: Date;
  readonly recordedBy: string;
  readonly endReason: string | null;
  readonly rowVersion: bigint;
};

const most = 200;
const shown = 5;

/**
 * Links of the person behind an account, both directions, those that hold first; those that never held are left out. A link is the
 * person's, so it is shown whatever client the other side owes; accounts are shown only of clients the reader may see.
 */
export async function listLinks(ctx: Ctx, accountId: string, scope: RowScope): Promise<LinkRow[]> {
  const today = await todayOf(ctx);
  const { rows } = await sql<LinkRow>`
    with own as (
      select p.id from accounts.accounts_v a
      join parties.clusters_v born on born.tenant_id = ${ctx.tenant} and born.id = a.cluster_id
      join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.root_id = born.root_id
      join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.cluster_id = k.id
      where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}),
    linked as (
      select l.*, 'has' as direction, l.other_party_id as far from parties.party_links_v l where l.tenant_id = ${ctx.tenant} and l.party_id in (select id from own)
      union all
      select l.*, 'is' as direction, l.party_id as far from parties.party_links_v l where l.tenant_id = ${ctx.tenant} and l.other_party_id in (select id from own))
    select l.id, l.role, l.direction, jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind) as party,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'value', c.value)), '[]'::jsonb) from (
        select x.kind, x.value from parties.contact_points_v x where x.tenant_id = ${ctx.tenant} and x.party_id = p.id and x.ended_at is null
          and x.quality in ('verified', 'unverified') order by x.preferred desc, x.kind, x.recorded_at limit ${shown}) c) as contacts,
      (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'number', f.number)), '[]'::jsonb) from (
        select x.id, x.account_number as number from accounts.facts_v x
        where x.tenant_id = ${ctx.tenant} and x.party_id = p.id and ${withinScope('x.client_id', scope)} order by x.balance_minor desc, x.id limit ${shown}) f) as accounts,
      l.effective_from as "effectiveFrom", l.effective_to as "effectiveTo",
      l.effective_from <= ${today}::date and (l.effective_to is null or l.effective_to > ${today}::date) as live,
      l.note, l.recorded_at as "recordedAt", l.end_reason as "endReason", l.row_version as "rowVersion",
      coalesce((select m.display_name from identity.members_v m where m.tenant_id = ${ctx.tenant} and m.user_id::text = l.recorded_by limit 1), l.recorded_by) as "recordedBy"
    from linked l
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = l.far
    where l.effective_to is null or l.effective_to > l.effective_from
    order by live desc, l.effective_from desc, l.id limit ${most}`.execute(ctx.db);
  return rows;
}
