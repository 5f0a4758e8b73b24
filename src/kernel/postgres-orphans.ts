import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ASKED_FOR_MS = 5_000;
const GONE_WITHIN_MS = 15_000;

/**
 * Ends what is left of a server whose postmaster was killed: backends notice that only when they next wait, and while one of them is
 * busy PostgreSQL refuses to start on these files. Throws a sentence when they cannot be ended. Call it only when no postmaster runs on `directory`.
 */
export async function endOrphans(directory: string): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const left = processesOn(directory);
    const waited = performance.now() - begun;
    if (left.length === 0) return;
    if (waited > GONE_WITHIN_MS) {
      throw new Error(
        `Processes of a database server that was killed still hold ${directory} (${left.join(', ')}) and do not end. End them, or restart the machine, and start again.`,
      );
    }
    // Their shared memory is lost with the postmaster, so nothing is spoilt by force; what was committed is in the log.
    for (const pid of left) signal(pid, waited > ASKED_FOR_MS ? 'SIGKILL' : 'SIGTERM');
    await pause(50);
  }
}

function processesOn(directory: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isPostgresOn(pid, directory));
}

/** True when the process runs PostgreSQL's program in this very cluster, where a server and all its children stand. */
export function isPostgresOn(pid: number, directory: string): boolean {
  try {
    return (
      basename(readlinkSync(`/proc/${pid}/exe`)).startsWith('postgres') &&
      readlinkSync(`/proc/${pid}/cwd`) === directory
    );
  } catch {
    return process.platform !== 'linux';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile, which is what was wanted.
  }
}
