import { describe, expect, test } from 'vitest';
import type { AccountFact, EventFact } from '../gate-facts.ts';
import type { Alternative, RuleOf } from '../rule-pack.ts';
import { condition, prerequisite, stop } from './standing.ts';
import { anyRule, said, someCase, someEvent, someFacts } from './testing.ts';

type Given = NonNullable<Parameters<typeof someCase>[0]>;

const [account] = someFacts().accounts as [AccountFact];
const person = (...zones: string[]) => ({ person: { ...someFacts().person, zones } });
const given = (at: string, events: readonly EventFact[], { facts, ...rest }: Omit<Given, 'at'> = {}) =>
  someCase({ at, ...rest, facts: { ...facts, events } });
const day = (date: string, says: Partial<EventFact> = {}) => someEvent('x', `${date}T16:00:00Z`, says);

describe('a stop', () => {
  const stopped = (
    at: string,
    parameters: Partial<RuleOf<'stop'>['parameters']>,
    events: readonly EventFact[],
    more: Omit<Given, 'at'> = {},
  ) =>
    said(
      stop(
        { ...anyRule, kind: 'stop', parameters: { startedBy: { types: ['x'] }, ...parameters } },
        given(at, events, more),
      ),
    );
  const noon = '2026-03-11T16:00:00Z';

  test('without an end denies, from the day of the event on', () => {
    expect(stopped(noon, {}, [day('2026-03-11')])).toEqual(['deny It is not allowed.']);
    expect(stopped(noon, {}, [day('2026-03-11')], { debt: account })).toEqual([
      `deny ${account.id} It is not allowed.`,
    ]);
    expect(stopped(noon, {}, [])).toEqual([]);
    expect(stopped(noon, {}, [day('2026-03-10'), day('2026-03-11')])).toHaveLength(2);
  });

  test('lasts so many days, the first included', () => {
    const at = (instant: string) => stopped(instant, { lastsDays: 3 }, [day('2026-03-09')], { debt: account });
    expect(at('2026-03-12T03:59:59Z')).toEqual([
      `defer 2026-03-12T04:00:00.000Z ${account.id} It is not allowed. It ends on 2026-03-11.`,
    ]);
    expect(at('2026-03-12T04:00:00Z')).toEqual([]);
  });

  test('lasts to the day it names, else its days, else for ever', () => {
    const at = (instant: string, through?: string) =>
      stopped(instant, { lastDay: 'through', lastsDays: 1 }, [
        day('2026-03-09', through === undefined ? {} : { through }),
      ]);
    expect(at(noon, '2026-03-11')[0]).toMatch(/^defer 2026-03-12T04:00.*It ends on 2026-03-11\.$/);
    expect(at(noon, '2026-03-10')).toEqual([]);
    expect(at(noon)).toEqual([]);
    expect(at('2026-03-09T17:00:00Z')[0]).toMatch(/^defer 2026-03-10T04:00/);
    expect(stopped(noon, { lastDay: 'through' }, [day('2026-03-09')])).toEqual(['deny It is not allowed.']);
  });

  test('begins on the day it names, or so many days after the event', () => {
    const named = (at: string) =>
      stopped(at, { startsOn: 'first', lastsDays: 2 }, [day('2026-03-01', { first: '2026-03-11' })]);
    expect(named('2026-03-11T03:59:59Z')).toEqual([]);
    expect(named('2026-03-11T04:00:00Z')[0]).toMatch(/It ends on 2026-03-12\.$/);
    expect(stopped('2026-03-02T05:00:00Z', { startsOn: 'first', lastsDays: 2 }, [day('2026-03-01')])).toHaveLength(1);
    const after = (at: string) => stopped(at, { startsAfterDays: 2, lastsDays: 2 }, [day('2026-03-09')]);
    expect(after('2026-03-11T03:59:59Z')).toEqual([]);
    expect(after('2026-03-11T04:00:00Z')[0]).toMatch(/It ends on 2026-03-12\.$/);
    expect(stopped('2026-03-11T03:59:59Z', { startsAfterDays: 2 }, [day('2026-03-09')])).toEqual([]);
  });

  test('begins and ends when it does in every zone the person may be in', () => {
    const two = { facts: person('America/New_York', 'America/Los_Angeles') };
    const at = (instant: string) => stopped(instant, { startsAfterDays: 1, lastsDays: 1 }, [day('2026-03-10')], two);
    expect(at('2026-03-11T06:59:59Z')).toEqual([]);
    expect(at('2026-03-11T07:00:00Z')[0]).toMatch(/^defer 2026-03-12T07:00/);
    const nowhere = { facts: person() };
    expect(stopped('2026-03-10T23:59:59Z', { lastsDays: 1 }, [day('2026-03-10')], nowhere)[0]).toMatch(
      /^defer 2026-03-11T00:00/,
    );
  });
});

describe('a prerequisite', () => {
  const opens = (
    alternatives: readonly Omit<Alternative, 'event'>[],
    events: readonly EventFact[],
    at = '2026-03-11T16:00:00Z',
    more: Omit<Given, 'at'> = {},
  ) =>
    said(
      prerequisite(
        {
          ...anyRule,
          kind: 'prerequisite',
          parameters: {
            anyOf: alternatives.map((one) => ({ event: { types: ['x'], where: { good: [true, null] } }, ...one })),
          },
        },
        given(at, events, more),
      ),
    );

  test('is open from the event on, closed without one', () => {
    expect(opens([{}], [day('2026-03-11')])).toEqual([]);
    expect(opens([{}], [])).toEqual(['deny It is not allowed.']);
    expect(opens([{}], [day('2026-03-11', { good: false })], undefined, { debt: account })).toEqual([
      `deny ${account.id} It is not allowed.`,
    ]);
  });

  test('opens on the day so many days after the event, or after the date it says it was sent', () => {
    const wait = [{ waitDays: 3 }];
    expect(opens(wait, [day('2026-03-09')], undefined, { debt: account })).toEqual([
      `defer 2026-03-12T04:00:00.000Z ${account.id} It is not allowed.`,
    ]);
    expect(opens(wait, [day('2026-03-09')], '2026-03-12T04:00:00Z')).toEqual([]);
    expect(opens(wait, [day('2026-03-09', { dated: '2026-03-10' })])[0]).toMatch(/^defer 2026-03-13T04:00/);
    expect(opens(wait, [day('2026-03-08')])).toEqual([]);
  });

  test('opens on the day after the date it names', () => {
    const until = [{ waitUntil: 'end', waitDays: 30 }];
    expect(opens(until, [day('2026-03-01', { end: '2026-03-11' })])[0]).toMatch(/^defer 2026-03-12T04:00/);
    expect(opens(until, [day('2026-03-01', { end: '2026-03-10' })])).toEqual([]);
    expect(opens(until, [day('2026-03-01')])[0]).toMatch(/^defer 2026-03-31T04:00/);
    expect(opens([{ waitUntil: 'end' }], [day('2026-03-01')])).toEqual([]);
  });

  test('opens with the first of its events and alternatives', () => {
    expect(opens([{ waitDays: 9 }], [day('2026-03-05'), day('2026-03-04')])[0]).toMatch(/^defer 2026-03-13T04:00/);
    expect(opens([{ waitDays: 20 }, { waitDays: 9 }], [day('2026-03-05')])[0]).toMatch(/^defer 2026-03-14T04:00/);
    expect(
      opens([{ event: { types: ['y'] } } as Partial<Alternative>, { waitDays: 9 }], [day('2026-03-05')])[0],
    ).toMatch(/^defer/);
  });

  test('may ask for a further event, and then opens with the later', () => {
    const both = (waitDays: number) => [{ waitDays, and: { event: { types: ['y'] }, waitDays: 5 } }];
    const y = someEvent('y', '2026-03-09T16:00:00Z');
    expect(opens(both(1), [day('2026-03-09')])).toEqual(['deny It is not allowed.']);
    expect(opens(both(1), [day('2026-03-09'), y])[0]).toMatch(/^defer 2026-03-14T04:00/);
    expect(opens(both(7), [day('2026-03-09'), y])[0]).toMatch(/^defer 2026-03-16T04:00/);
    expect(opens(both(7), [y])).toEqual(['deny It is not allowed.']);
  });

  test('may ask only the latest event, whether or not it is as wanted', () => {
    const [old, latest] = [day('2026-03-09'), day('2026-03-10', { good: false })];
    expect(opens([{}], [old, latest])).toEqual([]);
    expect(opens([{ latest: true }], [old, latest])).toEqual(['deny It is not allowed.']);
    expect(opens([{ latest: true }], [latest, day('2026-03-11')])).toEqual([]);
    expect(opens([{ latest: true }], [old, day('2026-03-10'), day('2026-03-11', { good: false })])).toHaveLength(1);
    expect(opens([{ latest: true, waitDays: 2 }], [day('2026-03-01'), day('2026-03-10')])[0]).toMatch(
      /^defer 2026-03-12/,
    );
  });

  test('may ask that the date it names leaves time', () => {
    const leaves = [{ leaves: { member: 'by', days: 5 } }];
    expect(opens(leaves, [day('2026-03-09', { by: '2026-03-14' })])).toEqual([]);
    expect(opens(leaves, [day('2026-03-09', { by: '2026-03-13' })])).toEqual(['deny It is not allowed.']);
    expect(opens(leaves, [day('2026-03-09')])).toEqual(['deny It is not allowed.']);
  });

  test('may be voided by a later event, for good or in the first days', () => {
    const back = (at: string) => someEvent('back', at);
    const ever = [{ voidedBy: { types: ['back'] } }];
    expect(opens(ever, [day('2026-03-01'), back('2026-03-11T10:00:00Z')])).toEqual(['deny It is not allowed.']);
    expect(opens(ever, [day('2026-03-01'), back('2026-03-01T16:00:00Z')])).toHaveLength(1);
    expect(opens(ever, [back('2026-03-01T15:59:59Z'), day('2026-03-01')])).toEqual([]);
    expect(opens(ever, [day('2026-03-01'), back('2026-03-11T10:00:00Z'), day('2026-03-11')])).toEqual([]);
    expect(opens(ever, [back('2026-02-28T16:00:00Z'), day('2026-03-01'), back('2026-03-11T10:00:00Z')])).toHaveLength(
      1,
    );
    const early = [{ voidedBy: { types: ['back'] }, voidWithinDays: 3 }];
    expect(opens(early, [day('2026-03-01'), back('2026-03-04T04:59:59Z')])).toHaveLength(1);
    expect(opens(early, [day('2026-03-01'), back('2026-03-04T05:00:00Z')])).toEqual([]);
    expect(opens([{}], [day('2026-03-01'), back('2026-03-02T16:00:00Z')])).toEqual([]);
  });
});

describe('a condition', () => {
  const closed = (is: string, debt: AccountFact | null = null) =>
    said(
      condition(
        { ...anyRule, kind: 'condition', parameters: { deny: { field: 'debt.product', is } } },
        someCase({ debt }),
      ),
    );
  test('closes where it holds, and where that cannot be told', () => {
    expect(closed('medical', { ...account, product: 'medical' })).toEqual([`deny ${account.id} It is not allowed.`]);
    expect(closed('medical', { ...account, product: 'card' })).toEqual([]);
    expect(closed('medical')).toEqual(['deny It is not allowed. The facts do not say, so it counts as broken.']);
  });
});
