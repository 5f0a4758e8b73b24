import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import type { NoticeLevel } from './notice.ts';
import type { NoticeTemplate } from './render-notice.ts';

/** The tenant's own letters, newest version of each; where it has none, ours are used. */
export type TemplateSet = { find(level: NoticeLevel, language: string | null): NoticeTemplate | undefined };

export const templateKeyOf = (level: NoticeLevel) => `notice_${level}`;
const short = (language: string | null) => (language ?? 'en').slice(0, 2).toLowerCase();

export async function loadTemplates(ctx: Ctx): Promise<TemplateSet> {
  const { rows } = await sql<{ id: string; key: string; language: string; subject: string; body: string }>`
    select distinct on (key, language) id, key, language, subject, body from outreach.templates
    where tenant_id = ${ctx.tenant} and channel = 'email' order by key, language, version desc`.execute(ctx.db);
  const byName = new Map(
    rows.map((row) => [`${row.key}/${short(row.language)}`, { id: row.id, subject: row.subject, body: row.body }]),
  );
  return { find: (level, language) => byName.get(`${templateKeyOf(level)}/${short(language)}`) };
}

/** Adds the next version of a template; nothing is overwritten. Returns its number. */
export async function insertTemplate(
  ctx: Ctx,
  template: { level: NoticeLevel; language: string; subject: string; body: string },
): Promise<{ templateId: string; version: number }> {
  const templateId = newId<'template'>();
  const key = templateKeyOf(template.level);
  const { rows } = await sql<{ version: number }>`
    select coalesce(max(version), 0) + 1 as version from outreach.templates
    where tenant_id = ${ctx.tenant} and key = ${key} and language = ${template.language}`.execute(ctx.db);
  const version = rows[0]?.version ?? 1;
  await sql`insert into outreach.templates (tenant_id, id, key, version, channel, language, subject, body, created_by, recorded_at)
    values (${ctx.tenant}, ${templateId}, ${key}, ${version}, 'email', ${template.language}, ${template.subject}, ${template.body},
      ${ctx.actor.name}, ${ctx.at})`.execute(ctx.db);
  return { templateId, version };
}
