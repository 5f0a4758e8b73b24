import { sql } from 'kysely';
import { addDays, type CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { streamQuery } from '../../../kernel/db.ts';
import type { Action } from '../definition.ts';
import { anchors, factCatalogue } from '../segments/fact-catalogue.ts';
import type { AccountAnchors } from '../segments/rule-predicate.ts';
import type { Stage } from '../stage.ts';
import { amountsNow, amountsSince } from './amounts.sql.ts';
import { listFactsThen, listLevelsThen, listPromisesThen } from './known-then.sql.ts';
import type { Cover, PendingPlan, PortfolioAccount, PortfolioCluster, PortfolioPromise, Span } from './portfolio.ts';

/** The first day; `knownAt`: the instant that a replay begins at, by what was known at which it judges. */
export type Start = { readonly on: CalendarDate; readonly knownAt: Date | null };

/** Accounts that owe now, or of which something was open when a replay begins, or came since. */
const inQuestion = (ctx: Ctx, { on, knownAt }: Start) =>
  knownAt === null
    ? sql`f.open_items > 0`
    : sql`exists (select 1 from accounts.items_v i where i.tenant_id = ${ctx.tenant} and i.account_id = f.id and (i.closed_on is null or i.closed_on >= ${on}::date))`;

/** Clusters that owe something, a batch of about `size` accounts at a time and whole clusters only, so that memory stays flat. */
export async function* streamPortfolio(ctx: Ctx, start: Start, size: number): AsyncGenerator<PortfolioCluster[]> {
  const { tenant } = ctx;
  const query = sql<{ rootId: string; id: string }>`
    select m.root_id as "rootId", f.id
    from accounts.facts_v f
    join parties.clusters_v m on m.tenant_id = ${tenant} and m.id = f.cluster_id
    where f.tenant_id = ${tenant} and ${inQuestion(ctx, start)} order by m.root_id, f.id`;
  const stops = await listWideStops(ctx, start);
  let left: { rootId: string; id: string }[] = [];
  for await (const rows of streamQuery(ctx.db, query, size)) {
    const all = [...left, ...rows];
    const last = all.at(-1)?.rootId;
    // The last cluster may go on in the next batch.
    left = all.filter((row) => row.rootId === last);
    const whole = all.filter((row) => row.rootId !== last);
    if (whole.length > 0) yield await loadClusters(ctx, whole, start, stops);
  }
  if (left.length > 0) yield await loadClusters(ctx, left, start, stops);
}

/** How many accounts a simulation looks at. */
export async function countPortfolio(ctx: Ctx, start: Start): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    select count(*) as n from accounts.facts_v f where f.tenant_id = ${ctx.tenant} and ${inQuestion(ctx, start)}`.execute(
    ctx.db,
  );
  return Number(rows[0]?.n ?? 0n);
}

type WideStop = Span & { readonly clientId: string | null };

async function loadClusters(
  ctx: Ctx,
  named: readonly { readonly rootId: string; readonly id: string }[],
  start: Start,
  wide: readonly WideStop[],
): Promise<PortfolioCluster[]> {
  const ids = named.map((row) => row.id);
  const roots = [...new Set(named.map((row) => row.rootId))];
  const { on, knownAt } = start;
  const found = await listAccounts(ctx, ids, on);
  const accounts = knownAt === null ? found : await asTheyWere(ctx, found, ids, knownAt);
  const amounts = knownAt === null ? await amountsNow(ctx, ids) : await amountsSince(ctx, ids, knownAt);
  const holds = await listHolds(ctx, roots, start);
  const covers = await listCovers(ctx, ids, start);
  const levels = knownAt === null ? await listLevels(ctx, ids) : await listLevelsThen(ctx, ids, on);
  const contacts = await countContacts(ctx, ids, on);
  const wishes = await listWishes(ctx, roots, start);
  const listed = knownAt === null ? await listPromises(ctx, ids) : await listPromisesThen(ctx, ids, knownAt);
  const promises = Map.groupBy(listed, (row) => row.accountId);
  // What waited in the past is not written down: a replay begins with nothing planned.
  const plans = Map.groupBy(knownAt === null ? await listPlans(ctx, ids) : [], (row) => row.accountId);
  const build = (row: AccountRow): PortfolioAccount => {
    const own = holds.get(row.rootId) ?? [];
    const wished = wishes.get(row.rootId) ?? [];
    return {
      id: row.id,
      clientId: row.clientId,
      partyId: row.partyId,
      currency: row.currency,
      clientZone: row.clientZone,
      partyZone: row.partyZone,
      country: row.country,
      // In a replay an account is settled and active again as its items say.
      state: knownAt !== null && row.state === 'settled' ? 'active' : row.state,
      sensitive: row.sensitive,
      assigned: row.assigned,
      hasEmail: row.hasEmail,
      consumer: row.debtKind === 'consumer',
      anchors: row.anchors,
      items: (amounts.items.get(row.id) ?? []).map((item) => ({
        ...item,
        covers: covers.get(item.id) ?? [],
        reached: levels.get(item.id) ?? null,
        contacts: contacts.get(item.id) ?? 0,
      })),
      credits: amounts.credits.get(row.id) ?? [],
      holds: own.filter((hold) => hold.accountId === null || hold.accountId === row.id),
      ceases: wished.filter((wish) => wish.kind === 'cease'),
      optOuts: wished.filter((wish) => wish.kind === 'opt_out'),
      stops: wide.filter((stop) => stop.clientId === null || stop.clientId === row.clientId),
      promises: promises.get(row.id) ?? [],
      pending: plans.get(row.id) ?? [],
      position: row.versionId !== null && row.stage !== null ? { versionId: row.versionId, stage: row.stage } : null,
      noticedFirstDay: row.noticed,
    };
  };
  return [...Map.groupBy(accounts, (row) => row.rootId)].map(([rootId, rows]) => ({
    rootId,
    accounts: rows.map(build),
  }));
}

type AccountRow = {
  readonly id: string;
  readonly rootId: string;
  readonly clientId: string;
  readonly partyId: string;
  readonly currency: string;
  readonly clientZone: string;
  readonly partyZone: string | null;
  readonly country: string | null;
  readonly state: string;
  readonly debtKind: string;
  readonly sensitive: boolean;
  readonly assigned: boolean;
  readonly hasEmail: boolean;
  readonly versionId: string | null;
  readonly stage: Stage | null;
  readonly noticed: boolean;
  readonly anchors: AccountAnchors;
};

const anchorColumns = [
  ...new Set(
    factCatalogue.flatMap((field) =>
      [field.at, ...(field.kind === 'average' ? [field.per] : [])].map((at) => `${anchors[at.table]}.${at.column}`),
    ),
  ),
];

async function listAccounts(ctx: Ctx, ids: readonly string[], firstDay: CalendarDate): Promise<AccountRow[]> {
  const { tenant } = ctx;
  const columns = anchorColumns.map((name) => sql`${sql.ref(name)} as ${sql.id(name)}`);
  const { rows } = await sql<AccountRow & AccountAnchors>`
    select f.id, m.root_id as "rootId", f.client_id as "clientId", f.party_id as "partyId", f.currency, c.time_zone as "clientZone", p.time_zone as "partyZone", p.country, f.state,
      a.debt_kind as "debtKind", f.sensitive, f.assigned_to is not null as assigned, f.has_email as "hasEmail", s.version_id as "versionId", s.stage,
      exists (select 1 from strategy.plans l where l.tenant_id = ${tenant} and l.account_id = f.id and l.planned_for = ${firstDay}::date
        and l.action = 'email' and l.state in ('sending', 'sent', 'done', 'uncertain', 'denied')) as noticed,
      ${sql.join(columns)}
    from accounts.facts_v f
    join accounts.accounts_v a on a.tenant_id = ${tenant} and a.id = f.id
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = f.client_id
    join parties.parties_v p on p.tenant_id = ${tenant} and p.id = f.party_id
    join parties.clusters_v m on m.tenant_id = ${tenant} and m.id = f.cluster_id
    left join strategy.positions s on s.tenant_id = ${tenant} and s.id = f.id
    where f.tenant_id = ${tenant} and f.id = any(${[...ids]}::uuid[])
    order by m.root_id, f.id`.execute(ctx.db);
  return rows.map((row) => ({
    ...row,
    anchors: Object.fromEntries(
      [...anchorColumns, 'f.currency'].map((name) => [name, row[name] ?? null]),
    ) as AccountAnchors,
  }));
}

/** The accounts with what was known of them when the replay begins. */
async function asTheyWere(
  ctx: Ctx,
  accounts: readonly AccountRow[],
  ids: readonly string[],
  knownAt: Date,
): Promise<AccountRow[]> {
  const facts = await listFactsThen(ctx, ids, knownAt);
  return accounts.map((account) => {
    const was = facts.get(account.id);
    if (!was) return account;
    const { state, stage, versionId, ...anchors } = was;
    const named = Object.fromEntries(Object.entries(anchors).map(([name, value]) => [`f.${name}`, value]));
    return {
      ...account,
      state: state ?? account.state,
      stage,
      versionId,
      noticed: false,
      anchors: { ...account.anchors, ...named },
    };
  });
}

const stopping = sql`h.effects && array['stop_automatic', 'stop_contact']`;

type HoldRow = { holdId: string; from: Date; to: Date | null; recordedAt: Date };
/** In a replay nobody knew of it before it was written down. */
function spanOf(
  row: { readonly from: Date; readonly to: Date | null; readonly recordedAt: Date },
  { knownAt }: Start,
): Span {
  const fresh = knownAt !== null && row.recordedAt > knownAt;
  const from = fresh ? Math.max(row.from.getTime(), row.recordedAt.getTime()) : row.from.getTime();
  return { from, to: row.to?.getTime() ?? null, fresh };
}
const span = sql`h.effective_from as "from", least(h.effective_to, h.released_at) as "to", h.recorded_at as "recordedAt"`;
const notOver = (at: Date) =>
  sql`(h.released_at is null or h.released_at > ${at}) and (h.effective_to is null or h.effective_to > ${at})`;

/** Holds of a person or of an account, by the root of the cluster. */
async function listHolds(
  ctx: Ctx,
  roots: readonly string[],
  start: Start,
): Promise<Map<string, (Span & { readonly accountId: string | null })[]>> {
  const { rows } = await sql<HoldRow & { rootId: string; accountId: string | null }>`
    select m.root_id as "rootId", case h.coverage when 'account' then h.account_id end as "accountId", ${span}
    from parties.clusters_v m
    join accounts.holds_v h on h.tenant_id = ${ctx.tenant} and h.cluster_id = m.id
    where m.tenant_id = ${ctx.tenant} and m.root_id = any(${[...roots]}::uuid[]) and h.coverage in ('party', 'account') and ${stopping}
      and ${notOver(start.knownAt ?? ctx.at)}`.execute(ctx.db);
  return Map.groupBy(
    rows.map((row) => ({ ...spanOf(row, start), rootId: row.rootId, accountId: row.accountId })),
    (row) => row.rootId,
  );
}

async function listCovers(ctx: Ctx, ids: readonly string[], start: Start): Promise<Map<string, Cover[]>> {
  const { rows } = await sql<HoldRow & { itemId: string; promise: boolean; contact: boolean }>`
    select i.item_id as "itemId", h.id as "holdId", h.reason = 'promise' as promise, 'stop_contact' = any(h.effects) as contact, ${span}
    from accounts.holds_v h
    join accounts.hold_items_v i on i.tenant_id = ${ctx.tenant} and i.hold_id = h.id
    where h.tenant_id = ${ctx.tenant} and h.account_id = any(${[...ids]}::uuid[]) and h.coverage = 'items' and ${stopping}
      and ${notOver(start.knownAt ?? ctx.at)}`.execute(ctx.db);
  return Map.groupBy(
    rows.map((row) => ({
      ...spanOf(row, start),
      itemId: row.itemId,
      holdId: row.holdId,
      kind: row.promise ? ('promise' as const) : ('hold' as const),
      contact: row.contact,
    })),
    (row) => row.itemId,
  );
}

type LevelRow = { itemId: string; day: number; planId: string; previousDay: number | null };

async function listLevels(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Omit<LevelRow, 'itemId'>>> {
  const { rows } = await sql<LevelRow>`
    select l.id as "itemId", l.day, l.plan_id as "planId", l.previous_day as "previousDay" from strategy.item_levels l
    where l.tenant_id = ${ctx.tenant} and l.account_id = any(${[...ids]}::uuid[])`.execute(ctx.db);
  return new Map(rows.map(({ itemId, ...level }) => [itemId, level]));
}

/** Notices that went and calls that were made, by the item they were about. */
async function countContacts(ctx: Ctx, ids: readonly string[], before: CalendarDate): Promise<Map<string, number>> {
  const { rows } = await sql<{ itemId: string; n: bigint }>`
    select i.item_id as "itemId", count(*) as n
    from strategy.plans p join strategy.plan_items i on i.tenant_id = ${ctx.tenant} and i.plan_id = p.id
    where p.tenant_id = ${ctx.tenant} and p.account_id = any(${[...ids]}::uuid[]) and p.state in ('sent', 'done') and p.action in ('email', 'call_task')
      and p.planned_for < ${before}::date group by i.item_id`.execute(ctx.db);
  return new Map(rows.map((row) => [row.itemId, Number(row.n)]));
}

async function listWishes(
  ctx: Ctx,
  roots: readonly string[],
  start: Start,
): Promise<Map<string, (Span & { readonly kind: string })[]>> {
  const { rows } = await sql<{ rootId: string; kind: string; from: Date; to: Date | null; recordedAt: Date }>`
    select m.root_id as "rootId", w.kind, w.effective_from as "from", w.ended_at as "to", w.effective_from as "recordedAt"
    from parties.clusters_v m
    join compliance.preferences_v w on w.tenant_id = ${ctx.tenant} and w.cluster_id = m.id
    where m.tenant_id = ${ctx.tenant} and m.root_id = any(${[...roots]}::uuid[]) and w.kind in ('cease', 'opt_out')
      and (w.ended_at is null or w.ended_at > ${start.knownAt ?? ctx.at})
      and (w.kind = 'cease' or w.address_key is null and coalesce(w.channel, 'email') = 'email')`.execute(ctx.db);
  return Map.groupBy(
    rows.map((row) => ({ ...spanOf(row, start), rootId: row.rootId, kind: row.kind })),
    (row) => row.rootId,
  );
}

async function listWideStops(ctx: Ctx, start: Start): Promise<WideStop[]> {
  const { rows } = await sql<{ clientId: string | null; from: Date; to: Date | null; recordedAt: Date }>`
    select case w.scope when 'tenant' then null else w.client_id end as "clientId", w.effective_from as "from", w.released_at as "to", w.effective_from as "recordedAt"
    from accounts.wide_stops_v w where w.tenant_id = ${ctx.tenant} and (w.released_at is null or w.released_at > ${start.knownAt ?? ctx.at})`.execute(
    ctx.db,
  );
  return rows.map((row) => ({ ...spanOf(row, start), clientId: row.clientId }));
}

async function listPromises(
  ctx: Ctx,
  ids: readonly string[],
): Promise<(PortfolioPromise & { readonly accountId: string })[]> {
  const { rows } = await sql<
    Omit<PortfolioPromise, 'lastDay' | 'judged'> & { readonly accountId: string; readonly graceDays: number }
  >`
    select p.id, p.account_id as "accountId", p.hold_id as "holdId", p.due_on as "dueOn", p.grace_days as "graceDays", p.amount_minor as "amountMinor",
      p.received_minor as "receivedMinor", array(select i.item_id::text from payments.promise_items_v i
        where i.tenant_id = ${ctx.tenant} and i.promise_id = p.id) as "itemIds"
    from payments.promises_v p
    where p.tenant_id = ${ctx.tenant} and p.account_id = any(${[...ids]}::uuid[]) and p.state = 'open' order by p.due_on, p.id`.execute(
    ctx.db,
  );
  return rows.map(({ graceDays, ...row }) => ({ ...row, lastDay: addDays(row.dueOn, graceDays), judged: null }));
}

async function listPlans(ctx: Ctx, ids: readonly string[]): Promise<(PendingPlan & { readonly accountId: string })[]> {
  const { rows } = await sql<
    Omit<PendingPlan, 'notBefore'> & { accountId: string; action: Action; notBefore: Date | null }
  >`
    select p.id, p.account_id as "accountId", p.action, p.level, p.step_key as "stepKey", p.not_before as "notBefore", f.stop_epoch > p.stop_epoch as stopped
    from strategy.plans p
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
    where p.tenant_id = ${ctx.tenant} and p.account_id = any(${[...ids]}::uuid[]) and p.state = 'planned' order by p.id`.execute(
    ctx.db,
  );
  return rows.map((row) => ({ ...row, notBefore: row.notBefore?.getTime() ?? null }));
}
