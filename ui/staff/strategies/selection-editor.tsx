import { ActionIcon, Button, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import { addDays } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { type Shown, shownOf, TriedSelection } from './tried-selection.tsx';
import { Sortable } from './sortable.tsx';
import type { Table } from './selection-view.tsx';

type Line = { readonly id: number; readonly segmentId: string; readonly strategyId: string };
type Segments = Output<'listSegments'>['rows'];
type Strategies = Output<'listStrategies'>['rows'];

const KEPT_OUT = 'kept out';
let last = 0;
const lineOf = (segmentId: string, strategyId: string | null): Line => ({
  id: (last += 1),
  segmentId,
  strategyId: strategyId ?? KEPT_OUT,
});
/** An experiment stands in a line as `experiment:its id:its champion`; it is begun on its own page, and kept where it stands. */
const TESTED = 'experiment';
type Tested = Table['lines'][number]['experiment'];
const valueOf = (strategyId: string | null, experiment: Tested) =>
  experiment === null ? (strategyId ?? KEPT_OUT) : [TESTED, experiment.id, strategyId ?? KEPT_OUT].join(':');
const wire = (value: string): { readonly strategyId: string | null; readonly experimentId: string | null } => {
  const [kind, id, champion] = value.split(':');
  if (kind === TESTED)
    return { strategyId: champion === undefined || champion === KEPT_OUT ? null : champion, experimentId: id ?? null };
  return { strategyId: value === KEPT_OUT ? null : value, experimentId: null };
};
const none: never[] = [];

/** The table as it is being written; what it would do today stands below it before it is put in effect. */
export function SelectionEditor({
  revision,
  table,
  otherwise,
  segments,
  strategies,
}: {
  readonly revision: number;
  readonly table: Table | undefined;
  readonly otherwise: string | null;
  readonly segments: Segments;
  readonly strategies: Strategies;
}) {
  const format = useFormat();
  const [lines, setLines] = useState<readonly Line[]>(() =>
    (table?.lines ?? []).map((line) => lineOf(line.segment.id, valueOf(line.strategy?.id ?? null, line.experiment))),
  );
  const [rest, setRest] = useState(valueOf(otherwise, table?.otherwiseExperiment ?? null));
  const [from, setFrom] = useState(format.today);
  const change = useWrite('changeSelection');
  const attempt = useWrite('trySelection', none);
  const [shown, setShown] = useState<Shown | null>(null);
  const edit = (next: readonly Line[]) => {
    setLines(next);
    change.reset();
  };
  const set = (id: number, part: Partial<Line>) =>
    edit(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  const rested = wire(rest);
  const body = {
    entries: lines.map(({ segmentId, strategyId }) => ({ segmentId, ...wire(strategyId) })),
    otherwiseId: rested.strategyId,
    otherwiseExperimentId: rested.experimentId,
  };
  const text = JSON.stringify(body);
  const unchanged =
    table !== undefined &&
    text ===
      JSON.stringify({
        entries: table.lines.map((line) => ({
          segmentId: line.segment.id,
          ...wire(valueOf(line.strategy?.id ?? null, line.experiment)),
        })),
        otherwiseId: table.otherwise?.id ?? null,
        otherwiseExperimentId: table.otherwiseExperiment?.id ?? null,
      }) &&
    !table.lines.some((line) => line.outdated);
  const choices = [
    ...strategies.map((row) => ({
      value: row.id,
      label: row.inEffect === null ? `${row.name} (not in effect yet)` : row.name,
    })),
    { value: KEPT_OUT, label: 'Kept out of all treatment' },
    ...[
      ...(table?.lines ?? []),
      ...(table === undefined ? [] : [{ strategy: table.otherwise, experiment: table.otherwiseExperiment }]),
    ].flatMap(({ strategy, experiment }) =>
      experiment === null
        ? []
        : [{ value: valueOf(strategy?.id ?? null, experiment), label: `Experiment “${experiment.name}”` }],
    ),
  ];
  const segment = (id: string) => segments.find((row) => row.id === id);
  const faults = (change.error ?? attempt.error)?.fields ?? {};
  const unused = segments.find((row) => !lines.some((line) => line.segmentId === row.id));
  return (
    <form
      className="selection"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(
          { ifMatch: String(revision), body: { ...body, effectiveFrom: from } },
          { onSuccess: (made) => say(`Revision ${made.revision} holds from ${format.day(made.effectiveFrom)}.`) },
        );
      }}
    >
      <p className="soft">From top to bottom, the first line that matches an account says what it follows.</p>
      <Sortable
        label="Lines of the selection table"
        rows={lines}
        idOf={(line) => line.id}
        nameOf={(line) => segment(line.segmentId)?.name ?? 'a segment that is gone'}
        move={(before, after) => {
          const [line] = lines.slice(before, before + 1);
          if (line !== undefined) edit(lines.toSpliced(before, 1).toSpliced(after, 0, line));
        }}
        render={(line, at) => (
          <>
            <span className="selection-no num muted">{at + 1}</span>
            <Select
              className="selection-segment"
              size="xs"
              aria-label={`Segment of line ${at + 1}`}
              value={line.segmentId}
              allowDeselect={false}
              searchable
              data={segments.map((row) => ({ value: row.id, label: row.name }))}
              onChange={(segmentId) => segmentId !== null && set(line.id, { segmentId })}
            />
            <span className="selection-arrow muted" aria-hidden="true">
              →
            </span>
            <Select
              className="selection-strategy"
              size="xs"
              aria-label={`Strategy of line ${at + 1}`}
              value={line.strategyId}
              allowDeselect={false}
              data={choices}
              onChange={(strategyId) => strategyId !== null && set(line.id, { strategyId })}
            />
            <ActionIcon
              className="selection-remove"
              variant="subtle"
              color="gray"
              aria-label={`Remove line ${at + 1}`}
              onClick={() => edit(lines.filter(({ id }) => id !== line.id))}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
            <p className="selection-words soft">
              {segment(line.segmentId)?.words ?? 'This segment has been archived. Choose another, or remove the line.'}
            </p>
            {faults[`entries.${at}`] !== undefined && (
              <p className="selection-fault" role="alert">
                {faults[`entries.${at}`]}
              </p>
            )}
          </>
        )}
      />
      <div className="selection-rest">
        <span className="strong selection-segment">Everybody else</span>
        <span className="selection-arrow muted" aria-hidden="true">
          →
        </span>
        <Select
          className="selection-strategy"
          size="xs"
          aria-label="Strategy of everybody else"
          value={rest}
          allowDeselect={false}
          data={choices}
          onChange={(value) => {
            if (value !== null) setRest(value);
            change.reset();
          }}
        />
      </div>
      <div className="row wrap">
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          disabled={unused === undefined}
          onClick={() => unused !== undefined && edit([...lines, lineOf(unused.id, strategies[0]?.id ?? null)])}
        >
          Line
        </Button>
        {segments.length === 0 && (
          <span className="soft">
            There is no segment yet. <Link to="/segments">Write one</Link> first.
          </span>
        )}
        {segments.length > 0 && unused === undefined && <span className="muted">Every segment has its line.</span>}
      </div>
      <div className="selection-foot">
        <Button
          size="sm"
          variant="default"
          loading={attempt.isPending}
          onClick={() => attempt.mutate({ body }, { onSuccess: (data) => setShown(shownOf(text, data)) })}
        >
          Try it
        </Button>
        <DateInput
          label="In effect from"
          value={from}
          min={format.today}
          max={addDays(format.today, 366)}
          change={setFrom}
          error={faults['effectiveFrom']}
        />
        <Button type="submit" size="sm" loading={change.isPending} disabled={unchanged || from === ''}>
          Put it in effect
        </Button>
        {unchanged && table !== undefined && <span className="muted">This is revision {table.revision}.</span>}
      </div>
      {change.error !== null && <Problem error={change.error} />}
      {attempt.error !== null && <Problem error={attempt.error} />}
      <div aria-live="polite">
        {attempt.isPending && <SkeletonLines rows={5} />}
        {shown !== null && !attempt.isPending && (
          <Section
            title="What it would do today"
            aside={shown.text === text ? undefined : 'The table has been changed since.'}
          >
            <TriedSelection tried={shown.data} />
          </Section>
        )}
      </div>
    </form>
  );
}
