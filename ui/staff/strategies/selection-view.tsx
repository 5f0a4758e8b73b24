import { Button } from '@mantine/core';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import { Section } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import type { Output } from '../../kit/operations.ts';
import { SelectionEditor } from './selection-editor.tsx';

export type Table = Output<'getSelection'>['rows'][number];
const states = { in_effect: 'In effect', coming: 'To come', past: 'Past' } as const;

const said = (strategy: Table['otherwise'], experiment: Table['otherwiseExperiment']) =>
  experiment === null ? (strategy?.name ?? 'kept out') : `experiment “${experiment.name}”`;

/** The selection table: who follows what, tried before it is put in effect, with every table there was. */
export function SelectionView() {
  const format = useFormat();
  const selection = useRead('getSelection', {});
  const segments = useRead('listSegments', {});
  const strategies = useRead('listStrategies', {});
  const [writing, setWriting] = useState(false);
  const error = selection.error ?? segments.error ?? strategies.error;
  if (error !== null)
    return (
      <Problem
        error={error}
        retry={() => {
          for (const query of [selection, segments, strategies]) void query.refetch();
        }}
      />
    );
  if (selection.data === undefined || segments.data === undefined || strategies.data === undefined)
    return <SkeletonLines rows={7} height={22} />;
  const { rows, revision, fallback } = selection.data;
  const [newest] = rows;
  if (newest === undefined && !writing)
    return (
      <Empty title="Everybody is treated alike" action={<Button onClick={() => setWriting(true)}>Make a table</Button>}>
        {fallback === null
          ? 'No strategy is in effect yet.'
          : `While there is no selection table, every account follows “${fallback.name}”.`}{' '}
        A table says, from top to bottom, which segment follows which strategy; the first line that matches counts.
      </Empty>
    );
  return (
    <>
      <SelectionEditor
        key={revision}
        revision={revision}
        table={newest}
        otherwise={newest === undefined ? (fallback?.id ?? null) : (newest.otherwise?.id ?? null)}
        segments={segments.data.rows}
        strategies={strategies.data.rows}
      />
      {rows.length > 0 && (
        <Section title="Revisions">
          <ol className="revisions" aria-label="Revisions">
            {rows.map((table) => (
              <li key={table.revision}>
                <div className="row wrap">
                  <span className="strong">Revision {table.revision}</span>
                  <Tag tone={table.state === 'in_effect' ? 'good' : table.state === 'coming' ? 'info' : 'plain'}>
                    {states[table.state]}
                  </Tag>
                  <span className="soft">
                    from <Day date={table.effectiveFrom} />
                  </span>
                  <span className="muted">
                    {table.recordedBy}, <Day date={format.dateOf(table.recordedAt)} />
                  </span>
                </div>
                <p className="soft">
                  {[
                    ...table.lines.map((line) => `${line.segment.name} → ${said(line.strategy, line.experiment)}`),
                    `otherwise → ${said(table.otherwise, table.otherwiseExperiment)}`,
                  ].join('; ')}
                </p>
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}
