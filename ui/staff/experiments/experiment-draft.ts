import type { Input, Output } from '../../kit/operations.ts';
import { decimalText, parseMinor } from '../../kit/format.ts';

export type Experiment = Output<'getExperiment'>['experiment'];
export type Terms = Input<'createExperiment'>['body'];
export type Measure = keyof Output<'getExperiment'>['results']['arms'][number]['measures'];

/** What a strategy select says for people who are left alone. */
export const HOLD_OUT = 'hold-out';
export const channels = ['email', 'call', 'letter', 'sms'] as const;

export interface DraftArm {
  readonly id: string;
  readonly name: string;
  /** Empty while nothing is chosen. */
  readonly strategyId: string;
  readonly weight: string;
}

/** The terms as they are typed. */
export interface Draft {
  readonly name: string;
  readonly hypothesis: string;
  readonly arms: readonly DraftArm[];
  readonly share: string;
  readonly recoveryDays: string;
  readonly complaintDays: string;
  readonly costs: Readonly<Record<(typeof channels)[number], string>>;
  readonly complaintsAbove: string;
  readonly recoveryBelow: string;
  readonly endsOn: string;
}

let serial = 0;
export const newArm = (arm: Omit<DraftArm, 'id'>): DraftArm => ({ id: `arm-${(serial += 1)}`, ...arm });

export const emptyDraft = (championId: string): Draft => ({
  name: '',
  hypothesis: '',
  arms: [
    newArm({ name: 'Champion', strategyId: championId, weight: '50' }),
    newArm({ name: 'Challenger', strategyId: '', weight: '50' }),
  ],
  share: '5',
  recoveryDays: '30',
  complaintDays: '14',
  costs: { email: '0', call: '0', letter: '0', sms: '0' },
  complaintsAbove: '2',
  recoveryBelow: '5',
  endsOn: '',
});

export function draftOf(experiment: Experiment, currency: string): Draft {
  const { arms, share, recoveryDays, complaintDays, costs, complaintsAbove, recoveryBelow, endsOn } = experiment;
  return {
    name: experiment.name,
    hypothesis: experiment.hypothesis,
    arms: arms.map((arm) =>
      newArm({ name: arm.name, strategyId: arm.strategyId ?? HOLD_OUT, weight: percentText(arm.weight) }),
    ),
    share: percentText(share),
    recoveryDays: String(recoveryDays),
    complaintDays: String(complaintDays),
    costs: {
      email: decimalText(BigInt(costs.email), currency),
      call: decimalText(BigInt(costs.call), currency),
      letter: decimalText(BigInt(costs.letter), currency),
      sms: decimalText(BigInt(costs.sms), currency),
    },
    complaintsAbove: complaintsAbove === null ? '' : percentText(complaintsAbove),
    recoveryBelow: recoveryBelow === null ? '' : percentText(recoveryBelow),
    endsOn: endsOn ?? '',
  };
}

/** Hundredths of a per cent as they are typed: 250 is 2.5. */
export const percentText = (hundredths: number): string => String(hundredths / 100);

/** A typed percentage as hundredths of a per cent, 0.01 to 100; null when it is none. */
export function hundredthsOf(text: string): number | null {
  const shape = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim().replace(/\s*%$/, ''));
  if (shape === null) return null;
  const value = Number(shape[1]) * 100 + Number((shape[2] ?? '').padEnd(2, '0'));
  return value >= 1 && value <= 10_000 ? value : null;
}

/** Days from one to a year; null when it is none. */
export function daysOf(text: string): number | null {
  const value = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= 365 ? value : null;
}

/** The terms to send; null while something typed cannot be read. What is read and will not do, the server says. */
export function termsOf(draft: Draft, currency: string): Terms | null {
  const arms = draft.arms.map(({ name, strategyId, weight }) => ({
    name: name.trim(),
    strategyId: strategyId === HOLD_OUT ? null : strategyId,
    weight: hundredthsOf(weight) ?? 0,
  }));
  const share = hundredthsOf(draft.share);
  const [recoveryDays, complaintDays] = [daysOf(draft.recoveryDays), daysOf(draft.complaintDays)];
  const cost = (channel: (typeof channels)[number]) => Number(parseMinor(draft.costs[channel], currency) ?? Number.NaN);
  const costs = { email: cost('email'), call: cost('call'), letter: cost('letter'), sms: cost('sms') };
  const guard = (text: string) => (text.trim() === '' ? null : (hundredthsOf(text) ?? Number.NaN));
  const [complaintsAbove, recoveryBelow] = [guard(draft.complaintsAbove), guard(draft.recoveryBelow)];
  const readable =
    draft.name.trim() !== '' &&
    arms.every((arm) => arm.name !== '' && arm.strategyId !== '' && arm.weight > 0) &&
    share !== null &&
    recoveryDays !== null &&
    complaintDays !== null &&
    Object.values(costs).every((value) => value >= 0) &&
    ![complaintsAbove, recoveryBelow].some((value) => Number.isNaN(value));
  if (!readable) return null;
  const { name, hypothesis, endsOn } = draft;
  return {
    name,
    hypothesis,
    arms,
    share,
    recoveryDays,
    complaintDays,
    costs,
    complaintsAbove,
    recoveryBelow,
    endsOn: endsOn === '' ? null : endsOn,
  };
}
