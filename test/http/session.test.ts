import { describe, expect, it } from 'vitest';
import { actIn, listApiKeys, revokeApiKey, systemActor } from '../../src/modules/identity/public.ts';
import { operate } from './operations.ts';
import { ask, PASSWORD, runningApp, signIn } from './running-app.ts';

const running = await runningApp();
const { app, database, installation } = running;
const acme = await running.openTenant('Acme');
const other = await running.openTenant('Other');
const session = { cookie: acme.cookie };
const note = { body: 'A note.' };
const notesOf = (accountId: string) => `/api/v1/accounts/${accountId}/notes`;
const nowhere = '00000000-0000-7000-8000-000000000000';

describe('a session', () => {
  it('says who is signed in, where and with which permissions', async () => {
    const answer = await operate(app, session, 'getSession');
    expect(answer.json()).toMatchObject({
      tenant: { id: acme.tenantId, kind: 'sandbox', today: '2026-03-03' },
      role: 'owner',
      user: { email: acme.email },
    });
  });

  it('travels in a cookie that no script can read and no other site sends', async () => {
    const answer = await ask(app, {}, 'POST', '/api/v1/session', { email: acme.email, password: PASSWORD });
    const [cookie] = answer.cookies;
    expect(cookie).toMatchObject({ name: 'dunwell', httpOnly: true, sameSite: 'Lax', path: '/' });
  });

  it('ends when its time is over', async () => {
    const cookie = await signIn(app, acme.email);
    expect((await operate(app, { cookie }, 'getSession')).statusCode).toBe(200);
    await database.asSuperuser((client) =>
      client.query(`update auth.session set "expiresAt" = now() - interval '1 minute'`),
    );
    const answer = await operate(app, { cookie }, 'getSession');
    expect(answer.json()).toMatchObject({
      status: 401,
      code: 'signed_out',
      detail: expect.stringContaining('Sign in again'),
    });
  });

  it('cannot be made up', async () => {
    for (const cookie of ['dunwell=', 'dunwell=abc.def', `dunwell=${'x'.repeat(4000)}`, 'dunwell.session_token=abc']) {
      expect((await operate(app, { cookie }, 'getSession')).statusCode, cookie.slice(0, 40)).toBe(401);
    }
  });
});

describe('a write that comes from another site', () => {
  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an origin that is no address', { origin: 'null' }],
    ['another port', { origin: 'http://localhost:9999' }],
  ])('is refused: %s', async (_name, headers) => {
    const cookie = await signIn(app, acme.email);
    const answer = await ask(app, { cookie }, 'POST', notesOf(nowhere), note, headers);
    expect(answer.json()).toMatchObject({ status: 403, code: 'cross_site' });
  });

  it('is refused without an origin unless the browser says it is the same site', async () => {
    const cookie = await signIn(app, acme.email);
    const bare = (site: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: notesOf(nowhere),
        headers: { cookie, host: 'localhost:4400', ...site },
        payload: note,
      });
    expect((await bare({})).statusCode).toBe(403);
    expect((await bare({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await bare({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(404);
  });

  it('matters only for cookies: a key is never sent by a browser by itself', async () => {
    expect(
      (await ask(app, { key: acme.key }, 'POST', notesOf(nowhere), note, { origin: 'https://evil.example' }))
        .statusCode,
    ).toBe(404);
  });
});

describe('a tenant that is not one’s own', () => {
  it.each([
    ['another one', () => other.tenantId],
    ['one that does not exist', () => nowhere],
    ['no id at all', () => "'; drop table"],
  ])('looks as if it were not there: %s', async (_name, tenant) => {
    const cookie = await signIn(app, acme.email);
    const answer = await ask(app, { cookie }, 'GET', '/api/v1/clients', undefined, { 'dunwell-tenant': tenant() });
    expect(answer.json()).toMatchObject({
      status: 404,
      code: 'not_found',
      detail: 'You have no access to such a tenant.',
    });
  });

  it('can be entered by a member of both', async () => {
    const user = await running.auth.findUser(acme.email);
    await actIn(installation, other.tenantId, systemActor('test'), async (ctx) => {
      const { addMember } = await import('../../src/modules/identity/public.ts');
      await addMember(ctx, { userId: user!.id, email: acme.email, displayName: 'Guest', role: 'read_only' });
    });
    const cookie = await signIn(app, acme.email);
    const there = await ask(app, { cookie }, 'GET', '/api/v1/session', undefined, { 'dunwell-tenant': other.tenantId });
    expect(there.json()).toMatchObject({ role: 'read_only', tenant: { id: other.tenantId } });
  });
});

describe('an API key', () => {
  it('works until it is revoked', async () => {
    expect((await operate(app, { key: other.key }, 'listClients')).statusCode).toBe(200);
    await actIn(installation, other.tenantId, systemActor('test'), async (ctx) => {
      const keys = await listApiKeys(ctx);
      for (const key of keys.ok ? keys.value : []) await revokeApiKey(ctx, key.id);
    });
    expect((await operate(app, { key: other.key }, 'listClients')).json()).toMatchObject({
      status: 401,
      code: 'signed_out',
    });
  });

  it.each(['', 'dw_', 'dw_00000000000070008000000000000000_abcdefgh_secret', 'nonsense', 'x'.repeat(5000)])(
    'is not %j',
    async (key) => {
      expect((await operate(app, { key }, 'listClients')).statusCode).toBe(401);
    },
  );

  it('does only what its scopes say', async () => {
    const cookie = await signIn(app, acme.email);
    const made = await operate(app, { cookie }, 'createKey', { body: { name: 'reader', scopes: ['accounts.read'] } });
    const { secret } = made.json<{ secret: string }>();
    expect((await operate(app, { key: secret }, 'listAccounts')).statusCode).toBe(200);
    expect((await operate(app, { key: secret }, 'listKeys')).json()).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: expect.stringContaining('keys.manage'),
    });
  });
});

describe('signing in', () => {
  it('never says which of the two was wrong', async () => {
    const wrong = await ask(app, {}, 'POST', '/api/v1/session', { email: acme.email, password: 'not the password' });
    const unknown = await ask(app, {}, 'POST', '/api/v1/session', {
      email: 'nobody@acme.example',
      password: 'not the password',
    });
    const { requestId: _one, ...first } = wrong.json<Record<string, unknown>>();
    const { requestId: _two, ...second } = unknown.json<Record<string, unknown>>();
    expect(first).toMatchObject({ status: 401, code: 'wrong_credentials' });
    expect(second).toEqual(first);
  });

  it('is limited for one address that asks, whatever it tries', async () => {
    const attempt = (index: number) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/session',
        remoteAddress: '192.0.2.7',
        headers: { host: 'localhost:4400', origin: 'http://localhost:4400' },
        payload: { email: `a${index}@acme.example`, password: 'x' },
      });
    const statuses: number[] = [];
    for (let index = 0; index < 25; index += 1) statuses.push((await attempt(index)).statusCode);
    expect(statuses.at(0)).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await attempt(99)).json()).toMatchObject({ status: 429, code: 'too_many_requests' });
  });

  it('is limited for one account, wherever it is tried from', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1)
      statuses.push(
        (await ask(app, {}, 'POST', '/api/v1/session', { email: other.email, password: `guess ${index}` })).statusCode,
      );
    expect(statuses.slice(0, 10).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    // Even the right password has to wait now.
    expect((await ask(app, {}, 'POST', '/api/v1/session', { email: other.email, password: PASSWORD })).statusCode).toBe(
      429,
    );
  });
});
