import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currency } from '../../kernel/currency.ts';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import { hashId, type Id, idOf } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import {
  approveClassification,
  classifyClient,
  listClassifications,
  listNotices,
  listReplies,
  prepareMissingNotices,
  recordStopRequest,
  saveCollectorProfile,
} from '../../modules/compliance/public.ts';
import { actIn } from '../../modules/identity/public.ts';
import { type AccountRow, listAccounts } from '../../modules/insights/public.ts';
import { answerReply, takeReply } from '../answer-notice.ts';
import { openClient } from '../create-tenant.ts';
import { type CallInput, logCall } from '../log-call.ts';
import { previewCall } from '../next-account.ts';
import { sendNotice } from '../send-notice.ts';
import type { DemoScene } from './demo-events.ts';
import { consumerFile } from './generate-consumers.ts';
import { takeInFile } from './take-in-file.ts';

const bankId = hashId<'client'>('client', 'demo', 'consumers');
const bank = 'Lantern Bay Bank';
// Places in the list of consumers by account number, which the generator gives out in order.
const who = { disputes: 0, disputesLater: 4, stops: 7, talks: 10, ringsOut: 12, optsOut: 16 } as const;

const within = <T>(scene: DemoScene, actor: Actor, fn: (ctx: Ctx) => Promise<T>): Promise<T> =>
  actIn(scene.host, scene.tenant, actor, fn);

/**
 * The bank that placed its charged-off cards with the demo's tenant: described debts, signed by two people, taken in from the bank's own file.
 * Again changes nothing.
 */
export async function openConsumers(scene: DemoScene, seed: number): Promise<void> {
  const { people, day, folder } = scene;
  await within(scene, people.owner, async (ctx) => {
    // On a second start after a kill the client is there.
    await openClient(
      ctx,
      { name: bank, kind: 'agency_customer', currency: currency('USD'), timeZone: 'America/New_York', country: 'US' },
      bankId,
    );
    await saveCollectorProfile(ctx, {
      name: 'Harbour & Vale Recoveries',
      addressLines: ['P.O. Box 4410', 'Albany, NY 12201'],
      phone: '(518) 555-0100',
      phoneHours: '8am to 8pm ET, Monday to Friday',
      website: null,
      email: null,
      offersSpanish: true,
      offersOnlineReplies: true,
      disclosures: [
        {
          regions: ['CA'],
          heading: 'California residents',
          text: 'California license number 10440-99.',
          headingEs: 'Residentes de California',
          textEs: 'California license number 10440-99.',
        },
      ],
    });
  });
  const signed = await within(scene, people.manager, async (ctx) => {
    const [known] = await listClassifications(ctx, bankId);
    if (known) return known.approvedBy === null ? known.id : null;
    const made = await classifyClient(ctx, {
      clientId: bankId,
      collector: 'third_party',
      evidence: 'Collection agreement, section 2: accounts stay the bank’s and are in default when placed.',
      effectiveFrom: day,
    });
    return unwrap(made).classificationId;
  });
  if (signed) await within(scene, people.owner, async (ctx) => unwrap(await approveClassification(ctx, signed)));
  const path = join(folder, 'placed-accounts.csv');
  await writeFile(path, consumerFile(seed, day, bank));
  await takeInFile(scene.host, scene.tenant, people.manager, {
    clientId: bankId,
    target: 'items',
    path,
    until: null,
    saveMappingAs: 'Placed consumer accounts',
  });
}

/** What happens with the consumers, by day of the demo; calls only where the gate allows them at that moment. */
export const consumerEvents: Readonly<Record<number, (scene: DemoScene) => Promise<unknown>>> = {
  2: (scene) => sendNotices(scene, 6),
  4: (scene) => call(scene, who.talks, 'no_answer', null),
  6: (scene) => call(scene, who.talks, 'conversation', 'Knows the card; wants the itemization, has the notice.'),
  10: dispute(who.disputes),
  19: verify(who.disputes),
  22: (scene) => stop(scene, who.stops),
  // So late that the periods still run when somebody looks at the demo.
  30: (scene) => sendNotices(scene, 8),
  39: (scene) => ringOut(scene),
  40: (scene) => ringOut(scene),
  41: (scene) => ringOut(scene),
  42: dispute(who.disputesLater),
  43: (scene) => ringOut(scene),
  44: async (scene) => {
    await ringOut(scene);
    await call(scene, who.talks, 'conversation', 'Will pay after the fifteenth; asked not to be rung again this week.');
  },
};

async function consumers(ctx: Ctx): Promise<readonly AccountRow[]> {
  const { rows } = unwrap(await listAccounts(ctx, { scope: {}, clientId: bankId, sort: 'number', limit: 100 }));
  return rows;
}

async function nth(scene: DemoScene, place: number): Promise<Id<'account'> | null> {
  const rows = await within(scene, scene.people.collector, consumers);
  const id = rows[place]?.id;
  return id === undefined ? null : idOf('account', id);
}

/** Prepares what is missing and sends some of it; what the gate turns away stays to be seen. */
async function sendNotices(scene: DemoScene, count: number): Promise<void> {
  await within(scene, scene.people.manager, async (ctx) =>
    unwrap(await prepareMissingNotices(ctx, { clientId: bankId, channel: 'letter' })),
  );
  const drafts = await within(scene, scene.people.manager, async (ctx) => {
    const rows = await consumers(ctx);
    const ready: string[] = [];
    for (const row of rows)
      for (const notice of await listNotices(ctx, idOf('account', row.id)))
        if (notice.state === 'prepared') ready.push(notice.id);
    return ready;
  });
  for (const noticeId of drafts.slice(0, count))
    unwrap(await sendNotice(scene.host, scene.tenant, scene.people.manager, noticeId));
}

async function call(
  scene: DemoScene,
  place: number,
  outcome: CallInput['outcome'],
  note: string | null,
): Promise<void> {
  const accountId = await nth(scene, place);
  if (accountId === null) return;
  await within(scene, scene.people.collector, async (ctx) => {
    const { call: answer } = unwrap(await previewCall(ctx, accountId));
    if (answer?.decision === 'allow') unwrap(await logCall(ctx, { accountId, direction: 'out', outcome, note }));
  });
}

/** Twice a day until the seventh call within seven days: then the gate says no, for everybody to see. */
async function ringOut(scene: DemoScene): Promise<void> {
  await call(scene, who.ringsOut, 'no_answer', null);
  await call(scene, who.ringsOut, 'voicemail_left', 'Name, number and a wish to be rung back; nothing else.');
}

function dispute(place: number): (scene: DemoScene) => Promise<void> {
  return async (scene) => {
    const accountId = await nth(scene, place);
    if (accountId === null) return;
    await within(scene, scene.people.collector, async (ctx) => {
      const notice = (await listNotices(ctx, accountId)).find((one) => one.state === 'given');
      if (notice === undefined) return;
      const taken = await takeReply(ctx, {
        noticeId: notice.id,
        receivedAt: ctx.at,
        medium: 'letter',
        disputes: 'whole',
        reasons: ['wrong_amount'],
        disputedItemIds: [],
        originalCreditor: false,
        spanish: false,
        paymentMinor: null,
        explanation: 'A payment of last autumn is missing from the amount.',
      });
      unwrap(taken);
    });
  };
}

function verify(place: number): (scene: DemoScene) => Promise<void> {
  return async (scene) => {
    const accountId = await nth(scene, place);
    if (accountId === null) return;
    await within(scene, scene.people.collector, async (ctx) => {
      const [reply] = await listReplies(ctx, accountId);
      if (reply === undefined) return;
      unwrap(
        await answerReply(ctx, {
          accountId,
          replyId: reply.id,
          kind: 'verification',
          sentOn: scene.day,
          evidence: 'Statements of the last twelve months from the bank, sent by first-class mail',
        }),
      );
    });
  };
}

async function stop(scene: DemoScene, place: number): Promise<void> {
  await within(scene, scene.people.collector, async (ctx) => {
    const row = (await consumers(ctx))[place];
    if (row === undefined) return;
    unwrap(
      await recordStopRequest(ctx, {
        partyId: row.party.id,
        stopping: { what: 'everything' },
        form: 'written',
        said: 'Stop contacting me about this card.',
        sourceKind: 'staff',
      }),
    );
  });
}
