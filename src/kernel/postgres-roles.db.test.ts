import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { asAdmin, createDatabase, dropDatabase, TEST_SECRET } from '../../test/support/server.ts';
import { clientAs, parseDatabaseUrl, prepareRoles } from './postgres-roles.ts';

const server = inject('testServer');
const name = `dunwell_roles_${randomBytes(5).toString('hex')}`;
await createDatabase(server, name);
afterAll(() => dropDatabase(server, name));
const address = { ...server.address, database: name };

describe('parseDatabaseUrl', () => {
  test.each([
    [
      'postgres://u:p%40ss@db.example.com:6000/owed',
      { host: 'db.example.com', port: 6000, database: 'owed', ssl: false },
    ],
    ['postgresql://u@localhost/owed', { host: 'localhost', port: 5432, database: 'owed', ssl: false }],
    [
      'postgres://u:p@localhost/owed?host=/run/postgresql',
      { host: '/run/postgresql', port: 5432, database: 'owed', ssl: false },
    ],
    [
      'postgres://u:p@h/owed?sslmode=require',
      { host: 'h', port: 5432, database: 'owed', ssl: { rejectUnauthorized: false } },
    ],
    [
      'postgres://u:p@h/owed?sslmode=verify-full',
      { host: 'h', port: 5432, database: 'owed', ssl: { rejectUnauthorized: true } },
    ],
  ])('%s', (url, expected) => {
    expect(parseDatabaseUrl(url).address).toEqual(expected);
  });

  test('the password is decoded', () => {
    expect(parseDatabaseUrl('postgres://u:p%40ss@h/x').admin).toEqual({ user: 'u', password: 'p@ss' });
  });
});

test('roles that can sign in are left alone, even by an administrator who could not', async () => {
  await prepareRoles(address, server.admin, TEST_SECRET);
  await prepareRoles(address, { user: 'nobody_at_all', password: 'x' }, TEST_SECRET);
});

describe('what an administrator is told', () => {
  const other = 'some other secret of sufficient length';
  const weak = { user: name, password: 'weak' };
  beforeAll(() => asAdmin(server, (client) => client.query(`create role ${name} login password 'weak'`)));
  afterAll(() => asAdmin(server, (client) => client.query(`drop role ${name}`)));

  test('a user who may not set rights learns what to grant', async () => {
    const bare = `${name}_bare`;
    await createDatabase(server, bare);
    try {
      const refused = prepareRoles({ ...address, database: bare }, weak, TEST_SECRET);
      await expect(refused).rejects.toThrow(/may not give Dunwell's roles their rights[\s\S]*grant all on database/);
    } finally {
      await dropDatabase(server, bare);
    }
  });

  test('another installation on the server keeps its passwords', async () => {
    const refused = prepareRoles(address, server.admin, other);
    await expect(refused).rejects.toThrow(/belong to another installation \(database .*Set DUNWELL_SECRET/);
    await prepareRoles(address, server.admin, TEST_SECRET);
  });

  test('a database that is not there, and a user who is not let in, are named', async () => {
    const absent = prepareRoles({ ...address, database: `${name}_absent` }, server.admin, TEST_SECRET);
    await expect(absent).rejects.toThrow(/has no database ".*_absent"\. Create it/);
    const stranger = prepareRoles(address, { ...weak, password: 'wrong' }, other);
    await expect(stranger).rejects.toThrow(/refuses the user ".*" of DATABASE_URL.*Correct user and password/);
  });
});

test('a wrong secret cannot sign in', async () => {
  const client = clientAs(address, 'dunwell_app', 'some other secret of sufficient length');
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
});
