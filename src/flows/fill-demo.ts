import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addDays,
  type CalendarDate,
  daysBetween,
  instantAt,
  localDateOf,
  parseCalendarDate,
  timeZone,
  weekday,
} from '../kernel/calendar.ts';
import { currency } from '../kernel/currency.ts';
import { hashId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import {
  actIn,
  listAudit,
  listTenantIds,
  loadTenant,
  moveClock,
  recordAudit,
  sealAudit,
  type StaffAuth,
  systemActor,
} from '../modules/identity/public.ts';
import { createFirstTenant, demoEmail, demoPassword, demoTenantId } from './create-tenant.ts';
import type { Mailing } from './hand-over.ts';
import type { ImportHost } from './import-portfolio.ts';
import { runDay } from './run-day.ts';
import { type DemoShift, type FutureMoney, workCalls, workEscalation } from './sample/demo-calls.ts';
import { consumerEvents, openConsumers } from './sample/demo-consumers.ts';
import { demoEvents, type DemoScene } from './sample/demo-events.ts';
import { joinPeople } from './sample/demo-people.ts';
import { generatePortfolio, type PortfolioOptions, randomStream } from './sample/generate-portfolio.ts';
import { takeInFile } from './sample/take-in-file.ts';
import { type SampleFiles, writeSampleFiles } from './sample/write-files.ts';
import { sendDue } from './send-due.ts';

export type DemoHost = ImportHost & Mailing;

/** Where progress is told, and what may end the filling between two days. */
export type Filling = { readonly say: (line: string) => void; readonly stopping?: AbortSignal };

const seed = 20_261;
const daysLived = 45;
const zone = timeZone('America/New_York');
const clientId = hashId<'client'>('client', 'demo');
const actor = systemActor('demo');

const portfolioOn = (on: CalendarDate): PortfolioOptions => ({
  seed,
  accounts: 140,
  on,
  historyDays: 200,
  itemsPerAccount: 5,
});

/**
 * Fills an installation that has no tenant with a sandbox whose last 45 days were really lived through: files taken in as they
 * became knowable, the strategy run every day, notices captured, calls, promises, holds, an opt-out. Killed half-way it goes on
 * from the day its clock stands at; filled once, or where somebody has a tenant of their own, it does nothing.
 */
export async function fillDemo(
  host: DemoHost,
  auth: StaffAuth,
  secret: string,
  { say, stopping }: Filling,
): Promise<void> {
  const tenants = await listTenantIds(host);
  const known = tenants.includes(demoTenantId);
  if (!known && tenants.length > 0) return;
  if (known && (await isFilled(host))) return;
  const password = demoPassword(secret);
  if (!known) await createDemo(host, auth, password);
  say(`Filling the demo (half a minute). You can look on:  ${demoEmail}   password  ${password}`);
  const people = await joinPeople(host, auth, demoTenantId, password);
  const on = await lastDay(host);
  const folder = await mkdtemp(join(tmpdir(), 'dunwell-demo-'));
  try {
    const files = await writeSampleFiles(folder, portfolioOn(on), currency('USD'));
    const money = futureMoney(on);
    const opened = await openingDay(host, on, files);
    const scene = { host, tenant: demoTenantId, clientId, people, folder };
    if (opened === addDays(on, -daysLived)) await openConsumers({ ...scene, day: opened }, seed);
    for (let day = opened; day < on && !stopping?.aborted; ) {
      day = addDays(day, 1);
      await liveDay({ ...scene, day }, files, money, daysLived - daysBetween(day, on));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (stopping?.aborted) return;
  await actIn(host, demoTenantId, actor, (ctx) =>
    recordAudit(ctx, { action: 'demo.filled', subjectKind: 'tenant', subjectId: demoTenantId }),
  );
  // The worker does this too; without one, `dunwell demo` should leave nothing to be done.
  await actIn(host, demoTenantId, actor, (ctx) => sealAudit(ctx));
  say('The demo is filled.');
}

async function isFilled(host: DemoHost): Promise<boolean> {
  const page = unwrap(
    await actIn(host, demoTenantId, actor, (ctx) => listAudit(ctx, { action: 'demo.filled' }, { limit: 1 })),
  );
  return page.entries.length > 0;
}

async function createDemo(host: DemoHost, auth: StaffAuth, password: string): Promise<void> {
  const on = localDateOf(host.clock.now(), zone);
  unwrap(
    await createFirstTenant(host, auth, {
      tenantName: 'Harbour & Vale Trading',
      kind: 'sandbox',
      timeZone: zone,
      country: 'US',
      currency: 'USD',
      ownerName: 'Alex Vale',
      email: demoEmail,
      password,
      clockAt: instantAt(addDays(on, -daysLived), '09:00', zone),
      id: demoTenantId,
      clientId,
      settings: { demoOn: on },
    }),
  );
}

async function lastDay(host: DemoHost): Promise<CalendarDate> {
  const { settings } = await actIn(host, demoTenantId, actor, (ctx) => loadTenant(ctx));
  return unwrap(parseCalendarDate(String(settings['demoOn'])));
}

function futureMoney(on: CalendarDate): FutureMoney {
  const paid = [...generatePortfolio(portfolioOn(on))].flatMap((account) =>
    account.items.flatMap((item) => {
      const last = item.settlements.at(-1);
      return last ? [[item.number, last.on] as const] : [];
    }),
  );
  return new Map(paid);
}

/** The day the clock stands at; on the first of all, everything known by then is taken in. Again changes nothing. */
async function openingDay(host: DemoHost, on: CalendarDate, files: SampleFiles): Promise<CalendarDate> {
  const day = await actIn(host, demoTenantId, actor, async (ctx) => localDateOf(ctx.at, zone));
  if (day > addDays(on, -daysLived)) return day;
  const take = (target: 'items' | 'contacts' | 'receipts', path: string, saveMappingAs: string) =>
    takeInFile(host, demoTenantId, actor, {
      clientId,
      target,
      path,
      until: target === 'contacts' ? null : day,
      saveMappingAs,
    });
  await take('items', files.items, 'ERP invoices');
  await take('contacts', files.contacts, 'ERP contacts');
  await take('receipts', files.receipts, 'Bank receipts');
  return day;
}

async function liveDay(scene: DemoScene, files: SampleFiles, money: FutureMoney, number: number): Promise<void> {
  const { host, tenant, day } = scene;
  const until = (target: 'items' | 'receipts', path: string) =>
    takeInFile(host, tenant, actor, { clientId, target, path, until: day });
  const works = weekday(day) < 6;
  await standAt(scene, '08:30');
  if (weekday(day) === 1) await until('items', files.items);
  if (works && (weekday(day) % 2 === 1 || number === daysLived)) await until('receipts', files.receipts);
  await standAt(scene, '10:00');
  unwrap(await actIn(host, tenant, actor, (ctx) => runDay(ctx), { statementTimeoutMs: 0 }));
  await sendDue(host, tenant, actor);
  if (number === daysLived) return;
  await standAt(scene, '14:30');
  await demoEvents[number]?.(scene);
  await consumerEvents[number]?.(scene);
  const shift: DemoShift = { host, tenant, clientId, day, money, random: randomStream(seed, 1_000_000 + number) };
  if (works && number < daysLived - 2) await workCalls(shift, scene.people.collector, 2);
  if (works && number % 5 === 0) await workEscalation(shift, scene.people.manager);
  await sendDue(host, tenant, actor);
  await standAt(scene, '19:00');
  await sendDue(host, tenant, actor);
}

async function standAt({ host, tenant, day }: DemoScene, time: string): Promise<void> {
  const to = instantAt(day, time, zone);
  await actIn(host, tenant, actor, async (ctx) => {
    if (ctx.at < to) unwrap(await moveClock(ctx, to));
  });
}
