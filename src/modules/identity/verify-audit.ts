import type { Ctx } from '../../kernel/ctx.ts';
import { genesis, sealHash } from './audit-entry.ts';
import { countUnsealed, findHead, type Link, streamChain } from './audit.sql.ts';

/** One thing that is not as it was sealed. `seq` is where in the chain. */
export type AuditFinding = {
  readonly kind:
    | 'altered_entry'
    | 'missing_entry'
    | 'missing_seal'
    | 'broken_link'
    | 'head_mismatch'
    | 'unsealed'
    | 'proof_mismatch';
  readonly seq: bigint | null;
  readonly entryId: string | null;
  readonly detail: string;
};

/** The end of a chain at one moment. Kept outside the database, it proves later that nothing up to it was rewritten. */
export type ChainProof = { readonly tenant: string; readonly seq: string; readonly hash: string; readonly at: string };

export type AuditVerdict = { readonly entries: bigint; readonly findings: readonly AuditFinding[] };

const mostFindings = 100;

/**
 * Recomputes the tenant's chain. Each damage is found where it is: the walk goes on from the stored hash. `proof` is an
 * earlier `exportChainProof`; without one, a chain cut off at its end together with its head cannot be told from a shorter one.
 */
export async function verifyAuditChain(
  ctx: Ctx,
  options: { readonly proof?: ChainProof; readonly unsealedOlderThanS?: number } = {},
): Promise<AuditVerdict> {
  const findings: AuditFinding[] = [];
  const proven = options.proof ? BigInt(options.proof.seq) : null;
  let seq = 0n;
  let hash = genesis;
  let provenHash = proven === 0n ? genesis : null;
  for await (const links of streamChain(ctx.db, ctx.tenant)) {
    for (const link of links) {
      findings.push(...inspect(link, seq, hash));
      seq = link.seq;
      hash = link.hash;
      if (seq === proven) provenHash = hash;
    }
    if (findings.length >= mostFindings) break;
  }
  const head = await findHead(ctx.db, ctx.tenant);
  const whole = findings.length < mostFindings;
  if (whole && ((head?.seq ?? 0n) !== seq || !(head?.hash ?? genesis).equals(hash))) {
    const detail = `The chain ends at ${seq}, its head says ${head?.seq ?? 0n}: entries at the end were removed or added.`;
    findings.push({ kind: 'head_mismatch', seq, entryId: null, detail });
  }
  if (whole && options.proof && provenHash?.toString('hex') !== options.proof.hash) {
    const detail = `The chain no longer is what was proved on ${options.proof.at}.`;
    findings.push({ kind: 'proof_mismatch', seq: proven, entryId: null, detail });
  }
  const seconds = options.unsealedOlderThanS ?? 60;
  const unsealed = await countUnsealed(ctx.db, ctx.tenant, seconds);
  if (unsealed.count > 0n) {
    const detail = `${unsealed.count} entries older than ${seconds} s are not sealed. Does the worker run?`;
    findings.push({ kind: 'unsealed', seq: null, entryId: unsealed.oldest, detail });
  }
  return { entries: seq, findings: findings.slice(0, mostFindings) };
}

function inspect(link: Link, previousSeq: bigint, previousHash: Buffer): AuditFinding[] {
  const { seq, entry_id: entryId } = link;
  const found: AuditFinding[] = [];
  if (seq !== previousSeq + 1n) {
    const detail = `Seals ${previousSeq + 1n} to ${seq - 1n} are gone.`;
    found.push({ kind: 'missing_seal', seq: previousSeq + 1n, entryId: null, detail });
  } else if (!link.previous_hash.equals(previousHash)) {
    found.push({ kind: 'broken_link', seq, entryId, detail: `Seal ${seq} does not continue seal ${previousSeq}.` });
  }
  if (link.id === null) {
    found.push({ kind: 'missing_entry', seq, entryId, detail: `The entry sealed as ${seq} is gone.` });
    return found;
  }
  const { seq: _seq, entry_id: _entry, previous_hash: sealedOn, hash, erased_at: erased, ...entry } = link;
  // Emptied by the erasure's door, which the application cannot pass for it: its seal still holds its place in the chain.
  if (erased === null && !sealHash(sealedOn, seq, entry).equals(hash)) {
    found.push({ kind: 'altered_entry', seq, entryId, detail: `Entry ${entryId} is not what was sealed as ${seq}.` });
  }
  return found;
}

/** The chain's end as of now, to be kept elsewhere (printed, mailed, stored by somebody else). */
export async function exportChainProof(ctx: Ctx): Promise<ChainProof> {
  const head = (await findHead(ctx.db, ctx.tenant)) ?? { seq: 0n, hash: genesis };
  return {
    tenant: ctx.tenant,
    seq: head.seq.toString(),
    hash: head.hash.toString('hex'),
    at: ctx.at.toISOString(),
  };
}
