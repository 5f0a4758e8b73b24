import { Link } from '@tanstack/react-router';
import { Amount } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { percent } from '../../kit/format.ts';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';

type Ageing = Output<'getToday'>['ageing'][number];
const colours = ['var(--age-0)', 'var(--age-1)', 'var(--age-2)', 'var(--age-3)', 'var(--age-4)'];

/** What is owed by age: one band for the eye, one table for the facts, each row a way to its accounts. */
export function AgeingChart({ ageing, clientId }: { readonly ageing: Ageing; readonly clientId: string | undefined }) {
  const format = useFormat();
  const total = ageing.buckets.reduce(
    (sum, bucket) => sum + (BigInt(bucket.amountMinor) > 0n ? BigInt(bucket.amountMinor) : 0n),
    0n,
  );
  // Ten-thousandths keep the division exact enough for a width and free of floats for the money itself.
  const share = (minor: string) =>
    total === 0n || BigInt(minor) < 0n ? 0 : Number((BigInt(minor) * 10_000n) / total) / 10_000;
  const widest = Math.max(...ageing.buckets.map((bucket) => share(bucket.amountMinor)), 0.0001);
  return (
    <>
      <div className="age-band" aria-hidden="true">
        {ageing.buckets.map((bucket, index) =>
          share(bucket.amountMinor) > 0 ? (
            <span key={bucket.bucket} style={{ flex: share(bucket.amountMinor), background: colours[index] }} />
          ) : null,
        )}
      </div>
      <table className="table age-table">
        <thead className="visually-hidden">
          <tr>
            <th>Age</th>
            <th>Share</th>
            <th>Amount</th>
            <th>Items</th>
          </tr>
        </thead>
        <tbody>
          {ageing.buckets.map((bucket, index) => (
            <tr key={bucket.bucket}>
              <td style={{ width: '34%' }}>
                <i className="swatch" style={{ background: colours[index] }} />
                <Link to="/accounts" search={{ bucket: bucket.bucket, currency: ageing.currency, clientId }}>
                  {words(bucket.bucket)}
                </Link>
              </td>
              <td className="share">
                <i
                  style={{
                    width: `${Math.max((share(bucket.amountMinor) / widest) * 100, 0.4)}%`,
                    background: colours[index],
                  }}
                />
              </td>
              <td className="right num muted" style={{ width: 54 }}>
                {percent(format.locale, share(bucket.amountMinor))}
              </td>
              <td className="right">
                <Amount value={{ amountMinor: bucket.amountMinor, currency: ageing.currency }} shape="whole" />
              </td>
              <td className="right num muted" style={{ width: '15%' }}>
                {format.count(bucket.items)} {bucket.items === 1 ? 'item' : 'items'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
