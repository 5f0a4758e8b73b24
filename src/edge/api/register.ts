import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  preValidationAsyncHookHandler,
  RouteHandlerMethod,
} from 'fastify';
import { type Refusal, type Result, ok, refuse } from '../../kernel/result.ts';
import { actIn, type Installation } from '../../modules/identity/public.ts';
import { type Caller, type Callers, nobody } from './caller.ts';
import { everyRoute } from './contract/contract.ts';
import type { RouteSpec } from './contract/route.ts';
import { maskedNotice, maskFreeText } from './free-text.ts';
import { once } from './once.ts';
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
      onRequest: gateOf(route, options),
      preValidation: refuseZeroCharacters,
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

type Entered = { readonly caller: Caller; readonly version: bigint };

/** Who asks, kept from the gate to the handler. */
const entered = new WeakMap<FastifyRequest, Entered>();

/** Asks who is there and what they may do before a byte of the body is read: a stranger learns nothing from how it is taken. */
function gateOf(route: RouteSpec, options: ApiOptions): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const identified = route.permission === 'public' ? ok(nobody) : await options.callers.identify(request, reply);
    if (!identified.ok) return sendRefusal(reply, identified);
    const caller = identified.value;
    const barred = permitted(route, caller) ?? barredByScope(route.operationId, caller);
    if (barred) return sendRefusal(reply, barred);
    const version = versionOf(route, request);
    if (!version.ok) return sendRefusal(reply, version);
    entered.set(request, { caller, version: version.value });
    return undefined;
  };
}

/** PostgreSQL keeps no U+0000 in text, so nothing that carries one can be taken in. */
const refuseZeroCharacters: preValidationAsyncHookHandler = async (request, reply) => {
  if (!holdsZero([request.params, request.query, request.body])) return undefined;
  return sendRefusal(
    reply,
    refuse('malformed', 'A text holds the character U+0000, which cannot be kept. Leave it out.'),
  );
};

function holdsZero(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, part]) => name.includes('\0') || holdsZero(part));
}

function handlerOf(implementation: Implementation, options: ApiOptions): RouteHandlerMethod {
  const { route } = implementation;
  return async (request, reply) => {
    const entry = entered.get(request);
    if (!entry) throw new Error(`${route.operationId} was reached past its gate`);
    const { caller, version } = entry;
    const host = hostOf(request, reply, caller, options);
    // A stranger's request is of no tenant: it signs somebody in or sets the installation up, and holds no words to keep.
    const { body, masked } =
      route.permission === 'public'
        ? { body: request.body, masked: false }
        : await maskFreeText(request.body, (work) => host.enter(work));
    if (masked) void reply.header('dunwell-notice', maskedNotice);
    const asked = { params: request.params, query: request.query, body, caller, version } as Asked<RouteSpec>;
    if (caller.clientIds !== null) {
      const outside = await host.enter((ctx) => outOfScope(ctx, caller, [request.params, request.query, request.body]));
      if (outside) return sendRefusal(reply, outside);
    }
    const answer = await once(implementation, asked, host);
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
