import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { fillDemo } from '../flows/fill-demo.ts';
import { demoSignIn } from '../flows/create-tenant.ts';
import { type Installation, openInstallation } from '../installation.ts';
import { type Config, parseConfig } from '../kernel/config.ts';
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
    throw new Error(whyNotListening(error, config), { cause: error });
  });
  const worker = options.role === 'api' ? null : startWorker(installation);
  const stopping = stopOnSignals(async () => {
    await atMost(5000, Promise.all([server?.close(), worker?.stop()]));
    await installation.close();
  });
  await announce(installation, { ...options, url: server ? config.publicUrl : null }, stopping);
}

function whyNotListening(error: NodeJS.ErrnoException, { host, port }: Pick<Config, 'host' | 'port'>): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. Stop that one, or choose another: PORT=${port === 4400 ? 4401 : 4400} npm start`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Choose one above 1023: PORT=4400 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is "${host}", which is no address of this machine. Leave it unset to serve this machine only, or set it to 0.0.0.0 behind a proxy.`;
    default:
      return `Dunwell cannot listen on ${host}:${port} (${error.message}). Set HOST and PORT to an address of this machine.`;
  }
}

/** What is under way gets a few seconds; afterwards its transactions end with the connections, and the next start goes on. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}

/**
 * Runs `stop` at the first signal and then ends the process. A second one, if it is meant, ends it at once: a terminal's Ctrl+C comes
 * twice within a moment, to us and through the launcher.
 */
function stopOnSignals(stop: () => Promise<void>): AbortSignal {
  const stopping = new AbortController();
  let since = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) {
        if (performance.now() - since > 1000) process.exit(1);
        return;
      }
      since = performance.now();
      stopping.abort();
      void stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  return stopping.signal;
}

async function announce(
  installation: Installation,
  { url, demo, empty }: ServeOptions & { readonly url: string | null },
  stopping: AbortSignal,
): Promise<void> {
  if (url === null) return;
  const say = (line: string): void => void (stopping.aborted || process.stdout.write(`${line}\n`));
  say(`\n  Dunwell is at ${url}`);
  if (demo && !empty) {
    const auth = createAuth({ database: installation.database, secret: installation.secret, baseUrl: url });
    const filling = { say: (line: string) => say(`  ${line}`), stopping };
    await fillDemo(installation, auth, installation.secret, filling).catch((error: unknown) => {
      if (stopping.aborted) return;
      installation.log.error({ reason: error instanceof Error ? error.message : String(error) }, 'the demo broke off');
      say('  The demo could not be filled to its end. Start again and it goes on where it stopped.');
    });
  }
  if (stopping.aborted) return;
  const known = await demoSignIn(installation, installation.secret);
  if (known) say(`  Sign in to the demo:  ${known.email}   password  ${known.password}`);
  say('  Stop with Ctrl+C.\n');
}
