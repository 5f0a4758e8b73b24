export { attachContents, dropRendered, insertRendered, markDenied, markRefused, startSending } from './put-out.ts';
export { type CheckedTemplate, judgeTemplate, sampleClient, type TemplateFinding } from './check-template.ts';
export {
  type Draft,
  draftNotices,
  type NoticeOrder,
  type Outgoing,
  renderDraft,
  type RenderedDraft,
} from './draft-notices.ts';
export { type Envelope, headersOf } from './envelope.ts';
export {
  findMessageHead,
  type Interrupted,
  type MessageHead,
  type MessageState,
  selectInterrupted,
  selectReach,
} from './messages.sql.ts';
export type { Notice, NoticeClient, NoticeItem, NoticeLevel } from './notice.ts';
export { type ContentVerdict, sentencesOf } from './judge-notice.ts';
export { publishTemplate, type TemplateRefusal, unsuitableOf } from './publish-template.ts';
export { findShippedText, noticeLanguages } from './render-notice.ts';
export { selectNoticeClients } from './notice-source.sql.ts';
export {
  levelOf,
  type TemplateAudience,
  templateChannels,
  type TemplateDraft,
  templatePurposes,
  type TemplateUse,
  type TemplateVersion,
} from './template.ts';
export { listTemplates, listTemplateVersions } from './templates.sql.ts';
export {
  capture,
  commitHandedOver,
  markUncertain,
  type MessageOutcome,
  recordOutcomes,
  recordUnsubscribed,
  resolveUncertain,
  voidSending,
} from './record-outcomes.ts';
export { type RenderedNotice, renderNotice } from './render-notice.ts';
export { openSettings, type Sender, type SmtpSettings } from './sender.ts';
export { ensureSender, listSenders } from './senders.sql.ts';
export { smtpTransport } from './smtp-transport.ts';
export type { Outcome, Transport } from './transport.ts';
export { readUnsubscribeToken, unsubscribeUrl } from './unsubscribe-token.ts';
export { messageTallies } from './messages.sql.ts';
export { noticeHtml, noticeText } from './validation-notice/notice-html.ts';
export { noticePdf } from './validation-notice/notice-pdf.ts';
export { noticeReplyUrl, readNoticeReplyToken } from './validation-notice/notice-reply-token.ts';
export { dateIn, type NoticeSheet, noticeSheet, noticeTemplateVersion, subjectOf } from './validation-notice/sheet.ts';
export { type NoticeWording, noticeWording } from './validation-notice/wording.ts';
export { insertNoticeMessage, type NoticeMessage, noticeMessageOf } from './validation-notice/notice-message.ts';
export { type ReplyWording, replyWording } from './validation-notice/reply-wording.ts';
export { timelinePdf, type TimelineSheet } from './letters/timeline-pdf.ts';
