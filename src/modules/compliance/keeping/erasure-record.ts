import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { erasedInWords } from './erased-in-words.ts';
import { findPerson } from './kept.sql.ts';
import { type Obstacle, obstaclesToErasing } from './obstacles.ts';

export type ErasureRow = {
  readonly id: string;
  /** Somebody by whom the person can be opened. */
  readonly partyId: string | null;
  readonly partyName: string | null;
  readonly accountNumbers: readonly string[];
  readonly basis: 'request' | 'retention';
  readonly reason: string;
  readonly state: 'requested' | 'approved' | 'done' | 'withdrawn' | 'declined';
  readonly requestedById: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly declinedBy: string | null;
  readonly declinedAt: Date | null;
  readonly declineReason: string | null;
  readonly doneAt: Date | null;
};

type Kept = { readonly what: string; readonly count: number; readonly why: string };

/** An erasure with what stands against it while it is undecided, and with what it emptied and left once it is done. */
export type ErasureRecord = ErasureRow & {
  readonly obstacles: readonly Obstacle[];
  readonly emptied: readonly { readonly what: string; readonly count: number }[];
  readonly kept: readonly Kept[];
};

type Stored = ErasureRow & { readonly clusterId: string; readonly emptiedRows: Readonly<Record<string, number>> };

async function selectErasures(ctx: Ctx, limit: number, erasureId?: string): Promise<Stored[]> {
  const named = (id: string) => sql`coalesce((
    select m.display_name from identity.members_v m where m.tenant_id = ${ctx.tenant} and m.user_id::text = ${sql.ref(id)} limit 1), ${sql.ref(id)})`;
  const { rows } = await sql<Stored>`
    select e.id, e.cluster_id as "clusterId", e.basis, e.reason, e.state, e.requested_by as "requestedById", ${named('e.requested_by')} as "requestedBy",
      e.requested_at as "requestedAt", ${named('e.approved_by')} as "approvedBy", e.approved_at as "approvedAt", ${named('e.declined_by')} as "declinedBy",
      e.declined_at as "declinedAt", e.decline_reason as "declineReason", e.done_at as "doneAt", e.emptied as "emptiedRows",
      p.id as "partyId", p.name as "partyName", coalesce(a.numbers, '{}') as "accountNumbers"
    from (
      select x.* from compliance.erasures x
      where x.tenant_id = ${ctx.tenant} and (${erasureId ?? null}::uuid is null or x.id = ${erasureId ?? null}::uuid)
      order by x.requested_at desc, x.id desc limit ${limit}) e
    left join parties.clusters_v own on own.tenant_id = ${ctx.tenant} and own.id = e.cluster_id
    left join lateral (
      select q.id, q.name from parties.parties_v q where q.tenant_id = ${ctx.tenant} and q.root_cluster_id = own.root_id order by q.id limit 1) p on true
    left join lateral (
      select array_agg(c.number order by c.number) as numbers from accounts.accounts_v c
      join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = c.cluster_id
      where c.tenant_id = ${ctx.tenant} and case when cardinality(e.account_ids) > 0 then c.id = any(e.account_ids) else k.root_id = own.root_id end) a on true
    order by e.requested_at desc, e.id desc`.execute(ctx.db);
  return rows;
}

/** Erasures, newest first. */
export function listErasures(ctx: Ctx, limit: number): Promise<ErasureRow[]> {
  return selectErasures(ctx, limit);
}

/** One erasure, or null. */
export async function findErasure(ctx: Ctx, erasureId: string): Promise<ErasureRecord | null> {
  const [row] = await selectErasures(ctx, 1, erasureId);
  if (!row) return null;
  const person = row.state === 'requested' && row.partyId !== null ? await findPerson(ctx, row.partyId) : null;
  return {
    ...row,
    obstacles: person ? await obstaclesToErasing(ctx, person) : [],
    emptied: Object.entries(row.emptiedRows)
      .filter(([, count]) => count > 0)
      .map(([target, count]) => ({ what: erasedInWords[target] ?? target, count })),
    kept: row.state === 'done' ? await keptBy(ctx, erasureId) : [],
  };
}

/** What stays of a person who was forgotten, and why it may. */
async function keptBy(ctx: Ctx, erasureId: string): Promise<Kept[]> {
  const { rows } = await sql<{
    transfers: number;
    numbers: number;
    permits: number;
    audit: number;
    suppressions: number;
  }>`
    select
      (select count(*) from ledger.transfers_v t where t.tenant_id = ${ctx.tenant} and t.account_id = any(e.account_ids))::int as transfers,
      (select count(*) from accounts.items_v i where i.tenant_id = ${ctx.tenant} and i.account_id = any(e.account_ids))::int
        + cardinality(e.account_ids) as numbers,
      (select count(*) from compliance.permit_erasures x where x.tenant_id = ${ctx.tenant} and x.erasure_id = e.id)::int as permits,
      (select count(*) from identity.audit_v u where u.tenant_id = ${ctx.tenant} and (u.account_id = any(e.account_ids)
        or u.subject_id = any((e.party_ids || e.cluster_ids)::text[])))::int as audit,
      (select count(*) from compliance.suppressions s where s.tenant_id = ${ctx.tenant} and s.erasure_id = e.id)::int as suppressions
    from compliance.erasures e where e.tenant_id = ${ctx.tenant} and e.id = ${erasureId}`.execute(ctx.db);
  const [n] = rows;
  if (!n) return [];
  const kept = [
    {
      what: 'Ledger transfers, with amounts and days',
      count: n.transfers,
      why: 'The books must add up at every past day; they name no person.',
    },
    {
      what: 'Account and invoice numbers',
      count: n.numbers,
      why: 'The books refer to them; without the person’s records they lead to nobody.',
    },
    {
      what: 'Permits: decision, rules and digest of the facts',
      count: n.permits,
      why: 'They prove that no contact went out without leave; the facts themselves are gone.',
    },
    {
      what: 'Audit entries, with their seals',
      count: n.audit,
      why: 'The chain must stay provable; the key of the personal values in it was destroyed.',
    },
    {
      what: 'Keyed hashes of addresses that asked to be spared',
      count: n.suppressions,
      why: 'So that an opt-out or cease still holds if the address ever comes back.',
    },
  ];
  return kept.filter((one) => one.count > 0);
}
