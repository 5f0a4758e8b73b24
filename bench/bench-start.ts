import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median, round } from './measure.ts';

const root = join(import.meta.dirname, '..');
const GIVE_UP_MS = 600_000;

type Started = {
  readonly process: ChildProcess;
  readonly readyS: number;
  readonly output: () => string;
  readonly since: () => number;
};

export type StartBench = { readonly starts: number; readonly say: (line: string) => void };

/** `npm start` from an installed checkout: the first, which makes the database and fills the demo, and later ones. */
export async function benchStart({ starts, say }: StartBench) {
  const data = mkdtempSync(join(tmpdir(), 'dunwell-start-'));
  try {
    const first = await start(data);
    const filledS = await filled(first).finally(() => stop(first));
    say(`first start serves after ${first.readyS.toFixed(1)} s, its demo is filled after ${filledS.toFixed(1)} s`);
    const later: number[] = [];
    for (let n = 0; n < starts; n += 1) {
      const again = await start(data);
      later.push(again.readyS);
      await stop(again);
      say(`start ${n + 2} serves after ${again.readyS.toFixed(1)} s`);
    }
    return {
      bench: 'start',
      n: starts,
      ours_s: round(median(later)),
      reference_s: null,
      ratio: null,
      first_s: round(first.readyS),
      demo_filled_s: round(filledS),
    };
  } finally {
    for (const folder of [homeOf(data), data]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the cluster lies: as root not in a private folder, which the database's own user may not enter. */
function homeOf(data: string): string {
  const pointer = join(data, 'postgres.location');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : data;
}

async function start(data: string): Promise<Started> {
  const port = await freePort();
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  const child = spawn(process.execPath, [join(root, 'bin', 'start.mjs')], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DUNWELL_DATA: data, DUNWELL_URL: '', DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Told to stop, we must not leave it behind with its database.
  const withUs = (): void => void child.kill('SIGTERM');
  process.once('exit', withUs);
  child.once('exit', () => process.off('exit', withUs));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const started = { process: child, output: () => output, since };
  try {
    await until(
      () => answers(port),
      child,
      () => output,
    );
  } catch (error) {
    // It holds our pipes: left running it would keep us running too.
    await stop(started);
    throw error;
  }
  return { ...started, readyS: since() };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

async function filled(started: Started): Promise<number> {
  await until(async () => started.output().includes('The demo is filled'), started.process, started.output);
  return started.since();
}

async function until(holds: () => Promise<boolean>, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (!(await holds())) {
    if (hasEnded(child) || performance.now() > deadline)
      throw new Error(
        `The server ${hasEnded(child) ? 'ended' : `was not there after ${GIVE_UP_MS / 1000} s`}. It said:\n${output()}`,
      );
    await pause(20);
  }
}

async function stop({ process: child }: Pick<Started, 'process'>): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
