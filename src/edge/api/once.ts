import { createHash } from 'node:crypto';
import { ok, refuse, type Refusal, type Result } from '../../kernel/result.ts';
import { answerOnce } from '../../modules/identity/public.ts';
import type { RouteSpec } from './contract/route.ts';
import type { Asked, Host, Implementation } from './operation.ts';
import type { RefusalCode } from './refusals.ts';

type Answered = Result<unknown, RefusalCode>;
type Request = { readonly key: string; readonly digest: Buffer };

/** Answers that must not be kept (a secret is in them), or whose request is a file that no digest here covers. */
const neverKept: ReadonlySet<string> = new Set(['createKey', 'keepEvidence', 'uploadImport']);

/**
 * With an Idempotency-Key, a write takes effect once and its first answer is given again. What runs in one transaction keeps its
 * answer in that transaction. A flow of several transactions is begun once: should the process die before its answer was kept, a
 * repetition is refused, because only a person can tell how far the first one came.
 */
export async function once(implementation: Implementation, asked: Asked<RouteSpec>, host: Host): Promise<Answered> {
  const { route } = implementation;
  const key = host.request.headers['idempotency-key'];
  const kept = route.method !== 'GET' && route.permission !== 'public' && !neverKept.has(route.operationId);
  if (typeof key !== 'string' || !kept) return implementation.run(asked, host);
  if (key.length < 8 || key.length > 200) return refuse('malformed', 'Idempotency-Key must have 8 to 200 characters.');
  const { method, url } = host.request;
  const digest = createHash('sha256')
    .update(JSON.stringify([method, url, host.request.headers['if-match'] ?? null, asked.body ?? null]))
    .digest();
  const request = { key, digest };
  if (!implementation.transactional) return onceAcross(implementation, asked, host, request);
  return implementation.run(asked, { ...host, onceInside: (ctx, work) => answerOnce(ctx, request, work) });
}

async function onceAcross(
  implementation: Implementation,
  asked: Asked<RouteSpec>,
  host: Host,
  request: Request,
): Promise<Answered> {
  const begun = await begin(host, request);
  if (!begun.ok) return begun;
  const answerRequest = { ...request, key: `answer to ${request.key}` };
  if (!begun.value.first) return keptAnswer(host, answerRequest);
  const answer = await implementation.run(asked, host);
  await host.enter((ctx) =>
    answerOnce(ctx, answerRequest, async () => ok(answer.ok ? { value: answer.value ?? null } : { refusal: answer })),
  );
  return answer;
}

function begin(host: Host, request: Request): Promise<Result<{ first: boolean }, RefusalCode>> {
  return host.enter(async (ctx) => {
    let first = false;
    const claimed = await answerOnce<null, RefusalCode>(ctx, request, async () => {
      first = true;
      return ok(null);
    });
    return claimed.ok ? ok({ first }) : claimed;
  });
}

type Kept = { readonly value: unknown } | { readonly refusal: Refusal<RefusalCode> };

async function keptAnswer(host: Host, request: Request): Promise<Answered> {
  const kept = await host.enter((ctx) =>
    answerOnce<Kept, RefusalCode>(ctx, request, async () =>
      refuse(
        'conflict',
        'A request with this Idempotency-Key was begun and has not been answered. Look what became of it before you ask again with a fresh key.',
      ),
    ),
  );
  if (!kept.ok) return kept;
  return 'refusal' in kept.value ? kept.value.refusal : ok(kept.value.value);
}
