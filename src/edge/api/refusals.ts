/**
 * The one table from HTTP statuses to the refusal codes of every room. A handler that may answer with a code that is not here does
 * not compile. 400 malformed, 401 who are you, 403 not yours to do, 404 not here (also: not yours to see), 409 conflicts with what
 * is, 412 changed meanwhile, 413 too large, 415 not this kind of file, 422 understood and refused, 428 say which version,
 * 429 too often, 503 not now.
 */
const codesByStatus = {
  400: ['malformed', 'malformed_id', 'malformed_mapping', 'malformed_definition', 'invalid_cursor', 'bad_cursor'],
  401: ['signed_out', 'wrong_credentials', 'unauthenticated'],
  403: ['forbidden', 'cross_site', 'live_clock'],
  404: [
    'not_found', 'account_not_found', 'allocation_not_found', 'client_not_found', 'cluster_not_found', 'contact_point_not_found', 'hold_not_found', 'item_not_found',
    'journal_not_found', 'no_such_key', 'no_such_member', 'party_not_found', 'promise_not_found', 'receipt_not_found', 'stop_not_found', 'unknown_account', 'task_not_found', 'message_not_found', 'import_not_found', 'phone_not_found', 'no_strategy', 'no_decision',
  ],
  409: [
    'not_closed', 'not_uncertain', 'receipt_key_reused', 'task_claimed', 'task_closed',
    'conflict', 'already_done', 'illegal_transition', 'already_closed', 'already_ended', 'already_member', 'already_promised', 'already_released', 'already_reversed', 'already_revoked', 'clock_backwards', 'duplicate',
    'duplicate_number', 'idempotency_mismatch', 'last_owner', 'name_taken', 'number_taken', 'promise_closed', 'receipt_reversed', 'wrong_state', 'as_of_before_last_run',
  ],
  412: ['changed_meanwhile', 'version_conflict'],
  413: ['too_large', 'file_too_large'],
  415: ['unreadable_file'],
  422: [
    'call_back_in_past', 'empty_note', 'no_address', 'no_promise_from_this', 'not_a_worker', 'note_too_long', 'nothing_open', 'too_far',
    'invalid', 'refused', 'invalid_key', 'invalid_tenant', 'amount_not_positive', 'as_of_in_future', 'bad_client', 'bad_email', 'bad_party', 'bad_phone', 'bad_postal', 'cannot_allocate', 'currency_mismatch',
    'due_before_issue', 'due_in_past', 'empty_file', 'ends_before_it_begins', 'grace_out_of_range', 'in_the_future', 'item_not_of_account', 'mapping_incomplete', 'missing_column', 'more_than_owed',
    'needs_evidence', 'needs_note', 'no_effects', 'no_items', 'no_rows', 'no_such_day', 'nothing_owed', 'other_currency', 'received_in_future', 'reversed_before_effect', 'reversed_before_received',
    'reversed_in_future', 'too_many_columns', 'unknown_country', 'unknown_currency', 'unknown_rule', 'unknown_sheet', 'unknown_zone', 'unreadable_date', 'wrong_sign', 'not_allowed', 'no_contact_point',
  ],
  428: ['version_required'],
  429: ['too_many_requests'],
  503: ['unavailable'],
} as const satisfies Record<number, readonly string[]>;

type CodesByStatus = typeof codesByStatus;
export type RefusalCode = CodesByStatus[keyof CodesByStatus][number];

/** The status of each code. */
export const statusOf = Object.fromEntries(
  Object.entries(codesByStatus).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)])),
) as Record<RefusalCode, number>;

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
