import { addDays, startOfDay, type TimeZone } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { failpoint } from '../kernel/failpoint.ts';
import type { Id } from '../kernel/ids.ts';
import { lockWithPersons } from '../modules/accounts/public.ts';
import { type Answer, type Permit, plainSpeech, type Proposal, requestPermits } from '../modules/compliance/public.ts';
import { recordAudit } from '../modules/identity/public.ts';
import {
  attachContents,
  type Draft,
  draftNotices,
  dropRendered,
  insertRendered,
  markDenied,
  markRefused,
  type Outgoing,
  type RenderedDraft,
  sentencesOf as sentencesOfContent,
  startSending,
} from '../modules/outreach/public.ts';
import { type DuePlan, markPlans, releasePlans } from '../modules/strategy/public.ts';

/** A notice on its way to the gate, with the plans it carries out; `rendered` is null when there is no mailbox to write to. */
export type Letter = {
  readonly draft: Draft;
  readonly rendered: RenderedDraft | null;
  readonly plans: readonly DuePlan[];
};

/** A message that has its permit and waits to be handed over. */
export type Cleared = {
  readonly rendered: Outgoing;
  readonly permit: Permit;
  readonly planIds: readonly string[];
};

/**
 * What became of a letter at the gate. `overtaken`: something changed since it was written; it is written again if still due.
 * `refused`: the rules about wording have something against it, so the gate was not asked.
 */
export type Gated = {
  readonly letter: Letter;
  readonly fate: 'cleared' | 'denied' | 'deferred' | 'overtaken' | 'void' | 'crowded' | 'refused';
  readonly answer: Answer | null;
};

export type GateResult = { readonly cleared: readonly Cleared[]; readonly gated: readonly Gated[] };

/**
 * One short transaction: locks persons, then accounts; drops what has been overtaken; writes the messages down; asks for permits;
 * moves what is allowed to `sending`. Nothing is told to anybody here.
 */
export async function passGate(ctx: Ctx, letters: readonly Letter[]): Promise<GateResult> {
  const gated: Gated[] = [];
  const facts = await lockWithPersons(ctx, accountsOf(letters));
  const epochs = new Map(facts.map((one) => [one.id as string, one.stopEpoch]));
  const fresh = new Map(
    (
      await draftNotices(
        ctx,
        letters.map((letter) => letter.draft.order),
      )
    ).map((draft) => [draft.order.messageId, draft]),
  );
  const current: Letter[] = [];
  for (const letter of letters) {
    const stopped = letter.plans.filter((plan) => epochs.get(plan.accountId) !== plan.stopEpoch);
    await mark(ctx, stopped, 'void', 'stopped after it was planned');
    if (stopped.length > 0 || !isCurrent(letter, fresh.get(letter.draft.order.messageId)))
      gated.push({ letter, fate: 'overtaken', answer: null });
    else if (letter.draft.order.automatic && !letter.draft.notice.items.some((item) => item.openMinor > 0n)) {
      await mark(ctx, letter.plans, 'void', 'nothing is left to speak about');
      gated.push({ letter, fate: 'void', answer: null });
    } else if (await claimed(ctx, letter)) current.push(letter);
    else gated.push({ letter, fate: 'overtaken', answer: null });
  }
  const written = await insertRendered(
    ctx,
    current.flatMap((letter) => letter.rendered ?? []),
  );
  const entered = current.filter((letter) => letter.rendered === null || written.has(letter.draft.order.messageId));
  for (const letter of current.filter((one) => !entered.includes(one))) gated.push(await crowdedOut(ctx, letter));
  const refused = entered.filter((letter) => letter.rendered?.verdict.refused);
  await turnBack(ctx, refused);
  for (const letter of refused) gated.push({ letter, fate: 'refused', answer: null });
  const asking = entered.filter((letter) => !refused.includes(letter));
  const answers = await requestPermits(ctx, asking.map(proposalOf));
  failpoint('after-permit');
  const outcome = await settle(ctx, asking, new Map(answers.map((answer) => [answer.actId, answer])));
  return { cleared: outcome.cleared, gated: [...gated, ...outcome.gated] };
}

/**
 * Keeps what must not be said, with the finding, and fails its plans: what is wrong is in a template or a value that somebody can mend,
 * so the next run plans the notice anew. No other letter is touched.
 */
async function turnBack(ctx: Ctx, letters: readonly Letter[]): Promise<void> {
  if (letters.length === 0) return;
  const reasonOf = ({ rendered }: Letter) => (rendered === null ? '' : sentencesOfContent(rendered.verdict));
  await attachContents(
    ctx,
    letters.flatMap((letter) => letter.rendered ?? []),
    letters.flatMap(carriedOut),
  );
  await markRefused(
    ctx,
    letters.map((letter) => ({ messageId: letter.draft.order.messageId, reason: reasonOf(letter) })),
  );
  for (const letter of letters) await mark(ctx, letter.plans, 'failed', reasonOf(letter));
  await recordAudit(ctx, {
    action: 'messages.content_refused',
    subjectKind: 'message',
    subjectId: 'set',
    set: letters.map((letter) => letter.draft.order.messageId),
  });
}

const accountsOf = (letters: readonly Letter[]) =>
  [...new Set(letters.flatMap((letter) => letter.draft.order.accountIds))].sort() as Id<'account'>[];
const idsOf = (plans: readonly DuePlan[]) => plans.map((plan) => plan.id as string);

function isCurrent(letter: Letter, fresh: Draft | undefined): boolean {
  return (
    fresh !== undefined &&
    fresh.digest === letter.draft.digest &&
    fresh.recipient?.key === letter.draft.recipient?.key &&
    fresh.sender.mode === letter.draft.sender.mode &&
    fresh.sender.fromAddress === letter.draft.sender.fromAddress &&
    JSON.stringify(fresh.epochs) === JSON.stringify(letter.draft.epochs)
  );
}

async function mark(
  ctx: Ctx,
  plans: readonly DuePlan[],
  state: 'void' | 'denied' | 'failed',
  reason: string,
): Promise<void> {
  if (plans.length > 0) await markPlans(ctx, idsOf(plans), state, reason);
}

/** Takes the letter's plans. False when another sender has one of them: then the others are given back. */
async function claimed(ctx: Ctx, letter: Letter): Promise<boolean> {
  if (letter.plans.length === 0) return true;
  const messageId = letter.draft.order.messageId as Id<'message'>;
  const moved = await markPlans(
    ctx,
    idsOf(letter.plans),
    'sending',
    'at the gate',
    letter.rendered === null ? {} : { messageId },
  );
  if (moved.length === letter.plans.length) return true;
  await releasePlans(ctx, moved, 'another notice is under way');
  return false;
}

/** The mailbox already has its automatic message of the day in this client's name: the person's next day. */
async function crowdedOut(ctx: Ctx, letter: Letter): Promise<Gated> {
  const nextDay = startOfDay(addDays(letter.draft.localOn, 1), letter.draft.zone as TimeZone);
  await releasePlans(ctx, idsOf(letter.plans), 'the mailbox has had its notice of the day', { notBefore: nextDay });
  return { letter, fate: 'crowded', answer: null };
}

/** What the gate is asked about a notice. */
export function proposalOf({ draft, rendered }: Pick<Letter, 'draft' | 'rendered'>): Proposal {
  const { order, notice, recipient, sender } = draft;
  return {
    act: order.automatic ? 'automatic_message' : 'manual_message',
    channel: 'email',
    partyId: notice.party.id,
    clientId: notice.client.id,
    accountIds: order.accountIds,
    contactPointId: recipient?.contactPointId ?? null,
    addressKey: recipient?.key ?? null,
    actKind: 'message',
    actId: order.messageId,
    purpose: 'collect',
    content: {
      // What must not be said was looked for when it was put into words: a message that says it has not come this far.
      ...plainSpeech,
      has: [
        'identity',
        'unsubscribe',
        'opt_out',
        ...(sender.replyTo === '' ? [] : ['reply_path']),
        ...(rendered?.verdict.carries ?? []),
      ],
      language: rendered?.words.language ?? null,
      disclosureLanguage: rendered?.words.language ?? null,
    },
  };
}

async function settle(ctx: Ctx, letters: readonly Letter[], answers: ReadonlyMap<string, Answer>): Promise<GateResult> {
  const cleared: Cleared[] = [];
  const gated: Gated[] = [];
  const denied: { actId: string; permitId: string; reason: string }[] = [];
  for (const letter of letters) {
    const answer = answers.get(letter.draft.order.messageId);
    if (answer === undefined) throw new Error(`No answer came back for message ${letter.draft.order.messageId}`);
    if (answer.permit !== null && letter.rendered !== null) {
      cleared.push({ rendered: letter.rendered, permit: answer.permit, planIds: idsOf(letter.plans) });
      gated.push({ letter, fate: 'cleared', answer });
    } else if (answer.decision === 'defer' && answer.notBefore !== null) {
      await releasePlans(ctx, idsOf(letter.plans), sentencesOf(answer), { notBefore: answer.notBefore });
      gated.push({ letter, fate: 'deferred', answer });
    } else {
      await turnAway(ctx, letter, answer);
      if (letter.rendered !== null)
        denied.push({ actId: answer.actId, permitId: answer.permitId, reason: sentencesOf(answer) });
      gated.push({ letter, fate: 'denied', answer });
    }
  }
  await dropRendered(
    ctx,
    gated.filter((one) => one.fate === 'deferred').map((one) => one.letter.draft.order.messageId),
  );
  await markDenied(ctx, denied);
  const kept = gated.filter((one) => one.fate === 'cleared' || one.fate === 'denied').map((one) => one.letter);
  await attachContents(
    ctx,
    kept.flatMap((letter) => letter.rendered ?? []),
    kept.flatMap(carriedOut),
  );
  await startSending(
    ctx,
    cleared.map((one) => one.permit),
  );
  if (cleared.length > 0) {
    await recordAudit(ctx, {
      action: 'messages.permitted',
      subjectKind: 'message',
      subjectId: 'set',
      set: cleared.map((one) => one.permit.actId),
    });
  }
  return { cleared, gated };
}

const sentencesOf = (answer: Answer) => answer.reasons.map((reason) => reason.sentence).join(' ');

const carriedOut = (letter: Letter) =>
  letter.rendered === null
    ? []
    : letter.plans.map((plan) => ({
        messageId: letter.draft.order.messageId,
        planId: plan.id,
        accountId: plan.accountId,
      }));

/**
 * What blames only some accounts stops those and lets the others be written to again. A no that comes from a state (a hold, a
 * stale feed) voids the plan, so that the next run plans it when the state is over; a no that stays marks it denied.
 */
async function turnAway(ctx: Ctx, letter: Letter, answer: Answer): Promise<void> {
  const denying = answer.reasons.filter((reason) => reason.effect === 'deny');
  const blamed = new Set(
    denying.every((reason) => reason.accountId !== null)
      ? denying.map((reason) => reason.accountId)
      : letter.draft.order.accountIds,
  );
  const passing = denying.length > 0 && denying.every((reason) => reason.kind === 'own_state');
  const stopped = letter.plans.filter((plan) => blamed.has(plan.accountId));
  await mark(ctx, stopped, passing ? 'void' : 'denied', sentencesOf(answer));
  await releasePlans(
    ctx,
    idsOf(letter.plans.filter((plan) => !stopped.includes(plan))),
    'another account of the same notice was stopped',
  );
}
