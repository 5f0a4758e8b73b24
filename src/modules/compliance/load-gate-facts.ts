import type { Ctx } from '../../kernel/ctx.ts';
import type { GateFacts } from './gate-facts.ts';
import {
  type AccountRow,
  type AddressRow,
  type ClientRow,
  type ConsentRow,
  type ContactRow,
  type HoldRow,
  type PersonRow,
  type PreferenceRow,
  selectAccounts,
  selectAddresses,
  selectClients,
  selectConsents,
  selectContacts,
  selectHolds,
  selectPersons,
  selectPreferences,
  selectTightenings,
  selectWideStops,
  type WideStopRow,
} from './gate-facts.sql.ts';
import { holidayCalendar } from './holidays.ts';
import { personZones } from './person-zones.ts';
import type { Proposal } from './proposal.ts';
import { buildRuleBook, type RuleBook, shippedPacks } from './rule-book.ts';

// One day more than the longest window a pack may have, for the zones east of us.
const longestWindowMs = 33 * 86_400_000;

/** A proposal with the facts it is judged on and the cluster its party was born with. */
export type Gated = { readonly proposal: Proposal; readonly facts: GateFacts; readonly birthClusterId: string };

type Rows = {
  persons: Map<string, PersonRow>;
  clients: Map<string, ClientRow>;
  addresses: Map<string, AddressRow>;
  accounts: Map<string, AccountRow>;
  holds: readonly HoldRow[];
  stops: readonly WideStopRow[];
  preferences: readonly PreferenceRow[];
  consents: readonly ConsentRow[];
  contacts: readonly ContactRow[];
};

const distinct = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))].sort();
const byId = <Row extends { id: string }>(rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]));

/**
 * Loads what a batch of proposals is judged on, in a fixed number of statements whatever the size of the batch. `asOf`: the instant
 * they are judged at, when that lies back; stops that have ended since were in force then. Throws when a party, client or account
 * of a proposal does not exist: the caller took them from rows it had just read.
 */
export async function loadGateFacts(ctx: Ctx, proposals: readonly Proposal[], asOf: Date = ctx.at): Promise<Gated[]> {
  if (proposals.length === 0) return [];
  const persons = byId(await selectPersons(ctx, distinct(proposals.map((one) => one.partyId))));
  const roots = distinct([...persons.values()].map((person) => person.root_cluster_id));
  const addressKeys = distinct(proposals.map((one) => one.addressKey));
  const rows: Rows = {
    persons,
    clients: byId(await selectClients(ctx, distinct(proposals.map((one) => one.clientId)))),
    addresses: byId(await selectAddresses(ctx, distinct(proposals.map((one) => one.contactPointId)))),
    accounts: byId(await selectAccounts(ctx, distinct(proposals.flatMap((one) => one.accountIds)), asOf)),
    holds: await selectHolds(ctx, roots, asOf),
    stops: await selectWideStops(ctx, asOf),
    preferences: await selectPreferences(ctx, roots, addressKeys, asOf),
    consents: await selectConsents(ctx, roots),
    contacts: await selectContacts(ctx, roots, addressKeys, new Date(asOf.getTime() - longestWindowMs)),
  };
  const perRoot = {
    holds: Map.groupBy(rows.holds, (row) => row.root_id),
    consents: Map.groupBy(rows.consents, (row) => row.root_id),
    contacts: Map.groupBy(rows.contacts, (row) => row.root_id),
  };
  const perAddress = Map.groupBy(rows.contacts, (row) => row.address_key);
  return proposals.map((proposal) => {
    const person = required(persons.get(proposal.partyId), 'party', proposal.partyId);
    const root = person.root_cluster_id;
    const own = {
      ...rows,
      holds: perRoot.holds.get(root) ?? [],
      consents: perRoot.consents.get(root) ?? [],
      contacts: perRoot.contacts.get(root) ?? [],
    };
    const there = proposal.addressKey === null ? [] : (perAddress.get(proposal.addressKey) ?? []);
    const others = there.filter((row) => row.root_id !== root);
    return { proposal, facts: assemble(proposal, person, own, others), birthClusterId: person.cluster_id };
  });
}

function required<Row>(row: Row | undefined, kind: string, id: string): Row {
  if (row === undefined) throw new Error(`There is no ${kind} ${id} in this tenant.`);
  return row;
}

function assemble(proposal: Proposal, person: PersonRow, rows: Rows, others: readonly ContactRow[]): GateFacts {
  const client = required(rows.clients.get(proposal.clientId), 'client', proposal.clientId);
  const address = proposal.contactPointId === null ? undefined : rows.addresses.get(proposal.contactPointId);
  return {
    person: {
      clusterId: person.root_cluster_id,
      zones: personZones({ timeZone: person.time_zone, country: person.country, region: person.region }),
      country: person.country,
      region: person.region,
    },
    client: {
      id: client.id,
      country: client.country,
      timeZone: client.time_zone,
      feedThrough: iso(client.feed_through),
      feedMaxAgeHours: client.feed_max_age_hours,
    },
    address: address ? { key: address.value_key, quality: address.quality, ended: address.ended_at !== null } : null,
    accounts: proposal.accountIds.map((id) => accountFact(required(rows.accounts.get(id), 'account', id))),
    holds: rows.holds.map(holdFact),
    wideStops: rows.stops
      .filter((stop) => stop.client_id === null || stop.client_id === proposal.clientId)
      .map((stop) => ({
        id: stop.id,
        scope: stop.scope,
        reason: stop.reason,
        from: stop.effective_from.toISOString(),
      })),
    preferences: rows.preferences.filter((row) => isAbout(row, proposal, person)).map(preferenceFact),
    consents: rows.consents.map(consentFact),
    contacts: [
      ...rows.contacts.map(contactFact),
      ...others.map((row) => ({ ...contactFact(row), elsewhere: true as const })),
    ],
  };
}

const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null;

const isAbout = (row: PreferenceRow, proposal: Proposal, person: PersonRow) =>
  row.root_id === person.root_cluster_id || (row.address_key !== null && row.address_key === proposal.addressKey);

const accountFact = (row: AccountRow): GateFacts['accounts'][number] => ({
  id: row.id,
  number: row.account_number,
  state: row.state,
  sensitive: row.sensitive,
  dueMinor: (row.balance_minor - row.credit_minor).toString(),
  ...(row.silenced && { silenced: true as const }),
});

const holdFact = (row: HoldRow): GateFacts['holds'][number] => ({
  id: row.id,
  reason: row.reason,
  effects: row.effects,
  coverage: row.coverage,
  accountId: row.account_id,
  from: row.effective_from.toISOString(),
  to: iso(row.effective_to),
});

const preferenceFact = (row: PreferenceRow): GateFacts['preferences'][number] => ({
  id: row.id,
  kind: row.kind,
  channel: row.channel,
  addressKey: row.address_key,
  detail: row.detail,
  from: row.effective_from.toISOString(),
});

const consentFact = (row: ConsentRow): GateFacts['consents'][number] => ({
  id: row.id,
  recipientKind: row.recipient_kind,
  clientId: row.client_id,
  accountId: row.account_id,
  channel: row.channel,
  addressKey: row.address_key,
  scope: row.scope,
  from: row.effective_from.toISOString(),
  expiresAt: iso(row.expires_at),
  revokedAt: iso(row.revoked_at),
});

const contactFact = (row: ContactRow): GateFacts['contacts'][number] => ({
  direction: row.direction,
  channel: row.channel,
  automatic: row.automatic,
  clientId: row.client_id,
  accountId: row.account_id,
  addressKey: row.address_key,
  conversation: row.conversation,
  localOn: row.local_on,
  at: row.effective_at.toISOString(),
});

/** The shipped packs with the tenant's tightenings of that day. */
export async function loadRuleBook(ctx: Ctx): Promise<RuleBook> {
  const tightenings = await selectTightenings(ctx);
  return buildRuleBook(
    shippedPacks,
    tightenings.map((row) => ({ id: row.id, ruleId: row.rule_id, parameters: row.parameters })),
    await holidayCalendar(),
  );
}
