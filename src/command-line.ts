import { type Installation, openInstallation } from './installation.ts';
import { parseConfig } from './kernel/config.ts';
import { createLogger } from './kernel/log.ts';
import { isId } from './kernel/ids.ts';
import { listTenants, type Tenant } from './modules/identity/public.ts';

/** Opens the installation for one command and closes it whatever happens. Commands log warnings only. */
export async function withInstallation<T>(fn: (installation: Installation) => Promise<T>): Promise<T> {
  const config = parseConfig(process.env);
  const installation = await openInstallation(
    config,
    createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel),
  );
  try {
    return await fn(installation);
  } finally {
    await installation.close();
  }
}

/** The tenant named on the command line by id or name; the only one when none is named. Throws a sentence that lists the choices. */
export async function chooseTenant(installation: Installation, named: string | undefined): Promise<Tenant> {
  const tenants = await listTenants(installation);
  const choices = tenants.map((tenant) => `  ${tenant.name}  (${tenant.id})`).join('\n');
  if (tenants.length === 0)
    throw new Error('There is no tenant yet. Run `npm start` and open the page it names, or `dunwell demo`.');
  if (named === undefined) {
    if (tenants.length === 1 && tenants[0]) return tenants[0];
    throw new Error(`There are several tenants; name one with --tenant:\n${choices}`);
  }
  const wanted = isId(named.toLowerCase())
    ? tenants.filter((tenant) => tenant.id === named.toLowerCase())
    : tenants.filter((tenant) => tenant.name.toLowerCase() === named.toLowerCase());
  if (wanted.length === 1 && wanted[0]) return wanted[0];
  throw new Error(
    `${wanted.length === 0 ? 'There is no tenant' : 'There are several tenants'} called "${named}". These exist:\n${choices}`,
  );
}

/** Prints a command's result: one JSON line with --json, otherwise what `text` makes of it. */
export function print<T>(result: T, json: boolean | undefined, text: (result: T) => string): void {
  const exact = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
  process.stdout.write(`${json ? JSON.stringify(result, exact) : text(result)}\n`);
}

/** Plain columns, padded; numbers to the right. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number | bigint)[])[]): string {
  const cells = [headers, ...rows].map((row) => row.map(String));
  const widths = headers.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const numeric = headers.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] !== 'string'));
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
