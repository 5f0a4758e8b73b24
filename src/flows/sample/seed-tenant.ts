import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CalendarDate, instantAt, timeZone } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import { hashId, type Id, type TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { actIn, listTenantIds, sealAudit, type StaffAuth, systemActor } from '../../modules/identity/public.ts';
import { createFirstTenant } from '../create-tenant.ts';
import type { ImportHost } from '../import-portfolio.ts';
import { takeInFile } from './take-in-file.ts';
import { writeSampleFiles } from './write-files.ts';

export type SeedOptions = {
  readonly seed: number;
  /** 1 for the first tenant of a seed. */
  readonly index: number;
  readonly accounts: number;
  readonly itemsPerAccount: number;
  /** Where the tenant's clock stands; what was paid by then is taken in. */
  readonly on: CalendarDate;
  readonly historyDays: number;
  readonly password: string;
};

export type Seeded = {
  readonly tenantId: TenantId;
  readonly clientId: Id<'client'>;
  readonly name: string;
  readonly items: number;
  readonly receipts: number;
  /** Rows of the three files. */
  readonly rows: number;
  readonly seconds: number;
};

const zone = timeZone('America/New_York');

/**
 * A sandbox tenant with a generated portfolio, taken in from generated files by the import itself, so that everything that holds
 * for an import holds for it. Ids, amounts and dates follow from the options alone; a second time nothing changes.
 */
export async function seedTenant(host: ImportHost, auth: StaffAuth, options: SeedOptions): Promise<Seeded> {
  const { seed, index, on, ...size } = options;
  const name = `Seed ${seed}-${index}`;
  const tenantId = hashId<'tenant'>('tenant', 'seed', String(seed), String(index));
  const clientId = hashId<'client'>('client', 'seed', String(seed), String(index));
  if (!(await listTenantIds(host)).includes(tenantId)) {
    unwrap(
      await createFirstTenant(host, auth, {
        tenantName: name,
        kind: 'sandbox',
        timeZone: zone,
        country: 'US',
        currency: 'USD',
        ownerName: 'Seed Owner',
        email: `seed-${seed}-${index}@dunwell.example`,
        password: size.password,
        clockAt: instantAt(on, '09:00', zone),
        id: tenantId,
        clientId,
      }),
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'dunwell-seed-'));
  try {
    const files = await writeSampleFiles(
      folder,
      {
        seed: seed * 1000 + index,
        accounts: size.accounts,
        on,
        historyDays: size.historyDays,
        itemsPerAccount: size.itemsPerAccount,
      },
      currency('USD'),
    );
    const start = performance.now();
    const actor = systemActor('seed');
    const items = await takeInFile(host, tenantId, actor, {
      clientId,
      target: 'items',
      path: files.items,
      until: on,
      saveMappingAs: 'Invoices',
    });
    await takeInFile(host, tenantId, actor, {
      clientId,
      target: 'contacts',
      path: files.contacts,
      until: null,
      saveMappingAs: 'Contacts',
    });
    const receipts = await takeInFile(host, tenantId, actor, {
      clientId,
      target: 'receipts',
      path: files.receipts,
      until: on,
      saveMappingAs: 'Receipts',
    });
    await actIn(host, tenantId, actor, (ctx) => sealAudit(ctx));
    return {
      tenantId,
      clientId,
      name,
      items: items.counts.itemsCreated ?? 0,
      receipts: receipts.counts.receipts ?? 0,
      rows: files.itemCount + size.accounts + files.receiptCount,
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
