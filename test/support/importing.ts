import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ImportHost, importPortfolio, uploadsOf } from '../../src/flows/import-portfolio.ts';
import { type CalendarDate, calendarDate } from '../../src/kernel/calendar.ts';
import type { Ctx } from '../../src/kernel/ctx.ts';
import type { Id, TenantId } from '../../src/kernel/ids.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { actIn, systemActor } from '../../src/modules/identity/public.ts';
import { testInstallation } from '../../src/modules/identity/testing.ts';
import {
  createImport,
  type Import,
  inspectImport,
  loadImport,
  type Mapping,
  type SnapshotScope,
  startImport,
  type Target,
} from '../../src/modules/intake/public.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { TestDatabase } from './database.ts';

const actor = systemActor('test');

/** What a test says of a file; the rest is what the file itself suggests. */
export type ImportSpec = {
  readonly clientId: Id<'client'>;
  readonly text: string | Buffer;
  readonly target?: Target;
  readonly fileName?: string;
  readonly until?: string;
  readonly fullSnapshot?: boolean;
  readonly scope?: SnapshotScope;
  readonly adjust?: (suggested: Mapping) => Mapping;
};

/** Imports files into test tenants the way the command line does. */
export function importing(database: TestDatabase) {
  const host: ImportHost = {
    ...testInstallation(database, systemClock),
    config: { dataDir: mkdtempSync(join(tmpdir(), 'dunwell-import-')) },
  };
  const files = uploadsOf(host);
  const within = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>): Promise<T> => actIn(host, tenant, actor, fn);

  /** Uploads and starts a file; it is then ready to be worked on. */
  async function start(tenant: TenantId, spec: ImportSpec): Promise<Id<'import'>> {
    const file = unwrap(await files.receive(Readable.from([Buffer.from(spec.text)]), spec.fileName ?? 'file.csv'));
    const inTenant = <T>(fn: (ctx: Ctx) => Promise<T>) => within(tenant, fn);
    const { clientId, target = 'items' } = spec;
    const { importId } = unwrap(await inTenant((ctx) => createImport(ctx, { clientId, target, file })));
    const { suggestion } = unwrap(await inspectImport(inTenant, files, importId));
    const until: CalendarDate | null = spec.until === undefined ? null : calendarDate(spec.until);
    const mapping = spec.adjust ? spec.adjust(suggestion.mapping) : suggestion.mapping;
    unwrap(
      await startImport(inTenant, files, importId, {
        mapping,
        until,
        claim: true,
        ...(spec.fullSnapshot && { fullSnapshot: true }),
        ...(spec.scope && { scope: spec.scope }),
      }),
    );
    return importId;
  }

  /** Takes a file in and returns the import as it ended. */
  async function take(tenant: TenantId, spec: ImportSpec): Promise<Import> {
    const importId = await start(tenant, spec);
    await importPortfolio(host, tenant, actor, importId);
    return within(tenant, async (ctx) => unwrap(await loadImport(ctx, importId)));
  }

  return { host, files, actor, within, start, take };
}
