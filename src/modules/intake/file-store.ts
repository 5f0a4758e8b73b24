import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { newId } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { byteWatcher, headLength } from './byte-findings.ts';
import type { ByteFindings } from './encoding.ts';

/** Bytes of an upload that wait under the data directory, and what one pass over them found. */
export type StoredFile = {
  readonly storedAs: string;
  readonly fileName: string;
  readonly size: number;
  readonly sha256: Buffer;
  readonly findings: ByteFindings;
};

/** Where uploads wait; `root` is the data directory. */
export type FileStore = {
  /** Keeps a stream of bytes, unpacking gzip. Refuses: `empty_file`, `file_too_large` (over 1 GB unpacked), `unreadable_file`. */
  receive(
    bytes: Readable,
    fileName: string,
  ): Promise<Result<StoredFile, 'empty_file' | 'file_too_large' | 'unreadable_file'>>;
  /** The first bytes and the size of what is stored. */
  head(storedAs: string): Promise<{ readonly head: Buffer; readonly size: number }>;
  path(storedAs: string): string;
  remove(storedAs: string): Promise<void>;
};

const maxBytes = 1024 * 1024 * 1024;
const folder = 'uploads';
const safeName = /^[0-9a-f-]{36}$/;

class TooLarge extends Error {}

/** Uploads under a data directory, each under a name of ours, readable by the server's user only. */
export function fileStore(root: string, limit: number = maxBytes): FileStore {
  const path = (storedAs: string) => {
    if (!safeName.test(storedAs)) throw new TypeError('Not the name of a stored upload');
    return join(root, folder, storedAs);
  };
  return {
    path,
    remove: (storedAs) => rm(path(storedAs), { force: true }),
    async head(storedAs) {
      const file = await open(path(storedAs));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
        return { head: buffer.subarray(0, bytesRead), size: (await file.stat()).size };
      } finally {
        await file.close();
      }
    },
    async receive(bytes, fileName) {
      await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
      const storedAs = newId<'upload'>();
      const watcher = byteWatcher();
      const watching = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          watcher.see(chunk);
          received += chunk.length;
          done(received > limit ? new TooLarge() : null, chunk);
        },
      });
      let received = 0;
      try {
        const { stream, zipped } = await peeked(bytes);
        const sink = createWriteStream(path(storedAs), { mode: 0o600 });
        await (zipped ? pipeline(stream, createGunzip(), watching, sink) : pipeline(stream, watching, sink));
      } catch (error) {
        await rm(path(storedAs), { force: true });
        if (error instanceof TooLarge)
          return refuse(
            'file_too_large',
            `"${fileName}" is larger than 1 GB. Split it and import the parts one after the other.`,
          );
        if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
          return refuse('unreadable_file', `"${fileName}" is a damaged gzip file. Send it again.`);
        throw error;
      }
      const findings = watcher.end();
      if (findings.size === 0) {
        await rm(path(storedAs), { force: true });
        return refuse('empty_file', `"${fileName}" is empty. Export it again and look whether it has rows.`);
      }
      return ok({ storedAs, fileName: plainName(fileName), size: findings.size, sha256: findings.sha256, findings });
    },
  };
}

const plainName = (name: string) =>
  name
    .replace(/^.*[\\/]/, '')
    .replace(/[\u0000-\u001f]/g, '')
    .replace(/\.gz$/i, '')
    .slice(0, 200) || 'file';

/** The stream unharmed, and whether its first two bytes are gzip's. */
async function peeked(bytes: Readable): Promise<{ stream: AsyncIterable<Buffer>; zipped: boolean }> {
  const iterator = (bytes as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  async function* whole() {
    yield head;
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  }
  return { stream: whole(), zipped: head[0] === 0x1f && head[1] === 0x8b };
}
