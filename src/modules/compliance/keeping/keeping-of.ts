import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { findPerson, selectKeptAccounts } from './kept.sql.ts';
import { type ListedLegalHold, listLegalHolds } from './legal-holds.ts';
import { type Obstacle, obstaclesToErasing, retentionOfAccount, todayOf } from './obstacles.ts';
import type { Retention } from './retention-of.ts';

/** What keeps the records behind an account. */
export type Keeping = {
  readonly partyId: string;
  readonly duties: Retention['duties'][number][];
  readonly legalHolds: ListedLegalHold[];
  readonly obstacles: Obstacle[];
  readonly erasure: { readonly id: string; readonly state: 'requested' | 'approved' } | null;
};

const mostHolds = 50;

/** Duties that apply to an account, legal holds on its person, and what stands against forgetting them; null: no such account. */
export async function keepingOf(ctx: Ctx, accountId: string): Promise<Keeping | null> {
  const { rows } = await sql<{ party_id: string }>`
    select a.party_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(
    ctx.db,
  );
  const partyId = rows[0]?.party_id;
  const person = partyId === undefined ? null : await findPerson(ctx, partyId);
  if (partyId === undefined || !person) return null;
  const on = await todayOf(ctx);
  const accounts = await selectKeptAccounts(ctx, [person.root_id]);
  const erasing = await sql<{ id: string; state: 'requested' | 'approved' }>`
    select id, state from compliance.erasures
    where tenant_id = ${ctx.tenant} and cluster_id = ${person.root_id} and state in ('requested', 'approved')`.execute(
    ctx.db,
  );
  return {
    partyId,
    duties: accounts.filter((one) => one.id === accountId).flatMap((one) => [...retentionOfAccount(one, on).duties]),
    legalHolds: await listLegalHolds(ctx, { limit: mostHolds, covering: person }),
    obstacles: await obstaclesToErasing(ctx, person),
    erasure: erasing.rows[0] ?? null,
  };
}
