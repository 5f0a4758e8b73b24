import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Currency } from '../../kernel/money.ts';
import type { NoticeClient, NoticeItem, NoticeSetting } from './notice.ts';

/** The mailbox a party is written to. */
export type Recipient = {
  readonly contactPointId: string;
  readonly partyId: string;
  readonly address: string;
  readonly key: string;
};

/** The best mailbox of each party: preferred, then verified, then the oldest; none that is ended or known to be bad. */
export async function selectRecipients(ctx: Ctx, partyIds: readonly string[]): Promise<Map<string, Recipient>> {
  const { rows } = await sql<Recipient>`
    select distinct on (p.party_id) p.id as "contactPointId", p.party_id as "partyId", p.value as address, p.value_key as key
    from parties.contact_points_v p
    where p.tenant_id = ${ctx.tenant} and p.party_id = any(${[...partyIds]}::uuid[]) and p.kind = 'email' and p.ended_at is null
      and p.quality in ('verified', 'unverified')
    order by p.party_id, p.preferred desc, p.quality = 'verified' desc, p.recorded_at, p.id`.execute(ctx.db);
  return new Map(rows.map((row) => [row.partyId, row]));
}

/** One e-mail address of a party, whatever its quality: the gate judges that. Null when it is not theirs. */
export async function findRecipient(ctx: Ctx, partyId: string, contactPointId: string): Promise<Recipient | null> {
  const { rows } = await sql<Recipient>`
    select p.id as "contactPointId", p.party_id as "partyId", p.value as address, p.value_key as key from parties.contact_points_v p
    where p.tenant_id = ${ctx.tenant} and p.id = ${contactPointId} and p.party_id = ${partyId} and p.kind = 'email'`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** What is open on accounts and may be spoken about: items under a live hold are left out. */
export async function selectOpenItems(ctx: Ctx, accountIds: readonly string[]): Promise<NoticeItem[]> {
  const { rows } = await sql<NoticeItem>`
    select i.id as "itemId", i.account_id as "accountId", i.number, i.issued_on as "issuedOn", i.due_on as "dueOn", i.open_minor as "openMinor",
           i.currency, l.level
    from accounts.items_v i
    left join strategy.item_levels_v l on l.tenant_id = ${ctx.tenant} and l.item_id = i.id
    where i.tenant_id = ${ctx.tenant} and i.account_id = any(${[...accountIds]}::uuid[]) and i.open_minor <> 0
      and not exists (
        select 1 from accounts.hold_items_v hi
        join accounts.holds_v h on h.tenant_id = ${ctx.tenant} and h.id = hi.hold_id
        where hi.tenant_id = ${ctx.tenant} and hi.item_id = i.id and h.released_at is null and h.effective_from <= ${ctx.at}
          and (h.effective_to is null or h.effective_to > ${ctx.at}) and h.effects && array['stop_automatic', 'stop_contact'])
    order by i.account_id, i.due_on, i.id`.execute(ctx.db);
  return rows;
}

export type NoticeAccountRow = {
  readonly id: string;
  readonly number: string;
  readonly currency: Currency;
  readonly unappliedMinor: bigint;
  readonly partyId: string;
  readonly clientId: string;
  readonly clusterId: string;
  readonly stopEpoch: bigint;
  readonly partyName: string;
  readonly language: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly timeZone: string | null;
  readonly debtKind: 'commercial' | 'consumer';
  /** Whether the person has been written to about this account; only asked for consumers, whose first notice says more. */
  readonly written: boolean;
};

/** Accounts with the person behind them and the money received that is not matched yet. */
export async function selectNoticeAccounts(ctx: Ctx, accountIds: readonly string[]): Promise<NoticeAccountRow[]> {
  const { rows } = await sql<NoticeAccountRow>`
    select f.id, f.account_number as number, f.currency, f.party_id as "partyId", f.client_id as "clientId", p.cluster_id as "clusterId",
           f.stop_epoch as "stopEpoch", p.name as "partyName", p.language, p.country, p.region, p.time_zone as "timeZone",
           a.debt_kind as "debtKind",
           a.debt_kind = 'commercial' or exists (
             select 1 from outreach.message_items i join outreach.messages m on m.tenant_id = ${ctx.tenant} and m.id = i.message_id
             where i.tenant_id = ${ctx.tenant} and i.account_id = f.id and m.state in ('handed_over', 'sent', 'uncertain')) as written,
           coalesce((select sum(r.unapplied_minor) from payments.receipts_v r
             where r.tenant_id = ${ctx.tenant} and r.account_id = f.id and r.unapplied_minor > 0 and r.state <> 'reversed'), 0)::bigint as "unappliedMinor"
    from accounts.facts_v f
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = f.party_id
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = f.id
    where f.tenant_id = ${ctx.tenant} and f.id = any(${[...accountIds]}::uuid[]) order by f.id`.execute(ctx.db);
  return rows;
}

export type NoticeClientRow = NoticeClient & {
  readonly timeZone: string;
  readonly kind: 'own_entity' | 'agency_customer' | 'portfolio_owner';
  /** What two people signed that the tenant is to it in law; null: what its kind says. */
  readonly classified: NoticeSetting['collectorType'] | null;
  readonly country: string;
  readonly region: string | null;
};

/** The clients as they sign a notice, with their calendar and what they are to whoever collects for them. */
export async function selectNoticeClients(
  ctx: Ctx,
  clientIds: readonly string[],
): Promise<Map<string, NoticeClientRow>> {
  const { rows } = await sql<NoticeClientRow>`
    select c.id, c.name, c.contact_email as "contactEmail", c.contact_phone as "contactPhone", c.postal_address as "postalAddress",
           c.payment_instructions as "paymentInstructions", c.time_zone as "timeZone", c.kind, c.country, c.region, (
        select k.collector from compliance.classifications_v k
        where k.tenant_id = ${ctx.tenant} and k.client_id = c.id and k.approved_by is not null and k.effective_from <= ${ctx.at}::date
        order by k.effective_from desc, k.id desc limit 1) as classified
    from accounts.clients_v c where c.tenant_id = ${ctx.tenant} and c.id = any(${[...clientIds]}::uuid[])`.execute(
    ctx.db,
  );
  return new Map(rows.map((row) => [row.id, row]));
}
