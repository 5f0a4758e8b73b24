import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SHARED = resolve(import.meta.dirname, '..', '..', '..', 'shared');

/** A file of the folder `shared` that lies beside the checkout; throws a sentence when it is not there. */
export function sharedFile(...parts: string[]): string {
  const path = join(SHARED, ...parts);
  if (!existsSync(path)) {
    throw new Error(
      `These tests need ${join('..', 'shared', ...parts)} beside the checkout. Put the folder there, or run npm test, which does without it.`,
    );
  }
  return path;
}
