import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, idOf, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse, unwrap } from '../../kernel/result.ts';
import { raiseStopEpochsOfCluster } from '../accounts/public.ts';
import { lacking, recordAudit } from '../identity/public.ts';
import { loadRoots, lockRootsOf } from '../parties/public.ts';
import type { EventValue } from './gate-facts.ts';
import { findLegalEventType, type LegalEventType, legalEventTypes, readDetail } from './legal-event-catalogue.ts';
import { clusterOf } from './preferences.ts';

export type NewLegalEvent = {
  readonly type: string;
  readonly partyId: string;
  /** The debts it is about; null: all of the person. */
  readonly accountIds: readonly string[] | null;
  /** Somebody else it is about, such as a relative who was asked. */
  readonly aboutPartyId?: string | null;
  /** For types about one address: the address as the register knows it. */
  readonly addressKey?: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly sourceKind: 'staff' | 'call' | 'import' | 'portal';
  readonly sourceId?: string | null;
  readonly note?: string | null;
  /** When it happened; default: now. */
  readonly effectiveAt?: Date | null;
};

export type LegalEventRefusal =
  | 'not_found'
  | 'account_not_found'
  | 'forbidden'
  | 'in_the_future'
  | 'invalid'
  | 'unknown_event_type';

/** A legal event as it is written, its type and detail read. */
type Written = NewLegalEvent & { readonly effectiveAt: Date; readonly detail: Readonly<Record<string, EventValue>> };

/**
 * Writes down what happened in the eyes of the law. It locks the person; a type that stops raises the stop epoch of every account of
 * the person in the same transaction, so that what was planned before is void. The same event is not written twice, nor a state that
 * already stands. Refuses: `unknown_event_type`; `forbidden` where it lifts a protection and the actor may not; `not_found` (person),
 * `account_not_found` (a debt that is not the person's); `invalid` with what is wrong about its detail or address; `in_the_future`.
 */
export async function recordLegalEvent(
  ctx: Ctx,
  given: NewLegalEvent,
): Promise<Result<{ eventId: string; already: boolean }, LegalEventRefusal>> {
  const type = findLegalEventType(given.type);
  if (type === undefined) return unknownType(given.type);
  const barred = type.lifts ? lacking(ctx.actor, 'holds.release') : null;
  if (barred) return barred;
  const read = readEvent(ctx, type, given);
  if (!read.ok) return read;
  const event = read.value;
  const clusterId = await clusterOf(ctx, event.partyId);
  if (clusterId === null) return refuse('not_found', `There is no party ${event.partyId}.`);
  const [root] = await lockRootsOf(ctx, [clusterId]);
  if (root === undefined) throw new Error(`Cluster ${clusterId} has no root`);
  const foreign = await accountsNotOf(ctx, root, event.accountIds ?? []);
  if (foreign.length > 0)
    return refuse('account_not_found', `This person has no account ${foreign.join(', ')}.`, {
      accountIds: 'Choose among the debts of this person.',
    });
  const same = await findSame(ctx, root, type, event);
  if (same !== null) return ok({ eventId: same, already: true });
  const eventId = newId<'legal_event'>();
  await insertEvent(ctx, eventId, clusterId, event);
  if (type.stops) await raiseStopEpochsOfCluster(ctx, root);
  await recordAudit(ctx, {
    action: 'legal_event.recorded',
    subjectKind: 'party',
    subjectId: event.partyId,
    ...(event.accountIds?.[0] !== undefined && { accountId: idOf('account', event.accountIds[0]) }),
    detail: { eventId, type: type.type, effectiveAt: event.effectiveAt.toISOString(), stops: type.stops },
  });
  return ok({ eventId, already: false });
}

/**
 * The same for a set from one source, such as the rows of a file: everybody is locked at once and one audit entry names the set. Returns how
 * many were new. Throws for an event that cannot be written down: whoever calls has judged them before.
 */
export async function recordLegalEvents(ctx: Ctx, given: readonly NewLegalEvent[]): Promise<number> {
  if (given.length === 0) return 0;
  const born = await clustersOf(
    ctx,
    given.map((one) => one.partyId),
  );
  await lockRootsOf(ctx, [...born.values()]);
  const roots = await loadRoots(ctx, [...born.values()]);
  const written: string[] = [];
  const stopped = new Set<Id<'cluster'>>();
  for (const one of given) {
    const type = findLegalEventType(one.type);
    const clusterId = born.get(one.partyId);
    const root = clusterId && roots.get(clusterId);
    if (type === undefined || root === undefined || clusterId === undefined)
      throw new Error(`Legal event ${one.type} of party ${one.partyId} cannot be written down`);
    const event = unwrap(readEvent(ctx, type, one));
    if ((await findSame(ctx, root, type, event)) !== null) continue;
    const eventId = newId<'legal_event'>();
    await insertEvent(ctx, eventId, clusterId, event);
    written.push(eventId);
    if (type.stops) stopped.add(root);
  }
  for (const root of [...stopped].sort()) await raiseStopEpochsOfCluster(ctx, root);
  if (written.length > 0)
    await recordAudit(ctx, {
      action: 'legal_events.recorded',
      subjectKind: given[0]?.sourceKind ?? 'import',
      subjectId: given[0]?.sourceId ?? written[0] ?? '',
      detail: { count: written.length, stopped: stopped.size },
      set: written,
    });
  return written.length;
}

async function clustersOf(ctx: Ctx, partyIds: readonly string[]): Promise<Map<string, Id<'cluster'>>> {
  const { rows } = await sql<{ id: string; cluster_id: Id<'cluster'> }>`
    select id, cluster_id from parties.parties_v where tenant_id = ${ctx.tenant} and id = any(${[...new Set(partyIds)]}::uuid[])`.execute(
    ctx.db,
  );
  return new Map(rows.map((row) => [row.id, row.cluster_id]));
}

function unknownType(type: string): Result<never, 'unknown_event_type'> {
  const near = legalEventTypes.filter((one) => one.type.includes(type.split('_')[0] ?? type)).slice(0, 5);
  const hint = near.length === 0 ? '' : ` Near to it: ${near.map((one) => one.type).join(', ')}.`;
  return refuse('unknown_event_type', `There is no legal event "${type.slice(0, 60)}".${hint}`, {
    type: 'Choose a type from the catalogue.',
  });
}

function readEvent(ctx: Ctx, type: LegalEventType, given: NewLegalEvent): Result<Written, 'invalid' | 'in_the_future'> {
  const effectiveAt = given.effectiveAt ?? ctx.at;
  if (effectiveAt > ctx.at)
    return refuse('in_the_future', `${effectiveAt.toISOString()} has not come yet; enter when it happened.`, {
      effectiveAt: 'This lies in the future.',
    });
  const read = readDetail(type, given.detail);
  const wrong: Record<string, string> = read.ok ? {} : { ...read.wrong };
  const addressKey = given.addressKey ?? null;
  if (type.address === 'required' && addressKey === null) wrong['contactPointId'] = 'Choose the address it is about.';
  if (type.address === 'none' && addressKey !== null) wrong['contactPointId'] = 'It is about no single address.';
  if (type.other === 'none' && given.aboutPartyId) wrong['aboutPartyId'] = 'It is about nobody else.';
  if (type.about === 'person' && given.accountIds !== null)
    wrong['accountIds'] = 'It is about the person and so about all debts; choose none.';
  if (given.accountIds?.length === 0) wrong['accountIds'] = 'Choose at least one debt, or leave it open for all.';
  if (!read.ok || Object.keys(wrong).length > 0)
    return refuse('invalid', `"${type.label}" cannot be written down: ${Object.values(wrong).join(' ')}`, wrong);
  return ok({ ...given, effectiveAt, detail: read.detail });
}

async function accountsNotOf(ctx: Ctx, root: Id<'cluster'>, accountIds: readonly string[]): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select a.id from accounts.accounts_v a
    join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = a.cluster_id and c.root_id = ${root}
    where a.tenant_id = ${ctx.tenant} and a.id = any(${[...accountIds]}::uuid[])`.execute(ctx.db);
  const own = new Set(rows.map((row) => row.id));
  return accountIds.filter((id) => !own.has(id));
}

/** The same event of the person, or for a state one that stands: nothing has ended it since. */
async function findSame(ctx: Ctx, root: string, type: LegalEventType, event: Written): Promise<string | null> {
  const enders = legalEventTypes.filter((one) => one.ends.includes(type.type)).map((one) => one.type);
  const { rows } = await sql<{ id: string }>`
    with own as (
      select e.* from parties.clusters_v c
      join compliance.legal_events e on e.tenant_id = ${ctx.tenant} and e.cluster_id = c.id
      where c.tenant_id = ${ctx.tenant} and c.root_id = ${root})
    select e.id from own e
    where e.type = ${type.type} and e.detail = ${JSON.stringify(event.detail)}::jsonb
      and e.address_key is not distinct from ${event.addressKey ?? null}::text
      and e.about_party_id is not distinct from ${event.aboutPartyId ?? null}::uuid
      and e.account_ids is not distinct from ${sortedIds(event)}::uuid[]
      and (e.effective_at = ${event.effectiveAt} or (${type.lasts} and e.effective_at <= ${event.effectiveAt} and not exists (
        select 1 from own later where later.type = any(${enders}::text[]) and later.effective_at >= e.effective_at
          and (later.account_ids is null or e.account_ids is null or later.account_ids && e.account_ids))))
    order by e.effective_at limit 1`.execute(ctx.db);
  return rows[0]?.id ?? null;
}

const sortedIds = (event: NewLegalEvent) => (event.accountIds === null ? null : [...new Set(event.accountIds)].sort());

async function insertEvent(ctx: Ctx, id: string, clusterId: string, event: Written): Promise<void> {
  const channel = event.detail['channel'];
  await sql`insert into compliance.legal_events (tenant_id, id, cluster_id, party_id, account_ids, about_party_id, type, channel, address_key,
      detail, source_kind, source_id, note, effective_at, recorded_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${clusterId}, ${event.partyId}, ${sortedIds(event)}::uuid[], ${event.aboutPartyId ?? null}, ${event.type},
      ${typeof channel === 'string' ? channel : null}, ${event.addressKey ?? null}, ${JSON.stringify(event.detail)}::jsonb, ${event.sourceKind},
      ${event.sourceId ?? null}, ${event.note?.trim() || null}, ${event.effectiveAt}, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
}
