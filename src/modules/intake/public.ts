export {
  beginApplying,
  clearStaging,
  failImport,
  finishImport,
  goneSentence,
  type ReadyImport,
} from './apply-import.ts';
export type { Problem } from './cell-readers.ts';
export type { ColumnProfile } from './column-profile.ts';
export { cancelImport, confirmImport, createImport, listImports, loadImport } from './create-import.ts';
export { describesDebts } from './debt-row.ts';
export { type Field, fieldsOf, type Target, targets } from './fields.ts';
export { type FileStore, fileStore, type StoredFile } from './file-store.ts';
export type { Import, ImportCounts, ImportOptions, ImportState, SnapshotScope } from './import.ts';
export { claimImport } from './import.sql.ts';
export type { Inspection } from './inspect-file.ts';
export { checkMapping, type FieldSource, type Mapping, parseMapping } from './mapping.ts';
export { beginRetry, discardRejects, exportRejects, finishRetry, listRejects, type Retry } from './mend-rejects.ts';
export type { PreviewRow } from './preview-rows.ts';
export { type Blocked, curePlaces, readiness } from './readiness.ts';
export type { Reject } from './reject.ts';
export { deleteMapping, findMapping, listMappings, type SavedMapping, saveMapping } from './saved-mappings.ts';
export type { FormatHints } from './source-file.ts';
export { stageFrom, stageImport, type StagingJob } from './stage-import.ts';
export {
  inspectImport,
  previewImport,
  type PreviewInput,
  startImport,
  type StartInput,
  type Within,
} from './start-import.ts';
export type { Question, Suggestion } from './suggest-mapping.ts';
