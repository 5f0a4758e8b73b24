import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll } from 'vitest';
import { createFirstTenant } from '../../src/flows/create-tenant.ts';
import type { Installation } from '../../src/installation.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { parseConfig } from '../../src/kernel/config.ts';
import type { Id, TenantId } from '../../src/kernel/ids.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import { createVault } from '../../src/kernel/vault.ts';
import {
  actIn,
  addMember,
  createApiKey,
  createAuth,
  type Role,
  type RowScope,
  type StaffAuth,
  systemActor,
} from '../../src/modules/identity/public.ts';
import { buildServer } from '../../src/server.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

export const PASSWORD = 'a long enough password';
const ORIGIN = 'http://localhost:4400';

/** The whole server over a database of its own, asked without a socket. */
export type RunningApp = {
  readonly app: FastifyInstance;
  readonly database: TestDatabase;
  readonly installation: Installation;
  readonly auth: StaffAuth;
  readonly dataDir: string;
  /** What the server logged as errors: whatever made it answer 500. */
  readonly faults: object[];
  /** A tenant through the real flow, with its owner signed in. */
  openTenant(name: string, options?: { kind?: 'live' | 'sandbox'; clockAt?: Date }): Promise<Opened>;
  /** Adds a member and signs them in; returns the cookie. */
  openMember(tenant: TenantId, role: Role, email: string, rowScope?: RowScope): Promise<string>;
};

export type Opened = {
  readonly tenantId: TenantId;
  readonly clientId: Id<'client'>;
  readonly email: string;
  readonly cookie: string;
  readonly key: string;
};

const setUp = systemActor('test');

/** Builds the server; call once, at the top of a test file. */
export async function runningApp(): Promise<RunningApp> {
  const database = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'dunwell-http-'));
  const config = parseConfig({ DUNWELL_DATA: dataDir, DUNWELL_URL: ORIGIN });
  const faults: object[] = [];
  const installation: Installation = {
    config,
    secret: database.secret,
    database,
    vault: createVault(database.secret),
    clock: systemClock,
    log: { ...silentLogger, error: (fields: object) => void faults.push(fields) },
    close: async () => {},
  };
  const auth = createAuth({ database, secret: database.secret, baseUrl: ORIGIN });
  const app = await buildServer(installation);
  await app.ready();
  afterAll(async () => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const running = { app, database, installation, auth, dataDir, faults };
  return {
    ...running,
    openTenant: (name, options) => openTenant(running, name, options),
    openMember: (tenant, role, email, rowScope) => openMember(running, tenant, role, email, rowScope),
  };
}

type Parts = Pick<RunningApp, 'app' | 'installation' | 'auth'>;

async function openTenant(
  { app, installation, auth }: Parts,
  name: string,
  options: { kind?: 'live' | 'sandbox'; clockAt?: Date } = {},
): Promise<Opened> {
  const kind = options.kind ?? 'sandbox';
  const email = `owner@${name.toLowerCase().replaceAll(/\W+/g, '-')}.example`;
  const opened = await createFirstTenant(installation, auth, {
    tenantName: name,
    kind,
    timeZone: 'America/New_York',
    country: 'US',
    currency: 'USD',
    ownerName: `Owner of ${name}`,
    email,
    password: PASSWORD,
    ...(kind === 'sandbox' && { clockAt: options.clockAt ?? new Date('2026-03-03T15:00:00Z') }),
  });
  if (!opened.ok) throw new Error(opened.detail);
  const { tenantId, clientId } = opened.value;
  const made = await actIn(installation, tenantId, setUp, (ctx) =>
    createApiKey(ctx, { name: 'test', scopes: [...setUp.permissions] }),
  );
  if (!made.ok) throw new Error(made.detail);
  return { tenantId, clientId, email, cookie: await signIn(app, email), key: made.value.text };
}

async function openMember(
  { app, installation, auth }: Parts,
  tenant: TenantId,
  role: Role,
  email: string,
  rowScope?: RowScope,
): Promise<string> {
  const user = await auth.createUser({ email, name: `${role} ${email}`, password: PASSWORD });
  if (!user.ok) throw new Error(user.detail);
  const added = await actIn(installation, tenant, setUp, (ctx) =>
    addMember(ctx, { userId: user.value, email, displayName: `${role} ${email}`, role, ...(rowScope && { rowScope }) }),
  );
  if (!added.ok) throw new Error(added.detail);
  return signIn(app, email);
}

/** Signs in as the pages do; returns the cookie header. */
export async function signIn(app: FastifyInstance, email: string, password = PASSWORD): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN, host: 'localhost:4400' },
    payload: { email, password },
  });
  if (answer.statusCode !== 200) throw new Error(`Sign-in was answered ${answer.statusCode}: ${answer.body}`);
  return answer.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
}

export type Asking = { readonly cookie?: string; readonly key?: string };

let asked = 0;

/** Another neighbour each time: how often one may ask is a matter of its own tests. */
function nextAddress(): string {
  asked += 1;
  return `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
}

/** Asks as the pages do (same origin, session) or as an integration does (key). */
export function ask(
  app: FastifyInstance,
  as: Asking,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> {
  const options: InjectOptions = {
    method,
    url,
    remoteAddress: nextAddress(),
    headers: {
      host: 'localhost:4400',
      origin: ORIGIN,
      ...(as.cookie !== undefined && { cookie: as.cookie }),
      ...(as.key !== undefined && { authorization: `Bearer ${as.key}` }),
      ...headers,
    },
    ...(payload !== undefined && { payload }),
  };
  return app.inject(options);
}
