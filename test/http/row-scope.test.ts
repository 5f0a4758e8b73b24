import { beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/modules/identity/public.ts';
import { takeInWaitingImports } from '../../src/flows/import-portfolio.ts';
import { everyRoute } from '../../src/edge/api/contract/contract.ts';
import { fillTenant, type Filled, multipart } from './filled-tenant.ts';
import { operate, succeed } from './operations.ts';
import { ask, type Asking, runningApp } from './running-app.ts';

// One tenant, two clients, a member who may see the second one only. The first client's rows are to them what another tenant's are.
const running = await runningApp();
const { app, installation } = running;
let acme: Filled;
let member: Asking;
let ownClient = '';
let ownAccount = '';
const canary = /quokka/i;

beforeAll(async () => {
  acme = await fillTenant(running, 'Acme', 'Quokka');
  const client = await succeed<{ id: string }>(app, acme.owner, 'createClient', {
    body: { name: 'Second', currency: 'USD', timeZone: 'America/New_York', country: 'US' },
  });
  ownClient = client.id;
  const opened = await succeed<{ id: string }>(app, acme.owner, 'createAccount', {
    body: {
      clientId: ownClient,
      number: 'S-1',
      currency: 'USD',
      party: { kind: 'business', name: 'Wombat', country: 'US' },
    },
  });
  ownAccount = opened.id;
  await succeed(app, acme.owner, 'addItem', {
    params: { accountId: ownAccount },
    body: {
      kind: 'invoice',
      number: 'S-1-1',
      issuedOn: '2026-02-01',
      dueOn: '2026-02-20',
      amount: { amountMinor: '5000', currency: 'USD' },
    },
  });
  member = {
    cookie: await running.openMember(acme.tenantId, 'owner', 'limited@acme.example', {
      clientIds: [ownClient as never],
    }),
  };
});

describe('a member limited to one client', () => {
  it('works with that client’s rows', async () => {
    expect(await succeed(app, member, 'getAccount', { params: { accountId: ownAccount } })).toMatchObject({
      balanceMinor: '5000',
    });
    expect(await succeed(app, member, 'listAccounts')).toMatchObject({ rows: [{ id: ownAccount }], total: 1 });
    await succeed(app, member, 'addNote', { params: { accountId: ownAccount }, body: { body: 'Mine.' } });
  });

  const lists = [
    'listAccounts',
    'exportAccounts',
    'search',
    'getToday',
    'getAgeing',
    'getDso',
    'listMessages',
    'listPlans',
    'listReceipts',
    'listTasks',
    'listClients',
    'listImports',
    'getReadiness',
    'listIncidents',
    'listCases',
    'searchParties',
    'listWideStops',
    'listNoticeClocks',
    'listClocks',
  ];
  it.each(lists)('%s shows nothing of the others', async (operationId) => {
    const answer = await operate(app, member, operationId, {
      query: operationId.startsWith('search') ? { q: 'quokka' } : {},
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toMatch(canary);
    for (const [name, id] of Object.entries(acme.ids))
      if (name !== 'tenantId' && name !== 'sessionId')
        expect(answer.body.includes(id), `${operationId}: ${name}`).toBe(false);
  });

  it('figures count only what they may see', async () => {
    expect(await succeed(app, member, 'getAgeing')).toMatchObject({ rows: [{ totalMinor: '5000', openItems: 1 }] });
    expect(await succeed(app, member, 'getReadiness')).toMatchObject({ accounts: 1 });
  });

  const byId = everyRoute.filter(
    (route) =>
      route.path.includes('{') &&
      !['sessionId', 'memberId', 'keyId', 'mappingId'].some((name) => route.path.includes(name)),
  );
  it.each(byId.map((route) => [route.operationId, route.path]))(
    '%s does not know the others’ rows',
    async (operationId, path) => {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
      const params = Object.fromEntries(names.map((name) => [name, acme.ids[name] ?? acme.ids['accountId'] ?? '']));
      const bodies: Record<string, object> = {
        addItem: {
          kind: 'invoice',
          number: 'x',
          issuedOn: '2026-02-01',
          dueOn: '2026-02-20',
          amount: { amountMinor: '5000', currency: 'USD' },
        },
        addContactPoint: { kind: 'email', value: 'a@b.example' },
        addNote: { body: 'x' },
        placeHold: { reason: 'query', coverage: 'account' },
        releaseHold: { reason: 'xxx' },
        cancelPromise: { reason: 'xxx' },
        makePromise: {
          itemIds: [acme.ids['itemId']],
          amount: { amountMinor: '1', currency: 'USD' },
          dueOn: '2026-03-10',
        },
        logCall: { outcome: 'no_answer' },
        closeTask: { outcome: 'xxx' },
        decidePlan: { approve: false, note: 'xxx' },
        resolveUncertain: { outcome: 'sent', evidence: 'xxx' },
        reallocate: { accountId: ownAccount, parts: [], reason: 'xxx' },
        reverseReceipt: { on: '2026-03-03', reason: 'xxx' },
        startImport: {
          mapping: { target: 'items', fields: {}, defaults: { currency: null, country: null, timeZone: null } },
        },
        previewImport: {
          mapping: { target: 'items', fields: {}, defaults: { currency: null, country: null, timeZone: null } },
        },
        confirmImport: { proceed: true },
        retryRejects: { rows: [{ rowNo: 1, cells: {} }] },
        discardRejects: { rowNos: [1] },
        closeIncident: { note: 'xxx' },
        recordLegalEvent: { type: 'deceased' },
        recordStopRequest: { what: 'everything', form: 'oral' },
        describeDebt: {
          product: null,
          chargedOffOn: null,
          servicingGroup: null,
          principalMinor: null,
          limitation: null,
        },
        recordConsent: { scope: 'email', channel: 'email', evidence: 'xxx' },
        revokeConsent: { said: 'xxx' },
        recordWish: { kind: 'language', language: 'es' },
        endWish: { reason: 'xxx' },
        classifyClient: { collector: 'debt_buyer', evidence: 'xxx', effectiveFrom: '2026-03-01' },
        askOverride: { reason: 'xxx' },
        decideOverride: { approve: true, note: 'xxx' },
        addToCase: { accountIds: [ownAccount] },
        assignCase: { assignedTo: null },
        closeCase: { reason: 'xxx' },
        addLink: { role: 'other', partyId: acme.ids['partyId'], effectiveFrom: '2026-03-01' },
        endLink: { on: '2026-03-02' },
        prepareNotice: { itemization: { on: '2026-01-02', kind: 'judgment' } },
        recordNoticeReturn: { on: '2026-03-03', reason: 'xxx' },
        recordNoticeReply: { medium: 'letter', originalCreditor: true },
        recordNoticeAnswer: { kind: 'verification', sentOn: '2026-03-03', evidence: 'xxx' },
        addRepresentative: { role: 'attorney', name: 'X', postalAddress: 'somewhere' },
        updateClient: { name: 'Taken over', currency: 'USD', timeZone: 'UTC', country: 'US' },
      };
      const answer = await operate(app, member, operationId, {
        params,
        query: operationId === 'checkContact' ? { channel: 'call' } : {},
        body: bodies[operationId] ?? {},
        headers: { 'if-match': '"1"' },
      });
      expect([403, 404], answer.body).toContain(answer.statusCode);
      expect(answer.body).not.toMatch(canary);
    },
  );

  it.each([
    [
      'recordReceipt',
      () => ({ clientId: acme.clientId, amount: { amountMinor: '1', currency: 'USD' }, receivedOn: '2026-03-03' }),
    ],
    [
      'recordReceipt',
      () => ({
        clientId: ownClient,
        accountId: acme.ids['accountId'],
        amount: { amountMinor: '1', currency: 'USD' },
        receivedOn: '2026-03-03',
      }),
    ],
    [
      'createAccount',
      () => ({ clientId: acme.clientId, number: 'X', currency: 'USD', party: { kind: 'business', name: 'X' } }),
    ],
    ['placeWideStop', () => ({ scope: 'client', clientId: acme.clientId, reason: 'not mine' })],
    ['placeWideStop', () => ({ scope: 'tenant', reason: 'everybody' })],
    [
      'stateEmailProcedure',
      () => ({ clientId: acme.clientId, sentOn: '2026-01-02', optOutBy: '2026-02-10', evidence: 'letter' }),
    ],
    ['prepareMissingNotices', () => ({ clientId: acme.clientId })],
    ['cureReadiness', () => ({ clientId: acme.clientId, country: 'US', timeZone: 'America/Chicago' })],
    ['openCase', () => ({ accountIds: [acme.ids['accountId']] })],
    ['openCase', () => ({ accountIds: [ownAccount, acme.ids['accountId']] })],
    ['nextAccount', () => ({ skip: acme.ids['taskId'] })],
  ])('%s does not reach the others through what it is sent', async (operationId, body) => {
    const answer = await operate(app, member, operationId, { body: body() });
    expect([403, 404], answer.body).toContain(answer.statusCode);
  });

  it.each(['runDay', 'sendDue', 'listRuns', 'listAudit', 'verifyAudit', 'getPeriodEvidence', 'listKeys'])(
    'has no part in what concerns all clients: %s',
    async (operationId) => {
      expect((await operate(app, member, operationId)).json()).toMatchObject({
        status: 403,
        detail: expect.stringContaining('limited to some'),
      });
    },
  );

  it('cannot give itself or others more than it has', async () => {
    const made = await operate(app, member, 'createKey', { body: { name: 'wide', scopes: ['accounts.read'] } });
    expect(made.statusCode).toBe(403);
    expect(
      (
        await operate(app, member, 'createClient', {
          body: { name: 'Third', currency: 'USD', timeZone: 'UTC', country: 'US' },
        })
      ).statusCode,
    ).toBe(403);
  });

  it('uploads for its own client only', async () => {
    const upload = (clientId: string) => {
      const { body, headers } = multipart({ clientId, target: 'items' }, { name: 'x.csv', text: 'a,b\n1,2\n' });
      return ask(app, member, 'POST', '/api/v1/imports', body, headers);
    };
    expect((await upload(acme.clientId)).statusCode).toBe(404);
    expect((await upload(ownClient)).statusCode).toBe(201);
    expect(await takeInWaitingImports(installation, acme.tenantId, systemActor('worker'))).toBe(0);
  });
});
