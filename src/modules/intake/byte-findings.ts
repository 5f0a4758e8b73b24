import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { ByteFindings } from './encoding.ts';

/** How many of a file's first bytes are kept. */
export const headLength = 65_536;
const undefined1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Watches the bytes of a file go by: size, SHA-256 and what the encoding is judged on. Memory does not grow. */
export function byteWatcher() {
  const digest = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  let size = 0;
  let notUtf8At: number | null = null;
  let hasC1 = false;
  let hasUndefined1252 = false;
  // The last bytes of a chunk may be the first of a character that the next chunk completes.
  let carry: Buffer = Buffer.alloc(0);

  const judge = (bytes: Buffer, base: number) => {
    if (notUtf8At === null && !isUtf8(bytes)) notUtf8At = base + firstInvalid(bytes);
    if (notUtf8At === null) return;
    for (const byte of bytes) {
      if (byte < 0x80 || byte > 0x9f) continue;
      hasC1 = true;
      if (undefined1252.has(byte)) hasUndefined1252 = true;
    }
  };

  return {
    see(chunk: Buffer): void {
      digest.update(chunk);
      if (head.length < headLength) head = Buffer.concat([head, chunk.subarray(0, headLength - head.length)]);
      const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
      const whole = wholeCharacters(bytes);
      judge(bytes.subarray(0, whole), size - carry.length);
      carry = Buffer.from(bytes.subarray(whole));
      size += chunk.length;
    },
    end(): ByteFindings & { readonly size: number; readonly sha256: Buffer } {
      judge(carry, size - carry.length);
      return { head, notUtf8At, hasC1, hasUndefined1252, size, sha256: digest.digest() };
    },
  };
}

/** How many leading bytes form whole UTF-8 characters: at most the last three are held back. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

function firstInvalid(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  // Halve on "the prefix is valid": a prefix cut inside a character counts as valid up to that character.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, wholeCharacters(prefix)))) low = middle;
    else high = middle - 1;
  }
  return wholeCharacters(bytes.subarray(0, low));
}
