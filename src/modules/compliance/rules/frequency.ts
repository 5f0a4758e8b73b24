import {
  addDays,
  type CalendarDate,
  calendarDate,
  localDateOf,
  startOfDay,
  type TimeZone,
} from '../../../kernel/calendar.ts';
import type { ContactFact } from '../gate-facts.ts';
import type { RuleOf } from '../rule-pack.ts';
import { type Block, defer, type Question } from './block.ts';

/** At most `limit` contacts in any `windowDays` local calendar days, the proposed one included. Days, never 24-hour blocks. */
export function frequencyCap(rule: RuleOf<'frequency_cap'>, question: Question): Block[] {
  const { limit, windowDays, per } = rule.parameters;
  const counted = question.facts.contacts
    .filter((contact) => isCounted(rule, question, contact))
    .map((contact) => calendarDate(contact.localOn));
  const fits = (today: CalendarDate) =>
    counted.filter((day) => day > addDays(today, -windowDays) && day <= today).length < limit;
  return (question.facts.person.zones as readonly TimeZone[]).flatMap((zone) => {
    const today = localDateOf(question.at, zone);
    if (fits(today)) return [];
    let date = addDays(today, 1);
    while (!fits(date)) date = addDays(date, 1);
    const window = windowDays === 1 ? 'day' : `${windowDays} days`;
    return [defer(startOfDay(date, zone), `The limit of ${limit} per ${window} (per ${per}) is reached.`)];
  });
}

function isCounted(rule: RuleOf<'frequency_cap'>, { facts, proposal }: Question, contact: ContactFact): boolean {
  const { per, channels, automaticOnly } = rule.parameters;
  if (contact.direction !== 'out' || !channels.includes(contact.channel)) return false;
  if (automaticOnly && !contact.automatic) return false;
  if (contact.elsewhere && per !== 'address') return false;
  if (per === 'client') return contact.clientId === facts.client.id;
  if (per === 'address') return contact.addressKey === proposal.addressKey;
  return true;
}

/** After a conversation, whoever began it, nothing for `days` local days; the day of the conversation is day one. */
export function coolDown(rule: RuleOf<'cool_down'>, question: Question): Block[] {
  const talks = question.facts.contacts
    .filter((contact) => contact.conversation && !contact.elsewhere)
    .map((contact) => calendarDate(contact.localOn));
  return (question.facts.person.zones as readonly TimeZone[]).flatMap((zone) => {
    const today = localDateOf(question.at, zone);
    const latest = talks
      .filter((day) => day <= today)
      .sort()
      .at(-1);
    if (latest === undefined) return [];
    const opens = addDays(latest, rule.parameters.days);
    return today >= opens ? [] : [defer(startOfDay(opens, zone), `There was a conversation on ${latest}.`)];
  });
}
