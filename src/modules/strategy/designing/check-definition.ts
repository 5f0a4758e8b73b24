import { definitionShape, parseDefinition, type Step, type StrategyDefinition } from '../definition.ts';
import { parseRule } from '../segments/rule.ts';
import { neverTrue } from './never-true.ts';

/** One thing that stands against a definition, where it stands, and what to do. Advice does not keep it from being published. */
export type Fault = {
  /** As in `steps.3.day`; empty for the whole. */
  readonly path: string;
  readonly effect: 'refuse' | 'advise';
  readonly sentence: string;
  readonly remedy: string;
};

/** What of a definition can be read by itself, so that it can be said in words while other parts of it are mended. */
export function readableParts(input: unknown): StrategyDefinition {
  const { steps, stages, whenAssigned } = definitionShape.shape;
  const readable = <T extends Pick<Step, 'when'>>(
    list: List,
    shape: { safeParse(one: unknown): { data?: T | undefined } },
  ): T[] =>
    listOf(input, list).flatMap((one) => {
      const { data } = shape.safeParse(one);
      return data === undefined || (data.when !== undefined && !parseRule(data.when).ok) ? [] : [data];
    });
  return {
    steps: readable('steps', steps.element).toSorted((a, b) => a.day - b.day),
    reactions: readable('reactions', definitionShape.shape.reactions.unwrap().element),
    stages: stages.safeParse(loose(input)['stages']).data ?? [],
    whenAssigned: whenAssigned.safeParse(loose(input)['whenAssigned']).data ?? 'withhold_notices',
  };
}

type Loose = Readonly<Record<string, unknown>>;
type List = 'steps' | 'reactions';
type Entry = { readonly list: List; readonly at: number; readonly value: Loose; readonly name: string };

/**
 * All faults of a definition at once, whatever state it is in. Whatever publishing would refuse is among them as `refuse`
 * (a property test holds the two together).
 */
export function checkDefinition(input: unknown): Fault[] {
  const entries = [...entriesOf(input, 'steps'), ...entriesOf(input, 'reactions')];
  const faults = [
    ...shapeFaults(input, entries),
    ...orderFaults(entries),
    ...keyFaults(entries),
    ...holdFaults(entries),
    ...conditionFaults(entries),
    ...stageFaults(input),
    ...cycleFaults(entries),
    ...levelAdvice(entries),
  ];
  if (faults.some(({ effect }) => effect === 'refuse')) return faults;
  const read = parseDefinition(input);
  return read.ok ? faults : [...faults, refused('', read.detail, 'Change it so that it can be read.')];
}

const refused = (path: string, sentence: string, remedy: string): Fault => ({
  path,
  effect: 'refuse',
  sentence,
  remedy,
});

const loose = (input: unknown): Loose => (typeof input === 'object' && input !== null ? (input as Loose) : {});
const listOf = (input: unknown, name: string): readonly unknown[] => {
  const list = loose(input)[name];
  return Array.isArray(list) ? list : [];
};

function entriesOf(input: unknown, list: List): Entry[] {
  return listOf(input, list).map((one, at) => {
    const value = loose(one);
    const { title } = value;
    const what = list === 'steps' ? 'step' : 'reaction';
    return {
      list,
      at,
      value,
      name: typeof title === 'string' && title.trim() !== '' ? `“${title}”` : `${what} ${at + 1}`,
    };
  });
}

/** What a field must be, by its name. */
const shapes: Readonly<Record<string, readonly [string, string]>> = {
  key: ['needs a key of small letters, digits and underscores', 'Give it one of at most 40, such as reminder_2.'],
  title: ['needs a title of at most 80 letters', 'Say in a few words what it is.'],
  day: [
    'needs a whole day from 60 before to 3650 after the due date',
    'Write the day as a number; before the due date it is negative.',
  ],
  afterDays: ['needs a whole number of days from 0 to 365', 'Write 0 to answer at once.'],
  action: ['needs something to do', 'Choose one of the list.'],
  level: ['needs a notice level from 0 to 5', 'Choose how firm it is.'],
  on: ['needs an event that it answers', 'Choose one of the list.'],
  holdDays: ['holds an account for 1 to 365 whole days', 'Write for how many days.'],
  approval: ['waits for a second person or does not', 'Switch it on or off.'],
  when: ['has a condition that cannot be read', 'Write the condition anew, or remove it.'],
};

function shapeFaults(input: unknown, entries: readonly Entry[]): Fault[] {
  const read = definitionShape.safeParse(input);
  if (read.success) return [];
  return read.error.issues.map((issue) => {
    const [list, at, field] = issue.path;
    const path = issue.path.join('.');
    const entry = entries.find((one) => one.list === list && one.at === at);
    const known = typeof field === 'string' ? shapes[field] : undefined;
    if (entry && known) return refused(path, `${begun(entry.name)} ${known[0]}.`, known[1]);
    if (list === 'steps' && at === undefined)
      return listOf(input, 'steps').length === 0
        ? refused(path, 'A strategy needs at least one step.', 'Add one.')
        : refused(path, 'A strategy has at most 40 steps.', 'Remove some, or make two strategies of it.');
    return refused(path, `This cannot be read: ${issue.message}.`, 'Take it out, or write it anew.');
  });
}

const begun = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function orderFaults(entries: readonly Entry[]): Fault[] {
  const steps = entries.filter((one) => one.list === 'steps');
  return steps.flatMap(({ at, name, value: { day } }) => {
    const before = steps[at - 1];
    const previous = before?.value['day'];
    if (typeof day !== 'number' || typeof previous !== 'number' || day > previous || !before) return [];
    const path = `steps.${at}.day`;
    return day === previous
      ? [
          refused(
            path,
            `${begun(name)} is on the same day as ${before.name}, which it shadows: only one of them could be taken.`,
            'Move one of them by a day.',
          ),
        ]
      : [
          refused(
            path,
            `${begun(name)} comes before ${before.name} but stands after it.`,
            'Order the steps by their day.',
          ),
        ];
  });
}

function keyFaults(entries: readonly Entry[]): Fault[] {
  return entries.flatMap((one, place) => {
    const { key } = one.value;
    const twin = entries.slice(0, place).find((other) => other.value['key'] === key);
    if (typeof key !== 'string' || !twin) return [];
    return [
      refused(
        `${one.list}.${one.at}.key`,
        `${begun(one.name)} has the same key as ${twin.name}, “${key.slice(0, 60)}”.`,
        'Give one of them another key.',
      ),
    ];
  });
}

function holdFaults(entries: readonly Entry[]): Fault[] {
  return entries.flatMap(({ list, at, name, value: { action, holdDays } }) => {
    const path = `${list}.${at}.holdDays`;
    if (action === 'hold' && holdDays === undefined)
      return [refused(path, `${begun(name)} does not say for how many days it holds the account.`, 'Write the days.')];
    if (action !== 'hold' && holdDays !== undefined)
      return [refused(path, `${begun(name)} lasts for days and is no hold.`, 'Make it a hold, or take the days away.')];
    return [];
  });
}

function conditionFaults(entries: readonly Entry[]): Fault[] {
  return entries.flatMap(({ list, at, name, value: { when, day } }) => {
    if (when === undefined || typeof when !== 'object' || when === null || Array.isArray(when)) return [];
    const rule = parseRule(when);
    const path = `${list}.${at}.when`;
    if (!rule.ok)
      return Object.entries(rule.fields ?? { '': rule.detail }).map(([place, sentence]) =>
        refused(
          place === '' ? path : `${path}.${place}`,
          `The condition of ${name} cannot be read: ${sentence}`,
          'Change this part of the condition, or remove it.',
        ),
      );
    const why = neverTrue(rule.value, list === 'steps' && typeof day === 'number' ? day : undefined);
    if (why === null) return [];
    return [
      refused(
        path,
        `${begun(name)} can never be reached: ${why}.`,
        list === 'steps'
          ? 'Change its condition or its day, or remove the step.'
          : 'Change its condition, or remove it.',
      ),
    ];
  });
}

function stageFaults(input: unknown): Fault[] {
  const bounds = listOf(input, 'stages').map(loose);
  return bounds.flatMap(({ fromDay }, at) => {
    const previous = bounds[at - 1]?.['fromDay'];
    if (typeof fromDay !== 'number' || typeof previous !== 'number' || fromDay > previous) return [];
    return [
      refused(
        `stages.${at}.fromDay`,
        'Each stage must begin on a later day than the one before it.',
        `Let it begin after day ${previous}.`,
      ),
    ];
  });
}

/** What an action brings about by itself when things go wrong: an address that bounces bounces again, a machine answers a machine. */
const brings: Readonly<Record<string, readonly string[]>> = { email: ['bounce', 'reply'], call_task: ['wrong_number'] };

/** Reactions without a condition that set each other off for ever. */
function cycleFaults(entries: readonly Entry[]): Fault[] {
  const reactions = entries.filter((one) => one.list === 'reactions' && one.value['when'] === undefined);
  const next = (one: Entry): Entry[] => {
    const events = brings[String(one.value['action'])] ?? [];
    return reactions.filter((other) => events.includes(String(other.value['on'])));
  };
  const comesBack = (start: Entry): Entry[] | null => {
    const seen = new Set<Entry>();
    const paths: Entry[][] = [[start]];
    for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
      for (const one of next(path.at(-1) ?? start)) {
        if (one === start) return path;
        if (seen.has(one)) continue;
        seen.add(one);
        paths.push([...path, one]);
      }
    }
    return null;
  };
  return reactions.flatMap((one) => {
    const cycle = comesBack(one);
    if (cycle === null) return [];
    const others = cycle.slice(1).map(({ name }) => name);
    return [
      refused(
        `reactions.${one.at}.action`,
        `${begun(one.name)} can set itself off again${others.length > 0 ? ` by way of ${others.join(' and ')}` : ''}, without end.`,
        'Give it a condition, such as on the days since the last contact, or let it do something else.',
      ),
    ];
  });
}

function levelAdvice(entries: readonly Entry[]): Fault[] {
  const steps = entries.filter((one) => one.list === 'steps');
  return steps.flatMap(({ at, name, value: { level } }) => {
    const firmer = steps.slice(0, at).find((other) => Number(other.value['level']) > Number(level));
    if (typeof level !== 'number' || firmer === undefined) return [];
    return [
      {
        path: `steps.${at}.level`,
        effect: 'advise',
        sentence: `${begun(name)} is milder than ${firmer.name} before it.`,
        remedy:
          'A debtor who has read the firmer one takes the milder one less seriously; raise its level unless that is meant.',
      },
    ];
  });
}
