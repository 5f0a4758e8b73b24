import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addDays, calendarDate } from '../../../kernel/calendar.ts';
import { decide } from '../decide.ts';
import { holidayCalendar } from '../holidays.ts';
import { buildRuleBook, type RuleBook } from '../rule-book.ts';
import { parsePack, type Rule, type RulePack } from '../rule-pack.ts';
import { factsOfVector } from '../vectors/facts-of-vector.ts';
import { judgeVector, mismatch } from '../vectors/check-vectors.ts';
import { parseVectors, type Vector } from '../vectors/vector.ts';

// The cases of the packs are as expected (cases.test.ts), and here they are shown to be enough: each number of a pack is moved by
// one, each date by a day, each time by a minute, each list loses an element, each optional member goes, each truth is turned and each
// rule is switched off; and some case must notice. A mutant no case could notice is named, with the reason, under "equivalents" of the
// case file: its name as printed here, or the beginning of it followed by `*`.

// No act is judged by the law of days before this one, so older dates only say how old a rule is.
const judgedFrom = '2020-01-01';

type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };
type RawRule = { readonly id: string; readonly part?: string; readonly [member: string]: Json | undefined };
type RawPack = {
  readonly key: string;
  readonly house: boolean;
  readonly terms?: Record<string, Json>;
  readonly rules: readonly RawRule[];
};
/** One change to the text of a pack: of a rule, or of a term that rules share. */
type Mutant = {
  readonly name: string;
  readonly rule: number | null;
  readonly term: string | null;
  readonly value: Json;
};

const folder = import.meta.dirname;
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const rawPacks = readdirSync(folder)
  // Rules about wording are of other kinds and have cases of their own.
  .filter((file) => file.endsWith('.json') && !file.startsWith('content-'))
  .map((file) => read(join(folder, file)) as RawPack)
  .filter((pack) => Array.isArray(pack.rules) && !pack.house);
const packs = rawPacks.map((raw) => parsePack(raw));

// What says who made a rule and why, and what cannot be changed into anything else.
const prose = new Set([
  'id',
  'alsoKnownAs',
  'part',
  'kind',
  'title',
  'sentence',
  'citation',
  'because',
  'jurisdiction',
  'rebuttable',
  'term',
]);

const isObject = (value: Json): value is { readonly [member: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every smallest change to a value, with what it does. */
function* changesOf(value: Json, at: string): Generator<{ readonly how: string; readonly value: Json }> {
  if (typeof value === 'number') {
    for (const moved of [value - 1, value + 1]) yield { how: `${at} ${value} to ${moved}`, value: moved };
  } else if (typeof value === 'boolean') {
    yield { how: `${at} ${value} to ${!value}`, value: !value };
  } else if (typeof value === 'string') {
    for (const moved of movedText(value)) yield { how: `${at} ${value} to ${moved}`, value: moved };
  } else if (Array.isArray(value)) {
    const list = value as readonly Json[];
    for (const [i, one] of list.entries()) {
      if (list.length > 1) yield { how: `${at} without ${named(one, i)}`, value: list.filter((_, j) => j !== i) };
      for (const inner of changesOf(one, `${at}[${i}]`))
        yield { how: inner.how, value: list.map((other, j) => (j === i ? inner.value : other)) };
    }
  } else if (isObject(value)) {
    for (const [member, one] of Object.entries(value)) {
      if (prose.has(member)) continue;
      const path = at === '' ? member : `${at}.${member}`;
      // Where every part of a member is taken away by itself, taking away the whole shows nothing more.
      const byParts = (Array.isArray(one) && one.length > 1) || member === 'where' || member === 'parameters';
      if (member !== 'confidence' && member !== 'effectiveFrom' && !byParts) {
        const { [member]: _gone, ...rest } = value;
        yield { how: `without ${path}`, value: rest };
      }
      if (member === 'confidence') {
        if (one !== 'U') yield { how: 'switched off', value: { ...value, confidence: 'U' } };
      } else if (member === 'unknownZone') {
        yield { how: `${path} turned`, value: { ...value, [member]: one === 'deny' ? 'ignore' : 'deny' } };
      } else {
        if (member === 'deny') yield { how: `${path} turned`, value: { ...value, deny: { not: one } } };
        for (const inner of changesOf(one, path)) yield { how: inner.how, value: { ...value, [member]: inner.value } };
      }
    }
  }
}

const named = (one: Json, i: number) => (typeof one === 'object' ? `[${i}]` : String(one));

function movedText(value: string): string[] {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value))
    return value < judgedFrom ? [] : [-1, 1].map((days) => addDays(calendarDate(value), days));
  if (!/^\d{2}:\d{2}$/.test(value)) return [];
  const minutes = Number(value.slice(0, 2)) * 60 + Number(value.slice(3));
  return [minutes - 1, minutes + 1]
    .filter((moved) => moved >= 0 && moved < 1440)
    .map((moved) => `${String(Math.floor(moved / 60)).padStart(2, '0')}:${String(moved % 60).padStart(2, '0')}`);
}

const nameOf = (rule: RawRule) =>
  [
    rule.id,
    ...(rule.part === undefined ? [] : [rule.part]),
    ...(rule.effectiveTo === undefined ? [] : [`to-${rule.effectiveTo as string}`]),
  ].join('/');

function* mutantsOf(pack: RawPack): Generator<Mutant> {
  for (const [i, rule] of pack.rules.entries()) {
    // What is switched off binds nobody, whatever it says.
    if (rule['confidence'] === 'U') continue;
    // Nothing is asked about by the channel of a clock or a computation: it says by what means the duty is met.
    const { channels, ...rest } = rule;
    const unasked = rule['kind'] === 'clock' || rule['kind'] === 'computation';
    for (const change of changesOf((unasked ? rest : rule) as Json, ''))
      yield {
        name: `${nameOf(rule)}: ${change.how}`,
        rule: i,
        term: null,
        value: unasked && isObject(change.value) ? { ...change.value, channels: channels ?? null } : change.value,
      };
  }
  for (const [term, value] of Object.entries(pack.terms ?? {}))
    for (const change of changesOf(value, ''))
      yield { name: `"${term}": ${change.how}`, rule: null, term, value: change.value };
}

/** The places of the rules whose text changes with the term, through whatever terms lie between. */
function rulesNaming(term: string, pack: RawPack): number[] {
  const naming = new Set([term]);
  const names = (value: Json) =>
    [...naming].some((one) => JSON.stringify(value).includes(`"term":${JSON.stringify(one)}`));
  for (let before = 0; before !== naming.size; ) {
    before = naming.size;
    for (const [name, value] of Object.entries(pack.terms ?? {})) if (names(value)) naming.add(name);
  }
  return pack.rules.flatMap((rule, i) => (names(rule as Json) ? [i] : []));
}

type Change = { readonly places: readonly number[]; readonly rules: readonly Rule[] };

/** The rules of the pack as the change makes them; null when they are refused at load, which is a way of being noticed. */
function changeOf(mutant: Mutant, raw: RawPack, pack: RulePack): Change | null {
  const places = mutant.rule === null ? rulesNaming(mutant.term ?? '', raw) : [mutant.rule];
  const terms = mutant.term === null ? raw.terms : { ...raw.terms, [mutant.term]: mutant.value };
  const texts = places.map((place) => (mutant.rule === null ? raw.rules[place] : mutant.value));
  try {
    const { rules } = parsePack({ ...raw, terms, rules: texts });
    // Two texts of one rule that overlap are seen only together.
    const others = pack.rules.filter((_, i) => !places.includes(i));
    return rules.some((rule) => overlapsAnother(rule, others)) ? null : { places, rules };
  } catch {
    return null;
  }
}

const overlapsAnother = (rule: Rule, rules: readonly Rule[]) =>
  rules.some(
    (other) =>
      other.id === rule.id &&
      other.part === rule.part &&
      (other.effectiveTo === undefined || rule.effectiveFrom < other.effectiveTo) &&
      (rule.effectiveTo === undefined || other.effectiveFrom < rule.effectiveTo),
  );

/** The cases that may notice, those written for the changed rules first. */
function casesFor(changed: readonly Rule[], cases: readonly Vector[]): Vector[] {
  const ids = new Set(changed.map((rule) => rule.id));
  const places = new Set(changed.map((rule) => rule.jurisdiction));
  const touched = cases.filter((one) => places.has('*') || one.facts.jurisdictions.some((code) => places.has(code)));
  return [
    ...touched.filter((one) => ids.has(one.expected?.ruleId ?? '')),
    ...touched.filter((one) => !ids.has(one.expected?.ruleId ?? '')),
  ];
}

type Equivalent = { readonly mutant: string; readonly reason: string };
const isNamed = (mutant: string, { mutant: named }: Equivalent) =>
  named.endsWith('*') ? mutant.startsWith(named.slice(0, -1)) : mutant === named;

function casesOf(key: string): { readonly cases: readonly Vector[]; readonly equivalents: readonly Equivalent[] } {
  const file = read(join(folder, 'cases', `${key}.json`)) as { readonly equivalents?: readonly Equivalent[] };
  const cases = parseVectors(file);
  if (!cases.ok) throw new Error(cases.detail);
  return { cases: cases.value, equivalents: file.equivalents ?? [] };
}

/** Says whether a case notices a change: what the changed rules alone answer is compared first, because most cases never meet them. */
function noticing(pack: RulePack, cases: readonly Vector[]): (change: Change) => boolean {
  const read = new Map(cases.flatMap((one) => (one.kind === 'permit' ? [[one, factsOfVector(one)] as const] : [])));
  const before = new Map<string, RuleBook>();
  const answers = new Map<string, string>();
  const answerOf = (one: Vector, book: RuleBook): string => {
    const given = read.get(one);
    if (given === undefined) return '';
    const { decision, reasons, requiredContent } = decide(given.facts, given.proposal, book, given.at);
    return JSON.stringify([
      decision,
      reasons.map(({ ruleId, effect, notBefore }) => [ruleId, effect, notBefore]),
      requiredContent,
    ]);
  };
  return ({ places, rules }) => {
    const key = places.join();
    const original =
      before.get(key) ?? bookOf([{ ...pack, rules: places.flatMap((place) => pack.rules[place] ?? []) }]);
    before.set(key, original);
    const changed = bookOf([{ ...pack, rules: [...rules] }]);
    const whole = bookOf(
      packs.map((one) =>
        one === pack ? { ...pack, rules: pack.rules.map((rule, i) => rules[places.indexOf(i)] ?? rule) } : one,
      ),
    );
    return casesFor(rules, cases).some((one) => {
      if (one.kind === 'permit') {
        const asked = `${key} ${one.id}`;
        const answer = answers.get(asked) ?? answerOf(one, original);
        answers.set(asked, answer);
        if (answerOf(one, changed) === answer) return false;
      } else if (rules.every((rule) => rule.kind !== 'clock' && rule.kind !== 'computation')) return false;
      return mismatch(one, judgeVector(one, whole)) !== null;
    });
  };
}

function survivorsOf(raw: RawPack, cases: readonly Vector[]): string[] {
  const pack = packs.find((one) => one.key === raw.key);
  if (pack === undefined) throw new Error(`There is no pack ${raw.key}.`);
  const isNoticed = noticing(pack, cases);
  return [...mutantsOf(raw)]
    .filter((mutant) => {
      const change = changeOf(mutant, raw, pack);
      return change !== null && !isNoticed(change);
    })
    .map((mutant) => mutant.name);
}

const holidayName = await holidayCalendar();
const bookOf = (rules: readonly RulePack[]) => buildRuleBook(rules, [], holidayName);

describe('the cases of the packs', () => {
  for (const file of readdirSync(join(folder, 'cases'))) {
    const key = basename(file, '.json');
    it(`of ${key} notice every change to the pack`, () => {
      const raw = rawPacks.find((pack) => pack.key === key);
      if (raw === undefined) throw new Error(`There are cases of ${key}, but no pack.`);
      const { cases, equivalents } = casesOf(key);
      const survivors = survivorsOf(raw, cases);
      expect(survivors.filter((name) => !equivalents.some((one) => isNamed(name, one))).join('\n')).toBe('');
      // An excuse that excuses nothing any more is taken out.
      expect(
        equivalents.filter((one) => !survivors.some((name) => isNamed(name, one))).map((one) => one.mutant),
      ).toEqual([]);
    });
  }
});
