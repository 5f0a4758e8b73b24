import { sha256Hex } from '../../kernel/crypto.ts';
import { readZip, type ZipPart } from '../../kernel/zip.ts';
import { digestOfSet, erasedLine, type ProvenEntry, rootOf, sealOf } from '../../modules/identity/public.ts';
import { FORMAT, type Manifest, readProofLine } from './pack-format.ts';

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
  const [made, more] = proofOf(byName.get('audit/made.txt'));
  if (
    byName.size !== parts.length ||
    manifest?.format !== FORMAT ||
    !Array.isArray(manifest.files) ||
    !made ||
    more !== undefined
  )
    return { ...nothing, findings: ['The pack has no manifest or audit proof that can be read, or a file twice.'] };
  const entries: ProvenEntry[] = [];
  for (const part of parts.filter(({ name }) => proofFile.test(name)))
    for (const entry of proofOf(part))
      if (entry) entries.push(entry);
      else return { ...nothing, findings: [`${part.name} was altered: a line of it is no audit entry.`] };
  const permits = parts.filter(({ name }) => name.startsWith('permits/')).flatMap(permitsOf);
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
      ...permits
        .filter(factsOff)
        .map((permit) => `The facts of permit ${permit?.id ?? '?'} are not those of its digest.`),
    ],
  };
}

type PermitLine = {
  readonly id: string;
  readonly facts_text: string;
  readonly facts_sha256: string;
  readonly erased_at?: string | null;
};
// Whoever altered a pack may have left anything: what is read from it may be missing.
type Text = {
  readonly id?: string;
  readonly tenant_id?: string;
  readonly action?: string;
  readonly detail_text?: string;
  readonly set_count?: string | null;
  readonly set_digest?: string | null;
};
type Detail = {
  readonly manifestSha256?: string;
  readonly treeRoot?: string;
  readonly treeFirst?: string;
  readonly erasedDigest?: string;
};

const factsOff = (permit: Partial<PermitLine> | null): boolean =>
  !permit?.erased_at &&
  (typeof permit?.facts_text !== 'string' || sha256Hex(permit.facts_text) !== permit.facts_sha256);

function filesOff(parts: readonly ZipPart[], manifest: Manifest): string[] {
  const proof = (name: string): boolean =>
    name === 'manifest.json' || proofFile.test(name) || name === 'audit/made.txt';
  const given = new Map(parts.filter(({ name }) => !proof(name)).map((part) => [part.name, part.bytes]));
  const off = manifest.files.flatMap(({ name, sha256 }) => {
    const bytes = given.get(name);
    given.delete(name);
    if (!bytes) return [`${name} is missing.`];
    return sha256Hex(bytes) === sha256 ? [] : [`${name} was altered.`];
  });
  return [...off, ...[...given.keys()].map((name) => `${name} was added; the manifest does not name it.`)];
}

function sealOff(made: ProvenEntry, digest: string, manifest: Manifest, head: string | undefined): string[] {
  const text = textOf(made);
  const findings: string[] = [];
  if (sealOf(made) !== made.hash) findings.push('The entry that vouches for the pack is not what was sealed.');
  if (text.action !== 'evidence.made' || text.tenant_id !== manifest.tenant || detailOf(text).manifestSha256 !== digest)
    findings.push('The sealed entry vouches for another manifest: the manifest was altered.');
  if (head !== undefined && head.toLowerCase() !== made.hash)
    findings.push(`The pack ends in ${made.hash}, and not in the head you named.`);
  return findings;
}

function entriesOff(entries: readonly ProvenEntry[], made: ProvenEntry): string[] {
  const vouched = textOf(made);
  const { treeRoot, treeFirst, erasedDigest } = detailOf(vouched);
  const findings = entries.flatMap((entry) => {
    const index = Number(BigInt(entry.seq) - BigInt(/^\d+$/.test(treeFirst ?? '') ? (treeFirst ?? 0) : 0));
    if (!entry.erased && sealOf(entry) !== entry.hash) return [`Audit entry ${entry.seq} is not what was sealed.`];
    return rootOf(entry.hash, index, entry.path) === treeRoot ? [] : [`Audit entry ${entry.seq} is not of this chain.`];
  });
  const ids = entries.map((entry) => textOf(entry).id ?? '');
  if (String(ids.length) !== vouched.set_count || digestOfSet(ids).toString('hex') !== vouched.set_digest)
    findings.push(
      `The pack should hold ${vouched.set_count} audit entries, each once; some are missing or others were added.`,
    );
  const erased = entries.filter((entry) => entry.erased).map(erasedLine);
  if (digestOfSet(erased).toString('hex') !== erasedDigest)
    findings.push('Erased audit entries are not those that were erased, or do not say what was left of them.');
  return findings;
}

const detailOf = (text: Text): Detail => parsedText<Detail>(text.detail_text ?? '') ?? {};
const textOf = (entry: ProvenEntry): Text => parsedText<Text>(entry.text) ?? {};
const proofFile = /^audit\/\d+\.txt$/;

const parsed = <T>(part: ZipPart | undefined): T | null =>
  part ? parsedText<T>(Buffer.from(part.bytes).toString('utf8')) : null;

function parsedText<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T | null;
  } catch {
    return null;
  }
}

/** The entries of a file; null for a line that is none. */
function proofOf(part: ZipPart | undefined): (ProvenEntry | null)[] {
  const lines = Buffer.from(part?.bytes ?? '')
    .toString('utf8')
    .split('\n');
  return lines.pop() === '' ? lines.map(readProofLine) : [null];
}

/** The permits of a file; null for a line that is no JSON. */
const permitsOf = (part: ZipPart): (Partial<PermitLine> | null)[] =>
  Buffer.from(part.bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parsedText<PermitLine>(line));
