import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const purposes = ['notice_0', 'notice_1', 'notice_2', 'notice_3', 'notice_4', 'notice_5', 'limited_content'] as const;
const use = z.object({
  channel: z.enum(['email', 'sms', 'letter', 'voicemail']),
  debtKind: z.enum(['commercial', 'consumer']),
  purpose: z.enum(purposes).describe('How far the notice has come, or a voicemail of limited content'),
  language: z.enum(['en', 'es', 'de', 'fr']),
});
const audience = z
  .object({
    collectorType: z.enum(['first_party', 'third_party', 'debt_buyer']),
    jurisdictions: z
      .array(z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/))
      .max(80)
      .describe('Whose law the text must keep: US, US-CA, UK, EU, DE'),
  })
  .meta({ id: 'TemplateAudience' });
const draft = use.extend({
  subject: z.string().max(250).nullable().default(null),
  body: z.string().min(1).max(20_000),
  audience,
});

/** One thing a rule about wording has against a text. */
export const contentFinding = z
  .object({
    ruleId: z.string(),
    title: z.string(),
    citation: z.string(),
    confidence: z.string(),
    effect: z.enum(['refuse', 'warn']),
    sentence: z.string(),
    remedy: z.string(),
    part: z.enum(['subject', 'body', 'transcript', 'envelope']),
    start: z
      .number()
      .int()
      .nullable()
      .describe('Where it stands in the text as written; null when something is missing'),
    end: z.number().int().nullable(),
    excerpt: z.string().nullable(),
  })
  .meta({ id: 'ContentFinding' });
const preview = z
  .object({ subject: z.string(), text: z.string(), html: z.string(), language: z.string() })
  .meta({ id: 'MessagePreview' });
const templateVersion = use
  .extend({
    id: s.id.nullable().describe('Null for the text that comes with the program'),
    language: z.string(),
    version: z.number().int(),
    subject: z.string().nullable(),
    body: z.string(),
    audience,
    publishedBy: z.string().nullable(),
    publishedAt: s.instant.nullable(),
  })
  .meta({ id: 'TemplateVersion' });

export const listTemplates = route({
  method: 'GET',
  path: '/api/v1/templates',
  operationId: 'listTemplates',
  tag: 'Templates',
  permission: 'templates.write',
  summary: 'The texts in force: the tenant’s own, and ours where it has none',
  response: z.object({ rows: z.array(templateVersion), audience }),
});
export const listTemplateVersions = route({
  method: 'GET',
  path: '/api/v1/templates/versions',
  operationId: 'listTemplateVersions',
  tag: 'Templates',
  permission: 'templates.write',
  summary: 'Every version of one text, newest first; a version never changes',
  query: use,
  response: z.object({ rows: z.array(templateVersion) }),
});
export const checkTemplate = route({
  method: 'POST',
  path: '/api/v1/templates/check',
  operationId: 'checkTemplate',
  tag: 'Templates',
  permission: 'templates.write',
  summary: 'What publishing would say of a text, and what a sample account would get',
  body: draft,
  response: z.object({
    refused: z.boolean(),
    findings: z.array(contentFinding),
    preview: preview.nullable(),
    variables: z.array(z.object({ name: z.string(), example: z.string() })),
  }),
});
export const publishTemplate = route({
  method: 'POST',
  path: '/api/v1/templates',
  operationId: 'publishTemplate',
  tag: 'Templates',
  permission: 'templates.write',
  status: 201,
  summary: 'Publish the next version of a text',
  body: draft.extend({
    basedOn: z.number().int().min(0).max(1_000_000).describe('The version it was made from; 0 when there was none'),
  }),
  response: templateVersion,
});
export const checkNotice = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/send/check',
  operationId: 'checkNotice',
  tag: 'Accounts',
  permission: 'contacts.send',
  summary: 'What a notice sent now would say, and what the rules about wording have against it',
  params: z.object({ accountId: s.id }),
  body: z.object({
    contactPointId: s.id.nullable().default(null),
    level: z.number().int().min(0).max(5).optional(),
    comment: z.string().max(2000).nullable().default(null),
  }),
  response: z.object({ refused: z.boolean(), findings: z.array(contentFinding), preview }),
});
