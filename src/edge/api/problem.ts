import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isUnavailable } from '../../kernel/db-faults.ts';
import type { Refusal } from '../../kernel/result.ts';
import { plainly } from './invalid-value.ts';
import { type RefusalCode, statusOf, titleOf } from './refusals.ts';

/** Sends a refusal as an RFC 9457 problem. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  fields?: Readonly<Record<string, string>>,
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      type: `urn:dunwell:problem:${code}`,
      title: titleOf[status] ?? 'Refused',
      status,
      code,
      detail,
      ...(fields && { fields }),
      requestId: reply.request.id,
    });
}

export const sendRefusal = (reply: FastifyReply, refusal: Refusal<RefusalCode>): FastifyReply =>
  sendProblem(reply, statusOf[refusal.code], refusal.code, refusal.detail, refusal.fields);

const sentences: Record<string, readonly [number, RefusalCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'too_large',
    'The request body is larger than 1 MB. Send less at once, or upload a file under Import.',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: [
    400,
    'malformed',
    'The request body is not valid JSON. Look at its quotation marks, commas and brackets, and send it again.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'malformed', 'The request body is empty; send a JSON object.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unreadable_file', 'Send JSON with Content-Type: application/json.'],
  ENOSPC: [
    503,
    'unavailable',
    'The disk of this installation is full, so the file was not kept. Tell whoever runs it to free space, then send the file again.',
  ],
  FST_REQ_FILE_TOO_LARGE: [
    413,
    'too_large',
    'The file is larger than this installation takes in (CSV 1 GB, XLSX 50 MB). Split it and upload the parts.',
  ],
};

/** SQLSTATEs of unique violation, exclusion violation, serialisation failure and deadlock. */
const contended: ReadonlySet<string> = new Set(['23505', '23P01', '40001', '40P01']);

/** The only place that catches faults of requests. Personal data never reaches the log: method, route and error class do. */
export function answerFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'request';
    const fields = Object.fromEntries(
      error.validation.map((issue) => [
        issue.instancePath.replace(/^\//, '').replaceAll('/', '.') || where,
        plainly(issue),
      ]),
    );
    const [field, message] = Object.entries(fields)[0] ?? [where, 'Not valid.'];
    return sendProblem(reply, 400, 'malformed', `${field}: ${message}`, fields);
  }
  const known = sentences[error.code];
  if (known) return sendProblem(reply, known[0], known[1], known[2]);
  if (error.statusCode === 429) return sendProblem(reply, 429, 'too_many_requests', error.message);
  if (isUnavailable(error)) {
    // What the server or the network says of itself; no statement's data is in it.
    request.log.error(
      { route: request.routeOptions.url, fault: error.name, reason: error.message },
      'database unavailable',
    );
    void reply.header('retry-after', '5');
    return sendProblem(
      reply,
      503,
      'unavailable',
      'The database cannot be reached right now. Nothing you entered was lost here; try again in a few seconds.',
    );
  }
  // Two people did what only one may, at the same moment; or kept waiting for each other three times in a row.
  if (contended.has(error.code)) {
    return sendProblem(
      reply,
      409,
      'conflict',
      'Somebody else did something like it at the same moment. Look at what is there now, then try again.',
    );
  }
  if (error.statusCode !== undefined && error.statusCode < 500)
    return sendProblem(reply, error.statusCode, 'malformed', error.message);
  request.log.error(
    {
      route: request.routeOptions.url,
      method: request.method,
      fault: error.name,
      code: error.code,
      stack: error.stack?.split('\n').slice(1, 6).join('\n'),
    },
    'request failed',
  );
  return sendProblem(
    reply,
    500,
    'fault',
    `Something broke on our side. Nothing was changed. If it happens again, report it with the id ${request.id}.`,
  );
}

export const newRequestId = (): string => randomUUID();
