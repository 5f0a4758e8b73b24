import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { newId } from '../../../kernel/ids.ts';
import { recordAudit } from '../../identity/public.ts';
import type { CollectorProfile } from './validation-information.ts';

/** Who the tenant is on its notices, or null when nobody has said. */
export async function findCollectorProfile(ctx: Ctx): Promise<CollectorProfile | null> {
  const { rows } = await sql<CollectorProfile>`
    select name, address_lines as "addressLines", phone, phone_hours as "phoneHours", website, email, offers_spanish as "offersSpanish",
           offers_online_replies as "offersOnlineReplies", disclosures
    from compliance.collector_profiles where tenant_id = ${ctx.tenant} order by recorded_at desc, id desc limit 1`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** Says who the tenant is on its notices from now on; notices already made keep what they say. */
export async function saveCollectorProfile(ctx: Ctx, profile: CollectorProfile): Promise<void> {
  const id = newId<'collector_profile'>();
  await sql`insert into compliance.collector_profiles (tenant_id, id, name, address_lines, phone, phone_hours, website, email, offers_spanish,
      offers_online_replies, disclosures, recorded_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${profile.name}, ${[...profile.addressLines]}::text[], ${profile.phone}, ${profile.phoneHours}, ${profile.website},
      ${profile.email}, ${profile.offersSpanish}, ${profile.offersOnlineReplies}, ${JSON.stringify(profile.disclosures)}::jsonb, ${ctx.actor.id},
      ${ctx.at})`.execute(ctx.db);
  await recordAudit(ctx, { action: 'collector_profile.saved', subjectKind: 'collector_profile', subjectId: id });
}
