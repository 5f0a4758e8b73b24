import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holidayCalendar } from '../holidays.ts';
import { buildRuleBook, shippedPacks } from '../rule-book.ts';
import { judgeVector, mismatch } from '../vectors/check-vectors.ts';
import { parseVectors, type Vector } from '../vectors/vector.ts';

// Every pack of law in this folder has worked cases in cases/<key>.json, in the schema of the public examples. `mutation.test.ts`
// shows that they notice every change to the packs.

const law = shippedPacks.filter((pack) => !pack.house);
const book = buildRuleBook(law, [], await holidayCalendar());
const folder = join(import.meta.dirname, 'cases');

function casesIn(file: string): Vector[] {
  const cases = parseVectors(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  if (!cases.ok) throw new Error(cases.detail);
  return cases.value;
}

describe('the cases of the packs', () => {
  it('exist for every pack of law', () => {
    const without = law.map((pack) => pack.key).filter((key) => !existsSync(join(folder, `${key}.json`)));
    expect(without).toEqual([]);
  });

  for (const file of readdirSync(folder)) {
    const cases = casesIn(file);
    describe(`of ${basename(file, '.json')}`, () => {
      it('have names of their own, a source and an answer', () => {
        expect(cases.map((one) => one.id).filter((id, i, all) => all.indexOf(id) !== i)).toEqual([]);
        expect(cases.filter((one) => !one.citation || !one.confidence || !one.expected).map((one) => one.id)).toEqual(
          [],
        );
      });

      it.each([...Map.groupBy(cases, (one) => one.expected?.ruleId)])('are as expected: %s', (_ruleId, ofRule) => {
        const wrong = ofRule.map((one) => ({ id: one.id, why: mismatch(one, judgeVector(one, book)) }));
        expect(wrong.flatMap(({ id, why }) => (why === null ? [] : [`${id}: ${why}`])).join('\n')).toBe('');
      });
    });
  }
});
