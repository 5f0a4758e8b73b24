import { canonicalJson } from '../../kernel/crypto.ts';
import type { CalendarDate } from '../../kernel/calendar.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { isReplaceable, type Replacement, replaces, settable, settle } from './replace-rule.ts';
import { shippedPacks } from './rule-book.ts';
import { parsePack, type Rule } from './rule-pack.ts';

export type WantedReplacement = Pick<Replacement, 'ruleId' | 'part' | 'mode' | 'parameters'>;

/** A rule as it is shipped beside what it would become; null: off. */
export type Replaced = { readonly from: Rule; readonly to: Rule | null };

type Refused = 'unknown_rule' | 'not_replaceable' | 'not_needed' | 'invalid';

const nameOf = ({ ruleId, part }: Pick<Replacement, 'ruleId' | 'part'>) =>
  part === null ? ruleId : `${ruleId}/${part}`;

const standing: Readonly<Record<string, string>> = {
  V: 'is law, cannot be loosened: it was read in the law itself',
  R: 'is law, cannot be loosened: it is known from the law',
  policy: 'is a limit of the house, which everybody who uses it keeps to',
};

/**
 * Tries a replacement on the shipped texts that hold on or after `from`. Refuses: `unknown_rule`; `not_replaceable`, by name, for what is
 * neither secondary nor unverified; `not_needed` when it would change nothing; `invalid` for values the rule does not have or cannot take.
 */
export function tryReplacement(
  wanted: WantedReplacement,
  from: string,
  packs = shippedPacks,
): Result<readonly Replaced[], Refused> {
  const name = nameOf(wanted);
  const texts = packs.flatMap((pack) => pack.rules).filter((rule) => replaces(wanted, rule));
  if (texts.length === 0) return refuse('unknown_rule', `There is no rule ${name}.`);
  const open = texts.filter((rule) => rule.effectiveTo === undefined || rule.effectiveTo > from);
  const fixed = open.find((rule) => !isReplaceable(rule));
  if (fixed) return refuse('not_replaceable', fixedSentence(name, fixed, open));
  if (open.length === 0) return refuse('not_needed', `${name} has ended by then; there is nothing to replace.`);
  if (wanted.mode === 'off')
    return open.every((rule) => rule.confidence === 'U')
      ? refuse('not_needed', `${name} is listed and off already.`)
      : ok(open.map((rule) => ({ from: rule, to: null })));
  const known = new Set(open.flatMap((rule) => settable(rule).map((field) => field.name)));
  const strange = Object.keys(wanted.parameters).filter((one) => !known.has(one));
  if (strange.length > 0)
    return refuse('invalid', `${name} has no value named ${strange.join(', ')}.`, {
      [strange[0] ?? 'parameters']: 'The rule has no such value.',
    });
  const changed = open.map((rule) => ({ from: rule, to: settle(rule, wanted.parameters) }));
  if (changed.every(({ from: rule, to }) => rule.confidence !== 'U' && canonicalJson(rule) === canonicalJson(to)))
    return refuse('not_needed', `${name} says that already. Change a value, or turn it off.`);
  return isUsable(changed.map(({ to }) => to))
    ? ok(changed)
    : refuse('invalid', `${name} could not be used with these values: look at times, days and numbers.`);
}

function fixedSentence(name: string, fixed: Rule, texts: readonly Rule[]): string {
  const why = `${name} ${standing[fixed.confidence] ?? 'cannot be replaced'}.`;
  return fixed.effectiveTo !== undefined && texts.some(isReplaceable)
    ? `${why} That text ends on ${fixed.effectiveTo}; what follows it can be replaced from that day on.`
    : `${why} Only rules marked secondary or unverified can be replaced; this one can only be tightened.`;
}

function isUsable(rules: readonly Rule[]): boolean {
  try {
    parsePack({ key: 'trial', version: '1', title: 'Trial', house: false, rules });
  } catch {
    return false;
  }
  // A window that opens after it closes is well formed, and never open.
  return rules.every(
    (rule) => rule.kind !== 'hours' || rule.parameters.windows.every((window) => window.opens < window.closes),
  );
}

/** The replacement as the rule book takes it, before anybody has approved it. */
export const asReplacement = (wanted: WantedReplacement, id: string, from: CalendarDate | string): Replacement => ({
  ...wanted,
  id,
  from,
  to: null,
});
