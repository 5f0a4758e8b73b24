import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { lacking, recordAudit } from '../../identity/public.ts';
import { findPerson, type Person } from './kept.sql.ts';

export type LegalHold = {
  readonly id: string;
  readonly scope: 'person' | 'account' | 'tenant';
  readonly clusterId: string | null;
  readonly accountId: string | null;
  readonly reason: string;
  readonly placedBy: string;
  readonly placedAt: Date;
  readonly releasedBy: string | null;
  readonly releaseReason: string | null;
  readonly releasedAt: Date | null;
};

const columns =
  sql.raw(`id, scope, cluster_id as "clusterId", account_id as "accountId", reason, placed_by as "placedBy", placed_at as "placedAt",
  released_by as "releasedBy", release_reason as "releaseReason", released_at as "releasedAt"`);

/** What is kept: a person by one of their parties, an account and so its person, or everything of the tenant. */
export type HeldBy =
  | { readonly scope: 'person'; readonly partyId: string }
  | { readonly scope: 'account'; readonly accountId: string }
  | { readonly scope: 'tenant' };

/** Suspends erasure until somebody releases it. Refuses: `forbidden`, `not_found`, `needs_note`. */
export async function placeLegalHold(
  ctx: Ctx,
  input: HeldBy & { readonly reason: string },
): Promise<Result<{ legalHoldId: string }, 'forbidden' | 'not_found' | 'needs_note'>> {
  const barred = lacking(ctx.actor, 'compliance.override');
  if (barred) return barred;
  const reason = input.reason.trim();
  if (reason.length < 3) return refuse('needs_note', 'Say why these records must be kept.', { reason: 'Too short.' });
  const clusterId = await clusterOf(ctx, input);
  if (clusterId === undefined) return refuse('not_found', 'There is no such person or account.');
  const id = newId<'legal_hold'>();
  const accountId = input.scope === 'account' ? input.accountId : null;
  await sql`insert into compliance.legal_holds (tenant_id, id, scope, cluster_id, account_id, reason, placed_by, placed_at)
    values (${ctx.tenant}, ${id}, ${input.scope}, ${clusterId}, ${accountId}, ${reason}, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'legal_hold.placed',
    subjectKind: 'legal_hold',
    subjectId: id,
    ...(accountId !== null && { accountId: accountId as Id<'account'> }),
    detail: { scope: input.scope, cluster: clusterId },
  });
  return ok({ legalHoldId: id });
}

/** Null: everybody; undefined: no such thing. */
async function clusterOf(ctx: Ctx, input: HeldBy): Promise<string | null | undefined> {
  if (input.scope === 'tenant') return null;
  if (input.scope === 'person') return (await findPerson(ctx, input.partyId))?.root_id;
  const { rows } = await sql<{ root_id: string }>`
    select k.root_id from accounts.accounts_v a join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = a.cluster_id
    where a.tenant_id = ${ctx.tenant} and a.id = ${input.accountId}`.execute(ctx.db);
  return rows[0]?.root_id;
}

/** Lets erasure go on. Refuses: `forbidden`, `not_found`, `already_released`, `needs_note`. */
export async function releaseLegalHold(
  ctx: Ctx,
  input: { readonly legalHoldId: string; readonly reason: string },
): Promise<Result<void, 'forbidden' | 'not_found' | 'already_released' | 'needs_note'>> {
  const barred = lacking(ctx.actor, 'compliance.override');
  if (barred) return barred;
  const reason = input.reason.trim();
  if (reason.length < 3)
    return refuse('needs_note', 'Say why the records need no longer be kept.', { reason: 'Too short.' });
  const { rows } = await sql<{ released_at: Date | null }>`
    select released_at from compliance.legal_holds where tenant_id = ${ctx.tenant} and id = ${input.legalHoldId} for update`.execute(
    ctx.db,
  );
  if (!rows[0]) return refuse('not_found', 'There is no such legal hold.');
  if (rows[0].released_at !== null) return refuse('already_released', 'This legal hold has already been released.');
  await sql`update compliance.legal_holds set released_by = ${ctx.actor.name}, release_reason = ${reason}, released_at = ${ctx.at}
    where tenant_id = ${ctx.tenant} and id = ${input.legalHoldId}`.execute(ctx.db);
  await recordAudit(ctx, { action: 'legal_hold.released', subjectKind: 'legal_hold', subjectId: input.legalHoldId });
  return ok();
}

/** A hold with what a list calls it by: the person it covers, and the account it was placed on. */
export type ListedLegalHold = LegalHold & {
  readonly partyId: string | null;
  readonly partyName: string | null;
  readonly accountNumber: string | null;
};

/** Legal holds, those in force first, newest first: all, or those in force that cover a person. */
export async function listLegalHolds(
  ctx: Ctx,
  asked: { readonly limit: number; readonly covering?: Person },
): Promise<ListedLegalHold[]> {
  const wanted = asked.covering ? covers(asked.covering.cluster_ids, asked.covering.account_ids) : sql`true`;
  const { rows } = await sql<ListedLegalHold>`
    select h.*, p.id as "partyId", p.name as "partyName", a.number as "accountNumber"
    from (
      select ${columns} from compliance.legal_holds where tenant_id = ${ctx.tenant} and ${wanted}
      order by released_at is not null, placed_at desc, id desc limit ${asked.limit}) h
    left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = h."accountId"
    left join lateral (
      select q.id, q.name from parties.parties_v q join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = h."clusterId"
      where q.tenant_id = ${ctx.tenant} and q.root_cluster_id = k.root_id order by q.id = a.party_id desc nulls last, q.id limit 1) p on true
    order by h."releasedAt" is not null, h."placedAt" desc, h.id desc`.execute(ctx.db);
  return rows;
}

const covers = (clusterIds: readonly string[], accountIds: readonly string[]): RawBuilder<boolean> =>
  sql`(released_at is null and (scope = 'tenant' or cluster_id = any(${[...clusterIds]}::uuid[]) or account_id = any(${[...accountIds]}::uuid[])))`;

/** Those in force that cover a person. */
export async function legalHoldsOn(
  ctx: Ctx,
  clusterIds: readonly string[],
  accountIds: readonly string[],
): Promise<LegalHold[]> {
  const { rows } = await sql<LegalHold>`
    select ${columns} from compliance.legal_holds where tenant_id = ${ctx.tenant} and ${covers(clusterIds, accountIds)}
    order by placed_at, id`.execute(ctx.db);
  return rows;
}
