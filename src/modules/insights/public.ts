/** Reads only. Amounts are bigint minor units and instants are Date; names and nesting are those of the API contract. */
export { type ItemRow, listItems } from './account-items.ts';
export { listTransfers, type TransferRow } from './account-ledger.ts';
export { type AccountPage, accountPage } from './account-page.ts';
export type { ContactPointRow, HoldRow, PromiseRow } from './account-page.sql.ts';
export { ageing, type Ageing, type BucketFigure, todayOf } from './ageing.ts';
export { type Bucket, bucketOf, buckets } from './buckets.ts';
export { clientsOf, type OwnedKind } from './clients-of.ts';
export type { Page } from './cursor.ts';
export { type Dso, dso } from './dso.ts';
export { exportAccounts } from './export-accounts.ts';
export { type AccountListPage, type AccountRow, listAccounts, type Reference } from './list-accounts.ts';
export type { AccountFilter, AccountSort } from './list-accounts.sql.ts';
export type { RowScope } from './row-scope.ts';
export { searchAccounts, type SearchHit } from './search.ts';
export { timeline } from './timeline.ts';
export type { TimelineEntry } from './timeline-entry.ts';
export type { Why } from './why.ts';
