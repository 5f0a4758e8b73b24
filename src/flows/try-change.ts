import {
  addDays,
  calendarDate,
  type CalendarDate,
  localDateOf,
  startOfDay,
  type TimeZone,
} from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import {
  decide,
  type Decision,
  loadGateFacts,
  loadRuleBook,
  type PlanEffect,
  type Proposal,
  type ProposedChange,
} from '../modules/compliance/public.ts';
import { findBestPhones } from '../modules/desk/public.ts';
import { draftNotices } from '../modules/outreach/public.ts';
import { countPlansAhead, listPlansAhead, type PlanAhead } from '../modules/strategy/public.ts';
import { callProposal } from './next-account.ts';
import { proposalOf } from './pass-gate.ts';
import { ordersOf, write } from './send-due.ts';

/** What putting a notice into words takes. */
export type Writing = Parameters<typeof write>[0];

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

/** What a change does to the plan, with a sample of what changes. `planned`: contacts planned in all, counted up to ten thousand. */
export type Effect = PlanEffect & { readonly sample: readonly Changed[]; readonly planned: number };

/** A change of a rule with the day it counts from. */
export type Change = ProposedChange & { readonly from: CalendarDate };

const daysAhead = 7;
const batch = 200;
// More than this is a sample: an answer in a few seconds is worth more than the last contact of a large plan.
const mostJudged = 2000;
const shownChanges = 12;
const countedTo = 10_000;

/**
 * Judges the contacts planned for the next seven days with the rules as they are and with the change made, and writes nothing. Every
 * contact is judged by itself, on what is known now, at the earliest instant its plan allows.
 */
export async function effectOnPlan(ctx: Ctx, mailing: Writing, change: Change): Promise<Effect> {
  const through = addDays(localDateOf(ctx.at, 'UTC' as TimeZone), daysAhead);
  const books = { before: await loadRuleBook(ctx), after: await loadRuleBook(ctx, change) };
  const before = { allow: 0, deny: 0, defer: 0 };
  const later = { allow: 0, deny: 0, defer: 0 };
  const sample: Changed[] = [];
  let changed = 0;
  let judged = 0;
  let after: readonly [string, string] | null = null;
  let whole = false;
  while (!whole && judged < mostJudged) {
    const plans: PlanAhead[] = await listPlansAhead(ctx, through, { after, limit: batch });
    const contacts = await contactsOf(ctx, mailing, plans);
    const gated = await loadGateFacts(
      ctx,
      contacts.map((one) => one.proposal),
    );
    gated.forEach(({ facts, proposal }, i) => {
      const plan = contacts[i]?.plan;
      if (plan === undefined) return;
      const at = earliest(ctx, plan, facts.client.timeZone);
      const now = fateOf(decide(facts, proposal, books.before, at), at);
      // A replacement knows its own days; a tightening counts from its first.
      const counts = 'replacement' in change || localDateOf(at, 'UTC' as TimeZone) >= change.from;
      const then = counts ? fateOf(decide(facts, proposal, books.after, at), at) : now;
      judged += 1;
      before[now.decision] += 1;
      later[then.decision] += 1;
      if (then.decision === now.decision && then.goesAt?.getTime() === now.goesAt?.getTime()) return;
      changed += 1;
      if (sample.length < shownChanges)
        sample.push({
          accountId: plan.accountId,
          channel: proposal.channel,
          plannedFor: plan.plannedFor,
          before: now,
          after: then,
        });
    });
    const last = plans.at(-1);
    after = last ? [last.plannedFor, last.id] : after;
    whole = plans.length < batch;
  }
  const planned = await countPlansAhead(ctx, through, countedTo);
  return { judged, changed, whole, before, after: later, sample, planned };
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
