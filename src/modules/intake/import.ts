import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';
import type { ByteFindings } from './encoding.ts';
import type { Target } from './fields.ts';
import type { Mapping } from './mapping.ts';
import type { FileFormat } from './source-file.ts';

export const importStates = [
  'uploaded',
  'staging',
  'applying',
  'needs_confirmation',
  'done',
  'failed',
  'cancelled',
] as const;
export type ImportState = (typeof importStates)[number];

/** Which rows a full snapshot speaks for: all of the client's, or those in one currency or issued in a span of days. */
export type SnapshotScope = {
  readonly currency?: string | undefined;
  readonly issuedFrom?: string | undefined;
  readonly issuedTo?: string | undefined;
};

/** What was asked of an import. Settled when it starts. */
export type ImportOptions = {
  readonly until: CalendarDate | null;
  readonly fullSnapshot: boolean;
  readonly scope: SnapshotScope;
  readonly format: FileFormat | null;
  readonly headers: readonly string[];
  /** What the pass over the bytes found when they came in, so that nobody reads a gigabyte again to show a page. */
  readonly bytes: Omit<ByteFindings, 'head'> | null;
  /** The import whose kept-aside rows these are. */
  readonly retryOf: Id<'import'> | null;
};

/** Numbers of an import by name, such as `taken`, `unchanged`, `rejected`, `after_until`, `repeated`, `gone`. */
export type ImportCounts = Readonly<Record<string, number>>;

export type Import = {
  readonly id: Id<'import'>;
  readonly clientId: Id<'client'>;
  readonly target: Target;
  readonly fileName: string;
  readonly fileSize: bigint;
  readonly fileSha256: Buffer;
  readonly storedAs: string | null;
  readonly mapping: Mapping | null;
  readonly options: ImportOptions;
  readonly state: ImportState;
  readonly progress: { readonly done: number; readonly of: number; readonly unit: 'bytes' | 'rows' } | null;
  readonly counts: ImportCounts;
  readonly failure: string | null;
  readonly confirmedBy: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly openRejects: number;
};

export const noOptions: ImportOptions = {
  until: null,
  fullSnapshot: false,
  scope: {},
  format: null,
  headers: [],
  bytes: null,
  retryOf: null,
};

/** Where an import may go from each state, and nowhere else. `staging` waits for a worker while nobody claims it. */
export const importMoves: Readonly<Record<ImportState, readonly ImportState[]>> = {
  uploaded: ['staging', 'cancelled'],
  staging: ['applying', 'failed', 'cancelled'],
  applying: ['done', 'needs_confirmation', 'failed'],
  needs_confirmation: ['applying', 'cancelled'],
  done: [],
  failed: ['staging', 'cancelled'],
  cancelled: [],
};

/** States from which an import can come to `to`. */
export const comingTo = (to: ImportState): ImportState[] =>
  importStates.filter((from) => importMoves[from].includes(to));
