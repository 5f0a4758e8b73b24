import { Button } from '@mantine/core';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import { usePages } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem } from '../../kit/states.tsx';
import { words } from '../../kit/words.ts';

/** Every transfer that touched the account, newest first, with the balance it left behind. Nothing here is ever edited. */
export function LedgerTab({ accountId }: { readonly accountId: string }) {
  const list = usePages('listTransfers', { params: { accountId }, query: { limit: 100 } });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  if (list.isPending) return <TableSkeleton rows={8} />;
  if (list.error !== null)
    return (
      <div style={{ paddingTop: 18 }}>
        <Problem error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (rows.length === 0)
    return <Empty title="No postings yet">Each item, payment and correction will post a transfer here.</Empty>;
  return (
    <ScrollRegion label="Ledger, scrolls sideways">
      <table className="table" aria-label="Ledger" style={{ minWidth: 640 }}>
        <thead>
          <tr>
            <th scope="col">Effective</th>
            <th scope="col">What</th>
            <th scope="col">Debit</th>
            <th scope="col">Credit</th>
            <th scope="col" className="right">
              Amount
            </th>
            <th scope="col" className="right">
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="num" style={{ whiteSpace: 'nowrap' }}>
                <Day date={row.effectiveOn} />
              </td>
              <td>
                {words(row.journalKind)} {row.itemNumber !== null && <span className="soft">{row.itemNumber}</span>}
                {row.reversesId !== null && <span className="warn"> reversal</span>}
                {row.note !== null && <div className="muted">{row.note}</div>}
                <div className="visually-hidden">
                  Recorded <Instant at={row.recordedAt} />
                </div>
              </td>
              <td className="soft">{words(row.debit)}</td>
              <td className="soft">{words(row.credit)}</td>
              <td className="right">
                <Amount value={{ amountMinor: row.amountMinor, currency: row.currency }} />
              </td>
              <td className="right strong">
                <Amount value={{ amountMinor: row.runningMinor, currency: row.currency }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </ScrollRegion>
  );
}
