import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyRoute } from '../../src/edge/api/contract/contract.ts';
import type { Document } from '../../src/edge/api/openapi-document.ts';
import { describeApi } from '../../src/server.ts';
import { fillTenant } from './filled-tenant.ts';
import { operate } from './operations.ts';
import { runningApp } from './running-app.ts';
import { resolved, sampleOf, type Schema, type Schemas } from './sample.ts';

// Requests that are nearly right: made from the schemas, over rows that exist, with strange but allowed values, and now and then a
// part that is not allowed at all. Whatever is sent, the server never breaks.
const running = await runningApp();
const { app } = running;
const acme = await fillTenant(running, 'Acme', 'Quokka');
const document = (await describeApi()) as Document;
const schemas = document.components.schemas as Schemas;
const ids = Object.values(acme.ids);

const strange = fc.constantFrom(
  '',
  ' ',
  '\0',
  'a\0b',
  "'; drop table x; --",
  '%',
  '_',
  '\\',
  '{{ 7 }}',
  '=cmd()',
  '../../etc/passwd',
  '\u202e',
  '😀',
  '\ud800',
  'ﬁ',
  'İ',
  'x'.repeat(5000),
  '-0',
  '1e309',
  'null',
  '[object Object]',
);
const junk = fc.oneof(
  strange,
  fc.constantFrom<unknown>(null, true, -1, 0.5, Number.MAX_SAFE_INTEGER, [], {}, [[]], { a: { b: 1 } }),
);
const day = fc.oneof(
  fc
    .date({ min: new Date('1900-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom('2026-03-03', '2026-02-29', '1899-12-31', '9999-12-31'),
);
const instant = fc.oneof(
  fc
    .date({ min: new Date('1900-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.constantFrom('2026-03-03T14:59:00Z'),
);
const minor = fc.oneof(
  fc.constantFrom('1', '5000', '999999999999999999', '-1', '0'),
  fc.bigInt({ min: 1n, max: 10n ** 17n }).map(String),
);

function arbitraryOf(given: Schema, name = ''): fc.Arbitrary<unknown> {
  const schema = resolved(given, schemas);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map((option) => arbitraryOf(option, name)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  switch (type) {
    case 'object': {
      const shape = Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, part]) => [key, arbitraryOf(part, key)]),
      );
      if (Object.keys(shape).length === 0)
        return typeof schema.additionalProperties === 'object'
          ? fc.dictionary(fc.string(), arbitraryOf(schema.additionalProperties), { maxKeys: 3 })
          : fc.constant({});
      return fc.record(shape, { requiredKeys: [...(schema.required ?? [])].filter((key) => key in shape) });
    }
    case 'array':
      return fc.array(schema.items ? arbitraryOf(schema.items, name) : fc.constant(null), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'integer':
    case 'number': {
      const min = Math.max(schema.minimum ?? -5, -5);
      const max = Math.min(schema.maximum ?? 2 ** 31, 2 ** 40);
      const whole = Number.isInteger(min) && Number.isInteger(max);
      return whole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return textOf(schema, name);
  }
}

function textOf(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.format === 'uuid')
    return fc.constantFrom(
      acme.ids[name] ?? acme.ids['accountId'],
      acme.ids[name] ?? acme.ids['itemId'],
      acme.ids['itemId'],
      ...ids,
      '00000000-0000-7000-8000-000000000000',
    );
  if (schema.format === 'date-time') return instant;
  const pattern = schema.pattern ?? '';
  if (pattern.includes('\\d{4}-')) return day;
  if (pattern.includes('A-Z')) return fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'XXX');
  if (pattern.includes('\\d')) return minor;
  if (/zone/i.test(name)) return fc.constantFrom('America/New_York', 'Asia/Kathmandu', 'Mars/Olympus', 'EST');
  if (/country/i.test(name)) return fc.constantFrom('US', 'de', 'ZZ', '  ');
  const usual = fc.string({
    unit: 'binary',
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 40, 40),
  });
  return fc.oneof(
    usual,
    strange,
    fc.constantFrom('Quokka-1001', 'pay@quokka-c1.example', '+12125550109', '2026-03-03'),
  );
}

/** Puts something that does not belong there in one place. */
const spoiled = (value: unknown, at: number, what: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return what;
  const keys = Object.keys(value);
  const key = keys[at % (keys.length + 1)];
  if (key === undefined) return what;
  if (Array.isArray(value))
    return value.map((part, index) => (String(index) === key ? spoiled(part, at >> 3, what) : part));
  return { ...value, [key]: spoiled((value as Record<string, unknown>)[key], at >> 3, what) };
};

type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: Schema };

function requestsOf(
  operationId: string,
): fc.Arbitrary<{ params: Record<string, string>; query: Record<string, string>; body: unknown }> {
  const operation = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find((one) => one['operationId'] === operationId);
  const parameters = (operation?.parameters ?? []) as Parameter[];
  const content = (operation?.['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined)?.content[
    'application/json'
  ];
  const group = (place: string) => {
    const mine = parameters.filter((parameter) => parameter.in === place);
    const shape = Object.fromEntries(
      mine.map((one) => [
        one.name,
        fc.oneof(
          { weight: 6, arbitrary: arbitraryOf(one.schema, one.name).map(String) },
          { weight: 1, arbitrary: strange },
        ),
      ]),
    );
    return fc.record(shape, {
      requiredKeys: mine.filter((one) => one.required && place === 'path').map((one) => one.name),
    }) as fc.Arbitrary<Record<string, string>>;
  };
  const whole =
    content === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          arbitraryOf(content.schema),
          fc.constant(
            sampleOf(content.schema, schemas, { idFor: (name) => acme.ids[name] ?? acme.ids['itemId'] ?? '' }),
          ),
        );
  const body =
    content === undefined
      ? whole
      : fc.oneof(
          { weight: 3, arbitrary: whole },
          {
            weight: 1,
            arbitrary: fc.tuple(whole, fc.nat(512), junk).map(([value, at, what]) => spoiled(value, at, what)),
          },
        );
  return fc.record({ params: group('path'), query: group('query'), body });
}

/** Ends the session, hashes passwords for a second, or lives through hundreds of days. */
const left = new Set([
  'signOut',
  'revokeSession',
  'createFirst',
  'signIn',
  'addMember',
  'moveClock',
  'changeMember',
  'uploadImport',
  'keepEvidence',
]);

describe('nearly right requests', () => {
  it.each(everyRoute.map((route) => route.operationId).filter((operationId) => !left.has(operationId)))(
    '%s',
    async (operationId) => {
      await fc.assert(
        fc.asyncProperty(
          requestsOf(operationId),
          fc.constantFrom('"1"', '"2"', '"999"', 'x'),
          async ({ params, query, body }, version) => {
            const answer = await operate(app, acme.owner, operationId, {
              params,
              query,
              ...(body !== undefined && { body: body as object }),
              headers: { 'if-match': version },
            });
            if (answer.statusCode >= 500)
              throw new Error(`${answer.statusCode} ${JSON.stringify(running.faults.at(-1))}`);
            if (answer.statusCode >= 400)
              expect(answer.json()).toMatchObject({
                type: expect.stringMatching(/^urn:dunwell:problem:/),
                status: answer.statusCode,
                detail: expect.any(String),
              });
          },
        ),
        { numRuns: 20, seed: 20260303, endOnFailure: true },
      );
    },
  );
});
