import type * as accounts from '../../src/edge/api/contract/accounts.ts';
import type * as audit from '../../src/edge/api/contract/audit.ts';
import type * as cases from '../../src/edge/api/contract/cases.ts';
import type * as evidence from '../../src/edge/api/contract/evidence.ts';
import type * as imports from '../../src/edge/api/contract/imports.ts';
import type * as keeping from '../../src/edge/api/contract/keeping.ts';
import type * as notices from '../../src/edge/api/contract/notices.ts';
import type * as legal from '../../src/edge/api/contract/legal.ts';
import type * as outbox from '../../src/edge/api/contract/outbox.ts';
import type * as payments from '../../src/edge/api/contract/payments.ts';
import type * as people from '../../src/edge/api/contract/people.ts';
import type * as permits from '../../src/edge/api/contract/permits.ts';
import type * as ruleChanges from '../../src/edge/api/contract/rule-changes.ts';
import type * as rehearsals from '../../src/edge/api/contract/rehearsals.ts';
import type { BodyOf, ParamsOf, QueryOf, ResponseOf } from '../../src/edge/api/contract/route.ts';
import type * as experiments from '../../src/edge/api/contract/experiments.ts';
import type * as priority from '../../src/edge/api/contract/priority.ts';
import type * as segments from '../../src/edge/api/contract/segments.ts';
import type * as simulations from '../../src/edge/api/contract/simulations.ts';
import type * as selection from '../../src/edge/api/contract/selection.ts';
import type * as session from '../../src/edge/api/contract/session.ts';
import type * as settings from '../../src/edge/api/contract/settings.ts';
import type * as strategies from '../../src/edge/api/contract/strategies.ts';
import type * as templates from '../../src/edge/api/contract/templates.ts';
import type * as today from '../../src/edge/api/contract/today.ts';
import type * as worklist from '../../src/edge/api/contract/worklist.ts';

type Areas = typeof session &
  typeof today &
  typeof accounts &
  typeof cases &
  typeof people &
  typeof worklist &
  typeof outbox &
  typeof segments &
  typeof experiments &
  typeof simulations &
  typeof strategies &
  typeof selection &
  typeof rehearsals &
  typeof priority &
  typeof notices &
  typeof payments &
  typeof imports &
  typeof legal &
  typeof audit &
  typeof evidence &
  typeof keeping &
  typeof settings &
  typeof templates &
  typeof permits &
  typeof ruleChanges;
type Route = { readonly operationId: string; readonly method: string; readonly path: string };
export type OperationName = { [K in keyof Areas]: Areas[K] extends Route ? K : never }[keyof Areas];
type Line<N extends OperationName> = Areas[N] extends Route ? `${Areas[N]['method']} ${Areas[N]['path']}` : never;

// The contract is imported for its types only, so that no schema library travels to the browser. Each line is checked
// against the contract by the compiler: a path that moves, or an operation that is missing here, does not compile.
export const operations: { readonly [N in OperationName]: Line<N> } = {
  getWeights: 'GET /api/v1/priority/weights',
  tryWeights: 'POST /api/v1/priority/weights/try',
  changeWeights: 'PUT /api/v1/priority/weights',
  getBudgets: 'GET /api/v1/budgets',
  changeBudgets: 'PUT /api/v1/budgets',
  listFactFields: 'GET /api/v1/facts',
  listSegments: 'GET /api/v1/segments',
  tryRule: 'POST /api/v1/segments/try',
  createSegment: 'POST /api/v1/segments',
  changeSegment: 'PUT /api/v1/segments/{segmentId}',
  archiveSegment: 'POST /api/v1/segments/{segmentId}/archive',
  listExperiments: 'GET /api/v1/experiments',
  getExperiment: 'GET /api/v1/experiments/{experimentId}',
  planExperiment: 'POST /api/v1/experiments/plan',
  createExperiment: 'POST /api/v1/experiments',
  changeExperiment: 'PUT /api/v1/experiments/{experimentId}',
  startExperiment: 'POST /api/v1/experiments/{experimentId}/start',
  widenExperiment: 'POST /api/v1/experiments/{experimentId}/widen',
  stopExperiment: 'POST /api/v1/experiments/{experimentId}/stop',
  decideExperiment: 'POST /api/v1/experiments/{experimentId}/decide',
  listSimulations: 'GET /api/v1/simulations',
  startSimulation: 'POST /api/v1/simulations',
  getSimulation: 'GET /api/v1/simulations/{simulationId}',
  cancelSimulation: 'POST /api/v1/simulations/{simulationId}/cancel',
  listSimulatedAccounts: 'GET /api/v1/simulations/{simulationId}/accounts',
  listStrategies: 'GET /api/v1/strategies',
  createStrategy: 'POST /api/v1/strategies',
  readStrategy: 'GET /api/v1/strategies/{strategyId}',
  changeDraft: 'PUT /api/v1/strategies/{strategyId}/draft',
  discardDraft: 'DELETE /api/v1/strategies/{strategyId}/draft',
  checkStrategy: 'POST /api/v1/strategies/check',
  publishStrategy: 'POST /api/v1/strategies/{strategyId}/publish',
  compareVersions: 'GET /api/v1/strategies/{strategyId}/compare',
  setPublishing: 'PUT /api/v1/strategies/publishing',
  getSelection: 'GET /api/v1/selection',
  changeSelection: 'PUT /api/v1/selection',
  trySelection: 'POST /api/v1/selection/try',
  rehearseDay: 'POST /api/v1/rehearsals',
  listRehearsals: 'GET /api/v1/rehearsals',
  listRehearsalRows: 'GET /api/v1/rehearsals/{rehearsalId}/rows',
  getRun: 'GET /api/v1/runs/{runId}',
  listRunDecisions: 'GET /api/v1/runs/{runId}/decisions',
  approveClassification: 'POST /api/v1/classifications/{classificationId}/approve',
  classifyClient: 'POST /api/v1/clients/{clientId}/classifications',
  describeDebt: 'PUT /api/v1/accounts/{accountId}/debt',
  endWish: 'POST /api/v1/wishes/{wishId}/end',
  getLegal: 'GET /api/v1/accounts/{accountId}/legal',
  listClassifications: 'GET /api/v1/clients/{clientId}/classifications',
  listClocks: 'GET /api/v1/clocks',
  listLegalEventTypes: 'GET /api/v1/legal-event-types',
  recordConsent: 'POST /api/v1/accounts/{accountId}/consents',
  recordLegalEvent: 'POST /api/v1/accounts/{accountId}/legal-events',
  recordStopRequest: 'POST /api/v1/accounts/{accountId}/stop-requests',
  recordWish: 'POST /api/v1/accounts/{accountId}/wishes',
  revokeConsent: 'POST /api/v1/consents/{consentId}/revoke',
  listPermits: 'GET /api/v1/permits',
  getPermit: 'GET /api/v1/permits/{permitId}',
  countPrevented: 'GET /api/v1/permits/prevented',
  listTightenings: 'GET /api/v1/tightenings',
  tryTightening: 'POST /api/v1/tightenings/effect',
  listReplacements: 'GET /api/v1/replacements',
  keepEvidence: 'POST /api/v1/replacements/evidence',
  getEvidence: 'GET /api/v1/replacements/evidence/{evidenceId}',
  tryReplacement: 'POST /api/v1/replacements/effect',
  proposeReplacement: 'POST /api/v1/replacements',
  tryReplacementOnPlan: 'GET /api/v1/replacements/{replacementId}/effect',
  approveReplacement: 'POST /api/v1/replacements/{replacementId}/approve',
  rejectReplacement: 'POST /api/v1/replacements/{replacementId}/reject',
  askReplacementEnd: 'POST /api/v1/replacements/{replacementId}/withdraw',
  answerReplacementEnd: 'POST /api/v1/replacements/{replacementId}/answer-withdrawal',
  exportIncidents: 'GET /api/v1/incidents/export',
  checkTightening: 'POST /api/v1/tightenings/check',
  proposeTightening: 'POST /api/v1/tightenings',
  tryOnPlan: 'GET /api/v1/tightenings/{tighteningId}/effect',
  approveTightening: 'POST /api/v1/tightenings/{tighteningId}/approve',
  rejectTightening: 'POST /api/v1/tightenings/{tighteningId}/reject',
  askWithdrawal: 'POST /api/v1/tightenings/{tighteningId}/withdraw',
  answerWithdrawal: 'POST /api/v1/tightenings/{tighteningId}/answer-withdrawal',
  listOverrides: 'GET /api/v1/overrides',
  askOverride: 'POST /api/v1/accounts/{accountId}/overrides',
  decideOverride: 'POST /api/v1/overrides/{overrideId}/decide',
  acknowledgeIncident: 'POST /api/v1/incidents/{incidentId}/acknowledge',
  createFirst: 'POST /api/v1/setup',
  getSession: 'GET /api/v1/session',
  getSetup: 'GET /api/v1/setup',
  listSessions: 'GET /api/v1/sessions',
  moveClock: 'POST /api/v1/clock',
  revokeSession: 'DELETE /api/v1/sessions/{sessionId}',
  signIn: 'POST /api/v1/session',
  signOut: 'DELETE /api/v1/session',
  getAgeing: 'GET /api/v1/reports/ageing',
  getDso: 'GET /api/v1/reports/dso',
  getToday: 'GET /api/v1/today',
  addContactPoint: 'POST /api/v1/accounts/{accountId}/contact-points',
  addItem: 'POST /api/v1/accounts/{accountId}/items',
  addNote: 'POST /api/v1/accounts/{accountId}/notes',
  cancelPromise: 'POST /api/v1/promises/{promiseId}/cancel',
  changeAccount: 'PATCH /api/v1/accounts/{accountId}',
  changeContactPoint: 'PATCH /api/v1/accounts/{accountId}/contact-points/{contactPointId}',
  changeParty: 'PATCH /api/v1/accounts/{accountId}/party',
  checkContact: 'GET /api/v1/accounts/{accountId}/permit-check',
  createAccount: 'POST /api/v1/accounts',
  explainAccount: 'GET /api/v1/accounts/{accountId}/why',
  exportAccounts: 'GET /api/v1/accounts/export',
  listLegalHolds: 'GET /api/v1/legal-holds',
  placeLegalHold: 'POST /api/v1/legal-holds',
  releaseLegalHold: 'POST /api/v1/legal-holds/{legalHoldId}/release',
  listKeptPersons: 'GET /api/v1/retention',
  getAccountKeeping: 'GET /api/v1/accounts/{accountId}/keeping',
  getErasure: 'GET /api/v1/erasures/{erasureId}',
  declineErasure: 'POST /api/v1/erasures/{erasureId}/decline',
  listErasures: 'GET /api/v1/erasures',
  requestErasure: 'POST /api/v1/erasures',
  approveErasure: 'POST /api/v1/erasures/{erasureId}/approve',
  withdrawErasure: 'POST /api/v1/erasures/{erasureId}/withdraw',
  exportPerson: 'GET /api/v1/parties/{partyId}/export',
  getAccountEvidence: 'GET /api/v1/accounts/{accountId}/evidence',
  getPeriodEvidence: 'GET /api/v1/evidence',
  getAccount: 'GET /api/v1/accounts/{accountId}',
  getTimeline: 'GET /api/v1/accounts/{accountId}/timeline',
  listAccounts: 'GET /api/v1/accounts',
  listItems: 'GET /api/v1/accounts/{accountId}/items',
  listTransfers: 'GET /api/v1/accounts/{accountId}/ledger',
  logCall: 'POST /api/v1/accounts/{accountId}/calls',
  makePromise: 'POST /api/v1/accounts/{accountId}/promises',
  placeHold: 'POST /api/v1/accounts/{accountId}/holds',
  releaseHold: 'POST /api/v1/holds/{holdId}/release',
  sendNow: 'POST /api/v1/accounts/{accountId}/send',
  addToCase: 'POST /api/v1/cases/{caseId}/accounts',
  assignCase: 'POST /api/v1/cases/{caseId}/assign',
  closeCase: 'POST /api/v1/cases/{caseId}/close',
  getCase: 'GET /api/v1/cases/{caseId}',
  listCases: 'GET /api/v1/cases',
  openCase: 'POST /api/v1/cases',
  removeFromCase: 'DELETE /api/v1/cases/{caseId}/accounts/{accountId}',
  reopenCase: 'POST /api/v1/cases/{caseId}/reopen',
  addLink: 'POST /api/v1/accounts/{accountId}/links',
  dismissMatch: 'POST /api/v1/matches/{matchId}/dismiss',
  endLink: 'POST /api/v1/links/{linkId}/end',
  findMatches: 'POST /api/v1/matches/search',
  getMatch: 'GET /api/v1/matches/{matchId}',
  listLinks: 'GET /api/v1/accounts/{accountId}/links',
  listMatches: 'GET /api/v1/matches',
  mergeMatch: 'POST /api/v1/matches/{matchId}/merge',
  reopenMatch: 'POST /api/v1/matches/{matchId}/reopen',
  searchParties: 'GET /api/v1/parties',
  undoMerge: 'POST /api/v1/merges/{mergeId}/undo',
  decidePlan: 'POST /api/v1/tasks/{taskId}/decide',
  closeTask: 'POST /api/v1/tasks/{taskId}/close',
  listTasks: 'GET /api/v1/tasks',
  nextAccount: 'POST /api/v1/worklist/next',
  reopenTask: 'POST /api/v1/tasks/{taskId}/reopen',
  getMessage: 'GET /api/v1/messages/{messageId}',
  getStrategy: 'GET /api/v1/strategy',
  listMessages: 'GET /api/v1/messages',
  listPlans: 'GET /api/v1/plans',
  listRuns: 'GET /api/v1/runs',
  resolveUncertain: 'POST /api/v1/messages/{messageId}/resolve',
  runDay: 'POST /api/v1/runs',
  sendDue: 'POST /api/v1/messages/send-due',
  addRepresentative: 'POST /api/v1/accounts/{accountId}/representatives',
  getCollector: 'GET /api/v1/collector',
  getNoticeHtml: 'GET /api/v1/notices/{noticeId}/html',
  getNoticePdf: 'GET /api/v1/notices/{noticeId}/pdf',
  listAccountNotices: 'GET /api/v1/accounts/{accountId}/notices',
  listNoticeClocks: 'GET /api/v1/notice-clocks',
  prepareNotice: 'POST /api/v1/accounts/{accountId}/notices',
  recordNoticeAnswer: 'POST /api/v1/accounts/{accountId}/notice-replies/{replyId}/answers',
  recordNoticeReply: 'POST /api/v1/notices/{noticeId}/replies',
  recordNoticeReturn: 'POST /api/v1/notices/{noticeId}/return',
  saveCollector: 'PUT /api/v1/collector',
  sendNotice: 'POST /api/v1/notices/{noticeId}/send',
  getReceipt: 'GET /api/v1/receipts/{receiptId}',
  listReceipts: 'GET /api/v1/receipts',
  reallocate: 'PUT /api/v1/receipts/{receiptId}/allocations',
  recordReceipt: 'POST /api/v1/receipts',
  reverseReceipt: 'POST /api/v1/receipts/{receiptId}/reverse',
  reviewReceipt: 'POST /api/v1/receipts/{receiptId}/review',
  confirmImport: 'POST /api/v1/imports/{importId}/confirm',
  cureReadiness: 'POST /api/v1/readiness/cure',
  stateEmailProcedure: 'POST /api/v1/readiness/email-procedure',
  prepareMissingNotices: 'POST /api/v1/readiness/notices',
  deleteMapping: 'DELETE /api/v1/mappings/{mappingId}',
  discardRejects: 'POST /api/v1/imports/{importId}/rejects/discard',
  exportRejects: 'GET /api/v1/imports/{importId}/rejects/export',
  getImport: 'GET /api/v1/imports/{importId}',
  getReadiness: 'GET /api/v1/readiness',
  inspectImport: 'GET /api/v1/imports/{importId}/inspection',
  listImports: 'GET /api/v1/imports',
  listMappings: 'GET /api/v1/mappings',
  listRejects: 'GET /api/v1/imports/{importId}/rejects',
  previewImport: 'POST /api/v1/imports/{importId}/preview',
  retryRejects: 'POST /api/v1/imports/{importId}/rejects/retry',
  startImport: 'POST /api/v1/imports/{importId}/start',
  uploadImport: 'POST /api/v1/imports',
  closeIncident: 'POST /api/v1/incidents/{incidentId}/close',
  listAudit: 'GET /api/v1/audit',
  listIncidents: 'GET /api/v1/incidents',
  listRules: 'GET /api/v1/rules',
  search: 'GET /api/v1/search',
  verifyAudit: 'POST /api/v1/audit/verify',
  checkNotice: 'POST /api/v1/accounts/{accountId}/send/check',
  checkTemplate: 'POST /api/v1/templates/check',
  listTemplates: 'GET /api/v1/templates',
  listTemplateVersions: 'GET /api/v1/templates/versions',
  publishTemplate: 'POST /api/v1/templates',
  addMember: 'POST /api/v1/members',
  changeMember: 'PATCH /api/v1/members/{memberId}',
  createClient: 'POST /api/v1/clients',
  createKey: 'POST /api/v1/keys',
  listClients: 'GET /api/v1/clients',
  listKeys: 'GET /api/v1/keys',
  listMembers: 'GET /api/v1/members',
  listWideStops: 'GET /api/v1/wide-stops',
  placeWideStop: 'POST /api/v1/wide-stops',
  getRates: 'GET /api/v1/rates',
  setRate: 'POST /api/v1/rates',
  releaseWideStop: 'DELETE /api/v1/wide-stops/{stopId}',
  revokeKey: 'DELETE /api/v1/keys/{keyId}',
  updateClient: 'PUT /api/v1/clients/{clientId}',
};

export type Output<N extends OperationName> = ResponseOf<Areas[N]>;
type Present<T, K extends string> = [T] extends [undefined]
  ? { readonly [P in K]?: undefined }
  : Record<never, never> extends T
    ? { readonly [P in K]?: T }
    : { readonly [P in K]: T };
export type Input<N extends OperationName> = Present<ParamsOf<Areas[N]>, 'params'> &
  Present<QueryOf<Areas[N]>, 'query'> &
  Present<BodyOf<Areas[N]>, 'body'> & {
    /** The row version the edit was made from. */
    readonly ifMatch?: string;
    readonly form?: FormData;
    readonly signal?: AbortSignal;
  };
