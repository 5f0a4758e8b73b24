import { describe, expect, it } from 'vitest';
import { ask, runningApp } from './running-app.ts';

const running = await runningApp();
const { app } = running;
const acme = await running.openTenant('Acme');

const expected = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

describe('every answer carries the security headers', () => {
  it.each([
    ['data', 'GET', '/api/v1/session', 200],
    ['a refusal', 'GET', '/api/v1/accounts/x', 400],
    ['nothing there', 'GET', '/api/v1/nothing', 404],
    ['a page that is not there', 'GET', '/u/x', 404],
    ['an address that cannot be decoded', 'GET', '/api/v1/accounts/%E0%A4', 404],
    ['an endless address', 'GET', `/api/v1/accounts/${'x'.repeat(3000)}`, 404],
    ['the document', 'GET', '/api/openapi.json', 200],
    ['health', 'GET', '/health', 200],
    ['a file outside the folder', 'GET', '/../package.json', 404],
  ] as const)('%s', async (_name, method, url, status) => {
    const answer = await ask(app, { cookie: acme.cookie }, method, url);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject(expected);
    expect(answer.headers).not.toHaveProperty('x-powered-by');
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('and data is kept by no cache', async () => {
    for (const url of ['/api/v1/session', '/api/v1/accounts', '/api/v1/accounts/export']) {
      expect((await ask(app, { cookie: acme.cookie }, 'GET', url)).headers['cache-control'], url).toBe('no-store');
    }
  });

  it('and transport security only where there is any to promise', async () => {
    expect((await app.inject('/health')).headers).not.toHaveProperty('strict-transport-security');
  });

  it('answers preflights of other sites with nothing', async () => {
    const answer = await app.inject({
      method: 'OPTIONS',
      url: '/api/v1/accounts',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.statusCode).toBe(404);
  });
});
