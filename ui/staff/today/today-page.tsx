import './today.css';
import { Button, Popover, SegmentedControl, Select } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { decimal, percent } from '../../kit/format.ts';
import { Go } from '../../kit/go.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Figure, Page, Section } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, Skeleton, SkeletonLines } from '../../kit/states.tsx';
import { useFormat, useTenant } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { AgeingChart } from './ageing-chart.tsx';
import { RunDialog } from './run-dialog.tsx';
import { TrendChart } from './trend-chart.tsx';

type Today = Output<'getToday'>;
const route = getRouteApi('/staff/');

export function TodayPage() {
  const { clientId } = route.useSearch();
  const navigate = route.useNavigate();
  const format = useFormat();
  const may = useMay();
  const today = useRead('getToday', { query: { clientId } }, { keep: true });
  const clients = useRead('listClients', {});
  const [running, setRunning] = useState(false);
  const send = useWrite('sendDue');
  const many = (clients.data?.rows.length ?? 0) > 1;
  const sendDue = () =>
    send.mutate(
      { body: {} },
      {
        onSuccess: ({ counts }) => {
          const told = Object.entries(counts).filter(([, value]) => value > 0);
          say(
            told.length === 0
              ? 'Nothing is due to go out now.'
              : told.map(([name, value]) => `${words(name)}: ${format.count(value)}`).join(', '),
          );
        },
        onError: sayProblem,
      },
    );
  return (
    <Page
      title="Today"
      sub={format.day(format.today, 'long')}
      actions={
        <>
          {many && (
            <Select
              aria-label="Client"
              size="xs"
              w={170}
              placeholder="All clients"
              clearable
              value={clientId ?? null}
              data={clients.data?.rows.map((row) => ({ value: row.id, label: row.name })) ?? []}
              onChange={(value) => void navigate({ search: { clientId: value ?? undefined } })}
            />
          )}
          {may('strategy.run') && (
            <>
              <Button variant="default" loading={send.isPending} onClick={sendDue}>
                Send what is due
              </Button>
              <Button onClick={() => setRunning(true)}>Run strategy</Button>
            </>
          )}
        </>
      }
    >
      {today.isPending && <Loading />}
      {today.error !== null && <Problem error={today.error} retry={() => void today.refetch()} />}
      {today.data !== undefined &&
        (today.data.ageing.length === 0 ? (
          <Nothing mayImport={may('intake.write')} />
        ) : (
          <Body today={today.data} clientId={clientId} />
        ))}
      {running && <RunDialog close={() => setRunning(false)} />}
    </Page>
  );
}

function Nothing({ mayImport }: { readonly mayImport: boolean }) {
  return (
    <Empty
      title="Nothing is owed yet"
      action={
        mayImport ? (
          <Button component={Link} to="/import" size="sm">
            Take in a file
          </Button>
        ) : undefined
      }
    >
      Take in your open invoices as CSV or Excel. Dunwell suggests how the columns map, shows what it understood before
      anything is kept, and says afterwards who can be contacted.
    </Empty>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the figures">
      <div className="figures">
        {[0, 1, 2, 3].map((slot) => (
          <div key={slot} className="figure">
            <Skeleton width={90} height={12} />
            <div style={{ height: 10 }} />
            <Skeleton width={150} height={26} />
          </div>
        ))}
      </div>
      <div className="section">
        <SkeletonLines rows={6} height={18} />
      </div>
    </div>
  );
}

function Body({ today, clientId }: { readonly today: Today; readonly clientId: string | undefined }) {
  const tenant = useTenant();
  const codes = today.ageing.map((row) => row.currency);
  const [chosen, setChosen] = useState(codes.includes(tenant.currency) ? tenant.currency : codes[0]);
  const ageing = today.ageing.find((row) => row.currency === chosen) ?? today.ageing[0];
  if (ageing === undefined) return null;
  const trend = today.trend.filter((point) => point.currency === ageing.currency);
  return (
    <>
      {codes.length > 1 && (
        <div style={{ marginBottom: 14 }}>
          <SegmentedControl size="xs" aria-label="Currency" data={codes} value={ageing.currency} onChange={setChosen} />
        </div>
      )}
      <Headlines today={today} ageing={ageing} />
      <div className="today-grid">
        <div>
          <Section title="Ageing" aside={`${words('not_due')} to over 90 days, by due date`}>
            <AgeingChart ageing={ageing} clientId={clientId} />
          </Section>
          <Section title="Overdue and received" aside="Last 30 days, from the ledger">
            <TrendChart points={trend} currency={ageing.currency} />
          </Section>
        </div>
        <div>
          <Exceptions today={today} />
          <Contacts today={today} />
          <Work today={today} />
        </div>
      </div>
    </>
  );
}

function Headlines({ today, ageing }: { readonly today: Today; readonly ageing: Today['ageing'][number] }) {
  const format = useFormat();
  const { currency } = ageing;
  const dso = today.dso.find((row) => row.currency === currency);
  const of = (list: readonly { amountMinor: string; currency: string }[]) =>
    list.find((row) => row.currency === currency) ?? { amountMinor: '0', currency };
  const overdueShare =
    BigInt(ageing.totalMinor) > 0n
      ? Number((BigInt(ageing.overdueMinor) * 1000n) / BigInt(ageing.totalMinor)) / 1000
      : 0;
  const judged = today.promises.keptLast30 + today.promises.partKeptLast30 + today.promises.brokenLast30;
  return (
    <dl className="figures">
      <Figure
        label="Overdue"
        value={<Amount value={{ amountMinor: ageing.overdueMinor, currency }} shape="whole" />}
        foot={`${format.count(ageing.overdueAccounts)} ${ageing.overdueAccounts === 1 ? 'account' : 'accounts'}, ${percent(format.locale, overdueShare)} of what is owed`}
      />
      <Figure
        label="Owed in all"
        value={<Amount value={{ amountMinor: ageing.totalMinor, currency }} shape="whole" />}
        foot={`${format.count(ageing.openItems)} open items${BigInt(ageing.creditMinor) === 0n ? '' : `, ${format.figure(ageing.creditMinor, currency, 'whole')} in credits`}`}
      />
      <Figure
        label={<>DSO {dso !== undefined && <DsoFormula dso={dso} />}</>}
        value={
          dso?.days == null ? (
            <span className="muted">–</span>
          ) : (
            <>
              {decimal(format.locale, dso.days, 1)} <span className="amount-currency">days</span>
            </>
          )
        }
        foot={dso?.days == null ? 'No sales in the period' : `over ${format.count(dso.periodDays)} days`}
      />
      <Figure
        label="Received, 30 days"
        value={<Amount value={of(today.received30Days)} shape="whole" />}
        foot={<>today {format.figure(of(today.receivedToday).amountMinor, currency, 'whole')}</>}
      />
      <Figure
        label="Promised"
        value={<Amount value={of(today.promises.openMinor)} shape="whole" />}
        foot={`${format.count(today.promises.open)} open${today.promises.dueToday > 0 ? `, ${format.count(today.promises.dueToday)} due today` : ''}${judged > 0 ? `; ${percent(format.locale, today.promises.keptLast30 / judged)} kept` : ''}`}
      />
    </dl>
  );
}

function DsoFormula({ dso }: { readonly dso: Today['dso'][number] }) {
  const format = useFormat();
  return (
    <Popover width={330} position="bottom-start" shadow="md">
      <Popover.Target>
        <button type="button" className="info-button" aria-label="How days sales outstanding is calculated">
          <Icon name="info" size={14} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className="strong">{dso.formula}</p>
        <p className="soft" style={{ margin: '4px 0 10px' }}>
          {dso.population}
        </p>
        <dl className="facts">
          <dt>Receivables</dt>
          <dd className="right">
            <Amount value={{ amountMinor: dso.receivablesMinor, currency: dso.currency }} />
          </dd>
          <dt>Credit sales</dt>
          <dd className="right">
            <Amount value={{ amountMinor: dso.creditSalesMinor, currency: dso.currency }} />
          </dd>
          <dt>Period</dt>
          <dd className="right num">
            {format.day(dso.from)} – {format.day(dso.to)}
          </dd>
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}

// The figure stands before the sentence already.
const withoutCount = (sentence: string, count: number) =>
  sentence.startsWith(`${count} `) ? sentence.slice(`${count} `.length) : sentence;

function Exceptions({ today }: { readonly today: Today }) {
  const format = useFormat();
  return (
    <Section title="Needs a decision">
      {today.exceptions.length === 0 ? (
        <p className="muted" style={{ padding: '14px 0' }}>
          Nothing waits for you.
        </p>
      ) : (
        <div className="todo">
          {today.exceptions.map((exception) => (
            <Go key={exception.kind + exception.href} href={exception.href}>
              <b>{format.count(exception.count)}</b>
              <span>{withoutCount(exception.sentence, exception.count)}</span>
              <Icon name="chevron" size={14} />
            </Go>
          ))}
        </div>
      )}
    </Section>
  );
}

function Tally({
  rows,
}: {
  readonly rows: readonly { readonly label: string; readonly value: number; readonly to?: string }[];
}) {
  const format = useFormat();
  return (
    <dl className="tally">
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.to === undefined ? row.label : <Go href={row.to}>{row.label}</Go>}</dt>
          <dd className={row.value === 0 ? 'zero' : ''}>{format.count(row.value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Contacts({ today }: { readonly today: Today }) {
  const { contacts, lastRun } = today;
  return (
    <Section
      title="Contacts"
      aside={
        lastRun === null ? (
          'The strategy has not run yet'
        ) : (
          <>
            Last run <Day date={lastRun.asOf} />
            {lastRun.finishedAt === null ? (
              `, ${words(lastRun.state).toLowerCase()}`
            ) : (
              <>
                , <Instant at={lastRun.finishedAt} form="time" />
              </>
            )}
          </>
        )
      }
    >
      <Tally
        rows={[
          { label: 'Planned', value: contacts.planned, to: '/outbox?view=planned' },
          { label: 'Sent today', value: contacts.sentToday, to: '/outbox?state=sent' },
          { label: 'Put off by a rule', value: contacts.deferred },
          { label: 'Refused by a rule', value: contacts.denied, to: '/outbox?state=denied' },
          { label: 'Void: something changed', value: contacts.voided, to: '/outbox?view=planned&state=void' },
          { label: 'Uncertain', value: contacts.uncertain, to: '/outbox?state=uncertain' },
        ]}
      />
    </Section>
  );
}

function Work({ today }: { readonly today: Today }) {
  const { tasks, promises } = today;
  return (
    <Section title="Work">
      <Tally
        rows={[
          { label: 'Open tasks', value: tasks.open, to: '/worklist' },
          { label: 'Due today', value: tasks.dueToday, to: '/worklist' },
          { label: 'Escalated to a manager', value: tasks.escalations, to: '/worklist?queue=manager' },
          { label: 'Done today', value: tasks.doneToday },
          { label: 'Promises broken, 30 days', value: promises.brokenLast30, to: '/accounts?promise=broken' },
        ]}
      />
    </Section>
  );
}
