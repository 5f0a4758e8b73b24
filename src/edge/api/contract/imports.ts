import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

export const target = z.enum(['items', 'contacts', 'receipts']);
/** What a field of a target takes its value from: a column with a format, a constant, or a computation over columns. */
export const source = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('column'),
      column: z.string(),
      format: z
        .string()
        .nullable()
        .default(null)
        .describe(
          'Dates: M/D/YYYY, D/M/YYYY, DD-MM-YYYY, DD-Mon-YY, YYYY-MM-DD, excel …; amounts: 1,234.56 or 1.234,56',
        ),
    }),
    z.object({ kind: z.literal('constant'), value: z.string() }),
    z.object({
      kind: z.literal('add_days'),
      date: z.string(),
      dateFormat: z.string().nullable().default(null),
      days: z.string().describe('Column that holds a number of days'),
    }),
    z.object({ kind: z.literal('concat'), columns: z.array(z.string()), separator: z.string() }),
    z.object({ kind: z.literal('first_of'), columns: z.array(z.string()) }),
  ])
  .meta({ id: 'FieldSource' });
export const mapping = z
  .object({
    target,
    fields: z.record(z.string(), source),
    defaults: z.object({
      currency: s.currency.nullable(),
      country: z.string().nullable(),
      timeZone: z.string().nullable(),
      partyKind: z.enum(['person', 'business']).default('business'),
    }),
  })
  .meta({ id: 'Mapping' });
const question = z.object({
  field: z.string(),
  column: z.string(),
  sentence: z.string(),
  choices: z.array(z.object({ format: z.string(), example: z.string() })),
});
const counts = z.record(z.string(), z.number().int());
export const importJob = z
  .object({
    id: s.id,
    client: s.ref,
    target,
    fileName: z.string(),
    fileSize: z.number().int(),
    state: z.enum(['uploaded', 'staging', 'applying', 'needs_confirmation', 'done', 'failed', 'cancelled']),
    progress: z.object({ done: z.number(), of: z.number(), unit: z.enum(['bytes', 'rows']) }).nullable(),
    counts,
    openRejects: z.number().int(),
    failure: z.string().nullable(),
    confirmation: z.string().nullable().describe('What will happen if it is confirmed'),
    options: z.object({ until: s.date.nullable(), fullSnapshot: z.boolean() }),
    createdBy: z.string(),
    createdAt: s.instant,
    finishedAt: s.instant.nullable(),
  })
  .meta({ id: 'Import' });
export const inspection = z
  .object({
    kind: z.enum(['csv', 'xlsx']),
    encoding: z.string().nullable(),
    delimiter: z.string().nullable(),
    sheets: z.array(z.string()),
    sheet: z.string().nullable(),
    headers: z.array(z.string()),
    sample: z.array(z.array(z.string())),
    rowsSeen: z.number().int(),
    target,
    suggested: mapping,
    questions: z.array(question),
    warnings: z.array(z.string()),
    columns: z.array(
      z.object({
        header: z.string(),
        guess: z.string(),
        filled: z.number().describe('Share of sampled rows with a value, 0-1'),
        examples: z.array(z.string()),
      }),
    ),
    fields: z.array(z.object({ field: z.string(), label: z.string(), required: z.boolean(), help: z.string() })),
  })
  .meta({ id: 'Inspection' });
const params = z.object({ importId: s.id });
export const listImports = route({
  method: 'GET',
  path: '/api/v1/imports',
  operationId: 'listImports',
  tag: 'Import',
  permission: 'accounts.read',
  summary: 'Imports, newest first',
  query: z.object({ cursor: s.cursor.optional(), limit: s.limit }),
  response: s.page(importJob),
});
export const uploadImport = route({
  method: 'POST',
  path: '/api/v1/imports',
  operationId: 'uploadImport',
  tag: 'Import',
  permission: 'intake.write',
  status: 201,
  multipart: true,
  summary: 'Upload a file (CSV to 1 GB, XLSX to 50 MB)',
  description: 'multipart/form-data: `clientId`, `target`, then `file`. Nothing is taken in yet.',
  response: importJob,
});
export const inspectImport = route({
  method: 'GET',
  path: '/api/v1/imports/{importId}/inspection',
  operationId: 'inspectImport',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'What the file looks like, a suggested mapping, and what must be asked',
  params,
  query: z.object({
    sheet: z.string().max(100).optional(),
    encoding: z.string().max(30).optional(),
    delimiter: z.string().max(2).optional(),
    target: target.optional(),
  }),
  response: inspection,
});
/** What a person says about the file instead of what was found out; null keeps the finding. */
const readAs = {
  sheet: z.string().max(100).nullable().default(null),
  encoding: z.string().max(30).nullable().default(null),
  delimiter: z.string().max(2).nullable().default(null),
};
export const previewImport = route({
  method: 'POST',
  path: '/api/v1/imports/{importId}/preview',
  operationId: 'previewImport',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'The first rows as they would be taken in',
  params,
  body: z.object({ mapping, ...readAs, until: s.date.nullable().default(null) }),
  response: z.object({
    rows: z.array(
      z.object({
        rowNo: z.number().int(),
        values: z.record(z.string(), z.string().nullable()),
        problem: z.string().nullable(),
        field: z.string().nullable(),
      }),
    ),
    questions: z.array(question),
    problems: z.number().int(),
  }),
});
export const startImport = route({
  method: 'POST',
  path: '/api/v1/imports/{importId}/start',
  operationId: 'startImport',
  tag: 'Import',
  permission: 'intake.write',
  status: 202,
  summary: 'Take the file in',
  params,
  body: z.object({
    mapping,
    ...readAs,
    until: s.date.nullable().default(null),
    fullSnapshot: z.boolean().default(false),
    saveMappingAs: z.string().trim().min(1).max(120).nullable().default(null),
  }),
  response: importJob,
});
export const confirmImport = route({
  method: 'POST',
  path: '/api/v1/imports/{importId}/confirm',
  operationId: 'confirmImport',
  tag: 'Import',
  permission: 'intake.write',
  status: 202,
  summary: 'Confirm (or cancel) a full snapshot that would close many items',
  params,
  body: z.object({ proceed: z.boolean() }),
  response: importJob,
});
export const getImport = route({
  method: 'GET',
  path: '/api/v1/imports/{importId}',
  operationId: 'getImport',
  tag: 'Import',
  permission: 'accounts.read',
  summary: 'One import with its progress',
  params,
  response: importJob,
});
const reject = z
  .object({
    rowNo: z.number().int(),
    cells: z.record(z.string(), z.string()),
    reasonCode: z.string(),
    reason: z.string(),
    field: z.string().nullable(),
    state: z.enum(['open', 'fixed', 'discarded']),
  })
  .meta({ id: 'Reject' });
export const listRejects = route({
  method: 'GET',
  path: '/api/v1/imports/{importId}/rejects',
  operationId: 'listRejects',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'Rows that were not taken in, with the reason',
  params,
  query: z.object({ cursor: s.cursor.optional(), limit: s.limit }),
  response: s.page(reject).extend({ reasons: z.array(z.object({ code: z.string(), count: z.number().int() })) }),
});
export const exportRejects = route({
  method: 'GET',
  path: '/api/v1/imports/{importId}/rejects/export',
  operationId: 'exportRejects',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'The same rows as CSV',
  params,
  produces: 'text/csv',
});
export const retryRejects = route({
  method: 'POST',
  path: '/api/v1/imports/{importId}/rejects/retry',
  operationId: 'retryRejects',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'Mend rows and take them in alone',
  params,
  body: z.object({
    rows: z
      .array(z.object({ rowNo: z.number().int(), cells: z.record(z.string(), z.string().max(5000)) }))
      .min(1)
      .max(500),
  }),
  response: z.object({ takenIn: z.number().int(), stillRejected: z.array(reject) }),
});
export const discardRejects = route({
  method: 'POST',
  path: '/api/v1/imports/{importId}/rejects/discard',
  operationId: 'discardRejects',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'Leave rows out for good',
  params,
  body: z.object({ rowNos: z.array(z.number().int()).min(1).max(5000) }),
  response: z.object({ discarded: z.number().int() }),
});
export const listMappings = route({
  method: 'GET',
  path: '/api/v1/mappings',
  operationId: 'listMappings',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'Saved mappings',
  response: z.object({ rows: z.array(z.object({ id: s.id, name: z.string(), mapping, rowVersion: s.rowVersion })) }),
});
export const deleteMapping = route({
  method: 'DELETE',
  path: '/api/v1/mappings/{mappingId}',
  operationId: 'deleteMapping',
  tag: 'Import',
  permission: 'intake.write',
  status: 204,
  summary: 'Delete a saved mapping',
  params: z.object({ mappingId: s.id }),
});
const blocker = z.enum([
  'no_email',
  'bad_email',
  'no_time_zone',
  'opted_out',
  'held',
  'sensitive',
  'stale_feed',
  'no_last_day_to_sue',
  'no_email_procedure',
  'no_notice',
  'not_signed',
  'no_consent',
]);
export const getReadiness = route({
  method: 'GET',
  path: '/api/v1/readiness',
  operationId: 'getReadiness',
  tag: 'Import',
  permission: 'accounts.read',
  summary: 'How many open accounts cannot be contacted, and why',
  query: z.object({ clientId: s.id.optional() }),
  response: z.object({
    accounts: z.number().int(),
    ready: z.number().int(),
    blocked: z.array(
      z.object({
        reason: blocker,
        count: z.number().int(),
        sentence: z.string(),
        cure: z.string(),
        partly: z.boolean().describe('Closes a way to the person, not all'),
        examples: z.array(s.ref),
      }),
    ),
  }),
});
export const cureReadiness = route({
  method: 'POST',
  path: '/api/v1/readiness/cure',
  operationId: 'cureReadiness',
  tag: 'Import',
  permission: 'intake.write',
  summary: 'Set country and time zone for all parties that lack them',
  body: z.object({ clientId: s.id, country: z.string().length(2), timeZone: z.string().max(64) }),
  response: z.object({ changed: z.number().int() }),
});
export const stateEmailProcedure = route({
  method: 'POST',
  path: '/api/v1/readiness/email-procedure',
  operationId: 'stateEmailProcedure',
  tag: 'Import',
  permission: 'compliance.override',
  summary:
    'State which notice the creditor gave before it handed e-mail addresses over, for all of a client’s consumers at once',
  body: z.object({
    clientId: s.id,
    sentOn: s.date.describe('When the creditor sent its notice'),
    optOutBy: s.date.describe('The last day on which a person could say no; at least 35 days after'),
    evidence: z.string().trim().max(2000).describe('How it can be proved'),
  }),
  response: z.object({
    stated: z.number().int().describe('Addresses it opens once the day has passed'),
    notPublic: z
      .number()
      .int()
      .describe('Addresses at domains that are not open to the public: it does not cover them'),
  }),
});
export const prepareMissingNotices = route({
  method: 'POST',
  path: '/api/v1/readiness/notices',
  operationId: 'prepareMissingNotices',
  tag: 'Import',
  permission: 'contacts.send',
  summary:
    'Prepare validation notices for consumer accounts of a client that have none, some 200 a request; go on from the cursor',
  body: z.object({
    clientId: s.id,
    channel: z.enum(['letter', 'email']).default('letter'),
    cursor: s.id.nullable().default(null),
  }),
  response: z.object({
    prepared: z.array(s.id),
    left: z.array(
      z.object({ code: z.string(), sentence: z.string(), count: z.number().int(), examples: z.array(s.id) }),
    ),
    nextCursor: s.id.nullable(),
  }),
});
