import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { exportedPerson } from '../../../flows/export-person.ts';
import {
  approveErasure,
  listDueForErasure,
  listErasures,
  listLegalHolds,
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

/** How long records are kept, what keeps them longer, and how people are forgotten. */
export function keepingHandlers(): Implementation[] {
  return [
    implement(contract.listLegalHolds, async (ctx) =>
      ok({
        rows: (await listLegalHolds(ctx, most)).map(({ clusterId: _cluster, ...hold }) => ({
          ...hold,
          placedAt: hold.placedAt.toISOString(),
          releasedAt: iso(hold.releasedAt),
        })),
      }),
    ),
    implement(contract.placeLegalHold, async (ctx, { body }) => {
      const placed = await placeLegalHold(ctx, body);
      return placed.ok ? ok({ id: placed.value.legalHoldId }) : placed;
    }),
    implement(contract.releaseLegalHold, async (ctx, { params, body }) =>
      done(await releaseLegalHold(ctx, { legalHoldId: params.legalHoldId, reason: body.reason })),
    ),
    implement(contract.listDueForErasure, async (ctx, { query }) => {
      const { rows, next } = await listDueForErasure(ctx, { after: query.cursor ?? null, limit: query.limit });
      return ok({ rows, nextCursor: next });
    }),
    implement(contract.listErasures, async (ctx) =>
      ok({
        rows: (await listErasures(ctx, most)).map(({ clusterId: _cluster, ...one }) => ({
          ...one,
          requestedAt: one.requestedAt.toISOString(),
          doneAt: iso(one.doneAt),
        })),
      }),
    ),
    implement(contract.requestErasure, async (ctx, { body }) => {
      const asked = await requestErasure(ctx, body);
      return asked.ok ? ok({ id: asked.value.erasureId }) : asked;
    }),
    implement(contract.approveErasure, async (ctx, { params }) => done(await approveErasure(ctx, params.erasureId))),
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
