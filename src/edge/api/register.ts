import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { type Refusal, type Result, ok, refuse } from '../../kernel/result.ts';
import { actIn, answerOnce, type Installation } from '../../modules/identity/public.ts';
import { type Caller, type Callers, nobody } from './caller.ts';
import { everyRoute } from './contract/contract.ts';
import type { RouteSpec } from './contract/route.ts';
import type { Asked, Host, Implementation } from './operation.ts';
import { sendRefusal } from './problem.ts';
import type { RefusalCode } from './refusals.ts';
import { barredByScope, outOfScope } from './row-scope.ts';

export type ApiOptions = {
  readonly installation: Installation;
  readonly callers: Callers;
  readonly implementations: readonly Implementation[];
  readonly secret: string;
  readonly dataDir: string;
  readonly publicUrl: string;
};

/** Mounts every operation of the contract. Throws at start when one has no implementation or two. */
export function registerApi(app: FastifyInstance, options: ApiOptions): void {
  const byId = new Map(
    options.implementations.map((implementation) => [implementation.route.operationId, implementation]),
  );
  if (byId.size !== options.implementations.length) throw new Error('An operation is implemented twice.');
  for (const route of everyRoute) {
    const implementation = byId.get(route.operationId);
    if (!implementation) throw new Error(`Operation ${route.operationId} has no implementation.`);
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      schema: schemaOf(route),
      ...(route.operationId === 'signIn' && { config: { rateLimit: { max: 20, timeWindow: '1 minute' } } }),
      handler: handlerOf(implementation, options),
    });
  }
}

function schemaOf(route: RouteSpec): object {
  const status = route.status ?? 200;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description && { description: route.description }),
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    ...(route.body && { body: route.body }),
    ...(route.response && { response: { [status]: route.response } }),
  };
}

function handlerOf(implementation: Implementation, options: ApiOptions): RouteHandlerMethod {
  const { route } = implementation;
  return async (request, reply) => {
    const identified = route.permission === 'public' ? ok(nobody) : await options.callers.identify(request);
    if (!identified.ok) return sendRefusal(reply, identified);
    const caller = identified.value;
    const barred = permitted(route, caller) ?? barredByScope(route.operationId, caller);
    if (barred) return sendRefusal(reply, barred);
    const version = versionOf(route, request);
    if (!version.ok) return sendRefusal(reply, version);
    const asked = {
      params: request.params,
      query: request.query,
      body: request.body,
      caller,
      version: version.value,
    } as Asked<RouteSpec>;
    const host = hostOf(request, reply, caller, options);
    if (caller.clientIds !== null) {
      const outside = await host.enter((ctx) => outOfScope(ctx, caller, [request.params, request.query, request.body]));
      if (outside) return sendRefusal(reply, outside);
    }
    const answer = await once(implementation, asked, host, request);
    if (reply.sent) return reply;
    if (!answer.ok) return sendRefusal(reply, answer);
    // A handler that streams a file has put it on the reply itself.
    if (route.produces) return reply.send(answer.value);
    void reply.code(route.status ?? 200);
    return route.response ? answer.value : reply.send();
  };
}

function permitted(route: RouteSpec, caller: Caller): Refusal<RefusalCode> | null {
  if (
    route.permission === 'public' ||
    route.permission === 'signed_in' ||
    caller.actor.permissions.has(route.permission)
  )
    return null;
  return refuse(
    'forbidden',
    `Your role does not include ${route.permission}. Ask an owner of ${caller.tenantName} to change it.`,
  );
}

function versionOf(route: RouteSpec, request: FastifyRequest): Result<bigint, RefusalCode> {
  if (!route.ifMatch) return ok(0n);
  const header = request.headers['if-match'];
  if (header === undefined)
    return refuse(
      'version_required',
      'Send If-Match with the rowVersion you edited, so that nobody’s change is overwritten.',
    );
  const digits = /^(?:W\/)?"?(\d{1,18})"?$/.exec(header)?.[1];
  return digits === undefined
    ? refuse('malformed', 'If-Match must hold the rowVersion as it was given.')
    : ok(BigInt(digits));
}

function hostOf(request: FastifyRequest, reply: FastifyReply, caller: Caller, options: ApiOptions): Host {
  return {
    installation: options.installation,
    mailing: { ...options.installation, config: { publicUrl: options.publicUrl } },
    request,
    reply,
    secret: options.secret,
    dataDir: options.dataDir,
    publicUrl: options.publicUrl,
    enter: (fn, transaction) => actIn(options.installation, caller.tenant, caller.actor, fn, transaction),
  };
}

/** With an Idempotency-Key, a write takes effect once: the stored answer is given again, inside the same transaction that did the work. */
function once(
  implementation: Implementation,
  asked: Asked<RouteSpec>,
  host: Host,
  request: FastifyRequest,
): Promise<Result<unknown, RefusalCode>> {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || request.method === 'GET' || !implementation.transactional)
    return implementation.run(asked, host);
  if (key.length < 8 || key.length > 200)
    return Promise.resolve(refuse('malformed', 'Idempotency-Key must have 8 to 200 characters.'));
  const digest = createHash('sha256')
    .update(JSON.stringify([request.method, request.url, asked.body ?? null]))
    .digest();
  return implementation.run(asked, { ...host, onceInside: (ctx, work) => answerOnce(ctx, { key, digest }, work) });
}
