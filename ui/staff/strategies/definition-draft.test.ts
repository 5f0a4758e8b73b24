import { describe, expect, it } from 'vitest';
import {
  began,
  closed,
  type Definition,
  edited,
  moved,
  opened,
  paused,
  redone,
  undone,
  withNewReaction,
  withNewStep,
  without,
  withStep,
} from './definition-draft.ts';

const step = (key: string, day: number) => ({ key, title: key, day, action: 'email', level: 1 });
const definition: Definition = {
  steps: [step('a', 1), step('b', 7), { ...step('c', 30), when: { combinator: 'and', rules: [] } }],
  stages: [{ stage: 'early', fromDay: 1 }],
  whenAssigned: 'send',
};
const keys = (draft: ReturnType<typeof opened>) => draft.steps.map(({ key, day }) => `${key}${day}`).join(' ');

describe('a strategy in the editor', () => {
  it('comes back as it was', () => expect(closed(opened(definition))).toEqual(definition));

  it('keeps its steps in the order of their days, within what a strategy reaches', () => {
    const draft = opened(definition);
    const [first] = draft.steps;
    const id = first?.id ?? 0;
    expect(keys(moved(draft, id, 12.4))).toBe('b7 a12 c30');
    expect(keys(moved(draft, id, 9999))).toBe('b7 c30 a3650');
    expect(keys(moved(draft, id, -99))).toBe('a-60 b7 c30');
    expect(keys(without(draft, id))).toBe('b7 c30');
  });

  it('adds steps where there is room, under keys of their own', () => {
    const draft = opened(definition);
    const [after, id] = withNewStep(draft, draft.steps[1]?.id);
    expect(keys(after)).toBe('a1 b7 step_114 c30');
    expect(after.steps.find((one) => one.id === id)?.key).toBe('step_1');
    expect(keys(withNewStep(after)[0])).toBe('a1 b7 step_114 c30 step_237');
    expect(keys(withNewStep({ ...draft, steps: [] })[0])).toBe('step_17');
    const [answering] = withNewReaction(after);
    expect(closed(answering).reactions).toMatchObject([{ key: 'event_1', on: 'promise_broken' }]);
  });

  it('lets a condition go altogether', () => {
    const draft = opened(definition);
    const after = withStep(draft, draft.steps[2]?.id ?? 0, { when: undefined });
    expect('when' in (closed(after).steps[2] ?? {})).toBe(false);
  });

  it('goes back and forth, a row of edits under one name at a time', () => {
    const start = opened(definition);
    const id = start.steps[0]?.id ?? 0;
    const title = (text: string) => withStep(start, id, { title: text });
    let history = edited(began(start), title('x'), 'title');
    history = edited(history, title('xy'), 'title');
    expect(history.past).toHaveLength(1);
    history = edited(paused(history), title('xyz'), 'title');
    expect(history.past).toHaveLength(2);
    history = undone(history);
    expect(history.now.steps[0]?.title).toBe('xy');
    history = undone(undone(history));
    expect(history.now).toBe(start);
    history = redone(redone(redone(history)));
    expect(history.now.steps[0]?.title).toBe('xyz');
    expect(edited(undone(history), start).future).toEqual([]);
  });
});
