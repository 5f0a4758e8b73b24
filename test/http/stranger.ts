import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ZipPart } from '../../src/kernel/zip.ts';

/** Somebody without Dunwell, who unpacks an evidence pack and runs the indented lines of a READ-ME there, exactly as they are printed. */
export function stranger(
  readMe: string,
): (files: readonly ZipPart[]) => { readonly ok: boolean; readonly said: string } {
  const recipe = readMe
    .slice(readMe.indexOf('By hand'))
    .split('\n')
    .filter((line) => line === '' || line.startsWith('    '))
    .join('\n');
  return (files) => {
    const place = mkdtempSync(join(tmpdir(), 'dunwell-pack-'));
    for (const { name, bytes } of files) {
      mkdirSync(dirname(join(place, name)), { recursive: true });
      writeFileSync(join(place, name), bytes);
    }
    const run = spawnSync('sh', [], { cwd: place, input: recipe, encoding: 'utf8' });
    rmSync(place, { recursive: true, force: true });
    return { ok: run.status === 0, said: `${run.stdout}${run.stderr}` };
  };
}
