import type { Ctx } from '../../kernel/ctx.ts';
import { type Refusal, refuse } from '../../kernel/result.ts';
import { clientsOf, type OwnedKind, type RowScope } from '../../modules/insights/public.ts';
import type { Caller } from './caller.ts';
import type { RefusalCode } from './refusals.ts';

/** Names under which requests carry ids of rows that belong to clients. Item ids are checked against their account by the rooms. */
const kinds: Readonly<Record<string, OwnedKind>> = {
  accountId: 'account',
  accountIds: 'account',
  alsoTaskIds: 'task',
  caseId: 'case',
  classificationId: 'classification',
  clientId: 'client',
  consentId: 'consent',
  contactPointId: 'contact_point',
  holdId: 'hold',
  importId: 'import',
  incidentId: 'incident',
  linkId: 'link',
  messageId: 'message',
  overrideId: 'override',
  partyId: 'party',
  noticeId: 'notice',
  supersedesId: 'notice',
  permitId: 'permit',
  promiseId: 'promise',
  receiptId: 'receipt',
  skip: 'task',
  stopId: 'wide_stop',
  taskId: 'task',
  wishId: 'wish',
};

/** What is changed whole or not at all. */
const whole: ReadonlySet<OwnedKind> = new Set(['hold', 'case', 'wish']);

/** Operations that concern the tenant as a whole: a member who may see some clients only has no part in them. */
const wholeTenant: ReadonlySet<string> = new Set([
  'acknowledgeIncident',
  'addMember',
  'checkTemplate',
  'listTemplateVersions',
  'listTemplates',
  'publishTemplate',
  'answerReplacementEnd',
  'answerWithdrawal',
  'approveReplacement',
  'approveTightening',
  'askReplacementEnd',
  'askWithdrawal',
  'approveErasure',
  'changeMember',
  'declineErasure',
  'closeIncident',
  'createClient',
  'createKey',
  'createSegment',
  'changeSegment',
  'archiveSegment',
  'listSegments',
  'listExperiments',
  'getExperiment',
  'planExperiment',
  'createExperiment',
  'changeExperiment',
  'startExperiment',
  'widenExperiment',
  'stopExperiment',
  'decideExperiment',
  'listSimulations',
  'startSimulation',
  'getSimulation',
  'cancelSimulation',
  'listSimulatedAccounts',
  'listStrategies',
  'createStrategy',
  'readStrategy',
  'changeDraft',
  'discardDraft',
  'checkStrategy',
  'publishStrategy',
  'compareVersions',
  'setPublishing',
  'getSelection',
  'changeSelection',
  'trySelection',
  'rehearseDay',
  'listRehearsals',
  'listRehearsalRows',
  'getRun',
  'listRunDecisions',
  'getWeights',
  'tryWeights',
  'changeWeights',
  'getBudgets',
  'changeBudgets',
  'deleteMapping',
  'dismissMatch',
  'findMatches',
  'getErasure',
  'getMatch',
  'getEvidence',
  'getPeriodEvidence',
  'keepEvidence',
  'listAudit',
  'listKeptPersons',
  'listErasures',
  'listKeys',
  'listLegalHolds',
  'listMatches',
  'listReplacements',
  'listRuns',
  'listTightenings',
  'mergeMatch',
  'moveClock',
  'proposeReplacement',
  'proposeTightening',
  'rejectReplacement',
  'rejectTightening',
  'tryOnPlan',
  'tryReplacement',
  'tryReplacementOnPlan',
  'tryTightening',
  'placeLegalHold',
  'releaseLegalHold',
  'reopenMatch',
  'requestErasure',
  'revokeKey',
  'runDay',
  'saveCollector',
  'sendDue',
  'undoMerge',
  'verifyAudit',
  'withdrawErasure',
]);

/** The part of the tenant that the caller may see, in the form the reading room takes. */
export const scopeOf = (caller: Caller): RowScope => (caller.clientIds === null ? {} : { clientIds: caller.clientIds });

/** Why a caller who is limited to some clients may not do this at all; null when it depends on the rows, or on nothing. */
export function barredByScope(operationId: string, caller: Caller): Refusal<RefusalCode> | null {
  if (caller.clientIds === null || !wholeTenant.has(operationId)) return null;
  return refuse(
    'forbidden',
    `This concerns all clients of ${caller.tenantName}; your membership is limited to some of them.`,
  );
}

type Named = { readonly kind: OwnedKind; readonly id: string };

function namedIn(part: unknown): Named[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => {
    const kind = kinds[name];
    if (kind === undefined) return Array.isArray(value) ? [] : namedIn(value);
    const ids: unknown[] = Array.isArray(value) ? value : [value];
    return ids.flatMap((id) => (typeof id === 'string' ? [{ kind, id }] : []));
  });
}

/**
 * The one place where a limited member's requests are held to the limit: every row a request names must belong to a client of theirs.
 * A row of another client looks like one that does not exist. A hold on a person reaches all of the person's accounts, and a case all of
 * its own, so changing them takes sight of all their clients; placing a hold protects the person and does not.
 */
export async function outOfScope(
  ctx: Ctx,
  caller: Caller,
  parts: readonly unknown[],
): Promise<Refusal<RefusalCode> | null> {
  const allowed = new Set(caller.clientIds);
  for (const { kind, id } of parts.flatMap(namedIn)) {
    const owners = await clientsOf(ctx, kind, id);
    const seen = owners.filter((clientId) => allowed.has(clientId));
    const fits = whole.has(kind) ? seen.length > 0 && seen.length === owners.length : seen.length > 0;
    if (!fits) return refuse('not_found', 'There is no such thing here.');
  }
  return null;
}
