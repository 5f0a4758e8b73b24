import { addDays, calendarDate, startOfDay, timeZone } from '../../../kernel/calendar.ts';
import { refuse } from '../../../kernel/result.ts';
import { makeEvidence } from '../../../flows/evidence/make-evidence.ts';
import { findAccountHead } from '../../../modules/insights/public.ts';
import * as contract from '../contract/evidence.ts';
import { type Implementation, implementFlow } from '../operation.ts';
import { streamZip } from '../stream-zip.ts';

// There is no day after it.
const LAST_DAY = '9999-12-31';

/** Evidence packs. */
export function evidenceHandlers(): Implementation[] {
  return [
    implementFlow(contract.getAccountEvidence, async ({ params, caller }, host) => {
      const head = await host.enter((ctx) => findAccountHead(ctx, params.accountId));
      if (!head) return refuse('not_found', 'There is no such account.');
      const parts = makeEvidence(host.installation, caller.tenant, caller.actor, { accountId: head.id });
      return streamZip(host, `evidence-${head.number.replaceAll(/[^\w.-]+/g, '-')}.zip`, parts);
    }),
    implementFlow(contract.getPeriodEvidence, async ({ query, caller }, host) => {
      if (query.to < query.from)
        return refuse('ends_before_it_begins', 'The period ends before it begins.', { to: 'Before the first day.' });
      if (query.to === LAST_DAY) return refuse('no_such_day', 'There is no day after this one.', { to: 'Too late.' });
      const zone = timeZone(caller.timeZone);
      const period = {
        from: startOfDay(calendarDate(query.from), zone),
        before: startOfDay(addDays(calendarDate(query.to), 1), zone),
      };
      const name = query.from === query.to ? query.from : `${query.from} to ${query.to}`;
      const parts = makeEvidence(host.installation, caller.tenant, caller.actor, { period, name });
      return streamZip(host, `evidence-${query.from}-${query.to}.zip`, parts);
    }),
  ];
}
