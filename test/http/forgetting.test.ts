import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkEvidence } from '../../src/flows/evidence/check-evidence.ts';
import { eraseApproved } from '../../src/flows/erase-person.ts';
import { verify } from '../../src/flows/verify.ts';
import { readZip, writeZip } from '../../src/kernel/zip.ts';
import { erasedInWords } from '../../src/modules/compliance/public.ts';
import { actIn, recordAudit, sealAudit, systemActor } from '../../src/modules/identity/public.ts';
import { idOf } from '../../src/kernel/ids.ts';
import { collect } from '../support/collect.ts';
import { importFile } from './filled-tenant.ts';
import { mayStay } from './kept-columns.ts';
import { consumerDebt, publishedItemization } from './notice-story.ts';
import { operate, succeed } from './operations.ts';
import { type Asking, type Opened, runningApp } from './running-app.ts';
import { stranger } from './stranger.ts';

// One person is written about in every column that can hold what people write, through the real doors where there is one and by hand
// where there is none here; then forgotten; then looked for in every table and file.
const running = await runningApp();
const { app, database, installation, dataDir } = running;
const canary = 'Qxzv';
const spotted = /qxzv/i;
const worker = systemActor('worker');

type Row = { readonly id: string; readonly rowVersion: string };
let opened: Opened;
let owner: Asking;
let second: Asking;
let accountId: string;
let partyId: string;

const say = (what: string): string => `${canary} ${what}`;
const ifMatch = (row: Row) => ({ 'if-match': `"${row.rowVersion}"` });
const post = <T = Row>(operationId: string, params: Record<string, string>, body: object, row?: Row): Promise<T> =>
  succeed<T>(app, owner, operationId, {
    params,
    body,
    headers: { 'idempotency-key': randomUUID(), ...(row && ifMatch(row)) },
  });
const get = <T>(operationId: string, params: Record<string, string> = {}, query = {}) =>
  succeed<T>(app, owner, operationId, { params, query });

beforeAll(async () => {
  opened = await running.openTenant('Forgetful Agency');
  owner = { cookie: opened.cookie };
  second = { cookie: await running.openMember(opened.tenantId, 'compliance_officer', 'second@forgetful.example') };
  accountId = await consumerDebt(app, owner, 'Person A');
  const account = await get<{ party: { id: string } }>('getAccount', { accountId });
  partyId = account.party.id;
  await tell();
  await settle();
  await plant();
}, 240_000);

/** Everything that staff can write about a person, through the doors they write it at. */
async function tell(): Promise<void> {
  const params = { accountId };
  await post('addNote', params, { body: say('lives alone') });
  const { notice } = await post<{ notice: Row }>('prepareNotice', params, {
    itemization: publishedItemization,
    product: 'credit card',
  });
  await post('sendNotice', { noticeId: notice.id }, {});
  const reply = await post(
    'recordNoticeReply',
    { noticeId: notice.id },
    {
      medium: 'letter',
      reasons: ['wrong_amount'],
      explanation: say('is not mine'),
    },
  );
  await post(
    'recordNoticeAnswer',
    { accountId, replyId: reply.id },
    {
      kind: 'verification',
      sentOn: '2026-03-03',
      evidence: say('got a copy'),
    },
  );
  await post('recordNoticeReturn', { noticeId: notice.id }, { on: '2026-03-03', reason: say('moved') });
  await post('logCall', params, {
    direction: 'in',
    outcome: 'conversation',
    note: say('rang us'),
    callBackOn: '2026-03-04',
  });
  const override = await post('askOverride', params, { reason: say('asked to be rung back') });
  await succeed(app, second, 'decideOverride', {
    params: { overrideId: override.id },
    body: { approve: true, note: say('may be rung') },
  });
  const hold = await post('placeHold', params, { reason: 'query', coverage: 'account', note: say('asks') });
  await post('releaseHold', { holdId: hold.id }, { reason: say('was answered') }, hold);
  await post('recordLegalEvent', params, {
    type: 'dispute',
    detail: { form: 'oral', about: say('the sum') },
    note: say('on the phone'),
  });
  const { consentId } = await post<{ consentId: string }>('recordConsent', params, {
    scope: 'email',
    channel: 'email',
    evidence: say('said yes'),
  });
  await post('revokeConsent', { consentId }, { said: say('says no') });
  const { wishId } = await post<{ wishId: string }>('recordWish', params, { kind: 'language', language: 'es' });
  await post('endWish', { wishId }, { reason: say('learnt English') });
  await post('recordStopRequest', params, { what: 'channel', channel: 'sms', form: 'oral', said: say('no texts') });
  const link = await post('addLink', params, {
    role: 'spouse',
    party: { kind: 'person', name: 'Robin Other' },
    effectiveFrom: '2026-03-01',
    note: say('is married'),
  });
  await post('endLink', { linkId: link.id }, { on: '2026-03-02', reason: say('is divorced') }, link);
  await twice();
  const workCase = await post('openCase', {}, { accountIds: [accountId] });
  const seen = await get<Row>('getCase', { caseId: workCase.id });
  await post('closeCase', { caseId: workCase.id }, { reason: say('is done') }, seen);
  const before = await get<Row>('getAccount', params);
  await post('changeAccount', params, { sensitive: true, reason: say('is frail') }, before);
  await post(
    'describeDebt',
    params,
    {
      product: 'credit_card',
      chargedOffOn: null,
      servicingGroup: say('group'),
      principalMinor: null,
      limitation: { kind: 'stated', lastDay: '2030-01-01', basis: say('told us so') },
    },
    { id: '', rowVersion: '0' },
  );
  const [task] = (await get<{ rows: Row[] }>('listTasks')).rows;
  await post('closeTask', { taskId: task?.id ?? '' }, { outcome: say('was reached') });
  const mark = await post('placeLegalHold', {}, { scope: 'account', accountId, reason: say('may sue') });
  await post('releaseLegalHold', { legalHoldId: mark.id }, { reason: say('will not sue') });
  await importFile(
    { running, opened, owner, canary },
    'items',
    `${canary}-file.csv`,
    `Customer No,Customer Name,Invoice No,Invoice Date,Due Date,Amount,Currency\nK-1,Person A,X-1,2026-02-20,2026-02-10,930.00,USD\n`,
    null,
  );
}

/** The same person entered again by hand, found and merged, with a reason. */
async function twice(): Promise<void> {
  await post(
    'createAccount',
    {},
    {
      clientId: opened.clientId,
      number: 'A-2',
      currency: 'USD',
      party: { kind: 'person', name: 'Person A', email: 'a@person.example' },
    },
  );
  await post('findMatches', {}, {});
  const [pair] = (await get<{ rows: Row[] }>('listMatches')).rows;
  if (!pair) throw new Error('The same person entered twice was not found');
  await post('mergeMatch', { matchId: pair.id }, { reason: say('is one') }, pair);
}

/** Money that comes, is moved about, and in the end settles everything; a promise and an incident on the way. */
async function settle(): Promise<void> {
  const params = { accountId };
  const items = await get<{ rows: { id: string; openMinor: string }[] }>('listItems', params, { open: 'yes' });
  const [item] = items.rows;
  if (!item) throw new Error('There should be an open item');
  const account = await get<{ client: { id: string } }>('getAccount', params);
  const promise = await post('makePromise', params, {
    itemIds: [item.id],
    amount: { amountMinor: '100', currency: 'USD' },
    dueOn: '2026-03-10',
  });
  await post('cancelPromise', { promiseId: promise.id }, { reason: say('cannot pay') }, promise);
  const pay = (amountMinor: string) =>
    post(
      'recordReceipt',
      {},
      {
        clientId: account.client.id,
        accountId,
        amount: { amountMinor, currency: 'USD' },
        receivedOn: '2026-03-03',
        reference: say('pays'),
        payerName: say('herself'),
        allocations: [{ itemId: item.id, amountMinor }],
      },
    );
  const first = await pay('5000');
  const read = await get<Row>('getReceipt', { receiptId: first.id });
  const part = { accountId, parts: [{ itemId: item.id, amountMinor: '5000' }], reason: say('wrote which') };
  const moved = await post('reallocate', { receiptId: first.id }, part, read);
  await post('reverseReceipt', { receiptId: first.id }, { on: '2026-03-03', reason: say('bounced') }, moved);
  await pay(item.openMinor);
  const night = await post<{ incidentId: string }>('logCall', params, {
    outcome: 'conversation',
    afterTheFact: true,
    startedAt: '2026-03-02T05:00:00Z',
    note: say('at night'),
  });
  const incident = (await get<{ rows: Row[] }>('listIncidents')).rows.find((row) => row.id === night.incidentId);
  await post('closeIncident', { incidentId: night.incidentId }, { note: say('was told') }, incident);
}

/** Every column but those that may stay. */
async function personalColumns(client: pg.Client): Promise<{ table: string; column: string; type: string }[]> {
  const allowed = new Set(Object.values(mayStay).flat());
  const { rows } = await client.query<{ table: string; column: string; type: string }>(`
    select n.nspname || '.' || c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
      and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype, 'json'::regtype, 'bytea'::regtype, 'text[]'::regtype)
      and exists (select 1 from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped)
    order by 1, 2`);
  const known = new Set(rows.map((row) => `${row.table}.${row.column}`));
  expect(
    [...allowed].filter((name) => !known.has(name)),
    'columns that are no more',
  ).toEqual([]);
  return rows.filter((row) => !allowed.has(`${row.table}.${row.column}`));
}

/** What no door here writes: rows of other rooms' making, and the canary in every personal column of every row that is the person's. */
async function plant(): Promise<void> {
  await database.asSuperuser(async (client) => {
    await client.query('set session_replication_role = replica');
    const t = opened.tenantId;
    const one = async (sql: string): Promise<string> =>
      (await client.query<{ id: string }>(sql, [t])).rows[0]?.id ?? '';
    const message = await one('select id from outreach.messages where tenant_id = $1 limit 1');
    const person = await client.query<{ id: string }>(
      `select unnest(array[a.id, a.party_id, a.cluster_id, p.id, p.cluster_id]) as id from accounts.accounts a
       join parties.parties p on p.tenant_id = a.tenant_id where a.tenant_id = $1 and a.id = $2 and p.name = 'Person A'`,
      [t, accountId],
    );
    const file = await one('select id from intake.imports where tenant_id = $1 limit 1');
    for (const sql of [
      `insert into outreach.inbound (tenant_id, id, channel, from_address, party_id, account_id, body_text, effective_at, recorded_at)
        values ('${t}', gen_random_uuid(), 'email', 'x', '${partyId}', '${accountId}', 'x', now(), now())`,
      `insert into outreach.delivery_events (tenant_id, id, message_id, kind, detail, effective_at, recorded_at)
        values ('${t}', gen_random_uuid(), '${message}', 'bounced', 'x', now(), now())`,
      `insert into intake.staged_rows (tenant_id, import_id, row_no, row_key, source_row_id, content_sha256, party_id, account_id)
        values ('${t}', '${file}', 77, 'x', gen_random_uuid(), 'x', '${partyId}', '${accountId}')`,
      `insert into intake.source_rows (tenant_id, id, client_id, target, row_key, content_sha256, subject_id, first_import_id, last_import_id)
        values ('${t}', gen_random_uuid(), '${opened.clientId}', 'contacts', 'x', 'x', '${partyId}', '${file}', '${file}')`,
      `insert into strategy.decisions (tenant_id, id, account_id, from_on, run_id, version_id, outcome, reason_code, facts, recorded_at)
        values ('${t}', gen_random_uuid(), '${accountId}', '2026-03-03', gen_random_uuid(), gen_random_uuid(), 'wait', 'not_due', '{}', now())`,
      `insert into strategy.plans (tenant_id, id, run_id, version_id, account_id, client_id, cluster_id, party_id, action, step_key, level, stage, item_count,
          amount_minor, currency, stop_epoch, planned_for, state, state_reason, recorded_at)
        select '${t}', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), a.id, a.client_id, a.cluster_id, a.party_id, 'email', 's', 1, 'early', 1, 1, 'USD', 0,
          '2026-03-03', 'expired', 'x', now() from accounts.accounts a where a.tenant_id = '${t}' and a.id = '${accountId}'`,
    ])
      await client.query(sql);
    await paint(client, new Set(person.rows.map((row) => row.id)));
  });
  // As the program wrote it before free text went under the person's key.
  await actIn(installation, opened.tenantId, worker, async (ctx) => {
    const old = { subjectKind: 'account', subjectId: accountId, accountId: idOf('account', accountId) };
    await recordAudit(ctx, { ...old, action: 'account.changed', detail: { reason: say('in the old days') } });
    await sealAudit(ctx);
  });
}

/** Puts the canary into every personal column of every row that names the person, or names a row that does. */
async function paint(client: pg.Client, ids: Set<string>): Promise<void> {
  const columns = await personalColumns(client);
  const tables = [...new Set(columns.map((column) => column.table))].filter(
    (name) => name !== 'identity.idempotency_keys',
  );
  const related = (table: string) => sqlRelated(table);
  for (let round = 0; round < 2; round += 1)
    for (const table of tables) {
      const { rows } = await client.query<{ id: string }>(related(table), [opened.tenantId, [...ids]]);
      for (const row of rows) if (row.id) ids.add(row.id);
    }
  for (const { table, column, type } of columns) {
    if (!tables.includes(table)) continue;
    const name = `x.${column}`;
    const value =
      type === 'jsonb'
        ? `case when jsonb_typeof(${name}) = 'array' then ${name} || '[{"sentence": "Qxzv"}]' else coalesce(nullif(${name}, 'null'), '{}') || '{"free": "Qxzv"}' end`
        : type === 'bytea'
          ? `${name} || 'Qxzv'::bytea`
          : `'Qxzv ' || coalesce(${name}, '')`;
    await client.query(
      `update ${table} x set ${column} = ${value} where x.tenant_id = $1 and exists (select 1 from unnest($2::text[]) i where strpos(x::text, i) > 0)`,
      [opened.tenantId, [...ids]],
    );
  }
  // The names by which rows are found that nobody tied to the person.
  await client.query(`update parties.parties set name = 'Qxzv Person A' where tenant_id = $1 and id = $2`, [
    opened.tenantId,
    partyId,
  ]);
  await client.query(
    `update intake.rejects set cells = '["Qxzv Person A", "X-1"]', reason = 'Qxzv Person A is no date' where tenant_id = $1`,
    [opened.tenantId],
  );
  await client.query(
    `update intake.imports set file_name = 'Qxzv Person A.csv', failure = 'Qxzv Person A is too long' where tenant_id = $1`,
    [opened.tenantId],
  );
}

const sqlRelated = (table: string): string =>
  `select to_jsonb(x) ->> 'id' as id from ${table} x where x.tenant_id = $1 and exists (select 1 from unnest($2::text[]) i where strpos(x::text, i) > 0)`;

/** Every table of the database, whoever owns it, in which the canary stands: as text, and in the bytes. */
async function whereItStands(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '."' || c.relname || '"' as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const hex = Buffer.from(canary).toString('hex');
  const found: string[] = [];
  for (const { name } of rows) {
    const hits = await client.query<{ text: string }>(
      `select x::text as text from ${name} x where strpos(lower(x::text), $1) > 0 or strpos(x::text, $2) > 0`,
      [canary.toLowerCase(), hex],
    );
    for (const { text } of hits.rows) found.push(`${name}: ${text.slice(0, 300)}`);
  }
  return found;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

describe('a person who is forgotten', () => {
  it('had been written about in every column that may not stay', async () => {
    await database.asSuperuser(async (client) => {
      const bare: string[] = [];
      for (const { table, column, type } of await personalColumns(client)) {
        const read = type === 'bytea' ? `encode(x.${column}, 'escape')` : `x.${column}::text`;
        const { rows } = await client.query(`select 1 from ${table} x where ${read} ilike '%qxzv%' limit 1`);
        if (rows.length === 0) bare.push(`${table}.${column}`);
      }
      // Written when it is asked for, below.
      expect(bare).toEqual(['compliance.erasures.decline_reason', 'compliance.erasures.reason']);
    });
  });

  it('had free text in the audit trail under their own key, where staff could read it', async () => {
    const { rows } = await get<{ rows: { action: string; detail: object }[] }>('listAudit', {}, { limit: 200 });
    const spoken = rows.filter((row) => spotted.test(JSON.stringify(row.detail))).map((row) => row.action);
    expect(new Set(spoken)).toEqual(
      expect.objectContaining(
        new Set([
          'people.merged',
          'party_link.ended',
          'override.requested',
          'override.approved',
          'preference.ended',
          'notice.returned',
          'receipt.reallocated',
          'receipt.reversed',
          'case.closed',
          'hold.released',
          'account.changed',
          'task.closed',
          'promise.cancelled',
          'debt.described',
        ]),
      ),
    );
    const open = await database.asSuperuser((client) =>
      client.query<{ action: string }>(`select action from identity.audit_entries where detail::text ilike '%qxzv%'`),
    );
    // The one entry that is written as of old.
    expect(open.rows).toEqual([{ action: 'account.changed' }]);
  });

  it('is nowhere afterwards, and everything that must prove itself still does', async () => {
    const later = new Date('2034-03-06T15:00:00Z');
    await database.asSuperuser(async (client) => {
      await client.query('set session_replication_role = replica');
      await client.query('update identity.tenants set clock_at = $2 where id = $1', [opened.tenantId, later]);
    });
    const asked = () => post('requestErasure', {}, { partyId, basis: 'request', reason: say('wrote a letter') });
    const declined = await asked();
    await succeed(app, second, 'declineErasure', {
      params: { erasureId: declined.id },
      body: { reason: say('is unknown') },
    });
    const erasure = await asked();
    await succeed(app, second, 'approveErasure', { params: { erasureId: erasure.id }, body: {} });
    expect(await eraseApproved(installation, opened.tenantId)).toBe(1);

    expect(await database.asSuperuser(whereItStands)).toEqual([]);
    expect(filesUnder(dataDir).filter((path) => spotted.test(readFileSync(path, 'latin1')))).toEqual([]);
    const audit = JSON.stringify(await get('listAudit', {}, { limit: 200 }));
    expect(audit).toContain('receipt.reversed');
    expect(audit).not.toMatch(spotted);

    await actIn(installation, opened.tenantId, worker, (ctx) => sealAudit(ctx));
    const verdict = await actIn(installation, opened.tenantId, worker, (ctx) => verify(ctx));
    expect(verdict.findings).toEqual([]);
    expect(await succeed(app, owner, 'verifyAudit', {})).toMatchObject({ intact: true, findings: [] });
    const record = await get<{ state: string; kept: { what: string }[]; emptied: { what: string }[] }>('getErasure', {
      erasureId: erasure.id,
    });
    expect(record).toMatchObject({ state: 'done', reason: 'Erased' });
    expect(record.emptied.length).toBeGreaterThan(25);
    expect(record.kept.map((one) => one.what)).toContain('Keyed hashes of addresses that asked to be spared');
  }, 120_000);

  it('leaves an evidence pack that the command and a stranger find whole', async () => {
    const archive = (await operate(app, owner, 'getAccountEvidence', { params: { accountId } })).rawPayload;
    expect(checkEvidence(archive)).toMatchObject({ findings: [] });
    const parts = readZip(archive) ?? [];
    const text = parts.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('\n');
    expect(text).not.toMatch(spotted);
    expect(text).toContain(' erased ');
    const readMe = parts.find(({ name }) => name === 'READ-ME.txt');
    const byHand = stranger(Buffer.from(readMe?.bytes ?? '').toString('utf8'));
    expect(byHand(parts)).toMatchObject({ ok: true });
    // What is left of an erased entry is vouched for as well.
    const changed = parts.map((part) =>
      part.name.startsWith('audit/0')
        ? {
            ...part,
            bytes: Buffer.from(
              Buffer.from(part.bytes)
                .toString('utf8')
                .replace(/( erased .*"actor_name":")/, '$1X'),
            ),
          }
        : part,
    );
    const rezipped = Buffer.concat(await collect(writeZip(changed)));
    expect(checkEvidence(rezipped).findings.join()).toContain('Erased audit entries');
  }, 300_000);

  it('has every step of it said in words', async () => {
    const { rows } = await database.asSuperuser((client) =>
      client.query<{ target: string }>('select target from compliance.erasure_steps()'),
    );
    expect(rows.map((row) => row.target).toSorted()).toEqual(Object.keys(erasedInWords).toSorted());
  });
});
