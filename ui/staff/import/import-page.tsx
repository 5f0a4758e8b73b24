import '../accounts/accounts.css';
import './import.css';
import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Instant } from '../../kit/amount.tsx';
import { fileSize } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { Figure, Page, Section } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { countsOf } from './import-counts.ts';
import { type Job, jobTones, targetWords } from './imports-page.tsx';
import { MappingStep } from './mapping-step.tsx';
import { Readiness } from './readiness.tsx';
import { Rejects } from './rejects.tsx';

const route = getRouteApi('/staff/import/$importId');
const moving = new Set<Job['state']>(['staging', 'applying']);

export function ImportPage() {
  const { importId } = route.useParams();
  const format = useFormat();
  const first = useRead('getImport', { params: { importId } });
  const running = first.data !== undefined && moving.has(first.data.state);
  const job = useRead('getImport', { params: { importId } }, { refetchInterval: running ? 700 : false });
  if (job.error !== null)
    return (
      <Page title="Import">
        <Problem error={job.error} retry={() => void job.refetch()} />
      </Page>
    );
  if (job.data === undefined)
    return (
      <Page title="Import">
        <SkeletonLines rows={6} height={18} />
      </Page>
    );
  const { data } = job;
  return (
    <Page
      title={data.fileName}
      sub={
        <span className="row wrap" style={{ gap: '4px 10px' }}>
          <Tag tone={jobTones[data.state]}>{words(data.state)}</Tag>
          <span>
            {targetWords[data.target]} of {data.client.name}
          </span>
          <span className="num">{fileSize(format.locale, data.fileSize)}</span>
          <span>
            {data.createdBy}, <Instant at={data.createdAt} />
          </span>
        </span>
      }
      actions={
        <Button variant="default" component={Link} to="/import">
          All imports
        </Button>
      }
    >
      <Steps state={data.state} />
      {data.state === 'uploaded' && <MappingStep job={data} />}
      {moving.has(data.state) && <Progress job={data} />}
      {data.state === 'needs_confirmation' && <Confirm job={data} />}
      {data.state === 'failed' && <Failed job={data} />}
      {data.state === 'cancelled' && (
        <div className="notice">
          <p>It was cancelled. Nothing of this file was taken in.</p>
        </div>
      )}
      {data.state === 'done' && <Result job={data} />}
    </Page>
  );
}

function Steps({ state }: { readonly state: Job['state'] }) {
  const at = state === 'uploaded' ? 1 : state === 'done' || state === 'failed' || state === 'cancelled' ? 3 : 2;
  return (
    <ol className="steps" aria-label="Steps">
      {['Upload', 'Check', 'Take in', 'Result'].map((step, index) => (
        <li key={step} data-done={index < at} {...(index === at ? { 'aria-current': 'step' as const } : {})}>
          <span className="dot">{index < at ? <Icon name="check" size={12} /> : index + 1}</span>
          {step}
        </li>
      ))}
    </ol>
  );
}

function Progress({ job }: { readonly job: Job }) {
  const format = useFormat();
  const { progress } = job;
  const share = progress === null || progress.of === 0 ? 0 : Math.min(1, progress.done / progress.of);
  const of = (value: number) =>
    progress?.unit === 'bytes' ? fileSize(format.locale, value) : `${format.count(Math.round(value))} rows`;
  return (
    <div style={{ maxWidth: 560 }}>
      <h2 style={{ fontSize: 16, fontWeight: 600 }}>
        {job.state === 'staging' ? 'Reading and checking every row' : 'Posting to accounts and ledger'}
      </h2>
      <div
        className="bar"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <p className="soft num">{progress === null ? 'Starting…' : `${of(progress.done)} of ${of(progress.of)}`}</p>
      <p className="muted" style={{ marginTop: 12 }}>
        You may leave this page; it goes on by itself, and begins again where it must after a restart.
      </p>
    </div>
  );
}

function Confirm({ job }: { readonly job: Job }) {
  const confirm = useWrite('confirmImport');
  return (
    <div className="stack" style={{ maxWidth: 640 }}>
      <div className="notice" data-tone="warn">
        <Icon name="warn" />
        <div>
          <p className="strong">This would close many items</p>
          <p>{job.confirmation}</p>
        </div>
      </div>
      {confirm.error !== null && <Problem error={confirm.error} />}
      <div className="row">
        <Button
          size="sm"
          color="red"
          loading={confirm.isPending}
          onClick={() => confirm.mutate({ params: { importId: job.id }, body: { proceed: true } })}
        >
          Yes, close them
        </Button>
        <Button
          size="sm"
          variant="default"
          loading={confirm.isPending}
          onClick={() => confirm.mutate({ params: { importId: job.id }, body: { proceed: false } })}
        >
          Cancel; take in nothing
        </Button>
      </div>
    </div>
  );
}

function Failed({ job }: { readonly job: Job }) {
  return (
    <div className="stack" style={{ maxWidth: 640 }}>
      <div className="problem" role="alert">
        <Icon name="warn" />
        <div>
          <p className="strong">The file could not be taken in</p>
          <p>
            {job.failure ?? 'It stopped before its end. Upload it again; rows already taken in are not taken in twice.'}
          </p>
        </div>
      </div>
      <div className="row">
        <Button size="sm" variant="default" component={Link} to="/import">
          Upload another file
        </Button>
      </div>
    </div>
  );
}

function Result({ job }: { readonly job: Job }) {
  const format = useFormat();
  const counts = countsOf(job);
  return (
    <>
      {job.options.until !== null && (
        <p className="soft" style={{ marginBottom: 12 }}>
          Only what was known by {format.day(job.options.until)}.
        </p>
      )}
      <dl className="figures">
        {counts.map(({ name, value, foot }) => (
          <Figure key={name} label={name} value={format.count(value)} foot={foot} />
        ))}
      </dl>
      {job.openRejects > 0 && <Rejects job={job} />}
      <Readiness clientId={job.client.id} />
      <Section title="What next">
        <div className="row wrap" style={{ paddingTop: 14 }}>
          <Button component={Link} to="/accounts">
            See the accounts
          </Button>
          <Button variant="default" component={Link} to="/import">
            Take in another file
          </Button>
          <Button variant="default" component={Link} to="/">
            Go to Today and run the strategy
          </Button>
        </div>
      </Section>
    </>
  );
}
