/** A value as JSON carries it: instants as RFC 3339 text, exact integers as text. */
export type Wire<T> = T extends bigint | Date
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer U)[]
      ? Wire<U>[]
      : T extends object
        ? { -readonly [K in keyof T]: Wire<T[K]> }
        : T;

/** Turns what a room returns into what an answer carries. Nothing is renamed; the response schema drops what the contract does not name. */
export function wire<T>(value: T): Wire<T> {
  return carried(value) as Wire<T>;
}

function carried(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(carried);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, carried(part)]));
}
