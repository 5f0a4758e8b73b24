import { Amount, Day } from '../../kit/amount.tsx';
import { type Column, DataTable, TableSkeleton } from '../../kit/data-table.tsx';
import type { usePages } from '../../kit/queries.ts';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import type { Item } from './item-picker.tsx';

const name = (item: Item) => item.number ?? item.description ?? words(item.kind);

function ItemState({ item }: { readonly item: Item }) {
  const format = useFormat();
  if (item.closedOn !== null) return <span className="muted">Paid {format.day(item.closedOn, 'tiny')}</span>;
  if (item.stoppedBy.length > 0)
    return (
      <Tag tone="warn" title={item.stoppedBy.join(', ')}>
        {item.stoppedBy[0]}
      </Tag>
    );
  if (item.level === null) return <span className="muted">–</span>;
  return (
    <span className="soft" title={item.levelReachedOn === null ? '' : `since ${format.day(item.levelReachedOn)}`}>
      Notice {item.level}
    </span>
  );
}

function columnsOf(currency: string): Column<Item>[] {
  return [
    {
      key: 'number',
      head: 'Item',
      cell: (item) => (
        <span className={item.closedOn === null ? 'strong' : 'soft'} title={item.description ?? ''}>
          {name(item)}
          {item.kind !== 'invoice' && <span className="muted"> {words(item.kind)}</span>}
        </span>
      ),
    },
    {
      key: 'issued',
      head: 'Issued',
      width: 112,
      from: 1000,
      cell: (item) => (
        <span className="soft">
          <Day date={item.issuedOn} />
        </span>
      ),
    },
    {
      key: 'due',
      head: 'Due',
      width: 112,
      cell: (item) => (
        <span className="soft">
          <Day date={item.dueOn} />
        </span>
      ),
    },
    {
      key: 'late',
      head: 'Days late',
      width: 78,
      right: true,
      cell: (item) =>
        item.closedOn === null && item.daysPastDue > 0 ? (
          <span className={`num ${item.daysPastDue > 60 ? 'bad' : ''}`}>{item.daysPastDue}</span>
        ) : (
          <span className="muted">–</span>
        ),
    },
    {
      key: 'amount',
      head: 'Amount',
      width: 124,
      right: true,
      from: 900,
      cell: (item) => <Amount value={{ amountMinor: item.amountMinor, currency }} tone="muted" />,
    },
    {
      key: 'open',
      head: 'Open',
      width: 124,
      right: true,
      cell: (item) =>
        BigInt(item.openMinor) === 0n ? (
          <span className="muted">–</span>
        ) : (
          <span className="strong">
            <Amount value={{ amountMinor: item.openMinor, currency }} />
          </span>
        ),
    },
    { key: 'state', head: 'Standing', width: 118, cell: (item) => <ItemState item={item} /> },
  ];
}

export function ItemsTab({
  list,
  currency,
}: {
  readonly list: ReturnType<typeof usePages<'listItems'>>;
  readonly currency: string;
}) {
  const items = list.data?.pages.flatMap((page) => page.rows) ?? [];
  if (list.isPending) return <TableSkeleton rows={8} />;
  if (list.error !== null)
    return (
      <div style={{ paddingTop: 18 }}>
        <Problem error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (items.length === 0) return <Empty title="No items">This account has never owed anything.</Empty>;
  return (
    <DataTable
      label="Items"
      rows={items}
      columns={columnsOf(currency)}
      idOf={(item) => item.id}
      card={(item) => (
        <div className="card acct-card">
          <span className="party truncate">{name(item)}</span>
          <Amount
            value={{ amountMinor: item.closedOn === null ? item.openMinor : item.amountMinor, currency }}
            tone={item.closedOn === null ? undefined : 'muted'}
          />
          <span className="muted">
            due <Day date={item.dueOn} />
          </span>
          <span className="right">
            <ItemState item={item} />
          </span>
        </div>
      )}
      more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
    />
  );
}
