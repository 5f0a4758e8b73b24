import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addDays, type CalendarDate, instantAt, timeZone } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import { type Id, idOf, type TenantId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { csvLine } from '../../kernel/text.ts';
import { changeAccount, liveHolds, placeHold, releaseHold } from '../../modules/accounts/public.ts';
import { addNote } from '../../modules/desk/public.ts';
import { actIn } from '../../modules/identity/public.ts';
import { type AccountRow, listAccounts, listItems, listMessages } from '../../modules/insights/public.ts';
import { unsubscribeUrl } from '../../modules/outreach/public.ts';
import { recordReceipt } from '../../modules/payments/public.ts';
import type { Mailing } from '../hand-over.ts';
import type { ImportHost } from '../import-portfolio.ts';
import { logCall } from '../log-call.ts';
import { unsubscribe } from '../unsubscribe.ts';
import type { DemoPeople } from './demo-people.ts';
import { takeInFile } from './take-in-file.ts';

const zone = timeZone('America/New_York');

export type DemoScene = {
  readonly host: ImportHost & Mailing;
  readonly tenant: TenantId;
  readonly clientId: Id<'client'>;
  readonly people: DemoPeople;
  readonly day: CalendarDate;
  readonly folder: string;
};

/** What happens besides the daily round, by day of the demo; each does nothing when its account does not exist. */
export const demoEvents: Readonly<Record<number, (scene: DemoScene) => Promise<unknown>>> = {
  3: (scene) =>
    within(scene, scene.people.manager, async (ctx) =>
      assign(ctx, await overdueAccounts(ctx, scene, 30, 3), scene.people.collector.id),
    ),
  8: (scene) =>
    within(scene, scene.people.collector, async (ctx) =>
      note(
        ctx,
        await overdueAccounts(ctx, scene, 5, 1),
        'Ordering system changes in spring; invoices now go to the shared mailbox. Statement sent on request.',
      ),
    ),
  12: (scene) =>
    within(scene, scene.people.collector, async (ctx) => dispute(ctx, await overdueAccounts(ctx, scene, 2, 1))),
  16: optOut,
  19: (scene) =>
    within(scene, scene.people.manager, async (ctx) =>
      query(ctx, await overdueAccounts(ctx, scene, 9, 1), addDays(scene.day, 10)),
    ),
  23: branchFile,
  27: (scene) =>
    within(scene, scene.people.manager, async (ctx) => release(ctx, await overdueAccounts(ctx, scene, 9, 1))),
  33: (scene) => within(scene, scene.people.manager, (ctx) => strayMoney(ctx, scene)),
  36: (scene) =>
    within(scene, scene.people.collector, async (ctx) =>
      lateCall(ctx, await overdueAccounts(ctx, scene, 7, 1), instantAt(addDays(scene.day, -1), '21:40', zone)),
    ),
  38: (scene) =>
    within(scene, scene.people.manager, async (ctx) => hardship(ctx, await overdueAccounts(ctx, scene, 14, 1))),
  41: (scene) =>
    within(scene, scene.people.collector, async (ctx) =>
      note(
        ctx,
        await overdueAccounts(ctx, scene, 0, 1),
        'Asked their controller for a payment plan in writing; answer expected next week.',
      ),
    ),
};

const within = <T>(scene: DemoScene, actor: Actor, fn: (ctx: Ctx) => Promise<T>): Promise<T> =>
  actIn(scene.host, scene.tenant, actor, fn);

/** `count` accounts from the `from`-th of those that owe most. */
async function overdueAccounts(ctx: Ctx, { clientId }: DemoScene, from: number, count: number): Promise<AccountRow[]> {
  const { rows } = unwrap(await listAccounts(ctx, { scope: {}, clientId, sort: 'balance', limit: 60 }));
  return rows.filter((row) => row.overdueMinor > 0n).slice(from, from + count);
}

async function assign(ctx: Ctx, accounts: readonly AccountRow[], userId: string): Promise<void> {
  for (const { id } of accounts)
    unwrap(
      await changeAccount(ctx, {
        accountId: idOf('account', id),
        assignedTo: idOf('user', userId),
        reason: 'Key customer, worked in person',
      }),
    );
}

/** Rung from a private telephone in the evening and told the next day: counted, and an incident. */
async function lateCall(ctx: Ctx, accounts: readonly AccountRow[], startedAt: Date): Promise<void> {
  for (const { id } of accounts) {
    unwrap(
      await logCall(ctx, {
        accountId: idOf('account', id),
        direction: 'out',
        outcome: 'conversation',
        startedAt,
        afterTheFact: true,
        note: 'Called from my own telephone after a fair; they will look into it.',
      }),
    );
  }
}

async function note(ctx: Ctx, accounts: readonly AccountRow[], body: string): Promise<void> {
  for (const { id } of accounts) unwrap(await addNote(ctx, { accountId: idOf('account', id), body }));
}

async function dispute(ctx: Ctx, accounts: readonly AccountRow[]): Promise<void> {
  for (const { id } of accounts) {
    const accountId = idOf('account', id);
    const { rows } = unwrap(await listItems(ctx, { accountId, open: 'yes', limit: 20, scope: {} }));
    const disputed = rows.find((item) => item.daysPastDue > 0 && item.stoppedBy.length === 0);
    if (!disputed) continue;
    const why = `Says part of ${disputed.number ?? 'the order'} never arrived; proof of delivery asked from logistics.`;
    unwrap(
      await placeHold(ctx, {
        coverage: 'items',
        accountId,
        itemIds: [idOf('item', disputed.id)],
        reason: 'dispute',
        effects: ['stop_automatic', 'stop_fees'],
        note: why,
        source: { kind: 'screen' },
      }),
    );
    unwrap(await addNote(ctx, { accountId, body: why }));
  }
}

async function query(ctx: Ctx, accounts: readonly AccountRow[], until: CalendarDate): Promise<void> {
  for (const { id } of accounts) {
    unwrap(
      await placeHold(ctx, {
        coverage: 'account',
        accountId: idOf('account', id),
        reason: 'query',
        effects: ['stop_automatic'],
        to: new Date(`${until}T12:00:00Z`),
        note: 'Purchase order number missing; sent again.',
        source: { kind: 'screen' },
      }),
    );
  }
}

async function release(ctx: Ctx, accounts: readonly AccountRow[]): Promise<void> {
  for (const { id } of accounts) {
    for (const hold of await liveHolds(ctx, { accountId: idOf('account', id), at: ctx.at })) {
      if (hold.reason === 'query')
        unwrap(
          await releaseHold(ctx, {
            holdId: hold.id,
            reason: 'Purchase order number received',
            rowVersion: hold.rowVersion,
          }),
        );
    }
  }
}

async function hardship(ctx: Ctx, accounts: readonly AccountRow[]): Promise<void> {
  for (const { id } of accounts) {
    unwrap(
      await placeHold(ctx, {
        coverage: 'account',
        accountId: idOf('account', id),
        reason: 'hardship',
        effects: ['stop_automatic', 'stop_fees', 'stop_interest'],
        note: 'Flood damage; owner asked for breathing space until the insurer has paid.',
        source: { kind: 'screen' },
      }),
    );
  }
}

/** A payment nobody can place: no customer number, no invoice number. */
async function strayMoney(ctx: Ctx, scene: DemoScene): Promise<void> {
  unwrap(
    await recordReceipt(ctx, {
      clientId: scene.clientId,
      amount: money(184_000n, currency('USD')),
      receivedOn: scene.day,
      method: 'bank_transfer',
      reference: 'WITH THANKS - SEPTEMBER',
      payerName: 'N. Okafor Holdings',
      source: 'hand',
      externalKey: 'demo-stray-1',
    }),
  );
}

/** Somebody clicks the link at the foot of a notice. */
async function optOut(scene: DemoScene): Promise<void> {
  const token = await within(scene, scene.people.manager, async (ctx) => {
    const { rows } = unwrap(await listMessages(ctx, null, { state: 'sent' }, { limit: 5 }));
    const message = rows.at(-1);
    return message
      ? new URL(unsubscribeUrl(scene.host.vault, scene.host.config.publicUrl, scene.tenant, message.id)).pathname
          .split('/')
          .at(-1)
      : undefined;
  });
  if (token !== undefined) unwrap(await unsubscribe(scene.host, token));
}

/** A branch's own list, typed by hand: some rows cannot be taken in and wait for a person. */
async function branchFile(scene: DemoScene): Promise<void> {
  const { day } = scene;
  const ago = (days: number) => addDays(day, -days);
  const rows: readonly (readonly string[])[] = [
    [
      'Customer ID',
      'Customer name',
      'Invoice number',
      'Description',
      'Invoice date',
      'Due date',
      'Amount',
      'Currency',
      'Country',
      'State',
      'Time zone',
    ],
    [
      'B-204',
      'Lanternfield Market Hall',
      'WB-3301',
      'Stall fittings',
      ago(40),
      ago(10),
      '1,240.00',
      'USD',
      'US',
      'NY',
      'America/New_York',
    ],
    [
      'B-205',
      'Quayside Provisions',
      'WB-3302',
      'Cold store rent',
      ago(38),
      ago(8),
      '3,115.50',
      'USD',
      'US',
      'NY',
      'America/New_York',
    ],
    [
      'B-206',
      'Millbrook Print Room',
      'WB-3303',
      'Paper, mixed',
      ago(35),
      ago(50),
      '486.20',
      'USD',
      'US',
      'NY',
      'America/New_York',
    ],
    [
      'B-207',
      'Saltmarsh Upholstery',
      'WB-3304',
      'Fabric rolls',
      ago(33),
      ago(3),
      'tbc',
      'USD',
      'US',
      'NY',
      'America/New_York',
    ],
    [
      'B-208',
      'Tidewater Cycle Works',
      'WB-3305',
      'Workshop hire',
      ago(31),
      ago(1),
      '920.00',
      'USDX',
      'US',
      'NY',
      'America/New_York',
    ],
    ['', '', 'WB-3306', 'Sundries', ago(30), ago(0), '75.00', 'USD', 'US', 'NY', 'America/New_York'],
    ...[
      'Orchardside Florist',
      'Copperline Joinery',
      'Northgate Ceramics',
      'Fenland Dairy',
      'Greyhound Courier',
      'Bellweather Tools',
    ].map((name, index) => [
      `B-${210 + index}`,
      name,
      `WB-33${10 + index}`,
      'Branch order',
      ago(28 - index),
      addDays(day, 2 + index),
      `${640 + index * 95}.00`,
      'USD',
      'US',
      'NY',
      'America/New_York',
    ]),
  ];
  const path = join(scene.folder, 'west-branch.csv');
  await writeFile(path, rows.map((row) => csvLine(row)).join(''));
  await takeInFile(scene.host, scene.tenant, scene.people.manager, {
    clientId: scene.clientId,
    target: 'items',
    path,
    until: null,
  });
}
