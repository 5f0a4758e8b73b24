import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describeApi } from '../server.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');

/** `dunwell openapi`: writes docs/openapi.json from the schemas that validate. Needs no database. */
export function define(program: Command): void {
  program
    .command('openapi')
    .description('Write the OpenAPI document')
    .option('--out <file>', 'where to (default: docs/openapi.json of this checkout)')
    .action(write);
}

async function write({ out = DOCUMENT }: { readonly out?: string }): Promise<void> {
  const document = await describeApi();
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify(document, null, 2)}\n`);
  process.stdout.write(`${out}\n`);
}
