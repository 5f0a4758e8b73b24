import { calendarDate, localDateOf, timeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { type Account, findAccount, findClient } from '../../../modules/accounts/public.ts';
import {
  type AddressOfPerson,
  approveClassification,
  type Channel,
  classifyClient,
  collectorByKind,
  consentScopes,
  describeDebt,
  endPreference,
  findAddress,
  legalEventTypes,
  legalPicture,
  listClassifications,
  listClocks,
  recordConsent,
  recordLegalEvent,
  recordPreference,
  recordStopRequest,
  revokeConsent,
  type Stopping,
} from '../../../modules/compliance/public.ts';
import { listMembers } from '../../../modules/identity/public.ts';
import * as contract from '../contract/legal.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';
import { wire } from '../wire.ts';

const noAccount = refuse('account_not_found', 'There is no such account.');
const labels = new Map(legalEventTypes.map((one) => [one.type, one.label]));
const instant = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** What the law weighs about a person, and what follows from it. */
export function legalHandlers(): Implementation[] {
  return [
    implement(contract.listLegalEventTypes, async () =>
      ok({
        rows: legalEventTypes.map(({ other: _other, ...one }) => one),
        consentScopes: [...consentScopes],
      }),
    ),
    implement(contract.getLegal, async (ctx, { params, caller }) => {
      const picture = await legalPicture(ctx, params.accountId, caller.clientIds);
      if (!picture) return noAccount;
      const events = picture.events.map((event) => ({ ...event, label: labels.get(event.type) ?? event.type }));
      return ok(wire({ ...picture, events }) as ResponseOf<typeof contract.getLegal>);
    }),
    implement(contract.recordLegalEvent, async (ctx, { params, body }) => {
      const found = await accountWithAddress(ctx, params.accountId, body.contactPointId);
      if (!found.ok) return found;
      return recordLegalEvent(ctx, {
        type: body.type,
        partyId: found.value.account.partyId,
        accountIds: body.accountIds,
        addressKey: found.value.address?.key ?? null,
        detail: body.detail,
        sourceKind: 'staff',
        sourceId: ctx.actor.id,
        note: body.note,
        effectiveAt: instant(body.effectiveAt),
      });
    }),
    implement(contract.recordStopRequest, async (ctx, { params, body }) => {
      const found = await accountWithAddress(ctx, params.accountId, body.contactPointId);
      if (!found.ok) return found;
      const stopping = stoppingOf(body, found.value.address);
      if (!stopping.ok) return stopping;
      return recordStopRequest(ctx, {
        partyId: found.value.account.partyId,
        stopping: stopping.value,
        form: body.form,
        said: body.said,
        sourceKind: 'staff',
        sourceId: ctx.actor.id,
      });
    }),
    implement(contract.describeDebt, async (ctx, { params, body, version }) => {
      const described = await describeDebt(ctx, {
        accountId: params.accountId,
        rowVersion: version,
        description: {
          ...body,
          chargedOffOn: body.chargedOffOn === null ? null : calendarDate(body.chargedOffOn),
          principalMinor: body.principalMinor === null ? null : BigInt(body.principalMinor),
        },
      });
      return described.ok ? ok(wire(described.value) as ResponseOf<typeof contract.describeDebt>) : described;
    }),
    ...consentHandlers(),
    implement(contract.listClocks, async (ctx, { query, caller }) => {
      const { state, accountId, owner } = query;
      const page = await listClocks(ctx, { clientIds: caller.clientIds, state, accountId, owner }, query);
      if (!page.ok) return page;
      const names = await memberNames(ctx);
      const rows = page.value.rows.map(({ assignedTo, ...clock }) => ({
        ...clock,
        owner: assignedTo === null ? null : { id: assignedTo, name: names.get(assignedTo) ?? 'Somebody who has left' },
        ...cureOfClock(clock.doneBy),
      }));
      return ok(wire({ ...page.value, rows }) as ResponseOf<typeof contract.listClocks>);
    }),
    ...classificationHandlers(),
  ];
}

/** What ends a clock, and where it is done: validation notices are sent from a tab of their own. */
function cureOfClock(doneBy: readonly string[]): { cure: string; curedIn: 'legal' | 'notices' } {
  const means = doneBy.map((type) => (labels.get(type) ?? type.replaceAll('_', ' ')).toLowerCase());
  return {
    cure: `Done by: ${means.join(', or ')}.`,
    curedIn: doneBy.includes('validation_notice') ? 'notices' : 'legal',
  };
}

const memberNames = async (ctx: Ctx): Promise<Map<string, string>> =>
  new Map((await listMembers(ctx)).map((member) => [member.userId as string, member.displayName]));

function consentHandlers(): Implementation[] {
  return [
    implement(contract.recordConsent, async (ctx, { params, body }) => {
      const found = await accountWithAddress(ctx, params.accountId, body.contactPointId);
      if (!found.ok) return found;
      const { account, address } = found.value;
      const evidence = body.evidence === '' ? {} : { text: body.evidence };
      const detail = Object.fromEntries(Object.entries(body.detail).filter(([, value]) => value !== undefined));
      return recordConsent(ctx, {
        giverPartyId: account.partyId,
        recipientKind: body.recipientKind,
        clientId: body.recipientKind === 'client' ? account.clientId : null,
        accountId: body.onlyThisDebt ? account.id : null,
        channel: body.channel,
        addressKey: address?.key ?? null,
        scope: body.scope,
        detail,
        evidence,
        effectiveFrom: instant(body.effectiveAt) ?? ctx.at,
        expiresAt: instant(body.expiresAt),
      });
    }),
    implement(contract.revokeConsent, async (ctx, { params, body }) => {
      const revoked = await revokeConsent(ctx, { consentId: params.consentId, evidence: { text: body.said } });
      return revoked.ok ? ok(undefined) : revoked;
    }),
    implement(contract.recordWish, async (ctx, { params, body }) => {
      const account = await findAccount(ctx, idOf('account', params.accountId));
      if (!account) return noAccount;
      const { weekdays, from, to, language } = body;
      if (body.kind === 'language' && language === null)
        return refuse('invalid', 'Say which language.', { language: 'Choose a language.' });
      if (body.kind === 'inconvenient_time' && weekdays.length === 0 && from === null && to === null)
        return refuse('invalid', 'Say which days or which hours are inconvenient.', { from: 'Choose days or hours.' });
      const detail =
        body.kind === 'language'
          ? { language }
          : { ...(weekdays.length > 0 && { weekdays }), ...(from !== null && { from }), ...(to !== null && { to }) };
      const recorded = await recordPreference(ctx, {
        partyId: account.partyId,
        kind: body.kind,
        channel: body.channel,
        addressKey: null,
        detail,
        sourceKind: 'staff',
        sourceId: ctx.actor.id,
      });
      return recorded.ok ? ok({ wishId: recorded.value.preferenceId, already: recorded.value.already }) : recorded;
    }),
    implement(contract.endWish, async (ctx, { params, body }) => {
      const ended = await endPreference(ctx, { preferenceId: params.wishId, reason: body.reason });
      return ended.ok ? ok(undefined) : ended;
    }),
  ];
}

function classificationHandlers(): Implementation[] {
  return [
    implement(contract.listClassifications, async (ctx, { params }) => classificationsBody(ctx, params.clientId)),
    implement(contract.classifyClient, async (ctx, { params, body }) => {
      const { clientId } = params;
      const signed = await classifyClient(ctx, { ...body, clientId, effectiveFrom: calendarDate(body.effectiveFrom) });
      return signed.ok ? classificationsBody(ctx, clientId) : signed;
    }),
    implement(contract.approveClassification, async (ctx, { params }) => {
      const approved = await approveClassification(ctx, params.classificationId);
      return approved.ok ? ok(undefined) : approved;
    }),
  ];
}

async function classificationsBody(
  ctx: Ctx,
  clientId: string,
): Promise<Result<ResponseOf<typeof contract.listClassifications>, RefusalCode>> {
  const client = await findClient(ctx, idOf('client', clientId));
  if (!client) return refuse('client_not_found', 'There is no such client.');
  const byKind = collectorByKind[client.kind];
  const rows = await listClassifications(ctx, clientId);
  const today = localDateOf(ctx.at, timeZone(client.timeZone));
  const inForce = rows.find((row) => row.approvedBy !== null && row.effectiveFrom <= today);
  const names = await memberNames(ctx);
  const nameOf = (id: string) => names.get(id) ?? 'Dunwell';
  return ok({
    byKind,
    inForce: inForce?.collector ?? byKind,
    rows: rows.map(({ clientId: _client, ...row }) => ({
      ...wire(row),
      signedBy: nameOf(row.signedBy),
      signedByYou: row.signedBy === ctx.actor.id,
      approvedBy: row.approvedBy === null ? null : nameOf(row.approvedBy),
    })),
  });
}

/** The account and, where one is named, an address of the person who owes on it. */
async function accountWithAddress(
  ctx: Ctx,
  accountId: string,
  contactPointId: string | null,
): Promise<
  Result<
    { readonly account: Account; readonly address: AddressOfPerson | null },
    'account_not_found' | 'contact_point_not_found'
  >
> {
  const account = await findAccount(ctx, idOf('account', accountId));
  if (!account) return noAccount;
  if (contactPointId === null) return ok({ account, address: null });
  const address = await findAddress(ctx, account.partyId, contactPointId);
  if (!address)
    return refuse('contact_point_not_found', 'This address does not belong to the account.', {
      contactPointId: 'Choose an address of this account.',
    });
  return ok({ account, address });
}

type StopBody = { readonly what: Stopping['what']; readonly channel: Channel | null };

function stoppingOf(body: StopBody, address: AddressOfPerson | null): Result<Stopping, 'invalid'> {
  switch (body.what) {
    case 'channel':
      return body.channel === null
        ? refuse('invalid', 'Say what they want to stop: calls, texts, e-mails.', { channel: 'Choose one.' })
        : ok({ what: 'channel', channel: body.channel });
    case 'address':
      return address === null
        ? refuse('invalid', 'Say which address they want left alone.', { contactPointId: 'Choose an address.' })
        : ok({ what: 'address', addressKey: address.key, addressKind: address.kind });
    case 'everything':
    case 'refuses_to_pay':
      return ok({ what: body.what });
  }
}
