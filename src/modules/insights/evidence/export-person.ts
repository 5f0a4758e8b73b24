import { type RawBuilder, sql } from 'kysely';
import { canonicalJson } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { RowScope } from '../row-scope.ts';

/** Whose data, and which of their accounts the reader may see. */
export type ExportedPerson = {
  readonly clusterIds: readonly string[];
  readonly partyIds: readonly string[];
  readonly accountIds: readonly string[];
};

/** The part of a person's accounts that a reader may see. */
export async function accountsWithin(
  ctx: Ctx,
  accountIds: readonly string[],
  scope: RowScope,
): Promise<{ readonly id: string; readonly partyId: string }[]> {
  const clients = scope.clientIds ? sql`a.client_id = any(${[...scope.clientIds]}::uuid[])` : sql`true`;
  const { rows } = await sql<{ id: string; partyId: string }>`
    select a.id, a.party_id as "partyId" from accounts.accounts_v a
    where a.tenant_id = ${ctx.tenant} and a.id = any(${[...accountIds]}::uuid[]) and ${clients} order by a.id`.execute(
    ctx.db,
  );
  return rows;
}

type Condition = (ids: {
  readonly parties: RawBuilder<unknown>;
  readonly clusters: RawBuilder<unknown>;
  readonly accounts: RawBuilder<unknown>;
  readonly accountIds: readonly string[];
  readonly tenant: string;
  /** The reader sees everything of the person, and not only some clients' part. */
  readonly whole: boolean;
}) => RawBuilder<unknown>;

const ofAccount: Condition = ({ accounts }) => sql`x.account_id = ${accounts}`;

/**
 * Every kind of thing that is held about a person, the view it is read from, and how its rows are theirs. What belongs to an account is
 * shown with the account; wishes and events are the person's own, whichever client they came by.
 */
const kinds: Readonly<Record<string, readonly [view: string, theirs: Condition]>> = {
  parties: ['parties.parties_v', ({ parties }) => sql`x.id = ${parties}`],
  contact_points: ['parties.contact_points_v', ({ parties }) => sql`x.party_id = ${parties}`],
  party_links: [
    'parties.party_links_v',
    ({ parties }) => sql`(x.party_id = ${parties} or x.other_party_id = ${parties})`,
  ],
  merges: [
    'parties.cluster_merges_v',
    ({ clusters, whole }) =>
      whole ? sql`(x.from_cluster_id = ${clusters} or x.into_cluster_id = ${clusters})` : sql`false`,
  ],
  preferences: ['compliance.preferences_v', ({ clusters }) => sql`x.cluster_id = ${clusters}`],
  consents: [
    'compliance.consents_v',
    ({ clusters, accounts, whole }) => (whole ? sql`x.cluster_id = ${clusters}` : sql`x.account_id = ${accounts}`),
  ],
  legal_events: [
    'compliance.legal_events_v',
    ({ clusters, accountIds, whole }) =>
      whole ? sql`x.cluster_id = ${clusters}` : sql`x.account_ids <@ ${[...accountIds]}::uuid[]`,
  ],
  accounts: ['accounts.accounts_v', ({ accounts }) => sql`x.id = ${accounts}`],
  debts: ['compliance.debts_v', ({ accounts }) => sql`x.id = ${accounts}`],
  items: ['accounts.items_v', ofAccount],
  holds: ['accounts.holds_v', ofAccount],
  account_states: ['accounts.account_states_v', ofAccount],
  case_events: ['accounts.case_events_v', ofAccount],
  transfers: ['ledger.transfers_v', ofAccount],
  receipts: ['payments.receipts_v', ofAccount],
  allocations: ['payments.allocations_v', ofAccount],
  promises: ['payments.promises_v', ofAccount],
  notices: ['compliance.notice_rows_v', ofAccount],
  notice_replies: ['compliance.notice_replies_v', ofAccount],
  notice_answers: ['compliance.notice_answers_v', ofAccount],
  messages: [
    'outreach.messages_v',
    ({ accounts, tenant }) => sql`(x.account_id = ${accounts} or x.id in (
      select i.message_id from outreach.message_items_v i where i.tenant_id = ${tenant} and i.account_id = ${accounts}))`,
  ],
  delivery_events: [
    'outreach.delivery_events_v',
    ({ accounts, tenant }) => sql`x.message_id in (
      select m.id from outreach.messages_v m where m.tenant_id = ${tenant} and m.account_id = ${accounts})`,
  ],
  inbound: ['outreach.inbound_v', ofAccount],
  calls: ['desk.calls_v', ofAccount],
  notes: ['desk.notes_v', ofAccount],
  tasks: ['desk.tasks_v', ofAccount],
  permit_evidence: ['compliance.permit_evidence_v', ofAccount],
  register: ['compliance.register_v', ofAccount],
  overrides: ['compliance.overrides_v', ofAccount],
  incidents: ['compliance.incidents_v', ofAccount],
  decisions: ['strategy.decisions_v', ofAccount],
  plans: ['strategy.plans_v', ofAccount],
};

/** The kinds of things an export holds, in order. */
export const exportedKinds: readonly string[] = Object.keys(kinds);

/**
 * The next rows of a kind as lines of JSON, and from where to go on; null at the end. Each page is read by itself, so that whoever fetches
 * slowly holds neither memory nor a transaction.
 */
export async function exportPage(
  ctx: Ctx,
  person: ExportedPerson,
  asked: { readonly kind: string; readonly after: string | null; readonly limit: number; readonly whole: boolean },
): Promise<{ readonly lines: readonly string[]; readonly next: string | null }> {
  const found = kinds[asked.kind];
  if (!found) throw new Error(`No export has the kind ${asked.kind}`);
  const [view, theirs] = found;
  const any = (ids: readonly string[]): RawBuilder<unknown> => sql`any(${[...ids]}::uuid[])`;
  const condition = theirs({
    parties: any(person.partyIds),
    clusters: any(person.clusterIds),
    accounts: any(person.accountIds),
    accountIds: person.accountIds,
    tenant: ctx.tenant,
    whole: asked.whole,
  });
  const { rows } = await sql<{ id: string; row: unknown }>`
    select x.id, to_jsonb(x) - 'tenant_id' as row from ${sql.table(view)} x
    where x.tenant_id = ${ctx.tenant} and ${condition} and (${asked.after}::uuid is null or x.id > ${asked.after}::uuid)
    order by x.id limit ${asked.limit}`.execute(ctx.db);
  return {
    lines: rows.map(({ row }) => canonicalJson(row)),
    next: rows.length < asked.limit ? null : (rows.at(-1)?.id ?? null),
  };
}
