import { calendarDate, daysBetween, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { addressAsLaw } from './address-as-law.ts';
import { collectorByKind } from './classify-client.ts';
import { eventOfLaw, eventOfNotice, eventOfPreference, eventsOfConsent, eventsOfContact } from './event-facts.ts';
import type { EventFact, GateFacts, RecipientRole } from './gate-facts.ts';
import {
  type AccountRow,
  type AddressRow,
  type ClientRow,
  type ConsentRow,
  type ContactRow,
  type HoldRow,
  type LegalEventRow,
  type LinkRow,
  type NoticeEventRow,
  type PersonRow,
  type PreferenceRow,
  type RuleChangeRow,
  selectAccounts,
  selectAddresses,
  selectClients,
  selectConsents,
  selectContacts,
  selectHolds,
  selectLegalEvents,
  selectLinks,
  selectNoticeEvents,
  selectPersons,
  selectPreferences,
  selectRuleChanges,
  selectWideStops,
  type WideStopRow,
} from './gate-facts.sql.ts';
import { holidayCalendar } from './holidays.ts';
import { jurisdictionsOf } from './jurisdictions.ts';
import { personZones } from './person-zones.ts';
import { suppressedWishes } from './keeping/suppressions.ts';
import { hasCorporateForm } from '../parties/public.ts';
import type { Proposal } from './proposal.ts';
import { type Replacement, withReplacement } from './replace-rule.ts';
import { buildRuleBook, type RuleBook, shippedPacks, type Tightening } from './rule-book.ts';
import type { RulePack } from './rule-pack.ts';

// One day more than the longest window a pack looks back over, for the zones east of us.
const longestWindowMs = 63 * 86_400_000;

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
  legal: readonly LegalEventRow[];
  notices: readonly NoticeEventRow[];
  links: readonly LinkRow[];
};

const distinct = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))].sort();
const byId = <Row extends { id: string }>(rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]));

/**
 * Loads what a batch of proposals is judged on, in a fixed number of statements whatever the size of the batch. `asOf`: the instant
 * they are judged at, when that lies back; stops that have ended since were in force then. `lookBackMs`: how far back contacts are
 * loaded. Throws when a party, client or account
 * of a proposal does not exist: the caller took them from rows it had just read.
 */
export async function loadGateFacts(
  ctx: Ctx,
  proposals: readonly Proposal[],
  asOf: Date = ctx.at,
  lookBackMs: number = longestWindowMs,
): Promise<Gated[]> {
  if (proposals.length === 0) return [];
  const accounts = byId(await selectAccounts(ctx, distinct(proposals.flatMap((one) => one.accountIds)), asOf));
  const owing = distinct([...accounts.values()].map((account) => account.party_id));
  const reached = distinct(proposals.map((one) => one.partyId));
  const persons = byId(await selectPersons(ctx, distinct([...owing, ...reached])));
  const roots = distinct([...persons.values()].map((person) => person.root_cluster_id));
  const addressKeys = distinct(proposals.map((one) => one.addressKey));
  // Only consumers are sent validation notices.
  const consumers = [...accounts.values()]
    .filter((account) => account.debt_kind === 'consumer')
    .map((account) => account.id);
  const others = reached.filter((id) => !owing.includes(id));
  // Links say who is reached, and who answers for a company; between people alone nobody asks for them.
  const linked = others.length > 0 || [...persons.values()].some(isCompany);
  const rows: Rows = {
    persons,
    accounts,
    clients: byId(await selectClients(ctx, distinct(proposals.map((one) => one.clientId)), asOf)),
    addresses: byId(await selectAddresses(ctx, distinct(proposals.map((one) => one.contactPointId)))),
    holds: await selectHolds(ctx, roots, asOf),
    stops: await selectWideStops(ctx, asOf),
    preferences: [
      ...(await selectPreferences(ctx, roots, addressKeys, asOf)),
      ...(await suppressedWishes(ctx, roots, asOf)),
    ],
    consents: await selectConsents(ctx, roots),
    contacts: await selectContacts(ctx, roots, addressKeys, new Date(asOf.getTime() - lookBackMs)),
    // Read under the caller's locks: what others wrote down since this clock was read is known too.
    legal: await selectLegalEvents(ctx, roots, isNow(ctx, asOf) ? null : asOf),
    notices: consumers.length === 0 ? [] : await selectNoticeEvents(ctx, consumers, asOf),
    links: linked ? await selectLinks(ctx, owing, others, asOf) : [],
  };
  const perRoot = {
    holds: Map.groupBy(rows.holds, (row) => row.root_id),
    consents: Map.groupBy(rows.consents, (row) => row.root_id),
    contacts: Map.groupBy(rows.contacts, (row) => row.root_id),
    legal: Map.groupBy(rows.legal, (row) => row.root_id),
  };
  const perAddress = Map.groupBy(rows.contacts, (row) => row.address_key);
  return proposals.map((proposal) => {
    const recipient = required(persons.get(proposal.partyId), 'party', proposal.partyId);
    const owner = required(accounts.get(proposal.accountIds[0]), 'account', proposal.accountIds[0]).party_id;
    const person = required(persons.get(owner), 'party', owner);
    const root = person.root_cluster_id;
    const same = recipient.root_cluster_id === root;
    const there = proposal.addressKey === null ? [] : (perAddress.get(proposal.addressKey) ?? []);
    const own = {
      ...rows,
      holds: perRoot.holds.get(root) ?? [],
      consents: perRoot.consents.get(root) ?? [],
      legal: perRoot.legal.get(root) ?? [],
      contacts: perRoot.contacts.get(root) ?? [],
    };
    // Contacts with whoever else the act reaches, and with anyone at the same address: they count against those.
    const elsewhere = [...(same ? [] : (perRoot.contacts.get(recipient.root_cluster_id) ?? [])), ...there].filter(
      (row) => row.root_id !== root,
    );
    return {
      proposal: withInitial(proposal, own.accounts),
      facts: assemble({ proposal, person, recipient: same ? person : recipient, asOf, isNow: isNow(ctx, asOf) }, own, [
        ...new Set(elsewhere),
      ]),
      birthClusterId: recipient.cluster_id,
    };
  });
}

// Nobody has spoken with or written to the person about this account before.
function withInitial(proposal: Proposal, accounts: ReadonlyMap<string, AccountRow>): Proposal {
  if (proposal.initial !== undefined) return proposal;
  return { ...proposal, initial: proposal.accountIds.some((id) => accounts.get(id)?.last_contact_at === null) };
}

function required<Row>(row: Row | undefined, kind: string, id: string): Row {
  if (row === undefined) throw new Error(`There is no ${kind} ${id} in this tenant.`);
  return row;
}

type Act = {
  readonly proposal: Proposal;
  readonly person: PersonRow;
  readonly recipient: PersonRow;
  readonly asOf: Date;
  /** The act is judged now, and not as it stood at an earlier instant. */
  readonly isNow: boolean;
};

const isNow = (ctx: Ctx, asOf: Date) => asOf.getTime() === ctx.at.getTime();

function assemble(
  { proposal, person, recipient, asOf, isNow: now }: Act,
  rows: Rows,
  elsewhere: readonly ContactRow[],
): GateFacts {
  const client = required(rows.clients.get(proposal.clientId), 'client', proposal.clientId);
  const address = proposal.contactPointId === null ? undefined : rows.addresses.get(proposal.contactPointId);
  const accounts = proposal.accountIds.map((id) => required(rows.accounts.get(id), 'account', id));
  const collector = client.classified ?? collectorByKind[client.kind];
  const zones = personZones({ timeZone: recipient.time_zone, country: recipient.country, region: recipient.region });
  const happened = (events: readonly EventFact[]) => (now ? notAhead(events, asOf) : events);
  const day = localDateOf(asOf, (zones[0] ?? client.time_zone) as TimeZone);
  return {
    jurisdictions: jurisdictionsOf(person.country ?? client.country, person.region),
    collector,
    debtKind: accounts.some((account) => account.debt_kind === 'consumer') ? 'consumer' : 'commercial',
    person: {
      clusterId: person.root_cluster_id,
      zones,
      country: person.country,
      region: person.region,
      ageYears: ageOf(rows.legal, day),
      ...incorporated(person, rows.links),
    },
    recipient: { id: recipient.id, role: roleOf(person, recipient, rows.links) },
    client: {
      id: client.id,
      country: client.country,
      timeZone: client.time_zone,
      feedThrough: iso(client.feed_through),
      feedMaxAgeHours: client.feed_max_age_hours,
    },
    address: address ? addressAsLaw(address) : null,
    accounts: accounts.map((account) => accountFact(account, day)),
    holds: rows.holds.map(holdFact),
    wideStops: rows.stops
      .filter((stop) => stop.client_id === null || stop.client_id === proposal.clientId)
      .map((stop) => ({
        id: stop.id,
        scope: stop.scope,
        reason: stop.reason,
        from: stop.effective_from.toISOString(),
      })),
    events: inOrder([
      ...happened(rows.preferences.filter((row) => isAbout(row, proposal, person)).map(eventOfPreference)),
      ...rows.consents.flatMap((row) => eventsOfConsent(row, collector === 'first_party')),
      ...happened(
        rows.contacts.flatMap((row) =>
          eventsOfContact(row, row.party_id === recipient.id && recipient.id !== person.id),
        ),
      ),
      ...happened(elsewhere.flatMap((row) => eventsOfContact(row, true))),
      ...rows.legal.map(eventOfLaw),
      ...rows.notices.filter((row) => proposal.accountIds.includes(row.account_id)).map(eventOfNotice),
    ]),
  };
}

/**
 * Contacts and wishes are written down as they happen. One that lies ahead of our clock was committed by somebody whose clock was read
 * later and who had the locks first: it has happened, so it is moved to now, or two senders could both place the last contact a cap
 * leaves and a person hear something after a stop.
 */
function notAhead(events: readonly EventFact[], now: Date): EventFact[] {
  return events.map((event) => (Date.parse(event.at) > now.getTime() ? { ...event, at: now.toISOString() } : event));
}

/** Events oldest first; those of one instant in the order they were given. */
export const inOrder = (events: readonly EventFact[]): EventFact[] =>
  events
    .map((event) => ({ event, ms: Date.parse(event.at) }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ event }) => event);

const roles: Readonly<Record<string, RecipientRole>> = {
  spouse: 'spouse',
  attorney: 'consumers_attorney',
  executor: 'executor',
  guardian: 'guardian',
  parent_of_minor: 'parent',
};

function roleOf(person: PersonRow, recipient: PersonRow, links: readonly LinkRow[]): RecipientRole {
  if (person.root_cluster_id === recipient.root_cluster_id) return 'consumer';
  const link = links.find((one) => one.party_id === person.id && one.other_party_id === recipient.id);
  return (link && roles[link.role]) ?? 'third_party';
}

const isCompany = (person: PersonRow): boolean => person.kind === 'business' && hasCorporateForm(person.name);

/** A natural person who answers for a company's debt has the protection of one, so with a guarantor nothing is said. */
function incorporated(person: PersonRow, links: readonly LinkRow[]): { readonly incorporated?: boolean } {
  if (person.kind === 'person') return { incorporated: false };
  const answered = links.some(
    (link) => link.party_id === person.id && (link.role === 'guarantor' || link.role === 'co_signer'),
  );
  return isCompany(person) && !answered ? { incorporated: true } : {};
}

/** Of a minor, from the day of birth that is written down; without one a minor stays one. Null: nothing says that the person is a minor. */
function ageOf(events: readonly LegalEventRow[], day: string): number | null {
  const minor = events.filter((event) => event.type === 'minor');
  if (minor.length === 0) return null;
  const born = minor.map((event) => event.detail['bornOn']).filter((on) => typeof on === 'string');
  if (born.length < minor.length) return 0;
  const [youngest = day] = born.sort().reverse();
  // The birthday of this year has come once its month and day have.
  return Number(day.slice(0, 4)) - Number(youngest.slice(0, 4)) - (day.slice(5) < youngest.slice(5) ? 1 : 0);
}

const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null;

const isAbout = (row: PreferenceRow, proposal: Proposal, person: PersonRow) =>
  row.root_id === person.root_cluster_id || (row.address_key !== null && row.address_key === proposal.addressKey);

function accountFact(row: AccountRow, day: string): GateFacts['accounts'][number] {
  const due = row.oldest_open_due_on;
  return {
    id: row.id,
    number: row.account_number,
    state: row.state,
    sensitive: row.sensitive,
    dueMinor: (row.balance_minor - row.credit_minor).toString(),
    daysPastDue: due === null ? 0 : Math.max(0, daysBetween(calendarDate(due), calendarDate(day))),
    ...(row.silenced && { silenced: true as const }),
    ...(row.described && {
      product: row.product,
      chargedOff: row.charged_off_on !== null,
      group: row.servicing_group === null ? null : `servicing:${row.servicing_group}`,
      ...(row.principal_minor !== null && { principalMinor: Number(row.principal_minor) }),
      // Without a reckoning nobody knows, unless somebody wrote that no period runs.
      ...(row.limitation !== null && { limitationExpiredOn: row.last_day_to_sue }),
    }),
  };
}

const holdFact = (row: HoldRow): GateFacts['holds'][number] => ({
  id: row.id,
  reason: row.reason,
  effects: row.effects,
  coverage: row.coverage,
  accountId: row.account_id,
  from: row.effective_from.toISOString(),
  to: iso(row.effective_to),
});

/** A change of a rule that nobody has approved yet, to try what it would do. */
export type ProposedChange = { readonly tightening: Tightening } | { readonly replacement: Replacement };

/** The shipped packs with the tenant's approved replacements by date and its tightenings of that day; `proposed` is added to try it. */
export async function loadRuleBook(ctx: Ctx, proposed: ProposedChange | null = null): Promise<RuleBook> {
  const rows = await selectRuleChanges(ctx);
  const tightenings = rows.filter((row) => row.kind === 'tightening').map(tighteningOf);
  const replacements = rows.flatMap(replacementOf);
  return buildRuleBook(
    shippedPacks,
    proposed !== null && 'tightening' in proposed ? [...tightenings, proposed.tightening] : tightenings,
    await holidayCalendar(),
    {
      replacements:
        proposed !== null && 'replacement' in proposed
          ? withReplacement(replacements, proposed.replacement)
          : replacements,
      on: ctx.at.toISOString().slice(0, 10),
    },
  );
}

/** The shipped packs with the tenant's replacements, as they are before anything is tightened. */
export async function loadLaw(ctx: Ctx): Promise<readonly RulePack[]> {
  const replacements = (await selectRuleChanges(ctx)).flatMap(replacementOf);
  const on = ctx.at.toISOString().slice(0, 10);
  return buildRuleBook(shippedPacks, [], await holidayCalendar(), { replacements, on }).packs;
}

const tighteningOf = (row: RuleChangeRow): Tightening => ({
  id: row.id,
  ruleId: row.rule_id,
  part: row.rule_part,
  parameters: row.parameters,
});

const replacementOf = (row: RuleChangeRow): Replacement[] =>
  row.mode === null ? [] : [{ ...tighteningOf(row), mode: row.mode, from: row.effective_from, to: row.effective_to }];
