import '../accounts/accounts.css';
import './import.css';
import { Button, SegmentedControl, Select } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { type Column, DataTable, TableSkeleton } from '../../kit/data-table.tsx';
import { fileSize } from '../../kit/format.ts';
import type { Output } from '../../kit/operations.ts';
import { Page, Section } from '../../kit/page.tsx';
import { usePages, useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, Tag, type Tone } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { Readiness } from './readiness.tsx';

export type Job = Output<'getImport'>;
const route = getRouteApi('/staff/import');

export const jobTones: Readonly<Record<Job['state'], Tone>> = {
  uploaded: 'info',
  staging: 'info',
  applying: 'info',
  needs_confirmation: 'warn',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
};
export const targetWords: Readonly<Record<Job['target'], string>> = {
  items: 'Open items',
  contacts: 'Contacts',
  receipts: 'Receipts',
};

export function ImportsPage() {
  const may = useMay();
  return (
    <Page title="Import" sub="Open items, contacts and receipts from CSV or Excel">
      {may('intake.write') && <Upload />}
      <History />
      <Readiness />
    </Page>
  );
}

function Upload() {
  const navigate = route.useNavigate();
  const format = useFormat();
  const clients = useRead('listClients', {});
  const upload = useWrite('uploadImport', ['listImports']);
  const [over, setOver] = useState(false);
  const [target, setTarget] = useState<Job['target']>('items');
  const [chosen, setChosen] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const clientId = chosen ?? clients.data?.rows[0]?.id ?? null;
  const take = (picked: File | undefined) => {
    if (picked === undefined || clientId === null) return;
    setFile(picked);
    const form = new FormData();
    // The fields come before the file: the server starts to keep the file as its bytes arrive.
    form.set('clientId', clientId);
    form.set('target', target);
    form.set('file', picked);
    upload.mutate(
      { form },
      { onSuccess: (job) => void navigate({ to: '/import/$importId', params: { importId: job.id } }) },
    );
  };
  return (
    <div
      className="drop"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      <div>
        <h2>{upload.isPending && file !== null ? `Uploading ${file.name}` : 'Drop a file here'}</h2>
        <p className="soft">
          {upload.isPending && file !== null
            ? `${fileSize(format.locale, file.size)}. It is only kept, nothing is taken in yet.`
            : 'CSV up to 1 GB or Excel up to 50 MB. Nothing is taken in before you have seen how it is understood.'}
        </p>
        <div className="tools">
          <SegmentedControl
            size="xs"
            aria-label="What the file holds"
            value={target}
            onChange={(value) => setTarget(value as Job['target'])}
            data={Object.entries(targetWords).map(([value, label]) => ({ value, label }))}
          />
          {(clients.data?.rows.length ?? 0) > 1 && (
            <Select
              size="xs"
              w={200}
              aria-label="Client"
              value={clientId}
              onChange={setChosen}
              data={clients.data?.rows.map((row) => ({ value: row.id, label: row.name })) ?? []}
            />
          )}
        </div>
        {upload.error !== null && (
          <div style={{ marginTop: 14 }}>
            <Problem error={upload.error} />
          </div>
        )}
        {clients.data?.rows.length === 0 && (
          <p className="warn">There is no client yet. Add one under Settings first.</p>
        )}
      </div>
      <span className="file-pick">
        <Button size="sm" component="span" loading={upload.isPending} disabled={clientId === null}>
          Choose a file
        </Button>
        <input
          type="file"
          aria-label="Choose a file"
          accept=".csv,.tsv,.txt,.xlsx,text/csv"
          disabled={upload.isPending || clientId === null}
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            // The same file, mended, can then be chosen again.
            event.currentTarget.value = '';
          }}
        />
      </span>
    </div>
  );
}

const columns: readonly Column<Job>[] = [
  {
    key: 'file',
    head: 'File',
    cell: (job) => (
      <Link className="row-link" to="/import/$importId" params={{ importId: job.id }}>
        {job.fileName}
      </Link>
    ),
  },
  { key: 'target', head: 'Holds', width: 110, cell: (job) => <span className="soft">{targetWords[job.target]}</span> },
  {
    key: 'client',
    head: 'Client',
    width: 170,
    from: 1200,
    cell: (job) => <span className="soft">{job.client.name}</span>,
  },
  {
    key: 'read',
    head: 'Rows',
    width: 90,
    right: true,
    cell: (job) => <Count value={job.counts.read ?? job.counts.rows} />,
  },
  {
    key: 'rejects',
    head: 'Rejected',
    width: 90,
    right: true,
    cell: (job) =>
      job.openRejects === 0 ? (
        <span className="muted">–</span>
      ) : (
        <span className="warn">
          <Count value={job.openRejects} />
        </span>
      ),
  },
  { key: 'state', head: 'State', width: 160, cell: (job) => <Tag tone={jobTones[job.state]}>{words(job.state)}</Tag> },
  {
    key: 'at',
    head: 'When',
    width: 184,
    from: 1000,
    cell: (job) => (
      <span className="soft">
        <Instant at={job.createdAt} />
      </span>
    ),
  },
];

function Count({ value }: { readonly value: number | undefined }) {
  const format = useFormat();
  return <span className="num">{value === undefined ? '–' : format.count(value)}</span>;
}

function History() {
  const navigate = route.useNavigate();
  const list = usePages('listImports', { query: { limit: 50 } });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Section title="Taken in so far">
      {list.isPending && <TableSkeleton rows={4} />}
      {list.error !== null && (
        <div style={{ paddingTop: 14 }}>
          <Problem error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.data !== undefined && rows.length === 0 && (
        <Empty title="No file yet">Begin with the open items. A contacts file and the receipts can follow.</Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Imports"
          rows={rows}
          columns={columns}
          idOf={(job) => job.id}
          open={(job) => void navigate({ to: '/import/$importId', params: { importId: job.id } })}
          card={(job) => (
            <Link to="/import/$importId" params={{ importId: job.id }}>
              <span className="acct-card">
                <span className="party truncate">{job.fileName}</span>
                <Tag tone={jobTones[job.state]}>{words(job.state)}</Tag>
                <span className="muted">{targetWords[job.target]}</span>
                <span className="muted">
                  <Instant at={job.createdAt} form="day" />
                </span>
              </span>
            </Link>
          )}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
    </Section>
  );
}
