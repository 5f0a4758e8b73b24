import { z } from 'zod';
import { addDays, addMonths, calendarDate, type CalendarDate } from '../../kernel/calendar.ts';
import { judgedAct } from './proposal.ts';
import { coversDebt, dayOf, eventsOf, type JudgedCase, type JudgedEvent, today } from './judged-case.ts';

/** True, false, or undefined where the facts do not say. */
export type Truth = boolean | undefined;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const oneOrMore = z.union([scalar, z.array(z.union([scalar, z.null()])).min(1)]);

const abouts = ['debt', 'recipient', 'person', 'address', 'same_address', 'channel', 'client', 'place'] as const;

const patternSchema = z.strictObject({
  /** Types of event it matches. */
  types: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/i)).min(1),
  /** Members an event must have; `null` in a list lets it be absent. */
  where: z.record(z.string(), oneOrMore).optional(),
  /** What the event must concern: the debt asked about, the recipient, the person who owes, the address, the channel, the client, the place. */
  about: z.array(z.enum(abouts)).optional(),
  /** At most so many local days back. */
  withinDays: z.int().min(0).optional(),
  /** At most so many minutes back. */
  withinMinutes: z.int().min(0).optional(),
  /** The member that names the last day on which it matters; an event without it matters for ever. */
  until: z.string().optional(),
  /** In the years that ended on the date in this fact. */
  during: z.strictObject({ years: z.int().min(1), endsOn: z.enum(['debt.limitationExpiredOn']) }).optional(),
  get endedBy() {
    return patternSchema.optional();
  },
  /** Only an event that comes at most so many days after one of these. */
  get following() {
    return z.strictObject({ event: patternSchema, days: z.int().min(0) }).optional();
  },
  /** Not an event that comes after one of these. */
  get unlessAfter() {
    return patternSchema.optional();
  },
});
/** Which events a rule means. `endedBy`: a later event that ends the first one's effect. */
export type EventPattern = z.infer<typeof patternSchema>;
export { patternSchema as eventPatternSchema };

// Members of the facts a rule may ask about. One that a pack names and this list does not is refused when the pack is loaded.
const fields: Readonly<Record<string, (judged: JudgedCase) => unknown>> = {
  collector: ({ facts }) => facts.collector,
  debtKind: ({ facts }) => facts.debtKind,
  'proposal.channel': ({ proposal }) => proposal.channel,
  'proposal.purpose': ({ proposal }) => proposal.purpose,
  // A person's call is dialled by hand unless it is said otherwise.
  'proposal.dialMode': ({ proposal }) =>
    proposal.dialMode ?? (judgedAct(proposal) === 'manual_call' ? 'manual' : undefined),
  'proposal.initial': ({ proposal }) => proposal.initial,
  'recipient.role': ({ facts }) => facts.recipient.role,
  'person.ageYears': ({ facts }) => facts.person.ageYears,
  'person.incorporated': ({ facts }) => facts.person.incorporated,
  'person.country': ({ facts }) => facts.person.country,
  'person.region': ({ facts }) => facts.person.region,
  'address.place': ({ facts }) => (facts.address === null ? null : facts.address.place),
  'address.lineType': ({ facts }) => (facts.address === null ? null : facts.address.lineType),
  'address.employerProvided': ({ facts }) => (facts.address === null ? false : facts.address.employerProvided),
  'debt.product': ({ debt }) => debt?.product,
  'debt.chargedOff': ({ debt }) => debt?.chargedOff,
  'debt.daysPastDue': ({ debt }) => debt?.daysPastDue,
  'debt.limitationExpiredOn': ({ debt }) => debt?.limitationExpiredOn,
  'debt.principalMinor': ({ debt }) => debt?.principalMinor,
  'debt.agreedOn': ({ debt }) => debt?.agreedOn,
  'debt.state': ({ debt }) => debt?.state,
  'debt.securedBy': ({ debt }) => debt?.securedBy,
};

const contentPrefix = 'content.';
const knownField = z
  .string()
  .refine((path) => path in fields || path.startsWith(contentPrefix), { error: 'is not a fact a rule may ask about' });

const conditionSchema = z.union([
  z.strictObject({
    get all() {
      return z.array(conditionSchema).min(1);
    },
  }),
  z.strictObject({
    get any() {
      return z.array(conditionSchema).min(1);
    },
  }),
  z.strictObject({
    get not() {
      return conditionSchema;
    },
  }),
  z.strictObject({ field: knownField, is: oneOrMore }),
  z.strictObject({ field: knownField, has: z.string() }),
  z.strictObject({ field: knownField, below: z.number() }),
  z.strictObject({ field: knownField, over: z.number() }),
  z.strictObject({ field: knownField, sameAs: knownField }),
  /** A date that lies before the person's today. */
  z.strictObject({ field: knownField, past: z.literal(true) }),
  /** A date before the one given. */
  z.strictObject({ field: knownField, before: z.iso.date() }),
  z.strictObject({ event: patternSchema }),
  /** The person's today is this day or later. */
  z.strictObject({ since: z.iso.date() }),
  /** The one answer to a message of the person, in the medium it came by. */
  z.strictObject({ answersOnce: z.strictObject({ withinHours: z.int().min(1).optional() }) }),
]);
/** A question about facts, proposal and events, as data. */
export type Condition = z.infer<typeof conditionSchema>;
export { conditionSchema };

/** Whether any part of the condition asks about one debt. */
export function asksAboutDebt(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(asksAboutDebt);
  if ('any' in condition) return condition.any.some(asksAboutDebt);
  if ('not' in condition) return asksAboutDebt(condition.not);
  if ('event' in condition) return patternAsksAboutDebt(condition.event);
  return 'field' in condition && condition.field.startsWith('debt.');
}

/** Whether the pattern, or what ends it, is about one debt. */
export function patternAsksAboutDebt(pattern: EventPattern): boolean {
  return (
    (pattern.about ?? []).includes('debt') ||
    pattern.during !== undefined ||
    (pattern.endedBy !== undefined && patternAsksAboutDebt(pattern.endedBy))
  );
}

type Judge = (judged: JudgedCase) => Truth;
const compiled = new WeakMap<object, Judge>();

/** The truth of a condition; compiled on first use, because the gate asks the same few thousands of times. */
export function holds(condition: Condition, judged: JudgedCase): Truth {
  let judge = compiled.get(condition);
  if (judge === undefined) {
    judge = compile(condition);
    compiled.set(condition, judge);
  }
  return judge(judged);
}

function compile(condition: Condition): Judge {
  if ('all' in condition) return conjunction(condition.all.map(compile));
  if ('any' in condition) {
    const none = conjunction(condition.any.map((one) => negate(compile(one))));
    return negate(none);
  }
  if ('not' in condition) return negate(compile(condition.not));
  if ('event' in condition) return (judged) => matching(condition.event, judged).length > 0;
  if ('since' in condition) return (judged) => today(judged) >= condition.since;
  if ('answersOnce' in condition) return (judged) => isOneAnswer(judged, condition.answersOnce.withinHours);
  const read = reader(condition.field);
  if ('is' in condition) {
    const wanted: readonly unknown[] = Array.isArray(condition.is) ? condition.is : [condition.is];
    return (judged) => {
      const value = read(judged);
      return value === undefined ? undefined : wanted.includes(value);
    };
  }
  if ('has' in condition) {
    return (judged) => {
      const value = read(judged);
      if (value === undefined) return undefined;
      return Array.isArray(value) && value.includes(condition.has);
    };
  }
  if ('below' in condition) return numeric(read, (value) => value < condition.below);
  if ('over' in condition) return numeric(read, (value) => value > condition.over);
  if ('before' in condition) {
    return (judged) => {
      const value = read(judged);
      return typeof value === 'string' ? value < condition.before : undefined;
    };
  }
  if ('sameAs' in condition) {
    const other = reader(condition.sameAs);
    return (judged) => {
      const [one, two] = [read(judged), other(judged)];
      return one === undefined || two === undefined ? undefined : one === two;
    };
  }
  return (judged) => {
    const value = read(judged);
    return value === undefined ? undefined : typeof value === 'string' && value < today(judged);
  };
}

const negate =
  (judge: Judge): Judge =>
  (judged) => {
    const truth = judge(judged);
    return truth === undefined ? undefined : !truth;
  };

function conjunction(judges: readonly Judge[]): Judge {
  return (judged) => {
    let result: Truth = true;
    for (const judge of judges) {
      const truth = judge(judged);
      if (truth === false) return false;
      if (truth === undefined) result = undefined;
    }
    return result;
  };
}

function reader(path: string): (judged: JudgedCase) => unknown {
  const field = fields[path];
  if (field !== undefined) return field;
  const member = path.slice(contentPrefix.length);
  // What has happened can be given no other content any more, so nothing is asked of it.
  return ({ proposal }) => (proposal.act === 'recorded_after' ? null : proposal.content[member]);
}

function numeric(read: (judged: JudgedCase) => unknown, test: (value: number) => boolean): Judge {
  return (judged) => {
    const value = read(judged);
    return value === undefined ? undefined : typeof value === 'number' && test(value);
  };
}

type Wanted = readonly (readonly [member: string, values: readonly unknown[]])[];
const wantedBy = new WeakMap<EventPattern, Wanted>();

/** The members a pattern wants, read from it once. */
function wantedOf(pattern: EventPattern): Wanted {
  let wanted = wantedBy.get(pattern);
  if (wanted === undefined) {
    wanted = Object.entries(pattern.where ?? {}).map(([member, one]) => [member, Array.isArray(one) ? one : [one]]);
    wantedBy.set(pattern, wanted);
  }
  return wanted;
}

/** Whether an event of the case is one the pattern means, time and what ended it aside. */
export function isMeant(pattern: EventPattern, event: JudgedEvent, judged: JudgedCase): boolean {
  if (!pattern.types.includes(event.fact.type)) return false;
  for (const [member, values] of wantedOf(pattern)) if (!values.includes(event.fact[member] ?? null)) return false;
  for (const subject of pattern.about ?? []) if (!concerns(event, subject, judged)) return false;
  return true;
}

function concerns(event: JudgedEvent, subject: (typeof abouts)[number], judged: JudgedCase): boolean {
  const { facts, proposal } = judged;
  const { personId, addressKey, channel } = event.fact;
  switch (subject) {
    case 'debt':
      return coversDebt(event, judged.debt);
    case 'person':
      return (personId ?? null) === null;
    case 'recipient':
      return (personId ?? null) === (facts.recipient.role === 'consumer' ? null : facts.recipient.id);
    case 'address':
      return (addressKey ?? null) === null || addressKey === proposal.addressKey;
    case 'same_address':
      return (addressKey ?? null) !== null && addressKey === proposal.addressKey;
    case 'channel':
      return (channel ?? null) === null || channel === proposal.channel;
    case 'client':
      return (event.fact['clientId'] ?? null) === null || event.fact['clientId'] === facts.client.id;
    case 'place': {
      // An address whose place is unknown may be the place in question.
      const place = facts.address === null ? null : facts.address.place;
      return place === undefined || event.fact['place'] === place;
    }
  }
}

/** The events so far that the pattern means and nothing has ended, oldest first. */
export function matching(pattern: EventPattern, judged: JudgedCase): JudgedEvent[] {
  const now = judged.at.getTime();
  const found: JudgedEvent[] = [];
  for (const event of eventsOf(judged, pattern.types)) {
    if (event.ms > now) break;
    if (
      isMeant(pattern, event, judged) &&
      inTime(pattern, event, judged) &&
      inOrder(pattern, event, judged) &&
      !hasEnded(pattern, event, judged)
    )
      found.push(event);
  }
  return found;
}

function inOrder({ following, unlessAfter }: EventPattern, event: JudgedEvent, judged: JudgedCase): boolean {
  if (following === undefined && unlessAfter === undefined) return true;
  const comesAfter = (earlier: EventPattern, within: number | null) =>
    eventsOf(judged, earlier.types).some(
      (other) =>
        other !== event &&
        other.ms <= event.ms &&
        isMeant(earlier, other, judged) &&
        shareDebt(other, event) &&
        (within === null || dayOf(event, judged.zones[0]) <= addDays(dayOf(other, judged.zones[0]), within)),
    );
  return (
    (following === undefined || comesAfter(following.event, following.days)) &&
    (unlessAfter === undefined || !comesAfter(unlessAfter, null))
  );
}

function inTime(pattern: EventPattern, event: JudgedEvent, judged: JudgedCase): boolean {
  const { withinDays, withinMinutes, until, during } = pattern;
  if (during !== undefined) {
    const last = judged.debt?.limitationExpiredOn;
    if (typeof last !== 'string') return false;
    const day = dayOf(event, judged.zones[0]);
    if (day > last || day <= addMonths(calendarDate(last), -12 * during.years)) return false;
  }
  if (withinMinutes !== undefined && judged.at.getTime() - event.ms > withinMinutes * 60_000) return false;
  if (withinDays !== undefined) {
    const zone = judged.zones[0];
    if (dayOf(event, zone) < addDays(today(judged, zone), -withinDays)) return false;
  }
  if (until === undefined) return true;
  const last = dateIn(event, until);
  return last === null || today(judged) <= last;
}

/** The first event after this one that ends its effect, or undefined. */
export function endOf(pattern: EventPattern, event: JudgedEvent, judged: JudgedCase): JudgedEvent | undefined {
  const { endedBy } = pattern;
  if (endedBy === undefined) return undefined;
  const now = judged.at.getTime();
  return eventsOf(judged, endedBy.types).find(
    (later) =>
      later.ms >= event.ms &&
      later !== event &&
      later.ms <= now &&
      isMeant(endedBy, later, judged) &&
      shareDebt(event, later),
  );
}

const hasEnded = (pattern: EventPattern, event: JudgedEvent, judged: JudgedCase) =>
  endOf(pattern, event, judged) !== undefined;

// An answer about one debt does not answer what was asked about another.
function shareDebt(one: JudgedEvent, other: JudgedEvent): boolean {
  if (one.debts === null || other.debts === null) return true;
  for (const debt of one.debts) if (other.debts.has(debt)) return true;
  return false;
}

/** A member of an event that is a date, or null. An instant counts by its first ten characters. */
export function dateIn(event: JudgedEvent, member: string): CalendarDate | null {
  const value = event.fact[member];
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? calendarDate(value.slice(0, 10)) : null;
}

function isOneAnswer(judged: JudgedCase, withinHours: number | undefined): boolean {
  const { proposal } = judged;
  if (proposal.inReplyTo !== 'consumer') return false;
  const now = judged.at.getTime();
  let asked: number | null = null;
  let answered = false;
  for (const { fact, ms } of eventsOf(judged, ['contact'])) {
    if (ms > now) break;
    if (fact.channel !== proposal.channel) continue;
    if (fact['direction'] === 'in') {
      asked = ms;
      answered = false;
    } else answered = true;
  }
  return asked !== null && !answered && (withinHours === undefined || now - asked <= withinHours * 3_600_000);
}
