/**
 * The one table from refusal codes to HTTP statuses. A handler that may answer with a code that is not here does not compile.
 * 400 malformed, 401 who are you, 403 not yours to do, 404 not here (also: not yours to see), 409 conflicts with what is,
 * 412 changed meanwhile, 413 too large, 415 not this kind of file, 422 understood but refused, 428 say which version, 429 too often, 503 not now.
 */
export const statusOf = {
  malformed: 400,
  malformed_id: 400,
  signed_out: 401,
  wrong_credentials: 401,
  forbidden: 403,
  cross_site: 403,
  not_found: 404,
  conflict: 409,
  already_done: 409,
  duplicate: 409,
  idempotency_mismatch: 409,
  changed_meanwhile: 412,
  too_large: 413,
  unreadable_file: 415,
  invalid: 422,
  refused: 422,
  version_required: 428,
  too_many_requests: 429,
  unavailable: 503,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof statusOf;

export const titleOf: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'Please sign in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Unreadable file',
  422: 'Refused',
  428: 'Version required',
  429: 'Too many requests',
  500: 'Something broke on our side',
  503: 'Not available right now',
};
