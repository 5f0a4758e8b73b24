import { Button, SegmentedControl } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import type { Output } from '../../kit/operations.ts';
import { usePages } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { useMay } from '../shell/session.tsx';
import { ForgetForm } from './forget-form.tsx';

type Kept = Output<'listKeptPersons'>['rows'][number];
const route = getRouteApi('/staff/compliance');

/** Persons who owe nothing, and the duty that keeps each of them longest. */
export function Retention() {
  const may = useMay();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = search.show === 'all' ? 'all' : 'due';
  const list = usePages('listKeptPersons', { query: { show, limit: 50 } });
  const [forgetting, setForgetting] = useState<Kept | null>(null);
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <SegmentedControl
        aria-label="Whom"
        size="xs"
        value={show}
        onChange={(value) =>
          void navigate({ search: { ...search, show: value === 'all' ? 'all' : undefined }, replace: true })
        }
        data={[
          { value: 'due', label: 'Due to be forgotten' },
          { value: 'all', label: 'All who owe nothing' },
        ]}
        style={{ marginBottom: 12 }}
      />
      {list.isPending && <TableSkeleton rows={4} />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined && rows.length === 0 && !list.hasNextPage && (
        <Empty title={show === 'due' ? 'Nobody is due to be forgotten' : 'Everybody owes something'}>
          Whoever owes nothing stands here once the last duty to keep their records has run out: three years after the
          last act for US collectors, longer where another law says so. Of several duties the longest wins.
        </Empty>
      )}
      {rows.length > 0 && (
        <ScrollRegion label="Retention, scrolls sideways">
          <table className="table" aria-label="Retention">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Kept until</th>
                <th scope="col">By the duty</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.partyId}>
                  <td>
                    <span className="strong">{row.name}</span>
                    <div className="muted">{row.accountNumbers.join(', ') || 'No account'}</div>
                  </td>
                  <td>
                    {row.keptThrough === null ? 'No duty' : <Day date={row.keptThrough} />}{' '}
                    {row.due && <Tag tone="info">Due</Tag>}
                    {row.legalHolds > 0 && <Tag tone="warn">Legal hold</Tag>}
                  </td>
                  <td className="soft" style={{ minWidth: 240 }}>
                    {row.duty === null ? 'Nothing was ever done to collect from them' : row.duty.title}
                    {row.duty !== null && <div className="muted">{row.duty.citation}</div>}
                  </td>
                  <td className="right">
                    {row.due && may('compliance.override') && (
                      <Button variant="subtle" aria-label={`Forget ${row.name}`} onClick={() => setForgetting(row)}>
                        Forget…
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {list.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Look further
        </Button>
      )}
      {forgetting !== null && (
        <ForgetForm person={forgetting} basis="retention" obstacles={[]} close={() => setForgetting(null)} />
      )}
    </>
  );
}
