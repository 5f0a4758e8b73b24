import { z } from 'zod';
import { sha256Hex } from '../../kernel/crypto.ts';
import { type Database, inDirectory } from '../../kernel/db.ts';
import { type Id, idOf, isId, newId } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import {
  clearAttempts,
  countAttempt,
  deleteSession,
  deleteSessions,
  findUserByEmail,
  insertUser,
  type SessionRow,
  selectSessions,
  updatePassword,
} from './auth.sql.ts';
import type { SignInLibrary } from './sign-in-library.ts';

export type AuthOptions = { readonly database: Database; readonly secret: string; readonly baseUrl: string };

export type SignedIn = {
  readonly userId: Id<'user'>;
  readonly email: string;
  readonly name: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
  /** Set-Cookie headers to pass on when the session was prolonged; mostly empty. */
  readonly setCookies: readonly string[];
};

const windowS = 15 * 60;
const attemptsPerWindow = 10;
const passwordLength = { least: 12, most: 200 } as const;

const normaliseEmail = (email: string): string => email.trim().toLowerCase();

function checkPassword(password: string): Result<void, 'invalid'> {
  if (password.length >= passwordLength.least && password.length <= passwordLength.most) return ok();
  return refuse('invalid', `A password has ${passwordLength.least} to ${passwordLength.most} characters.`, {
    password: `Use ${passwordLength.least} to ${passwordLength.most} characters.`,
  });
}

/**
 * Staff sign-in. Sessions live in the database and are looked up on every request, so revoking one ends it at once.
 * Nothing here knows tenants: who may enter which is `membershipsOf`.
 */
export class StaffAuth {
  readonly #database: Database;
  readonly #baseUrl: string;
  readonly #library: () => Promise<SignInLibrary>;

  constructor(options: AuthOptions) {
    this.#database = options.database;
    this.#baseUrl = options.baseUrl;
    let built: Promise<SignInLibrary> | undefined;
    // Loaded at the first use: most commands never sign anybody in, and the library is slow to load.
    this.#library = () => (built ??= import('./sign-in-library.ts').then(({ buildLibrary }) => buildLibrary(options)));
  }

  /**
   * Checks e-mail and password and opens a session; pass `setCookies` on to the browser. `headers` are the request's
   * (origin and user agent matter), `clientAddress` the address as the edge trusts it. Refuses: `wrong_credentials` (never
   * which of the two), `too_many_requests` (by address, and 10 an e-mail in 15 minutes), `cross_site`.
   */
  async signIn(input: {
    readonly email: string;
    readonly password: string;
    readonly headers: Headers;
    readonly clientAddress: string;
  }): Promise<
    Result<{ userId: Id<'user'>; setCookies: string[] }, 'wrong_credentials' | 'too_many_requests' | 'cross_site'>
  > {
    const email = normaliseEmail(input.email);
    const key = sha256Hex(email);
    const attempts = await inDirectory(this.#database, (db) => countAttempt(db, key, windowS));
    if (attempts > attemptsPerWindow) {
      return refuse(
        'too_many_requests',
        'Too many attempts with this e-mail address. Wait 15 minutes, then try again.',
      );
    }
    const response = await this.#ask('/sign-in/email', input.headers, input.clientAddress, {
      email,
      password: input.password,
    });
    if (response.status === 429) {
      return refuse('too_many_requests', 'Too many attempts from this network. Wait a minute, then try again.');
    }
    if (response.status === 403) return refuse('cross_site', 'Sign in from the page of this installation itself.');
    if (response.status >= 500) throw await this.#fault(response.status);
    const body: unknown = await response.json().catch(() => null);
    const id = userIdIn(body);
    if (!response.ok || !id) return refuse('wrong_credentials', 'E-mail address or password is not right.');
    await inDirectory(this.#database, (db) => clearAttempts(db, key, windowS));
    return ok({ userId: id, setCookies: response.headers.getSetCookie() });
  }

  /** Ends the session of these headers and returns the cookies that clear it; harmless when nobody is signed in. */
  async signOut(headers: Headers): Promise<string[]> {
    const session = await this.verifySession(headers);
    if (session) await this.revokeSession(session.userId, session.sessionId);
    // In our own name: whether another site asked is for the edge to judge before it calls this.
    const own = new Headers({ origin: new URL(this.#baseUrl).origin });
    const response = await this.#ask('/sign-out', own, '127.0.0.1', {}, headers.get('cookie'));
    return response.headers.getSetCookie();
  }

  /** Who the session cookie in these headers belongs to; null when there is none, or it expired or was revoked. */
  async verifySession(headers: Headers): Promise<SignedIn | null> {
    // Spares the look-up for requests that carry an API key or nothing.
    if (!headers.get('cookie')?.includes('dunwell=')) return null;
    const library = await this.#library();
    const answer = await library.api.getSession({ headers, returnHeaders: true }).catch(async (cause: unknown) => {
      throw await this.#fault(500, cause);
    });
    const found = answer.response;
    if (!found) return null;
    return {
      userId: idOf('user', found.user.id),
      email: found.user.email,
      name: found.user.name,
      sessionId: found.session.id,
      expiresAt: found.session.expiresAt,
      setCookies: answer.headers?.getSetCookie() ?? [],
    };
  }

  /** Makes a sign-in account. Refuses: `duplicate` (address taken), `invalid` (address without @, password length). */
  async createUser(input: {
    readonly email: string;
    readonly name: string;
    readonly password: string;
  }): Promise<Result<Id<'user'>, 'duplicate' | 'invalid'>> {
    const email = normaliseEmail(input.email);
    // As strict as the library's own check at sign-in, else an account could be made that nobody can enter.
    if (!z.email().max(320).safeParse(email).success) {
      return refuse('invalid', `"${email.slice(0, 80)}" is not an e-mail address.`, {
        email: 'An e-mail address has an @.',
      });
    }
    const password = checkPassword(input.password);
    if (!password.ok) return password;
    const passwordHash = await this.#hash(input.password);
    const id = await inDirectory(this.#database, (db) =>
      insertUser(db, { id: newId<'user'>(), email, name: input.name.trim(), passwordHash }),
    );
    return id ? ok(id) : refuse('duplicate', `${email} already has a sign-in account.`, { email: 'Already in use.' });
  }

  /** The account with this address, or null. */
  findUser(email: string): Promise<{ id: Id<'user'>; email: string; name: string } | null> {
    return inDirectory(this.#database, (db) => findUserByEmail(db, normaliseEmail(email)));
  }

  /** Sets another password and ends every session. Refuses: `invalid` (length), `not_found`. */
  async setPassword(userId: Id<'user'>, password: string): Promise<Result<void, 'invalid' | 'not_found'>> {
    const checked = checkPassword(password);
    if (!checked.ok) return checked;
    const hash = await this.#hash(password);
    const changed = await inDirectory(this.#database, async (db) => {
      await deleteSessions(db, userId);
      return updatePassword(db, userId, hash);
    });
    return changed ? ok() : refuse('not_found', 'There is no such user.');
  }

  /** The user's live sessions, newest first. */
  listSessions(userId: Id<'user'>): Promise<SessionRow[]> {
    return inDirectory(this.#database, (db) => selectSessions(db, userId));
  }

  /** Ends one of the user's sessions at once; false when it is not one of theirs. */
  async revokeSession(userId: Id<'user'>, sessionId: string): Promise<boolean> {
    return isId(sessionId) && inDirectory(this.#database, (db) => deleteSession(db, userId, sessionId));
  }

  /** Ends all of the user's sessions; returns how many. */
  revokeSessions(userId: Id<'user'>): Promise<bigint> {
    return inDirectory(this.#database, (db) => deleteSessions(db, userId));
  }

  async #hash(password: string): Promise<string> {
    const library = await this.#library();
    return (await library.$context).password.hash(password);
  }

  async #ask(
    path: string,
    from: Headers,
    clientAddress: string,
    body: object,
    cookie?: string | null,
  ): Promise<Response> {
    const { clientAddressHeader, libraryPath } = await import('./sign-in-library.ts');
    const headers = new Headers({ 'content-type': 'application/json', [clientAddressHeader]: clientAddress });
    for (const name of ['origin', 'referer', 'user-agent', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']) {
      const value = from.get(name);
      if (value) headers.set(name, value);
    }
    if (cookie) headers.set('cookie', cookie);
    const url = new URL(libraryPath + path, this.#baseUrl);
    const library = await this.#library();
    return library.handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  /** The library hides its cause; asking the database tells an outage from a bug. */
  async #fault(status: number, cause?: unknown): Promise<Error> {
    try {
      await inDirectory(this.#database, async () => undefined);
    } catch (unavailable) {
      return unavailable instanceof Error ? unavailable : new Error(String(unavailable));
    }
    return new Error(`The sign-in library failed (${status})`, { cause });
  }
}

function userIdIn(body: unknown): Id<'user'> | null {
  if (typeof body !== 'object' || body === null || !('user' in body)) return null;
  const { user } = body;
  if (typeof user !== 'object' || user === null || !('id' in user) || typeof user.id !== 'string') return null;
  return idOf('user', user.id);
}

/** The staff sign-in of one installation; connects and loads its library at the first use. */
export function createAuth(options: AuthOptions): StaffAuth {
  return new StaffAuth(options);
}
