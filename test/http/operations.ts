import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { everyRoute } from '../../src/edge/api/contract/contract.ts';
import type { RouteSpec } from '../../src/edge/api/contract/route.ts';
import { ask, type Asking } from './running-app.ts';

export type Arguments = {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string | number>;
  readonly body?: object;
  readonly headers?: Record<string, string>;
};

export function routeOf(operationId: string): RouteSpec {
  const route = everyRoute.find((one) => one.operationId === operationId);
  if (!route) throw new Error(`There is no operation ${operationId}`);
  return route;
}

/** The address of an operation with its parameters filled in. */
export function urlOf(route: RouteSpec, { params = {}, query = {} }: Pick<Arguments, 'params' | 'query'>): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent((params[name] ?? '').toWellFormed()),
  );
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return search === '' ? path : `${path}?${search}`;
}

export function operate(
  app: FastifyInstance,
  as: Asking,
  operationId: string,
  args: Arguments = {},
): Promise<LightMyRequestResponse> {
  const route = routeOf(operationId);
  return ask(
    app,
    as,
    route.method,
    urlOf(route, args),
    route.body === undefined ? undefined : (args.body ?? {}),
    args.headers,
  );
}

/** Operations that were answered as the contract promises, in this test file. */
export const answered = new Set<string>();

/** Asks, holds the answer to its promised status and schema, and returns it. */
export async function succeed<T = never>(
  app: FastifyInstance,
  as: Asking,
  operationId: string,
  args: Arguments = {},
): Promise<T> {
  const route = routeOf(operationId);
  const answer = await operate(app, as, operationId, args);
  if (answer.statusCode !== (route.status ?? 200))
    throw new Error(`${operationId} was answered ${answer.statusCode}: ${answer.body}`);
  answered.add(operationId);
  if (route.produces) return answer.body as T;
  if (!route.response) return undefined as T;
  const parsed = route.response.safeParse(answer.json());
  if (!parsed.success) throw new Error(`${operationId} broke its contract: ${parsed.error.message}`);
  return answer.json() as T;
}
