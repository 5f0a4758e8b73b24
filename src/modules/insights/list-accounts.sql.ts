import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { searchTokens } from '../../kernel/text.ts';
import { type Bucket, dueDaysOf } from './buckets.ts';
import { type RowScope, withinScope } from './row-scope.ts';

export type AccountFilter = {
  /** Words that must all begin some name, number, address or phone of the party or its accounts. */
  readonly q?: string | undefined;
  readonly clientId?: string | undefined;
  readonly currency?: string | undefined;
  readonly state?: string | undefined;
  readonly bucket?: Bucket | undefined;
  readonly stage?: string | undefined;
  readonly minBalanceMinor?: bigint | undefined;
  readonly assignedTo?: string | undefined;
  readonly held?: 'yes' | 'no' | undefined;
  readonly contactable?: 'yes' | 'no' | undefined;
  readonly promise?: 'open' | 'broken' | undefined;
  /** `yes` (the default) leaves out accounts that owe nothing. */
  readonly open?: 'yes' | 'all' | undefined;
  readonly scope: RowScope;
  /** The parties that `q` means, from `findParties`: `many` when too many to name; without it the statement looks for them itself. */
  readonly parties?: readonly string[] | 'many' | undefined;
};

/** The last row of the page before: its sort value, null where it has none, and its id. */
export type After = { readonly value: string | null; readonly id: string };

export type AccountSort = 'overdue_first' | 'balance' | 'name' | 'number' | 'last_contact';

/** As the statement returns it; `toAccountRow` shapes it. */
export type AccountRecord = {
  id: string;
  account_number: string;
  party_id: string;
  party_name: string;
  client_id: string;
  client_name: string;
  currency: string;
  state: string;
  stage: string | null;
  balance_minor: bigint;
  overdue_minor: bigint;
  open_items: number;
  oldest_open_due_on: CalendarDate | null;
  promise_due_on: CalendarDate | null;
  last_contact_at: Date | null;
  last_paid_on: CalendarDate | null;
  assigned_to: string | null;
  assigned_name: string | null;
  held: boolean;
  contactable: boolean;
};

type Order = {
  readonly column: string;
  readonly descending: boolean;
  readonly cast: RawBuilder<unknown>;
  /** Whether the column can be null; such rows come last, in id order. */
  readonly nullable: boolean;
};

const orders: Readonly<Record<AccountSort, Order>> = {
  overdue_first: { column: 'f.oldest_open_due_on', descending: false, cast: sql`date`, nullable: true },
  balance: { column: 'f.balance_minor', descending: true, cast: sql`bigint`, nullable: false },
  name: { column: 'f.party_name', descending: false, cast: sql`text`, nullable: false },
  number: { column: 'f.account_number', descending: false, cast: sql`text`, nullable: false },
  last_contact: { column: 'f.last_contact_at', descending: true, cast: sql`timestamptz`, nullable: true },
};

/**
 * A page of accounts in the order of an index, from the cursor on: what is read is bounded by the page, not by the tenant. Rows
 * whose sort column is null are a second range after the first, so that neither needs a sort.
 */
export async function selectAccounts(
  ctx: Ctx,
  filter: AccountFilter,
  asked: { readonly sort: AccountSort; readonly after: After | null; readonly rows: number; readonly on: CalendarDate },
): Promise<AccountRecord[]> {
  const order = orders[asked.sort];
  const inNulls = asked.after !== null && asked.after.value === null;
  const found = inNulls ? [] : await selectRange(ctx, filter, asked, valueRange(order, asked.after));
  if (!order.nullable || found.length >= asked.rows || (filter.open !== 'all' && asked.sort === 'overdue_first'))
    return found;
  const nulls = sql`${sql.ref(order.column)} is null and ${inNulls ? sql`f.id > ${asked.after?.id}::uuid` : sql`true`}`;
  return [...found, ...(await selectRange(ctx, filter, { ...asked, rows: asked.rows - found.length }, nulls))];
}

/** `column` beyond the cursor, written so that the index can start there: a bound on the column first, the tie broken after. */
function valueRange(order: Order, after: After | null): RawBuilder<unknown> {
  const column = sql.ref(order.column);
  const present = order.nullable ? sql`${column} is not null` : sql`true`;
  if (after === null) return present;
  const { id } = after;
  const value = sql`${after.value}::${order.cast}`;
  return order.descending
    ? sql`${present} and ${column} <= ${value} and (${column} < ${value} or f.id > ${id}::uuid)`
    : sql`${present} and ${column} >= ${value} and (${column} > ${value} or f.id > ${id}::uuid)`;
}

async function selectRange(
  ctx: Ctx,
  filter: AccountFilter,
  asked: { readonly sort: AccountSort; readonly rows: number; readonly on: CalendarDate },
  range: RawBuilder<unknown>,
): Promise<AccountRecord[]> {
  const { rows } = await accountsQuery(ctx, filter, asked.on, { range, sort: asked.sort, rows: asked.rows }).execute(
    ctx.db,
  );
  return rows;
}

/** The list as one statement: pages and the export read the same. */
export function accountsQuery(
  ctx: Ctx,
  filter: AccountFilter,
  on: CalendarDate,
  page: { readonly range: RawBuilder<unknown>; readonly sort: AccountSort; readonly rows: number | null },
): RawBuilder<AccountRecord> {
  const order = orders[page.sort];
  const direction = order.descending ? sql`desc` : sql`asc`;
  // The page is cut out first: names and overdue amounts are looked up for its rows only.
  const cut = sql`
    select f.* from accounts.facts_v f
    where f.tenant_id = ${ctx.tenant} and ${filterOf(ctx, filter, on)} and ${page.range}
    order by ${sql.ref(order.column)} ${direction} ${order.nullable && order.descending ? sql`nulls last` : sql``}, f.id
    limit ${page.rows}`;
  return sql<AccountRecord>`${dressed(ctx, cut, on)} order by ${sql.ref(order.column)} ${direction} nulls last, f.id`;
}

/** These accounts, as far as the scope shows them, in no order. */
export async function accountsById(
  ctx: Ctx,
  ids: readonly string[],
  scope: RowScope,
  on: CalendarDate,
): Promise<AccountRecord[]> {
  const cut = sql`select f.* from accounts.facts_v f
    where f.tenant_id = ${ctx.tenant} and f.id = any(${[...ids]}::uuid[]) and ${withinScope('f.client_id', scope)}`;
  const { rows } = await sql<AccountRecord>`${dressed(ctx, cut, on)}`.execute(ctx.db);
  return rows;
}

/** Facts rows with the names and figures a list shows beside them. */
function dressed(ctx: Ctx, cut: RawBuilder<unknown>, on: CalendarDate): RawBuilder<unknown> {
  return sql`
    with page as (${cut})
    select f.id, f.account_number, f.party_id, f.party_name, f.client_id, c.name as client_name, f.currency, f.state, s.stage, f.balance_minor,
      coalesce(o.overdue_minor, 0) as overdue_minor, f.open_items, f.oldest_open_due_on, f.promise_due_on, f.last_contact_at, f.last_paid_on,
      f.assigned_to, m.display_name as assigned_name, f.contact_hold_until is not null and f.contact_hold_until > ${ctx.at} as held,
      f.has_email or f.has_phone as contactable
    from page f
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = f.client_id
    left join strategy.positions_v s on s.tenant_id = ${ctx.tenant} and s.account_id = f.id
    left join identity.members_v m on m.tenant_id = ${ctx.tenant} and m.user_id = f.assigned_to
    left join lateral (
      select sum(i.open_minor)::bigint as overdue_minor from accounts.items_v i
      where i.tenant_id = ${ctx.tenant} and i.account_id = f.id and i.due_on < ${on}::date and i.open_minor > 0) o on true`;
}

/** Every condition the filter names, on `accounts.facts_v f`. */
export function filterOf(ctx: Ctx, filter: AccountFilter, on: CalendarDate): RawBuilder<unknown> {
  const held = sql`(f.contact_hold_until is not null and f.contact_hold_until > ${ctx.at})`;
  const conditions: RawBuilder<unknown>[] = [withinScope('f.client_id', filter.scope, filter.clientId)];
  if (filter.open !== 'all') conditions.push(sql`f.balance_minor <> 0`);
  if (filter.currency) conditions.push(sql`f.currency = ${filter.currency}`);
  if (filter.state) conditions.push(sql`f.state = ${filter.state}`);
  if (filter.minBalanceMinor !== undefined) conditions.push(sql`f.balance_minor >= ${filter.minBalanceMinor}::bigint`);
  if (filter.assignedTo) conditions.push(sql`f.assigned_to = ${filter.assignedTo}::uuid`);
  if (filter.held) conditions.push(filter.held === 'yes' ? held : sql`not ${held}`);
  if (filter.contactable)
    conditions.push(
      filter.contactable === 'yes' ? sql`(f.has_email or f.has_phone)` : sql`not (f.has_email or f.has_phone)`,
    );
  if (filter.promise === 'open') conditions.push(sql`f.promise_due_on is not null`);
  if (filter.promise === 'broken') conditions.push(sql`f.promises_broken > 0 and f.promise_due_on is null`);
  if (filter.stage) {
    conditions.push(
      sql`exists (select 1 from strategy.positions_v x where x.tenant_id = ${ctx.tenant} and x.account_id = f.id and x.stage = ${filter.stage})`,
    );
  }
  if (filter.bucket) conditions.push(bucketCondition(filter.bucket, on));
  if (filter.q) conditions.push(...searchConditions(ctx, filter.q, filter.parties));
  return sql.join(conditions, sql` and `);
}

function bucketCondition(bucket: Bucket, on: CalendarDate): RawBuilder<unknown> {
  const { from, to } = dueDaysOf(bucket, on);
  const lower = from === null ? sql`true` : sql`f.oldest_open_due_on >= ${from}::date`;
  const upper = to === null ? sql`f.oldest_open_due_on is not null` : sql`f.oldest_open_due_on <= ${to}::date`;
  return sql`(${lower} and ${upper})`;
}

// Sorts after every character, so that [word, word + last) holds exactly the tokens that begin with the word.
const last = '\u{10ffff}';

/**
 * Accounts of parties whose words the search begins, and accounts with an invoice of that number; where only a part of the search
 * has digits, that part may be the invoice's number and the rest words of its party.
 */
export function searchConditions(ctx: Ctx, q: string, parties?: AccountFilter['parties']): RawBuilder<unknown>[] {
  if (parties === 'many') return searchTokens(q).map((word) => hasWord(ctx, word, 'f'));
  if (parties) return [sql`f.party_id = any(${[...parties]}::uuid[])`];
  const parts = q.trim().split(/\s+/);
  const numbered = parts.findLastIndex((part) => /\d/.test(part));
  if (numbered === -1) return wordConditions(ctx, q);
  const words = sql`select x.id from accounts.facts_v x where x.tenant_id = ${ctx.tenant} and ${sql.join(wordConditions(ctx, q, 'x'), sql` and `)}`;
  const others = parts.toSpliced(numbered, 1).join(' ');
  const mixed =
    searchTokens(others).length === 0
      ? []
      : [
          sql`select x.id from accounts.facts_v x where x.tenant_id = ${ctx.tenant}
          and x.id in (${accountsWithNumber(ctx, parts[numbered] ?? '')}) and ${sql.join(wordConditions(ctx, others, 'x'), sql` and `)}`,
        ];
  return [sql`f.id in (${sql.join([words, accountsWithNumber(ctx, q), ...mixed], sql` union `)})`];
}

/** From this length on a number is found by its beginning; shorter ones begin too many. */
const prefixFrom = 3;

/** Accounts with an invoice whose number, separators aside, is or begins with this one; its letters in front need not be typed. */
function accountsWithNumber(ctx: Ctx, number: string): RawBuilder<unknown> {
  const key = sql`kernel.number_key(${number}::text)`;
  const range = sql`i.number_key >= ${key} and i.number_key < ${key} || case when length(${key}) < ${prefixFrom} then chr(1) else ${last} end`;
  const typedLetters = sql`rtrim(left(lower(${number}::text), strpos(translate(${number}::text, '123456789', '000000000'), '0') - 1), ' -_./\\:,#')`;
  return sql`select i.account_id from accounts.items_v i where i.tenant_id = ${ctx.tenant} and ${range}
    and starts_with(lower(i.number), ${typedLetters})`;
}

/** More parties than this are not looked up one by one: the list then walks the index of its order, where they are frequent. */
const namedParties = 2_000;

/**
 * The parties whose words the search begins, `many` beyond 2,000; undefined where a number may be meant, which needs no such list.
 * Known beforehand, because the planner cannot know how many parties two words have in common: a handful is looked up in the accounts,
 * a tenth of the tenant never.
 */
export async function findParties(ctx: Ctx, q: string): Promise<AccountFilter['parties']> {
  const words = searchTokens(q);
  if (words.length === 0 || /\d/.test(q)) return undefined;
  const holders = words.map(
    (word) =>
      sql`(select t.party_id from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and ${begins(word)})`,
  );
  const { rows } = await sql<{ party_id: string }>`
    select x.party_id from (${sql.join(holders, sql` intersect `)}) x limit ${namedParties + 1}`.execute(ctx.db);
  return rows.length > namedParties ? 'many' : [...new Set(rows.map((row) => row.party_id))];
}

const begins = (word: string): RawBuilder<unknown> => sql`t.token >= ${word} and t.token < ${word + last}`;

/**
 * Every word must begin a token of the party: by range, because pattern operators use no index under row security. The longest word
 * is likely the rarest and finds the parties; the others are looked up party by party.
 */
function wordConditions(ctx: Ctx, q: string, alias: 'f' | 'x' = 'f'): RawBuilder<unknown>[] {
  const [rarest, ...others] = searchTokens(q).toSorted((a, b) => b.length - a.length);
  if (rarest === undefined) return [sql`false`];
  return [
    sql`${sql.ref(`${alias}.party_id`)} in (select t.party_id from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and ${begins(rarest)})`,
    ...others.map((word) => hasWord(ctx, word, alias)),
  ];
}

/**
 * Whether the party has a token that begins with the word, the whole word first; in scalar subqueries, which the planner cannot turn into
 * a join over the commonest word of a million parties.
 */
function hasWord(ctx: Ctx, word: string, alias: 'f' | 'x'): RawBuilder<unknown> {
  const party = sql.ref(`${alias}.party_id`);
  return sql`coalesce(
    (select true from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and t.token = ${word} and t.party_id = ${party} limit 1),
    (select true from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and ${begins(word)} and t.party_id = ${party} limit 1), false)`;
}

/** How many accounts the filter finds and what they owe, by currency; null when there are more than `atMost`, or `many` parties. */
export async function countAccounts(
  ctx: Ctx,
  filter: AccountFilter,
  on: CalendarDate,
  atMost: number,
): Promise<{ total: number; totals: { currency: string; amountMinor: bigint }[] } | null> {
  if (filter.parties === 'many') return null;
  const { rows } = await sql<{ currency: string; n: bigint; minor: bigint }>`
    select x.currency, count(*) as n, sum(x.balance_minor)::bigint as minor
    from (select f.currency, f.balance_minor from accounts.facts_v f
      where f.tenant_id = ${ctx.tenant} and ${filterOf(ctx, filter, on)} limit ${atMost + 1}) x
    group by x.currency order by x.currency`.execute(ctx.db);
  const total = rows.reduce((sum, row) => sum + Number(row.n), 0);
  if (total > atMost) return null;
  return { total, totals: rows.map((row) => ({ currency: row.currency, amountMinor: row.minor })) };
}
