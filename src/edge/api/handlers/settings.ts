import { calendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { parseCurrency } from '../../../kernel/money.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { changeRate } from '../../../flows/change-rate.ts';
import { openClient } from '../../../flows/create-tenant.ts';
import {
  findClient,
  listClients,
  listWideStops,
  placeWideStop,
  releaseWideStop,
  updateClient,
  type Client,
} from '../../../modules/accounts/public.ts';
import {
  addMember,
  changeMember,
  createApiKey,
  disableMember,
  enableMember,
  listApiKeys,
  listMembers,
  revokeApiKey,
  type ApiKey,
  type Member,
  type StaffAuth,
} from '../../../modules/identity/public.ts';
import { loadRates, type Rates, withoutRate } from '../../../modules/ledger/public.ts';
import { listSenders } from '../../../modules/outreach/public.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/settings.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';

const memberBody = (member: Member) => ({
  id: member.id,
  userId: member.userId,
  name: member.displayName,
  email: member.email,
  role: member.role,
  disabled: member.disabledAt !== null,
});
const keyBody = (key: ApiKey): ResponseOf<typeof contract.listKeys>['rows'][number] => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: [...key.scopes],
  expiresAt: key.expiresAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
  lastUsedOn: key.lastUsedOn,
});
const clientBody = (client: Client, senderMode: 'capture' | 'smtp') => ({
  id: client.id,
  name: client.name,
  kind: client.kind,
  currency: client.currency,
  timeZone: client.timeZone,
  country: client.country,
  region: client.region,
  contactEmail: client.contactEmail,
  contactPhone: client.contactPhone,
  postalAddress: client.postalAddress,
  paymentInstructions: client.paymentInstructions,
  feedThrough: client.feedThrough?.toISOString() ?? null,
  feedMaxAgeHours: client.feedMaxAgeHours,
  senderMode,
  rowVersion: client.rowVersion.toString(),
});

async function clientBodies(ctx: Ctx): Promise<ReturnType<typeof clientBody>[]> {
  const modes = new Map((await listSenders(ctx)).map((sender) => [sender.clientId as string, sender.mode]));
  return (await listClients(ctx)).map((client) => clientBody(client, modes.get(client.id) ?? 'capture'));
}

const ratesBody = ({ reportingCurrency, rows, missing }: Rates) => ({
  reportingCurrency,
  rows: [...rows],
  missing: [...missing],
  withoutRate,
});

/** Members, API keys, clients, rates, wide stops. */
export function settingsHandlers(auth: StaffAuth): Implementation[] {
  return [
    implement(contract.listMembers, async (ctx) => ok({ rows: (await listMembers(ctx)).map(memberBody) })),
    implementFlow(contract.addMember, async ({ body }, host) => {
      // Somebody who works for two tenants signs in once: an existing account keeps its own password.
      const existing = await auth.findUser(body.email);
      const userId = existing ? ok(existing.id) : await auth.createUser(body);
      if (!userId.ok) return userId;
      return host.enter(async (ctx) => {
        const added = await addMember(ctx, {
          userId: userId.value,
          email: body.email,
          displayName: body.name,
          role: body.role,
        });
        return added.ok ? ok(memberBody(added.value)) : added;
      });
    }),
    // Takes effect at the member's next request, because memberships are looked up each time. Their sessions stay: they may
    // work for other tenants, whose business this is not.
    implement(contract.changeMember, async (ctx, { params, body }) => {
      const id = idOf('membership', params.memberId);
      const before = (await listMembers(ctx)).find((member) => member.id === id);
      if (!before) return refuse('no_such_member', 'There is no such member.');
      if (body.disabled === false) await enableMember(ctx, id);
      const changed =
        body.disabled === true
          ? await disableMember(ctx, id)
          : await changeMember(ctx, id, { role: body.role ?? before.role, rowScope: before.rowScope });
      return changed.ok ? ok(memberBody(changed.value)) : changed;
    }),
    implement(contract.listKeys, async (ctx) => {
      const keys = await listApiKeys(ctx);
      return keys.ok ? ok({ rows: keys.value.map(keyBody) }) : keys;
    }),
    // Its answer holds the secret, so it is never kept for repetition.
    implementFlow(contract.createKey, async ({ body }, host) =>
      host.enter(async (ctx) => {
        const created = await createApiKey(ctx, {
          name: body.name,
          scopes: body.scopes,
          ...(body.expiresAt && { expiresAt: new Date(body.expiresAt) }),
        });
        return created.ok ? ok({ key: keyBody(created.value.key), secret: created.value.text }) : created;
      }),
    ),
    implement(contract.revokeKey, async (ctx, { params }) => {
      const revoked = await revokeApiKey(ctx, idOf('api_key', params.keyId));
      return revoked.ok ? ok(undefined) : revoked;
    }),
    implement(contract.listClients, async (ctx, { caller }) => {
      const rows = await clientBodies(ctx);
      return ok({ rows: caller.clientIds ? rows.filter((row) => caller.clientIds?.includes(row.id)) : rows });
    }),
    implement(contract.createClient, async (ctx, { body }) => {
      const currency = parseCurrency(body.currency);
      if (!currency.ok) return currency;
      const opened = await openClient(ctx, { ...body, currency: currency.value });
      if (!opened.ok) return opened;
      const client = await findClient(ctx, opened.value.clientId);
      return client ? ok(clientBody(client, 'capture')) : refuse('not_found', 'There is no such client.');
    }),
    implement(contract.updateClient, async (ctx, { params, body, version }) => {
      const id = idOf('client', params.clientId);
      const { currency: _fixed, ...changes } = body;
      const updated = await updateClient(ctx, id, changes, version);
      if (!updated.ok) return updated;
      const row = (await clientBodies(ctx)).find((client) => client.id === id);
      return row ? ok(row) : refuse('not_found', 'There is no such client.');
    }),
    implement(contract.listWideStops, async (ctx, { caller }) => {
      const { clientIds } = caller;
      const rows = await listWideStops(ctx);
      const seen = rows.filter(({ client }) => clientIds === null || client === null || clientIds.includes(client.id));
      return ok({ rows: seen.map(stopBody) });
    }),
    implement(contract.getRates, async (ctx, { caller }) => ok(ratesBody(await loadRates(ctx, caller.clientIds)))),
    implement(contract.setRate, async (ctx, { body }) => {
      const changed = await changeRate(ctx, { ...body, asOf: calendarDate(body.asOf) });
      return changed.ok ? ok(ratesBody(changed.value)) : changed;
    }),
    implement(contract.placeWideStop, async (ctx, { body, caller }) => {
      if (body.scope === 'tenant' && caller.clientIds !== null) {
        return refuse('forbidden', 'Only somebody who sees all clients can stop contact for all of them.');
      }
      const placed = await placeWideStop(ctx, {
        scope: body.scope,
        clientId: body.clientId === null ? null : idOf('client', body.clientId),
        reason: body.reason,
      });
      if (!placed.ok) return placed;
      const row = (await listWideStops(ctx)).find((stop) => stop.id === placed.value.stopId);
      return row ? ok(stopBody(row)) : refuse('not_found', 'There is no such stop.');
    }),
    implement(contract.releaseWideStop, async (ctx, { params }) => {
      const released = await releaseWideStop(ctx, idOf('wide_stop', params.stopId));
      return released.ok ? ok(undefined) : released;
    }),
  ];
}

type Stop = Awaited<ReturnType<typeof listWideStops>>[number];
const stopBody = (stop: Stop) => ({
  id: stop.id,
  scope: stop.scope,
  client: stop.client,
  reason: stop.reason,
  effectiveFrom: stop.effectiveFrom.toISOString(),
  releasedAt: stop.releasedAt?.toISOString() ?? null,
});
