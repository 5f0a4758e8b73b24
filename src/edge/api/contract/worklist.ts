import { z } from 'zod';
import { account, item, timelineEntry } from './accounts.ts';
import { route } from './route.ts';
import * as s from './shapes.ts';

export const task = z
  .object({
    id: s.id,
    account: z.object({
      id: s.id,
      number: z.string(),
      party: s.ref,
      balanceMinor: s.minor,
      currency: s.currency,
      daysPastDue: z.number().int(),
    }),
    kind: z.enum(['call', 'call_back', 'escalation', 'review', 'specialist', 'legal_review', 'approval']),
    byPerson: z.boolean().describe('A person chose it: it outlives a stop of its account'),
    stoppedSince: z.boolean().describe('Its account was stopped after the task was made'),
    queue: z.enum(['collector', 'manager', 'specialist', 'legal']),
    title: z.string(),
    reason: z.string(),
    dueOn: s.date,
    priority: s.minor.describe('Thousandths of the money expected for one unit of money spent'),
    assignedTo: s.ref.nullable(),
    claimedBy: s.ref.nullable(),
    state: z.enum(['open', 'done', 'void']),
    outcome: z.string().nullable(),
    closedAt: s.instant.nullable(),
  })
  .meta({ id: 'Task' });
const queue = z.enum(['collector', 'manager', 'specialist', 'legal']);
export const listTasks = route({
  method: 'GET',
  path: '/api/v1/tasks',
  operationId: 'listTasks',
  tag: 'Worklist',
  permission: 'tasks.work',
  summary: 'Tasks of a queue',
  query: z.object({
    queue: queue.default('collector'),
    state: z.enum(['open', 'done', 'void']).default('open'),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(task).extend({ open: z.number().int() }),
});
export const nextAccount = route({
  method: 'POST',
  path: '/api/v1/worklist/next',
  operationId: 'nextAccount',
  tag: 'Worklist',
  permission: 'tasks.work',
  summary: 'Claim the next account; no two collectors get one case',
  description:
    'A case goes to one collector together: its other tasks come with it in `caseTasks`. The permit for the call is already checked. `skip` gives back the task the caller holds.',
  body: z.object({ queue: queue.default('collector'), skip: s.id.nullable().default(null) }),
  response: z.object({
    task: task.nullable(),
    account: account.nullable(),
    items: z.array(item),
    call: s.why.nullable(),
    caseTasks: z.array(task).describe('Your tasks on the other accounts of its case, claimed with it'),
    changes: z.array(timelineEntry).describe('What has happened since a person chose this task, newest first'),
    priorityReasons: z.array(z.string()),
    claimedUntil: s.instant.nullable(),
    remaining: z.number().int().describe('Tasks you could take now; 100 stands for that many or more'),
  }),
});
export const closeTask = route({
  method: 'POST',
  path: '/api/v1/tasks/{taskId}/close',
  operationId: 'closeTask',
  tag: 'Worklist',
  permission: 'tasks.work',
  summary: 'Close a task without a call',
  params: z.object({ taskId: s.id }),
  body: z.object({ outcome: z.string().trim().min(1).max(300) }),
  response: task,
});
export const decidePlan = route({
  method: 'POST',
  path: '/api/v1/tasks/{taskId}/decide',
  operationId: 'decidePlan',
  tag: 'Worklist',
  permission: 'tasks.assign',
  summary: 'Agree to what a strategy has planned, or refuse it, as the second person',
  params: z.object({ taskId: s.id }),
  body: z.object({
    approve: z.boolean(),
    note: z.string().trim().max(500).nullable().default(null).describe('Why; a refusal needs it'),
  }),
  response: task,
});
export const reopenTask = route({
  method: 'POST',
  path: '/api/v1/tasks/{taskId}/reopen',
  operationId: 'reopenTask',
  tag: 'Worklist',
  permission: 'tasks.work',
  summary: 'Undo closing a task',
  params: z.object({ taskId: s.id }),
  body: z.object({}),
  response: task,
});
