import pg from 'pg';
import type { ServerAddress } from './db.ts';
import { postgresCode } from './db-faults.ts';
import { rolePassword } from './secret.ts';

/** Someone who may create roles: the embedded superuser, or the user of DATABASE_URL. */
export type AdminLogin = { readonly user: string; readonly password: string };

const ROLES = [
  { name: 'dunwell_owner', attributes: 'login nosuperuser nobypassrls' },
  { name: 'dunwell_app', attributes: 'login nosuperuser nobypassrls' },
  { name: 'dunwell_import', attributes: 'login nosuperuser bypassrls' },
  { name: 'dunwell_auth', attributes: 'login nosuperuser nobypassrls' },
] as const;

/** Splits a postgres:// address into server and login. `?host=/dir` names a unix socket; `sslmode` is obeyed. */
export function parseDatabaseUrl(text: string): { address: ServerAddress; admin: AdminLogin } {
  const url = new URL(text);
  const mode = url.searchParams.get('sslmode') ?? 'disable';
  const ssl =
    mode === 'disable' || mode === 'allow' || mode === 'prefer'
      ? false
      : { rejectUnauthorized: mode.startsWith('verify') };
  return {
    address: {
      host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname || 'localhost'),
      port: Number(url.port || url.searchParams.get('port') || 5432),
      database: decodeURIComponent(url.pathname.slice(1)) || 'dunwell',
      ssl,
    },
    admin: { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
  };
}

/**
 * Makes sure that Dunwell's four roles exist with the passwords derived from `secret` and may use the database.
 *
 * Does nothing when all of them can already sign in. Otherwise signs in as `admin` and creates or repairs them; throws a
 * sentence that says what to grant when `admin` may not.
 */
export async function prepareRoles(address: ServerAddress, admin: AdminLogin, secret: string): Promise<void> {
  if (await everythingIsPrepared(address, secret)) return;
  const client = clientFor(address, admin.user, admin.password);
  await client.connect();
  try {
    await client.query('begin');
    await client.query("select pg_advisory_xact_lock(hashtext('dunwell roles'))");
    for (const role of ROLES) await ensureRole(client, role, rolePassword(secret, role.name));
    const database = pg.escapeIdentifier(address.database);
    await client.query(`grant connect, create, temporary on database ${database} to dunwell_owner`);
    await client.query(`grant connect on database ${database} to dunwell_app, dunwell_import, dunwell_auth`);
    // A strategy run works in temporary tables; PUBLIC may by default, but hardened servers revoke it.
    await client.query(`grant temporary on database ${database} to dunwell_app`);
    await client.query('grant usage, create on schema public to dunwell_owner');
    await client.query('commit');
  } catch (error) {
    if (postgresCode(error) === '42501') throw new Error(refusalOf(admin.user), { cause: error });
    throw error;
  } finally {
    await client.end();
  }
}

/** A single connection as one of Dunwell's roles; the caller connects and ends it. */
export function clientAs(address: ServerAddress, role: string, secret: string): pg.Client {
  return clientFor(address, role, rolePassword(secret, role));
}

function clientFor(address: ServerAddress, user: string, password: string): pg.Client {
  const client = new pg.Client({
    ...address,
    ssl: address.ssl ?? false,
    user,
    password,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  return client;
}

async function everythingIsPrepared(address: ServerAddress, secret: string): Promise<boolean> {
  const tries = await Promise.all(ROLES.map((role) => isPrepared(address, role.name, secret)));
  return tries.every(Boolean);
}

/** The roles belong to the server, their rights to one database: a second database starts with the roles and without the rights. */
const OWNER_MAY_CREATE = `select has_database_privilege(current_database(), 'create')
  and has_schema_privilege('public', 'create') as yes`;

async function isPrepared(address: ServerAddress, role: string, secret: string): Promise<boolean> {
  const client = clientAs(address, role, secret);
  try {
    await client.connect();
    if (role !== 'dunwell_owner') return true;
    const { rows } = await client.query<{ yes: boolean }>(OWNER_MAY_CREATE);
    return rows[0]?.yes === true;
  } catch (error) {
    // 28xxx: unknown role or wrong password; 42501: no CONNECT on this database. Both are ours to mend.
    const code = postgresCode(error) ?? '';
    if (code.startsWith('28') || code === '42501') return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

async function ensureRole(client: pg.Client, role: (typeof ROLES)[number], password: string): Promise<void> {
  const { rows } = await client.query<{ bypass: boolean }>(
    'select rolbypassrls as bypass from pg_roles where rolname = $1',
    [role.name],
  );
  const exists = rows.length > 0;
  // Naming an attribute asks for the right to grant it, so a role that is already right is given only its password.
  const right = exists && rows[0]?.bypass === (role.name === 'dunwell_import');
  const attributes = right ? '' : role.attributes;
  await client.query(
    `${exists ? 'alter' : 'create'} role ${role.name} ${attributes} password ${pg.escapeLiteral(password)}`,
  );
}

function refusalOf(user: string): string {
  return (
    `The database user "${user}" may not set up Dunwell's roles. Either use a superuser in DATABASE_URL for the first start, ` +
    `or let an administrator run: ${ROLES.map((role) => `create role ${role.name} ${role.attributes};`).join(' ')} ` +
    'and grant that user membership in them with admin option.'
  );
}
