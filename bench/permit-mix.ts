import { type Decision, type GateFacts, plainSpeech, type Proposal } from '../src/modules/compliance/public.ts';
import { decideMix, type MixCase, type MixEvent } from './reference/decide-mix.ts';

/** One question of the mix in the words of both sides. */
export type MixQuestion = {
  readonly facts: GateFacts;
  readonly proposal: Proposal;
  readonly at: Date;
  readonly mix: MixCase;
};

const client = '00000000-0000-7000-8000-00000000c11e';
const person = '00000000-0000-7000-8000-0000000000aa';
const debts = ['00000000-0000-7000-8000-00000000acc1', '00000000-0000-7000-8000-00000000acc2'] as const;
const places = {
  elsewhere: { codes: ['US', 'US-GA'], zones: ['America/New_York', 'America/Chicago'] },
  'new-york-city': { codes: ['US', 'US-NY', 'US-NYC'], zones: ['America/New_York'] },
  massachusetts: { codes: ['US', 'US-MA'], zones: ['America/New_York'] },
} as const;
const parts = ['identity', 'reply_path', 'unsubscribe', 'opt_out', 'debt_collector', 'attempt_to_collect'];
const outcomes = ['no_answer', 'voicemail_left', 'voicemail_lcm', 'answered_dropped', 'busy', 'not_in_service'];

/** Numbers from 0 up to 1 that are the same in every run. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/**
 * The mix: of every ten acts four calls, two e-mails, two texts and a letter of a third-party collector to consumers, and an automatic
 * e-mail to a business; half of the consumers in Georgia (which may be in two zones), a quarter each in New York City and Massachusetts.
 * Every history has `events` events of the last two months.
 */
export function permitMix(count: number, events: number, seed = 7): MixQuestion[] {
  const roll = dice(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
  return Array.from({ length: count }, (_, i) => question(i, events, roll, pick));
}

function question(i: number, events: number, roll: () => number, pick: <T>(list: readonly T[]) => T): MixQuestion {
  const channel =
    (['call', 'call', 'email', 'sms', 'call', 'letter', 'email', 'call', 'sms', 'email'] as const)[i % 10] ?? 'call';
  const business = i % 10 === 9;
  const place = business ? 'elsewhere' : pick(['elsewhere', 'elsewhere', 'new-york-city', 'massachusetts'] as const);
  const address = channel === 'email' ? 'someone@example.com' : '+12125550100';
  // From Monday 1 March 2027, at any time of day; the clocks change on the fourteenth.
  const at = new Date(Date.UTC(2027, 2, 1) + Math.floor(roll() * 20 * 24 * 60) * 60_000);
  const before = (days: number) => new Date(at.getTime() - Math.floor(days * 86_400_000)).toISOString();
  const history: MixEvent[] = [];
  const now = (share: number) => roll() < share;
  if (now(0.85)) history.push({ type: 'email_consent', at: before(300), givenTo: 'this_collector' } as MixEvent);
  if (now(0.85))
    history.push({ type: 'text_consent', at: before(10 + roll() * 100), givenTo: 'this_collector' } as MixEvent);
  if (now(0.5))
    history.push({
      type: 'reassigned_number_check',
      at: before(roll() * 100),
      result: 'not_reassigned',
      addressKey: address,
    } as MixEvent);
  if (now(0.08))
    history.push({ type: 'opt_out', at: before(roll() * 200), channel: pick(['email', 'sms', 'call', 'letter']) });
  if (now(0.03))
    history.push({ type: 'cease', at: before(roll() * 200), form: 'written', debtIds: [pick(debts)] } as MixEvent);
  if (now(0.03)) history.push({ type: 'attorney_notice', at: before(roll() * 200), debtIds: [pick(debts)] });
  if (now(0.03))
    history.push({ type: 'dispute', at: before(roll() * 50), form: 'written', debtIds: [pick(debts)] } as MixEvent);
  while (history.length < events) {
    const when = before(roll() * 62);
    const what = pick(['call', 'call', 'email', 'sms', 'letter'] as const);
    const about = {
      clientId: client,
      debtIds: [pick(debts)],
      addressKey: what === 'email' ? 'someone@example.com' : '+12125550100',
    };
    const direction = now(0.1) ? 'in' : 'out';
    if (what !== 'call')
      history.push({
        type: 'contact',
        at: when,
        channel: what,
        direction,
        automatic: true,
        ...about,
      });
    else {
      const talk = now(0.08);
      history.push({
        type: 'contact',
        at: when,
        channel: 'call',
        direction,
        outcome: talk ? 'conversation' : pick(outcomes),
        ...about,
      });
      if (talk && history.length < events)
        history.push({ type: 'conversation', at: when, channel: 'call', debtIds: about.debtIds });
    }
  }
  history.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const where = places[place];
  return {
    at,
    mix: {
      at: at.toISOString(),
      channel,
      debtId: debts[0],
      addressKey: address,
      business,
      place,
      zones: where.zones,
      events: history,
    },
    proposal: {
      act: channel === 'call' ? 'manual_call' : 'automatic_message',
      channel,
      partyId: person,
      clientId: client,
      accountIds: [debts[0]],
      contactPointId: null,
      addressKey: address,
      actKind: channel === 'call' ? 'call' : 'message',
      actId: '00000000-0000-7000-8000-0000000000ac',
      purpose: 'collect',
      dialMode: 'manual',
      initial: false,
      content: { ...plainSpeech, has: parts, language: 'en', disclosureLanguage: 'en' },
    },
    facts: {
      jurisdictions: business ? ['US'] : where.codes,
      collector: business ? 'first_party' : 'third_party',
      debtKind: business ? 'commercial' : 'consumer',
      person: { clusterId: person, zones: where.zones, country: 'US', region: null, ageYears: 40 },
      recipient: { id: person, role: 'consumer' },
      client: { id: client, country: 'US', timeZone: 'America/New_York', feedThrough: null, feedMaxAgeHours: null },
      address: {
        key: address,
        quality: 'verified',
        ended: false,
        place: null,
        lineType: channel === 'email' || channel === 'letter' ? null : 'wireless',
        employerProvided: false,
      },
      accounts: debts.map((id, n) => ({
        id,
        number: `A-${n + 1}`,
        state: 'active',
        sensitive: false,
        dueMinor: '12500',
        product: 'credit_card',
        group: null,
        chargedOff: false,
        daysPastDue: 60,
        principalMinor: 12_500,
        limitationExpiredOn: null,
      })),
      holds: [],
      wideStops: [],
      events: history,
    },
  };
}

/** Where an answer to the mix is not the reference's, in a sentence; null when all are equal. */
export function disagreement(mix: readonly MixQuestion[], answers: readonly Decision[]): string | null {
  for (const [i, one] of mix.entries()) {
    const wanted = decideMix(one.mix);
    const opens = answers[i]?.notBefore?.toISOString() ?? null;
    if (answers[i]?.decision !== wanted.decision || opens !== wanted.opens)
      return `Decision ${i} is ${answers[i]?.decision} from ${opens}, the reference says ${wanted.decision} from ${wanted.opens}.`;
  }
  return null;
}
