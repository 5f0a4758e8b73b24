import { Button, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Day, Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import { usePages } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { words } from '../../kit/words.ts';

const states = [
  { value: 'overdue', label: 'Overdue' },
  { value: 'soon', label: 'Due within a week' },
  { value: 'all', label: 'All that run' },
] as const;
type State = (typeof states)[number]['value'];

/** What the law gives a day for: notices to send, disputes to answer. */
export function Clocks() {
  const [state, setState] = useState<State>('soon');
  const list = usePages('listClocks', { query: { state, limit: 50 } }, { keep: true });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <SegmentedControl
        aria-label="Which clocks"
        size="xs"
        value={state}
        onChange={(value) => setState(value as State)}
        data={states.map((one) => ({ ...one }))}
        style={{ marginBottom: 12 }}
      />
      {list.isPending && <TableSkeleton rows={4} />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined && rows.length === 0 && (
        <Empty title={state === 'overdue' ? 'Nothing is overdue' : 'No clock runs out'}>
          When the law gives a day by which a notice must be sent or a dispute answered, it stands here until it is
          done.
        </Empty>
      )}
      {rows.length > 0 && (
        <ScrollRegion label="Clocks, scrolls sideways">
          <table className="table" aria-label="Clocks">
            <thead>
              <tr>
                <th scope="col">Due by</th>
                <th scope="col">Duty</th>
                <th scope="col">Account</th>
                <th scope="col">Started</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((clock) => (
                <tr key={`${clock.ruleId}-${clock.part}-${clock.accountId}-${clock.startedAt}`}>
                  <td>
                    <Day date={clock.dueBy} />{' '}
                    <Tag tone={clock.overdue ? 'bad' : 'warn'}>{clock.overdue ? 'Overdue' : 'Running'}</Tag>
                  </td>
                  <td>
                    <span className="strong">{clock.title}</span>
                    <div className="soft">{clock.sentence}</div>
                    <div className="muted">{clock.citation}</div>
                  </td>
                  <td>
                    <Link to="/accounts/$accountId" params={{ accountId: clock.accountId }} search={{ tab: 'legal' }}>
                      {clock.accountNumber}
                    </Link>
                    <div className="muted">{clock.partyName}</div>
                  </td>
                  <td className="soft">
                    {words(clock.startedBy)}
                    <div className="muted">
                      <Instant at={clock.startedAt} form="day" />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {list.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          More
        </Button>
      )}
    </>
  );
}
