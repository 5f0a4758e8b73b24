import { describe, expect, it } from 'vitest';
import { ask, PASSWORD, runningApp, signIn } from './running-app.ts';

const running = await runningApp();
const { app, database } = running;
const acme = await running.openTenant('Acme');

describe('sign-in', () => {
  it('answers who, where and what may be done', async () => {
    const answer = await ask(app, acme, 'GET', '/api/v1/session');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      tenant: { id: acme.tenantId, name: 'Acme', kind: 'sandbox', today: '2026-03-03' },
      role: 'owner',
    });
  });
});
