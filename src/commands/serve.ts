import type { Command } from 'commander';
import { fillDemo } from '../flows/fill-demo.ts';
import { demoSignIn } from '../flows/create-tenant.ts';
import { openInstallation } from '../installation.ts';
import { parseConfig } from '../kernel/config.ts';
import { createLogger } from '../kernel/log.ts';
import { createAuth } from '../modules/identity/public.ts';
import { buildServer } from '../server.ts';
import { startWorker } from '../worker.ts';

type ServeOptions = { readonly demo?: boolean; readonly empty?: boolean; readonly role: string };

/** `dunwell serve`: API, web app, worker and, without DATABASE_URL, the embedded database. */
export function define(program: Command): void {
  program
    .command('serve')
    .description('Serve the web app and the API, and work in the background')
    .option('--demo', 'fill a sandbox tenant with generated data when there is no tenant yet')
    .option('--empty', 'start without any data; the first page creates tenant and owner')
    .option('--role <role>', 'all, api or worker', 'all')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  if (!['all', 'api', 'worker'].includes(options.role))
    throw new Error(`There is no role "${options.role}". Use all, api or worker.`);
  const config = parseConfig(process.env);
  const log = createLogger(config.logLevel);
  const installation = await openInstallation(config, log);
  const server = options.role === 'worker' ? null : await buildServer(installation);
  await server?.listen({ host: config.host, port: config.port }).catch(async (error: NodeJS.ErrnoException) => {
    await installation.close();
    throw error.code === 'EADDRINUSE'
      ? new Error(
          `Port ${config.port} is taken by another program. Stop that one, or choose another: PORT=4401 npm start`,
        )
      : error;
  });
  const worker = options.role === 'api' ? null : startWorker(installation);
  const stop = async (): Promise<void> => {
    await server?.close();
    await worker?.stop();
    await installation.close();
  };
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  if (server) await announce(installation, config.publicUrl, options);
}

async function announce(
  installation: Awaited<ReturnType<typeof openInstallation>>,
  url: string,
  options: ServeOptions,
): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`\n  Dunwell is at ${url}`);
  if (options.demo && !options.empty) {
    const auth = createAuth({ database: installation.database, secret: installation.secret, baseUrl: url });
    await fillDemo(installation, auth, installation.secret, (line) => say(`  ${line}`));
  }
  const demo = await demoSignIn(installation, installation.secret);
  if (demo) say(`  Sign in to the demo:  ${demo.email}   password  ${demo.password}`);
  say('  Stop with Ctrl+C.\n');
}
