import { keepTenantTallies } from '../src/flows/keep-tallies.ts';
import { runDay } from '../src/flows/run-day.ts';
import type { Ctx } from '../src/kernel/ctx.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { unwrap } from '../src/kernel/result.ts';
import { actIn, createApiKey, permissionsOf, type Permission } from '../src/modules/identity/public.ts';
import { tidyAfterStops } from '../src/flows/rank-work.ts';
import { buildServer } from '../src/server.ts';
import type { BenchServer } from './bench-server.ts';
import { percentile, round } from './measure.ts';
import { addPortfolio, benchActor, benchDay, benchTenant, portfolioDatabase } from './portfolio.ts';

type App = Awaited<ReturnType<typeof buildServer>>;
type Ask = { readonly method: 'GET' | 'POST'; readonly url: string; readonly payload?: object };
/** A page as a person opens it: the same request with other parameters each time. */
type Page = { readonly name: string; readonly ask: (n: number) => Ask };
export type PageFigures = { readonly p50_ms: number; readonly p95_ms: number; readonly buffers: number };

const tenant = benchTenant(1);
const warmUp = 5;
const sorts = ['overdue_first', 'balance', 'name', 'number', 'last_contact'] as const;

export type PagesBench = {
  readonly accounts: number;
  readonly requests: number;
  readonly neighbour: boolean;
  readonly say: (line: string) => void;
};

/** The staff pages through the real HTTP handlers at full size, alone and beside another tenant of the same size. */
export async function benchPages(server: BenchServer, { accounts, requests, neighbour, say }: PagesBench) {
  const alone = await workedDatabase(server, accounts);
  const pages = await measure(server, alone, requests, say);
  const beside = neighbour ? await measure(server, await withNeighbour(server, alone, accounts), requests, say) : null;
  const worst = Math.max(...Object.values(pages).map((page) => page.p95_ms));
  const grown =
    beside &&
    Math.max(...Object.entries(beside).map(([name, page]) => page.buffers / Math.max(1, pages[name]?.buffers ?? 1)));
  return {
    bench: 'pages',
    n: accounts,
    ours_s: round(worst / 1000),
    reference_s: null,
    ratio: null,
    worst_p95_ms: worst,
    requests,
    pages,
    beside_another_tenant: beside,
    most_buffers_grown: grown === null ? null : round(grown, 2),
  };
}

/** The portfolio after a day's run, so that tasks, plans and decisions are there to be read. */
async function workedDatabase(server: BenchServer, accounts: number): Promise<string> {
  const name = `bench_worked_${accounts}`;
  if (await server.has(name)) return name;
  const draft = `${name}_draft`;
  await server.copy(draft, await portfolioDatabase(server, accounts));
  await liveDay(server, draft, tenant);
  await server.asAdmin(draft, (client) => client.query('vacuum analyze'));
  await server.rename(draft, name);
  return name;
}

/** A day's run, and what the worker does after it. */
async function liveDay(server: BenchServer, database: string, of: TenantId): Promise<void> {
  const live = (step: (ctx: Ctx) => Promise<unknown>) =>
    actIn(server.open(database), of, benchActor, step, { statementTimeoutMs: 0 });
  await live(async (ctx) => unwrap(await runDay(ctx, { asOf: benchDay })));
  for (let stopped = true; stopped; ) stopped = (await live(tidyAfterStops)) !== 0;
  await live(keepTenantTallies);
  await live(keepTenantTallies);
}

async function withNeighbour(server: BenchServer, alone: string, accounts: number): Promise<string> {
  const name = `${alone}_beside`;
  if (await server.has(name)) return name;
  const draft = `${name}_draft`;
  await server.copy(draft, alone);
  await addPortfolio(server, draft, 2, accounts);
  await liveDay(server, draft, benchTenant(2));
  await server.asAdmin(draft, (client) => client.query('vacuum analyze'));
  await server.rename(draft, name);
  return name;
}

async function measure(
  server: BenchServer,
  database: string,
  requests: number,
  say: (line: string) => void,
): Promise<Record<string, PageFigures>> {
  const installation = server.open(database);
  const app = await buildServer(installation);
  const scopes = [...permissionsOf('owner')] as Permission[];
  const key = await actIn(
    installation,
    tenant,
    benchActor,
    async (ctx) => unwrap(await createApiKey(ctx, { name: 'bench', scopes })).text,
  );
  const ask = asker(app, key);
  const figures: Record<string, PageFigures> = {};
  for (const page of await pagesOf(ask)) {
    for (let n = 0; n < warmUp; n += 1) await ask(page.ask(1000 + n));
    const before = await buffersOf(server, database);
    const times: number[] = [];
    for (let n = 0; n < requests; n += 1) {
      const start = performance.now();
      await ask(page.ask(n));
      times.push(performance.now() - start);
    }
    const buffers = Math.round(((await buffersOf(server, database)) - before) / requests);
    figures[page.name] = {
      p50_ms: round(percentile(times, 0.5), 1),
      p95_ms: round(percentile(times, 0.95), 1),
      buffers,
    };
    say(
      `${database} ${page.name}: p50 ${figures[page.name]?.p50_ms} ms, p95 ${figures[page.name]?.p95_ms} ms, ${buffers} buffers`,
    );
  }
  await app.close();
  await server.closeDatabase(database);
  return figures;
}

function asker(app: App, key: string): (ask: Ask) => Promise<Record<string, unknown>> {
  let asked = 0;
  return async ({ method, url, payload }) => {
    asked += 1;
    // Each request from another address: what is measured is the page, not the rate limit.
    const remoteAddress = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
    const answer = await app.inject({
      method,
      url,
      remoteAddress,
      headers: { authorization: `Bearer ${key}` },
      ...(payload && { payload }),
    });
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${url} answered ${answer.statusCode}: ${answer.body.slice(0, 300)}`);
    return answer.json<Record<string, unknown>>();
  };
}

/** Accounts and cursors are collected first, so that no page is asked for the same thing twice in a row. */
async function pagesOf(ask: (ask: Ask) => Promise<Record<string, unknown>>): Promise<Page[]> {
  const get = (url: string): Ask => ({ method: 'GET', url });
  const rowsOf = (body: Record<string, unknown>) =>
    body['rows'] as { id: string; number: string; party: { name: string } }[];
  const found: { id: string; number: string; party: { name: string } }[] = [];
  for (const sort of sorts) found.push(...rowsOf(await ask(get(`/api/v1/accounts?sort=${sort}&limit=100`))));
  const deep = new Map<string, string>();
  for (const sort of sorts) deep.set(sort, await cursorAfter(ask, sort, 10));
  const nth = (n: number) => found[(n * 37) % found.length];
  return [
    ...sorts.map((sort) => ({ name: `list ${sort}`, ask: () => get(`/api/v1/accounts?sort=${sort}`) })),
    ...sorts.map((sort) => ({
      name: `list ${sort}, page 11`,
      ask: () => get(`/api/v1/accounts?sort=${sort}&cursor=${encodeURIComponent(deep.get(sort) ?? '')}`),
    })),
    { name: 'list by bucket', ask: () => get('/api/v1/accounts?bucket=31_60') },
    {
      name: 'search',
      ask: (n) =>
        get(`/api/v1/accounts?q=${encodeURIComponent((nth(n)?.party.name ?? 'a').split(' ').slice(0, 2).join(' '))}`),
    },
    { name: 'search by number', ask: (n) => get(`/api/v1/accounts?q=${encodeURIComponent(nth(n)?.number ?? '')}`) },
    { name: 'account', ask: (n) => get(`/api/v1/accounts/${nth(n)?.id}`) },
    { name: 'items', ask: (n) => get(`/api/v1/accounts/${nth(n)?.id}/items`) },
    { name: 'timeline', ask: (n) => get(`/api/v1/accounts/${nth(n)?.id}/timeline`) },
    { name: 'ledger', ask: (n) => get(`/api/v1/accounts/${nth(n)?.id}/ledger`) },
    { name: 'why', ask: (n) => get(`/api/v1/accounts/${nth(n)?.id}/why`) },
    { name: 'tasks', ask: () => get('/api/v1/tasks') },
    { name: 'next', ask: () => ({ method: 'POST', url: '/api/v1/worklist/next', payload: {} }) },
    { name: 'today', ask: () => get('/api/v1/today') },
    { name: 'outbox', ask: () => get('/api/v1/messages') },
  ];
}

async function cursorAfter(
  ask: (ask: Ask) => Promise<Record<string, unknown>>,
  sort: string,
  pages: number,
): Promise<string> {
  let cursor = '';
  for (let n = 0; n < pages; n += 1) {
    const body = await ask({
      method: 'GET',
      url: `/api/v1/accounts?sort=${sort}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    });
    const next = body['nextCursor'];
    if (typeof next !== 'string') return cursor;
    cursor = next;
  }
  return cursor;
}

/** Blocks of tables and indexes touched in this database so far, in memory or not. */
async function buffersOf(server: BenchServer, database: string): Promise<number> {
  return server.asAdmin(database, async (client) => {
    const { rows } = await client.query<{ blocks: string }>(
      `select coalesce(sum(shared_blks_hit + shared_blks_read), 0) as blocks from pg_stat_statements s join pg_database d on d.oid = s.dbid
       where d.datname = $1 and s.userid = 'dunwell_app'::regrole`,
      [database],
    );
    return Number(rows[0]?.blocks);
  });
}
