import { describe, expect, it } from 'vitest';
import { everyRoute } from '../../src/edge/api/contract/contract.ts';
import type { Document } from '../../src/edge/api/openapi-document.ts';
import { permissions, permissionsOf, type Role, roles } from '../../src/modules/identity/public.ts';
import { describeApi } from '../../src/server.ts';
import { operate } from './operations.ts';
import { type Asking, runningApp } from './running-app.ts';
import { sampleOf, type Schema, type Schemas } from './sample.ts';

// Every operation, asked by every role with a well-formed request about things that do not exist: refused for the role exactly where
// the table of permissions says so.
const running = await runningApp();
const { app } = running;
const acme = await running.openTenant('Acme');
const document = (await describeApi()) as Document;
const schemas = document.components.schemas as Schemas;
const nothing = '00000000-0000-7000-8000-000000000000';

const members = new Map<Role, Asking>();
for (const role of roles)
  members.set(role, { cookie: await running.openMember(acme.tenantId, role, `${role}@roles.example`) });

/** Would end the session that is asking. */
const asked = everyRoute.filter((route) => route.permission !== 'public' && route.operationId !== 'signOut');

function request(operationId: string) {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      if (operation['operationId'] !== operationId) continue;
      const wishes = { idFor: () => nothing };
      const parameters = (operation.parameters ?? []) as {
        name: string;
        in: string;
        required?: boolean;
        schema: Schema;
      }[];
      const filled = (place: string) =>
        Object.fromEntries(
          parameters
            .filter((one) => one.in === place && one.required)
            .map((one) => [one.name, String(sampleOf(one.schema, schemas, wishes, one.name))]),
        );
      const content = (operation['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined)
        ?.content['application/json'];
      return {
        params: filled('path'),
        query: filled('query'),
        ...(content && { body: sampleOf(content.schema, schemas, wishes) as object }),
        headers: { 'if-match': '"1"' },
      };
    }
  }
  throw new Error(`There is no ${operationId}`);
}

describe.each(roles)('a %s', (role) => {
  it.each(asked.map((route) => [route.operationId, route.permission]))(
    '%s needs %s',
    async (operationId, permission) => {
      const answer = await operate(app, members.get(role) ?? {}, operationId, request(operationId));
      const may = permission === 'signed_in' || permissionsOf(role).has(permission);
      const refusedForRole = answer.statusCode === 403 && answer.json<{ code: string }>().code === 'forbidden';
      expect(refusedForRole, answer.body.slice(0, 200)).toBe(!may);
      expect(answer.statusCode, JSON.stringify(running.faults.at(-1))).toBeLessThan(500);
    },
  );
});

it('a stranger may do nothing', async () => {
  for (const route of asked)
    expect((await operate(app, {}, route.operationId, request(route.operationId))).statusCode, route.operationId).toBe(
      401,
    );
});

it('a member who was disabled may do nothing, at once', async () => {
  const cookie = await running.openMember(acme.tenantId, 'manager', 'leaver@acme.example');
  const list = await operate(app, { cookie: acme.cookie }, 'listMembers');
  const leaver = list
    .json<{ rows: { id: string; email: string }[] }>()
    .rows.find((row) => row.email === 'leaver@acme.example');
  const disabled = await operate(app, { cookie: acme.cookie }, 'changeMember', {
    params: { memberId: leaver?.id ?? '' },
    body: { disabled: true },
  });
  expect(disabled.json()).toMatchObject({ disabled: true });
  expect((await operate(app, { cookie }, 'listClients')).statusCode).toBe(403);
});

it('a change of role holds at once and leaves the sessions alone: they may serve other tenants too', async () => {
  const cookie = await running.openMember(acme.tenantId, 'manager', 'mover@acme.example');
  const list = await operate(app, { cookie: acme.cookie }, 'listMembers');
  const mover = list
    .json<{ rows: { id: string; email: string }[] }>()
    .rows.find((row) => row.email === 'mover@acme.example');
  await operate(app, { cookie: acme.cookie }, 'changeMember', {
    params: { memberId: mover?.id ?? '' },
    body: { role: 'read_only' },
  });
  expect((await operate(app, { cookie }, 'getSession')).json()).toMatchObject({ role: 'read_only' });
});

it('escalations are for managers', async () => {
  const cookie = await running.openMember(acme.tenantId, 'collector', 'junior@acme.example');
  for (const [operation, input] of [
    ['listTasks', { query: { queue: 'manager' } }],
    ['nextAccount', { body: { queue: 'manager' } }],
  ] as const) {
    expect((await operate(app, { cookie }, operation, input)).statusCode, operation).toBe(403);
    expect((await operate(app, { cookie: acme.cookie }, operation, input)).statusCode, operation).toBe(200);
  }
});

it('every permission that an operation asks for exists', () => {
  const known = new Set<string>([...permissions, 'public', 'signed_in']);
  expect(everyRoute.filter((route) => !known.has(route.permission)).map((route) => route.operationId)).toEqual([]);
});
