import type { Output } from '../../kit/operations.ts';

export type Weights = Output<'getWeights'>['inEffect']['weights'];
export type Act = keyof Weights['acts'];

/** A weight by its place in the weights, as faults name it. */
export type WeightField = {
  readonly path: string;
  readonly label: string;
  readonly help: string;
  readonly unit: '%' | 'days';
};

export const promiseFields: readonly WeightField[] = [
  {
    path: 'promises.kept',
    label: 'Kept a promise',
    help: 'What the chance is multiplied by when promises were kept and none broken. Above 100 raises it.',
    unit: '%',
  },
  {
    path: 'promises.broken',
    label: 'Broke a promise',
    help: 'The same when promises were broken and none kept. Another promise from there is worth less.',
    unit: '%',
  },
  {
    path: 'promises.both',
    label: 'Kept and broke',
    help: 'The same when some were kept and some broken. Without any promise it is 100 %.',
    unit: '%',
  },
];

export const contactFields: readonly WeightField[] = [
  {
    path: 'contact.never',
    label: 'Never in contact',
    help: 'Effect where nobody wrote or called yet. A first contact often settles what was only forgotten.',
    unit: '%',
  },
  {
    path: 'contact.recent',
    label: 'In contact just now',
    help: 'Effect of one more contact right after another. Low, because it adds little and annoys.',
    unit: '%',
  },
  {
    path: 'contact.recentDays',
    label: 'Just now means within',
    help: 'For so many days after any contact the weight above holds. Calendar days of this tenant.',
    unit: 'days',
  },
  {
    path: 'contact.spoken',
    label: 'Spoken with lately',
    help: 'Effect after a conversation. Who talks to you tends to go on talking, and to pay.',
    unit: '%',
  },
  {
    path: 'contact.spokenDays',
    label: 'Lately means within',
    help: 'For so many days after a conversation the weight above holds. At least as long as the one before.',
    unit: 'days',
  },
  {
    path: 'contact.tried',
    label: 'Tried without a conversation',
    help: 'Effect when there was contact, but no conversation within those days. 100 % leaves the rest as it is.',
    unit: '%',
  },
];

export const reachFields: readonly WeightField[] = [
  {
    path: 'reach.spoken',
    label: 'Spoken with before',
    help: 'Share of calls that reach the right person where somebody was spoken with once.',
    unit: '%',
  },
  {
    path: 'reach.phone',
    label: 'A number only',
    help: 'The same for a number on which nobody was ever spoken with. It may be wrong or old.',
    unit: '%',
  },
  {
    path: 'reach.none',
    label: 'No number or address',
    help: 'What a call without a number, or an e-mail without an address, is still worth: the search for one.',
    unit: '%',
  },
];

export const actFields: readonly { readonly act: Act; readonly label: string; readonly help: string }[] = [
  { act: 'call', label: 'Call', help: 'A collector rings. The other effects are measured by this one.' },
  {
    act: 'call_back',
    label: 'Agreed call',
    help: 'A call at a time that was agreed: somebody waits for it, so it is worth more.',
  },
  {
    act: 'escalation',
    label: 'Decision by a manager',
    help: 'A manager decides what comes next. Dearer than a call, and for fewer accounts.',
  },
  { act: 'review', label: 'Review', help: 'Somebody looks at the file and contacts nobody, such as finding a number.' },
  { act: 'email', label: 'E-mail', help: 'A notice by e-mail. Counts where a budget limits how many may go a day.' },
];

export const valueAt = (weights: Weights, path: string): number => {
  const found: unknown = path
    .split('.')
    .reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], weights);
  return typeof found === 'number' ? found : 0;
};

/** The weights with one number changed. */
export function changedAt(weights: Weights, path: string, value: number): Weights {
  const copy: Weights = structuredClone(weights);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const part = keys.reduce<unknown>((into, key) => (into as Record<string, unknown>)[key], copy);
  (part as Record<string, unknown>)[last] = value;
  return copy;
}
