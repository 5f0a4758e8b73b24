import { createHash } from 'node:crypto';
import { canonicalJson } from '../../kernel/crypto.ts';

/** What the chain covers of one entry, as the database holds it: texts and integers that read back the same everywhere. */
export type SealedFields = {
  readonly tenant_id: string;
  readonly id: string;
  /** Microseconds since 1970, UTC. */
  readonly recorded_us: bigint;
  readonly created_us: bigint;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly account_id: string | null;
  /** The jsonb as PostgreSQL prints it. */
  readonly detail_text: string;
  readonly person_id: string | null;
  readonly personal: Buffer | null;
  readonly set_count: bigint | null;
  readonly set_digest: Buffer | null;
};

/** A tenant's chain starts from 32 zero bytes. */
export const genesis: Buffer = Buffer.alloc(32);

/**
 * The text a seal covers: every field. Personal values enter as ciphertext: destroying a person's key makes them unreadable and leaves
 * every hash as it was.
 */
export function sealedText(entry: SealedFields): string {
  return canonicalJson({
    ...entry,
    personal: entry.personal?.toString('hex') ?? null,
    set_digest: entry.set_digest?.toString('hex') ?? null,
  });
}

/** SHA-256 of the previous hash, the sequence number and the entry's text. */
export function sealHash(previous: Uint8Array, seq: bigint, entry: SealedFields): Buffer {
  return createHash('sha256').update(previous).update(`${seq}:`).update(sealedText(entry)).digest();
}

/**
 * Digest of a set of ids, whatever their order: SHA-256 over the sorted ids, each followed by a line feed. In SQL:
 * `sha256(convert_to(string_agg(id::text || chr(10), '' order by id::text collate "C"), 'UTF8'))`.
 */
export function digestOfSet(ids: Iterable<string>): Buffer {
  const hash = createHash('sha256');
  for (const id of [...ids].sort()) hash.update(`${id}\n`);
  return hash.digest();
}
