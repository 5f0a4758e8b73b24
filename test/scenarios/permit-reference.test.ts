import { expect, it } from 'vitest';
import { disagreement, permitMix } from '../../bench/permit-mix.ts';
import { decide, loadRuleBook } from '../../src/modules/compliance/public.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();

it('answers the mix of `bench permit` as the evaluator written for it does', async () => {
  const at = new Date('2027-03-01T12:00:00Z');
  const book = await database.within(await database.freshTenant({ at }), at, (ctx) => loadRuleBook(ctx));
  const mix = permitMix(2000, 60);
  const answers = mix.map((one) => decide(one.facts, one.proposal, book, one.at));
  expect(disagreement(mix, answers)).toBeNull();
  // All three answers are met, else agreement would say little.
  expect([...new Set(answers.map((one) => one.decision))].toSorted()).toEqual(['allow', 'defer', 'deny']);
});
