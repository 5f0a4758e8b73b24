import { z } from 'zod';
import { route } from './route.ts';
import { rule } from './segments.ts';
import * as s from './shapes.ts';

const count = z.number().int().min(0);
const entry = {
  key: z.string().max(80).describe('Known by it from one version to the next; unique'),
  title: z.string().max(200),
  action: z.string().max(40).describe('email, call_task, escalation, specialist_task, legal_review or hold'),
  level: z.number().describe('How firm a notice is, from 0 to 5'),
  when: rule.optional().describe('A rule over the facts of the account; while it does not hold, this is not there'),
  holdDays: z.number().optional().describe('How many days a hold lasts; of nothing else'),
  approval: z.boolean().optional().describe('Waits until a second person agrees'),
};
/** As it is being written: faults are told by checkStrategy and refused by publishStrategy, and not here. */
const definition = z
  .looseObject({
    steps: z.array(z.looseObject({ ...entry, day: z.number().describe('Days past due; negative before') })).max(60),
    reactions: z
      .array(
        z.looseObject({
          ...entry,
          on: z
            .string()
            .max(40)
            .describe('payment, part_payment, reply, dispute_opened, promise_broken, bounce and others'),
          afterDays: z.number().describe('Days to wait after the event'),
        }),
      )
      .max(60)
      .optional(),
    stages: z
      .array(z.looseObject({ stage: z.string().max(20), fromDay: z.number() }))
      .max(10)
      .describe('Stage of an account by its oldest open item'),
    whenAssigned: z
      .string()
      .max(40)
      .describe('withhold_notices or send: what happens while a collector owns the account'),
  })
  .meta({ id: 'StrategyDefinition' });
const takesOver = z
  .enum(['at_once', 'next_stage', 'new_accounts'])
  .describe(
    'How accounts that follow an earlier version come over: at once, when they come to another stage, or never, so that only new ones begin with it',
  );
const told = z.object({ key: z.string(), sentence: z.string() });
const words = z
  .object({
    summary: z.string(),
    steps: z.array(told),
    reactions: z.array(told),
    stages: z.string(),
    assigned: z.string(),
  })
  .meta({ id: 'StrategyInWords' });
const change = z
  .object({ kind: z.enum(['added', 'removed', 'changed']), sentence: z.string() })
  .meta({ id: 'StrategyChange' });
const fault = z
  .object({
    path: z.string().describe('Where it stands, as in steps.3.day; empty for the whole'),
    effect: z.enum(['refuse', 'advise']).describe('Advice does not keep it from being published'),
    sentence: z.string(),
    remedy: z.string(),
  })
  .meta({ id: 'StrategyFault' });
const draft = z
  .object({ definition, editedBy: z.string(), editedAt: s.instant, rowVersion: s.rowVersion })
  .meta({ id: 'StrategyDraft' });
const listed = z
  .object({
    id: s.id,
    name: z.string(),
    fallback: z.boolean().describe('Followed where no selection table chooses another'),
    inEffect: z.object({ version: count, effectiveFrom: s.date }).nullable(),
    coming: z.object({ version: count, effectiveFrom: s.date }).nullable(),
    versions: count,
    followers: count.describe('Accounts that owe and follow any version of it, as of the last run'),
    draft: z.object({ editedBy: z.string(), editedAt: s.instant }).nullable(),
  })
  .meta({ id: 'StrategyRow' });
const detail = z
  .object({
    id: s.id,
    name: z.string(),
    fallback: z.boolean(),
    twoPeople: z.boolean().describe('Publishing takes somebody who has not written the draft'),
    draft: draft.nullable(),
    versions: z.array(
      z.object({
        id: s.id,
        version: count,
        state: z.enum(['coming', 'in_effect', 'past']),
        effectiveFrom: s.date,
        takesOver,
        publishedBy: z.string(),
        publishedAt: s.instant,
        followers: count,
        definition,
        words,
      }),
    ),
  })
  .meta({ id: 'Strategy' });
const params = z.object({ strategyId: s.id });

export const listStrategies = route({
  method: 'GET',
  path: '/api/v1/strategies',
  operationId: 'listStrategies',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Strategies with their version in effect, what is to come, and how many accounts follow them',
  response: z.object({
    rows: z.array(listed),
    startingPoints: z.array(z.object({ key: z.string(), title: z.string(), sentence: z.string() })),
    twoPeople: z.boolean(),
  }),
});
export const createStrategy = route({
  method: 'POST',
  path: '/api/v1/strategies',
  operationId: 'createStrategy',
  tag: 'Strategy',
  permission: 'strategy.publish',
  status: 201,
  summary: 'Make a strategy with a draft, from a starting point or as a copy of another',
  description: 'Nothing follows it until a version is published and the selection table names it.',
  body: z.object({
    name: z.string().trim().min(1).max(60),
    startingPoint: z.string().max(40).default('standard').describe('A key of listStrategies'),
    copyOf: s.id.nullable().default(null).describe('A strategy to copy instead: its draft, or its newest version'),
  }),
  response: detail,
});
export const readStrategy = route({
  method: 'GET',
  path: '/api/v1/strategies/{strategyId}',
  operationId: 'readStrategy',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'A strategy with its draft and every version, newest first, in data and in words',
  params,
  response: detail,
});
export const changeDraft = route({
  method: 'PUT',
  path: '/api/v1/strategies/{strategyId}/draft',
  operationId: 'changeDraft',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Write the draft of the next version; it may hold faults',
  description: 'If-Match is the draft’s row version, 0 while there is no draft. A published version never changes.',
  params,
  ifMatch: true,
  body: z.object({ definition }),
  response: draft,
});
export const discardDraft = route({
  method: 'DELETE',
  path: '/api/v1/strategies/{strategyId}/draft',
  operationId: 'discardDraft',
  tag: 'Strategy',
  permission: 'strategy.publish',
  status: 204,
  summary: 'Throw the draft away; a strategy that was never published goes with it',
  params,
  ifMatch: true,
});
export const checkStrategy = route({
  method: 'POST',
  path: '/api/v1/strategies/check',
  operationId: 'checkStrategy',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'What stands against a definition, what it says in words and what it changes; keeps nothing',
  description:
    'Every fault at once, each with its place and what to do: steps out of order or on one day, keys twice, conditions that cannot be read or never hold, reactions that set each other off, a missing sender, words missing in a language.',
  body: z.object({
    definition,
    strategyId: s.id.nullable().default(null).describe('Compare with its version in effect, or else its newest'),
  }),
  response: z.object({
    faults: z.array(fault),
    words: words.describe('Of what can be read'),
    comparedWith: count.nullable(),
    changes: z.array(change).nullable().describe('Null while it cannot be read, or when there is no version yet'),
  }),
});
export const publishStrategy = route({
  method: 'POST',
  path: '/api/v1/strategies/{strategyId}/publish',
  operationId: 'publishStrategy',
  tag: 'Strategy',
  permission: 'strategy.publish',
  status: 201,
  summary: 'Make the draft the next version, from today or from a later day within a year',
  description:
    'If-Match is the draft’s row version: what is published is what was looked at. Refused with every fault in `fields`; where two people are asked for, also to whoever has written on the draft.',
  params,
  ifMatch: true,
  body: z.object({ effectiveFrom: s.date.optional(), takesOver: takesOver.default('at_once') }),
  response: detail,
});
export const compareVersions = route({
  method: 'GET',
  path: '/api/v1/strategies/{strategyId}/compare',
  operationId: 'compareVersions',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'What is different between two versions of a strategy, in words',
  params,
  query: z.object({
    from: z.coerce.number().int().min(1).max(100_000),
    to: z.coerce.number().int().min(1).max(100_000),
  }),
  response: z.object({ changes: z.array(change) }),
});
export const setPublishing = route({
  method: 'PUT',
  path: '/api/v1/strategies/publishing',
  operationId: 'setPublishing',
  tag: 'Strategy',
  permission: 'tenant.configure',
  status: 204,
  summary: 'Say whether publishing a version takes somebody who has not written its draft',
  body: z.object({ twoPeople: z.boolean() }),
});
