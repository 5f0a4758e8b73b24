import '../accounts/accounts.css';
import './audit.css';
import { Button, TextInput } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { usePages, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { sayProblem } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { EvidenceButton } from './evidence-button.tsx';

type Entry = Output<'listAudit'>['rows'][number];
const route = getRouteApi('/staff/audit');

export function AuditPage() {
  return (
    <Page
      title="Audit"
      sub="Written in the same transaction as the deed, sealed into a chain of hashes"
      actions={<Verify />}
    >
      <Log />
    </Page>
  );
}

function Verify() {
  const format = useFormat();
  const verify = useWrite('verifyAudit', []);
  const { data } = verify;
  return (
    <>
      {data !== undefined && (
        <span className={data.intact ? 'good' : 'bad'} role="status" style={{ alignSelf: 'center' }}>
          {data.intact ? `The chain of ${format.count(data.entries)} entries is whole.` : data.findings.join(' ')}
        </span>
      )}
      <Button
        variant="default"
        loading={verify.isPending}
        leftSection={<Icon name="audit" size={14} />}
        onClick={() => verify.mutate({ body: {} }, { onError: sayProblem })}
      >
        Verify the chain
      </Button>
    </>
  );
}

function Log() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<string | null>(null);
  const list = usePages(
    'listAudit',
    {
      query: {
        action: search.action,
        actor: search.actor,
        accountId: search.accountId,
        from: search.from,
        to: search.to,
        limit: 100,
      },
    },
    { keep: true },
  );
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true, resetScroll: false });
  return (
    <>
      <div className="filters">
        <TextInput
          size="xs"
          label="Who"
          defaultValue={search.actor ?? ''}
          onBlur={(event) => set({ actor: event.currentTarget.value.trim() || undefined })}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        <TextInput
          size="xs"
          label="Action"
          placeholder="receipt.recorded"
          defaultValue={search.action ?? ''}
          onBlur={(event) => set({ action: event.currentTarget.value.trim() || undefined })}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        <DateInput
          size="xs"
          label="From"
          value={search.from ?? ''}
          change={(from) => set({ from: from === '' ? undefined : from })}
          required={false}
        />
        <DateInput
          size="xs"
          label="To"
          value={search.to ?? ''}
          change={(to) => set({ to: to === '' ? undefined : to })}
          required={false}
        />
        <EvidenceButton
          of={{ from: search.from ?? '', to: search.to ?? '' }}
          label={search.from && search.to ? 'Evidence pack of these days' : 'Choose both days for an evidence pack'}
          disabled={!search.from || !search.to}
        />
      </div>
      {list.isPending && <TableSkeleton />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined && rows.length === 0 && (
        <Empty title="Nothing is recorded here">
          Every change made by a person, a key or Dunwell itself will stand in this list.
        </Empty>
      )}
      {rows.length > 0 && (
        <table className="table" aria-label="Audit entries">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col" className="audit-hide">
                Seal
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((entry) => (
              <AuditRow
                key={entry.id}
                entry={entry}
                open={open === entry.id}
                toggle={() => setOpen(open === entry.id ? null : entry.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </>
  );
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function AuditRow({
  entry,
  open,
  toggle,
}: {
  readonly entry: Entry;
  readonly open: boolean;
  readonly toggle: () => void;
}) {
  return (
    <Fragment>
      <tr className="audit-row">
        <td className="soft audit-when">
          <Instant at={entry.recordedAt} />
        </td>
        <td className="audit-who">{entry.actor.name}</td>
        <td>
          <button type="button" className="expand" aria-expanded={open} onClick={toggle}>
            {entry.sentence}
          </button>
          {open && (
            <dl className="facts audit-detail">
              <dt>Action</dt>
              <dd className="mono">{entry.action}</dd>
              {Object.entries(entry.detail).map(([name, value]) => (
                <div key={name} style={{ display: 'contents' }}>
                  <dt>{words(name)}</dt>
                  <dd>{plain(value)}</dd>
                </div>
              ))}
              {entry.accountId !== null && (
                <>
                  <dt>Account</dt>
                  <dd>
                    <Link to="/accounts/$accountId" params={{ accountId: entry.accountId }}>
                      Open
                    </Link>
                  </dd>
                </>
              )}
              {entry.sealed !== null && (
                <>
                  <dt>Hash</dt>
                  <dd className="mono">{entry.sealed.hash}</dd>
                </>
              )}
            </dl>
          )}
        </td>
        <td className="audit-hide" style={{ width: 110, whiteSpace: 'nowrap' }}>
          {entry.sealed === null ? (
            <Tag title="Sealed within seconds">Waiting</Tag>
          ) : (
            <span className="seal" title={entry.sealed.hash}>
              {entry.sealed.seq} {entry.sealed.hash.slice(0, 6)}
            </span>
          )}
        </td>
      </tr>
    </Fragment>
  );
}
