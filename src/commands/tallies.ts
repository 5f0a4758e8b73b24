import type { Command } from 'commander';
import { chooseTenant, print, withInstallation } from '../command-line.ts';
import { rebuildTenantTallies } from '../flows/keep-tallies.ts';
import { actIn, listTenants, systemActor } from '../modules/identity/public.ts';

type Options = { readonly tenant?: string; readonly json?: boolean };

/** `dunwell tallies`: make the sums Today is made of anew from their sources, after `verify` has named one that differs. */
export function define(program: Command): void {
  program
    .command('tallies')
    .description(
      'Make the sums that Today is made of anew from items, receipts, promises, plans, tasks, messages and permits',
    )
    .option('--tenant <tenant>', 'name or id (default: every tenant)')
    .option('--json', 'print JSON')
    .action(rebuild);
}

async function rebuild(options: Options): Promise<void> {
  await withInstallation(async (installation) => {
    const tenants =
      options.tenant === undefined
        ? await listTenants(installation)
        : [await chooseTenant(installation, options.tenant)];
    const rebuilt: { tenant: string; tallies: number }[] = [];
    for (const { id, name } of tenants) {
      const tallies = await actIn(installation, id, systemActor('command line'), rebuildTenantTallies, {
        statementTimeoutMs: 0,
      });
      rebuilt.push({ tenant: name, tallies });
    }
    print({ tenants: rebuilt }, options.json, (all) =>
      all.tenants.map(({ tenant, tallies }) => `${tenant}: ${tallies} sums made anew.`).join('\n'),
    );
  });
}
