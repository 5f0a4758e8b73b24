export { type Account, type BalanceSource, type DebtKind, importedAccountId } from './account.ts';
export { findAccount } from './account.sql.ts';
export { type AccountState, accountStates, mayMove } from './account-state.ts';
export { addItem, type NewItem } from './add-item.ts';
export { adjustOpen } from './adjust-open.sql.ts';
export type { Client, ClientKind, NewClient } from './client.ts';
export { advanceFeed, findClient, listClients, lockClient } from './client.sql.ts';
export { createAccount, type NewAccount } from './create-account.ts';
export { createClient, updateClient } from './create-client.ts';
export type { Facts } from './facts.ts';
/** What happens to accounts, written down in its own transaction for whoever reacts to it. */
export { type AccountEvent, accountEvents, eventWords } from './event.ts';
export {
  listenForEvents,
  reportEvent,
  reportEventOfParty,
  reportEvents,
  settleEvents,
  takeEvents,
} from './events.sql.ts';
export { importedItemId, type ItemKind } from './item.ts';
export { findFacts, loadFacts, lockAccounts, lockSelectedAccounts, lockWithPersons } from './lock-accounts.sql.ts';
export { type FactsSelection, refreshFacts } from './refresh-facts.ts';
export {
  forgetStops,
  noteAnyStop,
  noteStopsOf,
  raiseStopEpochs,
  raiseStopEpochsOfCluster,
  takeStops,
} from './stop-epoch.sql.ts';
export {
  type Hold,
  type HoldCoverage,
  type HoldEffect,
  type HoldReason,
  holdEffects,
  holdReasons,
  type NewHold,
} from './hold.ts';
export { findHold, liveHolds } from './hold.sql.ts';
export { placeHold, placeHoldsOfPlans } from './place-hold.ts';
export { releaseHold, releaseHolds } from './release-hold.ts';
export { type NewWideStop, listWideStops, placeWideStop, releaseWideStop, type WideStop } from './wide-stop.ts';
export { type TakenInItems, takeInItems } from './take-in-items.ts';
export { type HubFinding, verifyHub } from './verify-hub.ts';
export type { Case } from './case.ts';
export { findCase, findCaseOf, listAccountsOfCase, lockOpenCase } from './case.sql.ts';
export { assignCase, closeCase, reopenCase } from './change-case.ts';
export { addToCase, openCase, removeFromCase } from './open-case.ts';
export { type AccountChanges, changeAccount, changeState } from './change-account.ts';
export { joinMatch, joinPeople, linkPeople, partPeople, refreshParty, unlinkPeople } from './person.ts';
export { hubTallies } from './item-tallies.sql.ts';
