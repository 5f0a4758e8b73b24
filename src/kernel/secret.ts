import { createHmac, randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * The installation's secret: the configured one, else 32 random bytes (hex) kept in `<dataDir>/secret`, readable by its
 * owner only and made at the first start.
 */
export function loadSecret(configured: string | undefined, dataDir: string): string {
  return configured ?? loadOrCreate(dataDir, 'secret');
}

/** Reads a random value kept in a private file of the data directory, making it when absent. */
export function loadOrCreate(dataDir: string, name: string): string {
  prepareDataDir(dataDir);
  const path = join(dataDir, name);
  const found = readIfPresent(path);
  if (found !== null) return found;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600 });
  try {
    // A hard link fails when another process was first, so both end up reading the same value.
    linkSync(draft, path);
    chmodSync(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}

/**
 * Makes the data directory: private, except that root lets others pass through to the files they own (the database's user must).
 * Throws a sentence when there can be none, or this user may not write to it.
 */
export function prepareDataDir(dataDir: string): void {
  try {
    if (!existsSync(dataDir)) {
      mkdirSync(dataDir, { recursive: true });
      chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    }
    if (!statSync(dataDir).isDirectory()) throw new Error('it is a file, not a folder');
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The data directory ${dataDir} cannot be used: ${why}. Make it a folder that this user may write to, or set DUNWELL_DATA to another one.`,
      { cause: error },
    );
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The password of a database role, derived so that it is never stored. */
export function rolePassword(secret: string, role: string): string {
  return createHmac('sha256', secret).update(`db-role:${role}`).digest('hex');
}
