import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Refusal, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { judgeTemplate, sampleClient, type CheckedTemplate } from './check-template.ts';
import type { NoticeClient } from './notice.ts';
import { noticeLanguages } from './render-notice.ts';
import type { TemplateDraft, TemplateVersion } from './template.ts';
import { insertTemplate, selectNewestVersion } from './templates.sql.ts';

export type TemplateRefusal =
  | 'changed_meanwhile'
  | 'unsuitable_template'
  | 'bad_template'
  | 'unknown_variable'
  | 'missing_phrase'
  | 'forbidden_content';

/**
 * Publishes the next version of a template, made from version `basedOn` (0: there was none). Refuses: `unsuitable_template` when
 * channel, purpose, subject and language do not go together; `unknown_variable` and `bad_template` for what does not fill;
 * `missing_phrase` and `forbidden_content` for what the rules about wording have against it; `changed_meanwhile`.
 */
export async function publishTemplate(
  ctx: Ctx,
  draft: TemplateDraft,
  basedOn: number,
  client: NoticeClient = sampleClient,
): Promise<Result<TemplateVersion, TemplateRefusal>> {
  const unsuitable = unsuitableOf(draft);
  if (unsuitable) return unsuitable;
  const checked = judgeTemplate(draft, client, ctx.at);
  if (checked.refused) return refusalOf(checked);
  const newest = await selectNewestVersion(ctx, draft);
  if (newest !== basedOn)
    return refuse(
      'changed_meanwhile',
      `Version ${newest} was published meanwhile. Look at it, then publish yours again.`,
    );
  const published = await insertTemplate(ctx, draft, newest + 1, checked.findings);
  await recordAudit(ctx, {
    action: 'template.published',
    subjectKind: 'template',
    subjectId: published.id,
    detail: {
      channel: draft.channel,
      debtKind: draft.debtKind,
      key: draft.purpose,
      language: draft.language,
      version: published.version,
    },
  });
  return ok(published);
}

/** Why the parts of a draft do not go together, or null. */
export function unsuitableOf({
  channel,
  purpose,
  subject,
  language,
  debtKind,
}: TemplateDraft): Refusal<'unsuitable_template'> | null {
  if ((channel === 'email') !== (subject !== null))
    return refuse(
      'unsuitable_template',
      channel === 'email' ? 'An e-mail needs a subject.' : 'Only an e-mail has a subject.',
    );
  if (subject !== null && subject.trim() === '') return refuse('unsuitable_template', 'An e-mail needs a subject.');
  if (purpose === 'limited_content' && (channel !== 'voicemail' || debtKind !== 'consumer'))
    return refuse('unsuitable_template', 'A limited-content message is a voicemail for a consumer.');
  if (channel === 'email' && !noticeLanguages.includes(language))
    return refuse(
      'unsuitable_template',
      `E-mails can be written in ${noticeLanguages.join(', ')}: the greeting and the table around your text are not there in “${language}”.`,
    );
  return null;
}

function refusalOf({ findings }: CheckedTemplate): Refusal<TemplateRefusal> {
  const refusing = findings.filter((finding) => finding.effect === 'refuse');
  const [first] = refusing;
  if (!first) throw new Error('Nothing was found, yet it is refused');
  return refuse(
    codeOf(first),
    refusing.map((finding) => `${finding.title}: ${finding.sentence} ${finding.remedy}`).join(' '),
    Object.fromEntries(
      refusing.map((finding) => [
        finding.part === 'subject' ? 'subject' : 'body',
        `${finding.sentence} ${finding.remedy}`,
      ]),
    ),
  );
}

function codeOf({ ruleId, kind, start }: CheckedTemplate['findings'][number]): TemplateRefusal {
  if (kind === 'template') return ruleId === 'TEMPLATE.unknown-variable' ? 'unknown_variable' : 'bad_template';
  if (kind === 'required_phrase' || kind === 'language_match') return 'missing_phrase';
  // A voicemail can hold too little as well as too much; what is too much has a text.
  return kind === 'limited_content' && start === null ? 'missing_phrase' : 'forbidden_content';
}
