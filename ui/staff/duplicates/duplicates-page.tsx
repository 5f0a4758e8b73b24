import '../accounts/accounts.css';
import './duplicates.css';
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { usePages, useWrite } from '../../kit/queries.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { MergeDialog, UnmergeDialog } from './merge-dialog.tsx';
import { Pair } from './pair.tsx';

export type Match = Output<'listMatches'>['rows'][number];
type Progress = Output<'listMatches'>['progress'];
const route = getRouteApi('/staff/duplicates');
const states = ['open', 'merged', 'dismissed'] as const;
type State = (typeof states)[number];
const stateNames: Readonly<Record<State, string>> = { open: 'To review', merged: 'Merged', dismissed: 'Not the same' };

/** Parties that may be one, the likeliest first: a person decides, and can take it back. */
export function DuplicatesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = states.find((each) => each === search.state) ?? 'open';
  const list = usePages('listMatches', { query: { state, limit: 25 } });
  const progress = list.data?.pages[0]?.progress;
  return (
    <Page
      title="Duplicates"
      sub="Customers that may be one. Nothing is merged by itself."
      actions={<Search progress={progress} />}
    >
      <div className="list-tools">
        <div className="chips" role="group" aria-label="Which pairs">
          {states.map((each) => (
            <button
              key={each}
              type="button"
              className="chip"
              aria-pressed={each === state}
              onClick={() => void navigate({ search: each === 'open' ? {} : { state: each } })}
            >
              {stateNames[each]}
            </button>
          ))}
        </div>
        {progress !== undefined && <Standing progress={progress} />}
      </div>
      {list.isPending ? (
        <SkeletonLines rows={8} height={18} />
      ) : list.error !== null ? (
        <Problem error={list.error} retry={() => void list.refetch()} />
      ) : (
        <Pairs
          key={state}
          state={state}
          rows={list.data.pages.flatMap((page) => page.rows)}
          progress={progress}
          more={
            list.hasNextPage ? (
              <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Show more pairs
              </Button>
            ) : null
          }
        />
      )}
    </Page>
  );
}

function Standing({ progress }: { readonly progress: Progress }) {
  const format = useFormat();
  if (progress.lastRunAt === null) return null;
  return (
    <span className="list-sum">
      {progress.roundDone
        ? `All ${format.count(progress.parties)} customers compared`
        : `${format.count(progress.lookedAt)} of ${format.count(progress.parties)} customers compared`}
      , <Instant at={progress.lastRunAt} form="day" />
    </span>
  );
}

function Search({ progress }: { readonly progress: Progress | undefined }) {
  const format = useFormat();
  const find = useWrite('findMatches', ['listMatches']);
  const further = progress !== undefined && progress.lastRunAt !== null && !progress.roundDone;
  return (
    <Button
      variant="default"
      leftSection={<Icon name="search" size={14} />}
      loading={find.isPending}
      onClick={() =>
        find.mutate(
          { body: {} },
          {
            onSuccess: ({ lookedAt, found }) =>
              say(
                `${format.count(lookedAt)} customers compared with all others. ${found === 0 ? 'No new pair' : found === 1 ? 'One new pair' : `${format.count(found)} new pairs`}.`,
              ),
            onError: sayProblem,
          },
        )
      }
    >
      {further ? 'Look further' : 'Look for duplicates'}
    </Button>
  );
}

function Pairs({
  state,
  rows,
  progress,
  more,
}: {
  readonly state: State;
  readonly rows: readonly Match[];
  readonly progress: Progress | undefined;
  readonly more: ReactNode;
}) {
  const dismiss = useWrite('dismissMatch', ['listMatches']);
  const reopen = useWrite('reopenMatch', ['listMatches']);
  const [at, setAt] = useState(0);
  const [deciding, setDeciding] = useState<Match | null>(null);
  const current = rows[Math.min(at, rows.length - 1)];
  const go = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(next);
    document.getElementById(`pair-${rows[next]?.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const keepApart = (pair: Match) =>
    dismiss.mutate(
      { params: { matchId: pair.id }, ifMatch: pair.rowVersion },
      {
        onSuccess: (decided) =>
          say(`${pair.one.name} and ${pair.other.name} stay two. They are not proposed again.`, () =>
            reopen.mutate({ params: { matchId: pair.id }, ifMatch: decided.rowVersion }, { onError: sayProblem }),
          ),
        onError: sayProblem,
      },
    );
  const proposeAgain = (pair: Match) =>
    reopen.mutate(
      { params: { matchId: pair.id }, ifMatch: pair.rowVersion },
      { onSuccess: () => say('Up for review again.'), onError: sayProblem },
    );
  useShortcuts(
    {
      j: () => go(1),
      k: () => go(-1),
      ...(state === 'open' && current !== undefined
        ? { m: () => setDeciding(current), x: () => keepApart(current) }
        : {}),
    },
    rows.length > 0 && deciding === null,
  );
  if (rows.length === 0) return <Nothing state={state} progress={progress} />;
  return (
    <>
      <ul className="pairs" aria-label="Pairs">
        {rows.map((pair) => (
          <li key={pair.id} id={`pair-${pair.id}`} data-current={pair.id === current?.id}>
            <Pair
              pair={pair}
              actions={
                state === 'open' ? (
                  <>
                    <Button variant="light" onClick={() => setDeciding(pair)} title="Merge (m)">
                      Merge…
                    </Button>
                    <Button
                      variant="default"
                      loading={dismiss.isPending && dismiss.variables.params.matchId === pair.id}
                      onClick={() => keepApart(pair)}
                      title="Not the same (x)"
                    >
                      Not the same
                    </Button>
                  </>
                ) : state === 'merged' ? (
                  <Button variant="default" onClick={() => setDeciding(pair)}>
                    Undo the merge…
                  </Button>
                ) : (
                  <Button variant="default" loading={reopen.isPending} onClick={() => proposeAgain(pair)}>
                    Propose again
                  </Button>
                )
              }
            />
          </li>
        ))}
      </ul>
      {more !== null && <div style={{ paddingTop: 14 }}>{more}</div>}
      {deciding !== null && state === 'open' && <MergeDialog pair={deciding} close={() => setDeciding(null)} />}
      {deciding !== null && state === 'merged' && <UnmergeDialog pair={deciding} close={() => setDeciding(null)} />}
    </>
  );
}

function Nothing({ state, progress }: { readonly state: State; readonly progress: Progress | undefined }) {
  if (state === 'merged')
    return (
      <Empty title="Nothing has been merged">
        Merges that were decided here stand in this list, and can be undone.
      </Empty>
    );
  if (state === 'dismissed')
    return (
      <Empty title="No pair was kept apart">Pairs that somebody found not to be the same stand in this list.</Empty>
    );
  if (progress === undefined || progress.lastRunAt === null)
    return (
      <Empty title="Nobody has looked yet">
        Press “Look for duplicates”. Customers are compared by tax number, e-mail, telephone, address and name, 20,000
        at a time, and every pair says why it is here.
      </Empty>
    );
  return (
    <Empty title="Nothing to review">
      {progress.roundDone
        ? 'All customers have been compared. Look again after the next import.'
        : 'No pair so far. Press “Look further” to compare the next customers.'}
    </Empty>
  );
}
