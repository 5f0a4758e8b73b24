import type { CalendarDate } from '../../kernel/calendar.ts';
import { type Currency, formatMoney, money } from '../../kernel/money.ts';

/** The why-card: outcome, the sentence that sums it up, each reason, the facts used, the versions that decided. */
export type Why = {
  readonly outcome: 'act' | 'wait' | 'stop' | 'allow' | 'deny' | 'defer';
  readonly sentence: string;
  readonly reasons: readonly {
    readonly code: string;
    readonly sentence: string;
    readonly citation: string | null;
    readonly notBefore: Date | null;
    readonly cure: string | null;
  }[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly version: string;
  readonly decidedAt: Date;
  readonly nextOn: CalendarDate | null;
};

export type PermitRecord = {
  readonly decision: 'allow' | 'deny' | 'defer';
  readonly act: string;
  readonly channel: string;
  readonly reasons: unknown;
  readonly pack_versions: unknown;
  readonly facts: unknown;
  readonly not_before: Date | null;
  readonly decided_at: Date;
};

const channels: Readonly<Record<string, string>> = {
  email: 'e-mail',
  call: 'call',
  letter: 'letter',
  sms: 'text message',
  visit: 'visit',
};
const permitSentences = {
  allow: 'may go out: no rule stands against it.',
  deny: 'may not go out.',
  defer: 'must wait.',
} as const;

/** The card of a stored permit. Its reasons and facts are read leniently: an old permit must show for as long as it is kept. */
export function whyOfPermit(permit: PermitRecord): Why {
  const reasons = arrayOf(permit.reasons).map((reason) => ({
    code: textOf(reason['ruleId']) ?? textOf(reason['code']) ?? 'rule',
    sentence: textOf(reason['sentence']) ?? '',
    citation: textOf(reason['citation']),
    notBefore: instantOf(reason['notBefore']),
    cure: textOf(reason['cure']),
  }));
  const first = permit.decision === 'allow' ? undefined : reasons[0]?.sentence;
  return {
    outcome: permit.decision,
    sentence: first ?? `This ${channels[permit.channel] ?? permit.channel} ${permitSentences[permit.decision]}`,
    reasons,
    facts: gateFacts(permit.facts),
    version: versionsOf(permit.pack_versions),
    decidedAt: permit.decided_at,
    nextOn: null,
  };
}

/** The card of a message that was refused for what it says. Read leniently, as permits are. */
export function whyOfVerdict(verdict: unknown, decidedAt: Date): Why {
  const kept = isRecord(verdict) ? verdict : {};
  const refusing = arrayOf(kept['findings']).filter((finding) => finding['effect'] === 'refuse');
  return {
    outcome: 'deny',
    sentence: textOf(refusing[0]?.['sentence']) ?? 'It may not be said like this.',
    reasons: refusing.map((finding) => ({
      code: textOf(finding['ruleId']) ?? 'rule',
      sentence: textOf(finding['sentence']) ?? '',
      citation: textOf(finding['citation']),
      notBefore: null,
      cure: textOf(finding['remedy']),
    })),
    facts: arrayOf(kept['findings']).flatMap((finding) => {
      const excerpt = textOf(finding['excerpt']);
      return excerpt === null ? [] : [{ name: capital(textOf(finding['part']) ?? 'text'), value: excerpt }];
    }),
    version: versionsOf(kept['versions'] ?? []),
    decidedAt,
    nextOn: null,
  };
}

export type DecisionRecord = {
  readonly outcome: 'act' | 'wait' | 'stop';
  readonly reason_code: string;
  readonly step_key: string | null;
  readonly step_title: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly recorded_at: Date;
};

/**
 * Why automation left an account alone, for reading back. The strategy room asks the same reasons in the same words; a code this
 * table does not know is shown as it is written.
 */
const nonActions: Readonly<Record<string, string>> = {
  nothing_open: 'Nothing is open on this account.',
  account_state: 'The account is in a state that automation does not work.',
  wide_stop: 'All contact for this client is stopped.',
  stale_feed: 'The data of this client is older than it may be, so nobody is approached on it.',
  hold: 'A hold stops what would be due.',
  cease: 'The debtor has asked for all contact to end.',
  sensitive: 'The account is marked sensitive: people work it, automation does not.',
  credit_covers: 'Credit that is not yet applied covers everything a notice would be about.',
  assigned_collector: 'A notice would be due, but a collector owns this account and its conversation.',
  opt_out: 'A notice would be due, but the debtor has opted out of e-mail.',
  no_contact_point: 'A notice would be due, but there is no e-mail address that can be used.',
  already_today: 'A notice has already gone out today; what has come due since is in the next one.',
  promise: 'The items that would be due are covered by a promise to pay.',
  already_at_level: 'Every item has had the step that its age calls for.',
  over_budget: 'A step is due, but the budget of the day was spent on accounts that are worth more.',
  not_due: 'No item has come to its first step yet.',
};

/** The card of a stored strategy decision. */
export function whyOfDecision(decision: DecisionRecord): Why {
  const sentence =
    nonActions[decision.reason_code] ??
    `${decision.step_title ?? capital(decision.reason_code.replaceAll('_', ' '))} is due and was planned.`;
  return {
    outcome: decision.outcome,
    sentence,
    reasons: [{ code: decision.reason_code, sentence, citation: null, notBefore: null, cure: null }],
    facts: shallowFacts(decision.facts),
    version: decision.version,
    decidedAt: decision.recorded_at,
    nextOn: null,
  };
}

/** What the gate looked at, in a few lines; the whole stays with the permit. */
function gateFacts(facts: unknown): Why['facts'] {
  if (!isRecord(facts)) return [];
  const person = isRecord(facts['person']) ? facts['person'] : {};
  const address = isRecord(facts['address']) ? facts['address'] : null;
  const zones = Array.isArray(person['zones']) ? person['zones'].join(', ') : '';
  const contacts = arrayOf(facts['contacts']);
  const lines: [string, string | null][] = [
    ['Time zones of the person', zones || 'unknown'],
    ['Country', textOf(person['country'])],
    [
      'Address',
      address &&
        `${textOf(address['key']) ?? ''}, ${textOf(address['quality']) ?? ''}${address['ended'] ? ', ended' : ''}`,
    ],
    [
      'Accounts',
      arrayOf(facts['accounts'])
        .map((account) => `${textOf(account['number']) ?? ''} ${textOf(account['state']) ?? ''}`)
        .join(', ') || null,
    ],
    [
      'Holds',
      arrayOf(facts['holds'])
        .map((hold) => `${textOf(hold['reason']) ?? ''} (${textOf(hold['coverage']) ?? ''})`)
        .join(', ') || 'none',
    ],
    [
      'Wishes',
      arrayOf(facts['preferences'])
        .map((wish) => (textOf(wish['kind']) ?? '').replaceAll('_', ' '))
        .join(', ') || 'none',
    ],
    [
      'Contacts counted',
      contacts.length === 0 ? 'none' : `${contacts.length}, newest ${textOf(contacts[0]?.['at']) ?? ''}`,
    ],
  ];
  return lines.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}

/** Facts that are single values, named as a person reads them; amounts with their currency. */
function shallowFacts(facts: unknown): Why['facts'] {
  if (!isRecord(facts)) return [];
  const currency = textOf(facts['currency']);
  return Object.entries(facts).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return [{ name: readable(name), value: value ? 'yes' : 'no' }];
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const amount = /_?minor$/i.test(name) && currency && /^-?\d+$/.test(String(value));
    const shown = amount ? formatMoney(money(BigInt(value), currency as Currency)) : String(value);
    return [{ name: readable(name), value: shown }];
  });
}

function readable(name: string): string {
  return capital(
    name
      .replace(/_?minor$/i, '')
      .replaceAll('_', ' ')
      .replace(/([a-z])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`),
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const arrayOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);

function instantOf(value: unknown): Date | null {
  const text = textOf(value);
  const read = text === null ? null : new Date(text);
  return read && !Number.isNaN(read.getTime()) ? read : null;
}

function versionsOf(packs: unknown): string {
  if (Array.isArray(packs))
    return packs
      .map((pack) =>
        isRecord(pack) ? [pack['key'] ?? pack['id'], pack['version']].filter(Boolean).join(' ') : String(pack),
      )
      .join(', ');
  if (isRecord(packs))
    return Object.entries(packs)
      .map(([pack, version]) => `${pack} ${String(version)}`)
      .join(', ');
  return String(packs);
}
