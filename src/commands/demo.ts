import type { Command } from 'commander';
import { withInstallation } from '../command-line.ts';
import { demoSignIn } from '../flows/create-tenant.ts';
import { fillDemo } from '../flows/fill-demo.ts';
import { createAuth } from '../modules/identity/public.ts';

/** `dunwell demo`: the demo tenant that `npm start` fills, without serving. */
export function define(program: Command): void {
  program
    .command('demo')
    .description('Fill a sandbox tenant with generated data, when there is no tenant yet')
    .action(demo);
}

async function demo(): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  await withInstallation(async (installation) => {
    const auth = createAuth({
      database: installation.database,
      secret: installation.secret,
      baseUrl: installation.config.publicUrl,
    });
    await fillDemo(installation, auth, installation.secret, { say });
    const signIn = await demoSignIn(installation, installation.secret);
    say(
      signIn
        ? `Sign in to the demo:  ${signIn.email}   password  ${signIn.password}`
        : 'There is a tenant already, so no demo was made. Use another DUNWELL_DATA to try it beside.',
    );
  });
}
