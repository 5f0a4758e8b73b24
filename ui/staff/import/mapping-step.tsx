import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import { countries, currencies, timeZones } from '../../kit/places.ts';
import { Section } from '../../kit/page.tsx';
import { ProblemError } from '../../kit/problem.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import type { Job } from './imports-page.tsx';
import { type Inspection, type Mapping, MappingEditor, Questions } from './mapping-editor.tsx';

/** Step two: how the file is read, asked where it is open, shown as it would be taken in. */
export function MappingStep({ job }: { readonly job: Job }) {
  const [sheet, setSheet] = useState<string | null>(null);
  const inspection = useRead(
    'inspectImport',
    { params: { importId: job.id }, query: { sheet: sheet ?? undefined } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  if (inspection.error !== null) {
    // Nothing that can be done here makes this file readable; the sentence says what to do with it.
    const unreadable = inspection.error instanceof ProblemError && [415, 422].includes(inspection.error.status);
    return unreadable ? (
      <div className="stack">
        <Problem error={inspection.error} />
        <Link to="/import">Choose another file</Link>
      </div>
    ) : (
      <Problem error={inspection.error} retry={() => void inspection.refetch()} />
    );
  }
  if (inspection.data === undefined)
    return (
      <>
        <p className="soft" style={{ marginBottom: 16 }}>
          Looking at the file…
        </p>
        <SkeletonLines rows={8} height={18} />
      </>
    );
  return <Editor key={inspection.data.sheet ?? ''} job={job} inspection={inspection.data} setSheet={setSheet} />;
}

function Editor({
  job,
  inspection,
  setSheet,
}: {
  readonly job: Job;
  readonly inspection: Inspection;
  readonly setSheet: (sheet: string | null) => void;
}) {
  const format = useFormat();
  const [mapping, setMapping] = useState<Mapping>(inspection.suggested);
  const [until, setUntil] = useState('');
  const [fullSnapshot, setFull] = useState(false);
  const [saveAs, setSaveAs] = useState('');
  const saved = useRead('listMappings', {});
  const start = useWrite('startImport');
  const [settled] = useDebouncedValue(mapping, 250);
  const previewed = useRead(
    'previewImport',
    {
      params: { importId: job.id },
      body: { mapping: settled, sheet: inspection.sheet, until: until === '' ? null : until },
    },
    { keep: true },
  );
  const open = [...inspection.questions, ...(previewed.data?.questions ?? [])].filter(
    (question, index, all) => all.findIndex((other) => other.column === question.column) === index,
  );
  const fitting = saved.data?.rows.filter((row) => row.mapping.target === job.target) ?? [];
  const setDefaults = (part: Partial<Mapping['defaults']>) =>
    setMapping({ ...mapping, defaults: { ...mapping.defaults, ...part } });
  return (
    <div className="map-grid">
      <div>
        <Questions questions={open} mapping={mapping} change={setMapping} />
        {inspection.warnings.length > 0 && (
          <div className="notice" style={{ marginBottom: 14 }}>
            <ul>
              {inspection.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </div>
        )}
        <Section
          title="How each field is found"
          aside={`${inspection.kind === 'xlsx' ? 'Excel' : `CSV, ${inspection.encoding ?? ''}, “${inspection.delimiter === '\t' ? 'tab' : (inspection.delimiter ?? '')}”`}, ${format.count(inspection.headers.length)} columns`}
        >
          <MappingEditor inspection={inspection} mapping={mapping} change={setMapping} />
        </Section>
        <Preview job={job} inspection={inspection} mapping={mapping} previewed={previewed} />
      </div>
      <aside className="stack" aria-label="Options" style={{ marginTop: 34 }}>
        {inspection.sheets.length > 1 && (
          <Select label="Sheet" value={inspection.sheet} data={inspection.sheets} onChange={setSheet} />
        )}
        {fitting.length > 0 && (
          <Select
            label="Saved mapping"
            placeholder="Use one you saved"
            data={fitting.map((row) => ({ value: row.id, label: row.name }))}
            onChange={(id) => {
              const found = fitting.find((row) => row.id === id);
              if (found !== undefined) setMapping(found.mapping);
            }}
          />
        )}
        {job.target !== 'contacts' && (
          <Select
            label="Currency where the file is silent"
            value={mapping.defaults.currency}
            data={currencies(format.locale)}
            onChange={(currency) => setDefaults({ currency })}
            searchable
            clearable
          />
        )}
        <Select
          label="Country of the customers"
          value={mapping.defaults.country}
          data={countries(format.locale)}
          onChange={(country) => setDefaults({ country })}
          searchable
          clearable
        />
        <Select
          label="Their time zone"
          description="Decides the lawful hours of contact."
          value={mapping.defaults.timeZone}
          data={timeZones()}
          onChange={(timeZone) => setDefaults({ timeZone })}
          searchable
          clearable
        />
        <Select
          label="They are"
          value={mapping.defaults.partyKind ?? 'business'}
          data={[
            { value: 'business', label: 'Businesses' },
            { value: 'person', label: 'Persons' },
          ]}
          onChange={(kind) => setDefaults({ partyKind: kind === 'person' ? 'person' : 'business' })}
        />
        <DateInput
          label="Only what was known by"
          description="Replays history: later invoices are left out, later payments count as not yet made."
          value={until}
          change={setUntil}
          required={false}
        />
        {job.target === 'items' && (
          <Switch
            label="This is a full snapshot"
            description={`Items of ${job.client.name} that are missing from it are taken as settled. You confirm first if they are many.`}
            checked={fullSnapshot}
            onChange={(event) => setFull(event.currentTarget.checked)}
          />
        )}
        <TextInput
          label="Save this mapping as"
          placeholder="Monthly export of the ERP"
          value={saveAs}
          onChange={(event) => setSaveAs(event.currentTarget.value)}
          maxLength={120}
        />
        {start.error !== null && <Problem error={start.error} />}
        <Button
          size="sm"
          loading={start.isPending}
          onClick={() =>
            start.mutate({
              params: { importId: job.id },
              body: {
                mapping,
                sheet: inspection.sheet,
                until: until === '' ? null : until,
                fullSnapshot,
                saveMappingAs: saveAs.trim() === '' ? null : saveAs.trim(),
              },
            })
          }
        >
          Take it in
        </Button>
      </aside>
    </div>
  );
}

function Preview({
  inspection,
  mapping,
  previewed,
}: {
  readonly job: Job;
  readonly inspection: Inspection;
  readonly mapping: Mapping;
  readonly previewed: ReturnType<typeof useRead<'previewImport'>>;
}) {
  const shown = inspection.fields.filter((field) => mapping.fields[field.field] !== undefined);
  const rows = previewed.data?.rows ?? [];
  return (
    <Section
      title="As it would be taken in"
      aside={
        previewed.data === undefined
          ? undefined
          : previewed.data.problems === 0
            ? 'Every row of the sample is fine'
            : `${previewed.data.problems} of the sample cannot be taken in`
      }
    >
      {previewed.error !== null && (
        <div style={{ paddingTop: 14 }}>
          {previewed.error instanceof ProblemError && previewed.error.status === 422 ? (
            <div className="notice" data-tone="warn">
              <p>{previewed.error.message}</p>
            </div>
          ) : (
            <Problem error={previewed.error} retry={() => void previewed.refetch()} />
          )}
        </div>
      )}
      {previewed.isPending && (
        <div style={{ paddingTop: 14 }}>
          <SkeletonLines rows={5} />
        </div>
      )}
      {rows.length > 0 && (
        <ScrollRegion label="Preview, scrolls sideways" busy={previewed.isFetching}>
          <table className="table" aria-label="Preview">
            <thead>
              <tr>
                <th scope="col">Row</th>
                {shown.map((field) => (
                  <th key={field.field} scope="col">
                    {field.label}
                  </th>
                ))}
                <th scope="col">Problem</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.rowNo}>
                  <td className="num muted">{row.rowNo}</td>
                  {shown.map((field) => (
                    <td key={field.field} className={`num ${row.field === field.field ? 'wrong' : ''}`}>
                      {row.values[field.field] ?? <span className="muted">–</span>}
                    </td>
                  ))}
                  <td className="bad" style={{ minWidth: row.problem === null ? 0 : 220 }}>
                    {row.problem}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Section>
  );
}
