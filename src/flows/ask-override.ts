import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { type Result, refuse } from '../kernel/result.ts';
import { findFacts } from '../modules/accounts/public.ts';
import { previewPermits, requestOverride } from '../modules/compliance/public.ts';
import { findBestPhone } from '../modules/desk/public.ts';
import { callProposal } from './next-account.ts';

/**
 * Asks for leave to call about an account once although a rebuttable rule says no. The gate is asked first, so that what is written
 * down is what stands against the call now. Refuses: `account_not_found`, `not_needed`, `not_rebuttable`, `too_far`.
 */
export async function askOverride(
  ctx: Ctx,
  input: { readonly accountId: Id<'account'>; readonly reason: string; readonly hours: number },
): Promise<Result<{ overrideId: string }, 'account_not_found' | 'not_needed' | 'not_rebuttable' | 'too_far'>> {
  const facts = await findFacts(ctx, input.accountId);
  if (!facts) return refuse('account_not_found', 'There is no such account.');
  const proposal = callProposal(facts, input.accountId, await findBestPhone(ctx, facts.partyId));
  const [decision] = await previewPermits(ctx, [proposal]);
  if (!decision) throw new Error('The gate gave no answer');
  return requestOverride(ctx, { proposal, decision, reason: input.reason, hours: input.hours });
}
