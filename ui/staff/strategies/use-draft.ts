import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../../kit/api.ts';
import type { Output } from '../../kit/operations.ts';
import { ProblemError } from '../../kit/problem.ts';
import {
  began,
  closed,
  type Definition,
  type DraftDefinition,
  edited,
  type History,
  opened,
  paused,
  redone,
  type Strategy,
  undone,
} from './definition-draft.ts';

export type Saving =
  | { readonly state: 'kept' | 'saving' | 'waiting' }
  | { readonly state: 'failed'; readonly error: ProblemError };

/** Writes under way of pages that were left: whoever comes back waits for them, or would edit what was there before. */
const leaving = new Map<string, Promise<unknown>>();

/** Whether nothing of this strategy is still being written by a page that was left. */
export function useQuiet(strategyId: string): boolean {
  const [waiting, setWaiting] = useState(() => leaving.has(strategyId));
  useEffect(() => {
    void leaving.get(strategyId)?.finally(() => setWaiting(false));
  }, [strategyId]);
  return !waiting;
}

const textOf = (definition: Definition) => JSON.stringify(definition);

/** A draft that is being edited: its history, and the keeping of it a moment after each change. */
export function useDraft(strategy: Strategy) {
  const client = useQueryClient();
  const start: Definition | undefined = strategy.draft?.definition ?? strategy.versions[0]?.definition;
  const [history, setHistory] = useState<History>(() =>
    began(opened(start ?? { steps: [], stages: [], whenAssigned: 'withhold_notices' })),
  );
  const definition = closed(history.now);
  const text = textOf(definition);
  const [saving, setSaving] = useState<Saving>({ state: 'kept' });
  // What the server has: the next write is made from it.
  const server = useRef({ text, rowVersion: strategy.draft?.rowVersion ?? '0' });
  const latest = useRef(definition);
  latest.current = definition;
  const writing = useRef<Promise<void> | null>(null);

  /** Writes what is not written yet; waits for a write under way. */
  const save = useCallback(async (): Promise<boolean> => {
    await writing.current;
    const wanted = latest.current;
    if (textOf(wanted) === server.current.text) return true;
    let fine = true;
    const write = async () => {
      setSaving({ state: 'saving' });
      try {
        const draft: Output<'changeDraft'> = await call('changeDraft', {
          params: { strategyId: strategy.id },
          ifMatch: server.current.rowVersion,
          body: { definition: wanted },
        });
        server.current = { text: textOf(wanted), rowVersion: draft.rowVersion };
        setSaving({ state: textOf(latest.current) === server.current.text ? 'kept' : 'waiting' });
        client.setQueryData<Strategy>(['readStrategy', { strategyId: strategy.id }, null, null], (before) =>
          before === undefined ? before : { ...before, draft },
        );
        await client.invalidateQueries({ queryKey: ['listStrategies'] });
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        fine = false;
        setSaving({ state: 'failed', error });
      }
    };
    writing.current = write();
    await writing.current;
    writing.current = null;
    return fine;
  }, [client, strategy.id]);

  const [settled] = useDebouncedValue(text, 900);
  const failed = saving.state === 'failed';
  useEffect(() => {
    if (!failed && settled !== server.current.text) void save();
  }, [settled, save, failed]);
  // Leaving the page keeps what the last moment changed.
  useEffect(
    () => () => {
      if (textOf(latest.current) === server.current.text) return;
      leaving.set(
        strategy.id,
        save().finally(() => leaving.delete(strategy.id)),
      );
    },
    [save, strategy.id],
  );

  return {
    draft: history.now,
    definition,
    saving: text === server.current.text || saving.state !== 'kept' ? saving : ({ state: 'waiting' } as Saving),
    save,
    rowVersion: () => server.current.rowVersion,
    edit: (change: (draft: DraftDefinition) => DraftDefinition, name?: string) =>
      setHistory((before) => edited(before, change(before.now), name ?? null)),
    settle: () => setHistory(paused),
    undo: () => setHistory(undone),
    redo: () => setHistory(redone),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
  };
}
