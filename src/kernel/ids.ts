import { hash, randomBytes } from 'node:crypto';
import { type Result, ok, refuse } from './result.ts';

declare const idBrand: unique symbol;

/** A UUID in canonical lower case that names one kind of thing; ids of different kinds do not mix. */
export type Id<Kind extends string> = string & { readonly [idBrand]: Kind };

/** The tenant every statement is scoped by. */
export type TenantId = Id<'tenant'>;

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a UUID in canonical lower case with dashes, and nothing else: safe to place in SQL text. */
export function isId(text: string): boolean {
  return canonical.test(text);
}

/** Reads a UUID in any letter case. Refuses: `malformed_id`, naming the kind. */
export function parseId<Kind extends string>(kind: Kind, text: string): Result<Id<Kind>, 'malformed_id'> {
  const lower = text.toLowerCase();
  if (isId(lower)) return ok(lower as Id<Kind>);
  return refuse('malformed_id', `"${text.slice(0, 40)}" is not an id of a ${kind}.`);
}

/** For text already known to be an id of that kind (our own rows, constants); throws otherwise. */
export function idOf<Kind extends string>(kind: Kind, text: string): Id<Kind> {
  const read = parseId(kind, text);
  if (!read.ok) throw new TypeError(read.detail);
  return read.value;
}

const dashed = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

let lastMs = 0;
let counter = 0;

/**
 * A fresh UUIDv7. Later calls of one process sort later: a 12-bit counter follows the millisecond, and borrows from the
 * next millisecond when it runs out. The time in it is the machine's, never a tenant's clock: it orders, it does not date.
 */
export function newId<Kind extends string>(): Id<Kind> {
  const random = randomBytes(10);
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = random.readUInt16BE(0) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const variant = 0x80 | ((random[2] ?? 0) & 0x3f);
  const hex =
    lastMs.toString(16).padStart(12, '0') +
    (0x7000 | counter).toString(16) +
    variant.toString(16) +
    random.subarray(3).toString('hex');
  return dashed(hex) as Id<Kind>;
}

/**
 * The id of a business key: SHA-256 over each part as `octets:part`, shaped as UUID version 8. Equal to SQL
 * `kernel.hash_id(variadic text[])`, so that a set inserted twice, by either side, is inserted once.
 */
export function hashId<Kind extends string>(...parts: readonly [string, ...string[]]): Id<Kind> {
  let keyed = '';
  for (const part of parts) keyed += `${Buffer.byteLength(part)}:${part}`;
  // One call instead of a hash object: an import asks for millions of these.
  const hex = hash('sha256', keyed, 'hex');
  return dashed(`${hex.slice(0, 12)}8${hex.slice(13, 16)}8${hex.slice(17, 32)}`) as Id<Kind>;
}
