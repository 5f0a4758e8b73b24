import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { findFacts } from '../modules/accounts/public.ts';
import { previewPermits, type Proposal, requestOverride } from '../modules/compliance/public.ts';
import { findBestPhone } from '../modules/desk/public.ts';
import type { Mailing } from './hand-over.ts';
import { callProposal } from './next-account.ts';
import { type SendNoticeRefusal, validationNoticeProposal } from './send-notice.ts';
import { noticeProposal, type SendNow, type SendNowRefusal } from './send-now.ts';

/** What a person wants to do although a rule says no: ring, send a notice by hand, or send a validation notice that is prepared. */
export type WantedAct =
  | { readonly kind: 'call' }
  | ({ readonly kind: 'message' } & Omit<SendNow, 'accountId'>)
  | { readonly kind: 'notice'; readonly noticeId: string };

type ActRefusal = 'account_not_found' | Exclude<SendNowRefusal, 'changed_meanwhile'> | SendNoticeRefusal;

/**
 * Asks for leave to do one act about an account once although a rebuttable rule says no. The gate is asked first, about the very act, so
 * that what is written down is what stands against it now. Refuses: `account_not_found`, what stands against writing the message, and
 * `not_needed`, `not_rebuttable`, `too_far`.
 */
export async function askOverride(
  ctx: Ctx,
  mailing: Mailing,
  input: {
    readonly accountId: Id<'account'>;
    readonly act: WantedAct;
    readonly reason: string;
    readonly hours: number;
  },
): Promise<Result<{ overrideId: string }, ActRefusal | 'not_needed' | 'not_rebuttable' | 'too_far'>> {
  const wanted = await proposalOf(ctx, mailing, input.accountId, input.act);
  if (!wanted.ok) return wanted;
  const [decision] = await previewPermits(ctx, [wanted.value]);
  if (!decision) throw new Error('The gate gave no answer');
  return requestOverride(ctx, { proposal: wanted.value, decision, reason: input.reason, hours: input.hours });
}

async function proposalOf(
  ctx: Ctx,
  mailing: Mailing,
  accountId: Id<'account'>,
  act: WantedAct,
): Promise<Result<Proposal, ActRefusal>> {
  switch (act.kind) {
    case 'call': {
      const facts = await findFacts(ctx, accountId);
      if (!facts) return refuse('account_not_found', 'There is no such account.');
      return ok(callProposal(facts, accountId, await findBestPhone(ctx, facts.partyId)));
    }
    case 'message':
      return noticeProposal(ctx, mailing, { ...act, accountId });
    case 'notice': {
      const proposal = await validationNoticeProposal(mailing, ctx, act.noticeId);
      if (!proposal.ok || proposal.value.accountIds[0] === accountId) return proposal;
      return refuse('notice_not_found', 'This account has no such notice.');
    }
  }
}
