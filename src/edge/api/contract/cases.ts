import { z } from 'zod';
import { workCase } from './accounts.ts';
import { route } from './route.ts';
import * as s from './shapes.ts';

const params = z.object({ caseId: s.id });
const accountIds = z.array(s.id).min(1).max(200);
export const listCases = route({
  method: 'GET',
  path: '/api/v1/cases',
  operationId: 'listCases',
  tag: 'Cases',
  permission: 'accounts.read',
  summary: 'Cases, newest first',
  query: z.object({
    state: z.enum(['open', 'closed']).default('open'),
    assignedTo: s.id.optional(),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(workCase),
});
export const getCase = route({
  method: 'GET',
  path: '/api/v1/cases/{caseId}',
  operationId: 'getCase',
  tag: 'Cases',
  permission: 'accounts.read',
  summary: 'One case with its accounts',
  params,
  response: workCase,
});
export const openCase = route({
  method: 'POST',
  path: '/api/v1/cases',
  operationId: 'openCase',
  tag: 'Cases',
  permission: 'tasks.work',
  status: 201,
  summary: 'Open a case over accounts of one person, to be worked together by one collector',
  body: z.object({ accountIds, assignedTo: s.id.nullable().default(null) }),
  response: workCase,
});
export const addToCase = route({
  method: 'POST',
  path: '/api/v1/cases/{caseId}/accounts',
  operationId: 'addToCase',
  tag: 'Cases',
  permission: 'tasks.work',
  summary: 'Add accounts of the same person to a case',
  params,
  body: z.object({ accountIds }),
  response: workCase,
});
export const removeFromCase = route({
  method: 'DELETE',
  path: '/api/v1/cases/{caseId}/accounts/{accountId}',
  operationId: 'removeFromCase',
  tag: 'Cases',
  permission: 'tasks.work',
  summary: 'Take an account out of a case',
  params: params.extend({ accountId: s.id }),
  response: workCase,
});
export const assignCase = route({
  method: 'POST',
  path: '/api/v1/cases/{caseId}/assign',
  operationId: 'assignCase',
  tag: 'Cases',
  permission: 'tasks.work',
  ifMatch: true,
  summary: 'Give a case to a collector, or back to everyone',
  description:
    'A collector may take a case nobody has and give back their own; giving it to others needs `tasks.assign`. Notices planned before are void; calls that wait go to the collector.',
  params,
  body: z.object({ assignedTo: s.id.nullable() }),
  response: workCase,
});
export const closeCase = route({
  method: 'POST',
  path: '/api/v1/cases/{caseId}/close',
  operationId: 'closeCase',
  tag: 'Cases',
  permission: 'tasks.work',
  ifMatch: true,
  summary: 'Close a case; its accounts are anyone’s again',
  params,
  body: z.object({ reason: z.string().trim().min(1).max(300) }),
  response: workCase,
});
export const reopenCase = route({
  method: 'POST',
  path: '/api/v1/cases/{caseId}/reopen',
  operationId: 'reopenCase',
  tag: 'Cases',
  permission: 'tasks.work',
  ifMatch: true,
  summary: 'Undo closing a case',
  params,
  body: z.object({}),
  response: workCase,
});
