import { canonicalJson } from '../kernel/crypto.ts';
import type { Actor, Ctx } from '../kernel/ctx.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { ZipPart } from '../kernel/zip.ts';
import { findPerson, listClocks } from '../modules/compliance/public.ts';
import { actIn, type Installation, listAuditAbout, recordAudit } from '../modules/identity/public.ts';
import {
  accountsWithin,
  type ExportedPerson,
  exportedKinds,
  exportPage,
  fileOfDocument,
  findNextDocument,
  type NoticeDocument,
  type RowScope,
} from '../modules/insights/public.ts';

const readMe = `What is held about one person
=============================

Given out under GDPR articles 15 and 20, CCPA 1798.110 and 1798.130, and laws like them.

Each folder holds one kind of thing; its files hold one JSON object a line. A folder that is missing means that nothing of the kind is held.
index.json     how many there are of each kind, and when this was begun and finished
notices/       the notices as they went out (PDF and HTML), beside what is known of each
notice_replies, notice_answers   what the person answered, and what was sent in return
messages, inbound, calls, notes  what was written, said and noted
consents, preferences            what the person agreed to, and wished
legal_events, clocks             what happened in the eyes of the law, and by when it must be answered
permit_evidence                  every question whether the person may be contacted, what it was judged on and by which rule
audit                            who did what about the person, and when

Amounts are in the smallest unit of their currency. Instants are in UTC. Ids tie the files together: account_id is the id in accounts/.
`;

const pageSize = 500;
const numbered = (place: number): string => String(place).padStart(4, '0');
const jsonl = (kind: string, place: number, lines: readonly string[]): ZipPart => ({
  name: `${kind}/${numbered(place)}.jsonl`,
  bytes: Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8'),
});

type Asked = {
  readonly tenant: TenantId;
  readonly actor: Actor;
  readonly partyId: string;
  readonly scope: RowScope;
};
type Found = ExportedPerson & { readonly subjectIds: readonly string[] };

/**
 * The parts of an archive with everything held about the person a party belongs to, as far as the reader may see it, each read when it is
 * asked for. Written down in the audit trail before a byte is given out. Null when there is no such person, or nothing of them the reader
 * may see.
 */
export async function exportedPerson(
  installation: Installation,
  asked: Asked,
): Promise<AsyncGenerator<ZipPart> | null> {
  const act: Acting = (fn) => actIn(installation, asked.tenant, asked.actor, fn);
  const person = await act((ctx) => open(ctx, asked));
  return person && parts(act, person, asked.scope);
}

type Acting = <T>(fn: (ctx: Ctx) => Promise<T>) => Promise<T>;

async function open(ctx: Ctx, { partyId, scope }: Asked): Promise<Found | null> {
  const found = await findPerson(ctx, partyId);
  if (!found) return null;
  const accounts = await accountsWithin(ctx, found.account_ids, scope);
  if (scope.clientIds && accounts.length === 0) return null;
  const shown = new Set(accounts.map((account) => account.partyId));
  await recordAudit(ctx, {
    action: 'person.exported',
    subjectKind: 'party',
    subjectId: partyId,
    set: found.party_ids,
  });
  const partyIds = scope.clientIds ? found.party_ids.filter((id) => shown.has(id)) : found.party_ids;
  const accountIds = accounts.map((account) => account.id);
  return {
    clusterIds: found.cluster_ids,
    partyIds,
    accountIds,
    subjectIds: [...accountIds, ...partyIds, ...(scope.clientIds ? [] : found.cluster_ids)],
  };
}

async function* parts(act: Acting, person: Found, scope: RowScope): AsyncGenerator<ZipPart> {
  const counts: Record<string, number> = {};
  const begunAt = await act((ctx) => Promise.resolve(ctx.at.toISOString()));
  yield { name: 'READ-ME.txt', bytes: Buffer.from(readMe, 'utf8') };
  for await (const { kind, place, lines } of pages(act, person, scope)) {
    counts[kind] = (counts[kind] ?? 0) + lines.length;
    yield jsonl(kind, place, lines);
  }
  let after: string | null = null;
  for (;;) {
    const document: NoticeDocument | null = await act((ctx) => findNextDocument(ctx, person.accountIds, null, after));
    if (!document) break;
    counts['documents'] = (counts['documents'] ?? 0) + 1;
    yield { name: fileOfDocument(document), bytes: document.bytes };
    after = document.id;
  }
  const finishedAt = await act((ctx) => Promise.resolve(ctx.at.toISOString()));
  const index = canonicalJson({ format: 'dunwell-person/1', begunAt, finishedAt, counts });
  yield { name: 'index.json', bytes: Buffer.from(index, 'utf8') };
}

type Page = { readonly kind: string; readonly place: number; readonly lines: readonly string[] };

/** What stands in rows, then the clocks that run, then the audit trail; each page in a transaction of its own. */
async function* pages(act: Acting, person: Found, scope: RowScope): AsyncGenerator<Page> {
  for (const kind of exportedKinds)
    yield* paged(kind, (after) =>
      act((ctx) => exportPage(ctx, person, { kind, after, limit: pageSize, whole: !scope.clientIds })),
    );
  let withClocks = 0;
  for (const accountId of person.accountIds) {
    // A few hundred at most: clocks are duties that run, one account at a time.
    const clocks = await act((ctx) =>
      listClocks(ctx, { clientIds: scope.clientIds ?? null, state: 'all', accountId }, { limit: pageSize }),
    );
    if (!clocks.ok || clocks.value.rows.length === 0) continue;
    withClocks += 1;
    yield { kind: 'clocks', place: withClocks, lines: clocks.value.rows.map((clock) => canonicalJson(clock)) };
  }
  yield* paged('audit', async (after) => {
    const entries = await act((ctx) => listAuditAbout(ctx, { subjectIds: person.subjectIds, after, limit: pageSize }));
    return {
      lines: entries.map((entry) => canonicalJson(entry)),
      next: entries.length < pageSize ? null : (entries.at(-1)?.id ?? null),
    };
  });
}

async function* paged(
  kind: string,
  read: (after: string | null) => Promise<{ readonly lines: readonly string[]; readonly next: string | null }>,
): AsyncGenerator<Page> {
  let after: string | null = null;
  for (let place = 1; ; place += 1) {
    const { lines, next } = await read(after);
    if (lines.length > 0) yield { kind, place, lines };
    if (next === null) return;
    after = next;
  }
}
