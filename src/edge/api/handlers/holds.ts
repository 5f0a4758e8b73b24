import { calendarDate, startOfDay, timeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { money, parseCurrency } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import {
  findAccount,
  findClient,
  findHold,
  type HoldCoverage,
  placeHold,
  releaseHold,
} from '../../../modules/accounts/public.ts';
import { type WrittenNote, writeNote } from '../../../flows/write-note.ts';
import { findPromiseAccount, firstAccountOfCluster, getTimeline } from '../../../modules/insights/public.ts';
import { cancelPromise, makePromise } from '../../../modules/payments/public.ts';
import { holdBody, promiseBody } from '../account-body.ts';
import * as contract from '../contract/accounts.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';
import { wire } from '../wire.ts';

/** Holds, promises and notes. */
export function holdHandlers(): Implementation[] {
  return [
    implement(contract.placeHold, async (ctx, { params, body }) => {
      const account = await findAccount(ctx, idOf('account', params.accountId));
      if (!account) return refuse('account_not_found', 'There is no such account.');
      const client = await findClient(ctx, account.clientId);
      const to = body.until === null ? null : startOfDay(calendarDate(body.until), timeZone(client?.timeZone ?? 'UTC'));
      const placed = await placeHold(ctx, {
        ...coverageOf(account, body),
        reason: body.reason,
        effects: body.effects,
        to,
        note: body.note,
        source: { kind: 'staff', id: ctx.actor.id },
      });
      return placed.ok ? ok(await holdBody(ctx, account.id, placed.value.holdId)) : placed;
    }),
    implement(contract.releaseHold, async (ctx, { params, body, version }) => {
      const holdId = idOf('hold', params.holdId);
      const released = await releaseHold(ctx, { holdId, reason: body.reason, rowVersion: version });
      if (!released.ok) return released;
      const hold = await findHold(ctx, holdId);
      const accountId = hold?.accountId ?? (hold && (await firstAccountOfCluster(ctx, hold.clusterId)));
      if (!accountId) throw new Error(`Hold ${holdId} covers no account`);
      return ok(await holdBody(ctx, accountId, holdId));
    }),
    implement(contract.makePromise, async (ctx, { params, body }) => {
      const currency = parseCurrency(body.amount.currency);
      if (!currency.ok) return currency;
      const accountId = idOf('account', params.accountId);
      const made = await makePromise(ctx, {
        accountId,
        itemIds: body.itemIds.map((id) => idOf('item', id)),
        amount: money(BigInt(body.amount.amountMinor), currency.value),
        dueOn: calendarDate(body.dueOn),
        graceDays: body.graceDays,
        channel: body.channel,
      });
      return made.ok ? ok(await promiseBody(ctx, accountId, made.value.promiseId)) : made;
    }),
    implement(contract.cancelPromise, async (ctx, { params, body, version }) => {
      const promiseId = idOf('promise', params.promiseId);
      const cancelled = await cancelPromise(ctx, { promiseId, reason: body.reason, rowVersion: version });
      if (!cancelled.ok) return cancelled;
      const accountId = await findPromiseAccount(ctx, promiseId);
      if (accountId === null) throw new Error(`Promise ${promiseId} belongs to no account`);
      return ok(await promiseBody(ctx, accountId, promiseId));
    }),
    implement(contract.addNote, async (ctx, { params, body }) => {
      const written = await writeNote(ctx, { accountId: idOf('account', params.accountId), body: body.body });
      return written.ok ? noteBody(ctx, params.accountId, written.value) : written;
    }),
  ];
}

type NoteBody = ResponseOf<typeof contract.addNote>;

async function noteBody(
  ctx: Ctx,
  accountId: string,
  { noteId, warnings, incidentId }: WrittenNote,
): Promise<Result<NoteBody, RefusalCode>> {
  const page = await getTimeline(ctx, { accountId, limit: 50, scope: {} });
  if (!page.ok) return page;
  const entry = page.value.rows.find(
    (row) => row.kind === 'note' && (row.subjectId === noteId || row.id.includes(noteId)),
  );
  if (!entry) throw new Error(`Note ${noteId} is not on the timeline`);
  return ok({ ...(wire(entry) as NoteBody), warnings: [...warnings], incidentId });
}

type Covered = { readonly coverage: 'party' | 'account' | 'items'; readonly itemIds: readonly string[] };

function coverageOf(account: NonNullable<Awaited<ReturnType<typeof findAccount>>>, body: Covered): HoldCoverage {
  switch (body.coverage) {
    case 'party':
      return { coverage: 'party', clusterId: account.clusterId };
    case 'account':
      return { coverage: 'account', accountId: account.id };
    case 'items':
      return { coverage: 'items', accountId: account.id, itemIds: body.itemIds.map((id) => idOf('item', id)) };
  }
}
