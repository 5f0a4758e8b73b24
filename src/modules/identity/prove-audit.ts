import { digestOfSet, sealedText } from './audit-entry.ts';
import { erasedLine, type ProvenEntry, treeOver } from './audit-proof.ts';
import {
  type Concerned,
  findHead,
  findSeq,
  type Link,
  selectConcerned,
  selectHashes,
  selectSealed,
} from './audit.sql.ts';
import { actIn, type Installation } from './act-in.ts';
import { recordAudit } from './record-audit.ts';
import { sealAudit } from './seal-audit.ts';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import type { TenantId } from '../../kernel/ids.ts';

export type ProofAsked = {
  readonly tenant: TenantId;
  readonly actor: Actor;
  readonly concerned: Concerned;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** SHA-256 of what the proof is to vouch for. */
  readonly manifestSha256: string;
};

/** The entry that vouches, its place at the end of the chain, and the entries it vouches for, a batch at a time. */
export type AuditProof = {
  readonly made: Omit<ProvenEntry, 'path'>;
  readonly entries: (act: Acting) => AsyncGenerator<ProvenEntry[]>;
};

type Acting = <T>(fn: (ctx: Ctx) => Promise<T>) => Promise<T>;

const batch = 500;
const everything = Number.MAX_SAFE_INTEGER;

/**
 * Writes and seals an `evidence.made` entry that names the digest given, the set of entries concerned, and the root of a tree over the
 * chain's seals. Who knows the chain's head afterwards can check each of those entries without seeing any other.
 */
export async function proveAudit(installation: Installation, asked: ProofAsked): Promise<AuditProof> {
  const act: Acting = (fn) => actIn(installation, asked.tenant, asked.actor, fn, { statementTimeoutMs: 0 });
  // First on its own: nobody else's sealing waits while the tree is reckoned.
  await act((ctx) => sealAudit(ctx, everything));
  const found = await act(async (ctx) => {
    const last = (await findHead(ctx.db, ctx.tenant))?.seq ?? 0n;
    const entries = await selectConcerned(ctx.db, ctx.tenant, asked.concerned, last);
    const first = entries[0]?.seq ?? last;
    const tree = treeOver(await selectHashes(ctx.db, ctx.tenant, first, last));
    // Few: only entries from before free text went under a person's key can be erased.
    const seqs = entries.filter((entry) => entry.erased).map((entry) => entry.seq);
    const erased = (await selectSealed(ctx.db, ctx.tenant, seqs)).map(provenOf);
    return { last, first, entries, erased, tree };
  });
  const made = await act(async (ctx) => {
    const id = await recordAudit(ctx, {
      action: 'evidence.made',
      subjectKind: asked.subjectKind,
      subjectId: asked.subjectId,
      detail: {
        manifestSha256: asked.manifestSha256,
        treeRoot: found.tree.root,
        treeFirst: found.first.toString(),
        treeLast: found.last.toString(),
        erasedDigest: digestOfSet(found.erased.map(erasedLine)).toString('hex'),
      },
      set: { count: BigInt(found.entries.length), digest: digestOfSet(found.entries.map((entry) => entry.entryId)) },
    });
    await sealAudit(ctx, everything);
    const seq = await findSeq(ctx.db, ctx.tenant, id);
    const [link] = seq === null ? [] : await selectSealed(ctx.db, ctx.tenant, [seq]);
    if (!link) throw new Error(`The entry ${id} was not sealed`);
    return provenOf(link);
  });
  return {
    made,
    async *entries(reading) {
      for (let from = 0; from < found.entries.length; from += batch) {
        const seqs = found.entries.slice(from, from + batch).map((entry) => entry.seq);
        const links = await reading((ctx) => selectSealed(ctx.db, ctx.tenant, seqs));
        yield links.map((link) => ({ ...provenOf(link), path: found.tree.pathOf(Number(link.seq - found.first)) }));
      }
    },
  };
}

function provenOf(link: Link): Omit<ProvenEntry, 'path'> {
  const { seq, entry_id: entryId, previous_hash: previous, hash, erased_at: erased, ...entry } = link;
  if (entry.id === null) throw new Error(`The audit entry ${entryId} is gone`);
  return {
    seq: seq.toString(),
    previousHash: previous.toString('hex'),
    hash: hash.toString('hex'),
    text: sealedText(entry),
    ...(erased !== null && { erased: true }),
  };
}
