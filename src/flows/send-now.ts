import type { Actor, Ctx } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { findFacts } from '../modules/accounts/public.ts';
import type { Answer, Proposal } from '../modules/compliance/public.ts';
import { actIn } from '../modules/identity/public.ts';
import { type ContentVerdict, type Draft, draftNotices, type NoticeLevel } from '../modules/outreach/public.ts';
import { handOver, type Mailing } from './hand-over.ts';
import { passGate, proposalOf } from './pass-gate.ts';
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

/**
 * `messageId` is null when the gate put it off: then nothing was written down but the answer. `answer` is null when the gate was not
 * asked, because of what the message says: then `verdict` tells why.
 */
export type SentNow = {
  readonly messageId: string | null;
  readonly state: 'sent' | 'failed' | 'uncertain' | 'void' | 'denied' | 'deferred';
  readonly answer: Answer | null;
  readonly verdict: ContentVerdict;
};

export type SendNowRefusal = 'account_not_found' | 'no_address' | 'nothing_open' | 'changed_meanwhile';

const attempts = 3;

/** A notice as `sendNow` would write it, unsent. */
export type CheckedNotice = {
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly verdict: ContentVerdict;
};

/**
 * What a notice sent by hand would say, and what the rules about wording have against it, while it is being written. Refuses as
 * `sendNow`, but for what only the gate can know.
 */
export async function checkNotice(
  ctx: Ctx,
  mailing: Pick<Mailing, 'vault' | 'config'>,
  input: SendNow,
): Promise<Result<CheckedNotice, Exclude<SendNowRefusal, 'changed_meanwhile'>>> {
  const drafted = await draftOf(ctx, input);
  if (!drafted.ok) return drafted;
  const rendered = write(mailing, ctx.tenant, drafted.value);
  return rendered === null ? refuse('no_address', noAddress) : ok({ ...rendered.words, verdict: rendered.verdict });
}

const noAddress = 'This account has no e-mail address that can be written to. Add one first.';

/** What the gate would be asked about such a notice now. Refuses as `checkNotice`. */
export async function noticeProposal(
  ctx: Ctx,
  mailing: Pick<Mailing, 'vault' | 'config'>,
  input: SendNow,
): Promise<Result<Proposal, Exclude<SendNowRefusal, 'changed_meanwhile'>>> {
  const drafted = await draftOf(ctx, input);
  return drafted.ok
    ? ok(proposalOf({ draft: drafted.value, rendered: write(mailing, ctx.tenant, drafted.value) }))
    : drafted;
}

async function draftOf(ctx: Ctx, input: SendNow): Promise<Result<Draft, Exclude<SendNowRefusal, 'changed_meanwhile'>>> {
  const known = await findFacts(ctx, input.accountId);
  const [draft] =
    known === null
      ? []
      : await draftNotices(ctx, [
          {
            messageId: newId(),
            accountIds: [input.accountId],
            automatic: false,
            level: input.level ?? null,
            comment: input.comment,
            contactPointId: input.contactPointId,
          },
        ]);
  if (draft === undefined) return refuse('account_not_found', `There is no account ${input.accountId}.`);
  if (draft.recipient === null) return refuse('no_address', noAddress);
  if (draft.notice.items.length === 0)
    return refuse('nothing_open', 'Nothing is open on this account that may be spoken about.');
  return ok(draft);
}

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
    const read = await actIn(mailing, tenant, actor, (ctx) => draftOf(ctx, input));
    if (!read.ok) return read;
    const drafted = read.value;
    const rendered = write(mailing, tenant, drafted);
    if (rendered === null) return refuse('no_address', noAddress);
    const { cleared, gated } = await actIn(mailing, tenant, actor, (ctx) =>
      passGate(ctx, [{ draft: drafted, rendered, plans: [] }]),
    );
    const [one] = gated;
    const { verdict } = rendered;
    if (one?.fate === 'refused')
      return ok({ messageId: drafted.order.messageId, state: 'denied', answer: null, verdict });
    if (one === undefined || one.answer === null) continue;
    if (one.fate !== 'cleared') {
      const denied = one.fate === 'denied';
      return ok({
        messageId: denied ? drafted.order.messageId : null,
        state: denied ? 'denied' : 'deferred',
        answer: one.answer,
        verdict,
      });
    }
    const [handed] = await handOver(mailing, tenant, actor, cleared);
    return ok({ messageId: drafted.order.messageId, state: handed?.state ?? 'void', answer: one.answer, verdict });
  }
  return refuse(
    'changed_meanwhile',
    'The account changed while the message was being written. Look at it again, then send.',
  );
}
