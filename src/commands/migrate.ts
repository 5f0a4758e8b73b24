import type { Command } from 'commander';
import { openInstallation } from '../installation.ts';
import { parseConfig } from '../kernel/config.ts';
import { createLogger } from '../kernel/log.ts';

/** `dunwell migrate`: brings the database up to date and says so. */
export function define(program: Command): void {
  program
    .command('migrate')
    .description('Bring the database up to date (serve does this too)')
    .action(async () => {
      const config = parseConfig(process.env);
      const installation = await openInstallation(config, createLogger(config.logLevel));
      await installation.close();
      process.stdout.write('The database is up to date.\n');
    });
}
