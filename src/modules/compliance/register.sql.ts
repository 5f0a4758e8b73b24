import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import type { Channel } from './proposal.ts';

export type NewEntry = {
  adjustsId: string | null;
  status: 'reserved' | 'counted' | 'released';
  direction: 'out' | 'in';
  channel: Channel;
  clusterId: string;
  partyId: string;
  accountId: string;
  clientId: string;
  addressKey: string | null;
  conversation: boolean;
  permitId: string | null;
  actKind: 'message' | 'call';
  actId: string;
  localOn: string;
  effectiveAt: Date;
  reason: string | null;
  /** Outcome, dial mode, line, place, kind; of an adjusting row only what it adds. */
  detail: Readonly<Record<string, unknown>>;
};

export async function insertEntries(ctx: Ctx, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(
    (
      e,
    ) => sql`(${ctx.tenant}, ${newId()}, ${e.adjustsId}, ${e.status}, ${e.direction}, ${e.channel}, ${e.clusterId}, ${e.partyId},
      ${e.accountId}, ${e.clientId}, ${e.addressKey}, ${e.conversation}, ${e.permitId}, ${e.actKind}, ${e.actId}, ${e.localOn},
      ${e.effectiveAt}, ${e.reason}, ${JSON.stringify(e.detail)}::jsonb, ${ctx.at})`,
  );
  await sql`insert into compliance.register_entries (tenant_id, id, adjusts_id, status, direction, channel, cluster_id, party_id, account_id,
      client_id, address_key, conversation, permit_id, act_kind, act_id, local_on, effective_at, reason, detail, recorded_at)
    values ${sql.join(rows)}`.execute(ctx.db);
}

export type EntryRow = {
  id: string;
  status: 'reserved' | 'counted' | 'released';
  direction: 'out' | 'in';
  channel: Channel;
  cluster_id: string;
  party_id: string;
  account_id: string;
  client_id: string;
  address_key: string | null;
  conversation: boolean;
  permit_id: string | null;
  act_kind: 'message' | 'call';
  act_id: string;
  local_on: string;
  effective_at: Date;
};

/** The first entry of each act with its state of now. */
export async function selectEntriesOfActs(ctx: Ctx, actIds: readonly string[]): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    select id, status, direction, channel, cluster_id, party_id, account_id, client_id, address_key, conversation, permit_id, act_kind,
           act_id, local_on, effective_at
    from compliance.register_v where tenant_id = ${ctx.tenant} and act_id = any(${[...actIds]}::uuid[])`.execute(
    ctx.db,
  );
  return rows;
}
