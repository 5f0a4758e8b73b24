import { Link } from '@tanstack/react-router';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { type Column, DataTable, TableSkeleton } from '../../kit/data-table.tsx';
import type { Output } from '../../kit/operations.ts';
import { usePages } from '../../kit/queries.ts';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { words } from '../../kit/words.ts';

type Plan = Output<'listPlans'>['rows'][number];
const columns: readonly Column<Plan>[] = [
  {
    key: 'party',
    head: 'Customer',
    cell: (plan) => (
      <Link className="row-link" to="/accounts/$accountId" params={{ accountId: plan.accountId }}>
        {plan.party.name}
      </Link>
    ),
  },
  {
    key: 'action',
    head: 'Action',
    width: 170,
    cell: (plan) => (
      <span>
        {words(plan.action)} {plan.action === 'email' && <span className="muted">notice {plan.level}</span>}
      </span>
    ),
  },
  {
    key: 'items',
    head: 'Items',
    width: 70,
    right: true,
    from: 1000,
    cell: (plan) => <span className="num soft">{plan.items}</span>,
  },
  { key: 'amount', head: 'Amount', width: 140, right: true, cell: (plan) => <Amount value={plan} /> },
  {
    key: 'for',
    head: 'Planned for',
    width: 118,
    cell: (plan) => (
      <span className="soft">
        <Day date={plan.plannedFor} />
      </span>
    ),
  },
  {
    key: 'after',
    head: 'Not before',
    width: 194,
    from: 1100,
    cell: (plan) =>
      plan.notBefore === null ? (
        <span className="muted">–</span>
      ) : (
        <span className="soft">
          <Instant at={plan.notBefore} />
        </span>
      ),
  },
  {
    key: 'state',
    head: 'State',
    width: 110,
    cell: (plan) => <Tag title={plan.stateReason ?? ''}>{words(plan.state)}</Tag>,
  },
];

const states = ['planned', 'sent', 'done', 'void'] as const;
const nothing: Readonly<Record<(typeof states)[number], { readonly title: string; readonly sentence: string }>> = {
  planned: {
    title: 'Nothing is planned',
    sentence: 'A run of the strategy plans the next contacts; start one on Today.',
  },
  void: {
    title: 'Nothing was overtaken',
    sentence: 'A plan becomes void when money, a promise, a dispute or a hold arrives before it goes out.',
  },
  sent: { title: 'Nothing has gone out yet', sentence: 'Plans that became a message stand here.' },
  done: { title: 'No task has been carried out yet', sentence: 'Plans that became a call or a decision stand here.' },
};

/** Plans by what became of them: waiting for their hour and their permit, overtaken by something, carried out. */
export function Plans({
  state,
  choose,
}: {
  readonly state: string | undefined;
  readonly choose: (state: string) => void;
}) {
  const chosen = states.find((each) => each === state) ?? 'planned';
  return (
    <>
      <div className="list-tools">
        <div className="chips" role="group" aria-label="What became of it">
          {states.map((each) => (
            <button
              key={each}
              type="button"
              className="chip"
              aria-pressed={each === chosen}
              onClick={() => choose(each)}
            >
              {each === 'planned' ? 'Waiting' : words(each)}
            </button>
          ))}
        </div>
      </div>
      <PlansList state={chosen} />
    </>
  );
}

function PlansList({ state }: { readonly state: (typeof states)[number] }) {
  const list = usePages('listPlans', { query: { state, limit: 100 } });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  if (list.isPending) return <TableSkeleton />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (rows.length === 0) return <Empty title={nothing[state].title}>{nothing[state].sentence}</Empty>;
  return (
    <DataTable
      label="Planned contacts"
      rows={rows}
      columns={columns}
      idOf={(plan) => plan.id}
      card={(plan) => (
        <Link to="/accounts/$accountId" params={{ accountId: plan.accountId }}>
          <span className="acct-card">
            <span className="party truncate">{plan.party.name}</span>
            <Amount value={plan} />
            <span className="muted">{words(plan.action)}</span>
            <span className="right soft">
              <Day date={plan.plannedFor} form="tiny" />
            </span>
          </span>
        </Link>
      )}
      more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
    />
  );
}
