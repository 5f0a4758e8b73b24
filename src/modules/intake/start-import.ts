import { type CalendarDate, localDateOf, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import type { Client } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { openImport } from './create-import.ts';
import type { SourceRow } from './csv-reader.ts';
import type { Target } from './fields.ts';
import type { FileStore } from './file-store.ts';
import type { Import, SnapshotScope } from './import.ts';
import { moveImport } from './import.sql.ts';
import { type InspectedFile, type Inspection, inspectFile } from './inspect-file.ts';
import { checkMapping, type Mapping } from './mapping.ts';
import { type PreviewRow, previewRows } from './preview-rows.ts';
import { saveMapping } from './saved-mappings.ts';
import { bodyRows, type FormatHints, readRows } from './source-file.ts';

/** Opens one transaction of the tenant. A file is read between two of them: none may wait for a workbook being unpacked. */
export type Within = <T>(fn: (ctx: Ctx) => Promise<T>) => Promise<T>;

type NotOpened = 'import_not_found' | 'wrong_state';
type NotRead = 'unreadable_file' | 'file_too_large' | 'too_many_columns' | 'no_rows' | 'unknown_sheet';

async function inspectedFile(files: FileStore, job: Import, path: string): Promise<InspectedFile> {
  const { head, size } = await files.head(job.storedAs ?? '');
  const { notUtf8At = null, hasC1 = false, hasUndefined1252 = false } = job.options.bytes ?? {};
  return { path, fileName: job.fileName, size, findings: { head, notUtf8At, hasC1, hasUndefined1252 } };
}

type Looked = { job: Import; client: Client; path: string; today: CalendarDate; inspection: Inspection };

async function look(
  within: Within,
  files: FileStore,
  importId: Id<'import'>,
  hints: FormatHints & { readonly target?: Target | undefined },
): Promise<Result<Looked, NotOpened | NotRead>> {
  const opened = await within(async (ctx) => {
    const found = await openImport(ctx, files, importId);
    return found.ok ? ok({ ...found.value, today: todayOf(ctx, found.value.client) }) : found;
  });
  if (!opened.ok) return opened;
  const { job, client, path } = opened.value;
  const inspection = await inspectFile(await inspectedFile(files, job, path), hints.target ?? job.target, hints, {
    currency: client.currency,
  });
  return inspection.ok ? ok({ ...opened.value, inspection: inspection.value }) : inspection;
}

/** What the file of an import looks like, with a suggested mapping. Refuses as `inspectFile`, and `import_not_found`, `wrong_state`. */
export async function inspectImport(
  within: Within,
  files: FileStore,
  importId: Id<'import'>,
  hints: FormatHints & { readonly target?: Target | undefined } = {},
): Promise<Result<Inspection, NotOpened | NotRead>> {
  const looked = await look(within, files, importId, hints);
  return looked.ok ? ok(looked.value.inspection) : looked;
}

export type PreviewInput = FormatHints & { readonly mapping: Mapping; readonly until: CalendarDate | null };

const previewed = 50;

/** The first rows as they would be taken in. Refuses as `inspectImport`, `missing_column`, `mapping_incomplete`. */
export async function previewImport(
  within: Within,
  files: FileStore,
  importId: Id<'import'>,
  input: PreviewInput,
): Promise<Result<PreviewRow[], NotOpened | NotRead | 'missing_column' | 'mapping_incomplete'>> {
  const looked = await look(within, files, importId, { ...input, target: input.mapping.target });
  if (!looked.ok) return looked;
  const { job, path, today, inspection } = looked.value;
  const fits = checkMapping(input.mapping, inspection.headers);
  if (!fits.ok) return fits;
  const body: SourceRow[] = [];
  for await (const batch of bodyRows(readRows(path, inspection.format), inspection.format.headerRow)) {
    body.push(...batch.rows);
    if (body.length >= previewed) break;
  }
  return ok(
    previewRows(input.mapping, inspection.headers, body.slice(0, previewed), {
      clientId: job.clientId,
      until: input.until,
      today,
    }),
  );
}

/** The client's calendar date at the ctx's instant. */
export const todayOf = (ctx: Ctx, client: Client): CalendarDate => localDateOf(ctx.at, timeZone(client.timeZone));

export type StartInput = PreviewInput & {
  readonly fullSnapshot?: boolean;
  readonly scope?: SnapshotScope;
  readonly saveMappingAs?: string | null;
  /** The caller works on it itself; otherwise a worker takes it up. */
  readonly claim?: boolean;
};

/**
 * Settles how the file is read and hands the import over to be worked on. Refuses as `previewImport`; `wrong_state` when it has been
 * started before; `invalid` for a full snapshot of anything but items, or one "until" a date.
 */
export async function startImport(
  within: Within,
  files: FileStore,
  importId: Id<'import'>,
  input: StartInput,
): Promise<Result<void, NotOpened | NotRead | 'missing_column' | 'mapping_incomplete' | 'invalid'>> {
  const looked = await look(within, files, importId, { ...input, target: input.mapping.target });
  if (!looked.ok) return looked;
  const { job, inspection } = looked.value;
  if (input.mapping.target !== job.target)
    return refuse(
      'invalid',
      `The file was uploaded as ${job.target}, but the mapping is for ${input.mapping.target}. Choose another mapping.`,
    );
  if (input.fullSnapshot && job.target !== 'items')
    return refuse(
      'invalid',
      'Only a file of items can be a full snapshot: contacts and receipts are never closed by being absent.',
    );
  if (input.fullSnapshot && input.until !== null)
    return refuse('invalid', 'A file cut off at a date is not a full snapshot. Choose one of the two.');
  const fits = checkMapping(input.mapping, inspection.headers);
  if (!fits.ok) return fits;
  return within((ctx) => settle(ctx, job, inspection, input));
}

async function settle(
  ctx: Ctx,
  job: Import,
  inspection: Inspection,
  input: StartInput,
): Promise<Result<void, 'wrong_state'>> {
  const moved = await moveImport(ctx, job.id, 'staging', {
    mapping: input.mapping,
    options: {
      ...job.options,
      until: input.until,
      fullSnapshot: input.fullSnapshot ?? false,
      scope: input.scope ?? {},
      format: inspection.format,
      headers: inspection.headers,
    },
    ...(input.claim && { claim: true }),
  });
  if (!moved)
    return refuse(
      'wrong_state',
      `The import of "${job.fileName}" is ${job.state.replace('_', ' ')} and cannot be started again. Upload the file again.`,
    );
  if (input.saveMappingAs) await saveMapping(ctx, { name: input.saveMappingAs, mapping: input.mapping });
  await recordAudit(ctx, {
    action: 'import.started',
    subjectKind: 'import',
    subjectId: job.id,
    detail: { until: input.until, fullSnapshot: input.fullSnapshot ?? false, scope: input.scope ?? {} },
  });
  return ok();
}
