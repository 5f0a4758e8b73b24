import type { StaffAuth } from '../../modules/identity/public.ts';
import { accountHandlers } from './handlers/accounts.ts';
import { auditHandlers } from './handlers/audit.ts';
import { caseHandlers } from './handlers/cases.ts';
import { contactHandlers } from './handlers/contact.ts';
import { contactPointHandlers } from './handlers/contact-points.ts';
import { experimentHandlers } from './handlers/experiments.ts';
import { evidenceHandlers } from './handlers/evidence.ts';
import { holdHandlers } from './handlers/holds.ts';
import { importHandlers } from './handlers/imports.ts';
import { noticeHandlers } from './handlers/notices.ts';
import { legalHandlers } from './handlers/legal.ts';
import { keepingHandlers } from './handlers/keeping.ts';
import { outboxHandlers } from './handlers/outbox.ts';
import { paymentHandlers } from './handlers/payments.ts';
import { peopleHandlers } from './handlers/people.ts';
import { permitHandlers } from './handlers/permits.ts';
import { rehearsalHandlers } from './handlers/rehearsals.ts';
import { priorityHandlers } from './handlers/priority.ts';
import { segmentHandlers } from './handlers/segments.ts';
import { simulationHandlers } from './handlers/simulations.ts';
import { ruleChangeHandlers } from './handlers/rule-changes.ts';
import { selectionHandlers } from './handlers/selection.ts';
import { sessionHandlers } from './handlers/session.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { strategiesHandlers } from './handlers/strategies.ts';
import { strategyHandlers } from './handlers/strategy.ts';
import { templateHandlers } from './handlers/templates.ts';
import { todayHandlers } from './handlers/today.ts';
import { worklistHandlers } from './handlers/worklist.ts';
import type { Implementation } from './operation.ts';

/** What answers each operation of the contract. */
export function everyImplementation(auth: StaffAuth): Implementation[] {
  return [
    ...sessionHandlers(auth),
    ...todayHandlers(),
    ...accountHandlers(),
    ...contactPointHandlers(),
    ...holdHandlers(),
    ...contactHandlers(),
    ...caseHandlers(),
    ...peopleHandlers(),
    ...worklistHandlers(),
    ...outboxHandlers(),
    ...noticeHandlers(),
    ...strategyHandlers(),
    ...segmentHandlers(),
    ...experimentHandlers(),
    ...simulationHandlers(),
    ...strategiesHandlers(),
    ...selectionHandlers(),
    ...rehearsalHandlers(),
    ...priorityHandlers(),
    ...paymentHandlers(),
    ...importHandlers(),
    ...legalHandlers(),
    ...auditHandlers(),
    ...permitHandlers(),
    ...ruleChangeHandlers(),
    ...evidenceHandlers(),
    ...keepingHandlers(),
    ...settingsHandlers(auth),
    ...templateHandlers(),
  ];
}
