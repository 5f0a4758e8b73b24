import '../accounts/accounts.css';
import '../account/account.css';
import './worklist.css';
import { Button, SegmentedControl } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount, Day } from '../../kit/amount.tsx';
import { type Column, DataTable, TableSkeleton } from '../../kit/data-table.tsx';
import type { Output } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { usePages, useRead, useWrite } from '../../kit/queries.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { Desk } from './desk.tsx';

export type Next = Output<'nextAccount'>;
type Task = Output<'listTasks'>['rows'][number];
const route = getRouteApi('/staff/worklist');

const queues = [
  { value: 'collector', label: 'Collectors' },
  { value: 'manager', label: 'Managers' },
  { value: 'specialist', label: 'Specialists' },
  { value: 'legal', label: 'Legal' },
] as const;

/** The queue, and one account of it at a time. */
export function WorklistPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const queue = queues.find((one) => one.value === search.queue)?.value ?? 'collector';
  const next = useWrite('nextAccount', ['listTasks']);
  const [current, setCurrent] = useState<Next | null>(null);
  const take = (skip: string | null) =>
    next.mutate(
      { body: { queue, skip } },
      {
        onSuccess: (answer) => {
          setCurrent(answer);
          window.scrollTo({ top: 0 });
        },
      },
    );
  const working = current?.task !== null && current?.task !== undefined && current.account !== null;
  return (
    <Page
      title="Worklist"
      sub={
        working
          ? `${current.remaining >= 100 ? '100 or' : current.remaining} more after this one`
          : 'The next account worth your time, with its call already checked'
      }
      actions={
        <>
          {may('tasks.assign') && (
            <SegmentedControl
              size="xs"
              aria-label="Queue"
              value={queue}
              onChange={(value) => {
                setCurrent(null);
                void navigate({ search: value === 'collector' ? {} : { queue: value } });
              }}
              data={[...queues]}
            />
          )}
          {working && (
            <Button variant="default" onClick={() => setCurrent(null)}>
              Show the queue
            </Button>
          )}
        </>
      }
    >
      {next.error !== null && (
        <div style={{ marginBottom: 18 }}>
          <Problem error={next.error} retry={() => take(null)} />
        </div>
      )}
      {working ? (
        <Desk key={current.task?.id} next={current} loading={next.isPending} take={take} />
      ) : (
        <Queue queue={queue} finished={current !== null} loading={next.isPending} start={() => take(null)} />
      )}
    </Page>
  );
}

const columns: readonly Column<Task>[] = [
  {
    key: 'party',
    head: 'Customer',
    width: 190,
    cell: (task) => <span className="strong">{task.account.party.name}</span>,
  },
  {
    key: 'title',
    head: 'Task',
    cell: (task) => (
      <span>
        {task.title} {task.kind !== 'call' && <Tag>{words(task.kind)}</Tag>}
        {task.byPerson && task.stoppedSince && (
          <Tag tone="warn" title="Something has come in since this was agreed; it is shown before the call">
            Changed since
          </Tag>
        )}
      </span>
    ),
  },
  {
    key: 'reason',
    head: 'Why',
    // Narrower it would be cut after a few words in every row; the desk shows it whole.
    from: 1440,
    cell: (task) => (
      <span className="soft" title={task.reason}>
        {task.reason}
      </span>
    ),
  },
  {
    key: 'balance',
    head: 'Balance',
    width: 132,
    right: true,
    cell: (task) => <Amount value={{ amountMinor: task.account.balanceMinor, currency: task.account.currency }} />,
  },
  {
    key: 'days',
    head: 'Days past due',
    width: 112,
    right: true,
    cell: (task) => <span className="num">{task.account.daysPastDue}</span>,
  },
  {
    key: 'due',
    head: 'Due',
    width: 118,
    cell: (task) => (
      <span className="soft">
        <Day date={task.dueOn} />
      </span>
    ),
  },
];

/** By what the queue is ordered, where amounts are of several currencies. */
function Ranking() {
  const format = useFormat();
  const rates = useRead('getRates', {});
  if (rates.data === undefined) return null;
  const { reportingCurrency, rows, missing } = rates.data;
  const known = rows.map(
    (row) => `1 ${row.currency} = ${row.rate} ${reportingCurrency} (${row.source}, ${format.day(row.asOf)})`,
  );
  const faces = missing.map((currency) => `${currency} has no rate and counts one for one`);
  return (
    <>
      Priority is the amount in {reportingCurrency} times its age
      {known.length + faces.length === 0 ? '.' : `: ${[...known, ...faces].join('; ')}.`}
    </>
  );
}

function Queue({
  queue,
  finished,
  loading,
  start,
}: {
  readonly queue: (typeof queues)[number]['value'];
  readonly finished: boolean;
  readonly loading: boolean;
  readonly start: () => void;
}) {
  const format = useFormat();
  const navigate = route.useNavigate();
  const list = usePages('listTasks', { query: { queue, state: 'open', limit: 100 } });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const open = list.data?.pages[0]?.open ?? 0;
  useShortcuts({ Enter: start, n: start }, rows.length > 0 && !loading);
  if (list.isPending) return <TableSkeleton />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (rows.length === 0)
    return (
      <Empty
        title={finished ? 'The queue is empty. Well done.' : 'Nothing to do'}
        action={
          <Button variant="light" onClick={() => void navigate({ to: '/' })}>
            Go to Today
          </Button>
        }
      >
        Tasks appear when the strategy runs and finds accounts that deserve a call, or when a call-back falls due.
      </Empty>
    );
  return (
    <>
      <div className="panel start">
        <div>
          <div className="big">{format.count(open)}</div>
          <div className="soft">{open === 1 ? 'task is open' : 'tasks are open'}</div>
        </div>
        <p className="soft grow">
          You get the account with the highest priority that nobody else holds and that may be called now. <Ranking />
        </p>
        <Button size="sm" loading={loading} onClick={start} rightSection={<kbd>Enter</kbd>}>
          Start
        </Button>
      </div>
      <DataTable
        label="Tasks"
        rows={rows}
        columns={columns}
        idOf={(task) => task.id}
        card={(task) => (
          <div className="card acct-card">
            <span className="party truncate">{task.account.party.name}</span>
            <Amount value={{ amountMinor: task.account.balanceMinor, currency: task.account.currency }} />
            <span className="muted truncate">{task.title}</span>
            <span className="right soft num">{task.account.daysPastDue} days</span>
          </div>
        )}
        more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
      />
    </>
  );
}
