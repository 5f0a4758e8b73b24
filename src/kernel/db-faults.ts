/** The server could not be reached or went away; whether a running commit took effect is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super(
      postgresCode(cause)?.startsWith('53')
        ? `The database has run out of room (${messageOf(cause)}). Free disk space, memory or connections on its machine, then try again.`
        : `The database cannot be reached (${messageOf(cause)}). Check that PostgreSQL runs and that DATABASE_URL is right, then try again.`,
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
    // 53: its disk, memory or connections are used up; nothing is wrong with what was asked.
    if (code.startsWith('08') || code.startsWith('57P0') || /^53.{3}$/.test(code)) return true;
    if (LOST_CONNECTION.has(code)) return !isAboutFiles(error);
  }
  const message = messageOf(error);
  return DRIVER_SAYS_LOST.some((text) => message.includes(text));
}

/** ENOENT says that a socket is missing, or a file of ours: only the first has to do with the database. */
function isAboutFiles(error: unknown): boolean {
  const call = typeof error === 'object' && error !== null && 'syscall' in error ? error.syscall : undefined;
  return postgresCode(error) === 'ENOENT' && call !== 'connect' && call !== 'getaddrinfo';
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
