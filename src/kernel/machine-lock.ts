import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const WAIT_MS = 90_000;

/**
 * Runs `fn` while no other process on this machine runs anything under the same name; waits its turn for up to 90 s.
 *
 * The lock is a listening abstract socket: the kernel frees it the moment its holder dies, so there is no stale lock to judge.
 */
export async function withMachineLock<T>(name: string, fn: () => Promise<T>): Promise<T> {
  const server = await acquire(name);
  try {
    return await fn();
  } finally {
    await new Promise<void>((done) => server.close(() => done()));
  }
}

async function acquire(name: string): Promise<Server> {
  const path = `\0dunwell-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const server = await tryListen(path);
    if (server !== null) return server;
    if (Date.now() > deadline) {
      throw new Error(
        `Another Dunwell process has been starting or stopping "${name}" for over a minute. End it and try again.`,
      );
    }
    await pause(25);
  }
}

function tryListen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen({ path }, () => resolve(server));
  });
}
