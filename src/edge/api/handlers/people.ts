import type { z } from 'zod';
import { calendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, idOf } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { findAccount, joinMatch, linkPeople, partPeople, unlinkPeople } from '../../../modules/accounts/public.ts';
import { listLinks, listMatches, matchPage, matchProgress, searchPeople } from '../../../modules/insights/public.ts';
import {
  addContactPoint,
  createParty,
  decideMatch,
  findMatches,
  searchParties,
} from '../../../modules/parties/public.ts';
import * as contract from '../contract/people.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';
import { scopeOf } from '../row-scope.ts';
import { wire } from '../wire.ts';

type LinkRows = ResponseOf<typeof contract.listLinks>['rows'];
type PeopleRows = ResponseOf<typeof contract.searchParties>['rows'];
type NewLinkBody = z.output<typeof contract.addLink.body>;

/** Parties looked at for a search, before the scope leaves some out. */
const mostSearched = 50;
const noAccount = refuse('account_not_found', 'There is no such account.');

/** Who has to do with whom, and who is one with whom. */
export function peopleHandlers(): Implementation[] {
  return [
    implement(contract.listLinks, async (ctx, { params, caller }) => {
      if (!(await findAccount(ctx, idOf('account', params.accountId)))) return noAccount;
      return ok({ rows: wire(await listLinks(ctx, params.accountId, scopeOf(caller))) as LinkRows });
    }),
    implement(contract.searchParties, async (ctx, { query, caller }) => {
      const hits = await searchParties(ctx, query.q, mostSearched);
      const ids = hits.map((hit) => hit.partyId);
      return ok({ rows: (await searchPeople(ctx, ids, scopeOf(caller))) as PeopleRows });
    }),
    implement(contract.addLink, async (ctx, { params, body, caller }) => {
      const account = await findAccount(ctx, idOf('account', params.accountId));
      if (!account) return noAccount;
      const other = await otherOf(ctx, body);
      if (!other.ok) return other;
      const [partyId, otherPartyId] =
        body.direction === 'has' ? [account.partyId, other.value] : [other.value, account.partyId];
      const added = await linkPeople(ctx, {
        partyId,
        otherPartyId,
        role: body.role,
        effectiveFrom: calendarDate(body.effectiveFrom),
        effectiveTo: body.effectiveTo === null ? null : calendarDate(body.effectiveTo),
        note: body.note,
      });
      if (!added.ok) return added;
      const rows = wire(await listLinks(ctx, account.id, scopeOf(caller))) as LinkRows;
      const row = rows.find((one) => one.id === added.value.id);
      if (!row) throw new Error(`Link ${added.value.id} is not among those of account ${account.id}`);
      return ok(row);
    }),
    implement(contract.endLink, async (ctx, { params, body, version }) => {
      const ended = await unlinkPeople(ctx, {
        linkId: idOf('party_link', params.linkId),
        on: body.on === null ? null : calendarDate(body.on),
        reason: body.reason,
        rowVersion: version,
      });
      if (!ended.ok) return ended;
      const { id, effectiveTo, rowVersion } = ended.value;
      return ok({ id, effectiveTo, rowVersion: rowVersion.toString() });
    }),
    implement(contract.listMatches, async (ctx, { query }) => {
      const page = await listMatches(ctx, query);
      if (!page.ok) return page;
      const { rows, nextCursor } = wire(page.value);
      return ok({
        rows: rows as ResponseOf<typeof contract.listMatches>['rows'],
        nextCursor,
        progress: wire(await matchProgress(ctx)),
      });
    }),
    implement(contract.getMatch, async (ctx, { params }) => {
      const page = await matchPage(ctx, params.matchId);
      return page.ok ? ok(wire(page.value) as ResponseOf<typeof contract.getMatch>) : page;
    }),
    implement(contract.findMatches, async (ctx) => {
      const { lookedAt, found } = await findMatches(ctx);
      return ok({ lookedAt, found, progress: wire(await matchProgress(ctx)) });
    }),
    implement(contract.mergeMatch, async (ctx, { params, body, version }) =>
      joinMatch(ctx, { matchId: idOf('match', params.matchId), reason: body.reason, rowVersion: version }),
    ),
    implement(contract.dismissMatch, async (ctx, { params, version }) =>
      decide(ctx, params.matchId, 'dismissed', version),
    ),
    implement(contract.reopenMatch, async (ctx, { params, version }) => decide(ctx, params.matchId, 'open', version)),
    implement(contract.undoMerge, async (ctx, { params }) => {
      const parted = await partPeople(ctx, idOf('cluster_merge', params.mergeId));
      return parted.ok ? ok(undefined) : parted;
    }),
  ];
}

async function decide(
  ctx: Ctx,
  matchId: string,
  state: 'open' | 'dismissed',
  rowVersion: bigint,
): Promise<Result<ResponseOf<typeof contract.dismissMatch>, RefusalCode>> {
  const decided = await decideMatch(ctx, { matchId: idOf('match', matchId), state, rowVersion });
  return decided.ok ? ok({ id: decided.value.id, rowVersion: decided.value.rowVersion.toString() }) : decided;
}

/** The party named, or a new one as described. */
async function otherOf(ctx: Ctx, body: NewLinkBody): Promise<Result<Id<'party'>, RefusalCode>> {
  if ((body.partyId === null) === (body.party === null))
    return refuse('invalid', 'Choose somebody who is known, or describe somebody new: one of the two.', {
      partyId: 'Choose somebody.',
    });
  if (body.party === null) return ok(idOf('party', body.partyId ?? ''));
  const { email, phone, ...party } = body.party;
  const created = await createParty(ctx, { ...party, source: 'hand' });
  if (!created.ok) return created;
  const { partyId } = created.value;
  for (const [kind, value] of [
    ['email', email],
    ['phone', phone],
  ] as const) {
    if (value === null || value.trim() === '') continue;
    const added = await addContactPoint(ctx, { partyId, kind, value, preferred: true, source: 'hand' });
    if (!added.ok) return added;
  }
  return ok(partyId);
}
