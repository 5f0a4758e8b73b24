import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { ok, unwrap } from '../kernel/result.ts';
import { attempt } from '../kernel/savepoint.ts';
import { createVault } from '../kernel/vault.ts';
import { aClient, anAccount } from '../modules/accounts/testing.ts';
import { describeDebt, recordConsent } from '../modules/compliance/public.ts';
import { systemActor } from '../modules/identity/public.ts';
import { ensureSender, listTemplates, listTemplateVersions, publishTemplate } from '../modules/outreach/public.ts';
import { publishDefault } from '../modules/strategy/public.ts';
import type { Mailing } from './hand-over.ts';
import { runDay } from './run-day.ts';
import { sendDue } from './send-due.ts';
import { checkNotice, sendNow } from './send-now.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const wednesday = new Date('2026-03-11T15:00:00Z');
const actor = systemActor('test');
const mailing: Mailing = {
  database,
  vault: createVault(database.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};
const inTenant = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, wednesday, fn);

/** A template as an older release may have published it: past every check. */
const plant = (ctx: Ctx, body: string, subject = 'Hello', language = 'en') =>
  sql`insert into outreach.templates (tenant_id, id, key, version, channel, language, subject, body, created_by, recorded_at)
    values (${ctx.tenant}, ${newId()}, 'notice_1', 1, 'email', ${language}, ${subject}, ${body}, 'test', ${ctx.at})`.execute(
    ctx.db,
  );

type Kept = {
  state: string;
  reason: string | null;
  subject: string;
  body: string;
  permit: string | null;
  verdict: unknown;
};
const messages = (tenant: TenantId) =>
  inTenant(tenant, async (ctx) => {
    const { rows } = await sql<Kept>`
      select state, state_reason as reason, subject, body_text as body, permit_id as permit, content_verdict as verdict
      from outreach.messages_v where tenant_id = ${tenant} order by state, id`.execute(ctx.db);
    return rows;
  });
const plans = (tenant: TenantId) =>
  inTenant(tenant, async (ctx) => {
    const { rows } = await sql<{ state: string; reason: string | null }>`
      select state, state_reason as reason from strategy.plans_v where tenant_id = ${tenant} and action = 'email' order by state, id`.execute(
      ctx.db,
    );
    return rows;
  });

type Fill = (ctx: Ctx, clientId: Id<'client'>) => Promise<unknown>;
/** A tenant whose day has been planned. Levels: 2 days late has its first reminder, 12 days late its second. */
async function planned(fill: Fill, client: Parameters<typeof aClient>[1] = {}): Promise<TenantId> {
  const tenant = await database.freshTenant({ at: wednesday });
  await inTenant(tenant, async (ctx) => {
    const { clientId } = await aClient(ctx, client);
    await ensureSender(ctx, clientId);
    await publishDefault(ctx);
    await fill(ctx, clientId);
    unwrap(await runDay(ctx));
  });
  return tenant;
}
const two = (daysLate: 2 | 12, number: string) => ({
  amountMinor: 10_000n,
  dueOn: daysLate === 2 ? '2026-03-09' : '2026-02-27',
  number,
});
const send = (tenant: TenantId) => sendDue(mailing, tenant, actor);

test.each([
  ['an unknown variable', '{{ no.such.thing }}', 'undefined variable: no'],
  ['Liquid without end', '{% if x %}', 'not closed'],
  ['a character that cannot be kept', '{{ "%00" | url_decode }}', 'U+0000'],
  ['work without end', '{% for i in (1..100000000) %}x{% endfor %}', 'limit'],
  ['a threat', 'Pay or you will be arrested.', 'you will be arrested'],
])('a poisonous template (%s) fails its own letters and no other', async (_what, body, reason) => {
  const tenant = await planned(async (ctx, clientId) => {
    await anAccount(ctx, { clientId, items: [two(2, 'INV-1')] });
    await anAccount(ctx, { clientId, items: [two(12, 'INV-2')] });
    await plant(ctx, body);
  });
  expect(await send(tenant)).toMatchObject({ sent: 1, denied: 1 });
  const [refused, sent] = await messages(tenant);
  expect(sent).toMatchObject({ state: 'sent', verdict: null });
  expect(refused).toMatchObject({ state: 'denied', permit: null, reason: expect.stringContaining(reason) });
  expect(refused?.verdict).toMatchObject({
    refused: true,
    findings: [{ effect: 'refuse' }],
    versions: expect.any(Array),
  });
  expect(await plans(tenant)).toEqual([
    { state: 'failed', reason: expect.stringContaining(reason) },
    { state: 'sent', reason: 'captured' },
  ]);
  // Nothing is left that would be tried for ever.
  expect(await send(tenant)).toMatchObject({ sent: 0, denied: 0 });
});

test('when the template is mended the next run writes the letter', async () => {
  const tenant = await planned(async (ctx, clientId) => {
    await anAccount(ctx, { clientId, items: [two(2, 'INV-1')] });
    await plant(ctx, '{{ no.such.thing }}');
  });
  expect(await send(tenant)).toMatchObject({ denied: 1 });
  await inTenant(tenant, async (ctx) => {
    const published = await publishTemplate(
      ctx,
      {
        channel: 'email',
        debtKind: 'commercial',
        purpose: 'notice_1',
        language: 'en',
        subject: 'Reminder',
        body: 'Please pay {{ summary }}.',
        audience: { collectorType: 'first_party', jurisdictions: ['US'] },
      },
      1,
    );
    expect(unwrap(published).version).toBe(2);
    unwrap(await runDay(ctx));
  });
  expect(await send(tenant)).toMatchObject({ sent: 1, denied: 0 });
  expect((await messages(tenant)).map((message) => message.state)).toEqual(['denied', 'sent']);
});

test('a poisonous value fails its own letter and no other', async () => {
  const tenant = await planned(async (ctx, clientId) => {
    await anAccount(ctx, { clientId, items: [two(2, '4111 1111 1111 1112')], name: 'Fine Ltd' });
    await anAccount(ctx, { clientId, items: [{ ...two(2, 'INV-2') }], name: 'Card 4111111111111111 Ltd' });
  });
  expect(await send(tenant)).toMatchObject({ sent: 1, denied: 1 });
  const [refused] = await messages(tenant);
  expect(refused?.reason).not.toContain('4111111111111111');
});

test('an agency’s consumer letters carry the law’s sentences: all of them in the first, the short one after it', async () => {
  const tenant = await planned(
    async (ctx, clientId) => {
      const account = { clientId, debtKind: 'consumer', number: 'AB-99887766', email: 'borrower@gmail.com' } as const;
      const { partyId, accountId } = await anAccount(ctx, { ...account, items: [two(12, 'INV-1')] });
      // Nor about a debt of which nobody has said whether its time to be sued for has run.
      const description = { product: 'credit_card', chargedOffOn: null, servicingGroup: null, principalMinor: null };
      const limitation = { kind: 'regime', regime: 'US-NY-CONSUMER-CREDIT', accruedOn: '2026-02-27' } as const;
      unwrap(await describeDebt(ctx, { accountId, rowVersion: 0n, description: { ...description, limitation } }));
      // Without a procedure of 12 CFR 1006.6(d)(4) an agency may not write to this address at all.
      unwrap(
        await recordConsent(ctx, {
          giverPartyId: partyId,
          recipientKind: 'tenant',
          clientId: null,
          accountId: null,
          channel: 'email',
          addressKey: null,
          scope: 'email',
          evidence: { form: 'signed' },
          effectiveFrom: wednesday,
          expiresAt: null,
        }),
      );
    },
    { kind: 'agency_customer', name: 'Mercy Supply' },
  );
  expect(await send(tenant)).toMatchObject({ sent: 1 });
  const [first] = await messages(tenant);
  expect(first).toMatchObject({ subject: 'Mercy Supply: about your account …7766' });
  expect(first?.body).toContain(
    'This is an attempt to collect a debt. Any information obtained will be used for that purpose.',
  );
  const { account_id: accountId } = await inTenant(tenant, async (ctx) => {
    const { rows } = await sql<{
      account_id: Id<'account'>;
    }>`select account_id from outreach.messages_v where tenant_id = ${tenant}`.execute(ctx.db);
    return rows[0] ?? { account_id: '' as Id<'account'> };
  });
  const again = unwrap(await sendNow(mailing, tenant, actor, { accountId, contactPointId: null, comment: 'Call me.' }));
  expect(again.verdict.findings).toEqual([]);
  const texts = (await messages(tenant)).map((message) => message.body);
  expect(texts.filter((text) => text.includes('This communication is from a debt collector.'))).toHaveLength(1);
});

test('a person’s own words are judged when they are written and when they are sent', async () => {
  const tenant = await planned((ctx, clientId) => anAccount(ctx, { clientId, items: [two(2, 'INV-1')] }));
  const accountId = await inTenant(tenant, async (ctx) => {
    const { rows } = await sql<{
      id: Id<'account'>;
    }>`select id from accounts.accounts_v where tenant_id = ${tenant}`.execute(ctx.db);
    return rows[0]?.id ?? ('' as Id<'account'>);
  });
  const words = { accountId, contactPointId: null, comment: 'We will tell your family.' };
  const checked = await inTenant(tenant, async (ctx) => unwrap(await checkNotice(ctx, mailing, words)));
  expect(checked).toMatchObject({
    verdict: { refused: true },
    text: expect.stringContaining('We will tell your family.'),
  });
  expect(await messages(tenant)).toEqual([]);
  const sent = unwrap(await sendNow(mailing, tenant, actor, words));
  expect(sent).toMatchObject({
    state: 'denied',
    answer: null,
    verdict: { findings: [{ ruleId: 'US-FDCPA-OTHER.threats' }] },
  });
  expect(await messages(tenant)).toMatchObject([{ state: 'denied', permit: null }]);
  const kind = unwrap(await sendNow(mailing, tenant, actor, { ...words, comment: 'Thank you for your call.' }));
  expect(kind.state).toBe('sent');
});

test('publishing refuses by name, keeps versions and never writes over another’s', async () => {
  const tenant = await database.freshTenant({ at: wednesday });
  const other = await database.freshTenant({ at: wednesday });
  const draft = {
    channel: 'email',
    debtKind: 'consumer',
    purpose: 'notice_2',
    language: 'en',
    subject: 'About your account',
    body: 'License number 12-3. Please call us.',
    audience: { collectorType: 'third_party', jurisdictions: ['US', 'US-CA'] },
  } as const;
  await inTenant(tenant, async (ctx) => {
    const refused = async (changes: object, basedOn = 0) => {
      const answer = await publishTemplate(ctx, { ...draft, ...changes }, basedOn);
      return answer.ok ? 'published' : answer.code;
    };
    expect(await refused({ body: '{{ no_such }}' })).toBe('unknown_variable');
    expect(await refused({ body: '{% if %}' })).toBe('bad_template');
    expect(await refused({ body: 'Please call us.' })).toBe('missing_phrase');
    expect(await refused({ body: `${draft.body} You will be arrested.` })).toBe('forbidden_content');
    expect(await refused({ subject: null })).toBe('unsuitable_template');
    expect(await refused({ language: 'fr' })).toBe('unsuitable_template');
    expect(await refused({ purpose: 'limited_content' })).toBe('unsuitable_template');
    expect(await refused({}, 3)).toBe('changed_meanwhile');
    expect(await refused({})).toBe('published');
    expect(await refused({ subject: 'About your file' })).toBe('changed_meanwhile');
    expect(await refused({ subject: 'About your file' }, 1)).toBe('published');
    // Rolling back is publishing the old text again.
    expect(await refused({}, 2)).toBe('published');
    const versions = await listTemplateVersions(ctx, draft);
    expect(versions.map(({ version, subject }) => [version, subject])).toEqual([
      [3, 'About your account'],
      [2, 'About your file'],
      [1, 'About your account'],
    ]);
    await expect(
      attempt(ctx.db, async () => {
        await sql`update outreach.templates set body = 'x' where tenant_id = ${tenant}`.execute(ctx.db);
        return ok();
      }),
    ).rejects.toThrow();
  });
  expect(await inTenant(other, (ctx) => listTemplates(ctx))).toEqual([]);
});
