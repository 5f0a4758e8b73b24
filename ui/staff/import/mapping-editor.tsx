import { MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Input, Output } from '../../kit/operations.ts';

export type Inspection = Output<'inspectImport'>;
export type Mapping = NonNullable<Input<'previewImport'>['body']>['mapping'];
type Source = Mapping['fields'][string];
type Field = Inspection['fields'][number];

export const dateFormats = [
  'YYYY-MM-DD',
  'M/D/YYYY',
  'D/M/YYYY',
  'M/D/YY',
  'D/M/YY',
  'YYYY/M/D',
  'DD-MM-YYYY',
  'MM-DD-YYYY',
  'DD.MM.YYYY',
  'DD.MM.YY',
  'DD-Mon-YY',
  'YYYYMMDD',
  'excel-serial',
];
const amountFormats = ['1,234.56', '1.234,56'];
const amounts = new Set([
  'amount',
  'open',
  'settled',
  'itemized',
  'interest_since',
  'fees_since',
  'payments_since',
  'credits_since',
]);

const kindWords: Readonly<Record<Source['kind'] | 'none', string>> = {
  none: 'Not in the file',
  column: 'Column',
  constant: 'One value for all',
  add_days: 'Date plus days',
  concat: 'Columns joined',
  first_of: 'First one filled',
};

const formatsOf = (field: string) => (field.endsWith('_on') ? dateFormats : amounts.has(field) ? amountFormats : null);

function fresh(kind: Source['kind'] | 'none', headers: readonly string[]): Source | null {
  const first = headers[0] ?? '';
  switch (kind) {
    case 'none':
      return null;
    case 'column':
      return { kind, column: first, format: null };
    case 'constant':
      return { kind, value: '' };
    case 'add_days':
      return { kind, date: first, dateFormat: null, days: first };
    case 'concat':
      return { kind, columns: [first], separator: ' ' };
    case 'first_of':
      return { kind, columns: [first] };
  }
}

/** One row per field: where its values come from. A field may be a column, one value, or computed from several columns. */
export function MappingEditor({
  inspection,
  mapping,
  change,
}: {
  readonly inspection: Inspection;
  readonly mapping: Mapping;
  readonly change: (mapping: Mapping) => void;
}) {
  const set = (field: string, source: Source | null) => {
    const fields = { ...mapping.fields };
    if (source === null) delete fields[field];
    else fields[field] = source;
    change({ ...mapping, fields });
  };
  const used = (field: Field) => field.required || mapping.fields[field.field] !== undefined;
  // What was hidden when the file was opened stays in its place while someone maps it.
  const [first] = useState(() => new Set(inspection.fields.filter(used).map((field) => field.field)));
  const row = (field: Field) => (
    <MapRow
      key={field.field}
      field={field}
      source={mapping.fields[field.field] ?? null}
      settled={field.field === 'currency' && mapping.defaults.currency !== null}
      inspection={inspection}
      set={(source) => set(field.field, source)}
    />
  );
  const rest = inspection.fields.filter((field) => !first.has(field.field));
  return (
    <div>
      {inspection.fields.filter((field) => first.has(field.field)).map(row)}
      {rest.length > 0 && (
        <details className="more-fields">
          <summary>{rest.length} more fields the file does not seem to hold</summary>
          {rest.map(row)}
        </details>
      )}
    </div>
  );
}

function MapRow({
  field,
  source,
  settled,
  inspection,
  set,
}: {
  readonly field: Field;
  readonly source: Source | null;
  /** The options beside the table already answer it for the whole file. */
  readonly settled: boolean;
  readonly inspection: Inspection;
  readonly set: (source: Source | null) => void;
}) {
  const { headers } = inspection;
  const isDate = field.field.endsWith('_on');
  const kinds = (['none', 'column', 'constant', 'add_days', 'concat', 'first_of'] as const).filter(
    (kind) => kind !== 'add_days' || isDate,
  );
  return (
    <div className="map-row">
      <div className="name">
        <span className={source === null && !field.required ? 'soft' : 'strong'}>{field.label}</span>
        {field.required && source === null && !settled && <span className="warn"> needed</span>}
        <div className="muted" style={{ fontSize: 12 }}>
          {field.help}
        </div>
      </div>
      <Select
        size="xs"
        aria-label={`How ${field.label} is found`}
        value={source?.kind ?? 'none'}
        data={kinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
        onChange={(kind) => set(fresh((kind ?? 'none') as Source['kind'] | 'none', headers))}
      />
      <div className="map-source">
        {source !== null && <SourceFields field={field} source={source} inspection={inspection} set={set} />}
      </div>
    </div>
  );
}

function SourceFields({
  field,
  source,
  inspection,
  set,
}: {
  readonly field: Field;
  readonly source: Source;
  readonly inspection: Inspection;
  readonly set: (source: Source) => void;
}) {
  const { headers } = inspection;
  const example = (header: string) =>
    inspection.columns
      .find((column) => column.header === header)
      ?.examples.slice(0, 2)
      .join(', ') ?? '';
  const columns = [...new Set(headers)].map((header) => ({
    value: header,
    label: header === '' ? '(no name)' : header,
  }));
  const column = (label: string, value: string, change: (value: string) => void, hint = true) => (
    <Select
      size="xs"
      aria-label={`${field.label}: ${label}`}
      value={value}
      data={columns}
      onChange={(next) => change(next ?? value)}
      searchable
      description={hint ? example(value) : undefined}
      inputWrapperOrder={['input', 'description']}
    />
  );
  const written = (formats: readonly string[], value: string | null, change: (value: string | null) => void) => (
    <Select
      size="xs"
      aria-label={`How ${field.label} is written`}
      value={value}
      placeholder="How is it written?"
      data={[...formats]}
      onChange={change}
      error={value === null}
    />
  );
  switch (source.kind) {
    case 'column': {
      const formats = formatsOf(field.field);
      return (
        <>
          {column('column', source.column, (next) => set({ ...source, column: next }))}
          {formats !== null && written(formats, source.format ?? null, (next) => set({ ...source, format: next }))}
        </>
      );
    }
    case 'constant':
      return (
        <TextInput
          size="xs"
          aria-label={`${field.label} for all rows`}
          value={source.value}
          onChange={(event) => set({ ...source, value: event.currentTarget.value })}
        />
      );
    case 'add_days':
      return (
        <>
          {column('date', source.date, (next) => set({ ...source, date: next }))}
          {written(dateFormats, source.dateFormat ?? null, (next) => set({ ...source, dateFormat: next }))}
          {column('days to add', source.days, (next) => set({ ...source, days: next }))}
        </>
      );
    case 'concat':
    case 'first_of':
      return (
        <>
          <MultiSelect
            size="xs"
            aria-label={`${field.label}: columns`}
            value={source.columns}
            data={columns}
            onChange={(next) => set({ ...source, columns: next })}
            searchable
          />
          {source.kind === 'concat' && (
            <TextInput
              size="xs"
              aria-label={`${field.label}: between them`}
              placeholder="Between them"
              value={source.separator}
              onChange={(event) => set({ ...source, separator: event.currentTarget.value })}
            />
          )}
        </>
      );
  }
}

type Question = Inspection['questions'][number];

/** What the file leaves open is asked here, with an example of each reading; the answer goes into the mapping. */
export function Questions({
  questions,
  mapping,
  change,
}: {
  readonly questions: readonly Question[];
  readonly mapping: Mapping;
  readonly change: (mapping: Mapping) => void;
}) {
  if (questions.length === 0) return null;
  const chosen = (question: Question) => {
    const source = mapping.fields[question.field];
    return source?.kind === 'column' ? source.format : source?.kind === 'add_days' ? source.dateFormat : null;
  };
  const answer = (question: Question, format: string) => {
    const fields = { ...mapping.fields };
    // One column is written one way: the answer holds for every field that reads it.
    for (const [name, source] of Object.entries(fields)) {
      if (source.kind === 'column' && source.column === question.column && formatsOf(name) !== null)
        fields[name] = { ...source, format };
      if (source.kind === 'add_days' && source.date === question.column)
        fields[name] = { ...source, dateFormat: format };
    }
    change({ ...mapping, fields });
  };
  return (
    <div>
      {questions.map((question) => (
        <section
          key={question.field + question.column}
          className="ask"
          aria-label={`Question about ${question.column}`}
        >
          <p className="strong">{question.sentence}</p>
          <div className="choices">
            {question.choices.map((choice) => (
              <button
                key={choice.format}
                type="button"
                className="choice"
                aria-pressed={chosen(question) === choice.format}
                onClick={() => answer(question, choice.format)}
              >
                <b>{choice.format}</b>
                {choice.example}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
