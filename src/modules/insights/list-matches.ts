import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { Page } from './page.ts';

/** One of the two parties of a pair, as it is compared and with what hangs on it. */
export type MatchParty = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly externalRef: string | null;
  readonly country: string | null;
  readonly taxNumber: string | null;
  readonly contacts: readonly { readonly kind: string; readonly value: string }[];
  readonly accounts: readonly {
    readonly id: string;
    readonly number: string;
    readonly clientName: string;
    readonly currency: string;
    readonly balanceMinor: string;
  }[];
  readonly accountCount: number;
};

export type MatchRow = {
  readonly id: string;
  readonly score: number;
  readonly signals: readonly { readonly kind: string; readonly points: number; readonly sentence: string }[];
  readonly state: 'open' | 'merged' | 'dismissed';
  readonly mergeId: string | null;
  readonly foundAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly one: MatchParty;
  readonly other: MatchParty;
  readonly rowVersion: bigint;
};

/** What will hold for both together once they are one. */
export type Consequences = {
  readonly accounts: number;
  readonly clients: number;
  /** Live holds that cover the person: they reach all accounts. */
  readonly holds: number;
  /** Opt-outs, bans on contact and other wishes. */
  readonly wishes: number;
  /** Contacts of the last seven days: they count against one cap. */
  readonly recentContacts: number;
  /** Planned contacts that are void at once. */
  readonly planned: number;
};

const shown = 4;

const card = (ctx: Ctx, id: string) => sql`(
  select jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind, 'externalRef', p.external_ref, 'country', p.country, 'taxNumber', p.tax_number,
    'contacts', (select coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'value', c.value)), '[]'::jsonb) from (
      select x.kind, x.value from parties.contact_points_v x where x.tenant_id = ${ctx.tenant} and x.party_id = p.id and x.ended_at is null
      order by x.kind, x.recorded_at limit 6) c),
    'accounts', (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'number', f.account_number, 'clientName', f.name, 'currency', f.currency,
        'balanceMinor', f.balance_minor::text)), '[]'::jsonb) from (
      select x.id, x.account_number, k.name, x.currency, x.balance_minor from accounts.facts_v x
      join accounts.clients_v k on k.tenant_id = ${ctx.tenant} and k.id = x.client_id
      where x.tenant_id = ${ctx.tenant} and x.party_id = p.id order by x.balance_minor desc, x.id limit ${shown}) f),
    'accountCount', (select count(*) from accounts.facts_v x where x.tenant_id = ${ctx.tenant} and x.party_id = p.id))
  from parties.parties_v p where p.tenant_id = ${ctx.tenant} and p.id = ${sql.ref(id)})`;

const columns = (
  ctx: Ctx,
) => sql`m.id, m.score, m.signals, m.state, m.merge_id as "mergeId", m.found_at as "foundAt", m.decided_at as "decidedAt",
  m.row_version as "rowVersion",
  coalesce((select u.display_name from identity.members_v u where u.tenant_id = ${ctx.tenant} and u.user_id::text = m.decided_by limit 1), m.decided_by) as "decidedBy",
  ${card(ctx, 'm.party_id')} as one, ${card(ctx, 'm.other_party_id')} as other`;

/** Pairs for review, the likeliest first; open ones that are one person already are left out. Refuses: `bad_cursor`. */
export async function listMatches(
  ctx: Ctx,
  asked: { readonly state: MatchRow['state']; readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<Page<MatchRow>, 'bad_cursor'>> {
  const after = asked.cursor === undefined ? ok(null) : readCursor(asked.cursor, ['integer', 'uuid']);
  if (!after.ok) return after;
  const [score, id] = after.value ?? [];
  const { rows } = await sql<MatchRow>`
    select ${columns(ctx)}
    from parties.match_candidates_v m
    where m.tenant_id = ${ctx.tenant} and m.state = ${asked.state}
      and ${after.value === null ? sql`true` : sql`(m.score < ${score}::bigint or m.score = ${score}::bigint and m.id > ${id}::uuid)`}
      and ${asked.state === 'open' ? areTwo(ctx) : sql`true`}
    order by m.score desc, m.id limit ${asked.limit + 1}`.execute(ctx.db);
  return ok(pageOf(rows, asked.limit, (row) => [String(row.score), row.id]));
}

const areTwo = (
  ctx: Ctx,
) => sql`(select p.root_cluster_id from parties.parties_v p where p.tenant_id = ${ctx.tenant} and p.id = m.party_id)
  <> (select p.root_cluster_id from parties.parties_v p where p.tenant_id = ${ctx.tenant} and p.id = m.other_party_id)`;

/** One pair with what a merge would mean. Refuses: `not_found`. */
export async function matchPage(
  ctx: Ctx,
  matchId: string,
): Promise<Result<MatchRow & { readonly consequences: Consequences }, 'not_found'>> {
  const { rows } = await sql<MatchRow>`select ${columns(ctx)} from parties.match_candidates_v m
    where m.tenant_id = ${ctx.tenant} and m.id = ${matchId}`.execute(ctx.db);
  const [row] = rows;
  return row
    ? ok({ ...row, consequences: await consequencesOf(ctx, [row.one.id, row.other.id]) })
    : refuse('not_found', 'There is no such pair.');
}

async function consequencesOf(ctx: Ctx, partyIds: readonly string[]): Promise<Consequences> {
  const { rows } = await sql<Record<keyof Consequences, bigint>>`
    with people as (
      select k.id from parties.parties_v p join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.root_id = p.root_cluster_id
      where p.tenant_id = ${ctx.tenant} and p.id = any(${[...partyIds]}::uuid[])),
    theirs as (select a.id, a.client_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.cluster_id in (select id from people))
    select (select count(*) from theirs) as accounts, (select count(distinct client_id) from theirs) as clients,
      (select count(*) from accounts.holds_v h where h.tenant_id = ${ctx.tenant} and h.cluster_id in (select id from people) and h.coverage = 'party'
        and h.released_at is null and h.effective_from <= ${ctx.at} and (h.effective_to is null or h.effective_to > ${ctx.at})) as holds,
      (select count(*) from compliance.preferences_v w where w.tenant_id = ${ctx.tenant} and w.cluster_id in (select id from people)
        and (w.ended_at is null or w.ended_at > ${ctx.at})) as wishes,
      (select count(*) from accounts.facts_v f where f.tenant_id = ${ctx.tenant} and f.id in (select id from theirs)
        and f.last_contact_at > ${ctx.at}::timestamptz - interval '7 days') as "recentContacts",
      (select count(*) from strategy.plans_v s join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = s.account_id and f.stop_epoch = s.stop_epoch
        where s.tenant_id = ${ctx.tenant} and s.state = 'planned' and s.account_id in (select id from theirs)) as planned`.execute(
    ctx.db,
  );
  const counts = rows[0];
  if (!counts) throw new Error('Counting the consequences of a merge answered nothing');
  return {
    accounts: Number(counts.accounts),
    clients: Number(counts.clients),
    holds: Number(counts.holds),
    wishes: Number(counts.wishes),
    recentContacts: Number(counts.recentContacts),
    planned: Number(counts.planned),
  };
}

export type MatchProgress = {
  /** Parties looked at since the round began, of all there are. */
  readonly lookedAt: number;
  readonly parties: number;
  readonly roundDone: boolean;
  readonly lastRunAt: Date | null;
};

/** How far the search for duplicates has come. */
export async function matchProgress(ctx: Ctx): Promise<MatchProgress> {
  const { rows } = await sql<{ last: string | null; done: boolean; at: Date }>`
    select r.last_party_id as last, r.round_done as done, r.recorded_at as at from parties.match_runs_v r
    where r.tenant_id = ${ctx.tenant} order by r.recorded_at desc, r.id desc limit 1`.execute(ctx.db);
  const [run] = rows;
  const { rows: counts } = await sql<{ all: bigint; seen: bigint }>`
    select count(*) as all, count(*) filter (where p.id <= ${run?.last ?? null}::uuid) as seen
    from parties.parties_v p where p.tenant_id = ${ctx.tenant}`.execute(ctx.db);
  const all = Number(counts[0]?.all ?? 0n);
  const roundDone = run?.done ?? false;
  return {
    lookedAt: roundDone ? all : Number(counts[0]?.seen ?? 0n),
    parties: all,
    roundDone,
    lastRunAt: run?.at ?? null,
  };
}
