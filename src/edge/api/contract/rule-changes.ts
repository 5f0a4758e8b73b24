import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const ruleId = z
  .string()
  .regex(/^[A-Z0-9-]+$/)
  .max(80);
const part = z.string().max(80).nullable().default(null);
const parameters = z.record(
  z.string().max(60),
  z.union([
    z.string().max(40),
    z.number(),
    z.boolean(),
    z.array(z.union([z.number().int(), z.string().max(40)])).max(20),
  ]),
);
const said = z.string().trim().min(3).max(1000);
const decision = z.enum(['allow', 'deny', 'defer']);
const counts = z.object({ allow: z.number().int(), defer: z.number().int(), deny: z.number().int() });
const count = z.number().int().min(0);
const seen = z
  .object({
    judged: count.describe('Planned contacts that were judged'),
    changed: count.describe('Of these, how many would go otherwise'),
    whole: z.boolean().describe('All that is planned was judged, and not a sample'),
    before: counts,
    after: counts,
  })
  .meta({ id: 'PlanEffect' });
const fate = z.object({ decision, goesAt: s.instant.nullable(), sentence: z.string().nullable() });
const effect = seen
  .extend({
    planned: count.describe('Contacts planned in all, counted up to 10,000'),
    sample: z.array(z.object({ accountId: s.id, channel: z.string(), plannedFor: s.date, before: fate, after: fate })),
  })
  .meta({ id: 'PlanEffectWithSample' });
/** What was kept of an effect; approvals from before 2026-11-28 have the two counts only. */
const kept = seen.partial({ before: true, after: true }).nullable();
const inWords = { before: z.array(z.string()), after: z.array(z.string()) };
const change = {
  id: s.id,
  ruleId: z.string(),
  part: z.string().nullable(),
  title: z.string(),
  citation: z.string(),
  parameters,
  ...inWords,
  from: s.date,
  to: s.date.nullable(),
  reason: z.string(),
  state: z.enum(['proposed', 'approved', 'rejected', 'withdrawal_asked', 'withdrawn', 'superseded']),
  proposedBy: z.string(),
  proposedEffect: kept.describe('What it would have done to the plan when it was proposed'),
  approvedBy: z.string().nullable(),
  approvedAt: s.instant.nullable(),
  effect: kept.describe('What it would have done to the plan when it was approved'),
  note: z.string().nullable(),
  withdrawalBy: z.string().nullable(),
  withdrawalReason: z.string().nullable(),
  withdrawnBy: z.string().nullable(),
  mine: z.boolean().describe('The caller took the last step, so somebody else has to take the next'),
  recordedAt: s.instant,
  rowVersion: s.rowVersion,
};
const tightening = z.object(change).meta({ id: 'Tightening' });
const evidence = z
  .object({
    id: s.id,
    fileName: z.string(),
    mediaType: z.enum(['application/pdf', 'image/png', 'image/jpeg', 'text/plain']),
    size: count.describe('Bytes'),
    sha256: z.string(),
  })
  .meta({ id: 'RuleEvidence' });
const replacement = z
  .object({
    ...change,
    mode: z.enum(['on', 'off']).describe('In force with these parameters, or off'),
    confidence: z.string().describe('Of the shipped rule: S secondary, U unverified'),
    evidence,
  })
  .meta({ id: 'Replacement' });

const base = { tag: 'Compliance', permission: 'compliance.override' } as const;
const confirmed = z.object({
  confirmed: seen
    .nullable()
    .default(null)
    .describe(
      'What the approver was shown afresh. Needed once the plan has changed since the proposal (`changed_meanwhile`); the server reckons it again',
    ),
});

export const listTightenings = route({
  method: 'GET',
  path: '/api/v1/tightenings',
  operationId: 'listTightenings',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Rules this tenant made stricter, or wants to',
  response: z.object({ rows: z.array(tightening) }),
});
const wantedTightening = { ruleId, part, parameters };
export const checkTightening = route({
  method: 'POST',
  path: '/api/v1/tightenings/check',
  operationId: 'checkTightening',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'What a rule would say when tightened; refuses what is not stricter',
  body: z.object(wantedTightening),
  response: z.object(inWords),
});
export const tryTightening = route({
  method: 'POST',
  path: '/api/v1/tightenings/effect',
  operationId: 'tryTightening',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'What a tightening would do to the contacts planned for the next seven days, before it is proposed',
  body: z.object({ ...wantedTightening, from: s.date }),
  response: effect,
});
export const proposeTightening = route({
  ...base,
  method: 'POST',
  path: '/api/v1/tightenings',
  operationId: 'proposeTightening',
  summary: 'Propose to make a rule stricter',
  description: 'What it would do to the next seven days of the plan is reckoned and kept with the proposal.',
  status: 201,
  body: z.object({ ...wantedTightening, from: s.date, reason: said }),
  response: tightening,
});
export const tryOnPlan = route({
  method: 'GET',
  path: '/api/v1/tightenings/{tighteningId}/effect',
  operationId: 'tryOnPlan',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'What a tightening would do now to the contacts planned for the next seven days',
  params: z.object({ tighteningId: s.id }),
  response: effect,
});
const stepOfTightening = {
  ...base,
  method: 'POST',
  ifMatch: true,
  params: z.object({ tighteningId: s.id }),
  response: tightening,
} as const;
export const approveTightening = route({
  ...stepOfTightening,
  path: '/api/v1/tightenings/{tighteningId}/approve',
  operationId: 'approveTightening',
  summary: 'Put a tightening in force, as another person than proposed it',
  body: confirmed,
});
export const rejectTightening = route({
  ...stepOfTightening,
  path: '/api/v1/tightenings/{tighteningId}/reject',
  operationId: 'rejectTightening',
  summary: 'Turn a tightening down, or take it back',
  body: z.object({ reason: said }),
});
export const askWithdrawal = route({
  ...stepOfTightening,
  path: '/api/v1/tightenings/{tighteningId}/withdraw',
  operationId: 'askWithdrawal',
  summary: 'Ask that a tightening end',
  body: z.object({ reason: said }),
});
export const answerWithdrawal = route({
  ...stepOfTightening,
  path: '/api/v1/tightenings/{tighteningId}/answer-withdrawal',
  operationId: 'answerWithdrawal',
  summary: 'Agree, as another person, that a tightening ends, or keep it',
  body: z.object({ agree: z.boolean() }),
});

export const listReplacements = route({
  method: 'GET',
  path: '/api/v1/replacements',
  operationId: 'listReplacements',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Secondary and unverified rules that this tenant has replaced on counsel’s advice, or wants to',
  response: z.object({ rows: z.array(replacement) }),
});
export const keepEvidence = route({
  ...base,
  method: 'POST',
  path: '/api/v1/replacements/evidence',
  operationId: 'keepEvidence',
  summary: 'Keep what counsel wrote about a rule, byte for byte',
  description:
    'multipart/form-data with `file`: a PDF, a PNG or JPEG picture, or plain text, 10 MB at most. Name its id when you propose a replacement.',
  multipart: true,
  status: 201,
  response: evidence,
});
export const getEvidence = route({
  method: 'GET',
  path: '/api/v1/replacements/evidence/{evidenceId}',
  operationId: 'getEvidence',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'The file of evidence, as it was sent',
  params: z.object({ evidenceId: s.id }),
  produces: 'application/octet-stream',
});
const wantedReplacement = { ruleId, part, mode: z.enum(['on', 'off']), parameters: parameters.default({}) };
export const tryReplacement = route({
  method: 'POST',
  path: '/api/v1/replacements/effect',
  operationId: 'tryReplacement',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary:
    'What a replacement would say, and do to the contacts planned for the next seven days, before it is proposed',
  body: z.object({ ...wantedReplacement, from: s.date }),
  response: effect.extend({ inWords: z.object(inWords) }),
});
export const proposeReplacement = route({
  ...base,
  method: 'POST',
  path: '/api/v1/replacements',
  operationId: 'proposeReplacement',
  summary: 'Propose to turn a secondary or unverified rule on or off, or to change its values, on counsel’s advice',
  description:
    'Rules that were read in the law or are known from it are refused by name (`not_replaceable`). It counts from its day, and never from before a second person approved it.',
  status: 201,
  body: z.object({ ...wantedReplacement, from: s.date, reason: said, evidenceId: s.id }),
  response: replacement,
});
export const tryReplacementOnPlan = route({
  method: 'GET',
  path: '/api/v1/replacements/{replacementId}/effect',
  operationId: 'tryReplacementOnPlan',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'What a replacement would do now to the contacts planned for the next seven days',
  params: z.object({ replacementId: s.id }),
  response: effect,
});
const stepOfReplacement = {
  ...base,
  method: 'POST',
  ifMatch: true,
  params: z.object({ replacementId: s.id }),
  response: replacement,
} as const;
export const approveReplacement = route({
  ...stepOfReplacement,
  path: '/api/v1/replacements/{replacementId}/approve',
  operationId: 'approveReplacement',
  summary: 'Put a replacement in force, as another person than proposed it',
  body: confirmed,
});
export const rejectReplacement = route({
  ...stepOfReplacement,
  path: '/api/v1/replacements/{replacementId}/reject',
  operationId: 'rejectReplacement',
  summary: 'Turn a replacement down, or take it back',
  body: z.object({ reason: said }),
});
export const askReplacementEnd = route({
  ...stepOfReplacement,
  path: '/api/v1/replacements/{replacementId}/withdraw',
  operationId: 'askReplacementEnd',
  summary: 'Ask that a replacement end, so that the rule is as shipped again',
  body: z.object({ reason: said }),
});
export const answerReplacementEnd = route({
  ...stepOfReplacement,
  path: '/api/v1/replacements/{replacementId}/answer-withdrawal',
  operationId: 'answerReplacementEnd',
  summary: 'Agree, as another person, that a replacement ends, or keep it',
  body: z.object({ agree: z.boolean() }),
});
