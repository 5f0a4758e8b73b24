import { everyRoute } from './contract/contract.ts';
import type { RouteSpec } from './contract/route.ts';

type Json = Record<string, unknown>;
type Operation = Json & { responses: Record<string, Json>; parameters?: unknown[] };
export type Document = Json & {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Json } & Json;
};

const problem = {
  description: 'A refusal or fault, with a sentence that says what to do',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
const meanings: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken on; a worker carries it out',
  204: 'Done; there is nothing to say',
};
const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: true,
  schema: { type: 'string' },
  description: 'The rowVersion the edit was made from, in quotation marks',
};
const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 8, maxLength: 200 },
  description: 'The same key again is given the first answer and changes nothing',
};
const file = { type: 'string', contentMediaType: 'application/octet-stream' };
const form = (properties: Json) => ({
  required: true,
  content: { 'multipart/form-data': { schema: { type: 'object', required: Object.keys(properties), properties } } },
});
const uploads: Readonly<Record<string, Json>> = {
  uploadImport: form({
    clientId: { type: 'string', format: 'uuid' },
    target: { type: 'string', enum: ['items', 'contacts', 'receipts'] },
    file,
  }),
};

/** Adds to the described schemas what only the contract knows: files, versions, who may ask; and leaves out what nothing points at. */
export function completed(document: Document): Document {
  const whole = withoutFormatPatterns(document) as Document;
  for (const route of everyRoute) {
    const operation = whole.paths[route.path]?.[route.method.toLowerCase()];
    if (!operation) throw new Error(`The document lacks ${route.operationId}`);
    complete(operation, route);
  }
  return { ...whole, components: { ...whole.components, schemas: referenced(whole) } };
}

function complete(operation: Operation, route: RouteSpec): void {
  const status = route.status ?? 200;
  const content = route.produces
    ? { content: { [route.produces]: { schema: { type: 'string' } } } }
    : (operation.responses[status] ?? {});
  const { description: _default, ...shape } = content as Json;
  operation.responses = { [status]: { description: meanings[status] ?? 'Done', ...shape }, default: problem };
  const headers = [
    ...(route.ifMatch ? [ifMatch] : []),
    ...(route.method === 'GET' || route.permission === 'public' ? [] : [idempotencyKey]),
  ];
  if (headers.length > 0) operation.parameters = [...(operation.parameters ?? []), ...headers];
  if (route.multipart) operation['requestBody'] = uploads[route.operationId] ?? form({ file });
  if (route.permission === 'public') operation['security'] = [];
  else if (route.permission !== 'signed_in') operation['x-permission'] = route.permission;
}

/** A pattern is hundreds of characters of noise beside `format`. */
function withoutFormatPatterns(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutFormatPatterns);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(
    ([key]) => !(key === 'pattern' && 'format' in node && node.format !== undefined),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutFormatPatterns(value)]));
}

/** Every registered schema is described for requests and for answers; most are used for one of the two only. */
function referenced(document: Document): Json {
  const { schemas } = document.components;
  const wanted = new Set<string>();
  const follow = (node: unknown): void => {
    for (const [, name = ''] of JSON.stringify(node ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (wanted.has(name)) continue;
      wanted.add(name);
      follow(schemas[name]);
    }
  };
  follow(document.paths);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => wanted.has(name)));
}
