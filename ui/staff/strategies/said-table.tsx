import { Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount } from '../../kit/amount.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import type { Output } from '../../kit/operations.ts';
import { Tag, type Tone } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';

/** What a run, or a dry run, says about an account. */
export type Said = Omit<Output<'listRehearsalRows'>['rows'][number], 'actions'>;

export const outcomes: Readonly<Record<Said['outcome'], { readonly label: string; readonly tone: Tone }>> = {
  act: { label: 'Acts', tone: 'accent' },
  wait: { label: 'Waits', tone: 'plain' },
  stop: { label: 'Stopped', tone: 'warn' },
};

/** Accounts with what is said of them; a row opens into why. */
export function SaidTable({
  label,
  rows,
  total,
  more,
}: {
  readonly label: string;
  readonly rows: readonly Said[];
  readonly total: number;
  readonly more: { readonly has: boolean; readonly loading: boolean; readonly load: () => void };
}) {
  const [chosen, setChosen] = useState<Said | null>(null);
  const columns: readonly Column<Said>[] = [
    {
      key: 'party',
      head: 'Account',
      cell: (row) => (
        <>
          <Link className="row-link" to="/accounts/$accountId" params={{ accountId: row.accountId }}>
            {row.party}
          </Link>{' '}
          <span className="muted">{row.number}</span>
        </>
      ),
    },
    {
      key: 'outcome',
      head: 'Outcome',
      width: 96,
      cell: (row) => <Tag tone={outcomes[row.outcome].tone}>{outcomes[row.outcome].label}</Tag>,
    },
    {
      key: 'why',
      head: 'Why',
      cell: (row) => (
        <button type="button" className="said-why" onClick={() => setChosen(row)}>
          {row.outcome === 'act' ? row.sentence : words(row.reasonCode)}
        </button>
      ),
    },
    {
      key: 'version',
      head: 'Follows',
      width: 132,
      from: 1480,
      cell: (row) => <span className="soft">{row.version ?? 'nothing'}</span>,
    },
    {
      key: 'dpd',
      head: 'Past due',
      width: 82,
      right: true,
      from: 1180,
      cell: (row) => <span className="num soft">{row.daysPastDue ?? '–'}</span>,
    },
    {
      key: 'open',
      head: 'Open',
      width: 132,
      right: true,
      cell: (row) => <Amount value={{ amountMinor: row.openMinor, currency: row.currency }} />,
    },
  ];
  return (
    <>
      <DataTable
        label={label}
        rows={rows}
        columns={columns}
        idOf={(row) => row.accountId}
        open={setChosen}
        total={total}
        more={more}
        card={(row) => (
          <button type="button" className="card-button" onClick={() => setChosen(row)}>
            <span className="strong truncate">{row.party}</span>
            <Amount value={{ amountMinor: row.openMinor, currency: row.currency }} />
            <span className="soft">{row.sentence}</span>
            <Tag tone={outcomes[row.outcome].tone}>{outcomes[row.outcome].label}</Tag>
          </button>
        )}
      />
      <Drawer opened={chosen !== null} onClose={() => setChosen(null)} position="right" title="Why" size={430}>
        {chosen !== null && <Why said={chosen} />}
      </Drawer>
    </>
  );
}

function Why({ said }: { readonly said: Said }) {
  const format = useFormat();
  const amount = (amountMinor: string) => <Amount value={{ amountMinor, currency: said.currency }} />;
  return (
    <div className="stack">
      <p>
        <Link className="strong" to="/accounts/$accountId" params={{ accountId: said.accountId }}>
          {said.party}
        </Link>{' '}
        <span className="muted">
          {said.number}, {said.client}
        </span>
      </p>
      <div className="why">
        <div className="why-head">
          <Tag tone={outcomes[said.outcome].tone}>{outcomes[said.outcome].label}</Tag>
          <p className="grow">{said.sentence}</p>
        </div>
        {(said.cure !== null || said.withheld !== null) && (
          <ul className="why-reasons">
            {said.withheld !== null && (
              <li>The notice is left out: {said.withheld.charAt(0).toLowerCase() + said.withheld.slice(1)}</li>
            )}
            {said.cure !== null && (
              <li>
                <span className="cure">{said.cure}</span>
              </li>
            )}
          </ul>
        )}
      </div>
      <dl className="facts">
        <dt>Follows</dt>
        <dd>{said.version ?? 'Nothing: it is kept out'}</dd>
        <dt>Stage</dt>
        <dd>{words(said.stage)}</dd>
        <dt>Days past due</dt>
        <dd className="num">{said.daysPastDue ?? '–'}</dd>
        <dt>Open items</dt>
        <dd className="num">{format.count(said.openItems)}</dd>
        <dt>Open</dt>
        <dd>{amount(said.openMinor)}</dd>
        <dt>Would be claimed</dt>
        <dd>{amount(said.claimedMinor)}</dd>
      </dl>
    </div>
  );
}
