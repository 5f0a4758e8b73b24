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
 * Does nothing when all of them can already sign in. Otherwise signs in as `admin` and creates or repairs what is missing. Throws a
 * sentence that says what to do when `admin` may not or cannot sign in, and when the roles serve another installation on this
 * server: giving them our passwords would lock that one out.
 */
export async function prepareRoles(address: ServerAddress, admin: AdminLogin, secret: string): Promise<void> {
  const states = await Promise.all(ROLES.map((role) => stateOf(address, role.name, secret)));
  if (states.every((state) => state === 'ready')) return;
  const client = clientFor(address, admin.user, admin.password);
  try {
    await client.connect();
    await client.query('begin');
    await client.query("select pg_advisory_xact_lock(hashtext('dunwell roles'))");
    const locked = ROLES.filter((_, index) => states[index] === 'no_login');
    if (locked.length > 0) await refuseToTakeOver(client);
    for (const role of locked) await ensureRole(client, role, rolePassword(secret, role.name));
    const database = pg.escapeIdentifier(address.database);
    await client.query(`grant connect, create, temporary on database ${database} to dunwell_owner`);
    await client.query(`grant connect on database ${database} to dunwell_app, dunwell_import, dunwell_auth`);
    // A strategy run works in temporary tables; PUBLIC may by default, but hardened servers revoke it.
    await client.query(`grant temporary on database ${database} to dunwell_app`);
    await client.query('grant usage, create on schema public to dunwell_owner');
    // A grant by somebody who may not is only a warning.
    const { rows } = await client.query<{ yes: boolean }>(`select ${ownerMayCreate("'dunwell_owner', ")} as yes`);
    if (rows[0]?.yes !== true) throw new Error(mayNotGrant(admin.user, address.database));
    await client.query('commit');
  } catch (error) {
    throw refusalFor(error, address, admin);
  } finally {
    await client.end().catch(() => {});
  }
}

function refusalFor(error: unknown, { database }: ServerAddress, { user }: AdminLogin): unknown {
  const code = postgresCode(error) ?? '';
  if (code === '42501') return new Error(mayNot(user), { cause: error });
  if (code === '3D000') {
    const sentence = `The server of DATABASE_URL has no database "${database}". Create it (create database ${pg.escapeIdentifier(database)}) or correct the name in DATABASE_URL.`;
    return new Error(sentence, { cause: error });
  }
  if (code.startsWith('28')) {
    const sentence = `The database refuses the user "${user}" of DATABASE_URL (${error instanceof Error ? error.message : code}). Correct user and password in DATABASE_URL, or let the server's pg_hba.conf admit them.`;
    return new Error(sentence, { cause: error });
  }
  return error;
}

/** Roles belong to the whole server: rights on a database other than this one show that somebody lives there. */
async function refuseToTakeOver(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ database: string }>(
    `select distinct d.datname as database from pg_database d, aclexplode(d.datacl) a, pg_roles r
     where r.oid = a.grantee and r.rolname = 'dunwell_app' and d.datname <> current_database() order by 1`,
  );
  if (rows.length === 0) return;
  const others = rows.map((row) => `"${row.database}"`).join(', ');
  throw new Error(
    `Dunwell's database roles on this server belong to another installation (database ${others}) with another secret. ` +
      `Set DUNWELL_SECRET to that installation's (the file "secret" in its data directory), or use a server of its own.`,
  );
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

/** The roles belong to the server, their rights to one database: a second database starts with the roles and without the rights. */
const ownerMayCreate = (who: string): string =>
  `has_database_privilege(${who}current_database(), 'create') and has_schema_privilege(${who}'public', 'create')`;

async function stateOf(
  address: ServerAddress,
  role: string,
  secret: string,
): Promise<'ready' | 'no_rights' | 'no_login'> {
  const client = clientAs(address, role, secret);
  try {
    await client.connect();
    if (role !== 'dunwell_owner') return 'ready';
    const { rows } = await client.query<{ yes: boolean }>(`select ${ownerMayCreate('')} as yes`);
    return rows[0]?.yes === true ? 'ready' : 'no_rights';
  } catch (error) {
    // 28xxx: unknown role or wrong password; 42501: no CONNECT on this database; 3D000: no such database. The administrator mends or tells.
    const code = postgresCode(error) ?? '';
    if (code.startsWith('28')) return 'no_login';
    if (code === '42501' || code === '3D000') return 'no_rights';
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

function mayNot(user: string): string {
  return (
    `The database user "${user}" may not set up Dunwell's roles. Either use a superuser in DATABASE_URL for the first start, ` +
    `or let an administrator run: ${ROLES.map((role) => `create role ${role.name} ${role.attributes};`).join(' ')} ` +
    'and grant that user membership in them with admin option.'
  );
}

function mayNotGrant(user: string, database: string): string {
  return (
    `The database user "${user}" may not give Dunwell's roles their rights on the database "${database}". Either use its owner or a ` +
    `superuser in DATABASE_URL for the first start, or let one of them run there: grant all on database ${pg.escapeIdentifier(database)} ` +
    'to dunwell_owner; grant connect, temporary on database … to dunwell_app, dunwell_import, dunwell_auth; grant all on schema public to dunwell_owner;'
  ).replace('…', pg.escapeIdentifier(database));
}
