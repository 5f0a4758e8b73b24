import { calendarDate } from '../../../kernel/calendar.ts';
import { idOf, newId } from '../../../kernel/ids.ts';
import { money, parseCurrency } from '../../../kernel/money.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { logCall } from '../../../flows/log-call.ts';
import { previewCall } from '../../../flows/next-account.ts';
import { sendNow } from '../../../flows/send-now.ts';
import { findFacts } from '../../../modules/accounts/public.ts';
import { plainSpeech, previewPermits } from '../../../modules/compliance/public.ts';
import { accountPage } from '../../../modules/insights/public.ts';
import { promiseBody } from '../account-body.ts';
import * as contract from '../contract/accounts.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';
import { whyOfContent, whyOfGate, whyOfInbound } from '../why-card.ts';

const levels = [0, 1, 2, 3, 4, 5] as const;

/** Acts of contact by a person: calls written down, notices sent by hand, and what the gate would say. */
export function contactHandlers(): Implementation[] {
  return [
    implement(contract.logCall, async (ctx, { params, body }) => {
      const accountId = idOf('account', params.accountId);
      const currency = body.promise === null ? null : parseCurrency(body.promise.amount.currency);
      if (currency && !currency.ok) return currency;
      const logged = await logCall(ctx, {
        accountId,
        direction: body.direction,
        outcome: body.outcome,
        note: body.note,
        afterTheFact: body.afterTheFact,
        contactPointId: body.contactPointId === null ? null : idOf('contact_point', body.contactPointId),
        startedAt: body.startedAt === undefined ? null : new Date(body.startedAt),
        taskId: body.taskId === null ? null : idOf('task', body.taskId),
        alsoTaskIds: body.alsoTaskIds.map((id) => idOf('task', id)),
        callBackOn: body.callBackOn === null ? null : calendarDate(body.callBackOn),
        promise:
          body.promise && currency?.ok
            ? {
                itemIds: body.promise.itemIds.map((id) => idOf('item', id)),
                amount: money(BigInt(body.promise.amount.amountMinor), currency.value),
                dueOn: calendarDate(body.promise.dueOn),
                graceDays: body.promise.graceDays,
              }
            : null,
      });
      if (!logged.ok) return logged;
      const { decision, promiseId, ...call } = logged.value;
      return ok({
        callId: call.callId,
        incidentId: call.incidentId,
        taskClosed: call.taskClosed,
        followUp: call.followUp,
        sentence: call.sentence,
        warnings: [...call.warnings],
        permit: decision ? await whyOfGate(ctx, decision) : whyOfInbound(ctx),
        promise: promiseId ? await promiseBody(ctx, accountId, promiseId) : null,
      });
    }),
    implement(contract.checkContact, async (ctx, { params, query }) => {
      const accountId = idOf('account', params.accountId);
      if (query.channel === 'call') {
        const preview = await previewCall(ctx, accountId);
        if (!preview.ok) return preview;
        return preview.value.call
          ? ok(await whyOfGate(ctx, preview.value.call))
          : refuse('no_contact_point', 'This account has no telephone number.');
      }
      const facts = await findFacts(ctx, accountId);
      const page = await accountPage(ctx, accountId, {});
      if (!facts || !page.ok) return refuse('account_not_found', 'There is no such account.');
      const mailbox = page.value.contactPoints.find((point) => point.kind === 'email' && point.endedAt === null);
      const [decision] = await previewPermits(ctx, [
        {
          act: 'manual_message',
          channel: 'email',
          partyId: facts.partyId,
          clientId: facts.clientId,
          accountIds: [accountId],
          contactPointId: mailbox?.id ?? null,
          addressKey: mailbox?.value.toLowerCase() ?? null,
          actKind: 'message',
          actId: newId(),
          purpose: 'collect',
          content: { ...plainSpeech, has: ['identity', 'reply_path', 'unsubscribe', 'opt_out'] },
        },
      ]);
      if (!decision) throw new Error('The gate gave no answer');
      return ok(await whyOfGate(ctx, decision));
    }),
    implementFlow(contract.sendNow, async ({ params, body, caller }, host) => {
      const sent = await sendNow(host.mailing, caller.tenant, caller.actor, {
        accountId: idOf('account', params.accountId),
        contactPointId: body.contactPointId,
        level: levels.find((level) => level === body.level),
        comment: body.comment,
      });
      if (!sent.ok) return sent;
      const { messageId, state, answer, verdict } = sent.value;
      const why = await host.enter(async (ctx) => (answer ? whyOfGate(ctx, answer) : whyOfContent(ctx, verdict)));
      return ok({ messageId, state, why });
    }),
  ];
}
