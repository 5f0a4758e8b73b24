import type { FastifyInstance } from 'fastify';
import { takeInWaitingImports } from '../../src/flows/import-portfolio.ts';
import { currency } from '../../src/kernel/currency.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { createClient } from '../../src/modules/accounts/public.ts';
import { actIn, systemActor } from '../../src/modules/identity/public.ts';
import { answered, succeed } from './operations.ts';
import { ask, type Asking, type Opened, type RunningApp } from './running-app.ts';

/** A tenant with something in every list, made by nothing but the API and the worker. `canary` stands in every name, number and address. */
export type Filled = Opened & {
  readonly canary: string;
  readonly owner: Asking;
  /** Ids by the name under which requests carry them. */
  readonly ids: Readonly<Record<string, string>>;
};

type Id = { readonly id: string };
type Rows<T> = { readonly rows: readonly T[] };
type AccountSeen = Id & {
  readonly number: string;
  readonly contactPoints: (Id & { kind: string })[];
  readonly rowVersion: string;
  readonly currency: string;
};

const itemsFile = (canary: string): string =>
  [
    'Customer No,Customer Name,Invoice No,Invoice Date,Due Date,Amount,Currency',
    `${canary}-C1,${canary} Foundry,${canary}-1001,2026-01-05,2026-02-04,1200.00,USD`,
    `${canary}-C1,${canary} Foundry,${canary}-1002,2026-02-01,2026-02-25,800.50,USD`,
    `${canary}-C2,${canary} Bakery,${canary}-1003,2025-12-01,2025-12-31,4310.00,USD`,
    `${canary}-C3,${canary} Optics,${canary}-1004,2026-02-10,2026-03-30,75.25,USD`,
    `${canary}-C4,${canary} Mills,${canary}-1005,2026-02-01,2026-02-10,930.00,USD`,
    `${canary}-C5,${canary} Broken,${canary}-1006,2026-02-20,2026-02-10,930.00,USD`,
    `,,${canary}-1007,2026-02-01,2026-02-10,930.00,USD`,
  ].join('\n');

const prefixOf = (canary: string): string => (canary === 'Zebrafinch' ? '+1646' : '+1212');

const contactsFile = (canary: string): string =>
  [
    'Customer No,Customer Name,Email,Phone,Country,Time Zone',
    ...['C1', 'C2', 'C3', 'C4'].map(
      (no, index) =>
        `${canary}-${no},,pay@${canary.toLowerCase()}-${no.toLowerCase()}.example,${prefixOf(canary)}555${index}1${index}9,US,America/New_York`,
    ),
  ].join('\n');

/** Fills a tenant whose sandbox clock stands on a working morning. */
export async function fillTenant(running: RunningApp, name: string, canary: string): Promise<Filled> {
  const { app } = running;
  const opened = await running.openTenant(name);
  const owner: Asking = { cookie: opened.cookie };
  const fill: Filling = { running, opened, owner, canary };
  const importId = await importFile(fill, 'items', `${canary}-items.csv`, itemsFile(canary), `${canary} mapping`);
  await importFile(fill, 'contacts', `${canary}-contacts.csv`, contactsFile(canary), null);
  await succeed(app, owner, 'runDay', { body: {} });
  await succeed(app, owner, 'sendDue', { body: {} });
  const accountId = await accountOf(fill, `${canary} Foundry`);
  const otherId = await accountOf(fill, `${canary} Bakery`);
  const work = await workOn(fill, accountId, otherId);
  return {
    ...opened,
    owner,
    canary,
    ids: {
      clientId: opened.clientId,
      tenantId: opened.tenantId,
      importId,
      accountId,
      ...work,
      ...(await agreements(fill)),
      ...(await listedIds(fill)),
    },
  };
}

export type Filling = {
  readonly running: RunningApp;
  readonly opened: Opened;
  readonly owner: Asking;
  readonly canary: string;
};

/** A multipart body as a browser sends it. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: { readonly name: string; readonly text: string },
): { body: Buffer; headers: Record<string, string> } {
  const boundary = 'dunwell-test-boundary';
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\nContent-Type: text/csv\r\n\r\n`;
  return {
    body: Buffer.from(`${parts.join('')}${head}${file.text}\r\n--${boundary}--\r\n`),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** Sends a file of evidence for a replacement and returns its id. */
export async function keepEvidence(app: FastifyInstance, as: Asking, text: string): Promise<string> {
  const { body, headers } = multipart({}, { name: 'memo.txt', text });
  const answer = await ask(app, as, 'POST', '/api/v1/replacements/evidence', body, headers);
  if (answer.statusCode !== 201) throw new Error(`keepEvidence was answered ${answer.statusCode}: ${answer.body}`);
  answered.add('keepEvidence');
  return (answer.json() as Id).id;
}

export async function importFile(
  { running, opened, owner }: Filling,
  target: string,
  fileName: string,
  text: string,
  saveMappingAs: string | null,
  options: { readonly fullSnapshot?: boolean } = {},
): Promise<string> {
  const { app, installation } = running;
  const upload = multipart({ clientId: opened.clientId, target }, { name: fileName, text });
  const uploaded = await ask(app, owner, 'POST', '/api/v1/imports', upload.body, upload.headers);
  if (uploaded.statusCode !== 201) throw new Error(`The upload was answered ${uploaded.statusCode}: ${uploaded.body}`);
  const { id } = uploaded.json<Id>();
  const inspection = await succeed<{ suggested: object; questions: { sentence: string }[] }>(
    app,
    owner,
    'inspectImport',
    { params: { importId: id } },
  );
  if (inspection.questions.length > 0) throw new Error(inspection.questions[0]?.sentence);
  await succeed(app, owner, 'previewImport', { params: { importId: id }, body: { mapping: inspection.suggested } });
  await succeed(app, owner, 'startImport', {
    params: { importId: id },
    body: { mapping: inspection.suggested, saveMappingAs, ...options },
  });
  await takeInWaitingImports(installation, opened.tenantId, systemActor('worker'));
  const done = await succeed<{ state: string; failure: string | null }>(app, owner, 'getImport', {
    params: { importId: id },
  });
  if (done.state !== 'done' && !options.fullSnapshot) throw new Error(`The import is ${done.state}: ${done.failure}`);
  return id;
}

async function accountOf({ running, owner }: Filling, party: string): Promise<string> {
  const found = await succeed<Rows<Id>>(running.app, owner, 'listAccounts', { query: { q: party } });
  const [account] = found.rows;
  if (!account) throw new Error(`There is no account of ${party}`);
  return account.id;
}

/** Everything a collector does, once. */
async function workOn(
  { running, opened, owner, canary }: Filling,
  accountId: string,
  otherId: string,
): Promise<Record<string, string>> {
  const { app } = running;
  const params = { accountId };
  const account = await succeed<AccountSeen>(app, owner, 'getAccount', { params });
  const items = await succeed<Rows<Id & { openMinor: string }>>(app, owner, 'listItems', {
    params,
    query: { open: 'yes' },
  });
  const [first, second] = items.rows;
  if (!first || !second) throw new Error('The account should have two open items');
  const phone = account.contactPoints.find((point) => point.kind === 'phone');
  await succeed(app, owner, 'addNote', { params, body: { body: `${canary} promised to look into it` } });
  const called = await succeed<{ promise: Id & { rowVersion: string } }>(app, owner, 'logCall', {
    params,
    body: {
      outcome: 'conversation',
      contactPointId: phone?.id ?? null,
      note: `${canary} spoke`,
      promise: { itemIds: [first.id], amount: { amountMinor: '10000', currency: 'USD' }, dueOn: '2026-03-20' },
    },
  });
  const night = await succeed<{ incidentId: string }>(app, owner, 'logCall', {
    params,
    body: {
      outcome: 'conversation',
      contactPointId: phone?.id ?? null,
      afterTheFact: true,
      startedAt: '2026-03-02T05:00:00Z',
      note: `${canary} at night`,
    },
  });
  const hold = await succeed<Id>(app, owner, 'placeHold', {
    params: { accountId: otherId },
    body: { reason: 'dispute', coverage: 'account', note: `${canary} disputes it` },
  });
  const receipt = await succeed<Id>(app, owner, 'recordReceipt', {
    body: {
      clientId: opened.clientId,
      accountId,
      amount: { amountMinor: '5000', currency: 'USD' },
      receivedOn: '2026-03-03',
      reference: `${canary}-1002`,
      payerName: `${canary} Foundry`,
      allocations: [{ itemId: second.id, amountMinor: '5000' }],
    },
  });
  await succeed(app, owner, 'recordReceipt', {
    body: {
      clientId: opened.clientId,
      amount: { amountMinor: '777', currency: 'USD' },
      receivedOn: '2026-03-03',
      payerName: `${canary} unknown payer`,
    },
  });
  const stop = await succeed<Id>(app, owner, 'placeWideStop', {
    body: { scope: 'client', clientId: opened.clientId, reason: `${canary} pauses` },
  });
  const workCase = await succeed<Id>(app, owner, 'openCase', { body: { accountIds: [accountId] } });
  const link = await succeed<Id & { party: Id }>(app, owner, 'addLink', {
    params,
    body: {
      role: 'attorney',
      party: { kind: 'business', name: `${canary} Counsel`, email: `law@${canary.toLowerCase()}.example` },
      effectiveFrom: '2026-03-01',
      note: `${canary} is represented`,
    },
  });
  const pairs = await likelyPairs({ running, opened, owner, canary });
  const merged = await succeed<{ mergeId: string }>(app, owner, 'mergeMatch', {
    params: { matchId: pairs[1] ?? '' },
    body: { reason: `${canary} is one` },
    headers: { 'if-match': '"1"' },
  });
  const onOther = { accountId: await accountOf({ running, opened, owner, canary }, `${canary} Mills`) };
  await succeed(app, owner, 'recordLegalEvent', {
    params: onOther,
    body: { type: 'direct_dispute', detail: { form: 'written' }, note: `${canary} disputes the report` },
  });
  const consent = await succeed<{ consentId: string }>(app, owner, 'recordConsent', {
    params: onOther,
    body: { scope: 'email', channel: 'email', evidence: `${canary} said so` },
  });
  const wish = await succeed<{ wishId: string }>(app, owner, 'recordWish', {
    params: onOther,
    body: { kind: 'language', language: 'es' },
  });
  const classified = await succeed<Rows<Id>>(app, owner, 'classifyClient', {
    params: { clientId: opened.clientId },
    body: { collector: 'first_party', evidence: `${canary} owns its debts`, effectiveFrom: '2026-03-01' },
  });
  const key = await succeed<{ key: Id }>(app, owner, 'createKey', {
    body: { name: `${canary} integration`, scopes: ['accounts.read'] },
  });
  await succeed(app, owner, 'publishTemplate', {
    body: {
      channel: 'letter',
      debtKind: 'commercial',
      purpose: 'notice_1',
      language: 'en',
      body: `${canary} asks for {{ summary }}.`,
      audience: { collectorType: 'first_party', jurisdictions: ['US'] },
      basedOn: 0,
    },
  });
  const member = await succeed<Id & { userId: string }>(app, owner, 'addMember', {
    body: {
      name: `${canary} Collector`,
      email: `collector@${canary.toLowerCase()}.example`,
      role: 'collector',
      password: 'a long enough password',
    },
  });
  return {
    itemId: first.id,
    contactPointId: phone?.id ?? '',
    promiseId: called.promise.id,
    incidentId: night.incidentId,
    holdId: hold.id,
    receiptId: receipt.id,
    stopId: stop.id,
    caseId: workCase.id,
    linkId: link.id,
    partyId: link.party.id,
    matchId: pairs[0] ?? '',
    mergeId: merged.mergeId,
    consentId: consent.consentId,
    wishId: wish.wishId,
    classificationId: classified.rows[0]?.id ?? '',
    keyId: key.key.id,
    memberId: member.id,
    assignedTo: member.userId,
  };
}

/** Two parties entered again by hand, and the pairs that the search for duplicates makes of them. */
async function likelyPairs({ running, opened, owner, canary }: Filling): Promise<string[]> {
  const { app } = running;
  for (const [no, name] of [
    ['C3', 'Optics'],
    ['C4', 'Mills'],
  ] as const) {
    await succeed(app, owner, 'createAccount', {
      body: {
        clientId: opened.clientId,
        number: `${canary}-${no}-again`,
        currency: 'USD',
        party: {
          kind: 'business',
          name: `${canary} ${name} Inc.`,
          email: `pay@${canary.toLowerCase()}-${no.toLowerCase()}.example`,
        },
      },
    });
  }
  await succeed(app, owner, 'findMatches', { body: {} });
  const { rows } = await succeed<Rows<Id>>(app, owner, 'listMatches');
  if (rows.length !== 2) throw new Error(`There should be two pairs, not ${rows.length}`);
  return rows.map((row) => row.id);
}

/** What takes two people: a tightening, and an override for a consumer with whom the agency has spoken. */
async function agreements({ running, opened, owner, canary }: Filling): Promise<Record<string, string>> {
  const { app } = running;
  const tightening = await succeed<Id>(app, owner, 'proposeTightening', {
    body: { ruleId: 'B2B-HOURS', parameters: { opens: '09:00' }, from: '2026-04-01', reason: `${canary} opens late` },
  });
  const evidenceId = await keepEvidence(app, owner, `${canary} says three calls a week`);
  const replacement = await succeed<Id>(app, owner, 'proposeReplacement', {
    body: {
      ruleId: 'US-DC-4CALLS',
      mode: 'on',
      parameters: { limit: 3 },
      from: '2026-04-01',
      reason: `${canary} asked counsel`,
      evidenceId,
    },
  });
  // The API opens clients of the tenant's own; an agency's customer comes with the terms of the agency.
  const agency = await actIn(running.installation, opened.tenantId, systemActor('test'), (ctx) =>
    createClient(ctx, {
      name: `${canary} Lender`,
      kind: 'agency_customer',
      currency: currency('USD'),
      timeZone: 'America/New_York',
      country: 'US',
      region: 'NY',
      contactEmail: null,
    }),
  );
  const debtor = await succeed<Id>(app, owner, 'createAccount', {
    body: {
      clientId: unwrap(agency).clientId,
      number: `${canary}-D1`,
      currency: 'USD',
      debtKind: 'consumer',
      party: {
        kind: 'person',
        name: `${canary} Borrower`,
        country: 'US',
        timeZone: 'America/New_York',
        phone: `${prefixOf(canary)}5559119`,
      },
    },
  });
  const params = { accountId: debtor.id };
  await succeed(app, owner, 'addItem', {
    params,
    body: {
      kind: 'invoice',
      number: `${canary}-2001`,
      issuedOn: '2026-01-05',
      dueOn: '2026-02-01',
      amount: { amountMinor: '90000', currency: 'USD' },
    },
  });
  await succeed(app, owner, 'logCall', {
    params,
    body: { direction: 'in', outcome: 'conversation', note: `${canary} rang us` },
  });
  const override = await succeed<Id>(app, owner, 'askOverride', {
    params,
    body: { reason: `${canary} asked to be rung back` },
  });
  return { tighteningId: tightening.id, replacementId: replacement.id, evidenceId, overrideId: override.id };
}

async function listedIds({ running, owner }: Filling): Promise<Record<string, string>> {
  const firstOf = async (operationId: string): Promise<string> => {
    const [row] = (await succeed<Rows<Id>>(running.app, owner, operationId)).rows;
    if (!row) throw new Error(`${operationId} is empty`);
    return row.id;
  };
  return {
    messageId: await firstOf('listMessages'),
    taskId: await firstOf('listTasks'),
    mappingId: await firstOf('listMappings'),
    planId: await firstOf('listPlans'),
    runId: await firstOf('listRuns'),
    sessionId: await firstOf('listSessions'),
    permitId: await firstOf('listPermits'),
  };
}
