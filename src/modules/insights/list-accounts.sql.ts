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
  /** The parties that `q` means, from `findParties`: when too many to name, how to tell them; without it the statement looks for them itself. */
  readonly parties?: Found | undefined;
};

/** A word of a search with the tokens it begins; null when these are too many to list. */
type Word = { readonly word: string; readonly tokens: readonly string[] | null };
/** Parties by name, or the words by which each account is asked. */
type Found = readonly string[] | { readonly words: readonly Word[] };

/** Whether a search names too many parties: the list then looks through the accounts in its order, some at a time. */
export const isWide = (parties: Found | undefined): parties is { readonly words: readonly Word[] } =>
  parties !== undefined && 'words' in parties;

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

/** So many accounts are looked at for one page of a wide search. */
const lookedAt = 1_000;
const firstId = '00000000-0000-0000-0000-000000000000';

export type Stretch = { readonly rows: AccountRecord[]; readonly next: After | null };

/**
 * A page of a wide search: what it finds among the next thousand accounts of the order, perhaps fewer rows than asked for or none, and from
 * where to look on; null at the end. Otherwise two frequent words that nobody has both would be looked for through the whole tenant.
 */
export async function selectStretch(
  ctx: Ctx,
  filter: AccountFilter,
  asked: { readonly sort: AccountSort; readonly after: After | null; readonly rows: number; readonly on: CalendarDate },
): Promise<Stretch> {
  const order = orders[asked.sort];
  const inNulls = asked.after !== null && asked.after.value === null;
  const from = inNulls
    ? sql`${sql.ref(order.column)} is null and f.id > ${asked.after?.id}::uuid`
    : valueRange(order, asked.after);
  const end = await endOfStretch(ctx, filter, asked, from);
  const to = end === null ? sql`true` : upTo(order, end);
  const rows = await selectRange(ctx, filter, asked, sql`${from} and ${to}`);
  if (end !== null) return { rows, next: end };
  const nullsFollow = !inNulls && order.nullable && (filter.open === 'all' || asked.sort !== 'overdue_first');
  return { rows, next: nullsFollow ? { value: null, id: firstId } : null };
}

function upTo(order: Order, end: After): RawBuilder<unknown> {
  if (end.value === null) return sql`f.id <= ${end.id}::uuid`;
  const [column, value] = [sql.ref(order.column), sql`${end.value}::${order.cast}`];
  return order.descending
    ? sql`(${column} > ${value} or ${column} = ${value} and f.id <= ${end.id}::uuid)`
    : sql`(${column} < ${value} or ${column} = ${value} and f.id <= ${end.id}::uuid)`;
}

async function endOfStretch(
  ctx: Ctx,
  filter: AccountFilter,
  asked: { readonly sort: AccountSort; readonly on: CalendarDate },
  from: RawBuilder<unknown>,
): Promise<After | null> {
  const { column, descending, nullable } = orders[asked.sort];
  const { rows } = await sql<{ value: string | null; id: string }>`
    select to_jsonb(${sql.ref(column)}) #>> '{}' as value, f.id from accounts.facts_v f
    where f.tenant_id = ${ctx.tenant} and ${filterOf(ctx, { ...filter, q: undefined }, asked.on)} and ${from}
    order by ${sql.ref(column)} ${descending ? sql`desc` : sql`asc`} ${nullable && descending ? sql`nulls last` : sql``}, f.id
    offset ${lookedAt - 1} limit 1`.execute(ctx.db);
  return rows[0] ?? null;
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
  if (isWide(parties)) return parties.words.map((word) => hasTokens(ctx, word));
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
/** A word that more than this many tokens of parties begin with is not listed, only asked for; some 200 blocks of an index. */
const listedHolders = 20_000;
/** A word that begins more different tokens than this is not spelt out. */
const spelledTokens = 30;

/**
 * The parties whose words the search begins, or the words when there are more than 2,000 of them or each begins more than 20,000 tokens;
 * undefined where a number may be meant, which needs no such list. Known beforehand, because the planner cannot know how many parties two
 * words have in common: a handful is looked up in the accounts, a tenth of the tenant never. What is read is bounded.
 */
export async function findParties(ctx: Ctx, q: string): Promise<Found | undefined> {
  const words = searchTokens(q);
  if (words.length === 0 || /\d/.test(q)) return undefined;
  const spelt: Word[] = [];
  for (const word of words) spelt.push({ word, tokens: await spellOut(ctx, word) });
  const listed: Word[] = [];
  for (const word of spelt) if (await isListed(ctx, word.word)) listed.push(word);
  if (listed.length === 0) return { words: spelt };
  const holders = listed.map(
    ({ word }) =>
      sql`(select t.party_id from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and ${begins(word)})`,
  );
  const asked = spelt.filter((word) => !listed.includes(word)).map((word) => hasTokens(ctx, word));
  const { rows } = await sql<{ party_id: string }>`
    with f as materialized (select x.party_id from (${sql.join(holders, sql` intersect `)}) x limit ${namedParties + 1})
    select f.party_id from f where ${asked.length === 0 ? sql`true` : sql.join(asked, sql` and `)}`.execute(ctx.db);
  // Cut off before the other words were asked, it is not known which are all.
  const cut = rows.length > namedParties || (asked.length > 0 && (await isCut(ctx, holders)));
  return cut ? { words: spelt } : [...new Set(rows.map((row) => row.party_id))];
}

async function isCut(ctx: Ctx, holders: readonly RawBuilder<unknown>[]): Promise<boolean> {
  const { rows } =
    await sql`select 1 from (${sql.join(holders, sql` intersect `)}) x offset ${namedParties} limit 1`.execute(ctx.db);
  return rows.length > 0;
}

async function isListed(ctx: Ctx, word: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and ${begins(word)} offset ${listedHolders} limit 1`.execute(
    ctx.db,
  );
  return rows.length === 0;
}

/** The different tokens that a word begins, each found by one look into the index; null when they are many. */
async function spellOut(ctx: Ctx, word: string): Promise<string[] | null> {
  const after = (bound: RawBuilder<unknown>) => sql`(
    select t.token from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and ${bound} and t.token < ${word + last} order by t.token limit 1)`;
  const { rows } = await sql<{ token: string }>`
    with recursive spelt (token, place) as (
      select ${after(sql`t.token >= ${word}`)}, 1
      union all
      select ${after(sql`t.token > s.token`)}, s.place + 1 from spelt s where s.token is not null and s.place <= ${spelledTokens})
    select s.token from spelt s where s.token is not null`.execute(ctx.db);
  return rows.length > spelledTokens ? null : rows.map((row) => row.token);
}

/** Whether the party of a row f has one of the word's tokens: one look into the index for each. */
function hasTokens(ctx: Ctx, { word, tokens }: Word): RawBuilder<unknown> {
  if (tokens === null) return hasWord(ctx, word, 'f');
  return sql`coalesce((select true from parties.search_tokens_v t
    where t.tenant_id = ${ctx.tenant} and t.token = any(${[...tokens]}::text[]) and t.party_id = f.party_id limit 1), false)`;
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

/** How many accounts the filter finds and what they owe, by currency; null when there are more than `atMost`, or of a wide search. */
export async function countAccounts(
  ctx: Ctx,
  filter: AccountFilter,
  on: CalendarDate,
  atMost: number,
): Promise<{ total: number; totals: { currency: string; amountMinor: bigint }[] } | null> {
  if (isWide(filter.parties)) return null;
  const { rows } = await sql<{ currency: string; n: bigint; minor: bigint }>`
    select x.currency, count(*) as n, sum(x.balance_minor)::bigint as minor
    from (select f.currency, f.balance_minor from accounts.facts_v f
      where f.tenant_id = ${ctx.tenant} and ${filterOf(ctx, filter, on)} limit ${atMost + 1}) x
    group by x.currency order by x.currency`.execute(ctx.db);
  const total = rows.reduce((sum, row) => sum + Number(row.n), 0);
  if (total > atMost) return null;
  return { total, totals: rows.map((row) => ({ currency: row.currency, amountMinor: row.minor })) };
}
