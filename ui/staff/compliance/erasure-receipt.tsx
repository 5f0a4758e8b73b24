import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Instant } from '../../kit/amount.tsx';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { useSession } from '../shell/session.tsx';

/** What an erasure emptied, what it left and why: for the file, or for the person who asked. */
export function ErasureReceipt({ erasureId }: { readonly erasureId: string }) {
  const { tenant } = useSession();
  const read = useRead('getErasure', { params: { erasureId } });
  if (read.isPending) return <SkeletonLines rows={8} height={18} />;
  if (read.error !== null) return <Problem error={read.error} retry={() => void read.refetch()} />;
  const { data } = read;
  return (
    <section className="receipt" aria-label="Receipt of an erasure">
      <div className="row wrap no-print" style={{ marginBottom: 12 }}>
        <Link to="/compliance" search={{ view: 'erasures' }} className="grow">
          All erasures
        </Link>
        <Button variant="default" onClick={() => window.print()}>
          Print
        </Button>
      </div>
      <h3 aria-level={2}>Receipt of an erasure</h3>
      <p className="soft">
        {tenant.name} has emptied the personal data it held about one person
        {data.basis === 'request' ? ', at that person’s request' : ', because no duty kept it any longer'}.
      </p>
      <dl className="facts">
        <dt>Account</dt>
        <dd>{data.accountNumbers.join(', ') || 'None'}</dd>
        <dt>Asked for</dt>
        <dd>
          {data.basis === 'request' ? `by ${data.requestedBy}, ` : ''}
          <Instant at={data.requestedAt} />
        </dd>
        <dt>Approved</dt>
        <dd>
          {data.approvedAt === null ? (
            'Not yet'
          ) : (
            <>
              by {data.approvedBy}, <Instant at={data.approvedAt} />
            </>
          )}
        </dd>
        <dt>Finished</dt>
        <dd>{data.doneAt === null ? 'Not yet' : <Instant at={data.doneAt} />}</dd>
        <dt>Number</dt>
        <dd className="mono">{data.id}</dd>
      </dl>
      <Counted title="Emptied" rows={data.emptied} />
      <Counted title="Kept, and why" rows={data.kept} />
    </section>
  );
}

type CountedRow = { readonly what: string; readonly count: number; readonly why?: string };

function Counted({ title, rows }: { readonly title: string; readonly rows: readonly CountedRow[] }) {
  const format = useFormat();
  return (
    <>
      <h4 aria-level={3}>{title}</h4>
      <table className="table" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" className="right">
              Records
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.what}>
              <td>
                {one.what}
                {one.why !== undefined && <div className="muted">{one.why}</div>}
              </td>
              <td className="right num">{format.count(one.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
