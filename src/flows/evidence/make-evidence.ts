import { canonicalJson, sha256Hex } from '../../kernel/crypto.ts';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { ZipPart } from '../../kernel/zip.ts';
import { actIn, type AuditProof, type Installation, loadTenant, proveAudit } from '../../modules/identity/public.ts';
import {
  type AccountEvidence,
  evidenceOf,
  fileOfDocument,
  findAccountHead,
  findNextDocument,
  type NoticeDocument,
  type Period,
  streamAccountsOf,
} from '../../modules/insights/public.ts';
import { timelinePdf, type TimelineSheet } from '../../modules/outreach/public.ts';
import { FORMAT, type Manifest, proofLine } from './pack-format.ts';
import { readMe } from './read-me.ts';

/** An account with everything on it, or everything that happened in a period on any account. */
export type EvidenceAsked = { readonly accountId: string } | { readonly period: Period; readonly name: string };

const partBytes = 1_000_000;
const entriesPerPdf = 400;

/**
 * The parts of an evidence pack, in order, as they are made: what happened, then the manifest of it, then the proof that ties the manifest
 * and the audit entries concerned to the end of the tenant's hash chain. Memory stays flat; audited by the entry the proof ends in. The
 * reader must already have been found allowed to see all of it. Throws when there is no such account.
 */
export async function* makeEvidence(
  installation: Installation,
  tenant: TenantId,
  actor: Actor,
  asked: EvidenceAsked,
): AsyncGenerator<ZipPart> {
  const files: Manifest['files'][number][] = [];
  const add = (name: string, bytes: Buffer): ZipPart => {
    files.push({ name, bytes: bytes.length, sha256: sha256Hex(bytes) });
    return { name, bytes };
  };
  const opened = await open(installation, tenant, actor, asked);
  yield add('READ-ME.txt', Buffer.from(readMe(opened.title), 'utf8'));
  for await (const { name, bytes } of contentParts(installation, tenant, actor, asked, opened)) yield add(name, bytes);
  const manifest = Buffer.from(
    canonicalJson({
      format: FORMAT,
      tenant,
      title: opened.title,
      madeAt: opened.at,
      madeBy: actor.name,
      files,
    } satisfies Manifest),
    'utf8',
  );
  yield { name: 'manifest.json', bytes: manifest };
  const proof = await proveAudit(installation, {
    tenant,
    actor,
    concerned: 'accountId' in asked ? { subjectIds: opened.subjectIds } : asked.period,
    subjectKind: 'accountId' in asked ? 'account' : 'period',
    subjectId: 'accountId' in asked ? asked.accountId : asked.name,
    manifestSha256: sha256Hex(manifest),
  });
  yield* proofParts(installation, tenant, actor, proof);
}

type Opened = {
  readonly title: string;
  readonly at: string;
  readonly author: string;
  readonly subjectIds: readonly string[];
};

async function open(installation: Installation, tenant: TenantId, actor: Actor, asked: EvidenceAsked): Promise<Opened> {
  return actIn(installation, tenant, actor, async (ctx) => {
    const { name } = await loadTenant(ctx);
    const at = ctx.at.toISOString();
    if (!('accountId' in asked)) return { title: `Evidence of ${asked.name}`, at, author: name, subjectIds: [] };
    const head = await findAccountHead(ctx, asked.accountId);
    if (!head) throw new Error(`There is no account ${asked.accountId}`);
    return { title: `Evidence on account ${head.number}`, at, author: name, subjectIds: head.subjectIds };
  });
}

/** Each account in a transaction of its own: a pack that takes minutes holds no snapshot for so long. */
async function* contentParts(
  installation: Installation,
  tenant: TenantId,
  actor: Actor,
  asked: EvidenceAsked,
  opened: Opened,
): AsyncGenerator<ZipPart & { readonly bytes: Buffer }> {
  const act = <T>(fn: (ctx: Ctx) => Promise<T>): Promise<T> => actIn(installation, tenant, actor, fn);
  const ids = 'accountId' in asked ? [asked.accountId] : await act((ctx) => accountsOf(ctx, asked.period));
  const period = 'accountId' in asked ? null : asked.period;
  const lines = new Lines();
  const pdf = new Pages(opened);
  for (const id of ids) {
    const evidence = await act((ctx) => evidenceOf(ctx, id, period));
    for (const { file, text } of evidence.lines) yield* lines.add(file, text);
    yield* pdf.add(evidence);
    let after: string | null = null;
    for (;;) {
      const document: NoticeDocument | null = await act((ctx) => findNextDocument(ctx, [id], period, after));
      if (!document) break;
      yield { name: fileOfDocument(document), bytes: document.bytes };
      after = document.id;
    }
  }
  yield* lines.rest();
  yield* pdf.rest(ids.length === 0);
}

async function accountsOf(ctx: Ctx, period: Period): Promise<string[]> {
  const ids: string[] = [];
  for await (const rows of streamAccountsOf(ctx, period)) ids.push(...rows.map((row) => row.id));
  return ids;
}

const numbered = (place: number): string => String(place).padStart(4, '0');

/** Lines of JSON gathered into files of about a megabyte. */
class Lines {
  readonly #open = new Map<string, { place: number; size: number; lines: string[] }>();

  *add(file: string, line: string): Generator<ZipPart & { readonly bytes: Buffer }> {
    const one = this.#open.get(file) ?? { place: 1, size: 0, lines: [] };
    this.#open.set(file, one);
    one.lines.push(`${line}\n`);
    one.size += line.length;
    if (one.size >= partBytes) yield* this.#close(file);
  }

  *rest(): Generator<ZipPart & { readonly bytes: Buffer }> {
    for (const file of this.#open.keys()) yield* this.#close(file);
  }

  *#close(file: string): Generator<ZipPart & { readonly bytes: Buffer }> {
    const one = this.#open.get(file);
    if (!one || one.lines.length === 0) return;
    yield { name: `${file}/${numbered(one.place)}.jsonl`, bytes: Buffer.from(one.lines.join(''), 'utf8') };
    this.#open.set(file, { place: one.place + 1, size: 0, lines: [] });
  }
}

/** Timelines gathered into PDF files that the typesetter can set in good time. */
class Pages {
  readonly #opened: Opened;
  #place = 1;
  #entries = 0;
  #groups: TimelineSheet['groups'][number][] = [];

  constructor(opened: Opened) {
    this.#opened = opened;
  }

  async *add({ account, timeline }: AccountEvidence): AsyncGenerator<ZipPart & { readonly bytes: Buffer }> {
    const heading = `Account ${account.number}: ${account.party}, owed to ${account.client}`;
    const said = timeline.map((entry) => ({
      at: `${entry.at.toISOString().replace('T', ' ').slice(0, 19)} UTC`,
      title: entry.title,
      body: entry.body,
      actor: entry.actor,
      reasons: (entry.why?.reasons ?? []).map((reason) =>
        [reason.code, reason.sentence, reason.citation].filter(Boolean).join(' · '),
      ),
    }));
    for (let from = 0; from === 0 || from < said.length; from += entriesPerPdf) {
      const entries = said.slice(from, from + entriesPerPdf);
      this.#groups.push({ heading, entries });
      this.#entries += Math.max(entries.length, 1);
      if (this.#entries >= entriesPerPdf) yield* this.rest(false);
    }
  }

  async *rest(evenEmpty: boolean): AsyncGenerator<ZipPart & { readonly bytes: Buffer }> {
    if (this.#groups.length === 0 && !evenEmpty) return;
    const { title, author, at } = this.#opened;
    const subtitle =
      this.#groups.length === 0
        ? `${author}. Nothing happened in this period.`
        : `${author}, as known at ${at}. Oldest first.`;
    const bytes = await timelinePdf({ title, author, subtitle, groups: this.#groups });
    yield { name: `timeline/${numbered(this.#place)}.pdf`, bytes };
    this.#place += 1;
    this.#entries = 0;
    this.#groups = [];
  }
}

async function* proofParts(
  installation: Installation,
  tenant: TenantId,
  actor: Actor,
  proof: AuditProof,
): AsyncGenerator<ZipPart> {
  let place = 1;
  // Sealed entries never change: reading them in several transactions gives the same as in one.
  for await (const entries of proof.entries((fn) => actIn(installation, tenant, actor, fn))) {
    const text = entries.map(proofLine).join('');
    yield { name: `audit/${numbered(place)}.txt`, bytes: Buffer.from(text, 'utf8') };
    place += 1;
  }
  yield { name: 'audit/made.txt', bytes: Buffer.from(proofLine(proof.made), 'utf8') };
}
