import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyRoute } from '../../src/edge/api/contract/contract.ts';
import type { Document } from '../../src/edge/api/openapi-document.ts';
import { describeApi } from '../../src/server.ts';
import { runningApp } from './running-app.ts';

const { app } = await runningApp();
const document = (await describeApi()) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  it('is the one that is committed, and the one that is served', async () => {
    const committed = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'openapi.json'), 'utf8'),
    ) as unknown;
    expect(committed).toEqual(JSON.parse(JSON.stringify(document)));
    expect((await app.inject('/api/openapi.json')).json()).toEqual(committed);
  });

  it('is OpenAPI 3.1 and describes each operation once', () => {
    expect(document['openapi']).toMatch(/^3\.1\./);
    expect(operations.map(({ operation }) => operation['operationId']).sort()).toEqual(
      everyRoute.map((route) => route.operationId).sort(),
    );
  });

  it('points at nothing that is missing and holds nothing that nobody points at', () => {
    const pointed = new Set(
      [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
    );
    expect([...pointed].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  it('declares every parameter of a path, and none twice', () => {
    for (const { path, operation } of operations) {
      const parameters = (operation.parameters ?? []) as { name: string; in: string; required?: boolean }[];
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map((parameter) => parameter.name).sort(), path).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      );
      expect(
        inPath.every((parameter) => parameter.required),
        path,
      ).toBe(true);
      expect(new Set(parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size, path).toBe(
        parameters.length,
      );
    }
  });

  it('says what is answered, in which form, and what a refusal looks like', () => {
    for (const { operation } of operations) {
      const id = String(operation['operationId']);
      const route = everyRoute.find((one) => one.operationId === id);
      const [status, ...others] = Object.keys(operation.responses);
      expect(others, id).toEqual(['default']);
      expect(status, id).toBe(String(route?.status ?? 200));
      const content = operation.responses[status ?? '']?.['content'];
      expect(content === undefined, id).toBe(!route?.response && !route?.produces);
    }
  });

  it('knows the difference between what anyone may ask and what needs a permission', () => {
    const open = operations.filter(
      ({ operation }) => Array.isArray(operation['security']) && operation['security'].length === 0,
    );
    expect(open.map(({ operation }) => operation['operationId']).sort()).toEqual(['createFirst', 'getSetup', 'signIn']);
  });
});
