import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { type Client, findClient } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import type { Target } from './fields.ts';
import type { FileStore, StoredFile } from './file-store.ts';
import { type Import, noOptions } from './import.ts';
import { findImport, insertImport, moveImport, selectImports } from './import.sql.ts';

/** Registers an upload; nothing is taken in yet. Refuses: `client_not_found`. */
export async function createImport(
  ctx: Ctx,
  input: { readonly clientId: Id<'client'>; readonly target: Target; readonly file: StoredFile },
): Promise<Result<{ importId: Id<'import'> }, 'client_not_found'>> {
  if (!(await findClient(ctx, input.clientId))) return refuse('client_not_found', 'There is no such client.');
  const importId = newId<'import'>();
  const { file } = input;
  const { notUtf8At, hasC1, hasUndefined1252 } = file.findings;
  const bytes = { notUtf8At, hasC1, hasUndefined1252 };
  await insertImport(
    ctx,
    {
      id: importId,
      clientId: input.clientId,
      target: input.target,
      fileName: file.fileName,
      fileSize: BigInt(file.size),
      fileSha256: file.sha256,
      storedAs: file.storedAs,
      mapping: null,
      options: { ...noOptions, bytes },
      state: 'uploaded',
    },
    false,
  );
  await recordAudit(ctx, {
    action: 'import.uploaded',
    subjectKind: 'import',
    subjectId: importId,
    detail: { target: input.target, fileSize: file.size, fileSha256: file.sha256.toString('hex') },
  });
  return ok({ importId });
}

/** One import. Refuses: `import_not_found`. */
export async function loadImport(ctx: Ctx, importId: Id<'import'>): Promise<Result<Import, 'import_not_found'>> {
  const found = await findImport(ctx, importId);
  return found ? ok(found) : refuse('import_not_found', 'There is no such import.');
}

/** Imports newest first, a page at a time. */
export async function listImports(
  ctx: Ctx,
  page: { readonly limit: number; readonly after: { readonly at: Date; readonly id: string } | null },
): Promise<Import[]> {
  return selectImports(ctx, page.limit, page.after);
}

/** The import, its client and the stored bytes. Refuses: `import_not_found`, `wrong_state` when its file is gone. */
export async function openImport(
  ctx: Ctx,
  files: FileStore,
  importId: Id<'import'>,
): Promise<Result<{ job: Import; client: Client; path: string }, 'import_not_found' | 'wrong_state'>> {
  const job = await findImport(ctx, importId);
  if (!job) return refuse('import_not_found', 'There is no such import.');
  if (job.storedAs === null)
    return refuse(
      'wrong_state',
      `The file of "${job.fileName}" was removed after it had been taken in. Upload it again.`,
    );
  const client = await findClient(ctx, job.clientId);
  if (!client) throw new Error(`Import ${importId} names client ${job.clientId}, which does not exist`);
  return ok({ job, client, path: files.path(job.storedAs) });
}

/** Gives up an import that has not been applied; its file is the caller's to remove. Refuses: `import_not_found`, `wrong_state`. */
export async function cancelImport(
  ctx: Ctx,
  importId: Id<'import'>,
): Promise<Result<{ storedAs: string | null }, 'import_not_found' | 'wrong_state'>> {
  const job = await findImport(ctx, importId);
  if (!job) return refuse('import_not_found', 'There is no such import.');
  if (!(await moveImport(ctx, importId, 'cancelled', { forgetFile: true }))) {
    return refuse(
      'wrong_state',
      `The import of "${job.fileName}" is ${job.state.replace('_', ' ')} and cannot be cancelled.`,
    );
  }
  await recordAudit(ctx, { action: 'import.cancelled', subjectKind: 'import', subjectId: importId });
  return ok({ storedAs: job.storedAs });
}

/** Lets a full snapshot that would close many items go on. Refuses: `import_not_found`, `wrong_state`. */
export async function confirmImport(
  ctx: Ctx,
  importId: Id<'import'>,
): Promise<Result<void, 'import_not_found' | 'wrong_state'>> {
  const job = await findImport(ctx, importId);
  if (!job) return refuse('import_not_found', 'There is no such import.');
  if (
    job.state !== 'needs_confirmation' ||
    !(await moveImport(ctx, importId, 'applying', { confirmedBy: ctx.actor.name }))
  ) {
    return refuse('wrong_state', `The import of "${job.fileName}" does not wait for a confirmation.`);
  }
  await recordAudit(ctx, {
    action: 'import.confirmed',
    subjectKind: 'import',
    subjectId: importId,
    detail: { gone: job.counts.gone ?? 0, live: job.counts.live ?? 0 },
  });
  return ok();
}
