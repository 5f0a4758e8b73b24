import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, idOf } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { findAccount, refreshParty, reportEventOfParty } from '../../../modules/accounts/public.ts';
import { recordOptOut } from '../../../modules/compliance/public.ts';
import { accountPage } from '../../../modules/insights/public.ts';
import { addContactPoint, endContactPoint, setContactQuality, updateParty } from '../../../modules/parties/public.ts';
import { accountBody } from '../account-body.ts';
import * as contract from '../contract/accounts.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';
import { wire } from '../wire.ts';

type PointBody = ResponseOf<typeof contract.addContactPoint>;
const channelOf = { email: 'email', phone: 'call', postal: 'letter' } as const;

/** How the party of an account is reached, and where it is. */
export function contactPointHandlers(): Implementation[] {
  return [
    implement(contract.addContactPoint, async (ctx, { params, body }) => {
      const account = await findAccount(ctx, idOf('account', params.accountId));
      if (!account) return refuse('account_not_found', 'There is no such account.');
      const added = await addContactPoint(ctx, { ...body, partyId: account.partyId, source: 'hand' });
      if (!added.ok) return added;
      await refreshParty(ctx, account.partyId);
      return pointBody(ctx, account.id, added.value.contactPointId);
    }),
    implement(contract.changeContactPoint, async (ctx, { params, body }) => {
      const accountId = idOf('account', params.accountId);
      const contactPointId = idOf('contact_point', params.contactPointId);
      const account = await findAccount(ctx, accountId);
      if (!account) return refuse('account_not_found', 'There is no such account.');
      const before = await pointBody(ctx, accountId, contactPointId);
      if (!before.ok) return before;
      if (body.optOut === false)
        return refuse(
          'refused',
          'An opt-out is the debtor’s to take back. Record their wish as a note, with how it can be proved.',
        );
      if (body.ended === false) return refuse('refused', 'An ended address is taken up again by adding it again.');
      if (body.quality !== undefined) await setContactQuality(ctx, contactPointId, body.quality);
      if (body.ended === true) await endContactPoint(ctx, contactPointId);
      if (body.optOut === true) await optOut(ctx, account.partyId, before.value);
      const unusable = body.ended === true || body.quality === 'wrong' || body.quality === 'bounced';
      await refreshParty(ctx, account.partyId, { stop: unusable });
      const met = body.quality === 'bounced' ? 'bounce' : body.quality === 'wrong' ? 'wrong_number' : null;
      if (met !== null) await reportEventOfParty(ctx, met, account.partyId, contactPointId);
      return pointBody(ctx, accountId, contactPointId);
    }),
    implement(contract.changeParty, async (ctx, { params, body, caller }) => {
      const account = await findAccount(ctx, idOf('account', params.accountId));
      if (!account) return refuse('account_not_found', 'There is no such account.');
      const changed = await updateParty(ctx, account.partyId, {
        ...body,
        ...(body.country && { country: body.country.toUpperCase() }),
      });
      if (!changed.ok) return changed;
      return accountBody(ctx, account.id, caller);
    }),
  ];
}

async function pointBody(
  ctx: Ctx,
  accountId: Id<'account'>,
  contactPointId: string,
): Promise<Result<PointBody, 'not_found' | 'contact_point_not_found'>> {
  const page = await accountPage(ctx, accountId, {});
  if (!page.ok) return page;
  const point = page.value.contactPoints.find((one) => one.id === contactPointId.toLowerCase());
  return point
    ? ok(wire(point) as PointBody)
    : refuse('contact_point_not_found', 'This account has no such address or number.');
}

async function optOut(ctx: Ctx, partyId: string, point: PointBody): Promise<void> {
  const addressKey = point.kind === 'email' ? point.value.toLowerCase() : point.value;
  const recorded = await recordOptOut(ctx, {
    partyId,
    channel: channelOf[point.kind],
    addressKey,
    sourceKind: 'staff',
    sourceId: ctx.actor.id,
  });
  if (!recorded.ok) throw new Error(recorded.detail);
}
