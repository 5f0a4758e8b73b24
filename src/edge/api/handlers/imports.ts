import type { MultipartFile } from '@fastify/multipart';
import { z } from 'zod';
import { calendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { readCursor, writeCursor } from '../../../kernel/cursor.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { retryRejects } from '../../../flows/import-portfolio.ts';
import { listClients } from '../../../modules/accounts/public.ts';
import {
  cancelImport,
  confirmImport,
  createImport,
  deleteMapping,
  discardRejects,
  exportRejects,
  fieldsOf,
  fileStore,
  goneSentence,
  type Import,
  type Inspection,
  inspectImport,
  listImports,
  listMappings,
  listRejects,
  loadImport,
  curePlaces,
  parseMapping,
  previewImport,
  readiness,
  type Reject,
  startImport,
} from '../../../modules/intake/public.ts';
import { prepareMissingNotices, stateEmailProcedure } from '../../../modules/compliance/public.ts';
import * as contract from '../contract/imports.ts';
import type { ResponseOf } from '../contract/route.ts';
import type { Caller } from '../caller.ts';
import * as s from '../contract/shapes.ts';
import { type Host, type Implementation, implement, implementFlow } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';
import { outOfScope } from '../row-scope.ts';
import { streamCsv } from '../stream-csv.ts';

type ImportBody = ResponseOf<typeof contract.getImport>;
type ImportRow = { readonly job: Import; readonly clientName: string };
type PreviewQuestions = ResponseOf<typeof contract.previewImport>['questions'];

/** Files: uploaded, looked at, mapped, taken in by a worker, their rejects mended. */
export function importHandlers(): Implementation[] {
  return [
    implement(contract.listImports, async (ctx, { query, caller }) => {
      const after = query.cursor === undefined ? null : readCursor(query.cursor, ['instant', 'uuid']);
      if (after && !after.ok) return after;
      const [at = '', id = ''] = after?.value ?? [];
      const jobs = await listImports(ctx, {
        limit: query.limit + 1,
        after: after === null ? null : { at: new Date(at), id },
      });
      const page = jobs.slice(0, query.limit);
      const last = page.at(-1);
      const names = await clientNames(ctx);
      // A page may come out short for a member who sees some clients only; the cursor goes on all the same.
      const visible = page.filter((job) => caller.clientIds === null || caller.clientIds.includes(job.clientId));
      return ok({
        rows: visible.map((job) => importBody({ job, clientName: names.get(job.clientId) ?? '' })),
        nextCursor: jobs.length > query.limit && last ? writeCursor([last.createdAt.toISOString(), last.id]) : null,
      });
    }),
    implementFlow(contract.uploadImport, async ({ caller }, host) => receiveUpload(caller, host)),
    // These three read the file, between transactions of their own.
    implementFlow(contract.inspectImport, async ({ params, query }, host) => {
      const importId = idOf('import', params.importId);
      const inspection = await inspectImport(host.enter, fileStore(host.dataDir), importId, query);
      if (!inspection.ok) return inspection;
      const job = await host.enter((ctx) => loadImport(ctx, importId));
      return job.ok ? ok(inspectionBody(inspection.value, query.target ?? job.value.target)) : job;
    }),
    implementFlow(contract.previewImport, async ({ params, body }, host) => {
      const mapping = parseMapping(body.mapping);
      if (!mapping.ok) return mapping;
      const importId = idOf('import', params.importId);
      const rows = await previewImport(host.enter, fileStore(host.dataDir), importId, {
        mapping: mapping.value,
        ...hintsOf(body),
        until: dayOf(body.until),
      });
      if (!rows.ok) return rows;
      const questions: PreviewQuestions = [];
      return ok({
        rows: rows.value.map((row) => ({ ...row, values: { ...row.values } })),
        questions,
        problems: rows.value.filter((row) => row.field !== null).length,
      });
    }),
    implementFlow(contract.startImport, async ({ params, body }, host) => {
      const mapping = parseMapping(body.mapping);
      if (!mapping.ok) return mapping;
      const started = await startImport(host.enter, fileStore(host.dataDir), idOf('import', params.importId), {
        mapping: mapping.value,
        ...hintsOf(body),
        until: dayOf(body.until),
        fullSnapshot: body.fullSnapshot,
        saveMappingAs: body.saveMappingAs,
      });
      return started.ok ? host.enter((ctx) => findBody(ctx, params.importId)) : started;
    }),
    implementFlow(contract.confirmImport, async ({ params, body }, host) =>
      decideSnapshot(params.importId, body.proceed, host),
    ),
    implement(contract.getImport, async (ctx, { params }) => findBody(ctx, params.importId)),
    ...rejectHandlers(),
    implement(contract.listMappings, async (ctx) =>
      ok({ rows: (await listMappings(ctx)).map((row) => ({ ...row, rowVersion: row.rowVersion.toString() })) }),
    ),
    implement(contract.deleteMapping, async (ctx, { params }) => {
      const deleted = await deleteMapping(ctx, idOf('mapping', params.mappingId));
      return deleted.ok ? ok(undefined) : deleted;
    }),
    implement(contract.getReadiness, async (ctx, { query, caller }) => {
      const asked = query.clientId === undefined ? caller.clientIds : [query.clientId];
      const found = await readiness(ctx, asked === null ? null : asked.map((id) => idOf('client', id)));
      return ok({ ...found, blocked: found.blocked.map((row) => ({ ...row, examples: [...row.examples] })) });
    }),
    implement(contract.stateEmailProcedure, async (ctx, { body }) =>
      stateEmailProcedure(ctx, {
        clientId: idOf('client', body.clientId),
        sentOn: calendarDate(body.sentOn),
        optOutBy: calendarDate(body.optOutBy),
        evidence: body.evidence,
      }),
    ),
    implement(contract.prepareMissingNotices, async (ctx, { body }) => {
      const made = await prepareMissingNotices(ctx, {
        clientId: idOf('client', body.clientId),
        channel: body.channel,
        after: body.cursor,
      });
      if (!made.ok) return made;
      const { prepared, left, cursor } = made.value;
      return ok({
        prepared: [...prepared],
        left: left.map((one) => ({ ...one, examples: [...one.examples] })),
        nextCursor: cursor,
      });
    }),
    implement(contract.cureReadiness, async (ctx, { body }) =>
      curePlaces(ctx, { ...body, clientId: idOf('client', body.clientId) }),
    ),
  ];
}

function rejectHandlers(): Implementation[] {
  return [
    implement(contract.listRejects, async (ctx, { params, query }) => {
      const after = query.cursor === undefined ? null : readCursor(query.cursor, ['integer']);
      if (after && !after.ok) return after;
      const listed = await listRejects(ctx, idOf('import', params.importId), {
        limit: query.limit + 1,
        afterRowNo: Number(after?.value[0] ?? 0),
      });
      if (!listed.ok) return listed;
      const rows = listed.value.rows.slice(0, query.limit);
      const last = rows.at(-1);
      return ok({
        rows: rows.map(rejectBody),
        reasons: listed.value.reasons,
        nextCursor: listed.value.rows.length > query.limit && last ? writeCursor([String(last.rowNo)]) : null,
      });
    }),
    implementFlow(contract.exportRejects, async ({ params }, host) => {
      const importId = idOf('import', params.importId);
      const job = await host.enter((ctx) => loadImport(ctx, importId));
      return job.ok ? streamCsv(host, 'rejected-rows.csv', (ctx) => exportRejects(ctx, importId)) : job;
    }),
    implementFlow(contract.retryRejects, async ({ params, body, caller }, host) => {
      const retried = await retryRejects(
        { ...host.installation, config: { dataDir: host.dataDir } },
        caller.tenant,
        caller.actor,
        idOf('import', params.importId),
        body.rows,
      );
      return retried.ok
        ? ok({ takenIn: retried.value.takenIn, stillRejected: retried.value.stillRejected.map(rejectBody) })
        : retried;
    }),
    implement(contract.discardRejects, async (ctx, { params, body }) =>
      discardRejects(ctx, idOf('import', params.importId), body.rowNos),
    ),
  ];
}

const uploadFields = z.object({ clientId: s.id, target: contract.target });
const fieldValue = (part: unknown): unknown =>
  typeof part === 'object' && part !== null && 'value' in part ? part.value : undefined;

/** Keeps the bytes first, outside any transaction, then registers them; what is refused leaves no file behind. */
async function receiveUpload(caller: Caller, host: Host): Promise<Result<ImportBody, RefusalCode>> {
  if (!host.request.isMultipart())
    return refuse('malformed', 'Send the file as multipart/form-data, with clientId and target before it.');
  const part: MultipartFile | undefined = await host.request.file();
  if (!part) return refuse('malformed', 'The upload carries no file. Send clientId and target first, then the file.');
  const fields = uploadFields.safeParse({
    clientId: fieldValue(part.fields['clientId']),
    target: fieldValue(part.fields['target']),
  });
  if (!fields.success) {
    part.file.resume();
    return refuse('malformed', 'Send clientId and target (items, contacts or receipts) as fields before the file.');
  }
  const { clientId, target } = fields.data;
  const barred = await host.enter(async (ctx) => {
    const outside = caller.clientIds === null ? null : await outOfScope(ctx, caller, [{ clientId }]);
    return (
      outside ??
      ((await clientNames(ctx)).has(clientId.toLowerCase())
        ? null
        : refuse('client_not_found', 'There is no such client.'))
    );
  });
  if (barred) {
    part.file.resume();
    return barred;
  }
  const files = fileStore(host.dataDir);
  const stored = await files.receive(part.file, part.filename);
  if (!stored.ok) return stored;
  try {
    const created = await host.enter(async (ctx) => {
      const made = await createImport(ctx, { clientId: idOf('client', clientId), target, file: stored.value });
      return made.ok ? findBody(ctx, made.value.importId) : made;
    });
    if (!created.ok) await files.remove(stored.value.storedAs);
    return created;
  } catch (error) {
    await files.remove(stored.value.storedAs);
    throw error;
  }
}

async function decideSnapshot(
  importId: string,
  proceed: boolean,
  host: Host,
): Promise<Result<ImportBody, RefusalCode>> {
  const id = idOf('import', importId);
  const decided = await host.enter(async (ctx) => {
    if (proceed) return confirmImport(ctx, id);
    return cancelImport(ctx, id);
  });
  if (!decided.ok) return decided;
  if (decided.value?.storedAs) await fileStore(host.dataDir).remove(decided.value.storedAs);
  return host.enter((ctx) => findBody(ctx, importId));
}

const hintsOf = (body: { sheet: string | null; encoding: string | null; delimiter: string | null }) => ({
  sheet: body.sheet ?? undefined,
  encoding: body.encoding ?? undefined,
  delimiter: body.delimiter ?? undefined,
});

const dayOf = (day: string | null) => (day === null ? null : calendarDate(day));

async function clientNames(ctx: Ctx): Promise<Map<string, string>> {
  return new Map((await listClients(ctx)).map((client) => [client.id as string, client.name]));
}

async function findBody(ctx: Ctx, importId: string): Promise<Result<ImportBody, 'import_not_found'>> {
  const job = await loadImport(ctx, idOf('import', importId));
  if (!job.ok) return job;
  const names = await clientNames(ctx);
  return ok(importBody({ job: job.value, clientName: names.get(job.value.clientId) ?? '' }));
}

function importBody({ job, clientName }: ImportRow): ImportBody {
  return {
    id: job.id,
    client: { id: job.clientId, name: clientName },
    target: job.target,
    fileName: job.fileName,
    fileSize: Number(job.fileSize),
    state: job.state,
    progress: job.progress && { ...job.progress },
    counts: { ...job.counts },
    openRejects: job.openRejects,
    failure: job.failure,
    confirmation:
      job.state === 'needs_confirmation' ? goneSentence(job, job.counts['live'] ?? 0, job.counts['gone'] ?? 0) : null,
    options: { until: job.options.until, fullSnapshot: job.options.fullSnapshot },
    createdBy: job.createdBy,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

const rejectBody = (row: Reject) => ({ ...row, cells: { ...row.cells } });

/** Why the file is read as it is; of UTF-8 nobody need be told. */
function encodingNote({ format, formatReason }: Inspection): string[] {
  return formatReason === null || (format.kind === 'csv' && format.encoding === 'utf-8') ? [] : [formatReason];
}

function inspectionBody(found: Inspection, target: Import['target']): ResponseOf<typeof contract.inspectImport> {
  const { format, suggestion } = found;
  return {
    kind: format.kind,
    encoding: format.kind === 'csv' ? format.encoding : null,
    delimiter: format.kind === 'csv' ? format.delimiter : null,
    sheet: format.kind === 'xlsx' ? format.sheet : null,
    sheets: [...found.sheets],
    headers: [...found.headers],
    sample: found.sample.map((cells) => [...cells]),
    rowsSeen: found.rowsSeen,
    target,
    suggested: suggestion.mapping,
    questions: suggestion.questions.map((question) => ({ ...question, choices: [...question.choices] })),
    warnings: [...encodingNote(found), ...found.warnings, ...suggestion.notes],
    columns: found.columns.map((column) => ({
      header: column.header,
      guess: guessOf(column),
      filled: column.filled,
      examples: [...column.samples],
    })),
    fields: fieldsOf(target).map((field) => ({
      field: field.name,
      label: field.label,
      required: field.required ?? false,
      help: field.help,
    })),
  };
}

/** What the values of a column look like, in one word. */
function guessOf(column: Inspection['columns'][number]): string {
  if (column.distinct === 0) return 'empty';
  if (column.emailShare > 0.8) return 'e-mail';
  if (column.currencyShare === 1) return 'currency';
  if (column.dateFormats.length > 0) return 'date';
  if (column.allWholeNumbers) return 'number';
  return column.amountFormats.length > 0 ? 'amount' : 'text';
}
