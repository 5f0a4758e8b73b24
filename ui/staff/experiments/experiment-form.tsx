import { ActionIcon, Button, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AmountInput, DateInput } from '../../kit/fields.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { ProblemError } from '../../kit/problem.ts';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import {
  channels,
  type Draft,
  type DraftArm,
  draftOf,
  emptyDraft,
  type Experiment,
  HOLD_OUT,
  hundredthsOf,
  newArm,
  termsOf,
} from './experiment-draft.ts';
import { Planner } from './planner.tsx';

export type Choices = Output<'listExperiments'>;
const channelWords = { email: 'E-mail', call: 'Call', letter: 'Letter', sms: 'SMS' } as const;

/** The terms of an experiment that has not begun, with what they will take beside them. */
export function ExperimentForm({
  experiment,
  choices,
  done,
}: {
  readonly experiment: Experiment | undefined;
  readonly choices: Choices;
  readonly done: (id: string) => void;
}) {
  const { today } = useFormat();
  const { currency, lines } = choices;
  const [draft, setDraft] = useState<Draft>(() =>
    experiment === undefined ? emptyDraft(lines.at(-1)?.strategyId ?? '') : draftOf(experiment, currency),
  );
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const create = useWrite('createExperiment');
  const change = useWrite('changeExperiment');
  const problem = create.error ?? change.error;
  const faults = problem instanceof ProblemError ? problem.fields : {};
  const terms = termsOf(draft, currency);
  const saved =
    experiment !== undefined &&
    JSON.stringify(terms) === JSON.stringify(termsOf(draftOf(experiment, currency), currency));
  const save = () => {
    if (terms === null) return;
    if (experiment === undefined)
      create.mutate({ body: terms }, { onSuccess: (made) => (say(`“${made.name}” is written down.`), done(made.id)) });
    else
      change.mutate(
        { params: { experimentId: experiment.id }, ifMatch: experiment.rowVersion, body: terms },
        { onSuccess: (made) => (say(`“${made.name}” is changed.`), done(made.id)) },
      );
  };
  const text = (
    key: 'share' | 'recoveryDays' | 'complaintDays' | 'complaintsAbove' | 'recoveryBelow',
    label: string,
    unit: string,
  ) => (
    <TextInput
      label={label}
      value={draft[key]}
      inputMode="decimal"
      autoComplete="off"
      rightSection={<span className="muted experiment-unit">{unit}</span>}
      rightSectionWidth={unit.length > 5 ? 64 : 46}
      error={faults[key]}
      classNames={{ input: 'num' }}
      onChange={(event) => set({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <div className="segment-form">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          label="Name"
          value={draft.name}
          maxLength={80}
          required
          error={faults['name']}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Textarea
          label="What you expect, and why"
          description="Written before anybody has seen a figure, so that the answer is to the question you asked."
          value={draft.hypothesis}
          maxLength={1000}
          autosize
          minRows={2}
          onChange={(event) => set({ hypothesis: event.currentTarget.value })}
        />
        <Arms arms={draft.arms} choices={choices} faults={faults} set={(arms) => set({ arms })} />
        <fieldset className="experiment-fields">
          <legend>Who enters, and how long each is watched</legend>
          {text('share', 'Enter at first', '%')}
          {text('recoveryDays', 'Money and contacts', 'days')}
          {text('complaintDays', 'Complaints', 'days')}
          <DateInput
            label="Last day"
            value={draft.endsOn}
            min={today}
            required={draft.arms.some((arm) => arm.strategyId === HOLD_OUT)}
            error={faults['endsOn']}
            change={(endsOn) => set({ endsOn })}
          />
        </fieldset>
        <fieldset className="experiment-fields">
          <legend>It stops itself when an arm surely</legend>
          {text('complaintsAbove', 'Brings more complaints, by', 'points')}
          {text('recoveryBelow', 'Recovers less, by', 'points')}
        </fieldset>
        <fieldset className="experiment-fields">
          <legend>What one contact costs</legend>
          {channels.map((channel) => (
            <AmountInput
              key={channel}
              label={channelWords[channel]}
              value={draft.costs[channel]}
              currency={currency}
              zero
              required={false}
              change={(value) => set({ costs: { ...draft.costs, [channel]: value } })}
            />
          ))}
        </fieldset>
        {problem !== null && <Problem error={problem} />}
        <div className="row wrap">
          <Button
            type="submit"
            size="sm"
            loading={create.isPending || change.isPending}
            disabled={terms === null || saved}
          >
            {experiment === undefined ? 'Write it down' : 'Save the change'}
          </Button>
          {saved && <span className="muted">As it is kept. Nobody is in it yet.</span>}
          {terms === null && (
            <span className="muted">Name it, and give every arm a name, a strategy and a weight.</span>
          )}
        </div>
      </form>
      <div className="segment-side">
        {experiment !== undefined && <Start experiment={experiment} choices={choices} saved={saved} />}
        <Planner draft={draft} choices={choices} />
      </div>
    </div>
  );
}

function Arms({
  arms,
  choices,
  faults,
  set,
}: {
  readonly arms: readonly DraftArm[];
  readonly choices: Choices;
  readonly faults: Readonly<Record<string, string>>;
  readonly set: (arms: readonly DraftArm[]) => void;
}) {
  const put = (id: string, change: Partial<DraftArm>) =>
    set(arms.map((arm) => (arm.id === id ? { ...arm, ...change } : arm)));
  const total = arms.reduce((sum, arm) => sum + (hundredthsOf(arm.weight) ?? 0), 0);
  const strategies = choices.strategies.map((one) => ({ value: one.id, label: one.name, disabled: !one.inEffect }));
  return (
    <fieldset className="experiment-arms">
      <legend>Arms</legend>
      {arms.map((arm, at) => (
        <div key={arm.id} className="experiment-arm">
          <TextInput
            label={at === 0 ? 'Champion' : `Arm ${at + 1}`}
            aria-label={`Name of arm ${at + 1}`}
            value={arm.name}
            maxLength={40}
            error={faults[`arms.${at}`]}
            onChange={(event) => put(arm.id, { name: event.currentTarget.value })}
          />
          <Select
            label="Follows"
            aria-label={`Strategy of arm ${at + 1}`}
            placeholder="Choose a strategy"
            data={at === 0 ? strategies : [...strategies, { value: HOLD_OUT, label: 'Nothing: a hold-out' }]}
            value={arm.strategyId === '' ? null : arm.strategyId}
            onChange={(strategyId) => put(arm.id, { strategyId: strategyId ?? '' })}
          />
          <TextInput
            label="Weight"
            aria-label={`Weight of arm ${at + 1}`}
            value={arm.weight}
            inputMode="decimal"
            autoComplete="off"
            rightSection={<span className="muted">%</span>}
            classNames={{ input: 'num' }}
            onChange={(event) => put(arm.id, { weight: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove arm ${at + 1}`}
            disabled={at === 0 || arms.length < 3}
            onClick={() => set(arms.filter((one) => one.id !== arm.id))}
          >
            ×
          </ActionIcon>
        </div>
      ))}
      <div className="row wrap">
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          disabled={arms.length >= 5}
          onClick={() => set([...arms, newArm({ name: `Arm ${arms.length + 1}`, strategyId: '', weight: '10' })])}
        >
          Arm
        </Button>
        <span className={total === 10_000 ? 'muted' : 'experiment-fault'}>
          {total === 10_000
            ? 'The weights add up to 100 %.'
            : `The weights add up to ${total / 100} %; make them 100 %.`}
        </span>
      </div>
      {faults['arms'] !== undefined && <p className="experiment-fault">{faults['arms']}</p>}
    </fieldset>
  );
}

function Start({
  experiment,
  choices,
  saved,
}: {
  readonly experiment: Experiment;
  readonly choices: Choices;
  readonly saved: boolean;
}) {
  const start = useWrite('startExperiment');
  const champion = experiment.arms[0]?.strategyId ?? null;
  const named = (id: string | null) => choices.strategies.find((one) => one.id === id)?.name ?? 'nothing';
  const keyOf = (segmentId: string | null) => segmentId ?? 'everybody';
  const fitting = choices.lines.find((line) => line.strategyId === champion);
  const [line, setLine] = useState<string | null>(fitting === undefined ? null : keyOf(fitting.segmentId));
  return (
    <Section title="Begin">
      <div className="stack experiment-begin">
        <Select
          label="On this line of the selection"
          data={choices.lines.map((one) => ({
            value: keyOf(one.segmentId),
            label: `${one.name} (follows ${named(one.strategyId)})`,
            disabled: one.strategyId !== champion,
          }))}
          value={line}
          onChange={setLine}
        />
        <p className="soft">
          People of this line who owe something enter with the next run. Each person gets one arm for all accounts, by
          lot, and keeps it.
        </p>
        {start.error !== null && <Problem error={start.error} />}
        <div className="row wrap">
          <Button
            size="sm"
            loading={start.isPending}
            disabled={line === null || !saved}
            onClick={() =>
              line !== null &&
              start.mutate(
                {
                  params: { experimentId: experiment.id },
                  ifMatch: experiment.rowVersion,
                  body: { segmentId: line === 'everybody' ? null : line },
                },
                { onSuccess: (made) => say(`“${made.name}” has begun.`) },
              )
            }
          >
            Begin the experiment
          </Button>
          {!saved && <span className="muted">Save the change first.</span>}
        </div>
      </div>
    </Section>
  );
}
