import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { completed, type Document } from './openapi-document.ts';

/** Describes the API in OpenAPI 3.1, from the very schemas that validate. Served at /api/openapi.json. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dunwell API',
        version: '1.0.0',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        description:
          'Everything the screens can do. Money is an integer string of minor units beside its currency. Lists are paged by cursor. Writes accept Idempotency-Key; edits that say so need If-Match. A `Dunwell-Notice` header says in a sentence what was changed in what you sent, such as a card number that was masked. Refusals are RFC 9457 problems whose `code` is stable.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key, shown once when it is created under Settings',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'dunwell',
            description: 'The staff session of the web app',
          },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform({
      skipList: ['/api/openapi.json', '/*', '/', '/health', '/ready', '/metrics'],
    }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry: z.globalRegistry }),
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => openApiDocument(app));
}

/** The document as it is served; committed as docs/openapi.json. */
export function openApiDocument(app: FastifyInstance): Document {
  return completed(app.swagger() as unknown as Document);
}
