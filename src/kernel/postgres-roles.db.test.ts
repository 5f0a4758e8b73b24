import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, inject, test } from 'vitest';
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

test('another secret is refused to a user who may not repair roles, with what to do', async () => {
  await asAdmin(server, (client) => client.query(`create role ${name} login password 'weak'`));
  try {
    const weak = { user: name, password: 'weak' };
    const refused = prepareRoles(address, weak, 'some other secret of sufficient length');
    await expect(refused).rejects.toThrow(/may not set up Dunwell's roles[\s\S]*create role dunwell_owner/);
  } finally {
    await asAdmin(server, (client) => client.query(`drop role ${name}`));
  }
});

test('a wrong secret cannot sign in', async () => {
  const client = clientAs(address, 'dunwell_app', 'some other secret of sufficient length');
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
});
