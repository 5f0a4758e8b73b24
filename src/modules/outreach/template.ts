import type { ContentContext } from '../compliance/public.ts';
import type { NoticeLevel } from './notice.ts';

export const templateChannels = ['email', 'sms', 'letter', 'voicemail'] as const;
export const templatePurposes = [
  'notice_0',
  'notice_1',
  'notice_2',
  'notice_3',
  'notice_4',
  'notice_5',
  'limited_content',
] as const;

export type TemplateChannel = (typeof templateChannels)[number];
export type TemplatePurpose = (typeof templatePurposes)[number];

/** What a template is for. There is one text in force for each use: the newest version. */
export type TemplateUse = {
  readonly channel: TemplateChannel;
  readonly debtKind: ContentContext['debtKind'];
  readonly purpose: TemplatePurpose;
  /** Two letters. */
  readonly language: string;
};

/** Whom a template is written to, as far as the law asks. */
export type TemplateAudience = Pick<ContentContext, 'collectorType' | 'jurisdictions'>;

/** A template as somebody writes it. */
export type TemplateDraft = TemplateUse & {
  /** Null where the channel has no subject line. */
  readonly subject: string | null;
  readonly body: string;
  readonly audience: TemplateAudience;
};

/** A published version; it never changes. */
export type TemplateVersion = TemplateDraft & {
  readonly id: string;
  readonly version: number;
  readonly publishedBy: string;
  readonly publishedAt: Date;
};

/** How far a notice has come, for a template that words one; the scripts of other purposes have no level. */
export function levelOf(purpose: TemplatePurpose): NoticeLevel | null {
  const level = /^notice_([0-5])$/.exec(purpose)?.[1];
  return level === undefined ? null : (Number(level) as NoticeLevel);
}

export const purposeOf = (level: NoticeLevel): TemplatePurpose => `notice_${level}`;
