import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Likeness, reviewFrom, scoreMatch, taxKeyOf, veryLikelyFrom } from './score-match.ts';

const party = (part: Partial<Likeness>): Likeness => ({
  kind: 'business',
  name: 'Alder Tiles Ltd',
  country: 'US',
  taxKey: null,
  emails: [],
  phones: [],
  addresses: [],
  ...part,
});
const score = (one: Partial<Likeness>, other: Partial<Likeness>) => scoreMatch(party(one), party(other)).score;

describe('the score of a pair', () => {
  it.each<[string, Partial<Likeness>, Partial<Likeness>, 'no' | 'review' | 'very likely']>([
    ['the same name of several words', {}, {}, 'review'],
    ['one and the same word', { name: 'Alder' }, { name: 'Alder GmbH' }, 'no'],
    [
      'the same mailbox alone is not enough',
      { emails: ['ap@x.example'] },
      { name: 'Birch Press', emails: ['ap@x.example'] },
      'no',
    ],
    [
      'name and mailbox',
      { emails: ['ap@x.example'] },
      { name: 'ALDER TILES, Inc.', emails: ['ap@x.example'] },
      'very likely',
    ],
    [
      'name, mailbox and telephone',
      { emails: ['a@x.example'], phones: ['+12125550100'] },
      { emails: ['a@x.example'], phones: ['+12125550100'] },
      'very likely',
    ],
    ['tax number and name', { taxKey: 'DE1' }, { taxKey: 'DE1' }, 'very likely'],
    ['the tax number speaks alone', { taxKey: 'DE1' }, { taxKey: 'DE1', name: 'Something Else' }, 'review'],
    [
      'different tax numbers outweigh name and mailbox',
      { taxKey: 'DE1', emails: ['a@x.example'] },
      { taxKey: 'DE2', emails: ['a@x.example'] },
      'no',
    ],
    [
      'a person and a business of one name and mailbox',
      { kind: 'person', emails: ['a@x.example'] },
      { emails: ['a@x.example'] },
      'no',
    ],
    [
      'a slip of the pen',
      { name: 'Aldre Tiles', phones: ['+1'], emails: ['a@x.example'] },
      { phones: ['+1'], emails: ['a@x.example'] },
      'very likely',
    ],
    [
      'words in another order',
      { name: 'Muster, Erika', phones: ['+1'] },
      { name: 'Erika Muster', phones: ['+1'] },
      'review',
    ],
  ])('%s', (_words, one, other, band) => {
    const of = score(one, other);
    expect(of >= veryLikelyFrom ? 'very likely' : of >= reviewFrom ? 'review' : 'no', String(of)).toBe(band);
  });

  it('names what it is made of, the strongest first', () => {
    const { signals } = scoreMatch(
      party({ emails: ['a@x.example'], country: 'US' }),
      party({ emails: ['a@x.example'], country: 'DE' }),
    );
    expect(signals.map((signal) => [signal.kind, signal.points])).toEqual([
      ['name', 50],
      ['email', 35],
      ['country', -15],
    ]);
  });

  it('does not depend on which of the two comes first, and stays within 0 and 100', () => {
    const word = fc.constantFrom('alder', 'alders', 'tiles', 'ltd', 'birch', 'preß', 'Press', 'a');
    const any = fc.record({
      kind: fc.constantFrom('person' as const, 'business' as const),
      name: fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' ')),
      country: fc.constantFrom(null, 'US', 'DE'),
      taxKey: fc.constantFrom(null, '1', '2'),
      emails: fc.subarray(['a@x.example', 'b@x.example']),
      phones: fc.subarray(['+1', '+2']),
      addresses: fc.subarray(['1 high street']),
    });
    fc.assert(
      fc.property(any, any, (one, other) => {
        const [there, back] = [scoreMatch(one, other), scoreMatch(other, one)];
        expect(there.score).toBe(back.score);
        expect(there.score).toBeGreaterThanOrEqual(0);
        expect(there.score).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('a tax number', () => {
  it.each([
    ['DE 123.456-789', 'DE123456789'],
    ['de123456789', 'DE123456789'],
    [' - ', null],
  ])('%s is compared as %s', (text, key) => expect(taxKeyOf(text)).toBe(key));
});
