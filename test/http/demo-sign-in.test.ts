import { expect, it } from 'vitest';
import { createFirstTenant, demoEmail, demoPassword, demoTenantId } from '../../src/flows/create-tenant.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { runningApp } from './running-app.ts';

const { app, auth, installation } = await runningApp();
unwrap(
  await createFirstTenant(installation, auth, {
    id: demoTenantId,
    tenantName: 'Demo',
    kind: 'sandbox',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    currency: 'EUR',
    ownerName: 'Demo',
    email: demoEmail,
    password: demoPassword(installation.secret),
  }),
);

it.each([
  ['somebody at this machine', '127.0.0.1', { host: 'localhost:4400' }, true],
  ['somebody elsewhere', '192.0.2.7', { host: 'localhost:4400' }, false],
  ['a proxy that says for whom', '127.0.0.1', { host: 'localhost:4400', 'x-forwarded-for': '192.0.2.7' }, false],
  ['a proxy that passes the name on', '127.0.0.1', { host: 'collections.example.com' }, false],
])('the demo password is shown to %s: %s', async (_who, remoteAddress, headers, shown) => {
  const answer = await app.inject({ method: 'GET', url: '/api/v1/setup', remoteAddress, headers });
  const password = demoPassword(installation.secret);
  expect(answer.json()).toEqual({ needed: false, demo: shown ? { email: demoEmail, password } : null });
});
