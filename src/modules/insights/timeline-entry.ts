import { type Currency, formatMoney, money } from '../../kernel/money.ts';
import { holdWords } from './account-items.ts';
import type { TimelineRecord, TimelineSource } from './timeline.sql.ts';
import { type DecisionRecord, type PermitRecord, type Why, whyOfDecision, whyOfPermit } from './why.ts';

export type TimelineKind =
  | 'message'
  | 'inbound'
  | 'call'
  | 'note'
  | 'receipt'
  | 'allocation'
  | 'promise'
  | 'hold'
  | 'decision'
  | 'permit'
  | 'task'
  | 'state'
  | 'item'
  | 'incident'
  | 'unsubscribe'
  | 'case'
  | 'link'
  | 'merge';

export type TimelineEntry = {
  readonly id: string;
  readonly at: Date;
  readonly kind: TimelineKind;
  readonly direction: 'out' | 'in' | 'internal';
  readonly title: string;
  readonly body: string | null;
  readonly actor: string | null;
  readonly tone: 'neutral' | 'good' | 'warn' | 'bad';
  readonly subjectId: string | null;
  readonly why: Why | null;
};

type Data = Readonly<Record<string, unknown>>;
type Said = Pick<TimelineEntry, 'kind' | 'title'> & Partial<Omit<TimelineEntry, 'id' | 'at' | 'kind' | 'title'>>;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const words = (value: unknown): string => (text(value) ?? '').replaceAll('_', ' ');
const amount = (data: Data): string =>
  formatMoney(money(BigInt(String(data['amount'])), String(data['currency']) as Currency));
const capital = (said: string): string => said.charAt(0).toUpperCase() + said.slice(1);

function itemsIn(data: Data): string {
  const items = data['items'] as { count?: number; numbers?: string[] } | undefined;
  const numbers = items?.numbers ?? [];
  const more = (items?.count ?? 0) - numbers.length;
  return [...numbers, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function permitIn(data: Data): Why | null {
  const permit = data['permit'] as (PermitRecord & Data) | null | undefined;
  return permit ? whyOfPermit(dated(permit)) : null;
}

/** Instants inside jsonb come back as text. */
const dated = (permit: PermitRecord & Data): PermitRecord => ({
  ...permit,
  not_before: text(permit.not_before) ? new Date(String(permit.not_before)) : null,
  decided_at: new Date(String(permit.decided_at)),
});

const messageTitles: Readonly<Record<string, string>> = {
  rendered: 'Notice prepared',
  sending: 'Notice being sent',
  handed_over: 'Notice handed over',
  sent: 'Notice sent',
  failed: 'Notice could not be sent',
  uncertain: 'Notice with uncertain fate',
  void: 'Notice void before sending',
  denied: 'Notice stopped by a rule',
};
const messageTones: Readonly<Record<string, TimelineEntry['tone']>> = {
  failed: 'bad',
  uncertain: 'warn',
  denied: 'warn',
};
const callTitles: Readonly<Record<string, string>> = {
  conversation: 'conversation',
  no_answer: 'no answer',
  busy: 'busy',
  voicemail_left: 'voicemail left',
  voicemail_not_left: 'voicemail, nothing left',
  wrong_number: 'wrong number',
  not_in_service: 'number not in service',
  third_party: 'somebody else answered',
  refused: 'refused to talk',
};
const promiseTones: Readonly<Record<string, TimelineEntry['tone']>> = {
  kept: 'good',
  part_kept: 'warn',
  broken: 'bad',
};
const wishTitles: Readonly<Record<string, string>> = {
  opt_out: 'Opted out',
  cease: 'Asked for no contact',
  inconvenient_time: 'Named inconvenient times',
  inconvenient_place: 'Named an inconvenient place',
  language: 'Chose a language',
};

const caseTitles: Readonly<Record<string, string>> = {
  opened: 'Case opened',
  added: 'Taken into a case',
  removed: 'Taken out of the case',
  closed: 'Case closed',
  reopened: 'Case opened again',
};
const roleWords = (data: Data): string => words(data['role']).replace('co signer', 'co-signer');
const linkSentence = (data: Data): string =>
  data['direction'] === 'has'
    ? `${text(data['name']) ?? 'somebody'} as ${roleWords(data)}`
    : `${roleWords(data)} of ${text(data['name']) ?? 'somebody'}`;
const namesIn = (data: Data): string => ((data['names'] as string[] | null) ?? []).join(' and ');

/** How each thing that happened is said. */
const sayings: Readonly<Record<TimelineSource, (data: Data) => Said>> = {
  message: (d) => ({
    kind: 'message',
    direction: 'out',
    title: `${messageTitles[String(d['state'])] ?? 'Notice'}: ${text(d['subject']) ?? ''}`,
    body: [
      `To ${text(d['recipient']) ?? 'nobody'}`,
      d['mode'] === 'capture' ? 'captured, not delivered' : null,
      text(d['reason']),
    ]
      .filter(Boolean)
      .join(' · '),
    actor: d['automatic'] ? 'Automation' : null,
    tone: messageTones[String(d['state'])] ?? 'neutral',
    why: permitIn(d),
  }),
  inbound: (d) => ({
    kind: 'inbound',
    direction: 'in',
    title: `Reply: ${text(d['subject']) ?? 'no subject'}`,
    body: text(d['body']),
    actor: text(d['from']),
  }),
  call: (d) => ({
    kind: 'call',
    direction: d['direction'] === 'in' ? 'in' : 'out',
    title: `${d['direction'] === 'in' ? 'Call received' : 'Call'}: ${callTitles[String(d['outcome'])] ?? words(d['outcome'])}`,
    body: text(d['note']),
    actor: text(d['actor']),
    tone: d['incident'] ? 'bad' : d['outcome'] === 'conversation' ? 'good' : 'neutral',
    why: permitIn(d),
  }),
  note: (d) => ({ kind: 'note', title: 'Note', body: text(d['body']), actor: text(d['actor']) }),
  receipt: (d) => ({
    kind: 'receipt',
    direction: 'in',
    title: `Received ${amount(d)}`,
    tone: 'good',
    actor: text(d['actor']),
    body: [
      `${capital(words(d['method']))} of ${text(d['on']) ?? ''}`,
      text(d['reference']) && `reference “${text(d['reference'])}”`,
      text(d['payer']) && `from ${text(d['payer'])}`,
    ]
      .filter(Boolean)
      .join(', '),
  }),
  receipt_reversed: (d) => ({
    kind: 'receipt',
    title: `Receipt of ${amount(d)} reversed`,
    body: text(d['reason']),
    tone: 'bad',
  }),
  allocated: (d) => ({ kind: 'allocation', title: `Applied ${amount(d)} to ${itemsIn(d)}`, body: text(d['reason']) }),
  allocation_reversed: (d) => ({
    kind: 'allocation',
    title: `Took ${amount(d)} back from ${itemsIn(d)}`,
    body: text(d['reason']),
    tone: 'warn',
  }),
  promise: (d) => ({
    kind: 'promise',
    direction: 'in',
    title: `Promised ${amount(d)} for ${text(d['due_on']) ?? ''}`,
    actor: text(d['actor']),
    body: `${itemsIn(d)}; waited for ${String(d['grace_days'])} days longer. Automatic contact about these items is stopped.`,
  }),
  promise_judged: (d) => ({
    kind: 'promise',
    title: `Promise ${words(d['state'])}`,
    body: text(d['reason']),
    tone: promiseTones[String(d['state'])] ?? 'neutral',
  }),
  hold: (d) => ({
    kind: 'hold',
    title: `Hold placed: ${holdWords[String(d['reason'])] ?? words(d['reason'])}`,
    body: text(d['note']),
    actor: text(d['actor']),
    tone: 'warn',
  }),
  hold_released: (d) => ({
    kind: 'hold',
    title: `Hold released: ${holdWords[String(d['reason'])] ?? words(d['reason'])}`,
    body: text(d['release_reason']),
  }),
  decision: (d) => {
    const why = whyOfDecision({ ...(d as unknown as DecisionRecord), recorded_at: new Date(String(d['recorded_at'])) });
    return {
      kind: 'decision',
      title: why.sentence,
      actor: 'Automation',
      tone: why.outcome === 'stop' ? 'warn' : 'neutral',
      why,
    };
  },
  permit: (d) => {
    const why = whyOfPermit(dated(d as unknown as PermitRecord & Data));
    return {
      kind: 'permit',
      title: why.outcome === 'deny' ? 'Contact not permitted' : 'Contact must wait',
      body: why.sentence,
      tone: 'warn',
      why,
    };
  },
  task: (d) => ({ kind: 'task', title: `Task: ${text(d['title']) ?? ''}`, body: text(d['reason']) }),
  task_closed: (d) => ({
    kind: 'task',
    title: `Task ${d['state'] === 'void' ? 'void' : 'done'}: ${text(d['title']) ?? ''}`,
    body: d['outcome'] ? capital(words(d['outcome'])) : null,
    actor: text(d['actor']),
  }),
  state: (d) => ({
    kind: 'state',
    title: d['from'] ? `State: ${words(d['from'])} → ${words(d['to'])}` : `Account opened as ${words(d['to'])}`,
    // That it was opened is what the title says.
    body: d['reason'] === 'opened' ? null : text(d['reason']),
    actor: text(d['actor']),
    tone: d['to'] === 'settled' ? 'good' : 'neutral',
  }),
  items: (d) => ({ kind: 'item', title: `Items came in: ${itemsIn(d)}`, body: `${amount(d)} in all` }),
  incident: (d) => ({ kind: 'incident', title: 'Breach incident', body: text(d['summary']), tone: 'bad' }),
  wish: (d) => ({
    kind: 'unsubscribe',
    direction: 'in',
    title: `${wishTitles[String(d['kind'])] ?? capital(words(d['kind']))}${d['channel'] ? ` of ${d['channel'] === 'email' ? 'e-mail' : words(d['channel'])}` : ''}`,
    body: d['source'] === 'unsubscribe_link' ? 'By the link in a message' : null,
    tone: 'warn',
  }),
  case: (d) => ({
    kind: 'case',
    title:
      d['kind'] === 'assigned'
        ? text(d['to'])
          ? `Case given to ${text(d['to'])}`
          : 'Case given back to everyone'
        : (caseTitles[String(d['kind'])] ?? 'Case changed'),
    body: text(d['reason']),
    actor: text(d['actor']),
  }),
  link: (d) => ({ kind: 'link', title: `Linked: ${linkSentence(d)}`, body: text(d['note']), actor: text(d['actor']) }),
  link_ended: (d) => ({
    kind: 'link',
    title: `Link ended: ${linkSentence(d)}`,
    body: text(d['note']),
    actor: text(d['actor']),
  }),
  merge: (d) => ({
    kind: 'merge',
    title: `Merged as one person or business: ${namesIn(d)}`,
    body: text(d['reason']),
    tone: 'warn',
  }),
  merge_undone: (d) => ({ kind: 'merge', title: `Merge undone: ${namesIn(d)}`, tone: 'warn' }),
};

/** One record as a person reads it. */
export function toTimelineEntry(record: TimelineRecord): TimelineEntry {
  const said = sayings[record.source](record.data);
  return {
    id: `${record.source}:${record.id}`,
    at: record.at,
    direction: 'internal',
    body: null,
    actor: null,
    tone: 'neutral',
    why: null,
    subjectId: record.id,
    ...said,
  };
}
