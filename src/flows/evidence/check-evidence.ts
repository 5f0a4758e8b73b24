import { sha256Hex } from '../../kernel/crypto.ts';
import { readZip, type ZipPart } from '../../kernel/zip.ts';
import { digestOfSet, type ProvenEntry, rootOf, sealOf } from '../../modules/identity/public.ts';
import { FORMAT, type Manifest } from './pack-format.ts';

export type EvidenceVerdict = {
  readonly title: string | null;
  readonly madeAt: string | null;
  readonly tenant: string | null;
  readonly files: number;
  readonly permits: number;
  readonly auditEntries: number;
  /** Where the chain ended when the pack was made. */
  readonly head: { readonly seq: string; readonly hash: string } | null;
  /** Sentences, one for each thing that is not as it was sealed. */
  readonly findings: readonly string[];
};

const nothing: EvidenceVerdict = {
  title: null,
  madeAt: null,
  tenant: null,
  files: 0,
  permits: 0,
  auditEntries: 0,
  head: null,
  findings: [],
};

/**
 * Checks an evidence pack by itself, without a database: every byte of the archive, the files against the manifest, the manifest against
 * the sealed audit entry, the entries against their seals and the tree, their completeness, and each permit's facts against their digest.
 * `head`: the end of the chain as somebody else knows it.
 */
export function checkEvidence(archive: Buffer, head?: string): EvidenceVerdict {
  const parts = readZip(archive);
  if (parts === null)
    return {
      ...nothing,
      findings: ['The archive was altered, or is no evidence pack: its bytes are not as they were written.'],
    };
  const byName = new Map(parts.map((part) => [part.name, part]));
  const manifest = parsed<Manifest>(byName.get('manifest.json'));
  const made = parsed<Omit<ProvenEntry, 'path'>>(byName.get('audit/made.json'));
  if (byName.size !== parts.length || manifest?.format !== FORMAT || !made)
    return { ...nothing, findings: ['The pack has no manifest or audit proof that can be read, or a file twice.'] };
  const entries = parts
    .filter(({ name }) => /^audit\/\d+\.jsonl$/.test(name))
    .flatMap((part) => linesOf<ProvenEntry>(part));
  const permits = parts.filter(({ name }) => name.startsWith('permits/')).flatMap((part) => linesOf<PermitLine>(part));
  return {
    title: manifest.title,
    madeAt: manifest.madeAt,
    tenant: manifest.tenant,
    files: manifest.files.length,
    permits: permits.length,
    auditEntries: entries.length,
    head: { seq: made.seq, hash: made.hash },
    findings: [
      ...filesOff(parts, manifest),
      ...sealOff(made, sha256Hex(byName.get('manifest.json')?.bytes ?? ''), manifest, head),
      ...entriesOff(entries, made),
      ...permits.filter(factsOff).map(({ id }) => `The facts of permit ${id} are not those of its digest.`),
    ],
  };
}

type PermitLine = {
  readonly id: string;
  readonly facts_text: string;
  readonly facts_sha256: string;
  readonly erased_at?: string | null;
};
type Text = {
  readonly id: string;
  readonly tenant_id: string;
  readonly action: string;
  readonly detail_text: string;
  readonly set_count: string | null;
  readonly set_digest: string | null;
};
type Detail = {
  readonly manifestSha256: string;
  readonly treeRoot: string;
  readonly treeFirst: string;
  readonly erasedDigest: string;
};

const factsOff = (permit: PermitLine): boolean =>
  !permit.erased_at && sha256Hex(permit.facts_text) !== permit.facts_sha256;

function filesOff(parts: readonly ZipPart[], manifest: Manifest): string[] {
  const proof = (name: string): boolean => name === 'manifest.json' || name.startsWith('audit/');
  const given = new Map(parts.filter(({ name }) => !proof(name)).map((part) => [part.name, part.bytes]));
  const off = manifest.files.flatMap(({ name, sha256 }) => {
    const bytes = given.get(name);
    given.delete(name);
    if (!bytes) return [`${name} is missing.`];
    return sha256Hex(bytes) === sha256 ? [] : [`${name} was altered.`];
  });
  return [...off, ...[...given.keys()].map((name) => `${name} was added; the manifest does not name it.`)];
}

function sealOff(
  made: Omit<ProvenEntry, 'path'>,
  digest: string,
  manifest: Manifest,
  head: string | undefined,
): string[] {
  const text = JSON.parse(made.text) as Text;
  const findings: string[] = [];
  if (sealOf(made) !== made.hash) findings.push('The entry that vouches for the pack is not what was sealed.');
  if (text.action !== 'evidence.made' || text.tenant_id !== manifest.tenant || detailOf(text).manifestSha256 !== digest)
    findings.push('The sealed entry vouches for another manifest: the manifest was altered.');
  if (head !== undefined && head.toLowerCase() !== made.hash)
    findings.push(`The pack ends in ${made.hash}, and not in the head you named.`);
  return findings;
}

function entriesOff(entries: readonly ProvenEntry[], made: Omit<ProvenEntry, 'path'>): string[] {
  const vouched = JSON.parse(made.text) as Text;
  const { treeRoot, treeFirst, erasedDigest } = detailOf(vouched);
  const findings = entries.flatMap((entry) => {
    const index = Number(BigInt(entry.seq) - BigInt(treeFirst));
    if (entry.erasedAt === undefined && sealOf(entry) !== entry.hash)
      return [`Audit entry ${entry.seq} is not what was sealed.`];
    return rootOf(entry.hash, index, entry.path) === treeRoot ? [] : [`Audit entry ${entry.seq} is not of this chain.`];
  });
  const ids = entries.map((entry) => (JSON.parse(entry.text) as Text).id);
  if (String(ids.length) !== vouched.set_count || digestOfSet(ids).toString('hex') !== vouched.set_digest)
    findings.push(
      `The pack should hold ${vouched.set_count} audit entries, each once; some are missing or others were added.`,
    );
  const erased = entries
    .filter((entry) => entry.erasedAt !== undefined)
    .map((entry) => (JSON.parse(entry.text) as Text).id);
  if (digestOfSet(erased).toString('hex') !== erasedDigest)
    findings.push('Entries are marked as erased that were not, or the other way round.');
  return findings;
}

const detailOf = (text: Text): Detail => JSON.parse(text.detail_text) as Detail;

function parsed<T>(part: ZipPart | undefined): T | null {
  try {
    return part ? (JSON.parse(Buffer.from(part.bytes).toString('utf8')) as T) : null;
  } catch {
    return null;
  }
}

const linesOf = <T>(part: ZipPart): T[] =>
  Buffer.from(part.bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
