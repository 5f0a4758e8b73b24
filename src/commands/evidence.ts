import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { print } from '../command-line.ts';
import { checkEvidence, type EvidenceVerdict } from '../flows/evidence/check-evidence.ts';

type Options = { readonly head?: string; readonly json?: boolean };

/** `dunwell evidence`: checks a pack that somebody was given, without our database. */
export function define(program: Command): void {
  const evidence = program.command('evidence').description('Evidence packs; no database is needed');
  evidence
    .command('verify <file>')
    .description(
      'Checks every byte of an evidence pack against the audit proof inside it; exits 1 naming what was altered',
    )
    .option('--head <hash>', 'the end of the audit chain as you know it from elsewhere')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nThe READ-ME.txt inside the pack has the commands that do the same in a plain shell.')
    .action((file: string, options: Options) => {
      const verdict = checkEvidence(read(file), options.head);
      print(verdict, options.json, inWords);
      if (verdict.findings.length > 0) process.exitCode = 1;
    });
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function inWords(verdict: EvidenceVerdict): string {
  if (verdict.findings.length > 0)
    return ['This pack is not as it was made:', ...verdict.findings.map((one) => `  ${one}`)].join('\n');
  return [
    `${verdict.title}, made ${verdict.madeAt}: nothing was changed, left out or added.`,
    `${verdict.files} files, ${verdict.permits} permits, ${verdict.auditEntries} audit entries.`,
    `Audit chain of tenant ${verdict.tenant} ended at ${verdict.head?.seq} ${verdict.head?.hash}. Compare this with a head you know from elsewhere.`,
  ].join('\n');
}
