import { type Input, type OperationName, operations, type Output } from './operations.ts';
import { ProblemError, readProblem, unreachable } from './problem.ts';

const listeners = new Set<() => void>();

/** Told when the server no longer knows who we are, so that the shell can ask for a sign-in without losing the page. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const noticeListeners = new Set<(sentence: string) => void>();

/** Told when the server changed something in what was sent, such as a card number that must not be kept. */
export function onNotice(listener: (sentence: string) => void): () => void {
  noticeListeners.add(listener);
  return () => noticeListeners.delete(listener);
}

const tenantKey = 'dunwell.tenant';

export function chosenTenant(): string | null {
  return localStorage.getItem(tenantKey);
}

export function chooseTenant(id: string | null): void {
  if (id === null) localStorage.removeItem(tenantKey);
  else localStorage.setItem(tenantKey, id);
}

// crypto.randomUUID needs a secure context; a team on plain http in its own network must work too.
function idempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The address of an operation with its parameters and query filled in. */
export function addressOf<N extends OperationName>(
  name: N,
  input: { readonly params?: unknown; readonly query?: unknown },
): string {
  const template = operations[name].slice(operations[name].indexOf(' ') + 1);
  const params = (input.params ?? {}) as Record<string, string>;
  const path = template.replaceAll(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(params[key])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries((input.query ?? {}) as Record<string, string | number | undefined>))
    if (value !== undefined && value !== '') search.set(key, String(value));
  return search.size === 0 ? path : `${path}?${search}`;
}

/** Fetches a file, telling how many bytes have come, and hands it to the browser to save. Throws a ProblemError when it is refused or breaks off. */
export async function download<N extends OperationName>(
  name: N,
  input: { readonly params?: unknown; readonly query?: unknown },
  came: (bytes: number) => void,
): Promise<void> {
  const tenant = chosenTenant();
  const response = await fetch(addressOf(name, input), {
    headers: tenant === null ? {} : { 'dunwell-tenant': tenant },
    credentials: 'same-origin',
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok || response.body === null) throw await readProblem(response);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const reader = response.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      bytes += piece.value.length;
      came(bytes);
    }
  } catch {
    throw unreachable();
  }
  const named = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(pieces));
  link.download = named ?? 'download';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Performs one operation of the contract. Throws a ProblemError with the server's sentence when it is refused. */
export async function call<N extends OperationName>(name: N, input: Input<N>): Promise<Output<N>> {
  const method = operations[name].slice(0, operations[name].indexOf(' '));
  const headers: Record<string, string> = { accept: 'application/json' };
  const tenant = chosenTenant();
  if (tenant !== null) headers['dunwell-tenant'] = tenant;
  if (method !== 'GET') headers['idempotency-key'] = idempotencyKey();
  if (input.ifMatch !== undefined) headers['if-match'] = `"${input.ifMatch}"`;
  if (input.body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(addressOf(name, input), {
      method,
      headers,
      credentials: 'same-origin',
      ...(input.signal === undefined ? {} : { signal: input.signal }),
      ...(input.form === undefined
        ? input.body === undefined
          ? {}
          : { body: JSON.stringify(input.body) }
        : { body: input.form }),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw unreachable();
  }
  const notice = response.headers.get('dunwell-notice');
  if (notice !== null) for (const listener of noticeListeners) listener(notice);
  if (!response.ok) {
    const problem = await readProblem(response);
    // The answer to "who am I" is what the listeners ask for themselves: telling them of it would never end.
    if (problem.status === 401 && name !== 'signIn' && name !== 'getSession')
      for (const listener of listeners) listener();
    throw problem;
  }
  if (response.status === 204) return undefined as Output<N>;
  try {
    return (await response.json()) as Output<N>;
  } catch {
    throw new ProblemError({
      title: 'The answer could not be read',
      status: response.status,
      code: 'unreadable',
      detail: 'The server answered, but not with data. Reload the page.',
    });
  }
}
