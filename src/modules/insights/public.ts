/** Reads only. Amounts are bigint minor units and instants are Date; names and nesting are those of the API contract. */
export { type ItemRow, listItems } from './account-items.ts';
export { listTransfers, type TransferRow } from './account-ledger.ts';
export { type AccountPage, accountPage } from './account-page.ts';
export type { ContactPointRow, HoldRow, PromiseRow } from './account-page.sql.ts';
export { ageing, type Ageing, type BucketFigure, todayOf } from './ageing.ts';
export { type Bucket, bucketOf, buckets } from './buckets.ts';
export { caseOfAccount, type CasePage, casePage, listCases } from './case-page.ts';
export { type LinkRow, listLinks } from './list-links.ts';
export {
  type Consequences,
  listMatches,
  matchPage,
  type MatchParty,
  type MatchProgress,
  matchProgress,
  type MatchRow,
} from './list-matches.ts';
export { clientsOf, type OwnedKind } from './clients-of.ts';
export { findPermitWhy } from './find-permit-why.ts';
export { findPromiseAccount, firstAccountOfCluster } from './find-account.ts';
export type { Page } from './page.ts';
export { type Dso, dso } from './dso.ts';
export { exportAccounts } from './export-accounts.ts';
export { type AccountListPage, type AccountRow, listAccounts, type Reference } from './list-accounts.ts';
export type { AccountFilter, AccountSort } from './list-accounts.sql.ts';
export type { RowScope } from './row-scope.ts';
export { type PersonHit, searchPeople } from './search-people.ts';
export { searchAccounts, type SearchHit } from './search.ts';
export { changesSince, getTimeline } from './timeline.ts';
export type { TimelineEntry } from './timeline-entry.ts';
export { knownNumbers } from './known-numbers.ts';
export { type Why, whyOfVerdict } from './why.ts';
export { type FactLine, factsInWords } from './facts-in-words.ts';
export { exportIncidents, type IncidentFilter, type IncidentRow, listIncidents } from './list-incidents.ts';
export {
  countPrevented,
  findPermit,
  listPermits,
  type PermitDetail,
  type PermitFilter,
  type PermitRow,
  type PreventedDay,
} from './list-permits.ts';
export { listOverrides, type OverrideRow } from './list-overrides.ts';
export { listRuleChanges, type RuleChangeRow } from './list-rule-changes.ts';
export { findMessage, listMessages, type MessageFilter, type MessageRow as MessageListRow } from './list-messages.ts';
export { listPlans, listRuns, type PlanRow, type RunRow } from './list-plans.ts';
export {
  type AllocationRow,
  findReceiptRow,
  listReceipts,
  type ReceiptFilter,
  type ReceiptRow,
} from './list-receipts.ts';
export { todayFigures, type TodayFigures } from './today.ts';
export {
  listNoticeClocks,
  type NoticeClock,
  type NoticeClockKind,
  type NoticeClockTerms,
} from './list-notice-clocks.ts';
export { type AccountEvidence, evidenceOf } from './evidence/evidence.ts';
export {
  type AccountHead,
  fileOfDocument,
  findAccountHead,
  findNextDocument,
  type NoticeDocument,
  type Period,
  streamAccountsOf,
} from './evidence/evidence.sql.ts';
export { accountsWithin, type ExportedPerson, exportedKinds, exportPage } from './evidence/export-person.ts';
