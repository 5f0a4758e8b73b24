import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newId, type TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { lockWithPersons } from '../accounts/public.ts';
import { aClient, anAccount } from '../accounts/testing.ts';
import { aParty } from '../parties/testing.ts';
import { recordConsent } from './consents.ts';
import { recordPreference } from './preferences.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { recordInbound } from './record-after-the-fact.ts';
import { requestPermits } from './request-permits.ts';
import { settleRegister } from './settle-register.ts';

// Several connections at once call, write, hear wishes and learn outcomes about one person with two debts, each with the clock it
// read before it waited for its turn. What was allowed is then recounted from the law's text, without the rules of the product.

const seed = 20261128;
const database = await testDatabase();
const zone = 'America/New_York';
const localDay = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
const localTime = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, timeStyle: 'medium' });
const dayNumber = (at: Date) => Date.parse(localDay.format(at)) / 86_400_000;

type Channel = 'call' | 'sms' | 'email' | 'letter';
type Step =
  | { readonly kind: 'ask'; readonly channel: Channel; readonly debt: 0 | 1 }
  | {
      readonly kind: 'stop';
      readonly what: 'opt_out' | 'cease' | 'attorney_notice' | 'dispute';
      readonly channel: Channel;
      readonly debt: 0 | 1;
    }
  | { readonly kind: 'outcome'; readonly outcome: 'busy' | 'no_answer' | 'voicemail_left' | 'conversation' }
  | { readonly kind: 'called_in'; readonly debt: 0 | 1 };
type Round = {
  readonly afterMinutes: number;
  readonly steps: readonly { readonly late: number; readonly step: Step }[];
};

const debt = fc.constantFrom<0 | 1>(0, 1);
const channel = fc.constantFrom<Channel>('call', 'call', 'call', 'sms', 'email', 'letter');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('ask' as const), channel, debt }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('outcome' as const),
      outcome: fc.constantFrom('busy', 'no_answer', 'no_answer', 'voicemail_left', 'conversation'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('called_in' as const), debt }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stop' as const),
      what: fc.constantFrom('opt_out', 'opt_out', 'cease', 'attorney_notice', 'dispute'),
      channel,
      debt,
    }),
  },
);
// The clock read first is not always that of who gets the locks first.
const round: fc.Arbitrary<Round> = fc.record({
  afterMinutes: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 600, max: 2000 })),
  steps: fc.array(fc.record({ late: fc.integer({ min: 0, max: 400 }), step }), { minLength: 2, maxLength: 6 }),
});
const history = fc.record({
  region: fc.constantFrom('GA', 'MA'),
  rounds: fc.array(round, { minLength: 8, maxLength: 16 }),
});

/** What was done, in the order in which the locks were held. */
type Done =
  | {
      readonly kind: 'contact';
      readonly actId: string;
      readonly channel: Channel;
      readonly debt: string;
      readonly at: Date;
      outcome: string;
    }
  | { readonly kind: 'conversation'; readonly debt: string; readonly at: Date }
  | {
      readonly kind: 'stop';
      readonly what: string;
      readonly channel: Channel;
      readonly debt: string;
      readonly at: Date;
    };

type Person = {
  readonly tenant: TenantId;
  readonly partyId: string;
  readonly clientId: string;
  readonly accounts: readonly string[];
  readonly clusterId: string;
  readonly region: string;
};

const parts = ['identity', 'reply_path', 'unsubscribe', 'opt_out', 'debt_collector', 'attempt_to_collect'];

async function somebody(region: string, at: Date): Promise<Person> {
  const tenant = await database.freshTenant({ at });
  return database.within(tenant, at, async (ctx) => {
    const { clientId } = await aClient(ctx, { kind: 'agency_customer' });
    const { partyId, clusterId } = await aParty(ctx, { region, timeZone: zone });
    const accounts: string[] = [];
    for (const number of ['A', 'B'])
      accounts.push(
        (
          await anAccount(ctx, {
            clientId,
            partyId,
            debtKind: 'consumer',
            number,
            items: [{ amountMinor: 12_500n, dueOn: '2026-01-01', number }],
          } as never)
        ).accountId,
      );
    for (const [scope, of] of [
      ['email', 'email'],
      ['text', 'sms'],
    ] as const)
      unwrap(
        await recordConsent(ctx, {
          giverPartyId: partyId,
          recipientKind: 'tenant',
          clientId: null,
          accountId: null,
          channel: of,
          addressKey: null,
          scope,
          evidence: { said: 'yes' },
          effectiveFrom: at,
          expiresAt: null,
        }),
      );
    // No limitation period is known to run: without a word on it nobody may threaten, and the gate would refuse everything.
    for (const id of accounts)
      await sql`insert into compliance.debts (tenant_id, id, limitation, recorded_by, recorded_at) values (${tenant}, ${id}, '{}'::jsonb, 'test', ${at})`.execute(
        ctx.db,
      );
    return { tenant, partyId, clientId, accounts, clusterId, region };
  });
}

const proposalOf = (person: Person, to: Channel, about: string): Proposal => ({
  act: 'manual_call',
  channel: to,
  partyId: person.partyId,
  clientId: person.clientId,
  accountIds: [about],
  contactPointId: null,
  addressKey: null,
  actKind: to === 'call' ? 'call' : 'message',
  actId: newId(),
  purpose: 'collect',
  dialMode: 'manual',
  initial: false,
  content: { ...plainSpeech, has: parts, language: 'en', disclosureLanguage: 'en' },
});

async function carryOut(person: Person, at: Date, one: Step, done: Done[]): Promise<void> {
  await database.within(person.tenant, at, async (ctx) => {
    await lockWithPersons(ctx, person.accounts as never);
    const about = person.accounts['debt' in one ? one.debt : 0] ?? '';
    switch (one.kind) {
      case 'ask': {
        const proposal = proposalOf(person, one.channel, about);
        const [answer] = await requestPermits(ctx, [proposal]);
        if (answer?.decision === 'allow')
          done.push({
            kind: 'contact',
            actId: proposal.actId,
            channel: one.channel,
            debt: about,
            at,
            outcome: 'unknown',
          });
        return;
      }
      case 'outcome': {
        const call = done.findLast(
          (what) => what.kind === 'contact' && what.channel === 'call' && what.outcome === 'unknown',
        );
        if (call?.kind !== 'contact') return;
        const conversation = one.outcome === 'conversation';
        await settleRegister(ctx, [
          {
            actId: call.actId,
            status: one.outcome === 'busy' ? 'released' : 'counted',
            reason: 'told',
            conversation,
            detail: { outcome: one.outcome },
          },
        ]);
        call.outcome = one.outcome;
        if (conversation) done.push({ kind: 'conversation', debt: call.debt, at: call.at });
        return;
      }
      case 'called_in': {
        const { partyId, clientId } = person;
        unwrap(
          await recordInbound(ctx, {
            channel: 'call',
            partyId,
            clientId,
            accountIds: [about],
            contactPointId: null,
            addressKey: null,
            actKind: 'call',
            actId: newId(),
            effectiveAt: at,
            conversation: true,
          }),
        );
        done.push({ kind: 'conversation', debt: about, at });
        return;
      }
      case 'stop':
        if (one.what === 'opt_out' || one.what === 'cease')
          unwrap(
            await recordPreference(ctx, {
              partyId: person.partyId,
              kind: one.what,
              channel: one.what === 'cease' ? null : one.channel,
              addressKey: null,
              sourceKind: 'staff',
              sourceId: null,
            }),
          );
        else
          await sql`insert into compliance.legal_events (tenant_id, id, cluster_id, party_id, account_ids, type, detail, source_kind, effective_at, recorded_by, recorded_at)
            values (${person.tenant}, ${newId()}, ${person.clusterId}, ${person.partyId}, ${[about]}::uuid[], ${one.what}, '{"form":"written"}'::jsonb, 'test', ${at}, 'test', ${at})`.execute(
            ctx.db,
          );
        done.push({ kind: 'stop', what: one.what, channel: one.channel, debt: about, at });
    }
  });
}

/** What the law says against a contact, given all that had been done before it. */
function breachesOf(contact: Extract<Done, { kind: 'contact' }>, before: readonly Done[], region: string): string[] {
  const today = dayNumber(contact.at);
  const time = localTime.format(contact.at);
  const breaches: string[] = [];
  if (contact.channel !== 'letter' && (time < '08:00:00' || time >= '21:00:00')) breaches.push(`at ${time}`);
  for (const one of before) {
    if (one.kind !== 'stop') continue;
    const heard =
      one.what === 'cease' || (one.what === 'opt_out' ? one.channel === contact.channel : one.debt === contact.debt);
    if (heard) breaches.push(`after ${one.what}`);
  }
  const within = (days: number) =>
    before.filter((one) => one.kind !== 'stop' && one.debt === contact.debt && today - dayNumber(one.at) < days);
  if (contact.channel === 'call') {
    const calls = within(7).filter((one) => one.kind === 'contact' && one.channel === 'call' && one.outcome !== 'busy');
    if (calls.length >= 7) breaches.push(`call ${calls.length + 1} in seven days`);
    if (within(7).some((one) => one.kind === 'conversation')) breaches.push('within seven days of a conversation');
  }
  if (region === 'MA' && (contact.channel === 'call' || contact.channel === 'sms')) {
    const counted = within(7).filter(
      (one) =>
        one.kind === 'contact' &&
        (one.channel === 'sms' || (one.channel === 'call' && one.outcome !== 'busy' && one.outcome !== 'no_answer')),
    );
    if (counted.length >= 2) breaches.push(`contact ${counted.length + 1} in seven days in Massachusetts`);
  }
  return breaches;
}

/** The call caps once more, by the register alone: what is counted now was counted when later calls were judged. */
async function overCap(person: Person): Promise<number> {
  const { rows } = await database.within(person.tenant, new Date(), (ctx) =>
    sql<{
      n: bigint;
    }>`select count(*) as n from compliance.register_v r where r.tenant_id = ${person.tenant} and r.channel = 'call' and r.direction = 'out'
      and r.status <> 'released' and (
        select count(*) from compliance.register_v w where w.tenant_id = ${person.tenant} and w.account_id = r.account_id and w.channel = 'call'
          and w.direction = 'out' and w.status <> 'released' and w.local_on between r.local_on - 6 and r.local_on) > 7`.execute(
      ctx.db,
    ),
  );
  return Number(rows[0]?.n ?? 0n);
}

test(`whatever several senders do at once, nothing allowed breaks a cap, and nobody hears anything after a stop (seed ${seed})`, async () => {
  const seen = { contacts: 0, refused: 0, stops: 0, conversations: 0 };
  await fc.assert(
    fc.asyncProperty(history, async ({ region, rounds }) => {
      // Monday, 10:00 in New York.
      let now = new Date('2026-03-02T15:00:00Z').getTime();
      const person = await somebody(region, new Date(now - 1000));
      const done: Done[] = [];
      for (const { afterMinutes, steps } of rounds) {
        now += afterMinutes * 60_000;
        await Promise.all(steps.map((one) => carryOut(person, new Date(now + one.late), one.step, done)));
        seen.refused += steps.filter((one) => one.step.kind === 'ask').length;
      }
      // A call known by now to have been busy, or unanswered, still counted while nobody knew: that only makes the count stricter.
      const breaches = done.flatMap((one, i) =>
        one.kind === 'contact' ? breachesOf(one, done.slice(0, i), region) : [],
      );
      expect(breaches).toEqual([]);
      expect(await overCap(person)).toBe(0);
      for (const one of done)
        seen[one.kind === 'contact' ? 'contacts' : one.kind === 'stop' ? 'stops' : 'conversations'] += 1;
    }),
    { seed, numRuns: 14, endOnFailure: true },
  );
  seen.refused -= seen.contacts;
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(8);
});
