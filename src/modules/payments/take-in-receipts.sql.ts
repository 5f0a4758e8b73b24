import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { addTallies } from '../../kernel/tallies.ts';
import { reasons } from './allocate-cash.ts';
import { shortestIdentifyingToken } from './payment-reference.ts';

/** The same split as `referenceTokens`: the whole text and its pieces, each as written and in capitals. */
const tokensOf = (reference: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select btrim(${reference}) as token
  union select upper(btrim(${reference}))
  union select btrim(piece, '.#()[]"''') from regexp_split_to_table(${reference}, '[\\s,;:|]+') as piece
  union select upper(btrim(piece, '.#()[]"''')) from regexp_split_to_table(${reference}, '[\\s,;:|]+') as piece)`;

/**
 * Staged settlements as receipts-to-be. An items file says how much of an item is settled in all, so only what earlier files
 * had not yet brought becomes a receipt; a receipts file says one receipt per row. A settlement dated on or after the day its
 * receipt was reversed is money paid again; one dated before is the payment that bounced, and stays reversed.
 */
const stagedReceipts = (ctx: Ctx, importId: string): RawBuilder<unknown> => sql`
  select s.tenant_id, i.client_id, s.source_row_id, s.currency, s.receipt_reference as reference, s.payer_name, s.row_no,
    case when i.target = 'items' then 'settled:' || s.source_row_id || ':' || coalesce(s.settled_minor, s.amount_minor)
           || case when s.settled_on >= e.last_reversed_on then ':' || e.reversals else '' end
         else coalesce(s.receipt_key, s.row_key) end as external_key,
    case when i.target = 'items'
         then coalesce(s.settled_minor, s.amount_minor) - coalesce(e.standing_minor, 0)
           - case when s.settled_on >= e.last_reversed_on then 0 else coalesce(e.reversed_minor, 0) end
         else coalesce(s.settled_minor, s.amount_minor) end as amount_minor,
    coalesce(s.settled_on, s.issued_on) as received_on,
    case when i.target = 'items' then s.item_id end as item_id,
    s.account_id, s.account_number, s.party_id
  from intake.staged_rows_v s
  join intake.imports_v i on i.tenant_id = s.tenant_id and i.id = s.import_id
  left join (
    select r.tenant_id, r.source_row_id, sum(r.amount_minor) filter (where r.state <> 'reversed')::bigint as standing_minor,
      sum(r.amount_minor) filter (where r.state = 'reversed')::bigint as reversed_minor,
      count(*) filter (where r.state = 'reversed') as reversals, max(r.reversed_on) as last_reversed_on
    from payments.receipts r
    where r.tenant_id = ${ctx.tenant} and r.source_row_id is not null group by r.tenant_id, r.source_row_id) e
    on e.tenant_id = s.tenant_id and e.source_row_id = s.source_row_id and i.target = 'items'
  where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and i.tenant_id = ${ctx.tenant}
    and (i.target = 'receipts' or i.target = 'items' and s.settled_on is not null)`;

/**
 * Joins of whole sets throughout: a lookup per row, which reads well, would be a scan of all items per row once the planner is told
 * not to loop (`withSetPlans`).
 *
 * Writes one receipt per new staged settlement; a known key is left alone, so that a file taken in twice changes nothing.
 * The account is the row's own, else that of its account number, else the only one whose item the reference names, else the
 * party's only account with the client in the currency; else nobody knows yet whose money it is.
 */
export async function insertStagedReceipts(ctx: Ctx, importId: string, batchId: string): Promise<number> {
  const inserted = await sql`
    with staged as materialized (
      select s.*, coalesce(item.account_id, own.id, numbered.id) as known_account_id
      from (${stagedReceipts(ctx, importId)}) s
      left join accounts.items_v item on item.tenant_id = ${ctx.tenant} and item.id = s.item_id
      left join accounts.accounts_v own on own.tenant_id = ${ctx.tenant} and own.id = s.account_id and own.client_id = s.client_id
        and own.currency = s.currency
      left join accounts.accounts_v numbered on numbered.tenant_id = ${ctx.tenant} and numbered.client_id = s.client_id
        and numbered.number = s.account_number and numbered.currency = s.currency
      where s.amount_minor > 0 and s.received_on is not null),
    tokens as materialized (
      select s.row_no, s.client_id, s.currency, t.token, kernel.number_key(t.token) as number_key
      from staged s cross join lateral ${tokensOf(sql`s.reference`)} as t
      where s.known_account_id is null and length(t.token) >= ${shortestIdentifyingToken}),
    named as (
      select k.row_no, (array_agg(distinct i.account_id))[1] as id
      from tokens k join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.number_key = k.number_key and i.number = k.token
        and i.client_id = k.client_id and i.currency = k.currency
      group by k.row_no having count(distinct i.account_id) = 1),
    sole as (
      select s.row_no, (array_agg(a.id))[1] as id
      from staged s join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.party_id = s.party_id and a.client_id = s.client_id
        and a.currency = s.currency
      where s.known_account_id is null
      group by s.row_no having count(*) = 1),
    placed as (
      select s.*, coalesce(s.known_account_id, named.id, sole.id) as placed_account_id
      from staged s left join named on named.row_no = s.row_no left join sole on sole.row_no = s.row_no)
    insert into payments.receipts (tenant_id, id, client_id, account_id, amount_minor, unapplied_minor, currency, received_on, method,
      reference, payer_name, source, external_key, import_id, batch_id, source_row_id, state, recorded_by, recorded_at)
    select distinct on (p.client_id, p.external_key)
      p.tenant_id, kernel.hash_id('receipt', p.client_id::text, p.external_key), p.client_id, p.placed_account_id, p.amount_minor,
      p.amount_minor, p.currency, p.received_on, 'bank_transfer', p.reference, p.payer_name, 'file', p.external_key, ${importId}::uuid,
      ${batchId}::uuid, p.source_row_id, 'open', ${ctx.actor.id}, ${ctx.at}
    from placed p
    order by p.client_id, p.external_key, p.row_no
    on conflict do nothing`.execute(ctx.db);
  return Number(inserted.numAffectedRows ?? 0n);
}

/** How many rows the import has staged that say something of money. */
export async function countStaged(ctx: Ctx, importId: string): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`
    select count(*) as n from intake.staged_rows_v s
    join intake.imports_v i on i.tenant_id = ${ctx.tenant} and i.id = s.import_id
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and (i.target = 'receipts' or s.settled_on is not null)`.execute(
    ctx.db,
  );
  return rows[0]?.n ?? 0n;
}

/** What a later file takes back: settled amounts lower than receipts already brought. Counted, for a person to look at. */
export async function countLoweredSettlements(ctx: Ctx, importId: string): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    select count(*) as n from (${stagedReceipts(ctx, importId)}) s where s.amount_minor < 0 and s.item_id is not null`.execute(
    ctx.db,
  );
  return Number(rows[0]?.n ?? 0n);
}

/** The bank side of a batch's receipts, for `ledger.postSelected`. */
export const receiptTransfers = (ctx: Ctx, batchId: string): RawBuilder<unknown> => sql`
  select r.tenant_id, kernel.hash_id('receipt-transfer', r.id::text) as transfer_id, r.client_id, 'bank' as debit_kind, 'none' as debit_component,
    'unapplied' as credit_kind, 'none' as credit_component, r.currency, r.amount_minor, 'none' as component, r.account_id,
    null::uuid as item_id, r.id as receipt_id, r.received_on as effective_on
  from payments.receipts r where r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId}`;

/** The receivable (or clearing) side of a batch's allocations, for `ledger.postSelected`. */
export const allocationTransfers = (
  ctx: Ctx,
  batchId: string,
  against: 'receivable' | 'clearing',
): RawBuilder<unknown> => sql`
  select a.tenant_id, a.id as transfer_id, r.client_id, 'unapplied' as debit_kind, 'none' as debit_component, a.against as credit_kind,
    case a.against when 'receivable' then 'principal' else 'none' end as credit_component, a.currency, a.amount_minor,
    case a.against when 'receivable' then 'principal' else 'none' end as component, a.account_id, a.item_id, a.receipt_id, a.effective_on
  from payments.allocations a join payments.receipts r on r.tenant_id = a.tenant_id and r.id = a.receipt_id
  where a.tenant_id = ${ctx.tenant} and r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId} and a.against = ${against}`;

/** How far a batch's allocations lower each item, for `accounts.adjustOpen`. */
export const batchDeltas = (ctx: Ctx, batchId: string): RawBuilder<unknown> => sql`
  select a.tenant_id, a.item_id, (-sum(a.amount_minor))::bigint as delta_minor, a.effective_on as on_date
  from payments.allocations a join payments.receipts r on r.tenant_id = a.tenant_id and r.id = a.receipt_id
  where a.tenant_id = ${ctx.tenant} and r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId} and a.against = 'receivable'
  group by a.tenant_id, a.item_id, a.effective_on`;

/** Accounts a batch brought money for. */
export const batchAccounts = (ctx: Ctx, batchId: string): RawBuilder<{ account_id: string }> => sql`
  select distinct r.account_id from payments.receipts r
  where r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId} and r.account_id is not null`;

/** What each receipt of the batch still has, and what each item can still take, counting allocations not yet posted. */
const unspent = (ctx: Ctx, batchId: string): RawBuilder<unknown> => sql`
  spent as (
    select a.receipt_id, sum(a.amount_minor)::bigint as minor
    from payments.allocations a join payments.receipts r on r.tenant_id = a.tenant_id and r.id = a.receipt_id
    where a.tenant_id = ${ctx.tenant} and r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId} group by a.receipt_id),
  taken as (
    select a.item_id, a.against, sum(a.amount_minor)::bigint as minor
    from payments.allocations a join payments.receipts r on r.tenant_id = a.tenant_id and r.id = a.receipt_id
    where a.tenant_id = ${ctx.tenant} and r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId} group by a.item_id, a.against),
  purse as (
    select r.tenant_id, r.id as receipt_id, r.client_id, r.account_id, r.currency, r.received_on, r.reference,
      row.item_id as own_item_id, r.amount_minor - coalesce(s.minor, 0) as rest_minor
    from payments.receipts r left join spent s on s.receipt_id = r.id
    left join intake.staged_rows_v row on row.tenant_id = ${ctx.tenant} and row.import_id = r.import_id and row.source_row_id = r.source_row_id
    where r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId} and r.account_id is not null and r.amount_minor > coalesce(s.minor, 0))`;

/** Reductions the host reported without saying what paid them, by item; empty at no cost while no client has a clearing account. */
const clearingOf = (ctx: Ctx, accounts: RawBuilder<unknown>, anyClearing: boolean): RawBuilder<unknown> =>
  anyClearing
    ? sql`select t.item_id, sum(case when t.debit_kind = 'clearing' then t.amount_minor else -t.amount_minor end)::bigint as minor
        from ledger.transfers_v t
        where t.tenant_id = ${ctx.tenant} and t.item_id is not null and 'clearing' in (t.debit_kind, t.credit_kind)
          and t.account_id in (${accounts})
        group by t.item_id`
    : sql`select null::uuid as item_id, 0::bigint as minor where false`;

/** Splits claims over shares of the same group: both laid end to end, each pair gets the stretch where they overlap. */
const overlap = (ctx: Ctx, method: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  claim as (
    select c.*, sum(c.rest_minor) over w as upto from claims c
    window w as (partition by c.group_id order by c.received_on, c.receipt_id rows unbounded preceding)),
  share as (
    select s.*, sum(s.capacity_minor) over w as upto from shares s where s.capacity_minor > 0
    window w as (partition by s.group_id order by s.tier, s.due_on, s.item_id, s.against rows unbounded preceding))
  insert into payments.allocations (tenant_id, id, receipt_id, account_id, item_id, amount_minor, currency, against, method, reason,
    effective_on, recorded_at)
  select c.tenant_id, kernel.hash_id('allocation', c.receipt_id::text, s.item_id::text, s.against), c.receipt_id, s.account_id, s.item_id,
    (least(c.upto, s.upto) - greatest(c.upto - c.rest_minor, s.upto - s.capacity_minor))::bigint, c.currency, s.against, ${method},
    case when s.against = 'clearing' then ${reasons.clearing} else s.reason end, greatest(c.received_on, s.issued_on), ${ctx.at}::timestamptz
  from claim c join share s on s.group_id = c.group_id and c.upto - c.rest_minor < s.upto and s.upto - s.capacity_minor < c.upto`;

/** Which items a receipt of the batch names: the item of its own source row, else items of its account whose number is in the reference. */
const namedItems = (ctx: Ctx): RawBuilder<unknown> => sql`
  tokens as materialized (
    select p.receipt_id, p.account_id, t.token, kernel.number_key(t.token) as number_key
    from purse p cross join lateral ${tokensOf(sql`p.reference`)} as t where p.reference is not null and t.token <> ''),
  named as (
    select p.*, i.id as item_id, i.issued_on, i.due_on, i.open_minor, i.id = p.own_item_id as settled,
      row_number() over (partition by p.receipt_id order by i.due_on, i.id) as nth
    from (
      select p.receipt_id, o.id, o.issued_on, o.due_on, o.open_minor
      from purse p join accounts.items_v o on o.tenant_id = ${ctx.tenant} and o.id = p.own_item_id and o.account_id = p.account_id
      union
      select k.receipt_id, n.id, n.issued_on, n.due_on, n.open_minor
      from tokens k join accounts.items_v n on n.tenant_id = ${ctx.tenant} and n.number_key = k.number_key and n.number = k.token
        and n.account_id = k.account_id) i
    join purse p on p.receipt_id = i.receipt_id)`;

export type BatchRound = { readonly batchId: string; readonly anyClearing: boolean };

/** Gives the n-th named item of every receipt its money; returns how many allocations that made and how many receipts name more. */
export async function allocateNamed(ctx: Ctx, round: BatchRound & { readonly nth: number }): Promise<number> {
  const done = await sql`
    with ${unspent(ctx, round.batchId)}, ${namedItems(ctx)},
    claims as (select n.*, n.item_id as group_id from named n where n.nth = ${round.nth}),
    cleared as (${clearingOf(ctx, sql`select p.account_id from purse p`, round.anyClearing)}),
    shares as (
      select distinct on (c.item_id, k.against) c.item_id as group_id, c.item_id, c.account_id, c.issued_on, c.due_on, 0 as tier, k.against,
        case when c.settled then ${reasons.settled} else ${reasons.reference} end as reason,
        case k.against when 'receivable' then c.open_minor else coalesce(l.minor, 0) end - coalesce(t.minor, 0) as capacity_minor
      from claims c cross join (values ('clearing'), ('receivable')) as k (against)
      left join cleared l on l.item_id = c.item_id
      left join taken t on t.item_id = c.item_id and t.against = k.against),
    ${overlap(ctx, sql`'reference'`)}`.execute(ctx.db);
  return Number(done.numAffectedRows ?? 0n);
}

/** The most items any receipt of the batch names and still has money for. */
export async function mostNamed(ctx: Ctx, batchId: string): Promise<number> {
  const { rows } = await sql<{ most: bigint | null }>`
    with ${unspent(ctx, batchId)}, ${namedItems(ctx)} select max(nth) as most from named`.execute(ctx.db);
  return Number(rows[0]?.most ?? 0n);
}

/** Gives what is left to clearing, then to promised items, then to the oldest due, account by account. */
export async function allocateRest(ctx: Ctx, round: BatchRound): Promise<number> {
  const done = await sql`
    with ${unspent(ctx, round.batchId)},
    claims as (select p.*, p.account_id as group_id from purse p),
    cleared as (${clearingOf(ctx, sql`select p.account_id from purse p`, round.anyClearing)}),
    promised as (
      select distinct pi.item_id from payments.promise_items pi join payments.promises pr on pr.tenant_id = pi.tenant_id and pr.id = pi.promise_id
      where pi.tenant_id = ${ctx.tenant} and pr.tenant_id = ${ctx.tenant} and pr.state = 'open'
        and pr.account_id in (select p.account_id from purse p)),
    shares as (
      select i.account_id as group_id, i.id as item_id, i.account_id, i.issued_on, i.due_on, k.against,
        case when k.against = 'clearing' then 0 when m.item_id is not null then 1 else 2 end as tier,
        case when m.item_id is not null then ${reasons.promise} else ${reasons.oldest_first} end as reason,
        case k.against when 'receivable' then i.open_minor else coalesce(l.minor, 0) end - coalesce(t.minor, 0) as capacity_minor
      from accounts.items_v i cross join (values ('clearing'), ('receivable')) as k (against)
      left join cleared l on l.item_id = i.id
      left join promised m on m.item_id = i.id
      left join taken t on t.item_id = i.id and t.against = k.against
      where i.tenant_id = ${ctx.tenant} and (i.open_minor > 0 or l.minor > 0) and i.account_id in (select p.account_id from purse p)),
    ${overlap(ctx, sql`case when s.tier = 1 then 'promise' else 'oldest_first' end`)}`.execute(ctx.db);
  return Number(done.numAffectedRows ?? 0n);
}

/** Brings `unapplied_minor` and `state` of the batch's receipts in line with their allocations. */
export async function settleBatch(ctx: Ctx, batchId: string): Promise<void> {
  await sql`
    with ${unspent(ctx, batchId)}
    update payments.receipts r
    set unapplied_minor = r.amount_minor - s.minor, state = case when r.amount_minor = s.minor then 'applied' else 'open' end
    from spent s where r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId} and s.receipt_id = r.id`.execute(ctx.db);
}

/** Adds the batch's receipts, as they stand when all is allocated, to the sums of receipts. */
export async function tallyBatch(ctx: Ctx, batchId: string): Promise<void> {
  const batch = sql`select t.* from payments.receipts r cross join lateral payments.receipt_tallies(r) t
    where r.tenant_id = ${ctx.tenant} and r.batch_id = ${batchId}`;
  await addTallies(ctx, batch).execute(ctx.db);
}

/** What all receipts and promises of the tenant come to, from the rows themselves. */
export const paymentTallies = (ctx: Ctx): RawBuilder<unknown> => sql`
  select t.* from payments.receipts r cross join lateral payments.receipt_tallies(r) t where r.tenant_id = ${ctx.tenant}
  union all
  select t.* from payments.promises p cross join lateral payments.promise_tallies(p) t where p.tenant_id = ${ctx.tenant}`;

/** Whether any host reduction was ever posted: while none was, clearing need not be looked up. */
export async function hasClearing(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`
    select exists (select 1 from ledger.ledger_accounts_v l where l.tenant_id = ${ctx.tenant} and l.kind = 'clearing') as yes`.execute(
    ctx.db,
  );
  return rows[0]?.yes ?? false;
}
