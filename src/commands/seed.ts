import { createHmac } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { print, table, withInstallation } from '../command-line.ts';
import { type Seeded, seedTenant } from '../flows/sample/seed-tenant.ts';
import { type CalendarDate, parseCalendarDate } from '../kernel/calendar.ts';
import { createAuth } from '../modules/identity/public.ts';

type SeedCommand = {
  readonly accounts: number;
  readonly tenants: number;
  readonly seed: number;
  readonly items: number;
  readonly on: CalendarDate;
  readonly days: number;
  readonly json?: boolean;
};

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Give a whole number from ${least} on.`);
    return value;
  };

function day(text: string): CalendarDate {
  const parsed = parseCalendarDate(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.detail);
  return parsed.value;
}

/** `dunwell seed`: sandbox tenants with reproducible, realistic portfolios, for trying, testing and measuring. */
export function define(program: Command): void {
  program
    .command('seed')
    .description('Create sandbox tenants with generated portfolios; the same options give the same rows')
    .option('--accounts <n>', 'accounts per tenant', whole(1), 1000)
    .option('--tenants <n>', 'how many tenants', whole(1), 1)
    .option('--seed <s>', 'which portfolio: any whole number', whole(0), 1)
    .option('--items <n>', 'invoices per account, on average', whole(1), 4)
    .option('--on <date>', 'where the tenants’ clocks stand, YYYY-MM-DD', day, day('2026-03-02'))
    .option('--days <n>', 'days of history before that date', whole(1), 180)
    .option('--json', 'print JSON')
    .action(seed);
}

async function seed(options: SeedCommand): Promise<void> {
  const seeded = await withInstallation(async (installation) => {
    const auth = createAuth({
      database: installation.database,
      secret: installation.secret,
      baseUrl: installation.config.publicUrl,
    });
    const password = createHmac('sha256', installation.secret).update('seed-sign-in').digest('base64url').slice(0, 16);
    const done: (Seeded & { email: string; password: string })[] = [];
    for (let index = 1; index <= options.tenants; index += 1) {
      const one = await seedTenant(installation, auth, {
        seed: options.seed,
        index,
        accounts: options.accounts,
        itemsPerAccount: options.items,
        on: options.on,
        historyDays: options.days,
        password,
      });
      done.push({ ...one, email: `seed-${options.seed}-${index}@dunwell.example`, password });
      if (!options.json)
        process.stderr.write(
          `${one.name}: ${one.rows} rows in ${one.seconds.toFixed(1)} s (${Math.round(one.rows / one.seconds)} rows/s)\n`,
        );
    }
    return done;
  });
  print(seeded, options.json, (rows) =>
    table(
      ['tenant', 'items', 'receipts', 'sign in as', 'password'],
      rows.map((row) => [row.name, row.items, row.receipts, row.email, row.password]),
    ),
  );
}
