import { beforeAll, describe, expect, it } from 'vitest';
import { exportedPerson } from '../../src/flows/export-person.ts';
import { readZip, type ZipPart } from '../../src/kernel/zip.ts';
import { addNote } from '../../src/modules/desk/public.ts';
import { idOf } from '../../src/kernel/ids.ts';
import { actIn, systemActor } from '../../src/modules/identity/public.ts';
import { consumerDebt, sentNotice } from './notice-story.ts';
import { operate, succeed } from './operations.ts';
import { type Asking, type Opened, runningApp } from './running-app.ts';

// A person's own copy of what is held about them, as the API hands it out.
const running = await runningApp();
const { app, installation } = running;
const actor = systemActor('test');

let opened: Opened;
let owner: Asking;
let accountId: string;
let partyId: string;
let noticeId: string;
let parts: readonly ZipPart[];

beforeAll(async () => {
  opened = await running.openTenant('Copying Agency');
  owner = { cookie: opened.cookie };
  accountId = await consumerDebt(app, owner, 'Person A');
  const params = { accountId };
  partyId = (await succeed<{ party: { id: string } }>(app, owner, 'getAccount', { params })).party.id;
  noticeId = (await sentNotice(app, owner, accountId)).id;
  await succeed(app, owner, 'recordNoticeReply', {
    params: { noticeId },
    body: { medium: 'letter', reasons: ['wrong_amount'], explanation: 'Half of it is paid' },
  });
  // Starts the thirty days in which a furnisher must look into it.
  await succeed(app, owner, 'recordLegalEvent', {
    params,
    body: { type: 'direct_dispute', detail: { form: 'written' }, note: 'Wants the report put right' },
  });
  const consent = { scope: 'email', channel: 'email', evidence: 'Said so on the line' };
  await succeed(app, owner, 'recordConsent', { params, body: consent });
  await succeed(app, owner, 'recordWish', { params, body: { kind: 'language', language: 'es' } });
  const hold = { reason: 'query', coverage: 'account', note: 'Asked for a copy' };
  const { id: holdId, rowVersion } = await succeed<{ id: string; rowVersion: string }>(app, owner, 'placeHold', {
    params,
    body: hold,
  });
  const released = {
    params: { holdId },
    body: { reason: 'The copy was sent' },
    headers: { 'if-match': `"${rowVersion}"` },
  };
  await succeed(app, owner, 'releaseHold', released);
  const other = await consumerDebt(app, owner, 'Person B');
  await succeed(app, owner, 'addNote', { params: { accountId: other }, body: { body: 'Somebody else’s secret' } });
  parts = readZip((await operate(app, owner, 'exportPerson', { params: { partyId } })).rawPayload) ?? [];
}, 120_000);

const text = (name: string): string =>
  Buffer.from(parts.find((part) => part.name === name)?.bytes ?? '').toString('utf8');
const rows = (kind: string): Record<string, unknown>[] =>
  parts
    .filter(({ name }) => name.startsWith(`${kind}/`) && name.endsWith('.jsonl'))
    .flatMap(({ name }) => text(name).trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the export of a person', () => {
  it('holds every kind of thing, and counts it', () => {
    expect(text('READ-ME.txt')).toContain('What is held about one person');
    const { counts } = JSON.parse(text('index.json')) as { counts: Record<string, number> };
    for (const [kind, count] of Object.entries(counts))
      if (kind !== 'documents') expect(rows(kind), kind).toHaveLength(count);
    expect(rows('parties')).toMatchObject([{ name: 'Person A' }]);
    expect(rows('notice_replies')).toMatchObject([{ explanation: 'Half of it is paid' }]);
    expect(rows('legal_events').map((row) => row['note'])).toContain('Wants the report put right');
    expect(rows('consents')).toMatchObject([{ evidence: { text: 'Said so on the line' } }]);
    expect(rows('preferences')).toMatchObject([{ kind: 'language' }]);
    expect(rows('messages').length).toBeGreaterThan(0);
    expect(rows('permit_evidence').length).toBeGreaterThan(0);
    expect(rows('clocks').length).toBeGreaterThan(0);
  });

  it('holds the notices as they went out', async () => {
    expect(rows('notices')).toMatchObject([{ id: noticeId, state: 'given' }]);
    const sent = (await operate(app, owner, 'getNoticePdf', { params: { noticeId } })).rawPayload;
    const packed = parts.filter(({ name }) => name.startsWith(`notices/${noticeId}-`) && name.endsWith('.pdf'));
    expect(packed.map(({ bytes }) => Buffer.from(bytes).equals(sent))).toEqual([true]);
  });

  it('holds the audit trail about them, with what stands there under their key', () => {
    const audit = rows('audit');
    expect(audit.find((row) => row['action'] === 'hold.released')).toMatchObject({
      personal: { release_reason: 'The copy was sent' },
    });
    expect(audit.map((row) => row['action'])).toContain('person.exported');
  });

  it('holds nothing of anybody else', async () => {
    const all = parts.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('\n');
    expect(all).not.toContain('Person B');
    expect(all).not.toContain('secret');
    const stranger = await running.openTenant('Stranger');
    const refused = await operate(app, { cookie: stranger.cookie }, 'exportPerson', { params: { partyId } });
    expect(refused.statusCode).toBe(404);
  });

  it('is read while it is fetched: what is written meanwhile is in it', async () => {
    const asked = { tenant: opened.tenantId, actor, partyId, scope: {} };
    const coming = await exportedPerson(installation, asked);
    expect((await coming?.next())?.value).toMatchObject({ name: 'READ-ME.txt' });
    expect((await coming?.next())?.value).toMatchObject({ name: 'parties/0001.jsonl' });
    await actIn(installation, opened.tenantId, actor, (ctx) =>
      addNote(ctx, { accountId: idOf('account', accountId), body: 'Written while it was fetched' }),
    );
    let notes = '';
    for await (const part of coming ?? [])
      if (part.name.startsWith('notes/')) notes += Buffer.from(part.bytes).toString('utf8');
    expect(notes).toContain('Written while it was fetched');
  });
});
