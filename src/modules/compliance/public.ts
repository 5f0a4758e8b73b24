export { acknowledgeIncident, closeIncident, type NewIncident, openIncident } from './incidents.ts';
export { computeOpenings, openingsPackKey } from './compute-openings.ts';
export { openingsOf } from './openings.ts';
export { type NewConsent, recordConsent, revokeConsent } from './consents.ts';
export { type Decision, decide, type Reason } from './decide.ts';
export type { EventFact, GateFacts } from './gate-facts.ts';
export { type Gated, loadGateFacts, loadLaw, loadRuleBook, type ProposedChange } from './load-gate-facts.ts';
export { decideOverride, requestOverride } from './overrides.ts';
export { factsLater, type Later, supposedContact } from './later-facts.ts';
export { type Answer, assertPermit, type Permit } from './permit.ts';
export { personZones } from './person-zones.ts';
export { endPreference, type NewPreference, recordOptOut, recordPreference } from './preferences.ts';
export { type Act, type Channel, type Content, type Proposal, type Purpose, plainSpeech } from './proposal.ts';
export { type PastAct, recordAfterTheFact, type Recorded, recordInbound } from './record-after-the-fact.ts';
export { localDayOf, type Preview, previewPermits, requestPermits } from './request-permits.ts';
export { type RuleBook, shippedPacks, type Tightening } from './rule-book.ts';
export { type PlanEffect } from './plan-effect.ts';
export { isReplaceable, type Replacement, replaces, settable } from './replace-rule.ts';
export { asReplacement, type Replaced, tryReplacement, type WantedReplacement } from './replacements.ts';
export { findRuleEvidence, keepRuleEvidence, mostEvidenceBytes, type RuleEvidence } from './rule-evidence.ts';
export { cureOf, nothingToTighten, parametersInWords, tightenable } from './rule-in-words.ts';
export type { Rule, RulePack } from './rule-pack.ts';
export { type Settlement, settleRegister } from './settle-register.ts';
export {
  answerWithdrawal,
  approveChange,
  askWithdrawal,
  type ChangeKind,
  type ChangeRefusal,
  findChange,
  proposeChange,
  rejectChange,
  type RuleChange,
} from './rule-changes.ts';
export { type Stricter, textsChanged, tryTightening, type WantedTightening } from './tightenings.ts';
export { type Checked, checkVectors } from './vectors/check-vectors.ts';
export { type PermitFinding, verifyPermits } from './verify-permits.ts';
export { permitTallies } from './permits.sql.ts';
export { checkContent, checkWording, missingWordings, partsCarried } from './content/check-content.ts';
export {
  collectorTypes,
  type ContentContext,
  contentChannels,
  type ContentFinding,
  type ContentMessage,
  type ContentStage,
  debtKinds,
} from './content/content-message.ts';
export type { ContentPack } from './content/content-pack.ts';
export { jurisdictionsOf } from './jurisdictions.ts';
export { isLimitedContentMessage, type VoicemailFacts } from './content/limited-content.ts';
export { contentVersions, shippedContentPacks } from './content/shipped-content.ts';
export { type AddresseeRole, addresseeRoles, truncatedAccountNumber } from './notices/addressee.ts';
export { findCollectorProfile, saveCollectorProfile } from './notices/collector-profile.sql.ts';
export {
  beginDispatch,
  datesIfSentNow,
  recordDispatch,
  recordNotSent,
  recordReturn,
} from './notices/dispatch-notice.ts';
export {
  electronicDelivery,
  type ElectronicSending,
  electronicSubjectLine,
  mayGoElectronically,
} from './notices/electronic-delivery.ts';
export {
  type Itemization,
  type ItemizationDateKind,
  itemizationDateKinds,
  type ItemizationField,
  itemizationFields,
  sumItemization,
} from './notices/itemization.ts';
export {
  findDocument,
  findNotice,
  listNotices,
  type NoticeChannel,
  type NoticeFormat,
  type NoticeLanguage,
  selectSendingNotices,
  type ValidationNotice,
} from './notices/notice.sql.ts';
export {
  type NoticeTerms,
  noticeTermsOn,
  type ValidationTerms,
  validationTermsSchema,
} from './notices/notice-terms.ts';
export {
  findOvershadowing,
  type Overshadowing,
  type PeriodContent,
  withheldInPeriod,
} from './notices/overshadowing.ts';
export { type ValidationOrder, prepareNotice, type PrepareRefusal, type Withheld } from './notices/prepare-notice.ts';
export { type AnsweredReply, listReplies, type NoticeAnswerKind, type NoticeReply } from './notices/reply.sql.ts';
export {
  type DisputeReason,
  disputeReasons,
  type NewAnswer,
  type NewReply,
  recordAnswer,
  recordReply,
  replyMedia,
  type ReplyMedium,
  type ReplyRefusal,
} from './notices/record-reply.ts';
export type { CollectorProfile, Disclosure, ValidationInformation } from './notices/validation-information.ts';
export { validationNoticeDeadline, type ValidationPeriod, validationPeriod } from './notices/validation-period.ts';
export { effectsOfReply } from './notices/reply-effects.ts';
export {
  approveClassification,
  type ClassificationRow,
  classifyClient,
  collectorByKind,
  listClassifications,
} from './classify-client.ts';
export type { LimitationGiven } from './computations/limitation.ts';
export { type DebtRow, describeDebt } from './describe-debt.ts';
export { consentScopes } from './event-facts.ts';
export { legalEventTypes } from './legal-event-catalogue.ts';
export { legalPicture } from './legal-picture.ts';
export { type ListedClock, listClocks } from './list-clocks.ts';
export { type OpenClock, openClocks } from './open-clocks.ts';
export { judgeNote, type NoteWarning } from './judge-note.ts';
export { recordLegalEvent, recordLegalEvents } from './record-legal-event.ts';
export { recordStopRequest, type Stopping } from './record-stop-request.ts';
export { type AddressOfPerson, findAddress, ownerOfAddress } from './find-address.sql.ts';
export { eraseNext, finishErasure, listApprovedErasures } from './keeping/carry-out-erasure.ts';
export { erasedInWords } from './keeping/erased-in-words.ts';
export { type ErasureRecord, type ErasureRow, findErasure, listErasures } from './keeping/erasure-record.ts';
export { approveErasure, declineErasure, requestErasure, withdrawErasure } from './keeping/erasures.ts';
export { type Keeping, keepingOf } from './keeping/keeping-of.ts';
export { findPerson, type Person } from './keeping/kept.sql.ts';
export {
  type HeldBy,
  type LegalHold,
  type ListedLegalHold,
  listLegalHolds,
  placeLegalHold,
  releaseLegalHold,
} from './keeping/legal-holds.ts';
export { type Obstacle, obstaclesToErasing } from './keeping/obstacles.ts';
export { type KeptPerson, listKeptPersons } from './keeping/retention-list.ts';
export { retentionDuties, retentionOf } from './keeping/retention-of.ts';
export { type DebtParticulars } from './debt-particulars.ts';
export { lockPeopleDescribed, type TakenDebts, takeInDebts } from './take-in-debts.ts';
export { prepareMissingNotices, type PreparedMissing } from './notices/prepare-missing.ts';
export { type EmailProcedure, type StatedProcedure, stateEmailProcedure } from './state-email-procedure.ts';
