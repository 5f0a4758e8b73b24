import type { Output } from '../../kit/operations.ts';
import { Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';

export type AccountRow = Output<'listAccounts'>['rows'][number];

const ages: Readonly<Record<string, number>> = { not_due: 0, '1_30': 1, '31_60': 2, '61_90': 3, '90_plus': 4 };

export function DaysPastDue({
  row,
}: {
  readonly row: { readonly daysPastDue: number; readonly bucket: string | null };
}) {
  const format = useFormat();
  if (row.bucket === null) return <span className="muted">–</span>;
  return (
    <span className="dpd" data-age={ages[row.bucket]}>
      {row.daysPastDue > 0 ? format.count(row.daysPastDue) : <span className="muted">not due</span>}
    </span>
  );
}

/** What stands in the way of the next contact, most binding first; nothing when nothing does. */
export function Standing({ row }: { readonly row: AccountRow }) {
  const format = useFormat();
  if (row.state !== 'active') return <Tag tone={row.state === 'settled' ? 'good' : 'plain'}>{words(row.state)}</Tag>;
  if (row.promiseDueOn !== null) return <Tag tone="accent">Promised {format.day(row.promiseDueOn, 'tiny')}</Tag>;
  if (row.held) return <Tag tone="warn">Held</Tag>;
  if (!row.contactable) return <Tag tone="bad">No contact</Tag>;
  return row.stage === null ? null : <Tag>{words(row.stage)}</Tag>;
}
