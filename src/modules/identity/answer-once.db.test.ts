import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import { answerOnce } from './answer-once.ts';

const database = await testDatabase();
const at = new Date('2026-03-02T10:00:00Z');
const digest = (text: string) => createHash('sha256').update(text).digest();
const once = (tenant: TenantId, key: string, body: string, work: (ctx: Ctx) => Promise<Result<unknown, 'no'>>) =>
  database.within(tenant, at, (ctx) => answerOnce(ctx, { key, digest: digest(body) }, () => work(ctx)));

it('works once for a key, also when asked twice at the same time', async () => {
  const tenant = await database.freshTenant();
  let runs = 0;
  const work = async () => ok({ run: (runs += 1) });
  const answers = await Promise.all([
    once(tenant, 'k1', 'a', work),
    once(tenant, 'k1', 'a', work),
    once(tenant, 'k1', 'a', work),
  ]);
  for (const answer of answers) expect(answer).toEqual({ ok: true, value: { run: 1 } });
  expect(runs).toBe(1);
  expect(await once(tenant, 'k1', 'another body', work)).toMatchObject({ code: 'idempotency_mismatch' });
  expect(await once(tenant, 'k2', 'a', work)).toEqual({ ok: true, value: { run: 2 } });
});

it('keeps an answer without a value, and another tenant’s key apart', async () => {
  const [tenant, other] = [await database.freshTenant(), await database.freshTenant()];
  let runs = 0;
  const work = async () => {
    runs += 1;
    return ok();
  };
  await once(tenant, 'k', 'a', work);
  expect(await once(tenant, 'k', 'a', work)).toEqual({ ok: true, value: null });
  expect(runs).toBe(1);
  await once(other, 'k', 'b', work);
  expect(runs).toBe(2);
});

it('leaves the key free after a refusal or a fault', async () => {
  const tenant = await database.freshTenant();
  expect(await once(tenant, 'k', 'a', async () => refuse('no', 'No.'))).toMatchObject({ code: 'no' });
  const fault = once(tenant, 'k', 'a', async () => {
    throw new Error('broken');
  });
  await expect(fault).rejects.toThrow('broken');
  expect(await once(tenant, 'k', 'a', async () => ok(1))).toEqual({ ok: true, value: 1 });
});
