import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 bytes for AES-256. */
export type Key = Uint8Array;

/** A key for one named purpose from the installation's secret (HKDF-SHA256); different purposes give unrelated keys. */
export function deriveKey(secret: string, purpose: string): Key {
  if (secret.length < 16) throw new RangeError('The secret is shorter than 16 characters');
  return new Uint8Array(hkdfSync('sha256', secret, 'dunwell', purpose, 32));
}

/** A fresh random key. */
export function newKey(): Key {
  return new Uint8Array(randomBytes(32));
}

const formatByte = 1;
const ivLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM under a fresh 12-byte IV: format byte, IV, tag, ciphertext. `bound` (tenant|table|column|row) is
 * authenticated, not stored: a value moved to another row does not open.
 */
export function seal(key: Key, plain: string | Uint8Array, bound: string): Buffer {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(bound, 'utf8'));
  const body = Buffer.concat([
    cipher.update(typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain),
    cipher.final(),
  ]);
  return Buffer.concat([Buffer.from([formatByte]), iv, cipher.getAuthTag(), body]);
}

/** Opens what `seal` made; null when the key, the binding or a single bit is not the same. */
export function unseal(key: Key, sealed: Uint8Array, bound: string): Buffer | null {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < 1 + ivLength + tagLength || bytes[0] !== formatByte) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + ivLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(bound, 'utf8'));
  decipher.setAuthTag(bytes.subarray(1 + ivLength, 1 + ivLength + tagLength));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + ivLength + tagLength)), decipher.final()]);
  } catch {
    return null;
  }
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Equal without telling by the time taken where two texts differ. */
export function constantTimeEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random letters and digits, `length` of them (5.95 bits each). */
export function newToken(length: number): string {
  let token = '';
  while (token.length < length) {
    // Bytes from 248 up are dropped: 256 is no multiple of 62 and they would favour the first letters.
    for (const byte of randomBytes(length)) if (byte < 248 && token.length < length) token += base62[byte % 62];
  }
  return token;
}

/**
 * The one text of a JSON value: keys sorted by code unit, no blanks, absent members left out, dates as ISO text, bigint as
 * decimal text. Throws on what JSON cannot hold (NaN, functions).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return JSON.stringify(value.toString());
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('JSON has no NaN or infinity');
    return JSON.stringify(value);
  }
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map((entry: unknown) => canonicalJson(entry ?? null)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`JSON has no ${typeof value}`);
}
