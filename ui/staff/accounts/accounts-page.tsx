import './accounts.css';
import { Button, Select } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { addressOf } from '../../kit/api.ts';
import { type Column, DataTable, TableSkeleton } from '../../kit/data-table.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Input } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { usePages, useRead } from '../../kit/queries.ts';
import { SearchBox } from '../../kit/search-box.tsx';
import { Empty, Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { type AccountRow, DaysPastDue, Standing } from './account-words.tsx';
import { filterChips, SavedFilters } from './saved-filters.tsx';

const route = getRouteApi('/staff/accounts');

const columns: readonly Column<AccountRow>[] = [
  {
    key: 'party',
    head: 'Customer',
    sort: { name: 'name', direction: 'ascending' },
    cell: (row) => (
      <Link to="/accounts/$accountId" params={{ accountId: row.id }} className="row-link">
        {row.party.name}
      </Link>
    ),
  },
  {
    key: 'number',
    head: 'Account',
    width: 104,
    sort: { name: 'number', direction: 'ascending' },
    cell: (row) => <span className="soft">{row.number}</span>,
  },
  {
    key: 'client',
    head: 'Client',
    width: 150,
    from: 1500,
    cell: (row) => <span className="soft">{row.client.name}</span>,
  },
  {
    key: 'overdue',
    head: 'Overdue',
    width: 132,
    right: true,
    cell: (row) => <Amount value={{ amountMinor: row.overdueMinor, currency: row.currency }} />,
  },
  {
    key: 'balance',
    head: 'Balance',
    width: 132,
    right: true,
    sort: { name: 'balance', direction: 'descending' },
    cell: (row) => <Amount value={{ amountMinor: row.balanceMinor, currency: row.currency }} tone="muted" />,
  },
  {
    key: 'dpd',
    head: 'Days past due',
    width: 112,
    right: true,
    sort: { name: 'overdue_first', direction: 'descending' },
    cell: (row) => <DaysPastDue row={row} />,
  },
  {
    key: 'items',
    head: 'Open',
    width: 60,
    right: true,
    from: 1360,
    cell: (row) => <span className="num soft">{row.openItems}</span>,
  },
  { key: 'standing', head: 'Standing', width: 140, cell: (row) => <Standing row={row} /> },
  {
    key: 'contact',
    head: 'Last contact',
    width: 118,
    from: 1000,
    sort: { name: 'last_contact', direction: 'descending' },
    cell: (row) =>
      row.lastContactAt === null ? (
        <span className="muted">–</span>
      ) : (
        <span className="soft">
          <Instant at={row.lastContactAt} form="day" />
        </span>
      ),
  },
  {
    key: 'paid',
    head: 'Last paid',
    width: 118,
    from: 1440,
    cell: (row) =>
      row.lastPaidOn === null ? (
        <span className="muted">–</span>
      ) : (
        <span className="soft">
          <Day date={row.lastPaidOn} />
        </span>
      ),
  },
];

function Card({ row }: { readonly row: AccountRow }) {
  return (
    <Link to="/accounts/$accountId" params={{ accountId: row.id }}>
      <span className="acct-card">
        <span className="party truncate">{row.party.name}</span>
        <Amount value={{ amountMinor: row.overdueMinor, currency: row.currency }} />
        <span className="row">
          <span className="muted">{row.number}</span> <Standing row={row} />
        </span>
        <span className="right soft">
          <DaysPastDue row={row} />
          {row.daysPastDue > 0 && <span className="muted"> days</span>}
        </span>
      </span>
    </Link>
  );
}

export function AccountsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const format = useFormat();
  const may = useMay();
  // The address holds only what a person chose; the server parses and refuses what it does not know.
  const query = search as NonNullable<Input<'listAccounts'>['query']>;
  const list = usePages('listAccounts', { query: { ...query, limit: 100 } }, { keep: true });
  const clients = useRead('listClients', {});
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const first = list.data?.pages[0];
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true });
  const filtered = Object.keys(search).some((key) => key !== 'sort');
  return (
    <Page
      title="Accounts"
      sub={
        first === undefined ? (
          'What every customer owes'
        ) : (
          <>
            {first.total === null
              ? `${format.count(rows.length)}${list.hasNextPage ? '+' : ''}`
              : format.count(first.total)}{' '}
            {first.total === 1 ? 'account' : 'accounts'}
            {first.totalMinor?.map((money) => (
              <span key={money.currency}>
                {' · '}
                <Amount value={money} />
              </span>
            ))}
          </>
        )
      }
      actions={
        <>
          <SavedFilters search={search} apply={(saved) => void navigate({ search: saved })} />
          {may('accounts.export') && (
            <Button
              variant="default"
              component="a"
              href={addressOf('exportAccounts', { query: search })}
              download
              leftSection={<Icon name="download" size={14} />}
            >
              Export
            </Button>
          )}
        </>
      }
    >
      <div className="list-tools">
        <SearchBox
          value={search.q ?? ''}
          label="Name, number, e-mail, phone"
          change={(q) => set({ q: q === '' ? undefined : q })}
        />
        <div className="chips" role="group" aria-label="Filters">
          {filterChips.map((chip) => {
            const on = search[chip.key] === chip.value;
            return (
              <button
                key={chip.key + chip.value}
                type="button"
                className="chip"
                aria-pressed={on}
                onClick={() => set({ [chip.key]: on ? undefined : chip.value })}
              >
                {chip.label}
              </button>
            );
          })}
          {(clients.data?.rows.length ?? 0) > 1 && (
            <Select
              aria-label="Client"
              size="xs"
              w={150}
              placeholder="All clients"
              clearable
              value={search.clientId ?? null}
              data={clients.data?.rows.map((row) => ({ value: row.id, label: row.name })) ?? []}
              onChange={(value) => set({ clientId: value ?? undefined })}
            />
          )}
          {filtered && (
            <button
              type="button"
              className="chip"
              onClick={() => void navigate({ search: search.sort === undefined ? {} : { sort: search.sort } })}
            >
              <Icon name="close" size={12} /> Clear
            </button>
          )}
        </div>
      </div>
      {list.isPending && <TableSkeleton />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined &&
        rows.length === 0 &&
        (list.hasNextPage ? (
          <LookFurther loading={list.isFetchingNextPage} look={() => void list.fetchNextPage()} />
        ) : filtered ? (
          <NoMatch clear={() => void navigate({ search: {} })} />
        ) : (
          <NoAccounts mayImport={may('intake.write')} />
        ))}
      {rows.length > 0 && (
        <DataTable
          label="Accounts"
          rows={rows}
          columns={columns}
          idOf={(row) => row.id}
          open={(row) => void navigate({ to: '/accounts/$accountId', params: { accountId: row.id } })}
          card={(row) => <Card row={row} />}
          sortedBy={search.sort ?? 'overdue_first'}
          sort={(name) => set({ sort: name === 'overdue_first' ? undefined : name })}
          total={first?.total ?? null}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
    </Page>
  );
}

/** Of words that very many have, a page looks at some accounts only. */
function LookFurther({ loading, look }: { readonly loading: boolean; readonly look: () => void }) {
  return (
    <Empty
      title="None among the accounts looked at so far"
      action={
        <Button variant="light" loading={loading} onClick={look}>
          Look further
        </Button>
      }
    >
      Very many customers have one of these words. A rarer word, a number or an address finds them at once.
    </Empty>
  );
}

function NoMatch({ clear }: { readonly clear: () => void }) {
  return (
    <Empty
      title="No account matches"
      action={
        <Button variant="light" onClick={clear}>
          Clear the filters
        </Button>
      }
    >
      The search looks at the beginnings of names and at account and invoice numbers, e-mail addresses and phones.
      Accounts that owe nothing are left out unless you add {`“${words('settled')}”`}.
    </Empty>
  );
}

function NoAccounts({ mayImport }: { readonly mayImport: boolean }) {
  return (
    <Empty
      title="No accounts yet"
      action={
        mayImport ? (
          <Button component={Link} to="/import" size="sm">
            Take in a file
          </Button>
        ) : undefined
      }
    >
      Accounts appear when open invoices are taken in from a file or through the API.
    </Empty>
  );
}
