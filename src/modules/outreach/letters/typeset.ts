import { Worker } from 'node:worker_threads';

type Asked = { readonly id: number; readonly layout: string; readonly data: string };
export type Answered =
  | { readonly id: number; readonly pdf: Uint8Array }
  | { readonly id: number; readonly fault: string };
type Waiting = {
  readonly resolve: (pdf: Buffer) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout;
};

const deadlineMs = 20_000;
const waiting = new Map<number, Waiting>();
let worker: Worker | null = null;
let asked = 0;

/**
 * Sets a letter in one of our own layouts and returns a tagged PDF (PDF/UA-1). The layout reads `data` as JSON and cannot run it. It works in a
 * thread of its own, which is given up when it does not answer in time. Throws when the typesetter is not there or the data does not fit.
 */
export function typeset(
  layout: 'validation-notice' | 'timeline',
  data: unknown,
  withinMs: number = deadlineMs,
): Promise<Buffer> {
  const id = (asked += 1);
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => giveUp(`A letter was not set within ${withinMs} ms.`), withinMs);
    waiting.set(id, { resolve, reject, deadline });
    worker ??= startWorker();
    worker.ref();
    worker.postMessage({ id, layout, data: JSON.stringify(data) } satisfies Asked);
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL('./typeset-worker.ts', import.meta.url));
  started.on('message', (answer: Answered) => {
    const one = waiting.get(answer.id);
    if (one === undefined) return;
    waiting.delete(answer.id);
    clearTimeout(one.deadline);
    // Idle, it keeps nobody's process alive.
    if (waiting.size === 0) started.unref();
    if ('pdf' in answer) one.resolve(Buffer.from(answer.pdf));
    else one.reject(new Error(`A letter could not be set: ${answer.fault}`));
  });
  started.on('error', (error) => giveUp(`The typesetter stopped: ${error.message}`));
  return started;
}

/** Ends the thread and everything that waits for it; the next letter starts another. */
function giveUp(reason: string): void {
  const stopped = worker;
  worker = null;
  for (const [id, one] of waiting) {
    waiting.delete(id);
    clearTimeout(one.deadline);
    one.reject(new Error(reason));
  }
  void stopped?.terminate();
}
