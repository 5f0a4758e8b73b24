import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { usePages } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { useFormat } from '../../kit/tenant.tsx';

type Side = NonNullable<Output<'getSimulation'>['report']>['sides'][number];
type Row = Output<'listSimulatedAccounts'>['rows'][number];
const kinds = [
  ['more', 'Approached where today they would not be'],
  ['less', 'Left alone where today they would be approached'],
  ['other', 'Approached in another way'],
] as const;

/** Accounts that one side treats differently, by kind, each with the first day on which it does and why. */
export function DifferentAccounts({ id, side }: { readonly id: string; readonly side: Side }) {
  const format = useFormat();
  const [kind, setKind] = useState<Row['kind'] | null>(null);
  const counts = side.different ?? { more: 0, less: 0, other: 0 };
  const all = counts.more + counts.less + counts.other;
  const pages = usePages(
    'listSimulatedAccounts',
    {
      params: { simulationId: id },
      query: {
        side: side.key === 'compared' ? 'compared' : 'simulated',
        ...(kind === null ? {} : { kind }),
        limit: 25,
      },
    },
    { keep: true, enabled: all > 0 },
  );
  if (all === 0) return <p className="soft">{side.label}: everybody is treated as today.</p>;
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <div className="stack">
      <p>
        {side.label}: <b className="num">{format.count(all)}</b> {all === 1 ? 'account' : 'accounts'}
      </p>
      <div className="chips no-print">
        <button type="button" className="chip" aria-pressed={kind === null} onClick={() => setKind(null)}>
          All
        </button>
        {kinds.map(([name, label]) => (
          <button key={name} type="button" className="chip" aria-pressed={kind === name} onClick={() => setKind(name)}>
            {label} <span className="num">{format.count(counts[name])}</span>
          </button>
        ))}
      </div>
      {pages.isPending && <SkeletonLines rows={5} />}
      {pages.error !== null && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      <ScrollRegion label={`Accounts treated differently: ${side.label}`}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col" className="right">
                Open
              </th>
              <th scope="col">First day</th>
              <th scope="col">{side.label}</th>
              <th scope="col">Today</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.accountId}>
                <th scope="row">
                  <Link to="/accounts/$accountId" params={{ accountId: row.accountId }}>
                    {row.party}
                  </Link>
                  <span className="soft block num">{row.number}</span>
                </th>
                <td className="right">
                  <Amount value={{ amountMinor: row.balanceMinor, currency: row.currency }} />
                </td>
                <td className="num">{format.day(row.on)}</td>
                <td>
                  <Treated as={row.mine} />
                </td>
                <td>
                  <Treated as={row.theirs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {pages.hasNextPage && (
        <div className="no-print">
          <Button
            variant="default"
            size="xs"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

function Treated({ as }: { readonly as: Row['mine'] }) {
  return (
    <>
      {as.sentence}
      <span className="soft block">
        {as.version === null ? 'Kept out of treatment' : as.version}
        {as.segment === null ? '' : `, as “${as.segment}”`}
      </span>
    </>
  );
}
