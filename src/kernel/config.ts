import { join, resolve } from 'node:path';
import { z } from 'zod';

const PROJECT = resolve(import.meta.dirname, '..', '..');

const boolean = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');

/** Every environment variable Dunwell reads. `.env.example` documents the same list, and a test compares the two. */
export const environmentSchema = z.object({
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error:
        'must be an address such as postgres://user:password@host:5432/dunwell, or for a unix socket postgres://user:password@localhost/dunwell?host=/run/postgresql',
    })
    .optional(),
  DUNWELL_DATA: z.string().min(1).optional(),
  DUNWELL_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
  DUNWELL_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://collections.example.com' })
    .optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce
    .number('must be a number from 0 to 65535')
    .int()
    .min(0)
    .max(65_535, 'must be a number from 0 to 65535')
    .default(4400),
  DUNWELL_LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  DUNWELL_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(16),
  DUNWELL_TRUST_PROXY: boolean.default(false),
});

/** The settings of one process, parsed once at start. */
export type Config = {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly secret: string | undefined;
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: z.infer<typeof environmentSchema>['DUNWELL_LOG_LEVEL'];
  readonly poolSize: number;
  readonly trustProxy: boolean;
};

/** Thrown when a setting is unusable; the message names each variable and what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Parses environment variables; throws `ConfigError` naming every variable that is wrong. An empty value counts as unset. */
export function parseConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(
      `The configuration cannot be used. Correct these environment variables (see .env.example):\n  ${lines.join('\n  ')}`,
    );
  }
  const value = parsed.data;
  return {
    databaseUrl: value.DATABASE_URL,
    // Of this checkout, wherever a command is called from: elsewhere it would find an empty database and begin a new one.
    dataDir: value.DUNWELL_DATA === undefined ? join(PROJECT, 'data') : resolve(value.DUNWELL_DATA),
    secret: value.DUNWELL_SECRET,
    publicUrl: (value.DUNWELL_URL ?? `http://localhost:${value.PORT}`).replace(/\/+$/, ''),
    host: value.HOST,
    port: value.PORT,
    logLevel: value.DUNWELL_LOG_LEVEL,
    poolSize: value.DUNWELL_POOL_SIZE,
    trustProxy: value.DUNWELL_TRUST_PROXY,
  };
}
