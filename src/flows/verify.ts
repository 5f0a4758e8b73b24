import type { Ctx } from '../kernel/ctx.ts';
import { verifyHub } from '../modules/accounts/public.ts';
import { verifyPermits } from '../modules/compliance/public.ts';
import { type ChainProof, verifyAuditChain } from '../modules/identity/public.ts';
import { verifyLedger } from '../modules/ledger/public.ts';
import { verifyPayments } from '../modules/payments/public.ts';
import { wrongTenantTallies } from './keep-tallies.ts';

/** One thing that is not as it must be: the room that found it, the check, what it is about, and what differs. */
export type Finding = {
  readonly room: 'ledger' | 'accounts' | 'payments' | 'compliance' | 'identity' | 'insights';
  readonly check: string;
  readonly subject: string;
  readonly sentence: string;
};

export type Verdict = { readonly findings: readonly Finding[]; readonly auditEntries: bigint };

/**
 * Recomputes what the rooms keep of each other's truth and names every difference: transfers, balances, facts, receipts, permits
 * against sends, the sums Today is made of, the audit chain. Reads only; run it in one repeatable-read transaction without a statement time limit.
 */
export async function verify(ctx: Ctx, options: { readonly proof?: ChainProof } = {}): Promise<Verdict> {
  const ledger = await verifyLedger(ctx);
  const hub = await verifyHub(ctx);
  const payments = await verifyPayments(ctx);
  const permits = await verifyPermits(ctx);
  const tallies = await wrongTenantTallies(ctx);
  const audit = await verifyAuditChain(ctx, options);
  return {
    auditEntries: audit.entries,
    findings: [
      ...ledger.map((found) => differing('ledger', found)),
      ...hub.map((found) => differing('accounts', found)),
      ...payments.map((found) => differing('payments', found)),
      ...permits.map((found) => ({
        room: 'compliance' as const,
        check: found.code,
        subject: found.subjectId,
        sentence: found.sentence,
      })),
      ...tallies.map(({ key, expected, actual }) =>
        differing('insights', {
          check: 'tally_equals_sources',
          subjectKind: 'tally',
          subjectId: key,
          expected,
          actual,
        }),
      ),
      ...audit.findings.map((found) => ({
        room: 'identity' as const,
        check: found.kind,
        subject: found.entryId ?? `seal ${found.seq}`,
        sentence: found.detail,
      })),
    ],
  };
}

type Difference = {
  readonly check: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly expected: string;
  readonly actual: string;
};

function differing(room: Finding['room'], found: Difference): Finding {
  const subject = `${found.subjectKind} ${found.subjectId}`;
  return {
    room,
    check: found.check,
    subject,
    sentence: `${subject} should have ${found.expected} and has ${found.actual}.`,
  };
}
