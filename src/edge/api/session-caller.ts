import type { FastifyReply, FastifyRequest } from 'fastify';
import { idOf } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import {
  actIn,
  authenticateApiKey,
  type Installation,
  loadTenant,
  memberActor,
  membershipsOf,
  type StaffAuth,
  systemActor,
  type Tenant,
  tenantClock,
} from '../../modules/identity/public.ts';
import type { Caller, Callers } from './caller.ts';
import type { RefusalCode } from './refusals.ts';

/** The request's headers in the form the sign-in library reads. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** Tells who asks: an API key (which carries its tenant), or a staff session with the tenant it chose among its own. */
export function sessionCallers(installation: Installation, auth: StaffAuth): Callers {
  return {
    identify: (request, reply) => {
      const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      return bearer === undefined ? byCookie(installation, auth, request, reply) : byKey(installation, bearer);
    },
  };
}

const SIGNED_OUT =
  'You are signed out, or the session has expired. Sign in again; what you typed is kept on this page.';

async function byKey(installation: Installation, presented: string): Promise<Result<Caller, RefusalCode>> {
  const key = await authenticateApiKey(installation, presented);
  if (!key.ok) return refuse('signed_out', key.detail);
  const { tenantId, actor } = key.value;
  const tenant = await actIn(installation, tenantId, systemActor('sign-in'), (ctx) => loadTenant(ctx));
  return ok({ ...tenantPart(installation, tenant), actor, memberId: null, role: null, email: null, clientIds: null });
}

async function byCookie(
  installation: Installation,
  auth: StaffAuth,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Result<Caller, RefusalCode>> {
  const signedIn = await auth.verifySession(headersOf(request));
  if (!signedIn) return refuse('signed_out', SIGNED_OUT);
  for (const line of signedIn.setCookies) void reply.header('set-cookie', line);
  if (request.method !== 'GET' && !sameOrigin(request)) {
    return refuse(
      'cross_site',
      'This write came from another site. Use the pages of this installation, or an API key.',
    );
  }
  const memberships = await membershipsOf(installation.database, signedIn.userId);
  const wished = request.headers['dunwell-tenant'];
  const membership =
    wished === undefined ? memberships[0] : memberships.find((candidate) => candidate.tenantId === wished);
  // A tenant that exists and one that does not look the same to somebody who is no member of it.
  if (!membership)
    return refuse(
      wished === undefined ? 'forbidden' : 'not_found',
      wished === undefined
        ? 'You are not a member of any tenant. Ask an owner to add you.'
        : 'You have no access to such a tenant.',
    );
  const tenantId = idOf('tenant', membership.tenantId);
  const tenant = await actIn(installation, tenantId, systemActor('sign-in'), (ctx) => loadTenant(ctx));
  return ok({
    ...tenantPart(installation, tenant),
    actor: memberActor(membership),
    memberId: membership.id,
    role: membership.role,
    email: signedIn.email,
    clientIds: membership.rowScope.clientIds ?? null,
  });
}

function tenantPart(installation: Installation, tenant: Tenant) {
  return {
    tenant: tenant.id,
    tenantName: tenant.name,
    tenantKind: tenant.kind,
    timeZone: tenant.timeZone,
    currency: tenant.currency,
    locale: tenant.locale,
    at: tenantClock(tenant, installation.clock.now()),
  };
}

/** Browsers send Origin with every write; a write with a session cookie and no or a foreign Origin is somebody else's page. */
function sameOrigin(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'same-origin';
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
