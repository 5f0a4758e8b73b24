import { addDays, calendarDate, startOfDay, timeZone } from '../../../kernel/calendar.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok } from '../../../kernel/result.ts';
import { exportChainProof, listAudit, verifyAuditChain, type AuditEntry } from '../../../modules/identity/public.ts';
import * as contract from '../contract/audit.ts';
import { type Implementation, implement } from '../operation.ts';
import { incidentHandlers } from './compliance.ts';

/** `receipt.recorded` on receipt 0190… becomes "recorded a receipt". */
function sentenceOf(entry: AuditEntry): string {
  const [noun = '', verb = ''] = entry.action.split('.');
  const words = `${verb.replaceAll('_', ' ')} ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun.replaceAll('_', ' ')}`;
  return `${entry.actorName} ${words}${entry.setCount === null ? '' : ` (${entry.setCount} rows)`}`;
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
          ...(query.actor && { actorId: query.actor }),
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
