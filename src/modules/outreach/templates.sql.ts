import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import type { NoticeLevel } from './notice.ts';
import type { NoticeTemplate } from './render-notice.ts';
import { purposeOf, type TemplateDraft, type TemplateUse, type TemplateVersion } from './template.ts';

/** The tenant's own letters, newest version of each; where it has none, ours are used. */
export type TemplateSet = {
  find(debtKind: TemplateUse['debtKind'], level: NoticeLevel, language: string | null): NoticeTemplate | undefined;
};

const short = (language: string | null) => (language ?? 'en').slice(0, 2).toLowerCase();

export async function loadTemplates(ctx: Ctx): Promise<TemplateSet> {
  const { rows } = await sql<{
    id: string;
    debtKind: string;
    key: string;
    language: string;
    subject: string;
    body: string;
  }>`
    select distinct on (debt_kind, key, language) id, debt_kind as "debtKind", key, language, subject, body from outreach.templates
    where tenant_id = ${ctx.tenant} and channel = 'email' order by debt_kind, key, language, version desc`.execute(
    ctx.db,
  );
  const byName = new Map(
    rows.map((row) => [
      `${row.debtKind}/${row.key}/${short(row.language)}`,
      { id: row.id, subject: row.subject, body: row.body },
    ]),
  );
  return { find: (debtKind, level, language) => byName.get(`${debtKind}/${purposeOf(level)}/${short(language)}`) };
}

const columns = sql`t.id, t.channel, t.debt_kind as "debtKind", t.key as purpose, t.language, nullif(t.subject, '') as subject, t.body, t.audience,
  t.version, t.created_by as "publishedBy", t.recorded_at as "publishedAt"`;

/** The version in force of every use the tenant has written for. */
export async function listTemplates(ctx: Ctx): Promise<TemplateVersion[]> {
  const { rows } = await sql<TemplateVersion>`
    select distinct on (t.channel, t.debt_kind, t.key, t.language) ${columns} from outreach.templates t
    where t.tenant_id = ${ctx.tenant} order by t.channel, t.debt_kind, t.key, t.language, t.version desc`.execute(
    ctx.db,
  );
  return rows;
}

/** Every version of one use, newest first. */
export async function listTemplateVersions(ctx: Ctx, use: TemplateUse): Promise<TemplateVersion[]> {
  const { rows } = await sql<TemplateVersion>`
    select ${columns} from outreach.templates t
    where t.tenant_id = ${ctx.tenant} and t.channel = ${use.channel} and t.debt_kind = ${use.debtKind} and t.key = ${use.purpose}
      and t.language = ${use.language} order by t.version desc`.execute(ctx.db);
  return rows;
}

/** The newest version's number of a use; 0 when there is none. */
export async function selectNewestVersion(ctx: Ctx, use: TemplateUse): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select coalesce(max(version), 0) as version from outreach.templates
    where tenant_id = ${ctx.tenant} and channel = ${use.channel} and debt_kind = ${use.debtKind} and key = ${use.purpose}
      and language = ${use.language}`.execute(ctx.db);
  return rows[0]?.version ?? 0;
}

/** Adds a version; nothing is overwritten. Two at once: the second breaks the unique key. */
export async function insertTemplate(
  ctx: Ctx,
  template: TemplateDraft,
  version: number,
  findings: readonly unknown[],
): Promise<TemplateVersion> {
  const id = newId<'template'>();
  await sql`insert into outreach.templates (tenant_id, id, key, version, channel, debt_kind, language, subject, body, audience, findings, created_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${template.purpose}, ${version}, ${template.channel}, ${template.debtKind}, ${template.language},
      ${template.subject ?? ''}, ${template.body}, ${JSON.stringify(template.audience)}::jsonb, ${JSON.stringify(findings)}::jsonb,
      ${ctx.actor.name}, ${ctx.at})`.execute(ctx.db);
  return { ...template, id, version, publishedBy: ctx.actor.name, publishedAt: ctx.at };
}
