import { describe, expect, it } from 'vitest';
import { fillTenant } from './filled-tenant.ts';
import { runningApp } from './running-app.ts';

const running = await runningApp();

describe('x', () => {
  it('fills', async () => {
    const filled = await fillTenant(running, 'Acme', 'Quokka');
    expect(filled.ids).toEqual({});
  });
});
