import { crc32 } from 'node:zlib';

/** One file of an archive; names are plain ASCII paths. */
export type ZipPart = { readonly name: string; readonly bytes: Uint8Array };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
// 1 January 1980: the same parts always make the same bytes.
const DATE = 0x0021;
const MOST_BYTES = 0xffff_ffff;
const MOST_PARTS = 0xffff;

/**
 * A ZIP archive a piece at a time. Parts are stored as they are, with fixed dates: the bytes are a function of names and contents alone,
 * so that a reader can tell a changed byte anywhere. Throws when it grows past 4 GB or 65,535 parts, which this plain form cannot hold.
 */
export async function* writeZip(parts: AsyncIterable<ZipPart> | Iterable<ZipPart>): AsyncGenerator<Buffer> {
  const central: Buffer[] = [];
  let offset = 0;
  for await (const { name, bytes } of parts) {
    const header = headerOf(name, bytes);
    central.push(centralOf(name, header, offset));
    offset += header.length + bytes.length;
    if (offset > MOST_BYTES || central.length > MOST_PARTS)
      throw new RangeError('The archive is larger than a ZIP file may be. Ask for a shorter period.');
    yield header;
    yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  yield endOf(central, offset);
}

/** The parts of an archive that `writeZip` made, or null when any byte is not as it wrote it. */
export function readZip(archive: Buffer): ZipPart[] | null {
  const parts: ZipPart[] = [];
  const central: Buffer[] = [];
  let at = 0;
  while (at + 30 <= archive.length && archive.readUInt32LE(at) === LOCAL) {
    const from = at + 30 + archive.readUInt16LE(at + 26);
    const to = from + archive.readUInt32LE(at + 22);
    if (to > archive.length) return null;
    const part = { name: archive.toString('latin1', at + 30, from), bytes: archive.subarray(from, to) };
    const header = headerOf(part.name, part.bytes);
    if (!archive.subarray(at, from).equals(header)) return null;
    central.push(centralOf(part.name, header, at));
    parts.push(part);
    at = to;
  }
  return archive.subarray(at).equals(endOf(central, at)) ? parts : null;
}

function headerOf(name: string, bytes: Uint8Array): Buffer {
  const label = Buffer.from(name, 'latin1');
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(DATE, 12);
  header.writeUInt32LE(crc32(bytes), 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt32LE(bytes.length, 22);
  header.writeUInt16LE(label.length, 26);
  return Buffer.concat([header, label]);
}

/** The directory repeats the part's own header from its sixth byte on. */
function centralOf(name: string, header: Buffer, offset: number): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(CENTRAL, 0);
  entry.writeUInt16LE(20, 4);
  header.copy(entry, 6, 4, 30);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, Buffer.from(name, 'latin1')]);
}

function endOf(central: readonly Buffer[], offset: number): Buffer {
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([directory, end]);
}
