import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { Host } from './operation.ts';

/**
 * Answers with CSV a piece at a time, inside one transaction of the caller's tenant: the first piece decides whether the request
 * failed; a fault after it breaks the connection off, so that half a file is never taken for a whole one.
 */
export async function streamCsv(
  host: Host,
  fileName: string,
  pieces: (ctx: Ctx) => AsyncGenerator<string>,
): Promise<Result<PassThrough, never>> {
  const out = new PassThrough();
  let begun = (_error: unknown): void => {};
  const started = new Promise<unknown>((resolve) => {
    begun = resolve;
  });
  const whole = host.enter(async (ctx) => {
    const source = pieces(ctx);
    const first = await source.next();
    begun(null);
    await pipeline(first.done ? [] : onward(first.value, source), out);
  });
  whole.catch((error: unknown) => {
    begun(error);
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  const failed = await started;
  if (failed !== null) throw failed;
  void host.reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${fileName}"`);
  return ok(out);
}

async function* onward(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
