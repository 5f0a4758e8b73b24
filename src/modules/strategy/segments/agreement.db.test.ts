import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import { addDays, calendarDate, startOfDay, timeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { newId } from '../../../kernel/ids.ts';
import { currency } from '../../../kernel/money.ts';
import { unwrap } from '../../../kernel/result.ts';
import { publishDefault } from '../publish.ts';
import { factCatalogue, type FactField } from './fact-catalogue.ts';
import { operatorsOf, parseRule, type Rule } from './rule.ts';
import { compileRule, type RuleDay } from './rule.sql.ts';
import { type AccountAnchors, matches } from './rule-predicate.ts';

const database = await testDatabase();
const ACCOUNTS = 160;
const RULES = 260;
const clients = [newId(), newId()];
const users = [newId(), newId()];
const rates = new Map([
  ['JPY', '0.0061'],
  ['KWD', '3.2512345678'],
]);

// Two days on which the clocks change, and a plain one; zones far apart.
const days: RuleDay[] = (
  [
    ['2026-03-08', 'America/New_York'],
    ['2026-10-25', 'Europe/Berlin'],
    ['2026-04-05', 'Australia/Lord_Howe'],
    ['2026-06-15', 'Pacific/Kiritimati'],
  ] as const
).map(([date, zone]) => ({
  at: new Date(`${date}T09:30:00Z`),
  asOf: calendarDate(date),
  zone: timeZone(zone),
  reporting: currency('USD'),
}));

const maybe = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: 1 }, { arbitrary: value, weight: 3 });
const pieces = ['', 'a', 'A', '%', '_', '\\', "'", 'É', 'é', 'ß', '😀', ' ', 'Acme', 'aCME', '100%', '10_'];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join(''));
const near = fc.integer({ min: -40, max: 120 });
const dateNear = near.map((n) => addDays(calendarDate('2026-03-08'), 60 - n));
/** Instants at and beside the first of a local day, in one of the zones. */
const instantNear = fc
  .tuple(
    fc.constantFrom(...days),
    fc.integer({ min: -3, max: 30 }),
    fc.constantFrom(-1, 0, 1, 3_600_000, -3_600_000, 12_345_678),
  )
  .map(([day, ago, off]) => new Date(startOfDay(addDays(day.asOf, -ago), day.zone).getTime() + off));
const small = fc.integer({ min: 0, max: 4 });
const minor = fc.constantFrom(0n, 1n, 99n, 100n, 1000n, 12_345n, 100_000n, 9_007_199_254_740_993n);

const world = fc.record({
  clientId: fc.constantFrom(...clients),
  currency: fc.constantFrom('USD', 'JPY', 'KWD', 'EUR'),
  state: fc.constantFrom('active', 'legal', 'settled'),
  name: text,
  number: text,
  balance: minor,
  credit: minor,
  paid: minor,
  openItems: small,
  oldestDue: maybe(dateNear),
  oldestIssued: maybe(dateNear),
  newestDue: maybe(dateNear),
  promiseDue: maybe(dateNear),
  kept: small,
  broken: small,
  settled: small,
  daysLate: fc.integer({ min: 0, max: 30 }),
  lastPaid: maybe(dateNear),
  contactAt: maybe(instantNear),
  conversationAt: maybe(instantNear),
  heldUntil: maybe(instantNear),
  hasEmail: fc.boolean(),
  hasPhone: fc.boolean(),
  assignedTo: maybe(fc.constantFrom(...users)),
  sensitive: fc.boolean(),
  debtKind: fc.constantFrom('commercial', 'consumer'),
  openedOn: dateNear,
  partyKind: fc.constantFrom('person', 'business'),
  country: maybe(fc.constantFrom('US', 'DE')),
  region: maybe(fc.constantFrom('CA', 'ca', 'NY')),
  language: maybe(fc.constantFrom('en', 'es')),
  stage: maybe(fc.constantFrom('early', 'mid', 'late', 'legal')),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const decimal = fc.constantFrom('0', '0.01', '1', '0.99', '1.005', '-1', '10', '610', '61', '999.999', '54944248.36');
function valueOf(field: FactField): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'flag':
      return fc.constantFrom(true, false, 'true', 'false');
    case 'date':
      return dateNear;
    case 'count':
      return fc.oneof(small, small.map(String));
    case 'days':
      return fc.oneof(near, fc.constantFrom(0, 1, -1, 36_525, -36_525));
    case 'average':
      return fc.oneof(decimal, fc.constantFrom('2.5', '3.333', 7, '7.000'));
    case 'money':
      return decimal;
    case 'text':
      return fc.oneof(text, fc.constantFrom('US', 'ca', 'CA', 'en'));
    case 'choice': {
      const { choices } = field;
      if (choices === 'client') return fc.constantFrom(...clients, newId());
      if (choices === 'user') return fc.constantFrom(...users);
      return fc.constantFrom(...(choices === 'currency' ? ['USD', 'JPY', 'EUR', 'CHF'] : choices));
    }
  }
}

const condition = fc.constantFrom(...factCatalogue).chain((field) =>
  fc.constantFrom(...operatorsOf(field)).chain((operator) => {
    const one = valueOf(field);
    const value =
      operator === 'null' || operator === 'notNull'
        ? fc.constant(null)
        : operator === 'in' || operator === 'notIn'
          ? fc.array(one, { maxLength: 3 })
          : operator === 'between' || operator === 'notBetween'
            ? fc.tuple(one, one)
            : one;
    return value.map((given) => ({ field: field.key, operator, value: given }));
  }),
);
const group: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  group: fc.record({
    combinator: fc.constantFrom('and', 'or'),
    not: fc.boolean(),
    rules: fc.array(fc.oneof({ depthSize: 'small', maxDepth: 2 }, condition, tie('group')), { maxLength: 4 }),
  }),
})).group;

async function insertAll(ctx: Ctx, table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  await sql`insert into ${sql.raw(table)} (tenant_id, ${sql.join(columns.map((one) => sql.ref(one)))}) values ${sql.join(
    rows.map((row) => sql`(${ctx.tenant}, ${sql.join(columns.map((one) => sql`${row[one]}`))})`),
  )}`.execute(ctx.db);
}

async function build(ctx: Ctx, worlds: readonly World[]): Promise<Map<string, AccountAnchors>> {
  const at = new Date('2026-03-01T00:00:00Z');
  const rows = worlds.map((one) => ({ one, id: newId(), party: newId(), cluster: newId() }));
  await insertAll(
    ctx,
    'accounts.clients',
    clients.map((id) => ({
      id,
      name: id,
      kind: 'own_entity',
      currency: 'USD',
      time_zone: 'UTC',
      country: 'US',
      recorded_at: at,
    })),
  );
  await insertAll(
    ctx,
    'ledger.rates',
    [...rates].map(([code, rate]) => ({
      id: newId(),
      currency: code,
      reporting_currency: 'USD',
      rate,
      as_of: '2026-01-01',
      source: 'test',
      recorded_by: 'test',
      recorded_at: at,
    })),
  );
  await insertAll(
    ctx,
    'parties.clusters',
    rows.map(({ cluster }) => ({ id: cluster, root_id: cluster })),
  );
  await insertAll(
    ctx,
    'parties.parties',
    rows.map(({ one, party, cluster }) => ({
      id: party,
      cluster_id: cluster,
      kind: one.partyKind,
      name: `${one.name}.`,
      country: one.country,
      region: one.region,
      language: one.language,
      source: 'test',
      recorded_at: at,
    })),
  );
  const shared = ({ one, id, party, cluster }: (typeof rows)[number]) => ({
    id,
    client_id: one.clientId,
    party_id: party,
    cluster_id: cluster,
    currency: one.currency,
    state: one.state,
    assigned_to: one.assignedTo,
    sensitive: one.sensitive,
  });
  await insertAll(
    ctx,
    'accounts.accounts',
    rows.map((row) => ({
      ...shared(row),
      number: row.id,
      debt_kind: row.one.debtKind,
      balance_source: 'host',
      opened_on: row.one.openedOn,
      recorded_at: at,
    })),
  );
  const facts = rows.map((row) => ({
    ...shared(row),
    party_name: row.one.name,
    account_number: row.one.number,
    balance_minor: row.one.balance,
    credit_minor: row.one.credit,
    paid_minor: row.one.paid,
    open_items: row.one.openItems,
    oldest_open_due_on: row.one.oldestDue,
    oldest_open_issued_on: row.one.oldestIssued,
    newest_open_due_on: row.one.newestDue,
    promise_due_on: row.one.promiseDue,
    promises_kept: row.one.kept,
    promises_broken: row.one.broken,
    settled_items: row.one.settled,
    settled_days_late: row.one.daysLate,
    last_paid_on: row.one.lastPaid,
    last_contact_at: row.one.contactAt,
    last_conversation_at: row.one.conversationAt,
    contact_hold_until: row.one.heldUntil,
    has_email: row.one.hasEmail,
    has_phone: row.one.hasPhone,
    updated_at: at,
  }));
  await insertAll(ctx, 'accounts.facts', facts);
  const { id: version } = await publishDefault(ctx);
  const placed = rows.filter(({ one }) => one.stage !== null);
  await insertAll(
    ctx,
    'strategy.positions',
    placed.map(({ one, id }) => ({ id, version_id: version, stage: one.stage, entered_on: '2026-03-01' })),
  );
  return new Map(
    rows.map(({ one, id }, n) => [
      id,
      {
        ...Object.fromEntries(Object.entries(facts[n] ?? {}).map(([column, value]) => [`f.${column}`, value])),
        'f.currency': one.currency,
        'a.debt_kind': one.debtKind,
        'a.opened_on': one.openedOn,
        'p.kind': one.partyKind,
        'p.country': one.country,
        'p.region': one.region,
        'p.language': one.language,
        's.stage': one.stage,
      },
    ]),
  );
}

async function selected(ctx: Ctx, rule: Rule, day: RuleDay): Promise<string[]> {
  const { joins, condition: holds } = compileRule(ctx, rule, day);
  const { rows } = await sql<{ id: string }>`
    select f.id from accounts.facts_v f ${joins} where f.tenant_id = ${ctx.tenant} and ${holds} order by f.id`.execute(
    ctx.db,
  );
  return rows.map((row) => row.id);
}

it('the SQL of a rule and its predicate choose the same accounts', { timeout: 120_000 }, async () => {
  const tenant = await database.freshTenant({ at: new Date('2026-03-01T00:00:00Z') });
  await database.within(tenant, new Date('2026-03-01T00:00:00Z'), async (ctx) => {
    const accounts = await build(ctx, fc.sample(world, { numRuns: ACCOUNTS, seed: 20_261_128 }));
    let pairs = 0;
    let some = 0;
    await fc.assert(
      fc.asyncProperty(group, fc.constantFrom(...days), async (input, day) => {
        const rule = unwrap(parseRule(input));
        const expected = [...accounts].filter(([, one]) => matches(rule, one, { ...day, rates })).map(([id]) => id);
        pairs += accounts.size;
        if (expected.length > 0 && expected.length < accounts.size) some += 1;
        expect(await selected(ctx, rule, day)).toEqual(expected.toSorted());
      }),
      { numRuns: RULES },
    );
    expect(pairs).toBeGreaterThanOrEqual(20_000);
    // Rules that choose all or none would agree however wrong both were.
    expect(some).toBeGreaterThan(RULES / 5);
  });
});
