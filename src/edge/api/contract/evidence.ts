import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

export const getAccountEvidence = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/evidence',
  operationId: 'getAccountEvidence',
  tag: 'Audit',
  permission: 'audit.read',
  summary: 'Everything that happened on an account, with the proof of it',
  description:
    'A ZIP archive: timeline as PDF and JSON, permits with reasons and facts, messages as sent, notices byte for byte as they went out, the audit entries concerned and their way to the end of the hash chain. `dunwell evidence verify` checks it without a database, and so do the shell commands in its READ-ME.txt.',
  params: z.object({ accountId: s.id }),
  produces: 'application/zip',
});
export const getPeriodEvidence = route({
  method: 'GET',
  path: '/api/v1/evidence',
  operationId: 'getPeriodEvidence',
  tag: 'Audit',
  permission: 'audit.read',
  summary: 'Everything that happened on any account in a period, with the proof of it',
  description: 'The same archive over all accounts on which something happened. Days of the tenant, both included.',
  query: z.object({ from: s.date, to: s.date }),
  produces: 'application/zip',
});
