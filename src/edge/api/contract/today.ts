import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

export const bucketFigure = z.object({
  bucket: s.bucket,
  amountMinor: s.minor,
  items: z.number().int(),
  accounts: z.number().int(),
});
export const ageing = z
  .object({
    currency: s.currency,
    buckets: z.array(bucketFigure),
    totalMinor: s.minor,
    overdueMinor: s.minor,
    overdueAccounts: z.number().int(),
    openItems: z.number().int(),
    creditMinor: s.minor,
  })
  .meta({ id: 'Ageing' });
export const dso = z
  .object({
    currency: s.currency,
    days: z.number().nullable().describe('null when there were no credit sales in the period'),
    periodDays: z.number().int(),
    receivablesMinor: s.minor,
    creditSalesMinor: s.minor,
    formula: z.string(),
    population: z.string(),
    from: s.date,
    to: s.date,
  })
  .meta({ id: 'Dso' });
export const today = z
  .object({
    on: s.date,
    ageing: z.array(ageing).describe('One entry per currency; currencies are never summed'),
    dso: z.array(dso),
    receivedToday: z.array(s.money),
    received30Days: z.array(s.money),
    contacts: z.object({
      planned: z.number().int(),
      sentToday: z.number().int(),
      uncertain: z.number().int(),
      denied: z.number().int(),
      deferred: z.number().int(),
      voided: z.number().int(),
    }),
    tasks: z.object({
      open: z.number().int(),
      dueToday: z.number().int(),
      escalations: z.number().int(),
      doneToday: z.number().int(),
    }),
    promises: z.object({
      open: z.number().int(),
      openMinor: z.array(s.money),
      dueToday: z.number().int(),
      keptLast30: z.number().int(),
      partKeptLast30: z.number().int(),
      brokenLast30: z.number().int(),
    }),
    lastRun: z
      .object({
        asOf: s.date,
        finishedAt: s.instant.nullable(),
        state: z.string(),
        counts: z.record(z.string(), z.number().int()),
      })
      .nullable(),
    exceptions: z.array(
      z.object({
        kind: z.enum([
          'unmatched_cash',
          'uncertain_message',
          'import_rejects',
          'incident',
          'stale_feed',
          'no_contact_point',
          'wide_stop',
          'unapplied_credit',
          'experiment_stopped',
        ]),
        count: z.number().int(),
        sentence: z.string(),
        href: z.string(),
      }),
    ),
    trend: z
      .array(z.object({ on: s.date, currency: s.currency, overdueMinor: s.minor, receivedMinor: s.minor }))
      .describe('The last 30 days, for charts; from the ledger at each date'),
  })
  .meta({ id: 'Today' });
export const getToday = route({
  method: 'GET',
  path: '/api/v1/today',
  operationId: 'getToday',
  tag: 'Today',
  permission: 'insights.read',
  summary: 'The figures of the day',
  query: z.object({ clientId: s.id.optional() }),
  response: today,
});
export const getAgeing = route({
  method: 'GET',
  path: '/api/v1/reports/ageing',
  operationId: 'getAgeing',
  tag: 'Reports',
  permission: 'insights.read',
  summary: 'Ageing at a past or present date, from the ledger',
  query: z.object({ on: s.date.optional(), clientId: s.id.optional() }),
  response: z.object({ on: s.date, rows: z.array(ageing) }),
});
export const getDso = route({
  method: 'GET',
  path: '/api/v1/reports/dso',
  operationId: 'getDso',
  tag: 'Reports',
  permission: 'insights.read',
  summary: 'Days sales outstanding with formula and inputs',
  query: z.object({
    on: s.date.optional(),
    days: z.coerce.number().int().min(1).max(366).default(90),
    clientId: s.id.optional(),
  }),
  response: z.object({ on: s.date, rows: z.array(dso) }),
});
