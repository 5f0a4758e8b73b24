import { betterAuth } from 'better-auth';
import { Kysely, PostgresDialect } from 'kysely';
import { deriveKey } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';

/** Set by us alone on the requests we hand to the library: a header of the client's own choosing would evade the limit. */
export const clientAddressHeader = 'x-dunwell-client-address';
export const libraryPath = '/api/auth';

const hours = 3600;

/** Addresses a browser may be on when it talks to this installation. */
export function originsOf(baseUrl: string): string[] {
  const { origin, port, protocol } = new URL(baseUrl);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].map((host) => `${protocol}//${host}${port ? `:${port}` : ''}`);
  return [...new Set([origin, ...loopback])];
}

/** The sign-in library over schema `auth`, through the pool of its own role. */
export function buildLibrary({ database, secret, baseUrl }: { database: Database; secret: string; baseUrl: string }) {
  const kysely = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool: database.auth }) });
  return betterAuth({
    appName: 'Dunwell',
    baseURL: baseUrl,
    basePath: libraryPath,
    secret: Buffer.from(deriveKey(secret, 'staff-sessions')).toString('hex'),
    database: { db: kysely.withSchema('auth'), type: 'postgres' },
    trustedOrigins: originsOf(baseUrl),
    telemetry: { enabled: false },
    // Users are made by the first run, the command line or an owner, never by whoever finds the page.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 200 },
    session: { expiresIn: 12 * hours, updateAge: hours / 2 },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 60, max: 20 }, '/get-session': false },
    },
    advanced: {
      // Said outright, because the library switches the check off by itself when it believes to be under test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      useSecureCookies: false,
      cookies: {
        session_token: {
          name: 'dunwell',
          attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: baseUrl.startsWith('https:') },
        },
      },
    },
    logger: {
      level: 'error',
      // The library's own words may hold e-mail addresses: only that something failed is logged.
      log: (level) =>
        database.log[level === 'error' ? 'error' : 'warn']({ from: 'sign-in' }, 'the sign-in library failed'),
    },
  });
}

export type SignInLibrary = ReturnType<typeof buildLibrary>;
