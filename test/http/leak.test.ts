import { beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../src/edge/api/openapi-document.ts';
import { describeApi } from '../../src/server.ts';
import { checksums, idsOf, tablesNaming } from './all-rows.ts';
import { type Filled, fillTenant } from './filled-tenant.ts';
import { operate, routeOf } from './operations.ts';
import { type Asking, runningApp } from './running-app.ts';
import { idPlaces, type Place, sampleOf, type Schema, type Schemas } from './sample.ts';

// Two tenants, filled by the real flows. Every operation of the OpenAPI document is asked, as one of them, with every kind of id of the
// other in every place that takes an id. Nothing of the other may be shown, named or changed.
const running = await runningApp();
const { app, database } = running;
const mine = await fillTenant(running, 'Mine', 'Quokka');
const theirs = await fillTenant(running, 'Theirs', 'Zebrafinch');
const document = (await describeApi()) as Document;
const schemas = document.components.schemas as Schemas;

type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: Schema };
type Operation = {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
  readonly method: string;
};

const operations: readonly Operation[] = Object.values(document.paths).flatMap((path) =>
  Object.entries(path).map(([method, operation]) => {
    const body = operation['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined;
    return {
      method,
      operationId: String(operation['operationId']),
      parameters: (operation.parameters ?? []) as Parameter[],
      body: body?.content['application/json']?.schema ?? null,
    };
  }),
);

/** What would end the session that asks. */
const ending: ReadonlySet<string> = new Set(['signOut', 'signIn', 'createFirst', 'revokeSession']);
const foreign = await idsOf(database, theirs.tenantId);
const foreignIds = new Map([...Object.entries(theirs.ids), ...foreign.samples]);
for (const id of foreignIds.values()) foreign.all.add(id);
const canary = /zebrafinch/i;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

type Slot = {
  readonly operation: Operation;
  readonly where: 'path' | 'query' | 'body';
  readonly name: string;
  readonly place: Place;
};

const slots: readonly Slot[] = operations.flatMap((operation) => [
  ...operation.parameters
    .filter((parameter) => parameter.in === 'path' || (parameter.in === 'query' && parameter.schema.format === 'uuid'))
    .map((parameter) => ({ operation, where: parameter.in as 'path' | 'query', name: parameter.name, place: [] })),
  ...(operation.body === null
    ? []
    : idPlaces(operation.body, schemas).map((place) => ({
        operation,
        where: 'body' as const,
        name: String(place.findLast((step) => typeof step === 'string')),
        place,
      }))),
]);

const own = (filled: Filled) => (name: string) =>
  filled.ids[name] ?? filled.ids[name.replace(/s$/, '')] ?? filled.ids['itemId'] ?? '';

function request(slot: Slot | null, operation: Operation, foreignId: string) {
  const wishes = { idFor: own(mine) };
  const params: Record<string, string> = {};
  const query: Record<string, string> = {};
  for (const parameter of operation.parameters) {
    const asked = slot !== null && slot.where === parameter.in && slot.name === parameter.name;
    if (parameter.in === 'path') params[parameter.name] = asked ? foreignId : (wishes.idFor(parameter.name) ?? '');
    if (parameter.in === 'query' && (asked || parameter.required))
      query[parameter.name] = asked ? foreignId : String(sampleOf(parameter.schema, schemas, wishes, parameter.name));
  }
  const bodySlot = slot?.where === 'body' ? slot : null;
  const sample =
    operation.body === null
      ? undefined
      : sampleOf(operation.body, schemas, { ...wishes, ...(bodySlot && { include: bodySlot.place }) });
  const body = bodySlot ? withId(sample, bodySlot.place, foreignId) : sample;
  return { params, query, ...(body !== undefined && { body: body as object }), headers: { 'if-match': '"1"' } };
}

function withId(value: unknown, place: Place, id: string): unknown {
  const [step, ...rest] = place;
  if (step === undefined) return id;
  if (typeof step === 'number')
    return (value as unknown[]).map((part, index) => (index === step ? withId(part, rest, id) : part));
  return { ...(value as object), [step]: withId((value as Record<string, unknown>)[step], rest, id) };
}

/** What in an answer belongs to the other tenant; a refusal may repeat the id it was asked about. */
function leaked(body: string, status: number, asked: string): string[] {
  const shown = [...body.matchAll(uuids)]
    .map(([id]) => id)
    .filter((id) => foreign.all.has(id) && !(status >= 400 && id === asked));
  return [...shown, ...(canary.test(body) ? [`${canary}: ${body.slice(0, 300)}`] : [])];
}

async function probe(as: Asking, slot: Slot | null, operation: Operation, foreignId: string): Promise<string[]> {
  const answer = await operate(app, as, operation.operationId, request(slot, operation, foreignId));
  const found = leaked(answer.body, answer.statusCode, foreignId);
  if (answer.statusCode >= 500) found.push(`status ${answer.statusCode}: ${JSON.stringify(running.faults.at(-1))}`);
  if (slot?.where === 'path' && answer.statusCode < 400) found.push(`status ${answer.statusCode}`);
  const place = slot === null ? '' : ` ${slot.where} ${slot.name}`;
  return found.map((what) => `${operation.operationId}${place}: ${what}`);
}

async function eachFew<T>(work: readonly T[], fn: (one: T) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  const waiting = [...work];
  const run = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) found.push(...(await fn(one)));
  };
  await Promise.all(Array.from({ length: 6 }, run));
  return [...new Set(found)].sort();
}

const session: Asking = { cookie: mine.cookie };
const key: Asking = { key: mine.key };
let before: Record<string, string> = {};

beforeAll(async () => {
  before = await checksums(database, theirs.tenantId);
});

describe('the other tenant', () => {
  it('has something to steal in every list', () => {
    expect(operations.length).toBeGreaterThan(70);
    expect(slots.length).toBeGreaterThan(60);
    expect(foreignIds.size).toBeGreaterThan(50);
  });

  it('is not in any answer to a plain question', async () => {
    const plain = operations.filter(
      (operation) => !ending.has(operation.operationId) && operation.operationId !== 'moveClock',
    );
    expect(
      await eachFew(
        plain.flatMap((operation) => [session, key].map((as) => ({ as, operation }))),
        ({ as, operation }) => probe(as, null, operation, ''),
      ),
    ).toEqual([]);
  });

  it('cannot be reached with any of its ids in any place', async () => {
    const probes = slots.flatMap((slot, index) =>
      [...foreignIds].flatMap(([name, id], turn) => {
        const natural = name === slot.name;
        // Names of tables: every id is tried in many places, though not in all of them.
        if (name.includes('.') && (index + turn) % 4 !== 0) return [];
        const ways = natural ? [session, key] : [(index + turn) % 2 === 0 ? session : key];
        return ways.map((as) => ({ as, slot, id }));
      }),
    );
    expect(await eachFew(probes, ({ as, slot, id }) => probe(as, slot, slot.operation, id))).toEqual([]);
  }, 900_000);

  it.each(['Zebrafinch', 'zebrafinch-1001', 'pay@zebrafinch-c1.example', '+16465550109', '6465550109'])(
    'is not found by searching for %s',
    async (q) => {
      for (const operationId of [
        'search',
        'listAccounts',
        'exportAccounts',
        'listMessages',
        'listReceipts',
        'searchParties',
      ]) {
        const answer = await operate(app, session, operationId, { query: { q } });
        expect(leaked(answer.body, answer.statusCode, ''), operationId).toEqual([]);
      }
    },
  );

  it('cannot be chosen by naming it', async () => {
    for (const operation of operations.filter(({ method }) => method === 'get')) {
      if (routeOf(operation.operationId).permission === 'public') continue;
      const answer = await operate(app, session, operation.operationId, {
        ...request(null, operation, ''),
        headers: { 'dunwell-tenant': theirs.tenantId },
      });
      expect(answer.statusCode, operation.operationId).toBe(404);
    }
    const byKey = await operate(app, key, 'listClients', { headers: { 'dunwell-tenant': theirs.tenantId } });
    expect(leaked(byKey.body, byKey.statusCode, '')).toEqual([]);
  });

  it('was asked about by somebody who was signed in to the end', async () => {
    expect((await operate(app, session, 'getSession')).statusCode).toBe(200);
    expect((await operate(app, key, 'listClients')).statusCode).toBe(200);
  });

  it('has not changed in any table', async () => {
    expect(await checksums(database, theirs.tenantId)).toEqual(before);
  });

  it('is named by no row of the asking tenant', async () => {
    expect(await tablesNaming(database, mine.tenantId, [...new Set(foreignIds.values()), 'zebrafinch'])).toEqual([]);
  });
});
