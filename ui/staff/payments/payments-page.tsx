import '../accounts/accounts.css';
import '../account/account.css';
import './payments.css';
import { Button, Drawer } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount, Day } from '../../kit/amount.tsx';
import { type Column, DataTable, TableSkeleton } from '../../kit/data-table.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { usePages } from '../../kit/queries.ts';
import { SearchBox } from '../../kit/search-box.tsx';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { ReceiptPanel } from './receipt-panel.tsx';
import { RecordForm } from './record-form.tsx';

type Receipt = Output<'listReceipts'>['rows'][number];
const route = getRouteApi('/staff/payments');

function State({ receipt }: { readonly receipt: Receipt }) {
  if (receipt.state === 'reversed') return <Tag tone="bad">Reversed</Tag>;
  if (receipt.account === null) return <Tag tone="warn">Whose is it?</Tag>;
  return BigInt(receipt.unappliedMinor) > 0n ? <Tag tone="warn">Not allocated</Tag> : <Tag tone="good">Allocated</Tag>;
}

const columns: readonly Column<Receipt>[] = [
  { key: 'on', head: 'Received', width: 118, cell: (row) => <Day date={row.receivedOn} /> },
  {
    key: 'from',
    head: 'From',
    cell: (row) => (
      <span className="strong">
        {row.account?.party.name ?? row.payerName ?? <span className="muted">Unknown</span>}
      </span>
    ),
  },
  {
    key: 'account',
    head: 'Account',
    width: 92,
    from: 1100,
    cell: (row) =>
      row.account === null ? (
        <span className="muted">–</span>
      ) : (
        <Link to="/accounts/$accountId" params={{ accountId: row.account.id }} className="soft">
          {row.account.number}
        </Link>
      ),
  },
  {
    key: 'reference',
    head: 'Reference',
    width: 124,
    from: 1000,
    cell: (row) => <span className="soft">{row.reference ?? '–'}</span>,
  },
  {
    key: 'method',
    head: 'By',
    width: 116,
    from: 1440,
    cell: (row) => <span className="soft">{words(row.method)}</span>,
  },
  {
    key: 'amount',
    head: 'Amount',
    width: 128,
    right: true,
    cell: (row) => <Amount value={row} tone={row.state === 'reversed' ? 'muted' : undefined} />,
  },
  {
    key: 'left',
    head: 'Not allocated',
    width: 128,
    right: true,
    cell: (row) =>
      row.unappliedMinor === '0' ? (
        <span className="muted">–</span>
      ) : (
        <Amount value={{ amountMinor: row.unappliedMinor, currency: row.currency }} />
      ),
  },
  { key: 'state', head: 'State', width: 122, cell: (row) => <State receipt={row} /> },
];

export function PaymentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [recording, setRecording] = useState(false);
  const query = { unapplied: search.unapplied, q: search.q, accountId: search.accountId, limit: 100 } as NonNullable<
    Input<'listReceipts'>['query']
  >;
  const list = usePages('listReceipts', { query }, { keep: true });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true, resetScroll: false });
  const filtered = search.q !== undefined || search.unapplied !== undefined;
  return (
    <Page
      title="Payments"
      sub="What came in, and where it went"
      actions={may('receipts.write') && <Button onClick={() => setRecording(true)}>Record a payment</Button>}
    >
      <div className="list-tools">
        <SearchBox
          value={search.q ?? ''}
          label="Payer, reference"
          change={(q) => set({ q: q === '' ? undefined : q })}
        />
        <div className="chips" role="group" aria-label="Filters">
          <button
            type="button"
            className="chip"
            aria-pressed={search.unapplied === 'yes'}
            onClick={() => set({ unapplied: search.unapplied === 'yes' ? undefined : 'yes' })}
          >
            Not allocated
          </button>
        </div>
      </div>
      {list.isPending && <TableSkeleton />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined && rows.length === 0 && (
        <Empty
          title={filtered ? 'No payment matches' : 'No payments yet'}
          action={
            filtered ? (
              <Button variant="light" onClick={() => void navigate({ search: {} })}>
                Clear the filters
              </Button>
            ) : (
              <Button component={Link} to="/import" variant="light">
                Take in a file of receipts
              </Button>
            )
          }
        >
          {filtered
            ? 'Search for less, or look at all of them.'
            : 'Record one by hand, take in a file of receipts, or send them through the API. Each stops what was planned before it.'}
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Payments"
          rows={rows}
          columns={columns}
          idOf={(row) => row.id}
          selected={search.receipt ?? null}
          open={(row) => set({ receipt: row.id })}
          card={(row) => (
            <button type="button" className="card acct-card card-button" onClick={() => set({ receipt: row.id })}>
              <span className="party truncate">{row.account?.party.name ?? row.payerName ?? 'Unknown'}</span>
              <Amount value={row} />
              <span className="muted">
                <Day date={row.receivedOn} />
              </span>
              <span className="right">
                <State receipt={row} />
              </span>
            </button>
          )}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
      <Drawer
        opened={search.receipt !== undefined}
        onClose={() => set({ receipt: undefined })}
        position="right"
        size={480}
        title="Payment"
      >
        {search.receipt !== undefined && <ReceiptPanel id={search.receipt} />}
      </Drawer>
      <Drawer
        opened={recording}
        onClose={() => setRecording(false)}
        position="right"
        size={440}
        title="Record a payment"
      >
        <RecordForm
          done={(sentence) => {
            setRecording(false);
            say(sentence);
          }}
        />
      </Drawer>
    </Page>
  );
}
