import { addDays, calendarDate, localDateOf, startOfDay, type TimeZone } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { readCursor, writeCursor } from '../kernel/cursor.ts';
import { ok, type Result } from '../kernel/result.ts';
import {
  decide,
  type Decision,
  findTightening,
  loadGateFacts,
  loadRuleBook,
  type Proposal,
} from '../modules/compliance/public.ts';
import { findBestPhones } from '../modules/desk/public.ts';
import { draftNotices } from '../modules/outreach/public.ts';
import { countPlansAhead, listPlansAhead, type PlanAhead } from '../modules/strategy/public.ts';
import { callProposal } from './next-account.ts';
import { proposalOf } from './pass-gate.ts';
import { ordersOf, write } from './send-due.ts';

/** What putting a notice into words takes. */
type Writing = Parameters<typeof write>[0];

/** What the gate would do with a planned contact: when it goes, or why it does not. */
export type Fate = {
  readonly decision: Decision['decision'];
  readonly goesAt: Date | null;
  readonly sentence: string | null;
};

export type Changed = {
  readonly accountId: string;
  readonly channel: string;
  readonly plannedFor: string;
  readonly before: Fate;
  readonly after: Fate;
};

type Counts = Readonly<Record<Decision['decision'], number>>;

/** One batch of the plan judged twice. `changed` holds no more than a sample of each batch. */
export type Effect = {
  readonly judged: number;
  readonly before: Counts;
  readonly after: Counts;
  readonly changes: number;
  readonly changed: readonly Changed[];
  /** How many contacts are planned in all, counted up to ten thousand; only with the first batch. */
  readonly planned: number | null;
  readonly nextCursor: string | null;
};

const daysAhead = 7;
const batch = 100;
const sampleOfBatch = 5;
const countedTo = 10_000;

/**
 * Judges a batch of the contacts planned for the next seven days with the rules as they are and with the tightening added, and writes
 * nothing. Every contact is judged by itself, on what is known now, at the earliest instant its plan allows. Refuses: `not_found`,
 * `bad_cursor`.
 */
export async function tryOnPlan(
  ctx: Ctx,
  input: { readonly mailing: Writing; readonly tighteningId: string; readonly cursor?: string | undefined },
): Promise<Result<Effect, 'not_found' | 'bad_cursor'>> {
  const found = await findTightening(ctx, input.tighteningId);
  if (!found.ok) return found;
  const cursor = input.cursor === undefined ? ok(null) : readCursor(input.cursor, ['date', 'uuid']);
  if (!cursor.ok) return cursor;
  const through = addDays(localDateOf(ctx.at, 'UTC' as TimeZone), daysAhead);
  const [day, id] = cursor.value ?? [];
  const after = day !== undefined && id !== undefined ? ([day, id] as const) : null;
  const plans = await listPlansAhead(ctx, through, { after, limit: batch });
  const last = plans.at(-1);
  const books = { before: await loadRuleBook(ctx), after: await loadRuleBook(ctx, [found.value]) };
  const contacts = await contactsOf(ctx, input.mailing, plans);
  const gated = await loadGateFacts(
    ctx,
    contacts.map((one) => one.proposal),
  );
  const before = { allow: 0, deny: 0, defer: 0 };
  const later = { allow: 0, deny: 0, defer: 0 };
  const changed: Changed[] = [];
  let changes = 0;
  gated.forEach(({ facts, proposal }, i) => {
    const plan = contacts[i]?.plan;
    if (plan === undefined) return;
    const at = earliest(ctx, plan, facts.client.timeZone);
    const now = fateOf(decide(facts, proposal, books.before, at), at);
    const counts = localDateOf(at, 'UTC' as TimeZone) >= found.value.from;
    const then = counts ? fateOf(decide(facts, proposal, books.after, at), at) : now;
    before[now.decision] += 1;
    later[then.decision] += 1;
    if (then.decision === now.decision && then.goesAt?.getTime() === now.goesAt?.getTime()) return;
    changes += 1;
    if (changed.length < sampleOfBatch)
      changed.push({
        accountId: plan.accountId,
        channel: proposal.channel,
        plannedFor: plan.plannedFor,
        before: now,
        after: then,
      });
  });
  return ok({
    judged: gated.length,
    before,
    after: later,
    changes,
    changed,
    planned: after === null ? await countPlansAhead(ctx, through, countedTo) : null,
    nextCursor: plans.length === batch && last !== undefined ? writeCursor([last.plannedFor, last.id]) : null,
  });
}

function fateOf({ decision, notBefore, reasons }: Decision, at: Date): Fate {
  return { decision, goesAt: decision === 'allow' ? at : notBefore, sentence: reasons[0]?.sentence ?? null };
}

/** A plan waits for its day and for the hour the gate gave it last. */
function earliest(ctx: Ctx, plan: PlanAhead, zone: string): Date {
  const day = startOfDay(calendarDate(plan.plannedFor), zone as TimeZone);
  return new Date(Math.max(ctx.at.getTime(), day.getTime(), plan.notBefore?.getTime() ?? 0));
}

/** Notices as the sender would put them together, and calls to the number a collector would ring. */
async function contactsOf(
  ctx: Ctx,
  mailing: Writing,
  plans: readonly PlanAhead[],
): Promise<{ plan: PlanAhead; proposal: Proposal }[]> {
  const byId = new Map(plans.map((plan) => [plan.id as string, plan]));
  const orders = ordersOf(plans.filter((plan) => plan.action === 'email'));
  const drafts = await draftNotices(
    ctx,
    orders.map((one) => one.order),
  );
  const letters = drafts.flatMap((draft, i) => {
    const plan = byId.get(orders[i]?.plans[0]?.id ?? '');
    return plan ? [{ plan, proposal: proposalOf({ draft, rendered: write(mailing, ctx.tenant, draft) }) }] : [];
  });
  const calls = plans.filter((plan) => plan.action === 'call_task');
  const phones = await findBestPhones(
    ctx,
    calls.map((plan) => plan.partyId),
  );
  return [
    ...letters,
    ...calls.map((plan) => ({
      plan,
      proposal: callProposal(plan, plan.accountId, phones.get(plan.partyId) ?? null),
    })),
  ];
}
