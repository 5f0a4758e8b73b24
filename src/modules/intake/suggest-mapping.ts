import type { DateFormat } from '../../kernel/calendar.ts';
import { type ColumnProfile, profileColumns } from './column-profile.ts';
import { consumerMarks } from './debt-fields.ts';
import { type Field, fieldsOf, type Target } from './fields.ts';
import { headerWords } from './header.ts';
import type { AmountFormat, FieldSource, Mapping } from './mapping.ts';

/** A doubt only a person can settle: both readings with one of the file's own values read each way. */
export type Question = {
  readonly field: string;
  readonly column: string;
  readonly sentence: string;
  readonly choices: readonly { readonly format: string; readonly example: string }[];
};

export type Suggestion = {
  readonly mapping: Mapping;
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
};

/** A mapping from what headers say and values look like. What the values leave open is asked, never guessed. */
export function suggestMapping(
  columns: readonly ColumnProfile[],
  target: Target,
  defaults: { currency?: string | null; country?: string | null; timeZone?: string | null } = {},
): Suggestion {
  const chosen = assign(columns, target);
  const fields: Record<string, FieldSource> = {};
  const questions: Question[] = [];
  const blank: string[] = [];
  for (const field of fieldsOf(target)) {
    const column = chosen.get(field);
    if (!column) continue;
    if (column.distinct === 0 && (field.type === 'date' || field.type === 'amount')) {
      blank.push(column.header);
      continue;
    }
    fields[field.name] = sourceOf(field, column);
    const question = questionAbout(field, column);
    if (question) questions.push(question);
  }
  const notes = blank.map(
    (header) => `"${header}" is blank in every row looked at, so how it is written cannot be told; it is left out.`,
  );
  notes.push(...unfit(columns, chosen, target));
  computeSettlement(fields, columns, target, questions, notes);
  if (fields.currency === undefined && defaults.currency) {
    notes.push(`The file names no currency; all amounts are taken as ${defaults.currency}, the client's currency.`);
  }
  if (target === 'items' && fields.item_number === undefined) {
    notes.push(
      'The file has no invoice numbers: rows are recognised by their contents, and two equal rows are two invoices.',
    );
  }
  const people = Object.keys(fields).some((name) => consumerMarks.has(name));
  if (people)
    notes.push(
      'The file describes consumer debts, so its customers are taken as people. Choose businesses if they are not.',
    );
  if (fields.party_name === undefined && fields.party_ref !== undefined)
    notes.push('The file has no customer names: the customer number stands in for the name.');
  return {
    mapping: {
      target,
      fields,
      defaults: {
        currency: defaults.currency ?? null,
        country: defaults.country ?? null,
        timeZone: defaults.timeZone ?? null,
        partyKind: people ? 'person' : 'business',
      },
    },
    questions,
    notes,
  };
}

/** Columns that are called like a field nothing else stands for, but do not hold such values: left out, never silently. */
function unfit(columns: readonly ColumnProfile[], chosen: ReadonlyMap<Field, ColumnProfile>, target: Target): string[] {
  const taken = new Set(chosen.values());
  return columns.flatMap((column) => {
    const field = fieldsOf(target).find((one) => !chosen.has(one) && one.words.includes(headerWords(column.header)));
    if (!field || taken.has(column) || valuesAllow(field, column)) return [];
    return `"${column.header}" is called like "${field.label}", but ${atOdds(field, column)}. It is left out; correct those cells, or choose the column by hand.`;
  });
}

function atOdds(field: Field, column: ColumnProfile): string {
  const alone = (sample: string) => profileColumns([column.header], [[sample]])[0];
  const odd = column.samples.find((sample) => {
    const profile = alone(sample);
    return profile && !valuesAllow(field, profile);
  });
  return `too many of its cells cannot be read as that${odd === undefined ? '' : ` (for example "${odd.slice(0, 60)}")`}`;
}

/** Each field gets at most one column and each column at most one field, best matches first. */
function assign(columns: readonly ColumnProfile[], target: Target): Map<Field, ColumnProfile> {
  const candidates = fieldsOf(target)
    .flatMap((field, order) =>
      columns.map((column, position) => ({ field, column, order, position, score: scoreOf(field, column) })),
    )
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order || a.position - b.position);
  const chosen = new Map<Field, ColumnProfile>();
  const taken = new Set<ColumnProfile>();
  for (const { field, column } of candidates) {
    if (chosen.has(field) || taken.has(column)) continue;
    chosen.set(field, column);
    taken.add(column);
  }
  return chosen;
}

/** 0 unless the header speaks for the field (or the values do, for addresses and currency codes) and the values allow it. */
function scoreOf(field: Field, column: ColumnProfile): number {
  if (!valuesAllow(field, column)) return 0;
  const header = headerWords(column.header);
  const exact = field.words.indexOf(header);
  // The earlier a word stands in its list, the more surely it means the field.
  if (exact >= 0) return 2 - exact / 100;
  if (field.words.some((words) => words.includes(' ') && header.includes(words))) return 1;
  if (field.type === 'email' && column.emailShare > 0.8) return 0.6;
  if (field.type === 'currency' && column.currencyShare === 1 && column.distinct <= 20) return 0.6;
  return 0;
}

function valuesAllow(field: Field, column: ColumnProfile): boolean {
  if (column.distinct === 0) return true;
  switch (field.type) {
    case 'date':
      return column.dateFormats.length > 0;
    case 'amount':
      return column.amountFormats.length > 0;
    // By its header alone: left out for a few bad cells, every amount would be taken as the client's currency, and nobody written to.
    // Read, the bad cells are kept aside row by row.
    case 'email':
      return column.emailShare > 0.5 || (isCalled(field, column) && isPlainText(column));
    case 'currency':
      return column.currencyShare > 0.5 || (isCalled(field, column) && isPlainText(column));
    case 'country':
      return column.samples.every((sample) => /^\p{L}[\p{L} .'-]*$/u.test(sample));
    case 'zone':
      return column.samples.every((sample) => sample === 'UTC' || sample.includes('/'));
    case 'language':
      return column.samples.every((sample) => /^[a-z]{2,3}([-_][a-z]{2,4})?$/i.test(sample));
    case 'text':
      return column.emailShare < 0.5;
  }
}

const isCalled = (field: Field, column: ColumnProfile) => field.words.includes(headerWords(column.header));
const isPlainText = (column: ColumnProfile) => column.dateFormats.length === 0 && column.amountFormats.length === 0;

const only = <T>(values: readonly T[]): T | null => (values.length === 1 ? (values[0] ?? null) : null);

function sourceOf(field: Field, column: ColumnProfile): FieldSource {
  if (field.type === 'date') return { kind: 'column', column: column.header, format: only(column.dateFormats) };
  if (field.type === 'amount') return { kind: 'column', column: column.header, format: only(column.amountFormats) };
  return { kind: 'column', column: column.header, format: null };
}

function questionAbout(field: Field, column: ColumnProfile): Question | null {
  if (field.type === 'date' && column.dateFormats.length > 1) return dateQuestion(field, column);
  if (field.type === 'amount' && column.amountFormats.length > 1) return amountQuestion(field, column);
  return null;
}

function dateQuestion(field: Field, column: ColumnProfile): Question {
  const example = column.samples[0] ?? '';
  return {
    field: field.name,
    column: column.header,
    sentence: `The dates in "${column.header}" (for example ${example}) can be read in ${column.dateFormats.length} ways. How are they written?`,
    choices: column.dateFormats.map((format) => ({ format, example: `${example} as ${spoken(format)}` })),
  };
}

const spoken = (format: DateFormat) =>
  /^D/.test(format) ? `day first (${format})` : /^M/.test(format) ? `month first (${format})` : format;

function amountQuestion(field: Field, column: ColumnProfile): Question {
  const example = column.samples.find((sample) => /[.,]/.test(sample)) ?? '';
  const meaning: Readonly<Record<AmountFormat, string>> = {
    '1,234.56': 'the point marks cents',
    '1.234,56': 'the comma marks cents',
  };
  return {
    field: field.name,
    column: column.header,
    sentence: `The amounts in "${column.header}" (for example ${example}) can be read in two ways. Which mark separates cents?`,
    choices: column.amountFormats.map((format) => ({ format, example: `${example}: ${meaning[format]}` })),
  };
}

const daysToPay = /^(number of )?days (until|to|till) (payment|pay|settle|settlement|paid)$/;

/** Without a payment date, "invoice date + days to pay" is one. */
function computeSettlement(
  fields: Record<string, FieldSource>,
  columns: readonly ColumnProfile[],
  target: Target,
  questions: Question[],
  notes: string[],
): void {
  const issued = fields.issued_on;
  if (target !== 'items' || fields.settled_on !== undefined || issued?.kind !== 'column') return;
  const days = columns.find((column) => daysToPay.test(headerWords(column.header)) && column.allWholeNumbers);
  if (!days) return;
  fields.settled_on = { kind: 'add_days', date: issued.column, dateFormat: issued.format, days: days.header };
  const doubt = questions.find((question) => question.field === 'issued_on');
  if (doubt) questions.push({ ...doubt, field: 'settled_on' });
  notes.push(`The payment date is computed: "${issued.column}" plus "${days.header}".`);
}
