import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import { holidayCalendar } from '../holidays.ts';
import { buildRuleBook, shippedPacks } from '../rule-book.ts';
import { computeVector } from '../vectors/compute-vector.ts';
import { factsOfVector } from '../vectors/facts-of-vector.ts';
import { parseVectors, type Vector } from '../vectors/vector.ts';

const law = shippedPacks.filter((pack) => !pack.house);
const book = buildRuleBook(law, [], await holidayCalendar());
const states = law.find((pack) => pack.key === 'us-states');
const read = parseVectors(JSON.parse(readFileSync(join(import.meta.dirname, 'cases', 'us-states.json'), 'utf8')));
if (!read.ok) throw new Error(read.detail);
const permits = read.value.filter((one) => one.kind === 'permit');

const strictness = { allow: 0, defer: 1, deny: 2 } as const;

function decided(one: Vector, jurisdictions: readonly string[]) {
  const { facts, proposal, at } = factsOfVector(one);
  return decide({ ...facts, jurisdictions }, proposal, book, at);
}

describe('the law of states and cities', () => {
  it('never loosens federal law: what that refuses stays refused, for the same reasons and no shorter', () => {
    const looser = permits.flatMap((one) => {
      const federal = decided(one, ['US']);
      const both = decided(one, ['US', ...one.facts.jurisdictions]);
      const kept = federal.reasons.every((reason) =>
        both.reasons.some(
          (other) =>
            other.ruleId === reason.ruleId && other.part === reason.part && other.notBefore === reason.notBefore,
        ),
      );
      const laterToo =
        both.decision !== 'defer' ||
        federal.decision !== 'defer' ||
        Number(both.notBefore) >= Number(federal.notBefore);
      return strictness[both.decision] >= strictness[federal.decision] && kept && laterToo ? [] : [one.id];
    });
    expect(looser).toEqual([]);
  });

  it('binds nobody by what is unverified, and marks what rests on secondary sources', () => {
    const rules = states?.rules ?? [];
    expect(rules.filter((rule) => rule.confidence === 'U').map((rule) => rule.id)).toEqual([
      'US-NYC-3IN7',
      'US-STATE-NOTICES',
    ]);
    expect(rules.filter((rule) => rule.id === 'US-LIMITATION').every((rule) => rule.confidence === 'S')).toBe(true);
  });

  it('opens Washington at half past seven and leaves the morning to federal law', () => {
    const early = permits.find((one) => one.id === 'us-wa-3perweek-home-hours-opens');
    if (early === undefined) throw new Error('There is no case of half past seven in Washington.');
    expect(decided(early, ['US-WA']).decision).toBe('allow');
    const both = decided(early, ['US', 'US-WA']);
    expect(both.reasons.map((reason) => reason.ruleId)).toEqual(['US-REGF-6B1-TIME']);
    expect(both.notBefore?.toISOString()).toBe('2026-05-08T15:00:00.000Z');
  });

  it('keeps a rule in force where the facts do not say: how late the debt is, what secures it, how large it is', () => {
    const late = permits.find((one) => one.id === 'us-dc-4calls-hit');
    if (late === undefined) throw new Error('There is no case of a fifth call in the District of Columbia.');
    const { facts, proposal, at } = factsOfVector(late);
    const accounts = facts.accounts.map(({ daysPastDue: _late, securedBy: _security, ...rest }) => rest);
    expect(decide({ ...facts, accounts }, proposal, book, at).decision).toBe('defer');
  });

  it.each([
    ['US-CA-WRITTEN', '2020-05-12'],
    ['US-CA-ORAL-CONTRACT', '2018-05-12'],
    ['US-CA-CREDIT-CARD', '2020-05-12'],
    ['us_tx_open_ended_account', '2020-05-12'],
    ['US-KY-WRITTEN-CONTRACT', '2026-05-12'],
    ['US-OH-PROMISSORY-NOTE', '2022-05-12'],
    ['US-NY-CONSUMER-CREDIT', '2019-05-12'],
  ])('knows %s', (regime, lastDayToSue) => {
    expect(computeVector('limitation', { regime, accruedOn: '2016-05-12' }, book, '2026-11-15')).toEqual({
      lastDayToSue,
    });
  });
});
