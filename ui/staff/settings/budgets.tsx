import './priority.css';
import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';

type Line = {
  readonly key: number;
  readonly action: 'email' | 'call_task' | 'escalation' | 'specialist_task' | 'legal_review';
  readonly clientId: string | null;
  readonly perDay: number;
};
const actions = [
  { value: 'call_task', label: 'Calls, for collectors' },
  { value: 'email', label: 'E-mails' },
  { value: 'escalation', label: 'Escalations, for managers' },
  { value: 'specialist_task', label: 'Tasks for specialists' },
  { value: 'legal_review', label: 'Legal reviews' },
];

/** At most how much a run plans a day. */
export function Budgets() {
  const read = useRead('getBudgets', {});
  const clients = useRead('listClients', {});
  const error = read.error ?? clients.error;
  if (error !== null) return <Problem error={error} retry={() => void read.refetch()} />;
  if (read.data === undefined || clients.data === undefined) return <SkeletonLines rows={5} height={18} />;
  return <Editor key={read.data.newestRevision} standing={read.data} clients={clients.data.rows} />;
}

function Editor({
  standing,
  clients,
}: {
  readonly standing: Output<'getBudgets'>;
  readonly clients: Output<'listClients'>['rows'];
}) {
  const format = useFormat();
  const { inEffect, toCome, today } = standing;
  const [lines, setLines] = useState<readonly Line[]>(() =>
    inEffect.lines.map(({ action, clientId, perDay }, key) => ({ key, action, clientId, perDay })),
  );
  const [from, setFrom] = useState<string>(today);
  const save = useWrite('changeBudgets', ['getBudgets']);
  const faults = save.error?.fields ?? {};
  const put = (at: number, change: Partial<Line>) => {
    save.reset();
    setLines(lines.map((line, n) => (n === at ? { ...line, ...change } : line)));
  };
  const used = (line: Line) =>
    inEffect.lines.find((one) => one.action === line.action && one.clientId === line.clientId)?.used;
  return (
    <form
      className="stack"
      aria-label="Budgets"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          {
            body: {
              lines: lines.map(({ action, clientId, perDay }) => ({ action, clientId, perDay })),
              effectiveFrom: from,
              seen: standing.newestRevision,
            },
          },
          { onSuccess: () => say('Saved. The next run keeps to it.') },
        );
      }}
    >
      <p className="soft">
        A run plans at most so many a day and takes what is worth most first. What does not fit waits: its account says
        so, and it is considered again with the next day. A budget of one client and one of all both hold.
        {inEffect.revision > 0 && inEffect.effectiveFrom !== null && (
          <>
            {' '}
            Revision {inEffect.revision}, by {inEffect.recordedBy}, holds since <Day date={inEffect.effectiveFrom} />.
          </>
        )}
        {toCome.map((one) => (
          <span key={one.revision}>
            {' '}
            Revision {one.revision} holds from <Day date={one.effectiveFrom ?? today} />.
          </span>
        ))}
      </p>
      {lines.length === 0 && (
        <Empty title="Nothing is limited">
          Runs plan whatever is due. Add a budget to keep a day within what people can do.
        </Empty>
      )}
      {lines.map((line, at) => (
        <fieldset key={line.key} className="weight-act">
          <legend className="strong">Budget {at + 1}</legend>
          <div className="weight-pair">
            <NativeSelect
              label="Of what"
              data={actions}
              value={line.action}
              onChange={(event) => put(at, { action: event.currentTarget.value as Line['action'] })}
            />
            <NativeSelect
              label="Of whom"
              data={[
                { value: '', label: 'All clients together' },
                ...clients.map((client) => ({ value: client.id, label: client.name })),
              ]}
              value={line.clientId ?? ''}
              onChange={(event) => put(at, { clientId: event.currentTarget.value || null })}
              error={faults[`lines.${at}.clientId`]}
            />
            <NumberInput
              label="At most a day"
              value={line.perDay}
              onChange={(value) => put(at, { perDay: Number(value) || 0 })}
              error={faults[`lines.${at}.perDay`] ?? faults[`lines.${at}`]}
              min={0}
              allowDecimal={false}
              thousandSeparator=","
              classNames={{ input: 'num' }}
            />
            <Button
              variant="subtle"
              aria-label={`Remove budget ${at + 1}`}
              onClick={() => setLines(lines.filter((_, n) => n !== at))}
            >
              Remove
            </Button>
          </div>
          {used(line) !== undefined && <p className="soft">{format.count(used(line) ?? 0)} planned today.</p>}
        </fieldset>
      ))}
      <div>
        <Button
          variant="light"
          onClick={() =>
            setLines([
              ...lines,
              {
                key: Math.max(0, ...lines.map((line) => line.key)) + 1,
                action: 'call_task',
                clientId: null,
                perDay: 500,
              },
            ])
          }
        >
          Add a budget
        </Button>
      </div>
      <TextInput
        label="Holds from"
        type="date"
        min={today}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
        error={faults['effectiveFrom']}
        required
      />
      {save.error !== null && <Problem error={save.error} />}
      <div>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
