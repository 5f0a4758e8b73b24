import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { importing } from '../../test/support/importing.ts';
import { type Id, idOf, type TenantId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import { aClient } from '../modules/accounts/testing.ts';
import { describeDebt } from '../modules/compliance/public.ts';
import { listRejects } from '../modules/intake/public.ts';

const database = await testDatabase();
const { within, take } = importing(database);

let tenant: TenantId;
let clientId: Id<'client'>;
beforeEach(async () => {
  tenant = idOf('tenant', await database.freshTenant({ at: new Date('2026-06-30T12:00:00Z') }));
  ({ clientId } = await within(tenant, (ctx) => aClient(ctx, { kind: 'agency_customer' })));
});

const columns = [
  'Customer ID',
  'Customer name',
  'Account number',
  'Invoice number',
  'Invoice date',
  'Due date',
  'Amount',
  'Email',
  'Phone',
  'Address',
  'Country',
  'State',
  'ZIP code',
  'Debt type',
  'Original creditor',
  'Itemization date',
  'Itemization date kind',
  'Amount on itemization date',
  'Interest since',
  'Fees since',
  'Payments since',
  'Credits since',
  'Date of last payment',
  'Default date',
  'Charge-off date',
  'Contract kind',
  'Contract date',
  'Governing state',
  'Date of birth',
  'Language wish',
  'Attorney',
  'Attorney address',
  'Deceased',
  'Date of death',
  'Bankruptcy date',
  'Bankruptcy chapter',
  'Consent to',
  'Consent given on',
  'Consent evidence',
  'Consent given to',
] as const;
type Column = (typeof columns)[number];
const plain: Partial<Record<Column, string>> = {
  'Customer ID': 'P1',
  'Customer name': 'Maria Ortiz',
  'Account number': 'A1',
  'Invoice number': 'D1',
  'Invoice date': '2025-01-15',
  'Due date': '2025-02-15',
  Amount: '2284.56',
  Email: 'maria@gmail.com',
  Phone: '+1 310 555 0142',
  Address: '12 Elm Street, Los Angeles, CA',
  Country: 'US',
  'ZIP code': '90012',
  'Debt type': 'Credit card',
  'Original creditor': 'First Lantern Bank',
  'Itemization date': '2025-08-01',
  'Itemization date kind': 'Charge-off',
  'Amount on itemization date': '2234.56',
  'Interest since': '75.00',
  'Fees since': '25.00',
  'Payments since': '50.00',
  'Credits since': '0',
  'Date of last payment': '2025-01-05',
  'Default date': '2025-02-15',
  'Charge-off date': '2025-08-01',
  'Contract kind': 'open-ended',
  'Contract date': '2019-03-04',
  'Governing state': 'California',
};
const file = (...rows: Partial<Record<Column, string>>[]) =>
  [columns.join(','), ...rows.map((row) => columns.map((name) => `"${row[name] ?? ''}"`).join(','))].join('\n');
const person = (over: Partial<Record<Column, string>>, n: number) => ({
  ...plain,
  'Customer ID': `P${n}`,
  'Customer name': `Person ${n}`,
  'Account number': `A${n}`,
  'Invoice number': `D${n}`,
  Email: `person${n}@gmail.com`,
  Phone: `+1 310 555 0${100 + n}`,
  ...over,
});

const rowsOf = <Row>(query: ReturnType<typeof sql<Row>>, of: TenantId = tenant) =>
  within(of, async (ctx) => (await query.execute(ctx.db)).rows);
const debts = (of: TenantId = tenant) =>
  rowsOf(
    sql<
      Record<string, unknown>
    >`select a.number, a.debt_kind, p.region, d.product, d.charged_off_on, d.last_day_to_sue, d.limitation->>'regime' as regime, d.particulars, d.source
    from compliance.debts d join accounts.accounts_v a on a.tenant_id = d.tenant_id and a.id = d.id
    join parties.parties_v p on p.tenant_id = d.tenant_id and p.id = a.party_id
    where d.tenant_id = ${of} order by a.number`,
    of,
  );
const events = () =>
  rowsOf(
    sql<{
      number: string;
      type: string;
      detail: unknown;
    }>`select p.external_ref as number, e.type, e.detail from compliance.legal_events e
    join parties.parties_v p on p.tenant_id = e.tenant_id and p.id = e.party_id where e.tenant_id = ${tenant} order by 1, 2`,
  );
const consents = () =>
  rowsOf(
    sql<
      Record<string, unknown>
    >`select recipient_kind, channel, scope, address_key, evidence from compliance.consents where tenant_id = ${tenant} order by channel, scope`,
  );
const rejectsOf = (importId: Id<'import'>) =>
  within(tenant, async (ctx) => unwrap(await listRejects(ctx, importId, { limit: 50, afterRowNo: 0 })).rows);

test('a file of consumer debts is taken as one of people, and describes each debt with its last day to sue', async () => {
  const done = await take(tenant, { clientId, text: file(plain) });
  expect(done.counts).toMatchObject({
    rejected: 0,
    debtsDescribed: 1,
    debtsWithoutLastDay: 0,
    consents: 0,
    legalEvents: 0,
  });
  expect(await debts()).toEqual([
    {
      number: 'A1',
      debt_kind: 'consumer',
      region: 'CA',
      product: 'credit_card',
      charged_off_on: '2025-08-01',
      // Four years for an open-ended account in California, from the default.
      last_day_to_sue: '2029-02-15',
      regime: 'US-CA-OPEN-ENDED',
      source: 'import',
      particulars: {
        product: 'credit_card',
        originalCreditor: 'First Lantern Bank',
        itemization: {
          on: '2025-08-01',
          kind: 'charge_off',
          amountOnItemizationDate: '223456',
          interest: '7500',
          fees: '2500',
          payments: '5000',
          credits: '0',
        },
        lastPaidOn: '2025-01-05',
        defaultedOn: '2025-02-15',
        chargedOffOn: '2025-08-01',
        contract: 'open_ended',
        contractedOn: '2019-03-04',
        governing: 'US-CA',
      },
    },
  ]);
  expect(await debts(idOf('tenant', await database.freshTenant()))).toEqual([]);
});

test('attorney, death, bankruptcy, minority, language and consents come with the rows, once', async () => {
  const text = file(
    person({ Attorney: 'Dana Reyes', 'Attorney address': '1 Court Square, Fresno, CA 93721' }, 1),
    person({ Deceased: 'yes', 'Date of death': '2026-03-01' }, 2),
    person({ 'Bankruptcy date': '2026-05-05', 'Bankruptcy chapter': 'Chapter 13' }, 3),
    person({ 'Date of birth': '2010-01-01' }, 4),
    person({ 'Language wish': 'es', 'Date of birth': '1980-01-01' }, 5),
    person(
      {
        'Consent to': 'E-SIGN',
        'Consent given on': '2026-06-01',
        'Consent evidence': 'Form 7',
        'Consent given to': 'us',
      },
      6,
    ),
    person({ 'Consent to': 'calls', 'Consent given on': '2026-06-02', 'Consent evidence': 'Recording 12' }, 7),
  );
  const done = await take(tenant, { clientId, text });
  expect(done.counts).toMatchObject({
    rejected: 0,
    debtsDescribed: 7,
    legalEvents: 4,
    consents: 2,
    languageWishes: 1,
    attorneys: 1,
  });
  expect(await events()).toEqual([
    { number: 'P1', type: 'attorney_notice', detail: { name: 'Dana Reyes', ascertainable: true } },
    { number: 'P2', type: 'deceased', detail: { diedOn: '2026-03-01' } },
    { number: 'P3', type: 'bankruptcy_petition', detail: { chapter: '13' } },
    { number: 'P4', type: 'minor', detail: { bornOn: '2010-01-01' } },
  ]);
  expect(await consents()).toEqual([
    {
      recipient_kind: 'client',
      channel: 'call',
      scope: 'call',
      address_key: '+13105550107',
      evidence: { words: 'Recording 12' },
    },
    {
      recipient_kind: 'tenant',
      channel: 'email',
      scope: 'esign',
      address_key: 'person6@gmail.com',
      evidence: { words: 'Form 7' },
    },
  ]);
  const again = await take(tenant, { clientId, text });
  expect(again.counts).toMatchObject({ unchanged: 7, changed: 0 });
  expect(await events()).toHaveLength(4);
  expect(await consents()).toHaveLength(2);
});

test('a newer file changes what differs and takes nothing back; what a person has judged stands', async () => {
  await take(tenant, { clientId, text: file(person({}, 1), person({}, 2)) });
  const { id } = (
    await rowsOf(sql<{ id: string }>`select id from accounts.accounts_v where tenant_id = ${tenant} and number = 'A2'`)
  )[0] ?? { id: '' };
  await within(tenant, async (ctx) =>
    unwrap(
      await describeDebt(ctx, {
        accountId: id,
        rowVersion: 1n,
        description: {
          product: 'medical',
          chargedOffOn: null,
          servicingGroup: null,
          principalMinor: null,
          limitation: { kind: 'stated', lastDay: '2027-01-01', basis: 'counsel' },
        },
      }),
    ),
  );
  const newer = await take(tenant, {
    clientId,
    text: file(
      person({ 'Default date': '2025-03-15', Deceased: 'yes' }, 1),
      person({ 'Default date': '2025-03-15' }, 2),
    ),
  });
  expect(newer.counts).toMatchObject({ debtsDescribed: 2, debtsKept: 1, legalEvents: 1 });
  expect((await debts()).map((row) => [row['number'], row['product'], row['last_day_to_sue'], row['source']])).toEqual([
    ['A1', 'credit_card', '2029-03-15', 'import'],
    ['A2', 'medical', '2027-01-01', 'staff'],
  ]);
  // The file of before said less: what is known since stays.
  await take(tenant, { clientId, text: file(person({ 'Governing state': '', 'Default date': '' }, 1)) });
  expect((await debts())[0]).toMatchObject({ last_day_to_sue: '2029-03-15' });
});

test('bad values are kept aside, each with a plain reason', async () => {
  const done = await take(tenant, {
    clientId,
    text: file(
      person({}, 1),
      person({ 'Credits since': '' }, 2),
      person({ 'Itemization date kind': 'whenever' }, 3),
      person({ 'Charge-off date': '2026-12-01', 'Itemization date kind': 'Transaction' }, 4),
      person({ 'Governing state': 'Atlantis' }, 5),
      person({ 'Date of last payment': '2018-01-01' }, 6),
      person({ 'ZIP code': '9001' }, 7),
      person({ 'Consent to': 'calls', 'Consent given on': '2026-06-02' }, 8),
      person({ Deceased: 'no', 'Date of death': '2026-03-01' }, 9),
      person({ State: 'Kalifornia', 'ZIP code': '' }, 10),
      person({ 'Charge-off date': '2025-09-01' }, 11),
      person(
        { 'Customer ID': 'P1', 'Customer name': 'Person 1', 'Account number': 'A1', 'Contract kind': 'written' },
        12,
      ),
    ),
  });
  const rejects = await rejectsOf(done.id);
  expect(rejects.map((row) => [row.reasonCode, row.field])).toEqual([
    ['missing_value', 'credits_since'],
    ['unknown_word', 'itemized_by'],
    ['in_the_future', 'charged_off_on'],
    ['unknown_word', 'governing_law'],
    ['before_the_contract', 'last_paid_on'],
    ['bad_zip', 'postal_code'],
    ['needs_evidence', 'consent_evidence'],
    ['contradiction', 'deceased'],
    ['unknown_state', 'region'],
    ['contradiction', 'itemized_on'],
    ['described_differently', 'account_number'],
  ]);
  expect(rejects[0]?.reason).toBe('Credits since is blank; an itemization needs it. Write 0 where there was none.');
  expect(rejects[10]?.reason).toContain('Row 2 describes the same debt differently');
  expect(done.counts).toMatchObject({ rejected: 11, debtsDescribed: 1 });
});

test('without state, contract or default nobody knows the last day to sue', async () => {
  const done = await take(tenant, {
    clientId,
    text: file(
      person({ 'Contract kind': '' }, 1),
      person({ 'Governing state': '' }, 2),
      person({ 'Default date': '', 'Date of last payment': '' }, 3),
      person({ 'Default date': '' }, 4),
    ),
  });
  expect(done.counts).toMatchObject({ debtsDescribed: 4, debtsWithoutLastDay: 3 });
  expect((await debts()).map((row) => row['last_day_to_sue'])).toEqual([null, null, null, '2029-01-05']);
});
