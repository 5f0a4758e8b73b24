import type { EventPattern } from './condition.ts';
import type { Reason } from './decide.ts';
import { furtherChannels } from './rule-book.ts';
import type { Alternative, Rule } from './rule-pack.ts';

const list = (names: readonly string[], last = 'or'): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
const plain = (code: string): string =>
  code
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function daysOfWeek(days: readonly number[]): string {
  if (days.length === 7) return 'every day';
  const sorted = [...days].sort();
  const first = sorted[0] ?? 1;
  const run = sorted.every((day, i) => day === first + i);
  const named = sorted.map((day) => weekdays[day - 1] ?? '');
  return run && named.length > 2 ? `${named[0]} to ${named.at(-1)}` : list(named, 'and');
}

const abouts: Readonly<Record<string, string>> = {
  debt: 'about the debt',
  recipient: 'with the person reached',
  person: 'of the person who owes',
  address: 'at the address',
  same_address: 'at the same address',
  channel: 'in the channel',
  client: 'for the client',
  place: 'at the place',
};

/** Events a rule means, as a person says it. */
function eventInWords(pattern: EventPattern): string {
  const types = list(pattern.types.map(plain));
  const about = (pattern.about ?? []).map((one) => abouts[one] ?? plain(one)).join(', ');
  const where = Object.entries(pattern.where ?? {}).map(([name, value]) => {
    const wanted = (Array.isArray(value) ? value : [value]).map((one) =>
      one === null ? 'not stated' : plain(String(one)),
    );
    return `${plain(name)}: ${list(wanted)}`;
  });
  const within = pattern.withinDays === undefined ? '' : ` in the last ${count(pattern.withinDays, 'day')}`;
  return `${types}${about && ` ${about}`}${within}${where.length > 0 ? ` (${where.join('; ')})` : ''}`;
}

function alternativeInWords(one: Alternative): string {
  const wait = one.waitDays === undefined ? '' : `, and ${count(one.waitDays, 'day')} gone by`;
  const until = one.waitUntil === undefined ? '' : `, after its date "${plain(one.waitUntil)}"`;
  const voided = one.voidedBy === undefined ? '' : `, and no ${eventInWords(one.voidedBy)} since`;
  const also = one.and === undefined ? '' : `, and also ${alternativeInWords(one.and)}`;
  return `${eventInWords(one.event)}${wait}${until}${voided}${also}`;
}

const states: Readonly<Record<string, string>> = {
  hold: 'a hold',
  wide_stop: 'a stop for the client or the whole tenant',
  stale_feed: 'data that is too old',
  no_address: 'no address',
  bad_address: 'an address that cannot be used',
  account_state: 'a state of the account in which it is not worked',
  sensitive: 'an account marked sensitive',
  nothing_due: 'nothing owed',
  not_yet_happened: 'an instant that has not come',
};

/** What the parameters of a rule say, one plain line each. */
export function parametersInWords(rule: Rule): string[] {
  switch (rule.kind) {
    case 'hours': {
      const { windows, holidays, wishes, unknownZone } = rule.parameters;
      return [
        ...windows.map(
          (one) =>
            `Open ${daysOfWeek(one.weekdays)}, ${one.opens} to ${one.closes}, in every time zone the person may be in.`,
        ),
        ...(holidays === undefined ? [] : ['Closed on public holidays.']),
        ...(wishes ? ['Times the person called inconvenient are closed; times agreed with us are open.'] : []),
        unknownZone === 'deny'
          ? 'Refused while the time zone is unknown.'
          : 'Not asked while the time zone is unknown.',
      ];
    }
    case 'cap': {
      const { limit, windowDays, counts, since, consented } = rule.parameters;
      const window =
        windowDays === undefined ? 'in a calendar week from Monday' : `in ${count(windowDays, 'calendar day')}`;
      return [
        `At most ${limit} ${window}, this one included.`,
        ...counts.map((one) => `Counts: ${eventInWords(one)}.`),
        ...(since ? [`Counting begins with: ${eventInWords(since)}.`] : []),
        ...(consented ? [`Calls the person agreed to are outside the count for ${count(consented.days, 'day')}.`] : []),
      ];
    }
    case 'cool_down':
      return [
        `Closed for ${count(rule.parameters.days, 'day')}, the day itself being the first, after: ${eventInWords(rule.parameters.after)}.`,
        ...(rule.parameters.consented ? ['Calls the person agreed to are let through.'] : []),
      ];
    case 'stop': {
      const { startedBy, lastsDays, lastDay } = rule.parameters;
      const ends =
        lastsDays !== undefined
          ? `for ${count(lastsDays, 'day')}`
          : lastDay
            ? 'until its last day'
            : 'until something ends it';
      return [
        `Closed ${ends} by: ${eventInWords(startedBy)}.`,
        ...(startedBy.endedBy ? [`Ended by: ${eventInWords(startedBy.endedBy)}.`] : []),
      ];
    }
    case 'prerequisite':
      return rule.parameters.anyOf.map((one, i) => `${i === 0 ? 'Open with' : 'Or with'}: ${alternativeInWords(one)}.`);
    case 'condition':
      return ['Refused where this is so, or cannot be told.'];
    case 'own_state':
      return [`Stopped by ${states[rule.parameters.state] ?? plain(rule.parameters.state)}.`];
    case 'clock':
      return [
        `${count(rule.parameters.days, rule.parameters.businessDays ? 'business day' : 'day')} after: ${eventInWords(rule.parameters.startedBy)}.`,
        `Done by: ${eventInWords(rule.parameters.doneBy)}.`,
      ];
    case 'computation':
      return Object.entries(rule.parameters).map(([name, value]) => {
        const shown = Array.isArray(value)
          ? value.map(plain).join(', ')
          : typeof value === 'object'
            ? Object.entries(value)
                .map(([key, one]) => `${plain(key)} ${one}`)
                .join(', ')
            : String(value);
        return `${plain(name).charAt(0).toUpperCase()}${plain(name).slice(1)}: ${shown}`;
      });
  }
}

/** One value of a rule that a tenant may make stricter, with the values it may take. */
export type Tightenable = {
  readonly name: string;
  readonly label: string;
  readonly kind: 'time' | 'number' | 'weekdays' | 'yes' | 'channels';
  readonly current: string;
  /** Numbers: the least and the most that is still stricter. Times: how early or late. */
  readonly min: string | null;
  readonly max: string | null;
  /** Weekdays that may be kept. */
  readonly days: readonly number[];
  /** Channels that may be added. */
  readonly channels: readonly string[];
};

const field = (name: string, label: string, rest: Partial<Tightenable>): Tightenable => ({
  name,
  label,
  kind: 'number',
  current: '',
  min: null,
  max: null,
  days: [],
  channels: [],
  ...rest,
});

/** What of a rule can become stricter; empty where nothing can, or where the rule is switched off: `nothingToTighten` says why. */
export function tightenable(rule: Rule): Tightenable[] {
  if (rule.confidence === 'U') return [];
  const further = furtherChannels(rule);
  return [
    ...valuesToTighten(rule),
    ...(further.length === 0
      ? []
      : [
          field('channels', 'Also for', {
            kind: 'channels',
            current: list(rule.channels.map(plain), 'and'),
            channels: further,
          }),
        ]),
  ];
}

/** Why nothing of a rule can be made stricter; null where something can. */
export function nothingToTighten(rule: Rule): string | null {
  if (rule.confidence === 'U')
    return 'It is listed and off, so there is nothing to tighten. Counsel’s reading can turn it on.';
  if (tightenable(rule).length > 0) return null;
  switch (rule.kind) {
    case 'own_state':
      return 'It follows the state of your own books. To stop more, place a hold or a stop.';
    case 'computation':
      return 'Figures that days and amounts are reckoned from: none of them is stricter than another.';
    case 'condition':
    case 'stop':
      return 'It already speaks of every channel and lets nothing through.';
    default:
      return 'It is as strict as it can be.';
  }
}

function valuesToTighten(rule: Rule): Tightenable[] {
  switch (rule.kind) {
    case 'hours': {
      const { windows, holidays } = rule.parameters;
      const opens = windows.map((one) => one.opens).sort();
      const closes = windows.map((one) => one.closes).sort();
      const days = [...new Set(windows.flatMap((one) => one.weekdays))].sort();
      return [
        field('opens', 'Opens at, or later', { kind: 'time', current: opens[0] ?? '', min: opens[0] ?? null }),
        field('closes', 'Closes at, or earlier', {
          kind: 'time',
          current: closes.at(-1) ?? '',
          max: closes.at(-1) ?? null,
        }),
        ...(days.length > 1
          ? [field('weekdays', 'Only on', { kind: 'weekdays', current: daysOfWeek(days), days })]
          : []),
        ...(holidays === undefined
          ? [field('publicHolidays', 'Closed on public holidays where the person is', { kind: 'yes', current: 'no' })]
          : []),
      ];
    }
    case 'cap': {
      const { limit, windowDays } = rule.parameters;
      return [
        ...(limit > 1
          ? [field('limit', 'At most, or fewer', { current: String(limit), min: '1', max: String(limit - 1) })]
          : []),
        ...(windowDays === undefined
          ? []
          : [
              field('windowDays', 'In so many days, or more', {
                current: String(windowDays),
                min: String(windowDays + 1),
                max: '366',
              }),
            ]),
      ];
    }
    case 'cool_down':
      return [
        field('days', 'Days of silence, or more', {
          current: String(rule.parameters.days),
          min: String(rule.parameters.days + 1),
          max: '366',
        }),
      ];
    case 'stop':
      return rule.parameters.lastsDays === undefined
        ? []
        : [
            field('lastsDays', 'Days it lasts, or more', {
              current: String(rule.parameters.lastsDays),
              min: String(rule.parameters.lastsDays + 1),
            }),
          ];
    case 'clock':
      return rule.parameters.days > 1
        ? [
            field('days', 'Days to do it in, or fewer', {
              current: String(rule.parameters.days),
              min: '1',
              max: String(rule.parameters.days - 1),
            }),
          ]
        : [];
    case 'prerequisite': {
      const ways = rule.parameters.anyOf;
      const waits = ways.filter((one) => one.waitUntil === undefined).map((one) => one.waitDays ?? 0);
      const valid = ways.map((one) => one.event.withinDays).filter((days) => days !== undefined);
      const longest = valid.length === ways.length ? Math.max(...valid) : null;
      return [
        field('validDays', 'Good for so many days, or fewer', {
          current: longest === null ? 'without end' : String(longest),
          min: '0',
          max: longest === null ? '3650' : String(Math.max(0, longest - 1)),
        }),
        ...(waits.length === 0
          ? []
          : [
              field('waitDays', 'Days to wait, or more', {
                current: String(Math.min(...waits)),
                min: String(Math.min(...waits) + 1),
                max: '366',
              }),
            ]),
      ];
    }
    default:
      return [];
  }
}

const cures: Readonly<Record<string, string>> = {
  hold: 'Release the hold, or wait until it ends.',
  wide_stop: 'Lift the stop in the settings of the client.',
  stale_feed: 'Bring in newer data of this client.',
  no_address: 'Add an address of this kind to the person.',
  bad_address: 'Correct the address, or add another one.',
  account_state: 'Bring the account back into a state in which it is worked.',
  sensitive: 'Have a person work it by hand, or take the mark off the account.',
  nothing_due: 'Nothing: there is nothing to ask for. Look at credits that are not applied if this is wrong.',
  not_yet_happened: 'Enter when it really happened.',
};

/** What would have to change for the rule to say yes, as a sentence; `rule` is its text where it is still known. */
export function cureOf(reason: Pick<Reason, 'kind' | 'effect' | 'rebuttable'>, rule: Rule | undefined): string {
  const also = reason.rebuttable ? ' A second person may also approve an override for this one act.' : '';
  switch (reason.kind) {
    case 'hours':
      return reason.effect === 'deny'
        ? 'Record the person’s time zone or address, so that their hours are known.'
        : 'Wait until the hours open where the person is.';
    case 'cap':
      return `Wait until the oldest contact counted leaves the window.${also}`;
    case 'cool_down':
      return `Wait until the days of silence are over, or record that the person asked to be called.${also}`;
    case 'stop': {
      const ended = rule?.kind === 'stop' ? rule.parameters.startedBy.endedBy : undefined;
      return reason.effect === 'defer'
        ? `Wait until it ends.${also}`
        : ended
          ? `It ends when this is recorded: ${eventInWords(ended)}.${also}`
          : `The person would have to take it back; nothing else ends it.${also}`;
    }
    case 'prerequisite': {
      const first = rule?.kind === 'prerequisite' ? rule.parameters.anyOf[0] : undefined;
      return first
        ? `Record what is missing, for instance: ${alternativeInWords(first)}.${also}`
        : `Record the consent or notice that is missing.${also}`;
    }
    case 'condition':
      return `Change what is said, to whom or how, or record the fact that is unknown.${also}`;
    case 'own_state':
      return (
        (rule?.kind === 'own_state' ? cures[rule.parameters.state] : undefined) ?? 'Change the state that stops it.'
      );
    case 'clock':
    case 'computation':
      return 'Nothing: it decides no contact.';
  }
}
