import { beforeAll, describe, expect, it } from 'vitest';
import { fillTenant, type Filled, multipart } from './filled-tenant.ts';
import { operate, succeed } from './operations.ts';
import { ask, runningApp } from './running-app.ts';

const running = await runningApp();
const { app, database } = running;
let acme: Filled;
beforeAll(async () => {
  acme = await fillTenant(running, 'Acme', 'Quokka');
});

type Row = { readonly id: string; readonly rowVersion: string };
const problemTypes = { 'content-type': 'application/problem+json' };

describe('a body that cannot be read', () => {
  const send = (payload: string, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/clients',
      payload,
      headers: {
        host: 'localhost:4400',
        origin: 'http://localhost:4400',
        cookie: acme.cookie,
        'content-type': 'application/json',
        ...headers,
      },
    });

  it.each([
    ['broken JSON', '{"name": ', 400, 'malformed', 'not valid JSON'],
    ['nothing', '', 400, 'malformed', 'empty'],
    ['a list', '[]', 400, 'malformed', 'body: Must be a JSON object.'],
    ['a name left out', '{}', 400, 'malformed', 'name: Missing: give text.'],
    ['more than 1 MB', JSON.stringify({ name: 'x'.repeat(1_100_000) }), 413, 'too_large', '1 MB'],
    [
      'a zero character',
      '{"name":"a\\u0000b","currency":"EUR","timeZone":"UTC","country":"DE"}',
      400,
      'malformed',
      'U+0000',
    ],
    ['a poisoned prototype', '{"__proto__":{"admin":true}}', 400, 'malformed', ''],
  ])('is refused with a sentence: %s', async (_name, payload, status, code, words) => {
    const answer = await send(payload);
    expect(answer.json()).toMatchObject({ status, code, detail: expect.stringContaining(words) });
    expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining(problemTypes['content-type']) });
  });

  it('is refused when it is not JSON at all', async () => {
    expect((await send('name=x', { 'content-type': 'text/plain' })).json()).toMatchObject({ status: 415 });
  });

  it('is not read at all from a stranger', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/clients',
      payload: '{"name": ',
      headers: { host: 'localhost:4400', 'content-type': 'application/json' },
    });
    expect(answer.json()).toMatchObject({ status: 401, code: 'signed_out' });
  });

  it('names every field that is wrong', async () => {
    const answer = await operate(app, acme.owner, 'createClient', {
      body: { name: '', currency: 'euro', timeZone: 'UTC', country: 'Germany' },
    });
    expect(answer.json<{ fields: object }>().fields).toMatchObject({
      name: expect.any(String),
      currency: expect.any(String),
      country: expect.any(String),
    });
  });

  it.each(['2026-02-30', '0000-01-01', '2026-13-01', 'tomorrow'])('knows that %s is no day', async (on) => {
    expect((await operate(app, acme.owner, 'getAgeing', { query: { on } })).json()).toMatchObject({
      status: 400,
      code: 'malformed',
    });
  });

  it.each([
    'listAccounts',
    'listMessages',
    'listReceipts',
    'listPlans',
    'listRuns',
    'listAudit',
    'listIncidents',
    'listImports',
  ])('%s refuses a forged cursor', async (operationId) => {
    for (const cursor of [
      'x',
      Buffer.from('["2026-02-30","x"]').toString('base64url'),
      Buffer.from(`["now","${acme.ids['accountId']}"]`).toString('base64url'),
    ]) {
      expect((await operate(app, acme.owner, operationId, { query: { cursor } })).statusCode, cursor).toBe(400);
    }
  });
});

describe('two people at once', () => {
  it('cannot overwrite each other: the second is told, and nothing is lost', async () => {
    const params = { accountId: acme.ids['accountId'] ?? '' };
    const read = await succeed<Row>(app, acme.owner, 'getAccount', { params });
    const version = { 'if-match': `"${read.rowVersion}"` };
    const first = await operate(app, acme.owner, 'changeAccount', {
      params,
      body: { sensitive: true },
      headers: version,
    });
    const second = await operate(app, acme.owner, 'changeAccount', {
      params,
      body: { sensitive: false },
      headers: version,
    });
    expect(first.statusCode).toBe(200);
    expect(second.json()).toMatchObject({ status: 412, detail: expect.stringContaining('meanwhile') });
    expect(await succeed(app, acme.owner, 'getAccount', { params })).toMatchObject({ sensitive: true });
  });

  it('must say which version they edited', async () => {
    const params = { accountId: acme.ids['accountId'] ?? '' };
    expect(
      (await operate(app, acme.owner, 'changeAccount', { params, body: { sensitive: true } })).json(),
    ).toMatchObject({ status: 428, code: 'version_required' });
    expect(
      (await operate(app, acme.owner, 'changeAccount', { params, body: {}, headers: { 'if-match': 'x' } })).json(),
    ).toMatchObject({ status: 400 });
  });

  it.each(['releaseHold', 'cancelPromise', 'reverseReceipt', 'reallocate', 'closeIncident', 'updateClient'])(
    '%s wants a version',
    async (operationId) => {
      const params = Object.fromEntries(
        ['holdId', 'promiseId', 'receiptId', 'incidentId', 'clientId'].map((name) => [name, acme.ids[name] ?? '']),
      );
      expect((await operate(app, acme.owner, operationId, { params })).statusCode).toBe(428);
    },
  );

  it('who make a client of the same name at the same moment make one', async () => {
    const body = { name: 'Twin', currency: 'EUR', timeZone: 'Europe/Berlin', country: 'DE' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => operate(app, acme.owner, 'createClient', { body })));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409, 409]);
  });
});

describe('an Idempotency-Key', () => {
  const receipt = () => ({
    clientId: acme.clientId,
    accountId: acme.ids['accountId'],
    amount: { amountMinor: '1', currency: 'USD' },
    receivedOn: '2026-03-03',
  });
  const count = () =>
    database.asSuperuser(
      async (client) =>
        (await client.query(`select count(*)::int as n from payments.receipts where amount_minor = 1`)).rows[0] as {
          n: number;
        },
    );

  it('makes a repeated write one write, also at the same moment', async () => {
    const headers = { 'idempotency-key': 'the-same-key-1' };
    const answers = await Promise.all(
      [1, 2, 3].map(() => operate(app, acme.owner, 'recordReceipt', { body: receipt(), headers })),
    );
    const again = await operate(app, acme.owner, 'recordReceipt', { body: receipt(), headers });
    expect(answers.map((answer) => answer.statusCode)).toEqual([201, 201, 201]);
    expect(again.json()).toEqual(answers[0]?.json());
    expect(await count()).toEqual({ n: 1 });
  });

  it('is refused for another request, and for one that is too short', async () => {
    const other = { ...receipt(), amount: { amountMinor: '2', currency: 'USD' } };
    expect(
      (
        await operate(app, acme.owner, 'recordReceipt', {
          body: other,
          headers: { 'idempotency-key': 'the-same-key-1' },
        })
      ).json(),
    ).toMatchObject({ status: 409, code: 'idempotency_mismatch' });
    expect(
      (await operate(app, acme.owner, 'recordReceipt', { body: other, headers: { 'idempotency-key': 'short' } }))
        .statusCode,
    ).toBe(400);
  });

  it('is one person’s own', async () => {
    const cookie = await running.openMember(acme.tenantId, 'accountant', 'books@acme.example');
    const answer = await operate(app, { cookie }, 'recordReceipt', {
      body: { ...receipt(), amount: { amountMinor: '3', currency: 'USD' } },
      headers: { 'idempotency-key': 'the-same-key-1' },
    });
    expect(answer.statusCode).toBe(201);
  });

  it('is free again after a refusal', async () => {
    const headers = { 'idempotency-key': 'refused-first-1' };
    const bad = await operate(app, acme.owner, 'addNote', {
      params: { accountId: acme.clientId },
      body: { body: 'x' },
      headers,
    });
    expect(bad.statusCode).toBe(404);
    expect(
      (
        await operate(app, acme.owner, 'addNote', {
          params: { accountId: acme.clientId },
          body: { body: 'x' },
          headers,
        })
      ).statusCode,
    ).toBe(404);
  });

  it('covers flows of several transactions: the day is run once and answered twice alike', async () => {
    const headers = { 'idempotency-key': 'run-the-day-1' };
    const first = await operate(app, acme.owner, 'runDay', { body: {}, headers });
    const second = await operate(app, acme.owner, 'runDay', { body: {}, headers });
    expect(first.statusCode).toBe(201);
    expect(second.json()).toEqual(first.json());
  });

  it('never keeps the secret of a key', async () => {
    const body = { name: 'secretive', scopes: ['accounts.read'] };
    const made = await operate(app, acme.owner, 'createKey', { body, headers: { 'idempotency-key': 'make-a-key-1' } });
    const { secret } = made.json<{ secret: string }>();
    const kept = await database.asSuperuser(
      async (client) =>
        (
          await client.query(
            `select count(*)::int as n from identity.idempotency_keys where strpos(response::text, $1) > 0`,
            [secret],
          )
        ).rows[0] as { n: number },
    );
    expect(kept).toEqual({ n: 0 });
  });
});

describe('an upload', () => {
  const upload = (fields: Record<string, string>, text: string, name = 'x.csv') => {
    const { body, headers } = multipart(fields, { name, text });
    return ask(app, acme.owner, 'POST', '/api/v1/imports', body, headers);
  };
  const fields = () => ({ clientId: acme.clientId as string, target: 'items' });

  it.each([
    ['no client', { target: 'items' }, 'a,b\n1,2', 400, 'malformed'],
    [
      'a target nobody knows',
      { target: 'wishes', clientId: '00000000-0000-7000-8000-000000000000' },
      'a,b\n1,2',
      400,
      'malformed',
    ],
    [
      'a client that does not exist',
      { target: 'items', clientId: '00000000-0000-7000-8000-000000000000' },
      'a,b\n1,2',
      404,
      'client_not_found',
    ],
  ])('is refused with %s', async (_name, given, text, status, code) => {
    expect((await upload(given, text)).json()).toMatchObject({ status, code });
  });

  it('is refused when it is empty, or no upload at all', async () => {
    expect((await upload(fields(), '')).json()).toMatchObject({ status: 422, code: 'empty_file' });
    expect((await ask(app, acme.owner, 'POST', '/api/v1/imports', {})).statusCode).toBe(400);
  });

  it('that cannot be read says so when it is looked at, naming the file and the remedy', async () => {
    const made = await upload(fields(), `%PDF-1.7 ${'\u0001\u0002\u0003'.repeat(50)}`, 'invoices.pdf');
    const answer = await operate(app, acme.owner, 'inspectImport', { params: { importId: made.json<Row>().id } });
    expect(answer.json()).toMatchObject({
      status: 415,
      code: 'unreadable_file',
      detail: expect.stringContaining('invoices.pdf'),
    });
  });

  it('lies where only the server can read it', async () => {
    const made = await upload(fields(), 'Customer,Amount\nA,1\n');
    expect(made.statusCode).toBe(201);
    const { readdirSync, statSync } = await import('node:fs');
    const folder = `${running.dataDir}/uploads`;
    expect(statSync(folder).mode & 0o077).toBe(0);
    for (const file of readdirSync(folder)) expect(statSync(`${folder}/${file}`).mode & 0o077).toBe(0);
  });
});

describe('the one-click link', () => {
  const link = async () => {
    const message = await succeed<{ headers: { name: string; value: string }[] }>(app, acme.owner, 'getMessage', {
      params: { messageId: acme.ids['messageId'] ?? '' },
    });
    const header = message.headers.find((one) => one.name === 'List-Unsubscribe')?.value ?? '';
    return new URL(header.slice(1, -1)).pathname;
  };

  it('shows a page and changes nothing when it is opened', async () => {
    const answer = await app.inject({ method: 'GET', url: await link() });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body).toContain('<button');
    expect(answer.body).not.toContain('pay@quokka');
  });

  it('unsubscribes at once when it is posted to, without signing in', async () => {
    const post = async () =>
      app.inject({
        method: 'POST',
        url: await link(),
        payload: 'List-Unsubscribe=One-Click',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await post()).body).toContain('Stopped');
    expect((await post()).body).toContain('Already stopped');
  });

  it('takes the form that other mail programs send', async () => {
    const { body, headers } = multipart({ 'List-Unsubscribe': 'One-Click' }, { name: '', text: '' });
    expect((await app.inject({ method: 'POST', url: await link(), payload: body, headers })).statusCode).toBe(200);
  });

  it.each(['x', 'A'.repeat(60), '..%2f..%2fetc'])('is no door when it is made up: %s', async (token) => {
    expect(
      (
        await app.inject({
          method: 'POST',
          url: `/u/${token}`,
          payload: '',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).statusCode,
    ).toBe(404);
  });
});
