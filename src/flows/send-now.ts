import type { Actor } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { findFacts } from '../modules/accounts/public.ts';
import type { Answer } from '../modules/compliance/public.ts';
import { actIn } from '../modules/identity/public.ts';
import { draftNotices, type NoticeLevel } from '../modules/outreach/public.ts';
import { handOver, type Mailing } from './hand-over.ts';
import { passGate } from './pass-gate.ts';
import { write } from './send-due.ts';

export type SendNow = {
  readonly accountId: Id<'account'>;
  /** Null: the party's best mailbox. */
  readonly contactPointId: string | null;
  /** Absent: as far as the items have come. */
  readonly level?: NoticeLevel | undefined;
  /** The sender's own words, above the letter. */
  readonly comment: string | null;
};

/** `messageId` is null when the gate put it off: then nothing was written down but the answer. */
export type SentNow = {
  readonly messageId: string | null;
  readonly state: 'sent' | 'failed' | 'uncertain' | 'void' | 'denied' | 'deferred';
  readonly answer: Answer;
};

export type SendNowRefusal = 'account_not_found' | 'no_address' | 'nothing_open' | 'changed_meanwhile';

const attempts = 3;

/**
 * Sends one notice by hand, through the same gate as every other. A no of the gate is an answer with its reasons, not a refusal.
 * Refuses: `account_not_found`; `no_address`; `nothing_open`; `changed_meanwhile` when the account kept changing while it was written.
 */
export async function sendNow(
  mailing: Mailing,
  tenant: TenantId,
  actor: Actor,
  input: SendNow,
): Promise<Result<SentNow, SendNowRefusal>> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const drafted = await actIn(mailing, tenant, actor, async (ctx) => {
      if ((await findFacts(ctx, input.accountId)) === null) return null;
      const [draft] = await draftNotices(ctx, [
        {
          messageId: newId(),
          accountIds: [input.accountId],
          automatic: false,
          level: input.level ?? null,
          comment: input.comment,
          contactPointId: input.contactPointId,
        },
      ]);
      return draft ?? null;
    });
    if (drafted === null) return refuse('account_not_found', `There is no account ${input.accountId}.`);
    const rendered = write(mailing, tenant, drafted);
    if (rendered === null)
      return refuse('no_address', 'This account has no e-mail address that can be written to. Add one first.');
    if (drafted.notice.items.length === 0)
      return refuse('nothing_open', 'Nothing is open on this account that may be spoken about.');
    const { cleared, gated } = await actIn(mailing, tenant, actor, (ctx) =>
      passGate(ctx, [{ draft: drafted, rendered, plans: [] }]),
    );
    const [one] = gated;
    if (one === undefined || one.answer === null) continue;
    if (one.fate !== 'cleared') {
      const denied = one.fate === 'denied';
      return ok({
        messageId: denied ? drafted.order.messageId : null,
        state: denied ? 'denied' : 'deferred',
        answer: one.answer,
      });
    }
    const [handed] = await handOver(mailing, tenant, actor, cleared);
    return ok({ messageId: drafted.order.messageId, state: handed?.state ?? 'void', answer: one.answer });
  }
  return refuse(
    'changed_meanwhile',
    'The account changed while the message was being written. Look at it again, then send.',
  );
}
