import { type RawBuilder, sql } from 'kysely';
import { addDays, localDateOf, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { readCursor, writeCursor } from '../../kernel/cursor.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { loadGateFacts, loadRuleBook } from './load-gate-facts.ts';
import { type ClockRule, clockRules, type OpenClock, openClocks } from './open-clocks.ts';
import { placesUnder } from './jurisdictions.ts';
import type { Proposal } from './proposal.ts';

export type ListedClock = OpenClock & {
  readonly accountNumber: string;
  readonly partyName: string;
  /** Who works the account; null: nobody does. */
  readonly assignedTo: string | null;
};
export type ClockFilter = {
  /** Null: all the asker may see. */
  readonly clientIds: readonly string[] | null;
  readonly state: 'overdue' | 'soon' | 'all';
  readonly accountId?: string | undefined;
  /** A member, or `nobody`. */
  readonly owner?: string | undefined;
};

/** Clocks that run out within so many days are soon due. */
const soonDays = 7;
/** How far back a conversation may lie that started a clock. */
const lookBackMs = 400 * 86_400_000;
// Candidates a page looks at, at most: some are dropped when the rule's own conditions are asked.
const mostBatches = 4;

type Candidate = {
  rule: string;
  event_at: string;
  account_id: string;
  party_id: string;
  client_id: string;
  account_number: string;
  party_name: string;
  assigned_to: string | null;
  due_on: string;
  cursor_id: string;
};

/**
 * Duties with a day that has passed or is near, the oldest first. SQL finds by sets what could have started one and was not answered;
 * the rules themselves then judge each person of the page, so that list and account page say the same. Refuses: `bad_cursor`.
 */
export async function listClocks(
  ctx: Ctx,
  filter: ClockFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: ListedClock[]; nextCursor: string | null }, 'bad_cursor'>> {
  let after: readonly string[] | null = null;
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['date', 'uuid']);
    if (!cursor.ok) return cursor;
    after = cursor.value;
  }
  const book = await loadRuleBook(ctx);
  const rules = clockRules(book, ctx.at.toISOString().slice(0, 10));
  const rows: ListedClock[] = [];
  for (let batch = 0; batch < mostBatches; batch += 1) {
    const wanted = page.limit - rows.length;
    const found: Candidate[] = await selectCandidates(ctx, rules, filter, after, wanted + 1);
    const candidates = found.slice(0, wanted);
    rows.push(...(await judge(ctx, candidates, filter, book)));
    const last = candidates.at(-1);
    if (found.length <= wanted || last === undefined) return ok({ rows, nextCursor: null });
    after = [last.due_on, last.cursor_id];
    if (rows.length >= page.limit) break;
  }
  return ok({ rows, nextCursor: after === null ? null : writeCursor(after) });
}

const nameOf = (rule: { readonly id?: string; readonly ruleId?: string; readonly part?: string | null | undefined }) =>
  `${rule.id ?? rule.ruleId}/${rule.part ?? ''}`;

async function judge(
  ctx: Ctx,
  candidates: readonly Candidate[],
  filter: ClockFilter,
  book: Awaited<ReturnType<typeof loadRuleBook>>,
): Promise<ListedClock[]> {
  const accounts = new Map(candidates.map((one) => [one.account_id, one]));
  const gated = await loadGateFacts(ctx, [...accounts.values()].map(aboutAccount), ctx.at, lookBackMs);
  const byKey = new Map<string, OpenClock>();
  for (const { facts, proposal } of gated) {
    for (const clock of openClocks(facts, proposal, book, ctx.at))
      if (clock.doneAt === null) byKey.set(`${nameOf(clock)}/${clock.accountId}/${Date.parse(clock.startedAt)}`, clock);
  }
  return candidates.flatMap((one) => {
    const clock = byKey.get(`${one.rule}/${one.account_id}/${Date.parse(one.event_at)}`);
    if (clock === undefined || !isWanted(clock, filter, ctx.at)) return [];
    return [{ ...clock, accountNumber: one.account_number, partyName: one.party_name, assignedTo: one.assigned_to }];
  });
}

function isWanted(clock: OpenClock, filter: ClockFilter, at: Date): boolean {
  if (filter.state === 'overdue') return clock.overdue;
  if (filter.state === 'soon') return clock.dueBy <= addDays(localDateOf(at, timeZone('UTC')), soonDays);
  return true;
}

/** A proposal that asks about one account and nothing else; no contact comes of it. */
export const aboutAccount = (account: {
  readonly account_id: string;
  readonly party_id: string;
  readonly client_id: string;
}): Proposal => ({
  act: 'manual_message',
  channel: 'letter',
  partyId: account.party_id,
  clientId: account.client_id,
  accountIds: [account.account_id],
  contactPointId: null,
  addressKey: null,
  actKind: 'message',
  actId: newId(),
  purpose: 'collect',
  content: {},
});

type Where = Readonly<Record<string, unknown>> | undefined;
// A member may be one value or a list of them.
const lists = (where: Where) =>
  Object.fromEntries(
    Object.entries(where ?? {}).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]),
  );

/** What SQL has to know of a rule to find what may have started its clock. */
const ruleRow = (rule: ClockRule) => ({
  rule: nameOf(rule),
  types: rule.parameters.startedBy.types,
  wanted: lists(rule.parameters.startedBy.where),
  done_types: rule.parameters.doneBy.types,
  done_wanted: lists(rule.parameters.doneBy.where),
  days: rule.parameters.days,
  everywhere: rule.jurisdiction === '*',
  ...placesUnder(rule.jurisdiction),
  collectors: rule.collectors,
  debt_kinds: rule.debtKinds,
});

async function selectCandidates(
  ctx: Ctx,
  rules: readonly ClockRule[],
  filter: ClockFilter,
  after: readonly string[] | null,
  limit: number,
): Promise<Candidate[]> {
  const startTypes = [...new Set(rules.flatMap((rule) => rule.parameters.startedBy.types))];
  const types = [...new Set([...startTypes, ...rules.flatMap((rule) => rule.parameters.doneBy.types)])];
  const wanted: RawBuilder<unknown>[] = [sql`true`];
  if (filter.clientIds !== null) wanted.push(sql`client_id = any(${[...filter.clientIds]}::uuid[])`);
  if (filter.accountId !== undefined) wanted.push(sql`account_id = ${filter.accountId}`);
  if (filter.owner !== undefined)
    wanted.push(filter.owner === 'nobody' ? sql`assigned_to is null` : sql`assigned_to::text = ${filter.owner}`);
  // Business days are never sooner than calendar days: nothing that is overdue or soon due is missed.
  const today = sql`(${ctx.at}::timestamptz at time zone 'UTC')::date`;
  if (filter.state === 'overdue') wanted.push(sql`due_on <= ${today}`);
  if (filter.state === 'soon') wanted.push(sql`due_on <= ${today} + ${soonDays + 1}::int`);
  if (after !== null) wanted.push(sql`(due_on, cursor_id) > (${after[0]}::date, ${after[1]}::uuid)`);
  const { rows } = await sql<Candidate>`
    with rule as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rules.map(ruleRow))}::jsonb) as r(rule text, types text[], wanted jsonb, done_types text[],
        done_wanted jsonb, days int, everywhere boolean, countries text[], parts text[], collectors text[], debt_kinds text[])),
    happened as materialized (
      select e.id, c.root_id, e.type, e.account_ids, e.detail, e.effective_at
      from compliance.legal_events e
      join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = e.cluster_id
      where e.tenant_id = ${ctx.tenant} and e.type = any(${types}::text[]) and e.about_party_id is null and e.recorded_at <= ${ctx.at}
      union all
      select r.id, c.root_id, 'conversation', array[r.account_id], jsonb_build_object('channel', r.channel), r.effective_at
      from compliance.register_v r
      join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = r.cluster_id
      where r.tenant_id = ${ctx.tenant} and 'conversation' = any(${types}::text[]) and r.conversation and r.status in ('reserved', 'counted')
        and r.effective_at >= ${new Date(ctx.at.getTime() - lookBackMs)}
      union all
      select n.id, c.root_id, 'tcpa_revocation', case when n.account_id is not null then array[n.account_id] end,
        jsonb_build_object('channel', n.channel), least(n.revoked_at, n.expires_at)
      from compliance.consents n
      join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = n.cluster_id
      where n.tenant_id = ${ctx.tenant} and n.scope = 'tcpa' and least(n.revoked_at, n.expires_at) <= ${ctx.at}),
    started as (
      select r.rule, h.effective_at, a.id as account_id, a.party_id, a.client_id, a.number as account_number, p.name as party_name, f.assigned_to,
        (h.effective_at at time zone coalesce(p.time_zone, k.time_zone))::date + r.days as due_on,
        kernel.hash_id('clock', r.rule, h.id::text, a.id::text) as cursor_id
      from rule r
      join happened h on h.type = any(r.types) and h.effective_at <= ${ctx.at} and not exists (
        select 1 from jsonb_each(r.wanted) w where not coalesce(h.detail -> w.key, 'null'::jsonb) <@ w.value)
      join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.root_id = h.root_id
      join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = c.id and (h.account_ids is null or a.id = any(h.account_ids))
        and a.debt_kind = any(r.debt_kinds)
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
      join accounts.clients_v k on k.tenant_id = ${ctx.tenant} and k.id = a.client_id
      join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
      where (r.everywhere or coalesce(p.country, k.country) = any(r.countries)
          or coalesce(p.country, k.country) || ':' || lower(btrim(p.region)) = any(r.parts))
        and coalesce((
            select x.collector from compliance.classifications x
            where x.tenant_id = ${ctx.tenant} and x.client_id = k.id and x.approved_by is not null and x.effective_from <= ${ctx.at}::date
            order by x.effective_from desc, x.id desc limit 1),
          case k.kind when 'own_entity' then 'first_party' when 'agency_customer' then 'third_party' else 'debt_buyer' end) = any(r.collectors)
        and not exists (
          select 1 from happened d
          where d.root_id = h.root_id and d.type = any(r.done_types) and d.effective_at >= h.effective_at and d.id <> h.id
            and d.effective_at <= ${ctx.at} and (d.account_ids is null or a.id = any(d.account_ids)) and not exists (
              select 1 from jsonb_each(r.done_wanted) w where not coalesce(d.detail -> w.key, 'null'::jsonb) <@ w.value)))
    select rule, effective_at as event_at, account_id, party_id, client_id, account_number, party_name, assigned_to, due_on, cursor_id
    from started where ${sql.join(wanted, sql` and `)} order by due_on, cursor_id limit ${limit}`.execute(ctx.db);
  return rows.map((row) => ({ ...row, event_at: new Date(row.event_at).toISOString() }));
}
