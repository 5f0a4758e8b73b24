import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Ctx } from '../../kernel/ctx.ts';
import type { TransactionOptions } from '../../kernel/db.ts';
import type { Result } from '../../kernel/result.ts';
import type { Mailing } from '../../flows/hand-over.ts';
import type { Installation } from '../../modules/identity/public.ts';
import type { Caller } from './caller.ts';
import type { ResponseOf, RouteSpec } from './contract/route.ts';
import type { RefusalCode } from './refusals.ts';

type Parsed<T, K extends string> = T extends { readonly [P in K]: infer S extends z.ZodType } ? z.output<S> : undefined;

/** A body as the contract says, or for an operation that produces a file, the stream of it. */
export type Answer<T> = Result<T extends { readonly produces: string } ? Readable : ResponseOf<T>, RefusalCode>;

/** What every handler is given, already parsed and permitted. */
export type Asked<T extends RouteSpec> = {
  readonly params: Parsed<T, 'params'>;
  readonly query: Parsed<T, 'query'>;
  readonly body: Parsed<T, 'body'>;
  readonly caller: Caller;
  /** The row version of If-Match; always present where the route says `ifMatch`. */
  readonly version: bigint;
};

/** What a handler may reach beside its transaction. */
export type Host = {
  readonly installation: Installation;
  /** The installation as the sending flows take it. */
  readonly mailing: Mailing;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly secret: string;
  readonly dataDir: string;
  readonly publicUrl: string;
  /** Present when the request carries an Idempotency-Key. */
  readonly onceInside?: <V>(ctx: Ctx, work: () => Promise<Result<V, RefusalCode>>) => Promise<Result<V, RefusalCode>>;
  /** Opens one transaction of the caller's tenant at the tenant's instant; refusals do not roll it back, throws do. */
  readonly enter: <V>(fn: (ctx: Ctx) => Promise<V>, transaction?: TransactionOptions) => Promise<V>;
};

/** One request, one transaction: committed when the answer is ok, rolled back on a refusal or a fault. */
export type Implementation = {
  readonly route: RouteSpec;
  readonly run: (asked: Asked<RouteSpec>, host: Host) => Promise<Result<unknown, RefusalCode>>;
  readonly transactional: boolean;
};

class RolledBack extends Error {
  readonly answer: Result<unknown, RefusalCode>;
  constructor(answer: Result<unknown, RefusalCode>) {
    super('refused');
    this.answer = answer;
  }
}

/** Implements a route inside one transaction. */
export function implement<const T extends RouteSpec>(
  route: T,
  handler: (ctx: Ctx, asked: Asked<T>, host: Host) => Promise<Answer<T>>,
): Implementation {
  return {
    route,
    transactional: true,
    run: async (asked, host) => {
      try {
        return await host.enter(async (ctx) => {
          const work = (): Promise<Result<unknown, RefusalCode>> => handler(ctx, asked as unknown as Asked<T>, host);
          const answer = await (host.onceInside ? host.onceInside(ctx, work) : work());
          if (!answer.ok) throw new RolledBack(answer);
          return answer;
        });
      } catch (error) {
        if (error instanceof RolledBack) return error.answer;
        throw error;
      }
    },
  };
}

/** Implements a route whose flow owns its transactions (sending, uploads, streamed exports, sign-in). */
export function implementFlow<const T extends RouteSpec>(
  route: T,
  handler: (asked: Asked<T>, host: Host) => Promise<Answer<T>>,
): Implementation {
  return {
    route,
    transactional: false,
    run: (asked, host) => handler(asked as unknown as Asked<T>, host) as Promise<Result<unknown, RefusalCode>>,
  };
}
