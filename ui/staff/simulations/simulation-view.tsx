import { Button } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { DayChart } from './day-chart.tsx';
import { DifferentAccounts } from './different-accounts.tsx';

type Whole = Output<'getSimulation'>;
type Report = NonNullable<Whole['report']>;
type Side = Report['sides'][number];

/** One simulation: how far it is, then its report. */
export function SimulationView({ id }: { readonly id: string }) {
  const read = useRead('getSimulation', { params: { simulationId: id } }, { refetchInterval: 2000 });
  const cancel = useWrite('cancelSimulation', ['getSimulation', 'listSimulations']);
  if (read.error !== null) return <Problem error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonLines rows={8} height={22} />;
  const { report, state, fault } = read.data;
  if (report !== null) return <ReportView whole={read.data} report={report} />;
  return (
    <Section title={read.data.title}>
      {state === 'failed' && <p role="alert">{fault}</p>}
      {state === 'cancelled' && <p className="soft">It was cancelled before it was done.</p>}
      {(state === 'waiting' || state === 'running') && (
        <>
          <Progress whole={read.data} />
          <Button
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ params: { simulationId: id } })}
          >
            Cancel
          </Button>
        </>
      )}
    </Section>
  );
}

function Progress({ whole: { state, accountsDone, accountsOf } }: { readonly whole: Whole }) {
  const format = useFormat();
  const text =
    state === 'waiting' || accountsOf === null
      ? 'It begins in a moment.'
      : `${format.count(accountsDone)} of ${format.count(accountsOf)} accounts`;
  return (
    <p>
      <progress value={accountsDone} max={accountsOf ?? 1} aria-label="Progress" /> <span className="num">{text}</span>
    </p>
  );
}

const shades = ['var(--age-4)', 'var(--age-1)', 'var(--ink-3)'];

function ReportView({ whole, report }: { readonly whole: Whole; readonly report: Report }) {
  const format = useFormat();
  // The one being tried first, what it is compared with beside it.
  const sides = report.sides.map((side, at) => ({ ...side, shade: shades[at] ?? 'var(--ink-3)' }));
  const charts = [
    { title: 'Contacts a day', unit: 'contacts', value: (day: Side['days'][number]) => day.emails + day.calls },
    { title: 'Call tasks a day', unit: 'call tasks', value: (day: Side['days'][number]) => day.callTasks },
    { title: `Cost a day, ${report.currency}`, unit: report.currency, value: (day: Side['days'][number]) => day.cost },
  ];
  const calls = report.assumptions['callsPerDay'];
  return (
    <div className="stack simulation-report">
      <Section
        title={whole.title}
        aside={
          <Button
            className="no-print"
            variant="default"
            size="xs"
            leftSection={<Icon name="file" size={13} />}
            onClick={() => window.print()}
          >
            Print
          </Button>
        }
      >
        <p className="soft">
          {report.replay ? 'Replayed' : 'Simulated'} {format.day(report.from)} to {format.day(report.through)} on{' '}
          <span className="num">{format.count(report.accounts)}</span> accounts that owe; seed “{report.seed}”.
        </p>
        <Totals sides={sides} currency={report.currency} />
      </Section>
      {charts.map((chart) => (
        <Section key={chart.title} title={chart.title}>
          <DayChart
            unit={chart.unit}
            lines={sides.map((side) => ({
              label: side.label,
              shade: side.shade,
              points: side.days.map((day) => ({ on: day.on, value: chart.value(day) })),
            }))}
            limit={
              chart.unit === 'call tasks' && typeof calls === 'number' ? { value: calls, label: 'Calls a day' } : null
            }
          />
        </Section>
      ))}
      <Section title="What the rules would do">
        {sides.map((side) => (
          <Rules key={side.key} side={side} />
        ))}
      </Section>
      <Section title="Who is treated differently than today">
        {sides
          .filter((side) => side.different !== null)
          .map((side) => (
            <DifferentAccounts key={side.key} id={whole.id} side={side} />
          ))}
        {sides.every((side) => side.different === null) && (
          <p className="soft">Nobody: this is today’s treatment. Start another simulation with a strategy to try.</p>
        )}
      </Section>
      <Section title="What is exact, what is estimated">
        <ul className="simulation-statements">
          {report.statements.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

type Shaded = Side & { readonly shade: string };

const figures: readonly (readonly [keyof Side['totals'], string])[] = [
  ['noticesPlanned', 'Notices planned'],
  ['emails', 'E-mails that go'],
  ['callTasks', 'Call tasks'],
  ['calls', 'Calls the rules allow'],
  ['escalations', 'Escalations'],
  ['refused', 'Refused by a rule'],
  ['putOff', 'Put off to another day'],
];

function Totals({ sides, currency }: { readonly sides: readonly Shaded[]; readonly currency: string }) {
  const format = useFormat();
  const cash = (side: Side) =>
    side.cash.length === 0
      ? 'not estimated'
      : side.cash
          .map(
            ({ currency: code, lowMinor, highMinor }) =>
              `${format.figure(lowMinor, code, 'whole')} to ${format.figure(highMinor, code, 'whole')} ${code}`,
          )
          .join('; ');
  return (
    <ScrollRegion label="Totals">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">In all</th>
            {sides.map((side) => (
              <th key={side.key} scope="col" className="right">
                <i className="swatch" style={{ background: side.shade }} aria-hidden="true" />
                {side.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map(([name, label]) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              {sides.map((side) => (
                <td key={side.key} className="num right">
                  {format.count(side.totals[name])}
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">Cost, {currency}</th>
            {sides.map((side) => (
              <td key={side.key} className="num right">
                {side.totals.cost.toLocaleString(format.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Cash, bounds of an estimate</th>
            {sides.map((side) => (
              <td key={side.key} className="num right">
                {cash(side)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Rules({ side }: { readonly side: Shaded }) {
  const format = useFormat();
  if (side.rules.length === 0) return <p className="soft">{side.label}: no rule is against any contact.</p>;
  return (
    <ScrollRegion label={`What the rules would do: ${side.label}`}>
      <table className="plain-table">
        <caption>{side.label}</caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col" className="right">
              Refused
            </th>
            <th scope="col" className="right">
              Another day
            </th>
            <th scope="col" className="right">
              Later that day
            </th>
          </tr>
        </thead>
        <tbody>
          {side.rules.map((rule) => (
            <tr key={rule.ruleId}>
              <th scope="row">
                {rule.ruleId}
                <span className="soft block">
                  {rule.citation}.{rule.sentence !== '' && ` For example: ${rule.sentence}`}
                </span>
              </th>
              <td className="num right">{format.count(rule.refused)}</td>
              <td className="num right">{format.count(rule.putOff)}</td>
              <td className="num right">{format.count(rule.laterThatDay)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
