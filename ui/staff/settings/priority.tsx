import './priority.css';
import { Button, NumberInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Amount, Day } from '../../kit/amount.tsx';
import { call } from '../../kit/api.ts';
import { AmountInput, minorOf } from '../../kit/fields.tsx';
import { decimalText } from '../../kit/format.ts';
import type { Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import type { ProblemError } from '../../kit/problem.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import {
  actFields,
  changedAt,
  contactFields,
  promiseFields,
  reachFields,
  valueAt,
  type WeightField,
  type Weights,
} from './weight-words.ts';

/** By what work is ranked, with the top of the worklist as it would be. */
export function Priority() {
  const read = useRead('getWeights', {});
  if (read.isPending) return <SkeletonLines rows={9} height={18} />;
  if (read.error !== null) return <Problem error={read.error} retry={() => void read.refetch()} />;
  return <Editor key={read.data.newestRevision} standing={read.data} />;
}

function Editor({ standing }: { readonly standing: Output<'getWeights'> }) {
  const { inEffect, toCome, reportingCurrency: currency, today } = standing;
  const [weights, setWeights] = useState<Weights>(inEffect.weights);
  const [from, setFrom] = useState<string>(today);
  const [settled] = useDebouncedValue(weights, 300);
  const change = useWrite('changeWeights', ['getWeights', 'tryWeights', 'listTasks']);
  const preview = useQuery<Output<'tryWeights'>, ProblemError>({
    queryKey: ['tryWeights', settled],
    queryFn: () => call('tryWeights', { body: { weights: settled, queue: 'collector' } }),
    placeholderData: (before) => before,
    retry: false,
  });
  const faults = (change.error ?? preview.error)?.fields ?? {};
  const put = (path: string, value: number | string) => {
    change.reset();
    setWeights((now) => changedAt(now, path, typeof value === 'number' ? value : Number(value) || 0));
  };
  const same = JSON.stringify(weights) === JSON.stringify(inEffect.weights);
  const number = (field: WeightField) => (
    <NumberInput
      key={field.path}
      label={field.label}
      description={field.help}
      value={valueAt(weights, field.path)}
      onChange={(value) => put(field.path, value)}
      error={faults[field.path]}
      suffix={field.unit === '%' ? ' %' : ' days'}
      min={0}
      allowDecimal={false}
      classNames={{ input: 'num' }}
    />
  );
  return (
    <div className="priority">
      <form
        className="stack"
        aria-label="Weights"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { body: { weights, effectiveFrom: from, seen: standing.newestRevision } },
            {
              onSuccess: () =>
                say(from <= today ? 'Saved. Open tasks have been ranked anew.' : 'Saved. It holds from that day on.'),
            },
          );
        }}
      >
        <p className="soft">
          The worklist is worked from the top: what is open, times the chance that working it brings the money, times
          the effect of the contact, divided by what the contact costs.{' '}
          {inEffect.revision === 0 ? (
            'These are the built-in weights.'
          ) : (
            <>
              Revision {inEffect.revision}, by {inEffect.recordedBy}, holds since{' '}
              <Day date={inEffect.effectiveFrom ?? today} />.
            </>
          )}
          {toCome.map((one) => (
            <span key={one.revision}>
              {' '}
              Revision {one.revision} holds from <Day date={one.effectiveFrom ?? today} />.
            </span>
          ))}
        </p>
        <Section title="Chance by age">
          <p className="soft">
            Of a hundred accounts of that age, how many pay because somebody works them. What would be paid anyway does
            not count, which is why young debts have a small chance here.
          </p>
          {faults['chance'] !== undefined && (
            <p role="alert" className="weight-fault">
              {faults['chance']}
            </p>
          )}
          {weights.chance.map((one, at) => (
            <div className="weight-pair" key={at}>
              <NumberInput
                label={at === 0 ? 'Up to the next age, from day' : 'From day past due'}
                value={one.fromDay}
                onChange={(value) => put(`chance.${at}.fromDay`, value)}
                error={faults[`chance.${at}.fromDay`]}
                allowDecimal={false}
                classNames={{ input: 'num' }}
              />
              <NumberInput
                label="Chance"
                aria-label={`Chance from day ${one.fromDay}`}
                value={one.percent}
                onChange={(value) => put(`chance.${at}.percent`, value)}
                error={faults[`chance.${at}.percent`]}
                suffix=" %"
                min={0}
                allowDecimal={false}
                classNames={{ input: 'num' }}
              />
              {weights.chance.length > 1 && (
                <Button
                  variant="subtle"
                  aria-label={`Remove the age from day ${one.fromDay}`}
                  onClick={() => setWeights({ ...weights, chance: weights.chance.filter((_, n) => n !== at) })}
                >
                  Remove
                </Button>
              )}
            </div>
          ))}
          <div>
            <Button
              variant="light"
              onClick={() => {
                const last = weights.chance.at(-1);
                setWeights({
                  ...weights,
                  chance: [...weights.chance, { fromDay: (last?.fromDay ?? 0) + 30, percent: last?.percent ?? 10 }],
                });
              }}
            >
              Add an age
            </Button>
          </div>
        </Section>
        <Section title="Promises">
          <div className="weight-fields">{promiseFields.map(number)}</div>
        </Section>
        <Section title="Contact before">
          <div className="weight-fields">{contactFields.map(number)}</div>
        </Section>
        <Section title="Reaching the right person">
          <div className="weight-fields">{reachFields.map(number)}</div>
        </Section>
        <Section title="Effect and cost of each act">
          {actFields.map(({ act, label, help }) => (
            <fieldset key={act} className="weight-act">
              <legend className="strong">{label}</legend>
              <p className="soft">{help}</p>
              <div className="weight-pair">
                <NumberInput
                  label={`Effect of: ${label}`}
                  value={weights.acts[act].effect}
                  onChange={(value) => put(`acts.${act}.effect`, value)}
                  error={faults[`acts.${act}.effect`]}
                  suffix=" %"
                  min={0}
                  allowDecimal={false}
                  classNames={{ input: 'num' }}
                />
                <Cost
                  label={`Cost of: ${label}`}
                  currency={currency}
                  minor={weights.acts[act].costMinor}
                  change={(minor) => put(`acts.${act}.costMinor`, minor)}
                  error={faults[`acts.${act}.costMinor`]}
                />
              </div>
            </fieldset>
          ))}
        </Section>
        <TextInput
          label="Holds from"
          type="date"
          min={today}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          error={faults['effectiveFrom']}
          required
        />
        {change.error !== null && <Problem error={change.error} />}
        <div className="row wrap">
          <Button type="submit" loading={change.isPending} disabled={preview.error !== null}>
            Save
          </Button>
          <Button variant="default" disabled={same} onClick={() => setWeights(inEffect.weights)}>
            Undo my changes
          </Button>
          <Button variant="subtle" onClick={() => setWeights(standing.builtIn)}>
            Built-in weights
          </Button>
        </div>
      </form>
      <Top preview={preview.data} error={preview.error} changed={!same} currency={currency} />
    </div>
  );
}

function Cost({
  label,
  currency,
  minor,
  change,
  error,
}: {
  readonly label: string;
  readonly currency: string;
  readonly minor: number;
  readonly change: (minor: number) => void;
  readonly error?: string | undefined;
}) {
  const [text, setText] = useState(decimalText(String(minor), currency));
  const [known, setKnown] = useState(minor);
  if (known !== minor) {
    // Changed from outside: built-in weights, or undone.
    setKnown(minor);
    if (minorOf(text, currency) !== String(minor)) setText(decimalText(String(minor), currency));
  }
  return (
    <AmountInput
      label={label}
      currency={currency}
      value={text}
      change={(value) => {
        setText(value);
        const typed = minorOf(value, currency);
        if (typed !== null) change(Number(typed));
      }}
      error={error}
    />
  );
}

function Top({
  preview,
  error,
  changed,
  currency,
}: {
  readonly preview: Output<'tryWeights'> | undefined;
  readonly error: ProblemError | null;
  readonly changed: boolean;
  readonly currency: string;
}) {
  return (
    <aside aria-label="Top of the worklist" className="weight-preview">
      <h2 className="strong">{changed ? 'The worklist as it would be' : 'The worklist now'}</h2>
      <p className="soft">
        The first 20 calls. Worth is the money expected for each {currency} spent; the place in brackets is the one now.
      </p>
      {error !== null && (
        <p role="alert" className="weight-fault">
          {error.message}
        </p>
      )}
      {preview === undefined && error === null && <SkeletonLines rows={8} height={18} />}
      {preview !== undefined && preview.rows.length === 0 && (
        <Empty title="Nothing is on the worklist">Start a run on Today: it turns planned calls into tasks.</Empty>
      )}
      {preview !== undefined && preview.rows.length > 0 && (
        <ScrollRegion label="Top of the worklist">
          <table className="table" aria-label="Top of the worklist">
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col">Account</th>
                <th scope="col" className="num">
                  Open
                </th>
                <th scope="col" className="num">
                  Worth
                </th>
              </tr>
            </thead>
            <tbody>
              {preview.rows.map((row) => (
                <tr key={row.id}>
                  <td className="num" style={{ whiteSpace: 'nowrap' }}>
                    {row.place} <span className="muted">({row.placeNow})</span>
                  </td>
                  <td>
                    {row.party}
                    <div className="muted">
                      {row.number}, {words(row.kind).toLowerCase()}
                    </div>
                  </td>
                  <td className="num">
                    <Amount value={{ amountMinor: row.balanceMinor, currency: row.currency }} />
                  </td>
                  <td className="num">{(Number(row.priority) / 1000).toFixed(2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </aside>
  );
}
