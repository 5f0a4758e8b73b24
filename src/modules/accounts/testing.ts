import { addDays, type CalendarDate, calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { aParty } from '../parties/testing.ts';
import { addItem } from './add-item.ts';
import type { NewClient } from './client.ts';
import { createAccount, type NewAccount } from './create-account.ts';
import { createClient } from './create-client.ts';
import type { ItemKind } from './item.ts';
import { loadFacts } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';

let serial = 0;

/** A New York client in USD, unless told otherwise. */
export async function aClient(ctx: Ctx, options: Partial<NewClient> = {}): Promise<{ clientId: Id<'client'> }> {
  serial += 1;
  return unwrap(
    await createClient(ctx, {
      name: `Client ${serial}`,
      kind: 'own_entity',
      currency: currency('USD'),
      timeZone: 'America/New_York',
      country: 'US',
      region: 'NY',
      contactEmail: 'ar@client.example',
      ...options,
    }),
  );
}

export type ItemSpec = {
  readonly amountMinor: bigint;
  /** `YYYY-MM-DD`. */
  readonly dueOn: string;
  /** Default: 30 days before it is due. */
  readonly issuedOn?: string;
  readonly number?: string;
  readonly kind?: ItemKind;
};

export type AnAccount = {
  readonly clientId: Id<'client'>;
  readonly partyId: Id<'party'>;
  readonly clusterId: Id<'cluster'>;
  readonly accountId: Id<'account'>;
  readonly itemIds: Id<'item'>[];
  readonly email: string | null;
};

/** An account with its party and items; client and party are made when not given. `email: null` leaves it without an address. */
export async function anAccount(
  ctx: Ctx,
  options: Partial<NewAccount> & {
    readonly items?: readonly ItemSpec[];
    readonly email?: string | null;
    readonly phone?: string | null;
    readonly name?: string;
    readonly timeZone?: string | null;
    readonly country?: string | null;
  } = {},
): Promise<AnAccount> {
  const { items = [], email, phone, name, timeZone, country, ...account } = options;
  const clientId = account.clientId ?? (await aClient(ctx)).clientId;
  const made = account.partyId
    ? { partyId: account.partyId, email: null }
    : await aParty(ctx, {
        ...(email !== undefined && { email }),
        ...(phone !== undefined && { phone }),
        ...(name !== undefined && { name }),
        ...(timeZone !== undefined && { timeZone }),
        ...(country !== undefined && { country }),
      });
  const { accountId } = unwrap(
    await createAccount(ctx, { debtKind: 'commercial', ...account, clientId, partyId: made.partyId }),
  );
  const itemIds: Id<'item'>[] = [];
  for (const item of items) itemIds.push(await anItem(ctx, accountId, item, account.currency ?? currency('USD')));
  await refreshFacts(ctx, { accountIds: [accountId] });
  const { clusterId } = await loadFacts(ctx, accountId);
  return { clientId, partyId: made.partyId, clusterId, accountId, itemIds, email: made.email };
}

/** An item of an account: an invoice, or a credit note when the amount is negative. */
export async function anItem(
  ctx: Ctx,
  accountId: Id<'account'>,
  spec: ItemSpec,
  of = currency('USD'),
): Promise<Id<'item'>> {
  const dueOn: CalendarDate = calendarDate(spec.dueOn);
  const { itemId } = unwrap(
    await addItem(ctx, {
      accountId,
      kind: spec.kind ?? (spec.amountMinor < 0n ? 'credit_note' : 'invoice'),
      number: spec.number ?? null,
      issuedOn: spec.issuedOn ? calendarDate(spec.issuedOn) : addDays(dueOn, -30),
      dueOn,
      amount: money(spec.amountMinor, of),
    }),
  );
  return itemId;
}
