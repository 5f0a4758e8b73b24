import { describe, expect, it } from 'vitest';
import { freeText } from '../../src/edge/api/free-text.ts';
import type { Document } from '../../src/edge/api/openapi-document.ts';
import { describeApi } from '../../src/server.ts';
import { tablesNaming } from './all-rows.ts';
import { fillTenant } from './filled-tenant.ts';
import { operate, succeed } from './operations.ts';
import { runningApp } from './running-app.ts';
import { resolved, type Schema, type Schemas } from './sample.ts';

// No card number a person types is kept anywhere, by whatever operation; and every text of every operation is known to be free or not.
const running = await runningApp();
const { app, database } = running;
const acme = await fillTenant(running, 'Acme', 'Quokka');
const document = (await describeApi()) as Document;
const schemas = document.components.schemas as Schemas;
const card = '4111 1111 1111 1111';
const params = { accountId: acme.ids['accountId'] ?? '' };

/** Names of texts that are codes, numbers and addresses with rules of their own, or secrets, and never words to keep. */
const structured = new Set([
  'channel',
  'collectorType',
  'column',
  'columns',
  'contactPhone',
  'country',
  'currency',
  'date',
  'action',
  'dateFormat',
  'days',
  'delimiter',
  'email',
  'encoding',
  'externalKey',
  'format',
  'externalRef',
  'language',
  'parameters',
  'part',
  'rate',
  'regime',
  'number',
  'ownerName',
  'password',
  'phone',
  'region',
  'regions',
  'scope',
  'servicingGroup',
  'taxNumber',
  'type',
  'website',
  'scopes',
  'separator',
  'sheet',
  'tenantName',
  'timeZone',
  'jurisdictions',
  // Strategies, their parts by their keys, and what a simulation is drawn by.
  'key',
  'on',
  'otherwise',
  'seed',
  'segment',
  'stage',
  'startingPoint',
  'strategy',
  'whenAssigned',
  // Cells of a file that is read again by the import, which masks what it keeps as words.
  'cells',
  // A fixed value of a mapping.
  'constant',
]);

function freeNames(given: Schema, name = ''): string[] {
  const schema = resolved(given, schemas);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.flatMap((option) => freeNames(option, name));
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  if (type === 'object') {
    const inner = schema.additionalProperties;
    return [
      ...Object.entries(schema.properties ?? {}).flatMap(([key, part]) => freeNames(part, key)),
      ...(typeof inner === 'object' ? freeNames(inner as Schema, name) : []),
    ];
  }
  if (type === 'array') return schema.items ? freeNames(schema.items, name) : [];
  return type === 'string' && !schema.enum && schema.const === undefined && !schema.format && !schema.pattern
    ? [name]
    : [];
}

describe('card numbers', () => {
  it('every text of every operation is known as words or as something else', () => {
    const names = Object.values(document.paths).flatMap((path) =>
      Object.values(path).flatMap((operation) => {
        const body = operation['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined;
        const schema = body?.content['application/json']?.schema;
        return schema ? freeNames(schema) : [];
      }),
    );
    expect([...new Set(names)].filter((name) => !freeText.has(name) && !structured.has(name))).toEqual([]);
  });

  it('are masked in notes, calls, promises to look, holds and templates, and the person is told', async () => {
    const { owner } = acme;
    const noted = await operate(app, owner, 'addNote', { params, body: { body: `Her card is ${card}, exp 12/29` } });
    expect(noted.headers['dunwell-notice']).toMatch(/masked/);
    const called = await operate(app, owner, 'logCall', {
      params,
      body: { outcome: 'conversation', note: `card ${card}` },
    });
    expect([called.statusCode, called.headers['dunwell-notice']]).toEqual([201, expect.stringMatching(/last four/)]);
    await succeed(app, owner, 'placeHold', { params, body: { reason: 'query', coverage: 'account', note: card } });
    await succeed(app, owner, 'sendNow', { params, body: { comment: `We have your card ${card}.` } });
    await operate(app, owner, 'publishTemplate', {
      body: {
        channel: 'email',
        debtKind: 'commercial',
        purpose: 'notice_1',
        language: 'en',
        subject: 'Hello',
        body: `Pay by ${card}`,
        basedOn: 0,
        audience: { collectorType: 'first_party', jurisdictions: [] },
      },
    });
    expect(await tablesNaming(database, acme.tenantId, [card, card.replaceAll(' ', '')])).toEqual([]);
    expect((await tablesNaming(database, acme.tenantId, ['**** **** **** 1111'])).length).toBeGreaterThan(2);
  });

  it('that are invoice numbers of the tenant stay', async () => {
    const { owner } = acme;
    const number = '4222222222222';
    await succeed(app, owner, 'addItem', {
      params,
      body: {
        kind: 'invoice',
        number,
        issuedOn: '2026-02-01',
        dueOn: '2026-02-20',
        amount: { amountMinor: '5000', currency: 'USD' },
      },
    });
    const noted = await operate(app, owner, 'addNote', { params, body: { body: `about invoice ${number}` } });
    expect(noted.headers['dunwell-notice']).toBeUndefined();
    expect(JSON.stringify(await succeed(app, owner, 'getTimeline', { params }))).toContain(`about invoice ${number}`);
  });
});
