import { describe, expect, it } from 'vitest';
import { holidayCalendar } from '../holidays.ts';
import { buildRuleBook, shippedPacks } from '../rule-book.ts';
import { judgeVector } from './check-vectors.ts';
import { parseVectors, type Vector } from './vector.ts';

// Whoever writes an example chooses the words of its events and members. What may be said in several ways is read alike.

const law = shippedPacks.filter((pack) => !pack.house);
const book = buildRuleBook(law, [], await holidayCalendar());
const now = '2026-05-05T10:00:00-04:00';

type Parts = { readonly facts?: Record<string, unknown>; readonly proposed?: Record<string, unknown> };

function read({ facts, proposed }: Parts): Vector {
  const example = {
    id: 'example',
    kind: 'permit',
    facts: {
      jurisdictions: ['US'],
      consumerTimezone: 'America/New_York',
      debts: [{ id: 'D1', product: 'credit_card' }],
      persons: [
        { id: 'P1', role: 'consumer' },
        { id: 'X', role: 'relative' },
      ],
      events: [],
      ...facts,
    },
    proposed: { at: now, channel: 'call', personId: 'P1', debtIds: ['D1'], ...proposed },
  };
  const vectors = parseVectors({ vectors: [example] });
  if (!vectors.ok) throw new Error(vectors.detail);
  const [vector] = vectors.value;
  if (vector === undefined) throw new Error('There is no example.');
  return vector;
}

const refusing = (parts: Parts): string[] => judgeVector(read(parts), book).reasons.map((reason) => reason.ruleId);
const said = (type: string, more: Record<string, unknown> = {}) => ({
  at: '2026-05-01T09:00:00-04:00',
  type,
  personId: 'P1',
  ...more,
});

describe('examples in other words', () => {
  it.each(['letter', 'mail', 'fax', 'email', 'portal', 'web_form', 'sms'])('takes "%s" for a written form', (form) => {
    const facts = { events: [said('cease', { form, debtIds: ['D1'] })] };
    expect(refusing({ facts })).toContain('US-REGF-6C-CEASE');
    expect(refusing({ facts: { events: [said('dispute', { form, debtIds: ['D1'] })] } })).toContain(
      'US-REGF-38-DISPUTE',
    );
  });

  it.each(['oral', 'verbal', 'phone'])('takes "%s" for a spoken form', (form) => {
    const facts = { events: [said('cease', { form, debtIds: ['D1'] })] };
    expect(refusing({ facts })).not.toContain('US-REGF-6C-CEASE');
    expect(refusing({ facts })).toContain('US-REGF-14H-MEDIUM');
  });

  it.each([
    ['phone', 'call'],
    ['text', 'sms'],
    ['mail', 'letter'],
  ])('takes the channel "%s" for %s', (channel, meant) => {
    const facts = { events: [said('opt_out', { channel })] };
    expect(refusing({ facts, proposed: { channel: meant } })).toContain('US-REGF-14H-MEDIUM');
    expect(refusing({ facts, proposed: { channel: 'visit' } })).toEqual([]);
  });

  it.each(['artificial_voice', 'ai', 'ringless_voicemail', 'prerecorded_voice', 'autodialed'])(
    'takes "%s" for a machine',
    (dialMode) => {
      expect(refusing({ proposed: { dialMode, lineType: 'wireless', addressId: 'M1' } })).toContain('US-TCPA-CONSENT');
    },
  );

  it.each(['hand_dialed', 'manual', undefined])('takes "%s" for a call by hand', (dialMode) => {
    expect(refusing({ proposed: { dialMode, lineType: 'wireless', addressId: 'M1' } })).toEqual([]);
  });

  it.each(['credit_bureau', 'creditor_attorney', 'collector_attorney', 'original_creditor'])(
    'knows "%s" as one who may be told',
    (role) => {
      const persons = [
        { id: 'P1', role: 'consumer' },
        { id: 'X', role },
      ];
      expect(refusing({ facts: { persons }, proposed: { personId: 'X' } })).toEqual([]);
    },
  );

  it.each(['post_judgment_remedy', 'wage_garnishment', 'judicial_remedy'])('takes "%s" for a remedy', (purpose) => {
    expect(refusing({ proposed: { personId: 'X', channel: 'letter', purpose } })).toEqual([]);
  });

  it.each([
    ['validThrough', '2026-05-04'],
    ['expiresOn', '2026-05-04'],
    ['through', '2026-05-04'],
  ])('lets leave to be called end by "%s"', (member, on) => {
    const talk = said('call_attempt', {
      direction: 'outbound',
      outcome: 'conversation',
      debtIds: ['D1'],
      discussedDebtIds: ['D1'],
    });
    const leave = {
      ...said('call_consent', { debtIds: ['D1'], givenTo: 'this_collector' }),
      at: '2026-05-02T09:00:00Z',
    };
    expect(refusing({ facts: { events: [talk, leave] } })).toEqual([]);
    expect(refusing({ facts: { events: [talk, { ...leave, [member]: on }] } })).toEqual(['US-REGF-14B-POSTCONV']);
  });

  it.each([{ ageYears: 17 }, { age: 17 }, { dateOfBirth: '2008-05-06' }, { minor: true }])(
    'knows a minor by %o',
    (words) => {
      expect(refusing({ facts: { persons: [{ id: 'P1', role: 'consumer', ...words }] } })).toEqual(['US-MINOR']);
    },
  );

  it.each([{ dateOfBirth: '2008-05-05' }, { age: 18 }])('knows one of age by %o', (words) => {
    expect(refusing({ facts: { persons: [{ id: 'P1', role: 'consumer', ...words }] } })).toEqual([]);
  });

  it.each([{ deceased: true }, { deceasedOn: '2026-04-01' }, { dateOfDeath: '2026-04-01' }])(
    'knows a death by %o',
    (words) => {
      expect(refusing({ facts: { persons: [{ id: 'P1', role: 'consumer', ...words }] } })).toEqual(['US-DECEASED']);
    },
  );

  it.each(['threatensArrest', 'obscene', 'falseAmount', 'simulatesLegalProcess', 'impliesAttorney', 'publicShaming'])(
    'takes "%s" for what is forbidden',
    (member) => {
      expect(refusing({ proposed: { channel: 'letter', content: { [member]: true } } })).toEqual(['US-FDCPA-OTHER']);
      expect(refusing({ proposed: { channel: 'letter', content: { [member]: false } } })).toEqual([]);
    },
  );

  it.each([{ aliasIdentifiable: false }, { alias: { employees: 2 } }, { agentAlias: { traceable: false } }])(
    'takes %o for a name nobody could trace',
    (content) => {
      expect(refusing({ proposed: { content } })).toEqual(['US-REGF-18F-ALIAS']);
    },
  );

  it.each([{ disputeNoted: false }, { reportsAsDisputed: false }, { disputeNotation: null }])(
    'takes %o for silence about a dispute',
    (content) => {
      const talk = said('conversation', { direction: 'inbound', channel: 'call', discussedDebtIds: ['D1'] });
      const facts = { events: [talk, said('dispute', { form: 'oral', debtIds: ['D1'] })] };
      const proposed = { channel: 'credit_bureau_furnish', purpose: 'furnish', content };
      expect(refusing({ facts, proposed })).toEqual(['US-REGF-38-DISPUTE', 'US-FCRA']);
    },
  );

  it('names a type of event that no rule asks about, and answers without it', () => {
    const facts = { events: [said('weather_changed'), said('opt_out', { channel: 'call' })] };
    const { decision, unread } = judgeVector(read({ facts }), book);
    expect({ decision, unread }).toEqual({ decision: 'deny', unread: ['weather_changed'] });
  });

  it('refuses an example of a channel nobody knows, by name', () => {
    const { decision, refusal } = judgeVector(read({ proposed: { channel: 'pigeon' } }), book);
    expect({ decision, refusal }).toEqual({ decision: 'refused', refusal: 'There is no channel "pigeon".' });
  });

  it('reports a breach under every id the law knows the rule by', () => {
    const facts = { events: [said('attorney_notice', { attorney: { name: 'known', address: 'known' } })] };
    expect(refusing({ facts })).toEqual(['US-REGF-6B2-ATTORNEY', 'US-ATTORNEY']);
  });
});
