import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/** What can stand in the way of a consumer whose debt is collected for others, most serious first. */
export const consumerBlockers = [
  'no_last_day_to_sue',
  'no_email_procedure',
  'no_notice',
  'not_signed',
  'no_consent',
] as const;

/** Of these, what closes a way but does not keep every contact from the person. */
export const partly: readonly string[] = ['no_notice', 'not_signed', 'no_consent'];

/**
 * A CTE body: accounts of `owing` that are consumer debts collected for others (12 CFR 1006.2(i)), with what is missing. The classification
 * two people signed says what the tenant is for a client; without one the kind of client does. The e-mail procedures are those of 12 CFR
 * 1006.6(d)(4); whether each still holds on the day is the gate's to judge.
 */
export const consumersLacking = (ctx: Ctx): RawBuilder<unknown> => sql`
  select d.id, array_remove(array[
      case when not exists (
        select 1 from compliance.debts_v b where b.tenant_id = ${ctx.tenant} and b.id = d.id and b.limitation is not null) then 'no_last_day_to_sue' end,
      case when d.american and d.has_email and not exists (
          select 1 from compliance.consents_v n join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = n.cluster_id
          where n.tenant_id = ${ctx.tenant} and k.root_id = d.root_cluster_id and n.recipient_kind = 'tenant' and n.channel = 'email' and n.scope = 'email'
            and n.revoked_at is null and (n.expires_at is null or n.expires_at > ${ctx.at}))
        and not exists (
          select 1 from compliance.register_v r join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = r.cluster_id
          where r.tenant_id = ${ctx.tenant} and k.root_id = d.root_cluster_id and r.direction = 'in' and r.channel = 'email')
        and not exists (
          select 1 from compliance.legal_events_v e join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = e.cluster_id
          where e.tenant_id = ${ctx.tenant} and k.root_id = d.root_cluster_id
            and (e.type = 'creditor_email_notice' and (e.detail->>'domainPublic')::boolean and (e.detail->>'creditorUsedAddress')::boolean
                or e.type = 'prior_collector_history' and (e.detail->>'usedEmail')::boolean)) then 'no_email_procedure' end,
      case when d.american and not exists (
        select 1 from compliance.notices_v v where v.tenant_id = ${ctx.tenant} and v.account_id = d.id and v.kind = 'validation' and v.provided_on is not null
          and not coalesce(v.returned, false)) then 'no_notice' end,
      case when not d.signed then 'not_signed' end,
      case when not exists (
        select 1 from compliance.consents_v n join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = n.cluster_id
        where n.tenant_id = ${ctx.tenant} and k.root_id = d.root_cluster_id and n.recipient_kind = 'tenant' and n.revoked_at is null) then 'no_consent' end
    ], null) as reasons
  from (
    select o.id, o.root_cluster_id, o.has_email, coalesce(o.country, c.country) = 'US' as american, s.collector is not null as signed
    from owing o
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = o.id and a.debt_kind = 'consumer'
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = o.client_id
    left join lateral (
      select k.collector from compliance.classifications_v k
      where k.tenant_id = ${ctx.tenant} and k.client_id = o.client_id and k.approved_by is not null and k.effective_from <= ${ctx.at}::date
      order by k.effective_from desc, k.id desc limit 1) s on true
    where coalesce(s.collector, case c.kind when 'own_entity' then 'first_party' else 'third_party' end) <> 'first_party') d`;
