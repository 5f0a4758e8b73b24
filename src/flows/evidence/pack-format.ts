import type { ProvenEntry } from '../../modules/identity/public.ts';

/** The form of an evidence pack that `dunwell evidence verify` reads. */
export const FORMAT = 'dunwell-evidence/2';

/** Every file of the pack but this one and the audit proof, in order. Its own digest is sealed in the audit chain. */
export type Manifest = {
  readonly format: typeof FORMAT;
  readonly tenant: string;
  readonly title: string;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
};

/**
 * A sealed entry as a line of plain text, so that a shell can check it too: number, hash before, hash, whether it was erased, the way up the
 * tree, and what was sealed. A dash stands for none; what was sealed is JSON and has no line feed.
 */
export const proofLine = (entry: Omit<ProvenEntry, 'path'> & { readonly path?: readonly string[] }): string =>
  `${[entry.seq, entry.previousHash, entry.hash, entry.erased ? 'erased' : '-', entry.path?.join(',') || '-', entry.text].join(' ')}\n`;

const form = /^(\d+) ([0-9a-f]{64}) ([0-9a-f]{64}) (erased|-) (-|[0-9a-f]{64}(?:,[0-9a-f]{64})*) (\{.*\})$/;

/** The entry of a line, or null where it is none. */
export function readProofLine(line: string): ProvenEntry | null {
  const [, seq, previousHash, hash, erased, path, text] = form.exec(line) ?? [];
  if (!seq || !previousHash || !hash || !path || !text) return null;
  return {
    seq,
    previousHash,
    hash,
    text,
    path: path === '-' ? [] : path.split(','),
    ...(erased === 'erased' && { erased: true as const }),
  };
}
