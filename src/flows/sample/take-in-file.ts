import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Actor } from '../../kernel/ctx.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { actIn } from '../../modules/identity/public.ts';
import {
  createImport,
  type Import,
  inspectImport,
  loadImport,
  startImport,
  type Target,
  type Within,
} from '../../modules/intake/public.ts';
import { type ImportHost, importPortfolio, uploadsOf } from '../import-portfolio.ts';

export type SampleFile = {
  readonly clientId: Id<'client'>;
  readonly target: Target;
  readonly path: string;
  readonly until: CalendarDate | null;
  readonly saveMappingAs?: string;
};

/**
 * Takes a file of ours in as a person would: uploaded, inspected, the suggested mapping accepted, worked on until it ends. Throws
 * when a question about it is open or it does not end in `done`: our own files leave no doubt.
 */
export async function takeInFile(host: ImportHost, tenant: TenantId, actor: Actor, file: SampleFile): Promise<Import> {
  const files = uploadsOf(host);
  const stored = unwrap(await files.receive(createReadStream(file.path), basename(file.path)));
  const { clientId, target, until, saveMappingAs = null } = file;
  const within: Within = (fn) => actIn(host, tenant, actor, fn);
  const { importId } = unwrap(await within((ctx) => createImport(ctx, { clientId, target, file: stored })));
  const { mapping, questions } = unwrap(await inspectImport(within, files, importId)).suggestion;
  if (questions.length > 0) throw new Error(`${file.path}: ${questions[0]?.sentence}`);
  unwrap(await startImport(within, files, importId, { mapping, until, saveMappingAs, claim: true }));
  await importPortfolio(host, tenant, actor, importId);
  const ended = unwrap(await within((ctx) => loadImport(ctx, importId)));
  if (ended.state !== 'done')
    throw new Error(`${file.path} ended ${ended.state}: ${ended.failure ?? 'it waits for a confirmation'}`);
  return ended;
}
