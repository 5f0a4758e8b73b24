import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { exportedPerson } from '../../../flows/export-person.ts';
import {
  approveErasure,
  declineErasure,
  type ErasureRow,
  findErasure,
  keepingOf,
  listErasures,
  listKeptPersons,
  listLegalHolds,
  type ListedLegalHold,
  placeLegalHold,
  releaseLegalHold,
  requestErasure,
  withdrawErasure,
} from '../../../modules/compliance/public.ts';
import * as contract from '../contract/keeping.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';
import { scopeOf } from '../row-scope.ts';
import { streamZip } from '../stream-zip.ts';

const most = 200;
const done = <Code extends string>(result: Result<void, Code>): Result<undefined, Code> =>
  result.ok ? ok(undefined) : result;
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
const shownHold = (hold: ListedLegalHold) => ({
  ...hold,
  placedAt: hold.placedAt.toISOString(),
  releasedAt: iso(hold.releasedAt),
});
const shown = (one: ErasureRow, readerId: string) => ({
  ...one,
  accountNumbers: [...one.accountNumbers],
  mine: one.requestedById === readerId,
  requestedAt: one.requestedAt.toISOString(),
  approvedAt: iso(one.approvedAt),
  declinedAt: iso(one.declinedAt),
  doneAt: iso(one.doneAt),
});

/** How long records are kept, what keeps them longer, and how people are forgotten. */
export function keepingHandlers(): Implementation[] {
  return [
    implement(contract.listLegalHolds, async (ctx) =>
      ok({
        rows: (await listLegalHolds(ctx, { limit: most })).map(shownHold),
      }),
    ),
    implement(contract.placeLegalHold, async (ctx, { body }) => {
      const placed = await placeLegalHold(ctx, body);
      return placed.ok ? ok({ id: placed.value.legalHoldId }) : placed;
    }),
    implement(contract.releaseLegalHold, async (ctx, { params, body }) =>
      done(await releaseLegalHold(ctx, { legalHoldId: params.legalHoldId, reason: body.reason })),
    ),
    implement(contract.listKeptPersons, async (ctx, { query }) => {
      const asked = { after: query.cursor ?? null, limit: query.limit, dueOnly: query.show === 'due' };
      const { rows, next } = await listKeptPersons(ctx, asked);
      return ok({ rows: rows.map((row) => ({ ...row, accountNumbers: [...row.accountNumbers] })), nextCursor: next });
    }),
    implement(contract.getAccountKeeping, async (ctx, { params }) => {
      const keeping = await keepingOf(ctx, params.accountId);
      if (!keeping) return refuse('not_found', 'There is no such account.');
      return ok({ ...keeping, legalHolds: keeping.legalHolds.map(shownHold) });
    }),
    implement(contract.listErasures, async (ctx) =>
      ok({ rows: (await listErasures(ctx, most)).map((one) => shown(one, ctx.actor.id)) }),
    ),
    implement(contract.getErasure, async (ctx, { params }) => {
      const found = await findErasure(ctx, params.erasureId);
      if (!found) return refuse('not_found', 'There is no such erasure.');
      const { obstacles, emptied, kept } = found;
      return ok({
        ...shown(found, ctx.actor.id),
        obstacles: [...obstacles],
        emptied: [...emptied],
        kept: [...kept],
      });
    }),
    implement(contract.requestErasure, async (ctx, { body }) => {
      const asked = await requestErasure(ctx, body);
      return asked.ok ? ok({ id: asked.value.erasureId }) : asked;
    }),
    implement(contract.approveErasure, async (ctx, { params }) => done(await approveErasure(ctx, params.erasureId))),
    implement(contract.declineErasure, async (ctx, { params, body }) =>
      done(await declineErasure(ctx, { erasureId: params.erasureId, reason: body.reason })),
    ),
    implement(contract.withdrawErasure, async (ctx, { params }) => done(await withdrawErasure(ctx, params.erasureId))),
    implementFlow(contract.exportPerson, async ({ params, caller }, host) => {
      const { tenant, actor } = caller;
      const parts = await exportedPerson(host.installation, {
        tenant,
        actor,
        partyId: params.partyId,
        scope: scopeOf(caller),
      });
      if (!parts) return refuse('not_found', 'There is no such person.');
      return streamZip(host, 'person.zip', parts);
    }),
  ];
}
