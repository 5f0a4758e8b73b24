import type { z } from 'zod';

/** One operation of the API. The same object validates requests, types the browser's client and describes OpenAPI. */
export type RouteSpec = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI path template, e.g. `/api/v1/accounts/{accountId}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** The permission the caller needs; `signed_in` for any member; `public` for none. */
  readonly permission: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Absent for an operation that answers with no content or with a file. */
  readonly response?: z.ZodType;
  readonly status?: 200 | 201 | 202 | 204;
  /** What a file answer is; JSON otherwise. */
  readonly produces?: 'text/csv' | 'text/html' | 'application/pdf' | 'application/zip' | 'application/octet-stream';
  /** A request that carries a file: the body is multipart/form-data with `file`, for an import with its text fields before it. */
  readonly multipart?: boolean;
  /** The edit needs `If-Match` with the row version it was made from. */
  readonly ifMatch?: boolean;
};

/** Keeps the literal types of a route, so that client and server infer params, query, body and response from it. */
export const route = <const T extends RouteSpec>(spec: T): T => spec;

type Of<T, K extends string> = T extends { readonly [P in K]: infer S extends z.ZodType } ? S : never;
export type ParamsOf<T> = Of<T, 'params'> extends never ? undefined : z.input<Of<T, 'params'>>;
export type QueryOf<T> = Of<T, 'query'> extends never ? undefined : z.input<Of<T, 'query'>>;
export type BodyOf<T> = Of<T, 'body'> extends never ? undefined : z.input<Of<T, 'body'>>;
export type ResponseOf<T> = Of<T, 'response'> extends never ? undefined : z.output<Of<T, 'response'>>;
