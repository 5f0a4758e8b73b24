/** The server could not be reached or went away; whether a running commit took effect is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super(
      `The database cannot be reached (${messageOf(cause)}). Check that PostgreSQL runs and that DATABASE_URL is right, then try again.`,
      { cause },
    );
  }
}

const LOST_CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

const DRIVER_SAYS_LOST = [
  'Connection terminated',
  'Client has encountered a connection error',
  'timeout exceeded when trying to connect',
  'Client was closed and is not queryable',
];

/** True for the errors that mean "no server", as against "the server refused this statement". */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  const code = postgresCode(error);
  if (code !== null) {
    if (code.startsWith('08') || code.startsWith('57P0')) return true;
    if (LOST_CONNECTION.has(code)) return true;
  }
  const message = messageOf(error);
  return DRIVER_SAYS_LOST.some((text) => message.includes(text));
}

/** The SQLSTATE (or system error code) of an error, or null. */
export function postgresCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
