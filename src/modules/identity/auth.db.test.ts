import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { inDirectory, inTenant, openDatabase } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { createAuth } from './auth.ts';

const database = await testDatabase();
const baseUrl = 'http://localhost:4400';
const auth = createAuth({ database, secret: database.secret, baseUrl });
const password = 'correct horse battery';

let users = 0;
async function user() {
  users += 1;
  const email = `user${users}@example.test`;
  const made = await auth.createUser({ email: ` ${email.toUpperCase()} `, name: 'U', password });
  if (!made.ok) throw new Error(made.detail);
  return { email, id: made.value };
}

// Each caller has an address of its own unless it says otherwise, so that tests do not limit each other.
let addresses = 0;
const freshAddress = () => `10.0.${(addresses += 1) >> 8}.${addresses & 255}`;
const signIn = (
  email: string,
  given = password,
  options: { address?: string; headers?: Record<string, string> } = {},
) =>
  auth.signIn({
    email,
    password: given,
    headers: new Headers({ origin: baseUrl, ...options.headers }),
    clientAddress: options.address ?? freshAddress(),
  });

async function cookieOf(email: string, given = password) {
  const answer = await signIn(email, given);
  if (!answer.ok) throw new Error(answer.detail);
  return {
    cookies: answer.value.setCookies,
    headers: new Headers({ cookie: answer.value.setCookies.map((c) => c.split(';')[0]).join('; ') }),
  };
}

describe('signing in', () => {
  it('sets one cookie that names the user until it is signed out', async () => {
    const { email, id } = await user();
    const { cookies, headers } = await cookieOf(email.toUpperCase());
    expect(cookies.filter((cookie) => cookie.startsWith('dunwell='))).toHaveLength(1);
    expect(cookies[0]).toMatch(/HttpOnly/i);
    expect(cookies[0]).toMatch(/SameSite=Lax/i);
    expect(await auth.verifySession(headers)).toMatchObject({ userId: id, email });
    const cleared = await auth.signOut(headers);
    expect(cleared.some((cookie) => cookie.startsWith('dunwell=;'))).toBe(true);
    expect(await auth.verifySession(headers)).toBeNull();
    expect(await auth.signOut(new Headers())).toBeInstanceOf(Array);
  });

  it('marks the cookie secure when served over https', async () => {
    const { email } = await user();
    const secure = createAuth({ database, secret: database.secret, baseUrl: 'https://collect.example' });
    const answer = await secure.signIn({
      email,
      password,
      headers: new Headers({ origin: 'https://collect.example' }),
      clientAddress: freshAddress(),
    });
    expect(answer.ok ? answer.value.setCookies[0] : answer).toMatch(/^dunwell=.*Secure/i);
  });

  it('says the same for a wrong password and an unknown address', async () => {
    const { email } = await user();
    const wrong = await signIn(email, 'wrong horse battery');
    expect(wrong).toMatchObject({ ok: false, code: 'wrong_credentials' });
    expect(await signIn('nobody@example.test')).toEqual(wrong);
    expect(await signIn('not an address')).toEqual(wrong);
  });

  it('refuses other sites', async () => {
    const { email } = await user();
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect(await signIn(email, password, { headers })).toMatchObject({ code: 'cross_site' });
    }
    for (const origin of ['http://127.0.0.1:4400', 'http://[::1]:4400']) {
      expect(await signIn(email, password, { headers: { origin } })).toMatchObject({ ok: true });
    }
    const plain = await auth.signIn({ email, password, headers: new Headers(), clientAddress: freshAddress() });
    expect(plain).toMatchObject({ ok: true });
  });

  it('does not trust a forged or foreign cookie', async () => {
    const { email } = await user();
    const { headers } = await cookieOf(email);
    const forged = new Headers({
      cookie: (headers.get('cookie') ?? '').replace(/=(.)/, (_, c: string) => `=${c === 'a' ? 'b' : 'a'}`),
    });
    expect(await auth.verifySession(forged)).toBeNull();
    expect(await auth.verifySession(new Headers({ cookie: 'dunwell=x' }))).toBeNull();
    const stranger = createAuth({ database, secret: 'another secret altogether, 32 chars', baseUrl });
    expect(await stranger.verifySession(headers)).toBeNull();
  });
});

describe('limits', () => {
  it('stop the eleventh attempt on one address of mail, from wherever, and forget them after a success', async () => {
    const { email } = await user();
    for (let i = 0; i < 9; i += 1)
      expect(await signIn(email, 'wrong horse battery')).toMatchObject({ code: 'wrong_credentials' });
    expect(await signIn(email)).toMatchObject({ ok: true });
    const answers: string[] = [];
    for (let i = 0; i < 11; i += 1) {
      const answer = await signIn(email.toUpperCase(), 'wrong horse battery');
      answers.push(answer.ok ? 'ok' : answer.code);
    }
    expect(answers.slice(0, 10)).toEqual(Array<string>(10).fill('wrong_credentials'));
    expect(answers[10]).toBe('too_many_requests');
    expect(await signIn(email)).toMatchObject({ code: 'too_many_requests' });
    await database.asSuperuser((client) =>
      client.query(`update auth.sign_in_attempts set window_started_at = now() - interval '16 minutes'`),
    );
    expect(await signIn(email)).toMatchObject({ ok: true });
  });

  it('stop one network that tries many addresses of mail', async () => {
    const address = '203.0.113.7';
    const codes: string[] = [];
    for (let i = 0; i < 21; i += 1) {
      const answer = await signIn(`guess${i}@example.test`, password, {
        address,
        headers: { 'x-forwarded-for': `198.51.100.${i}` },
      });
      codes.push(answer.ok ? 'ok' : answer.code);
    }
    expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(20);
    expect(codes.at(-1)).toBe('too_many_requests');
    const { email } = await user();
    expect(await signIn(email)).toMatchObject({ ok: true });
  });
});

describe('sessions', () => {
  it('are listed and revoked one by one, by their own user only', async () => {
    const [mine, theirs] = [await user(), await user()];
    const [first, second] = [await cookieOf(mine.email), await cookieOf(mine.email)];
    const listed = await auth.listSessions(mine.id);
    expect(listed).toHaveLength(2);
    const current = await auth.verifySession(first.headers);
    const sessionId = current?.sessionId ?? '';
    expect(listed.map((session) => session.id)).toContain(sessionId);
    expect(await auth.revokeSession(theirs.id, sessionId)).toBe(false);
    expect(await auth.revokeSession(mine.id, 'not-an-id')).toBe(false);
    expect(await auth.verifySession(first.headers)).not.toBeNull();
    expect(await auth.revokeSession(mine.id, sessionId)).toBe(true);
    expect(await auth.verifySession(first.headers)).toBeNull();
    expect(await auth.verifySession(second.headers)).not.toBeNull();
    expect(await auth.revokeSessions(mine.id)).toBe(1n);
    expect(await auth.verifySession(second.headers)).toBeNull();
  });

  it('expire', async () => {
    const { email, id } = await user();
    const { headers } = await cookieOf(email);
    await database.asSuperuser((client) =>
      client.query(`update auth."session" set "expiresAt" = now() - interval '1 second' where "userId" = $1`, [id]),
    );
    expect(await auth.verifySession(headers)).toBeNull();
    expect(await auth.listSessions(id)).toEqual([]);
  });

  it('all end when the password is set', async () => {
    const { email, id } = await user();
    const { headers } = await cookieOf(email);
    expect(await auth.setPassword(id, 'short')).toMatchObject({ code: 'invalid' });
    expect(await auth.setPassword(newId(), 'a new long password')).toMatchObject({ code: 'not_found' });
    expect(await auth.setPassword(id, 'a new long password')).toEqual({ ok: true });
    expect(await auth.verifySession(headers)).toBeNull();
    expect(await signIn(email)).toMatchObject({ code: 'wrong_credentials' });
    expect(await signIn(email, 'a new long password')).toMatchObject({ ok: true });
  });
});

describe('accounts', () => {
  it.each([
    ['no-at', password, 'invalid'],
    ['a@b.c', password, 'invalid'],
    ['ann@example.test', 'short', 'invalid'],
    ['ann@example.test', 'x'.repeat(201), 'invalid'],
  ])('refuse %s', async (email, given, code) => {
    expect(await auth.createUser({ email, name: 'x', password: given })).toMatchObject({ ok: false, code });
  });

  it('are unique by address and can be found', async () => {
    const { email, id } = await user();
    expect(await auth.createUser({ email, name: 'x', password })).toMatchObject({ code: 'duplicate' });
    expect(await auth.findUser(email.toUpperCase())).toMatchObject({ id, email });
    expect(await auth.findUser('nobody@example.test')).toBeNull();
  });

  it('are out of the application role’s sight, and tenants’ rows out of the sign-in role’s', async () => {
    const tenant = await database.freshTenant();
    await expect(inTenant(database, tenant, (db) => sql`select from auth."user"`.execute(db))).rejects.toThrow(
      /permission denied/,
    );
    for (const table of ['identity.api_keys', 'identity.audit_entries', 'identity.person_keys']) {
      await expect(inDirectory(database, (db) => sql`select from ${sql.raw(table)}`.execute(db))).rejects.toThrow(
        /permission denied/,
      );
    }
  });
});

it('says so when the database is gone', async () => {
  const gone = openDatabase({ address: { ...database.address, port: 1 }, secret: database.secret });
  const lost = createAuth({ database: gone, secret: database.secret, baseUrl });
  const { email } = await user();
  const { headers } = await cookieOf(email);
  await expect(lost.verifySession(headers)).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
  await expect(lost.signIn({ email, password, headers, clientAddress: '10.9.9.9' })).rejects.toMatchObject({
    name: 'DatabaseUnavailable',
  });
  await gone.close();
});
