import { Readable } from 'node:stream';
import { ok, type Result } from '../../kernel/result.ts';
import { writeZip, type ZipPart } from '../../kernel/zip.ts';
import type { Host } from './operation.ts';

/**
 * Answers with a ZIP archive a part at a time. The first part decides whether the request failed; a fault after it breaks the connection
 * off, so that half an archive is never taken for a whole one. Whoever goes away stops the work.
 */
export async function streamZip(
  host: Host,
  fileName: string,
  parts: AsyncGenerator<ZipPart>,
): Promise<Result<Readable, never>> {
  const pieces = writeZip(parts);
  const first = await pieces.next();
  void host.reply
    .header('content-type', 'application/zip')
    .header('content-disposition', `attachment; filename="${fileName}"`);
  return ok(Readable.from(onward(first, pieces), { objectMode: false }));
}

async function* onward(first: IteratorResult<Buffer>, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (!first.done) yield first.value;
  yield* rest;
}
