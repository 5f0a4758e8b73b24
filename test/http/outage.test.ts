import { expect, it } from 'vitest';
import { operate } from './operations.ts';
import { runningApp } from './running-app.ts';

const running = await runningApp();
const { app, database } = running;
const acme = await running.openTenant('Acme');
const owner = { cookie: acme.cookie };

it('a request that loses its database half-way is told so, and the next one works', async () => {
  const lost = await database.asSuperuser(async (client) => {
    await client.query('begin');
    await client.query('lock table accounts.clients in access exclusive mode');
    const waiting = operate(app, owner, 'listClients');
    // It is in the middle of its work once somebody waits for our lock.
    const waiters = `select pid from pg_stat_activity where datname = current_database() and usename = 'dunwell_app' and wait_event_type = 'Lock'`;
    while ((await client.query(waiters)).rowCount === 0);
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename in ('dunwell_app', 'dunwell_auth')`,
    );
    await client.query('rollback');
    return waiting;
  });
  expect(lost.statusCode).toBe(503);
  expect(lost.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('try again') });
  expect(lost.headers['retry-after']).toBe('5');
  expect((await operate(app, owner, 'listClients')).statusCode).toBe(200);
  expect((await app.inject('/ready')).statusCode).toBe(200);
});

it('a write that loses its database half-way leaves nothing behind', async () => {
  const body = { name: 'Half', currency: 'EUR', timeZone: 'Europe/Berlin', country: 'DE' };
  const lost = await database.asSuperuser(async (client) => {
    await client.query('begin');
    // The client's row is written, its sender waits.
    await client.query('lock table outreach.senders in access exclusive mode');
    const waiting = operate(app, owner, 'createClient', { body });
    const waiters = `select pid from pg_stat_activity where datname = current_database() and usename = 'dunwell_app' and wait_event_type = 'Lock'`;
    while ((await client.query(waiters)).rowCount === 0);
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'dunwell_app'`,
    );
    await client.query('rollback');
    return waiting;
  });
  expect(lost.statusCode).toBe(503);
  const clients = (await operate(app, owner, 'listClients')).json<{ rows: { name: string }[] }>();
  expect(clients.rows.map((row) => row.name)).toEqual(['Acme']);
  expect((await operate(app, owner, 'createClient', { body })).statusCode).toBe(201);
});
