import { addDays, calendarDate, startOfDay, timeZone } from '../../../kernel/calendar.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok } from '../../../kernel/result.ts';
import { exportChainProof, listAudit, verifyAuditChain, type AuditEntry } from '../../../modules/identity/public.ts';
import * as contract from '../contract/audit.ts';
import { type Implementation, implement } from '../operation.ts';
import { incidentHandlers } from './compliance.ts';

/** Deeds whose names do not read as "verb a noun". */
const deeds: Readonly<Record<string, string>> = {
  'call.logged': 'Logged a call',
  'clock.moved': 'Moved the sandbox clock',
  'demo.filled': 'Filled the demo',
  'erasure.done': 'Forgot a person',
  'evidence.made': 'Made an evidence pack',
  'email.changed': 'Changed an e-mail address',
  'holds.released': 'Released holds',
  'import.applied': 'Took in a file',
  'import.rows_discarded': 'Left rejected rows out for good',
  'import.rows_mended': 'Mended rejected rows',
  'key.created': 'Created an API key',
  'key.revoked': 'Revoked an API key',
  'messages.permitted': 'Asked the gate for leave to send',
  'parties.placed': 'Set country and time zone of customers',
  'people.merged': 'Joined records as one person',
  'person.exported': 'Handed out everything held about a person',
  'people.parted': 'Parted records of two people',
  'promise.broken': 'Found a promise broken',
  'promise.kept': 'Found a promise kept',
  'promise.part_kept': 'Found a promise partly kept',
  'strategy.run': 'Ran the strategy',
  'wide_stop.placed': 'Stopped all contact of a client or the tenant',
  'wide_stop.released': 'Lifted a stop of all contact',
};

/** `receipt.recorded` becomes "Recorded a receipt"; who did it stands beside it. */
function sentenceOf(entry: AuditEntry): string {
  const [noun = '', verb = ''] = entry.action.split('.');
  const spaced = `${verb} ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`.replaceAll('_', ' ');
  const deed = deeds[entry.action] ?? spaced.charAt(0).toUpperCase() + spaced.slice(1);
  return entry.setCount === null ? deed : `${deed}, ${entry.setCount.toLocaleString('en')} in all`;
}

// There is no day after it.
const LAST_DAY = '9999-12-31';

/** The audit trail and its proof. */
export function auditHandlers(): Implementation[] {
  return [
    implement(contract.listAudit, async (ctx, { query, caller }) => {
      const zone = timeZone(caller.timeZone);
      const page = await listAudit(
        ctx,
        {
          ...(query.action && { action: query.action }),
          ...(query.actor && { actor: query.actor }),
          ...(query.accountId && { accountId: idOf('account', query.accountId) }),
          ...(query.from && { from: startOfDay(calendarDate(query.from), zone) }),
          ...(query.to && query.to < LAST_DAY && { before: startOfDay(addDays(calendarDate(query.to), 1), zone) }),
        },
        { ...(query.cursor && { cursor: query.cursor }), limit: query.limit },
      );
      if (!page.ok) return page;
      return ok({
        nextCursor: page.value.nextCursor,
        rows: page.value.entries.map((entry) => ({
          id: entry.id,
          recordedAt: entry.recordedAt.toISOString(),
          actor: { kind: entry.actorKind, name: entry.actorName },
          action: entry.action,
          sentence: sentenceOf(entry),
          subjectKind: entry.subjectKind,
          subjectId: entry.subjectId,
          accountId: entry.accountId,
          detail: { ...entry.detail, ...entry.personal },
          setCount: entry.setCount === null ? null : Number(entry.setCount),
          sealed: entry.seq === null || entry.hash === null ? null : { seq: entry.seq.toString(), hash: entry.hash },
        })),
      });
    }),
    implement(contract.verifyAudit, async (ctx) => {
      const verdict = await verifyAuditChain(ctx);
      const proof = await exportChainProof(ctx);
      return ok({
        intact: verdict.findings.length === 0,
        entries: Number(verdict.entries),
        head: proof.hash,
        findings: verdict.findings.map((finding) => finding.detail),
      });
    }),
    ...incidentHandlers(),
  ];
}
