import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';
import type { Currency } from '../../../kernel/money.ts';
import { legalEventTypes } from '../legal-event-catalogue.ts';
import type { AddresseeRole } from './addressee.ts';

/** An account as a notice sees it. */
export type NoticeSubject = {
  readonly accountId: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly partyId: Id<'party'>;
  readonly number: string;
  readonly debtKind: 'commercial' | 'consumer';
  readonly clientKind: 'own_entity' | 'agency_customer' | 'portfolio_owner';
  readonly clientName: string;
  readonly paymentInstructions: string | null;
  readonly currency: Currency;
  readonly partyName: string;
  readonly country: string | null;
  readonly region: string | null;
  readonly owedMinor: bigint;
  readonly openItems: number;
  readonly earliestDueOn: CalendarDate | null;
  readonly deceased: boolean;
  readonly bankrupt: boolean;
  /** Somebody wrote that the person is not of age. */
  readonly minor: boolean;
  /** An attorney acts in this debt, whether or not anybody knows where to write to. */
  readonly represented: boolean;
  /** The person has an E-SIGN consent in force for e-mail. */
  readonly esignConsent: boolean;
  /** Somebody has spoken with, or written to, the person about this account before. */
  readonly communicated: boolean;
};

/** Whether an event of this type was written down of the person, about this debt or all, and nothing has ended it since. */
const standing = (ctx: Ctx, type: string) => sql`exists (
  select 1 from compliance.legal_events e join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = e.cluster_id
  where e.tenant_id = ${ctx.tenant} and k.root_id = p.root_cluster_id and e.type = ${type}
    and (e.detail->>'bornOn' is null or (e.detail->>'bornOn')::date + interval '18 years' > ${ctx.at}) and (e.account_ids is null or a.id = any(e.account_ids))
    and not exists (
      select 1 from compliance.legal_events x join parties.clusters_v o on o.tenant_id = ${ctx.tenant} and o.id = x.cluster_id
      where x.tenant_id = ${ctx.tenant} and o.root_id = p.root_cluster_id and x.effective_at >= e.effective_at
        and x.type = any(${endersOf(type)}::text[]) and (x.account_ids is null or a.id = any(x.account_ids))))`;

const endersOf = (type: string): string[] =>
  legalEventTypes.filter((one) => one.ends.includes(type)).map((one) => one.type);

/** The account with its client, person and standing, or null. Read under the locks where something is written after it. */
export async function findNoticeSubject(ctx: Ctx, accountId: string): Promise<NoticeSubject | null> {
  const { rows } = await sql<NoticeSubject>`
    select a.id as "accountId", a.client_id as "clientId", a.party_id as "partyId", a.number, a.debt_kind as "debtKind", c.kind as "clientKind",
           c.name as "clientName", c.payment_instructions as "paymentInstructions", a.currency, p.name as "partyName", p.country, p.region,
           f.balance_minor - f.credit_minor as "owedMinor", f.open_items as "openItems",
           f.oldest_open_due_on as "earliestDueOn",
           coalesce(h.deceased, false) or ${standing(ctx, 'deceased')} as deceased, coalesce(h.bankrupt, false) or ${standing(ctx, 'bankruptcy_petition')} as bankrupt,
           ${standing(ctx, 'minor')} as minor, ${standing(ctx, 'attorney_notice')} as represented,
           exists (select 1 from compliance.consents e join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = e.cluster_id
             where e.tenant_id = ${ctx.tenant} and k.root_id = p.root_cluster_id and e.channel = 'email' and e.scope = 'esign'
               and e.effective_from <= ${ctx.at} and (e.expires_at is null or e.expires_at > ${ctx.at}) and e.revoked_at is null) as "esignConsent",
           exists (select 1 from compliance.register_v r
             where r.tenant_id = ${ctx.tenant} and r.account_id = a.id and r.status in ('reserved', 'counted')
               and (r.conversation or r.channel <> 'call')) as communicated
    from accounts.accounts_v a
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    left join lateral (
      select bool_or(x.reason = 'deceased') as deceased, bool_or(x.reason = 'bankruptcy') as bankrupt
      from accounts.holds_v x join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = x.cluster_id
      where x.tenant_id = ${ctx.tenant} and k.root_id = p.root_cluster_id and (x.coverage = 'party' or x.account_id = a.id)
        and x.reason in ('deceased', 'bankruptcy') and x.effective_from <= ${ctx.at} and x.released_at is null
        and (x.effective_to is null or x.effective_to > ${ctx.at})) h on true
    where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(ctx.db);
  return rows[0] ?? null;
}

type Place = { readonly contactPointId: string; readonly value: string; readonly key: string };

/** Somebody the notice may be addressed to, with where they are reached; null: nobody knows. */
export type KnownAddressee = {
  readonly role: AddresseeRole;
  readonly partyId: Id<'party'>;
  readonly name: string;
  readonly postal: Place | null;
  readonly email: Place | null;
};

const bestPlace = (ctx: Ctx, kind: 'postal' | 'email') => sql`(
  select jsonb_build_object('contactPointId', x.id, 'value', x.value, 'key', x.value_key) from parties.contact_points_v x
  where x.tenant_id = ${ctx.tenant} and x.party_id = w.party_id and x.kind = ${kind} and x.ended_at is null
    and x.quality in ('verified', 'unverified')
  order by x.preferred desc, x.quality = 'verified' desc, x.recorded_at, x.id limit 1)`;

/** The person and whoever acts for them, each with the best addresses: preferred, verified, oldest. */
export async function listAddressees(ctx: Ctx, partyId: string): Promise<KnownAddressee[]> {
  const { rows } = await sql<KnownAddressee>`
    select w.role, w.party_id as "partyId", p.name, ${bestPlace(ctx, 'postal')} as postal, ${bestPlace(ctx, 'email')} as email
    from (
      select 'consumer' as role, ${partyId}::uuid as party_id
      union all
      select case l.role when 'executor' then 'representative' else l.role end, l.other_party_id
      from parties.party_links_v l
      where l.tenant_id = ${ctx.tenant} and l.party_id = ${partyId} and l.role in ('attorney', 'executor', 'guardian')
        and l.effective_from <= ${ctx.at}::date and (l.effective_to is null or l.effective_to > ${ctx.at}::date)) w
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = w.party_id
    order by w.role, p.id`.execute(ctx.db);
  return rows;
}
