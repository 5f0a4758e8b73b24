import { existsSync } from 'node:fs';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { everyImplementation } from './edge/api/implementations.ts';
import { openApiDocument, registerOpenApi } from './edge/api/openapi.ts';
import { answerFault, newRequestId, sendProblem } from './edge/api/problem.ts';
import { registerApi } from './edge/api/register.ts';
import { sessionCallers } from './edge/api/session-caller.ts';
import { securityHeaders, sendSecurityHeaders } from './edge/security-headers.ts';
import { registerNoticeReply } from './edge/hooks/notice-reply.ts';
import { registerUnsubscribe } from './edge/hooks/unsubscribe.ts';
import type { Installation } from './installation.ts';
import { createAuth } from './modules/identity/public.ts';

const UI = join(import.meta.dirname, '..', 'dist', 'ui');
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/** The HTTP side of one process: API, OpenAPI document, unsubscribe page, reply form of notices, staff web app, health. Not listening yet. */
export async function buildServer(installation: Installation): Promise<FastifyInstance> {
  const { config, log } = installation;
  const app = newApp(config);
  app.log = Object.assign(app.log, { error: log.error.bind(log) });
  app.addHook('onSend', sendSecurityHeaders(config.publicUrl));
  await app.register(cookie);
  await app.register(rateLimit, {
    max: 1200,
    timeWindow: '1 minute',
    errorResponseBuilder: (_request, context) =>
      Object.assign(new Error(`Too many requests. Try again in ${context.after}.`), { statusCode: 429 }),
  });
  await app.register(multipart, { limits: { fileSize: MAX_FILE_BYTES, files: 1, fields: 10, fieldSize: 10_000 } });
  await registerOpenApi(app);
  mountApi(app, installation, config);
  registerUnsubscribe(app, installation);
  registerNoticeReply(app, installation);
  registerHealth(app, installation);
  await registerPages(app);
  return app;
}

/** The OpenAPI document by itself: only the schemas are looked at, so there need be neither database nor configuration. */
export async function describeApi(): Promise<object> {
  const app = newApp({ trustProxy: false, publicUrl: '' });
  await registerOpenApi(app);
  mountApi(app, { secret: '' } as Installation, { dataDir: '', publicUrl: 'http://localhost' });
  await app.ready();
  const document = openApiDocument(app);
  await app.close();
  return document;
}

function newApp({ trustProxy, publicUrl }: Pick<Installation['config'], 'trustProxy' | 'publicUrl'>): FastifyInstance {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    trustProxy,
    genReqId: newRequestId,
    logger: false,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // An address that cannot be decoded, or has an endless part, is refused before any route is found.
    frameworkErrors: (_error, _request, reply) =>
      sendProblem(
        reply.headers(securityHeaders(publicUrl)) as FastifyReply,
        404,
        'not_found',
        'There is nothing at this address.',
      ),
  });
  // Text that is no JSON has no place here; a browser would send it across sites without asking.
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerFault);
  return app;
}

function mountApi(
  app: FastifyInstance,
  installation: Installation,
  { dataDir, publicUrl }: Pick<Installation['config'], 'dataDir' | 'publicUrl'>,
): void {
  const { database, secret } = installation;
  const auth = createAuth({ database, secret, baseUrl: publicUrl });
  registerApi(app, {
    installation,
    callers: sessionCallers(installation, auth),
    implementations: everyImplementation(auth),
    secret,
    dataDir,
    publicUrl,
  });
}

function registerHealth(app: FastifyInstance, { database }: Installation): void {
  app.get('/health', { schema: { hide: true } }, () => ({ status: 'up' }));
  app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
    try {
      await database.app.query('select 1');
      return { status: 'ready' };
    } catch {
      return reply.code(503).send({ status: 'database unreachable' });
    }
  });
}

/** The web app is one page; its files have content hashes in their names and may be kept for ever. */
async function registerPages(app: FastifyInstance): Promise<void> {
  const built = existsSync(join(UI, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: UI,
      wildcard: false,
      index: false,
      setHeaders: (reply, path) =>
        void reply.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api/') &&
      (request.headers.accept ?? '').includes('text/html');
    if (wantsPage && built) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    return sendProblem(
      reply,
      404,
      'not_found',
      wantsPage
        ? 'The web app is not built. Run `npm run build`, then start again.'
        : `There is nothing at ${request.method} ${request.url.split('?')[0] ?? ''}.`,
    );
  });
}
