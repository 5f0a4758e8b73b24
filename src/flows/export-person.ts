import type { Actor } from '../kernel/ctx.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { ZipPart } from '../kernel/zip.ts';
import { findPerson } from '../modules/compliance/public.ts';
import { actIn, type Installation, recordAudit } from '../modules/identity/public.ts';
import { accountsWithin, exportPerson, type RowScope } from '../modules/insights/public.ts';

const readMe = `What is held about one person (GDPR articles 15 and 20, CCPA 1798.110 and 1798.130).

Each file holds one kind of thing, one JSON object a line. Amounts are in the smallest unit of their currency; instants are in UTC.
permit_evidence: every question whether this person may be contacted, what it was judged on and by which rule.
`;

/**
 * The parts of an archive with everything held about the person a party belongs to, as far as the reader may see it. Written down in the
 * audit trail before a byte is given out. Null when there is no such person, or nothing of them the reader may see.
 */
export async function exportedPerson(
  installation: Installation,
  asked: { readonly tenant: TenantId; readonly actor: Actor; readonly partyId: string; readonly scope: RowScope },
): Promise<AsyncGenerator<ZipPart> | null> {
  const { tenant, actor, partyId, scope } = asked;
  const person = await actIn(installation, tenant, actor, async (ctx) => {
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
    return {
      clusterIds: found.cluster_ids,
      partyIds: scope.clientIds ? found.party_ids.filter((id) => shown.has(id)) : found.party_ids,
      accountIds: accounts.map((account) => account.id),
    };
  });
  if (!person) return null;
  return parts();

  async function* parts(): AsyncGenerator<ZipPart> {
    yield { name: 'READ-ME.txt', bytes: Buffer.from(readMe, 'utf8') };
    const pieces: ZipPart[] = await actIn(
      installation,
      tenant,
      actor,
      async (ctx) => {
        const counts = new Map<string, number>();
        const made: ZipPart[] = [];
        for await (const { kind, lines } of exportPerson(ctx, person as NonNullable<typeof person>, !scope.clientIds)) {
          const place = (counts.get(kind) ?? 0) + 1;
          counts.set(kind, place);
          const name = `${kind}/${String(place).padStart(4, '0')}.jsonl`;
          made.push({ name, bytes: Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8') });
        }
        return made;
      },
      { isolation: 'repeatable read' },
    );
    yield* pieces;
  }
}
