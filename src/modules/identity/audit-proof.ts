import { createHash } from 'node:crypto';

/**
 * A sealed entry that a stranger can check: the text its seal covers, the seal before it, and the hashes that lead from its own seal to
 * the root of a tree over all seals up to some place in the chain.
 */
export type ProvenEntry = {
  readonly seq: string;
  readonly previousHash: string;
  readonly hash: string;
  /** Exactly what was hashed after the previous hash and `seq:`. */
  readonly text: string;
  readonly path: readonly string[];
  /** Present when free text was erased from it: the text is no longer what was hashed, and only its place is proven. */
  readonly erased?: true;
};

/** An erased entry as the digest of erased entries covers it: nothing else vouches for what it still says. */
export const erasedLine = (entry: Omit<ProvenEntry, 'path'>): string =>
  `${entry.seq} ${entry.previousHash} ${entry.hash} ${entry.text}`;

/** What the seal of an entry must be: SHA-256 of the previous hash's 32 bytes, the number with a colon, and the text. */
export function sealOf(entry: Pick<ProvenEntry, 'seq' | 'previousHash' | 'text'>): string {
  return createHash('sha256')
    .update(Buffer.from(entry.previousHash, 'hex'))
    .update(`${entry.seq}:${entry.text}`)
    .digest('hex');
}

const pair = (left: Uint8Array, right: Uint8Array): Buffer => createHash('sha256').update(left).update(right).digest();
const LENGTH = 32;

export type HashTree = { readonly root: string; readonly pathOf: (index: number) => string[] };

/**
 * The tree over `hashes` (32 bytes each, side by side): a level pairs neighbours from the left; one without a neighbour is paired with
 * itself.
 */
export function treeOver(hashes: Buffer): HashTree {
  const levels = [hashes];
  let level = hashes;
  while (level.length > LENGTH) {
    const count = level.length / LENGTH;
    const next = Buffer.alloc(Math.ceil(count / 2) * LENGTH);
    for (let index = 0; index < count; index += 2)
      pair(nodeAt(level, index), nodeAt(level, index + 1)).copy(next, (index / 2) * LENGTH);
    levels.push(next);
    level = next;
  }
  return {
    root: level.toString('hex'),
    pathOf: (index) => levels.slice(0, -1).map((nodes, depth) => nodeAt(nodes, (index >> depth) ^ 1).toString('hex')),
  };
}

function nodeAt(level: Buffer, index: number): Buffer {
  const inside = Math.min(index, level.length / LENGTH - 1);
  return level.subarray(inside * LENGTH, (inside + 1) * LENGTH);
}

/** The root that a hash at an index leads to by its path. */
export function rootOf(hash: string, index: number, path: readonly string[]): string {
  let reached: Buffer = Buffer.from(hash, 'hex');
  let place = index;
  for (const step of path) {
    const other = Buffer.from(step, 'hex');
    reached = place % 2 === 0 ? pair(reached, other) : pair(other, reached);
    place = Math.floor(place / 2);
  }
  return reached.toString('hex');
}
