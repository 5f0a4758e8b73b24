import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { addTallies } from '../../kernel/tallies.ts';
import { unreachable } from './item-tallies.sql.ts';
import { noteStops } from './stop-epoch.sql.ts';

/** Narrows a column of account ids to the accounts in question. */
export type Within = (column: string) => RawBuilder<unknown>;

export async function lockFacts(ctx: Ctx, within: Within): Promise<void> {
  await sql`with locked as (
      select f.id from accounts.facts f where f.tenant_id = ${ctx.tenant} and ${within('f.id')} order by f.id for update)
    select count(*) from locked`.execute(ctx.db);
}

/**
 * What the facts of accounts should be, from their sources; the columns of `accounts.facts` less `stop_epoch` and `updated_at`.
 * `at` (SQL) is the instant at which holds are looked at. Accounts just `born` have no money, promises or contacts yet: nobody looks.
 */
export function factsFromSources(ctx: Ctx, within: Within, at: RawBuilder<unknown>, born = false): RawBuilder<unknown> {
  const lived: Within = born ? () => sql`false` : within;
  return sql`
    select a.tenant_id, a.id, a.client_id, a.party_id, a.cluster_id, a.currency, a.state, p.name as party_name, a.number as account_number,
           coalesce(i.balance_minor, 0) as balance_minor, coalesce(i.credit_minor, 0) + coalesce(r.unapplied_minor, 0) as credit_minor,
           coalesce(i.open_items, 0) as open_items, i.oldest_open_due_on, i.oldest_open_issued_on, i.newest_open_due_on,
           pr.promise_due_on, coalesce(pr.promises_kept, 0) as promises_kept, coalesce(pr.promises_broken, 0) as promises_broken,
           g.last_contact_at, g.last_conversation_at, r.last_paid_on, coalesce(r.paid_minor, 0) as paid_minor,
           coalesce(i.settled_items, 0) as settled_items, coalesce(i.settled_days_late, 0) as settled_days_late,
           coalesce(cp.has_email, false) as has_email, coalesce(cp.has_phone, false) as has_phone, h.contact_hold_until,
           a.assigned_to, a.sensitive
    from accounts.accounts a
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    left join (${itemFacts(ctx, within)}) i on i.account_id = a.id
    left join (${receiptFacts(ctx, lived)}) r on r.account_id = a.id
    left join (${promiseFacts(ctx, lived)}) pr on pr.account_id = a.id
    left join (${registerFacts(ctx, lived)}) g on g.account_id = a.id
    left join (${contactFacts(ctx, within)}) cp on cp.party_id = a.party_id
    left join (${holdFacts(ctx, within, at)}) h on h.account_id = a.id
    where a.tenant_id = ${ctx.tenant} and ${within('a.id')}`;
}

const itemFacts = (ctx: Ctx, within: Within) => sql`
  select x.account_id,
         sum(x.open_minor) filter (where x.open_minor > 0)::bigint as balance_minor,
         -sum(x.open_minor) filter (where x.open_minor < 0)::bigint as credit_minor,
         count(*) filter (where x.open_minor > 0)::int as open_items,
         min(x.due_on) filter (where x.open_minor > 0) as oldest_open_due_on,
         min(x.issued_on) filter (where x.open_minor > 0) as oldest_open_issued_on,
         max(x.due_on) filter (where x.open_minor > 0) as newest_open_due_on,
         count(*) filter (where x.closed_on is not null and x.kind <> 'credit_note')::int as settled_items,
         sum(greatest(x.closed_on - x.due_on, 0)) filter (where x.kind <> 'credit_note')::int as settled_days_late
  from accounts.items x where x.tenant_id = ${ctx.tenant} and ${within('x.account_id')} group by x.account_id`;

const receiptFacts = (ctx: Ctx, within: Within) => sql`
  select x.account_id, sum(x.unapplied_minor)::bigint as unapplied_minor, sum(x.amount_minor)::bigint as paid_minor, max(x.received_on) as last_paid_on
  from payments.receipts_v x where x.tenant_id = ${ctx.tenant} and x.state <> 'reversed' and ${within('x.account_id')} group by x.account_id`;

const promiseFacts = (ctx: Ctx, within: Within) => sql`
  select x.account_id, min(x.due_on) filter (where x.state = 'open') as promise_due_on,
         count(*) filter (where x.state = 'kept')::int as promises_kept, count(*) filter (where x.state = 'broken')::int as promises_broken
  from payments.promises_v x where x.tenant_id = ${ctx.tenant} and ${within('x.account_id')} group by x.account_id`;

const registerFacts = (ctx: Ctx, within: Within) => sql`
  select x.account_id, max(x.effective_at) as last_contact_at, max(x.effective_at) filter (where x.conversation) as last_conversation_at
  from compliance.register_v x where x.tenant_id = ${ctx.tenant} and x.status = 'counted' and ${within('x.account_id')} group by x.account_id`;

const contactFacts = (ctx: Ctx, within: Within) => sql`
  select x.party_id, bool_or(x.kind = 'email') as has_email, bool_or(x.kind = 'phone') as has_phone
  from parties.contact_points_v x
  where x.tenant_id = ${ctx.tenant} and x.ended_at is null and x.quality not in ('wrong', 'bounced')
    and x.party_id in (select b.party_id from accounts.accounts b where b.tenant_id = ${ctx.tenant} and ${within('b.id')})
  group by x.party_id`;

/** Holds of the person reach every account of the cluster of today, merged or not; holds on items leave the account open. */
const holdFacts = (ctx: Ctx, within: Within, at: RawBuilder<unknown>) => sql`
  select b.id as account_id, max(coalesce(x.effective_to, '9999-12-31 00:00:00+00')) as contact_hold_until
  from accounts.holds x
  join parties.clusters_v hc on hc.tenant_id = ${ctx.tenant} and hc.id = x.cluster_id
  join parties.clusters_v ac on ac.tenant_id = ${ctx.tenant} and ac.root_id = hc.root_id
  join accounts.accounts b on b.tenant_id = ${ctx.tenant} and b.cluster_id = ac.id and (x.coverage = 'party' or x.account_id = b.id)
  where x.tenant_id = ${ctx.tenant} and x.released_at is null and x.coverage <> 'items' and x.effects && array['stop_contact', 'stop_automatic']
    and x.effective_from <= ${at} and (x.effective_to is null or x.effective_to > ${at}) and ${within('b.id')}
  group by b.id`;

/** Columns compared by `dunwell verify` and rewritten by a refresh, in the order of `factsFromSources`. */
export const factColumns = [
  'client_id',
  'party_id',
  'cluster_id',
  'currency',
  'state',
  'party_name',
  'account_number',
  'balance_minor',
  'credit_minor',
  'open_items',
  'oldest_open_due_on',
  'oldest_open_issued_on',
  'newest_open_due_on',
  'promise_due_on',
  'promises_kept',
  'promises_broken',
  'last_contact_at',
  'last_conversation_at',
  'last_paid_on',
  'paid_minor',
  'settled_items',
  'settled_days_late',
  'has_email',
  'has_phone',
  'contact_hold_until',
  'assigned_to',
  'sensitive',
] as const;

const tallied = (table: string): RawBuilder<unknown> => {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`${column('client_id')}, ${column('currency')}::text as currency, ${column('oldest_open_due_on')}, ${unreachable(table)} as unreachable`;
};

/** Writes the facts that differ, of accounts named by column or selected by a fragment. `restated`: rows whose state no longer follows their balance. */
export async function upsertFacts(
  ctx: Ctx,
  accounts: Within | RawBuilder<unknown>,
  { raiseWhenFallen = false, born = false }: { readonly raiseWhenFallen?: boolean; readonly born?: boolean },
): Promise<{ rows: bigint; restated: bigint }> {
  const names = sql.join(factColumns.map((name) => sql.ref(name)));
  const tuple = (table: string) => sql.join(factColumns.map((name) => sql.ref(`${table}.${name}`)));
  const sets = factColumns.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  const raised = raiseWhenFallen
    ? sql`case when excluded.balance_minor - excluded.credit_minor < facts.balance_minor - facts.credit_minor then 1 else 0 end`
    : sql`0`;
  // Each source asks which accounts: selected once, a fragment over half a million staged rows is not run for each.
  const touched = typeof accounts === 'function' ? sql`` : sql`touched (id) as materialized (${accounts}),`;
  const within: Within =
    typeof accounts === 'function' ? accounts : (column) => sql`${sql.ref(column)} in (select t.id from touched t)`;
  const changing = sql`on conflict (tenant_id, id) do update
    set ${sql.join(sets)}, updated_at = excluded.updated_at, stop_epoch = facts.stop_epoch + ${raised}
    where (${tuple('facts')}) is distinct from (${tuple('excluded')})`;
  const { rows } = await sql<{ rows: bigint; restated: bigint }>`
    with ${touched} before as (
      select f.id, f.stop_epoch, ${tallied('f')} from accounts.facts f where f.tenant_id = ${ctx.tenant} and ${born ? sql`false` : within('f.id')}),
    upserted as (
      insert into accounts.facts (tenant_id, id, ${names}, updated_at)
      select s.tenant_id, s.id, ${tuple('s')}, ${ctx.at}::timestamptz
      from (${factsFromSources(ctx, within, sql`${ctx.at}::timestamptz`, born)}) s
      order by s.id
      ${born ? sql`` : changing}
      returning facts.tenant_id, facts.id, facts.stop_epoch, facts.state, facts.open_items, facts.settled_items, ${tallied('facts')}),
    ${
      raiseWhenFallen
        ? sql`raised as (select u.tenant_id, u.id from upserted u join before b on b.id = u.id and b.stop_epoch < u.stop_epoch),
    noted as (${noteStops(sql`raised`)}),`
        : sql``
    }
    tallied as (${addTallies(
      ctx,
      sql`
      select t.* from upserted u cross join lateral accounts.fact_tallies(u.client_id, u.currency, u.oldest_open_due_on, u.unreachable, 1) t
      union all
      select t.measure, t.client_id, t.currency, t.day, t.slot, -t.n, -t.minor
      from before b join upserted u on u.id = b.id
      cross join lateral accounts.fact_tallies(b.client_id, b.currency, b.oldest_open_due_on, b.unreachable, 1) t`,
    )})
    select count(*) as rows,
           count(*) filter (where (state = 'active' and open_items = 0 and settled_items > 0) or (state = 'settled' and open_items > 0)) as restated
    from upserted`.execute(ctx.db);
  return rows[0] ?? { rows: 0n, restated: 0n };
}

/**
 * Active accounts whose items are all closed become settled, and the other way round. The id of the history row is hashed over the
 * account's row version and not the instant: a sandbox's clock stands still while an account may settle twice.
 */
export async function followBalance(ctx: Ctx, within: Within): Promise<void> {
  await sql`with moved as (
      update accounts.accounts a
      set state = case when f.open_items = 0 then 'settled' else 'active' end, row_version = a.row_version + 1
      from accounts.facts f
      where a.tenant_id = ${ctx.tenant} and f.tenant_id = ${ctx.tenant} and f.id = a.id and ${within('a.id')}
        and ((a.state = 'active' and f.open_items = 0 and f.settled_items > 0) or (a.state = 'settled' and f.open_items > 0))
      returning a.tenant_id, a.id, a.state, a.row_version),
    history as (
      insert into accounts.account_states (tenant_id, id, account_id, from_state, to_state, reason, actor_id, effective_at, recorded_at)
      select m.tenant_id, kernel.hash_id('account_state', m.id::text, m.row_version::text), m.id,
             case m.state when 'settled' then 'active' else 'settled' end, m.state,
             case m.state when 'settled' then 'nothing is open any more' else 'something is open again' end,
             ${ctx.actor.id}, ${ctx.at}::timestamptz, ${ctx.at}::timestamptz
      from moved m),
    restated as (
      update accounts.facts f set state = m.state from moved m where f.tenant_id = ${ctx.tenant} and f.id = m.id
      returning f.client_id, f.currency::text as currency, ${unreachable('f')} as unreachable)
    ${addTallies(
      ctx,
      // Settled accounts owe nothing and are in no sum, before as after.
      sql`select t.* from restated r cross join lateral accounts.fact_tallies(r.client_id, r.currency, null, r.unreachable, 1) t`,
    )}`.execute(ctx.db);
}
