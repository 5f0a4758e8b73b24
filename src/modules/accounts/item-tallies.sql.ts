import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/** What items of a CTE `born`, all of them open, add, with the openings posted for them; summed by day first: there may be half a million. */
export const ofNewItems: RawBuilder<unknown> = sql`
  with summed as (
    select b.client_id, b.currency, b.issued_on, b.due_on, sum(b.amount_minor)::bigint as amount_minor, sum(b.open_minor)::bigint as open_minor, count(*) as n
    from born b group by b.client_id, b.currency, b.issued_on, b.due_on, sign(b.open_minor))
  select t.* from summed s
  cross join lateral accounts.item_tallies(s.client_id, s.currency, s.issued_on, s.due_on, s.amount_minor, s.open_minor, s.n) t
  union all
  select 'item_moved', s.client_id, s.currency, s.due_on, kernel.day_slot(s.issued_on), 0, s.amount_minor from summed s where s.amount_minor > 0`;

/** What the change of items from a CTE `before` to a CTE `changed` makes of the sums. */
export const ofChangedItems = (ctx: Ctx): RawBuilder<unknown> => sql`
  select t.* from changed c cross join lateral accounts.item_tallies(c.client_id, c.currency, c.issued_on, c.due_on, c.amount_minor, c.open_minor, 1) t
  union all
  select t.measure, t.client_id, t.currency, t.day, t.slot, -t.n, -t.minor
  from changed c join before b on b.id = c.id
  cross join lateral accounts.item_tallies(b.client_id, b.currency, b.issued_on, b.due_on, b.amount_minor, b.open_minor, 1) t
  union all
  select 'item_moved', c.client_id, c.currency, x.day, kernel.day_slot(p.effective_on), 0, x.sign * p.signed_minor
  from changed c
  join before b on b.id = c.id and (b.due_on, b.amount_minor > 0) is distinct from (c.due_on, c.amount_minor > 0)
  join ledger.item_postings_v p on p.tenant_id = ${ctx.tenant} and p.item_id = c.id
  cross join lateral (values (c.due_on, 1, c.amount_minor > 0), (b.due_on, -1, b.amount_minor > 0)) as x (day, sign, counts)
  where x.counts`;

/** What all items and facts of the tenant come to, from the rows themselves and the ledger. */
export const hubTallies = (ctx: Ctx): RawBuilder<unknown> => sql`
  select t.* from accounts.items i
  cross join lateral accounts.item_tallies(i.client_id, i.currency::text, i.issued_on, i.due_on, i.amount_minor, i.open_minor, 1) t
  where i.tenant_id = ${ctx.tenant}
  union all
  select 'item_moved', i.client_id, i.currency::text, i.due_on, kernel.day_slot(p.effective_on), 0, p.signed_minor
  from ledger.item_postings_v p join accounts.items i on i.tenant_id = ${ctx.tenant} and i.id = p.item_id
  where p.tenant_id = ${ctx.tenant} and i.amount_minor > 0
  union all
  select t.* from accounts.facts f
  cross join lateral accounts.fact_tallies(f.client_id, f.currency::text, f.oldest_open_due_on, ${unreachable('f')}, 1) t
  where f.tenant_id = ${ctx.tenant}`;

/** Whether a row of facts owes something and offers no way to be reached. */
export const unreachable = (table: string): RawBuilder<unknown> => {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`(not ${column('has_email')} and not ${column('has_phone')} and ${column('balance_minor')} <> 0 and ${column('state')} = 'active')`;
};
