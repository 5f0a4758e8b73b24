import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { raiseStopEpochsOfCluster } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { lockRootsOf } from '../parties/public.ts';
import type { Channel } from './proposal.ts';

export type NewPreference = {
  readonly partyId: string;
  readonly kind: 'opt_out' | 'inconvenient_time' | 'inconvenient_place' | 'language' | 'cease';
  /** Null: every channel. */
  readonly channel: Channel | null;
  /** Null: every address of the person. */
  readonly addressKey: string | null;
  /** For `inconvenient_time`: `{weekdays?, from?, to?}` in the person's own time. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly sourceKind: 'unsubscribe_link' | 'notice_reply' | 'staff' | 'call' | 'portal' | 'import';
  readonly sourceId: string | null;
};

/**
 * Writes down what a person asked for, in force from this transaction on: it locks the person and, where the wish can stop or narrow
 * contact, raises the stop epoch of every account, so that what was planned before is void. A language stops nothing: what is planned is
 * written in it when it goes. An address that is closed is closed for all who share it, so their plans go too. A choice already in force
 * is not written twice. Refuses: `not_found`.
 */
export async function recordPreference(
  ctx: Ctx,
  wish: NewPreference,
): Promise<Result<{ preferenceId: string; already: boolean }, 'not_found'>> {
  const clusterId = await clusterOf(ctx, wish.partyId);
  if (clusterId === null) return refuse('not_found', `There is no party ${wish.partyId}.`);
  const roots = await lockRootsOf(ctx, [clusterId, ...(await clustersSharing(ctx, wish))]);
  const detail = JSON.stringify(wish.detail ?? {});
  const { rows } = await sql<{ id: string }>`select id from compliance.preferences
    where tenant_id = ${ctx.tenant} and cluster_id = ${clusterId} and kind = ${wish.kind} and channel is not distinct from ${wish.channel}::text
      and address_key is not distinct from ${wish.addressKey}::text and detail = ${detail}::jsonb
      and (ended_at is null or ended_at > ${ctx.at}) limit 1`.execute(ctx.db);
  if (rows[0] !== undefined) return ok({ preferenceId: rows[0].id, already: true });
  const preferenceId = newId<'preference'>();
  await sql`insert into compliance.preferences (tenant_id, id, cluster_id, party_id, kind, channel, address_key, detail, source_kind, source_id,
      effective_from, recorded_at)
    values (${ctx.tenant}, ${preferenceId}, ${clusterId}, ${wish.partyId}, ${wish.kind}, ${wish.channel}, ${wish.addressKey}, ${detail}::jsonb,
      ${wish.sourceKind}, ${wish.sourceId}, ${ctx.at}, ${ctx.at})`.execute(ctx.db);
  if (wish.kind !== 'language') for (const root of roots) await raiseStopEpochsOfCluster(ctx, root);
  await recordAudit(ctx, {
    action: 'preference.recorded',
    subjectKind: 'party',
    subjectId: wish.partyId,
    detail: { kind: wish.kind, channel: wish.channel, source: wish.sourceKind },
  });
  return ok({ preferenceId, already: false });
}

/** A person opts out of a channel, or of one address of it. Refuses: `not_found`. */
export function recordOptOut(
  ctx: Ctx,
  optOut: Omit<NewPreference, 'kind' | 'detail'>,
): Promise<Result<{ preferenceId: string; already: boolean }, 'not_found'>> {
  return recordPreference(ctx, { ...optOut, kind: 'opt_out' });
}

/** The person took a wish back. Refuses: `not_found`, `already_ended`. */
export async function endPreference(
  ctx: Ctx,
  input: { readonly preferenceId: string; readonly reason: string },
): Promise<Result<void, 'not_found' | 'already_ended'>> {
  const { rows } = await sql<{ party_id: string | null; cluster_id: string; ended_at: Date | null; kind: string }>`
    select party_id, cluster_id, ended_at, kind from compliance.preferences where tenant_id = ${ctx.tenant} and id = ${input.preferenceId} for update`.execute(
    ctx.db,
  );
  const found = rows[0];
  if (found === undefined) return refuse('not_found', `There is no preference ${input.preferenceId}.`);
  if (found.ended_at !== null) return refuse('already_ended', 'This preference has already ended.');
  await sql`update compliance.preferences set ended_at = ${ctx.at} where tenant_id = ${ctx.tenant} and id = ${input.preferenceId}`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'preference.ended',
    subjectKind: 'party',
    subjectId: found.party_id ?? input.preferenceId,
    detail: { kind: found.kind },
    personal: { personId: found.party_id ?? found.cluster_id, values: { reason: input.reason } },
  });
  return ok();
}

const kindOf: Readonly<Partial<Record<Channel, 'email' | 'phone' | 'postal'>>> = {
  email: 'email',
  sms: 'phone',
  call: 'phone',
  letter: 'postal',
  postcard: 'postal',
  visit: 'postal',
};

/** Everyone reached at the address of a choice that closes it. */
async function clustersSharing(ctx: Ctx, wish: NewPreference): Promise<Id<'cluster'>[]> {
  if (wish.addressKey === null || !['opt_out', 'cease'].includes(wish.kind)) return [];
  const kinds = (wish.channel === null ? Object.values(kindOf) : [kindOf[wish.channel]]).filter(
    (kind) => kind !== undefined,
  );
  const { rows } = await sql<{ cluster_id: Id<'cluster'> }>`
    select distinct p.cluster_id from parties.contact_points_v c
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = c.party_id
    where c.tenant_id = ${ctx.tenant} and c.kind = any(${[...new Set(kinds)]}::text[]) and c.value_key = ${wish.addressKey}`.execute(
    ctx.db,
  );
  return rows.map((row) => row.cluster_id);
}

export async function clusterOf(ctx: Ctx, partyId: string): Promise<Id<'cluster'> | null> {
  const { rows } = await sql<{ cluster_id: Id<'cluster'> }>`
    select cluster_id from parties.parties_v where tenant_id = ${ctx.tenant} and id = ${partyId}`.execute(ctx.db);
  return rows[0]?.cluster_id ?? null;
}
