import { Button } from '@mantine/core';
import { useState } from 'react';
import { addressOf } from '../../kit/api.ts';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { usePages, useWrite } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import type { Job } from './imports-page.tsx';

type Reject = Output<'listRejects'>['rows'][number];
type Edits = Readonly<Record<number, Readonly<Record<string, string>>>>;

/** Rows that were not taken in: their own text, the reason, and the cells to mend them in. */
export function Rejects({ job }: { readonly job: Job }) {
  const format = useFormat();
  const list = usePages('listRejects', { params: { importId: job.id }, query: { limit: 100 } });
  const retry = useWrite('retryRejects');
  const discard = useWrite('discardRejects');
  const [edits, setEdits] = useState<Edits>({});
  const rows = list.data?.pages.flatMap((page) => page.rows).filter((row) => row.state === 'open') ?? [];
  const headers = [...new Set(rows.flatMap((row) => Object.keys(row.cells)))];
  const changed = rows.filter((row) => edits[row.rowNo] !== undefined);
  const submit = (chosen: readonly Reject[]) =>
    retry.mutate(
      {
        params: { importId: job.id },
        body: {
          rows: chosen.slice(0, 500).map((row) => ({ rowNo: row.rowNo, cells: { ...row.cells, ...edits[row.rowNo] } })),
        },
      },
      {
        onSuccess: (answer) => {
          setEdits({});
          say(
            `${format.count(answer.takenIn)} taken in${answer.stillRejected.length > 0 ? `, ${format.count(answer.stillRejected.length)} still to mend` : ''}.`,
          );
        },
        onError: sayProblem,
      },
    );
  const drop = (chosen: readonly Reject[]) =>
    discard.mutate(
      { params: { importId: job.id }, body: { rowNos: chosen.map((row) => row.rowNo) } },
      { onSuccess: (answer) => say(`${format.count(answer.discarded)} left out for good.`), onError: sayProblem },
    );
  return (
    <Section
      title="Not taken in"
      aside={`${format.count(job.openRejects)} ${job.openRejects === 1 ? 'row; mend it' : 'rows; mend them'} here, or download, mend and upload`}
    >
      {list.isPending && (
        <div style={{ paddingTop: 14 }}>
          <SkeletonLines rows={5} />
        </div>
      )}
      {list.error !== null && (
        <div style={{ paddingTop: 14 }}>
          <Problem error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {rows.length > 0 && (
        <>
          <div className="row wrap" style={{ padding: '12px 0' }}>
            <Button disabled={changed.length === 0} loading={retry.isPending} onClick={() => submit(changed)}>
              {changed.length === 0 ? 'Retry mended' : `Retry ${format.count(changed.length)} mended`}
            </Button>
            <Button variant="default" loading={retry.isPending} onClick={() => submit(rows)}>
              Retry all as they are
            </Button>
            <Button
              variant="default"
              component="a"
              download
              href={addressOf('exportRejects', { params: { importId: job.id } })}
              leftSection={<Icon name="download" size={14} />}
            >
              Download
            </Button>
            <Button variant="subtle" color="red" loading={discard.isPending} onClick={() => drop(rows)}>
              {rows.length === 1
                ? 'Leave this row out for good'
                : `Leave these ${format.count(rows.length)} out for good`}
            </Button>
          </div>
          <ScrollRegion label="Rejected rows, scrolls sideways">
            <table className="table" aria-label="Rejected rows">
              <thead>
                <tr>
                  <th scope="col">Row</th>
                  <th scope="col" style={{ minWidth: 300 }}>
                    Why
                  </th>
                  {headers.map((header) => (
                    <th key={header} scope="col">
                      {header}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.rowNo}>
                    <td className="num muted">{format.count(row.rowNo)}</td>
                    <td style={{ minWidth: 220 }}>{row.reason}</td>
                    {headers.map((header) => (
                      <td key={header} style={{ padding: '3px 4px' }}>
                        <input
                          className="cell-edit num"
                          aria-label={`${header}, row ${row.rowNo}`}
                          value={edits[row.rowNo]?.[header] ?? row.cells[header] ?? ''}
                          size={Math.min(
                            28,
                            Math.max(6, (edits[row.rowNo]?.[header] ?? row.cells[header] ?? '').length + 1),
                          )}
                          data-wrong={row.field === header && edits[row.rowNo]?.[header] === undefined}
                          data-changed={edits[row.rowNo]?.[header] !== undefined}
                          onChange={(event) =>
                            setEdits({
                              ...edits,
                              [row.rowNo]: { ...edits[row.rowNo], [header]: event.currentTarget.value },
                            })
                          }
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          {list.hasNextPage && (
            <Button
              variant="subtle"
              mt="sm"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              More
            </Button>
          )}
        </>
      )}
    </Section>
  );
}
