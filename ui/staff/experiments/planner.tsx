import { Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { parseMinor } from '../../kit/format.ts';
import type { Input } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { daysOf, type Draft, hundredthsOf } from './experiment-draft.ts';
import type { Choices } from './experiment-form.tsx';

type Kind = 'recovery' | 'complaints' | 'cash';

/** How many people it takes to find what is looked for, and how long, from the people of the line and those who come. */
export function Planner({ draft, choices }: { readonly draft: Draft; readonly choices: Choices }) {
  const format = useFormat();
  const [kind, setKind] = useState<Kind>('recovery');
  const [baseline, setBaseline] = useState('20');
  const [effect, setEffect] = useState('5');
  const [power, setPower] = useState('80');
  const [line, setLine] = useState('everybody');
  const { currency } = choices;
  const money = kind === 'cash';
  const weights = draft.arms.flatMap((arm) => hundredthsOf(arm.weight) ?? []);
  const days = daysOf(kind === 'complaints' ? draft.complaintDays : draft.recoveryDays);
  const question = money ? meanQuestion(baseline, effect, currency) : rateQuestion(baseline, effect);
  const ready = days !== null && question !== null && weights.length === draft.arms.length;
  const body: Input<'planExperiment'>['body'] = {
    question: question ?? { kind: 'rate', baseline: 0.2, effect: 0.05 },
    power: Number(power) / 100,
    weights,
    days: days ?? 30,
    segmentId: line === 'everybody' ? null : line,
  };
  const [settled] = useDebouncedValue(body, 300);
  const plan = useRead('planExperiment', { body: settled }, { keep: true, enabled: ready });
  const unit = <span className="muted experiment-unit">{money ? currency : 'points'}</span>;
  return (
    <Section title="How many people, how long">
      <div className="experiment-plan">
        <Select
          label="To find a change of"
          data={[
            { value: 'recovery', label: 'Recovery' },
            { value: 'complaints', label: 'Complaints' },
            { value: 'cash', label: 'Cash per person' },
          ]}
          value={kind}
          onChange={(value) => setKind((value ?? 'recovery') as Kind)}
        />
        <Select
          label="Among"
          data={choices.lines.map((one) => ({ value: one.segmentId ?? 'everybody', label: one.name }))}
          value={line}
          onChange={(value) => setLine(value ?? 'everybody')}
        />
        <TextInput
          label={money ? 'Spread between people' : 'Now it is'}
          description={money ? 'The standard deviation' : undefined}
          value={baseline}
          inputMode="decimal"
          classNames={{ input: 'num' }}
          rightSection={money ? unit : <span className="muted">%</span>}
          rightSectionWidth={46}
          onChange={(event) => setBaseline(event.currentTarget.value)}
        />
        <TextInput
          label="Smallest change worth finding"
          description={money ? 'More or less' : undefined}
          value={effect}
          inputMode="decimal"
          classNames={{ input: 'num' }}
          rightSection={unit}
          rightSectionWidth={56}
          onChange={(event) => setEffect(event.currentTarget.value)}
        />
        <Select
          label="Found if it is there"
          data={['80', '90', '95'].map((value) => ({ value, label: `${value} times in 100` }))}
          value={power}
          onChange={(value) => setPower(value ?? '80')}
        />
      </div>
      {!ready && <p className="soft">Write weights, days and the change you look for as numbers.</p>}
      {ready && plan.error !== null && <Problem error={plan.error} />}
      {ready && plan.isPending && <SkeletonLines rows={3} />}
      {ready && plan.data !== undefined && plan.error === null && (
        <div aria-live="polite" aria-busy={plan.isFetching} className="segment-tried">
          <p className="strong experiment-answer">{plan.data.sentence}</p>
          <table className="table experiment-table">
            <thead>
              <tr>
                <th scope="col">People needed</th>
                <th scope="col" className="num">
                  Looking daily
                </th>
                <th scope="col" className="num">
                  Once, at the end
                </th>
              </tr>
            </thead>
            <tbody>
              {plan.data.lookingDaily.map((people, at) => (
                <tr key={draft.arms[at]?.id ?? at}>
                  <th scope="row">{draft.arms[at]?.name}</th>
                  <td className="num">{format.count(people)}</td>
                  <td className="num">{format.count(plan.data.lookingOnce[at] ?? 0)}</td>
                </tr>
              ))}
              <tr>
                <th scope="row">Days</th>
                <td className="num">{plan.data.daysDaily === null ? 'never' : format.count(plan.data.daysDaily)}</td>
                <td className="num">{plan.data.daysOnce === null ? 'never' : format.count(plan.data.daysOnce)}</td>
              </tr>
            </tbody>
          </table>
          <p className="soft">
            {format.count(plan.data.people)} people of this line owe something; {Math.round(plan.data.perDay * 10) / 10}{' '}
            new ones came a day over the last 90 days; in the end all of them are let in. One in twenty such experiments
            finds what is not there.
          </p>
        </div>
      )}
    </Section>
  );
}

type Question = Input<'planExperiment'>['body']['question'];

function rateQuestion(baseline: string, effect: string): Question | null {
  const [now, change] = [hundredthsOf(baseline), hundredthsOf(effect.replace(/^[-−]/, ''))];
  if (now === null || now >= 10_000 || change === null) return null;
  const sign = /^[-−]/.test(effect) ? -1 : 1;
  return { kind: 'rate', baseline: now / 10_000, effect: (sign * change) / 10_000 };
}

function meanQuestion(spread: string, effect: string, currency: string): Question | null {
  const [wide, change] = [parseMinor(spread, currency), parseMinor(effect, currency)];
  if (wide === null || change === null || Number(wide) <= 0 || Number(change) === 0) return null;
  return { kind: 'mean', spread: Number(wide), effect: Number(change) };
}
