import type { TaskKind, TaskQueue } from './task.ts';

export const callOutcomes = [
  'conversation',
  'no_answer',
  'busy',
  'voicemail_left',
  'voicemail_not_left',
  'wrong_number',
  'not_in_service',
  'third_party',
  'refused',
] as const;
export type CallOutcome = (typeof callOutcomes)[number];

export type OutcomeEffects = {
  readonly label: string;
  /** The digit that chooses it on the worklist. */
  readonly key: string;
  /** The right person talked about the debt: it starts the cool-down. */
  readonly conversation: boolean;
  /** It was an attempt on this person; a busy tone, a dead line and a stranger's number were none. */
  readonly counts: boolean;
  /** What is now known about the number; null when nothing is. */
  readonly phoneQuality: 'verified' | 'wrong' | null;
  /** A promise can come out of it. */
  readonly mayPromise: boolean;
  /** What comes next unless a promise or a chosen call-back day says otherwise; null when nothing does. */
  readonly next: {
    readonly kind: TaskKind;
    readonly queue: TaskQueue;
    readonly inDays: number;
    readonly title: string;
  } | null;
};

const callBack = (inDays: number, title: string): OutcomeEffects['next'] => ({
  kind: 'call_back',
  queue: 'collector',
  inDays,
  title,
});
const review = (title: string): OutcomeEffects['next'] => ({ kind: 'review', queue: 'collector', inDays: 0, title });

/** What each outcome of a call leads to, as data. */
export const callEffects: Readonly<Record<CallOutcome, OutcomeEffects>> = {
  conversation: {
    label: 'Conversation',
    key: '1',
    conversation: true,
    counts: true,
    phoneQuality: 'verified',
    mayPromise: true,
    next: callBack(7, 'Follow up on the conversation'),
  },
  no_answer: {
    label: 'No answer',
    key: '2',
    conversation: false,
    counts: true,
    phoneQuality: null,
    mayPromise: false,
    next: callBack(2, 'Call again: no answer'),
  },
  busy: {
    label: 'Busy',
    key: '3',
    conversation: false,
    counts: false,
    phoneQuality: null,
    mayPromise: false,
    next: callBack(1, 'Call again: busy'),
  },
  voicemail_left: {
    label: 'Voicemail left',
    key: '4',
    conversation: false,
    counts: true,
    phoneQuality: null,
    mayPromise: false,
    next: callBack(3, 'Call again: voicemail left'),
  },
  voicemail_not_left: {
    label: 'Voicemail, no message left',
    key: '5',
    conversation: false,
    counts: true,
    phoneQuality: null,
    mayPromise: false,
    next: callBack(2, 'Call again: no message left'),
  },
  third_party: {
    label: 'Somebody else answered',
    key: '6',
    conversation: false,
    counts: true,
    phoneQuality: null,
    mayPromise: false,
    next: callBack(3, 'Call again: somebody else answered'),
  },
  wrong_number: {
    label: 'Wrong number',
    key: '7',
    conversation: false,
    counts: false,
    phoneQuality: 'wrong',
    mayPromise: false,
    next: review('Find a number: the one we had was wrong'),
  },
  not_in_service: {
    label: 'Number not in service',
    key: '8',
    conversation: false,
    counts: false,
    phoneQuality: 'wrong',
    mayPromise: false,
    next: review('Find a number: the one we had is not in service'),
  },
  refused: {
    label: 'Refuses to pay',
    key: '9',
    conversation: true,
    counts: true,
    phoneQuality: 'verified',
    mayPromise: false,
    next: { kind: 'escalation', queue: 'manager', inDays: 0, title: 'Refuses to pay: decide what comes next' },
  },
};
