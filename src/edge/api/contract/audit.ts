import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const auditEntry = z
  .object({
    id: s.id,
    recordedAt: s.instant,
    actor: z.object({ kind: z.string(), name: z.string() }),
    action: z.string(),
    sentence: z.string(),
    subjectKind: z.string(),
    subjectId: z.string(),
    accountId: s.id.nullable(),
    detail: z.record(z.string(), z.unknown()),
    setCount: z.number().int().nullable(),
    sealed: z.object({ seq: z.string(), hash: z.string() }).nullable(),
  })
  .meta({ id: 'AuditEntry' });
export const listAudit = route({
  method: 'GET',
  path: '/api/v1/audit',
  operationId: 'listAudit',
  tag: 'Audit',
  permission: 'audit.read',
  summary: 'Who did what, newest first',
  query: z.object({
    action: z.string().max(80).optional(),
    actor: z.string().max(120).optional(),
    accountId: s.id.optional(),
    from: s.date.optional(),
    to: s.date.optional(),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(auditEntry),
});
export const verifyAudit = route({
  method: 'POST',
  path: '/api/v1/audit/verify',
  operationId: 'verifyAudit',
  tag: 'Audit',
  permission: 'audit.read',
  summary: 'Recompute the hash chain',
  body: z.object({}),
  response: z.object({
    intact: z.boolean(),
    entries: z.number().int(),
    head: z.string().nullable(),
    findings: z.array(z.string()),
  }),
});
const incident = z
  .object({
    id: s.id,
    kind: z.string(),
    accountId: s.id.nullable(),
    accountNumber: z.string().nullable(),
    clientName: z.string().nullable(),
    summary: z.string(),
    state: z.enum(['open', 'acknowledged', 'closed']),
    at: s.instant,
    recordedAt: s.instant,
    acknowledgedBy: z.string().nullable(),
    acknowledgingNote: z.string().nullable(),
    closedBy: z.string().nullable(),
    closingNote: z.string().nullable(),
    permitId: s.id.nullable(),
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Incident' });
const incidentFilter = {
  state: z.enum(['open', 'acknowledged', 'closed']).optional(),
  kind: z.string().max(80).optional(),
  clientId: s.id.optional(),
  from: s.date.optional().describe('First day it was recorded on, in the time zone of the tenant'),
  to: s.date.optional().describe('Last day'),
};
export const exportIncidents = route({
  method: 'GET',
  path: '/api/v1/incidents/export',
  operationId: 'exportIncidents',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary:
    'All breach incidents of the filter as CSV, with notes; cells that a spreadsheet would run are made harmless',
  query: z.object(incidentFilter),
  produces: 'text/csv',
});
export const listIncidents = route({
  method: 'GET',
  path: '/api/v1/incidents',
  operationId: 'listIncidents',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Breach incidents, newest first',
  query: z.object({
    ...incidentFilter,
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(incident),
});
export const acknowledgeIncident = route({
  method: 'POST',
  path: '/api/v1/incidents/{incidentId}/acknowledge',
  operationId: 'acknowledgeIncident',
  tag: 'Compliance',
  permission: 'compliance.override',
  ifMatch: true,
  summary: 'Say that somebody is looking into an incident',
  params: z.object({ incidentId: s.id }),
  body: z.object({ note: z.string().trim().min(3).max(1000).nullable().default(null) }),
  response: incident,
});
export const closeIncident = route({
  method: 'POST',
  path: '/api/v1/incidents/{incidentId}/close',
  operationId: 'closeIncident',
  tag: 'Compliance',
  permission: 'compliance.override',
  ifMatch: true,
  summary: 'Close an incident with a note',
  params: z.object({ incidentId: s.id }),
  body: z.object({ note: z.string().trim().min(3).max(1000) }),
  response: incident,
});
const tightenable = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['time', 'number', 'weekdays', 'yes', 'channels']),
  current: z.string(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  days: z.array(z.number().int()),
  channels: z.array(z.string()).describe('Channels that may be added'),
});
const settable = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['time', 'number', 'weekdays', 'yes']),
  current: z.string(),
  days: z.array(z.number().int()),
});
const rule = z.object({
  id: z.string(),
  part: z.string().nullable(),
  kind: z.string(),
  title: z.string(),
  status: z.enum(['in_force', 'future', 'ended', 'off']),
  jurisdiction: z.string(),
  collectors: z.array(z.string()),
  debtKinds: z.array(z.string()),
  channels: z.array(z.string()),
  acts: z.array(z.string()),
  parameters: z.array(z.string()).describe('In words, with what this tenant has tightened'),
  exceptions: z.array(z.string()),
  requires: z.array(z.string()).describe('What the content must carry'),
  rebuttable: z.boolean(),
  tightened: z.boolean(),
  tighten: z.array(tightenable).describe('What of it this tenant could make stricter'),
  nothingToTighten: z.string().nullable().describe('Why nothing of it can be made stricter; null where something can'),
  replaceable: z
    .object({ values: z.array(settable).describe('What a replacement may set; none: it can be turned on or off only') })
    .nullable()
    .describe(
      'Secondary or unverified, so that counsel’s reading can take its place; null for law and limits of the house',
    ),
  replacedBy: s.id.nullable().describe('The replacement whose text this is, or which has ended this text'),
  sentence: z.string(),
  citation: z.string(),
  confidence: z.string(),
  appliesTo: z.string(),
  effectiveFrom: s.date,
  effectiveTo: s.date.nullable(),
});
export const listRules = route({
  method: 'GET',
  path: '/api/v1/rules',
  operationId: 'listRules',
  tag: 'Compliance',
  permission: 'signed_in',
  summary: 'Rules in force, in plain words with citations',
  response: z.object({
    packs: z.array(
      z.object({ id: z.string(), version: z.string(), title: z.string(), house: z.boolean(), rules: z.array(rule) }),
    ),
  }),
});
export const search = route({
  method: 'GET',
  path: '/api/v1/search',
  operationId: 'search',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'Quick search over names, numbers, e-mails, phones',
  query: z.object({ q: z.string().min(1).max(200) }),
  response: z.object({
    rows: z.array(
      z.object({
        accountId: s.id,
        number: z.string(),
        party: z.string(),
        matched: z.string(),
        balanceMinor: s.minor,
        currency: s.currency,
      }),
    ),
  }),
});
