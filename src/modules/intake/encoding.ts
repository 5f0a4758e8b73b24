/** The encodings a delimited file may be written in. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'] as const;
export type Encoding = (typeof encodings)[number];

/** An encoding, and why it was taken, in words to show beside the choice. */
export type DetectedEncoding = { readonly encoding: Encoding; readonly reason: string };

/** What one pass over the whole file found; the first bytes alone may be plain ASCII for megabytes. */
export type ByteFindings = {
  readonly head: Uint8Array;
  /** Offset of the first byte that cannot be UTF-8, or null. */
  readonly notUtf8At: number | null;
  /** Bytes 0x80-0x9F occur: letters in windows-1252, control characters in ISO 8859-1. */
  readonly hasC1: boolean;
  /** Bytes that windows-1252 leaves undefined occur (0x81, 0x8D, 0x8F, 0x90, 0x9D). */
  readonly hasUndefined1252: boolean;
};

const startsWith = (bytes: Uint8Array, mark: readonly number[]) => mark.every((byte, index) => bytes[index] === byte);

/** Decides from a byte order mark, the pattern of zero bytes, then whether every byte of the file is valid UTF-8. */
export function detectEncoding(found: ByteFindings): DetectedEncoding {
  const { head } = found;
  if (startsWith(head, [0xef, 0xbb, 0xbf]))
    return { encoding: 'utf-8', reason: 'The file starts with the UTF-8 byte order mark.' };
  if (startsWith(head, [0xff, 0xfe]))
    return { encoding: 'utf-16le', reason: 'The file starts with the UTF-16 (little-endian) byte order mark.' };
  if (startsWith(head, [0xfe, 0xff]))
    return { encoding: 'utf-16be', reason: 'The file starts with the UTF-16 (big-endian) byte order mark.' };
  const wide = zeroBytePattern(head);
  if (wide)
    return { encoding: wide, reason: 'Every second byte is zero, as in UTF-16 text without a byte order mark.' };
  if (found.notUtf8At === null) return { encoding: 'utf-8', reason: 'Every byte of the file is valid UTF-8.' };
  const where = `Byte ${(found.notUtf8At + 1).toLocaleString('en')} cannot be UTF-8`;
  if (found.hasC1 && !found.hasUndefined1252) {
    return {
      encoding: 'windows-1252',
      reason: `${where}; the bytes are letters and signs of windows-1252 (Excel on Windows).`,
    };
  }
  if (found.hasC1)
    return { encoding: 'iso-8859-1', reason: `${where}, and windows-1252 leaves some of the bytes undefined.` };
  return { encoding: 'windows-1252', reason: `${where}; windows-1252 and ISO 8859-1 read this file alike.` };
}

function zeroBytePattern(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const pairs = Math.floor(Math.min(head.length, 4096) / 2);
  if (pairs < 4) return null;
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[pair * 2] === 0) even += 1;
    if (head[pair * 2 + 1] === 0) odd += 1;
  }
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.4 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}

/** Turns byte chunks into text, keeping characters that a chunk border cuts; a byte order mark is dropped. */
export function textDecoder(encoding: Encoding): { decode(bytes: Uint8Array): string; end(): string } {
  if (encoding === 'iso-8859-1') {
    // The platform's decoder reads this label as windows-1252; latin1 of Buffer is the real one.
    return {
      decode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
      end: () => '',
    };
  }
  const decoder = new TextDecoder(encoding);
  return { decode: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}
