import { Button, Modal, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Figure, Section } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import type { Output } from '../../kit/operations.ts';
import { type Experiment, hundredthsOf, type Measure, percentText } from './experiment-draft.ts';
import type { Choices } from './experiment-form.tsx';
import { IntervalChart } from './interval-chart.tsx';

type Results = Output<'getExperiment'>['results'];
type Point = Results['arms'][number]['measures'][Measure]['points'][number];

const states: Readonly<Record<Experiment['state'], { readonly word: string; readonly tone: Tone }>> = {
  draft: { word: 'Draft', tone: 'plain' },
  running: { word: 'Running', tone: 'good' },
  stopped: { word: 'Stopped', tone: 'warn' },
  decided: { word: 'Decided', tone: 'accent' },
};

export function StateTag({ state }: { readonly state: Experiment['state'] }) {
  return <Tag tone={states[state].tone}>{states[state].word}</Tag>;
}

const measures: readonly { readonly value: Measure; readonly label: string; readonly help: string }[] = [
  {
    value: 'recovery',
    label: 'Recovery',
    help: 'Of what each person owed on entry, how much came in within the days watched.',
  },
  { value: 'cash', label: 'Cash', help: 'Money that came in from a person within the days watched.' },
  {
    value: 'cost',
    label: 'Cost',
    help: 'What the contacts with a person cost within the days watched, at the prices of the terms.',
  },
  { value: 'complaints', label: 'Complaints', help: 'People who opted out, asked us to stop, or disputed a debt.' },
];

/** What a running, stopped or decided experiment has shown, and what may be done with it. */
export function ExperimentView({
  experimentId,
  choices,
}: {
  readonly experimentId: string;
  readonly choices: Choices;
}) {
  const found = useRead('getExperiment', { params: { experimentId } });
  if (found.error !== null) return <Problem error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <SkeletonLines rows={9} height={18} />;
  const { experiment, results, history } = found.data;
  return (
    <div className="experiment">
      <Head experiment={experiment} results={results} />
      <Shown results={results} />
      <div className="experiment-foot">
        <Terms experiment={experiment} results={results} choices={choices} />
        <History history={history} />
      </div>
    </div>
  );
}

function Head({ experiment, results }: { readonly experiment: Experiment; readonly results: Results }) {
  const format = useFormat();
  const [asked, setAsked] = useState<'widen' | 'stop' | 'decide' | null>(null);
  const { state, startedOn, endsOn, share, stopReason, stoppedOn, decidedArm } = experiment;
  const entered = results.arms.reduce((sum, arm) => sum + arm.entered, 0);
  const counted = results.arms.reduce((sum, arm) => sum + arm.measures.recovery.counted, 0);
  return (
    <>
      <div className="row wrap experiment-head">
        <h2>{experiment.name}</h2>
        <StateTag state={state} />
        <div className="row wrap experiment-actions">
          {state === 'running' && share < 10_000 && (
            <Button size="sm" variant="default" onClick={() => setAsked('widen')}>
              Let more in
            </Button>
          )}
          {state === 'running' && (
            <Button size="sm" variant="default" onClick={() => setAsked('stop')}>
              Stop
            </Button>
          )}
          {state !== 'decided' && (
            <Button size="sm" onClick={() => setAsked('decide')}>
              Decide
            </Button>
          )}
        </div>
      </div>
      {experiment.hypothesis !== '' && <p className="soft experiment-hypothesis">{experiment.hypothesis}</p>}
      {state === 'stopped' && stopReason !== null && (
        <p className="experiment-notice">
          {stopReason} Since {stoppedOn === null ? 'then' : format.day(stoppedOn)} everybody on its line follows the
          champion. Decide which arm is to stay.
        </p>
      )}
      {state === 'decided' && decidedArm !== null && (
        <p className="experiment-notice" data-tone="good">
          Decided for “{experiment.arms[decidedArm]?.name}”. {stopReason}
        </p>
      )}
      <dl className="figures">
        <Figure
          label="In the experiment"
          value={format.count(entered)}
          foot={`${percentText(share)} % of the population`}
        />
        <Figure label="Counted" value={format.count(counted)} foot={`their ${experiment.recoveryDays} days are over`} />
        <Figure
          label="Began"
          value={startedOn === null ? '–' : format.day(startedOn, 'tiny')}
          foot={startedOn === null ? undefined : format.relative(startedOn)}
        />
        <Figure
          label="Last day"
          value={endsOn === null ? 'none' : format.day(endsOn, 'tiny')}
          foot={endsOn === null ? 'until it is stopped' : format.relative(endsOn)}
        />
      </dl>
      <Section title="What can be said now">
        <ul className="experiment-said" aria-label="Conclusions">
          {results.conclusions.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <p className="soft">
          These intervals hold however often you look: that of an arm, and all differences of one measure together, are
          right throughout in {Math.round((1 - results.error) * 100)} of 100 experiments. Money is counted for a person
          once all its days are over, on every account, whatever became of its treatment since.
        </p>
      </Section>
      {asked !== null && <Ask what={asked} experiment={experiment} close={() => setAsked(null)} />}
    </>
  );
}

function Shown({ results }: { readonly results: Results }) {
  const format = useFormat();
  const [measure, setMeasure] = useState<Measure>('recovery');
  const rate = measure === 'recovery' || measure === 'complaints';
  const written = (value: number) =>
    rate
      ? `${(value * 100).toLocaleString(format.locale, { maximumFractionDigits: 2 })} %`
      : format.figure(String(Math.round(value)), results.currency);
  // A difference of two percentages is told in points, else it would read as a change of so many per cent.
  const against = (value: number) =>
    `${value > 0 ? '+' : ''}${
      rate ? (value * 100).toLocaleString(format.locale, { maximumFractionDigits: 2 }) : written(value)
    }`;
  const shown = measures.find((one) => one.value === measure);
  const series = results.arms.map((arm, place) => ({ name: arm.name, place, points: arm.measures[measure].points }));
  const differences = results.arms.flatMap((arm, place) =>
    arm.differences === null ? [] : [{ name: arm.name, place, points: arm.differences[measure] }],
  );
  return (
    <Section title="What it has shown">
      <div className="row wrap experiment-measures">
        <SegmentedControl
          aria-label="Measure"
          size="xs"
          data={measures.map(({ value, label }) => ({ value, label }))}
          value={measure}
          onChange={(value) => setMeasure(value as Measure)}
        />
        <span className="soft">{shown?.help}</span>
      </div>
      <ScrollRegion label={`${shown?.label} by arm`}>
        <table className="table experiment-table">
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col" className="num">
                In
              </th>
              <th scope="col" className="num">
                Counted
              </th>
              <th scope="col" className="num">
                {rate ? shown?.label : `${shown?.label} a person, ${results.currency}`}
              </th>
              <th scope="col" className="num">
                Surely between
              </th>
              <th scope="col" className="num">
                {rate ? 'Against the champion, points' : 'Against the champion'}
              </th>
              <th scope="col" className="num">
                Surely between
              </th>
            </tr>
          </thead>
          <tbody>
            {results.arms.map((arm) => {
              const figure = arm.measures[measure];
              const point = figure.points.at(-1);
              const difference = arm.differences?.[measure].at(-1);
              return (
                <tr key={arm.name}>
                  <th scope="row">{arm.name}</th>
                  <td className="num">{format.count(arm.entered)}</td>
                  <td className="num">{format.count(figure.counted)}</td>
                  <td className="num">{point === undefined ? '–' : written(point.value)}</td>
                  <td className="num">{betweenOf(point, written)}</td>
                  <td className="num">{difference === undefined ? '–' : against(difference.value)}</td>
                  <td className="num">{betweenOf(difference, against)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
      <div className="experiment-charts">
        <div>
          <h3>Each arm</h3>
          <IntervalChart
            label={`${shown?.label} of each arm over time, with intervals; the figures by day are in the table below`}
            series={series}
            written={written}
          />
        </div>
        <div>
          <h3>Difference to the champion</h3>
          <IntervalChart
            label={`Difference in ${shown?.label.toLowerCase()} to the champion over time, with intervals; the figures by day are in the table below`}
            series={differences}
            written={against}
            zero
          />
        </div>
      </div>
      {series.some((one) => one.points.length > 0) && (
        <details className="experiment-days">
          <summary>The figures by day</summary>
          <ScrollRegion label={`${shown?.label} by day`}>
            <table className="table experiment-table">
              <thead>
                <tr>
                  <th scope="col">Until</th>
                  <th scope="col">Arm</th>
                  <th scope="col" className="num">
                    {shown?.label}
                  </th>
                  <th scope="col" className="num">
                    Surely between
                  </th>
                  <th scope="col" className="num">
                    {rate ? 'Against the champion, points' : 'Against the champion'}
                  </th>
                  <th scope="col" className="num">
                    Surely between
                  </th>
                </tr>
              </thead>
              <tbody>
                {byDay(results, measure).map(({ name, point, difference }) => (
                  <tr key={`${point.on} ${name}`}>
                    <td>{format.day(point.on)}</td>
                    <td>{name}</td>
                    <td className="num">{written(point.value)}</td>
                    <td className="num">{betweenOf(point, written)}</td>
                    <td className="num">{difference === undefined ? '–' : against(difference.value)}</td>
                    <td className="num">{betweenOf(difference, against)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </details>
      )}
    </Section>
  );
}

const byDay = (results: Results, measure: Measure) =>
  results.arms
    .flatMap(({ name, measures: of, differences }) =>
      of[measure].points.map((point) => ({
        name,
        point,
        difference: differences?.[measure].find((one) => one.on === point.on),
      })),
    )
    .toSorted((a, b) => (a.point.on < b.point.on ? 1 : a.point.on > b.point.on ? -1 : 0));

function betweenOf(point: Point | undefined, written: (value: number) => string): string {
  if (point === undefined) return '–';
  return point.low === null || point.high === null
    ? 'too few people'
    : `${written(point.low)} … ${written(point.high)}`;
}

function Terms({
  experiment,
  results,
  choices,
}: {
  readonly experiment: Experiment;
  readonly results: Results;
  readonly choices: Choices;
}) {
  const format = useFormat();
  const named = (id: string | null) => choices.strategies.find((one) => one.id === id)?.name ?? 'nothing: a hold-out';
  const worst = (measure: 'complaints' | 'recovery') =>
    results.arms.flatMap(({ name, differences }) => {
      const point = differences?.[measure].at(-1);
      return point === undefined ? [] : [{ name, point }];
    });
  const points = (value: number) => (value * 100).toLocaleString(format.locale, { maximumFractionDigits: 2 });
  return (
    <Section title="Terms and guards">
      <dl className="experiment-terms">
        {experiment.arms.map((arm, at) => (
          <div key={arm.name}>
            <dt>
              {arm.name}
              {at === 0 && ' (champion)'}
            </dt>
            <dd>
              {percentText(arm.weight)} %, follows {named(arm.strategyId)}
            </dd>
          </div>
        ))}
        <div>
          <dt>Stops itself for complaints</dt>
          <dd>
            {experiment.complaintsAbove === null
              ? 'never'
              : `when surely ${percentText(experiment.complaintsAbove)} points above the champion`}
            {worst('complaints').map(({ name, point }) => (
              <span key={name} className="soft">
                {name}: now {betweenOf(point, points)}
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>Stops itself for recovery</dt>
          <dd>
            {experiment.recoveryBelow === null
              ? 'never'
              : `when surely ${percentText(experiment.recoveryBelow)} points below the champion`}
            {worst('recovery').map(({ name, point }) => (
              <span key={name} className="soft">
                {name}: now {betweenOf(point, points)}
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>Each person is watched for</dt>
          <dd>
            {experiment.recoveryDays} days for money and contacts, {experiment.complaintDays} for complaints
          </dd>
        </div>
      </dl>
    </Section>
  );
}

function History({ history }: { readonly history: Output<'getExperiment'>['history'] }) {
  const format = useFormat();
  return (
    <Section title="History">
      <ol className="experiment-history">
        {history.toReversed().map((step) => (
          <li key={`${step.recordedAt} ${step.kind}`}>
            <span>{step.sentence}</span>
            <span className="muted">
              {format.instant(step.recordedAt)}, {step.recordedBy}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

const titles = { widen: 'Let more people in', stop: 'Stop the experiment?', decide: 'Decide for an arm' } as const;

function Ask({
  what,
  experiment,
  close,
}: {
  readonly what: keyof typeof titles;
  readonly experiment: Experiment;
  readonly close: () => void;
}) {
  const { id, rowVersion, share } = experiment;
  const [text, setText] = useState(what === 'widen' ? percentText(Math.min(10_000, share * 4)) : '');
  const [arm, setArm] = useState('0');
  const widen = useWrite('widenExperiment');
  const stop = useWrite('stopExperiment');
  const decide = useWrite('decideExperiment');
  const error = widen.error ?? stop.error ?? decide.error;
  const to = { params: { experimentId: id }, ifMatch: rowVersion };
  const wider = hundredthsOf(text);
  const ready = what === 'widen' ? wider !== null && wider > share : text.trim() !== '';
  const carryOut = () => {
    const after = (sentence: string) => ({ onSuccess: () => (say(sentence), close()) });
    if (what === 'widen' && wider !== null)
      widen.mutate({ ...to, body: { share: wider } }, after('More people enter with the next run.'));
    if (what === 'stop')
      stop.mutate({ ...to, body: { reason: text } }, after('From the next run everybody follows the champion.'));
    if (what === 'decide')
      decide.mutate(
        { ...to, body: { arm: Number(arm), why: text } },
        after('The selection table follows your decision from today.'),
      );
  };
  return (
    <Modal opened onClose={close} title={titles[what]}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          carryOut();
        }}
      >
        {what === 'widen' && (
          <>
            <p>
              {percentText(share)} % of the population are in. Those who are in stay in their arm; the others enter by
              their lot with the next run.
            </p>
            <TextInput
              label="Let in"
              value={text}
              inputMode="decimal"
              rightSection={<span className="muted">%</span>}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </>
        )}
        {what === 'stop' && (
          <p>
            From the next run everybody on its line follows the champion, those held out too. What has been seen stays;
            an experiment that has stopped does not begin again.
          </p>
        )}
        {what === 'decide' && (
          <>
            <p>
              The selection table gets the strategy of this arm in place of the experiment, for everybody on the line,
              from today.
            </p>
            <Select
              label="Arm"
              data={experiment.arms.map((one, at) => ({ value: String(at), label: one.name }))}
              value={arm}
              allowDeselect={false}
              onChange={(value) => setArm(value ?? '0')}
            />
          </>
        )}
        {what !== 'widen' && (
          <Textarea
            label="Why"
            value={text}
            maxLength={500}
            required
            autosize
            minRows={2}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {error !== null && <Problem error={error} />}
        <div className="row">
          <Button
            type="submit"
            size="sm"
            color={what === 'stop' ? 'red' : undefined}
            disabled={!ready}
            loading={widen.isPending || stop.isPending || decide.isPending}
          >
            {what === 'widen' ? 'Let them in' : what === 'stop' ? 'Stop it' : 'Decide'}
          </Button>
          <Button size="sm" variant="default" onClick={close}>
            Leave it as it is
          </Button>
        </div>
      </form>
    </Modal>
  );
}
