import { canonicalJson } from '../../kernel/crypto.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { concerns, shippedPacks, type Tightening, tighten } from './rule-book.ts';
import { parsePack, type Rule, type RulePack } from './rule-pack.ts';

export type WantedTightening = Pick<Tightening, 'ruleId' | 'part' | 'parameters'>;

/** A rule as it is beside what it would become. */
export type Stricter = { readonly from: Rule; readonly to: Rule };

/**
 * Tries a tightening on the shipped rules, or on those of a book with replacements in their places. Refuses: `unknown_rule`; `not_stricter` when a value named would not make the rule
 * stricter, all of them together would not, or the rule binds nothing; `invalid` when the rule could not be used any more.
 */
export function tryTightening(
  wanted: WantedTightening,
  packs: readonly RulePack[] = shippedPacks,
): Result<readonly Stricter[], 'unknown_rule' | 'not_stricter' | 'invalid'> {
  const rules = packs.flatMap((pack) => pack.rules).filter((rule) => concerns(wanted, rule));
  if (rules.length === 0) return refuse('unknown_rule', `There is no rule ${nameOf(wanted)}.`);
  const binding = rules.filter((rule) => rule.confidence !== 'U');
  if (binding.length === 0)
    return refuse('not_stricter', `${nameOf(wanted)} is listed and switched off; there is nothing to tighten yet.`);
  for (const [name, value] of Object.entries(wanted.parameters)) {
    if (typeof value === 'number' && !(Number.isInteger(value) && value >= 1))
      return refuse('invalid', `${nameOf(wanted)} could not be used with ${value}: give a whole number from 1 on.`, {
        [name]: 'A whole number from 1 on.',
      });
    if (!binding.some((rule) => differs(tighten(rule, { [name]: value }), rule)))
      return refuse(
        'not_stricter',
        `This value would not make ${nameOf(wanted)} stricter. A rule can be tightened, never loosened.`,
        { [name]: 'Not stricter than the rule is.' },
      );
  }
  const changed = binding
    .map((rule) => ({ from: rule, to: tighten(rule, wanted.parameters) }))
    .filter(({ from, to }) => differs(to, from));
  if (changed.length === 0)
    return refuse(
      'not_stricter',
      `This would not make ${nameOf(wanted)} stricter. A rule can be tightened, never loosened.`,
    );
  return isUsable(changed)
    ? ok(changed)
    : refuse('invalid', `${nameOf(wanted)} could not be used with these values: look at times, days and numbers.`);
}

const nameOf = ({ ruleId, part }: Pick<WantedTightening, 'ruleId' | 'part'>) =>
  part === null ? ruleId : `${ruleId}/${part}`;
const differs = (a: Rule, b: Rule) => canonicalJson(a) !== canonicalJson(b);

function isUsable(changed: readonly Stricter[]): boolean {
  try {
    parsePack({ key: 'trial', version: '1', title: 'Trial', house: false, rules: changed.map(({ to }) => to) });
    return true;
  } catch {
    return false;
  }
}

/** The rules of these packs that a tightening concerns, before and after it, whether or not it could still be proposed. */
export const textsChanged = (
  packs: readonly RulePack[],
  wanted: Pick<WantedTightening, 'ruleId' | 'part' | 'parameters'>,
): Stricter[] =>
  packs
    .flatMap((pack) => pack.rules)
    .filter((rule) => concerns(wanted, rule) && rule.confidence !== 'U')
    .map((rule) => ({ from: rule, to: tighten(rule, wanted.parameters) }))
    .filter(({ from, to }) => differs(to, from));
