import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { type Result, ok, refuse } from '../../kernel/result.ts';

const mega = 1024 * 1024;

/** What one part may unpack to and how many tags it may have; a row may have as many as a sheet of a spreadsheet has columns, and more. */
type Limits = { readonly bytes: number; readonly tags: number; readonly rowBytes: number };
const maxFileBytes = 50 * mega;
const maxUnpackedBytes = 1024 * mega;
// The reader keeps these parts in memory: texts, and an object to nearly every tag. 4 million tags are a million different texts.
const keptWhole: Limits = { bytes: 64 * mega, tags: 4_000_000, rowBytes: Number.POSITIVE_INFINITY };
// Sheets pass row by row; between two beginnings of rows lies what is held at a time.
const streamed: Limits = { bytes: maxUnpackedBytes, tags: Number.POSITIVE_INFINITY, rowBytes: 8 * mega };

const localHeader = 0x04034b50;
const directoryHeader = 0x02014b50;
const directoryEnd = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const largestDirectory = 16 * mega;

type Part = {
  readonly name: string;
  readonly offset: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly method: number;
};
type Refusals = 'unreadable_file' | 'file_too_large';

const notAWorkbook =
  'The file ends in .xlsx but is not an Excel workbook, or it is locked by a password. Save it again as .xlsx without password, or as CSV.';
const damaged = 'The workbook cannot be read: it is damaged. Open it in your spreadsheet program and save it again.';
const tooLarge =
  'The workbook is larger than 50 MB, or unpacks to more than 1 GB. Save the sheet as CSV and import that.';
const tooManyTexts =
  'The workbook holds more text than can be kept in memory (64 MB, or a million different texts). Save the sheet as CSV and import that: CSV may be up to 1 GB.';
const rowTooLong =
  'A row of the workbook is larger than 8 MB, so it is not a row of a table. Save the sheet as CSV and look at it.';

/**
 * Whether reading a workbook stays within bounds. It is a compressed archive: 200 KB may unpack to 200 MB, and what it says about itself
 * may be untrue, so every part is unpacked once here, counted and forgotten. Refuses: `unreadable_file` (no archive, or one whose
 * parts are not where its directory says, because the reader goes by the parts), `file_too_large`.
 */
export async function checkArchive(path: string): Promise<Result<void, Refusals>> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxFileBytes) return refuse('file_too_large', tooLarge);
    const directory = await readDirectory(file, size);
    if (directory === null) return refuse('unreadable_file', notAWorkbook);
    const { parts, start } = directory;
    if (parts.reduce((sum, part) => sum + part.unpacked, 0) > maxUnpackedBytes)
      return refuse('file_too_large', tooLarge);
    // Before any work: what cannot be kept is known from what it says itself, unless it lies.
    if (parts.some((part) => !isSheet(part) && part.unpacked > keptWhole.bytes))
      return refuse('file_too_large', tooManyTexts);
    let end = 0;
    for (const part of parts) {
      const begin = await dataOf(file, part);
      if (begin === null || (await hidesPart(file, end, part.offset))) return refuse('unreadable_file', damaged);
      const counted = await countPart(path, part, begin);
      if (!counted.ok) return counted;
      end = begin + part.packed;
    }
    return (await hidesPart(file, end, start)) ? refuse('unreadable_file', damaged) : ok();
  } finally {
    await file.close();
  }
}

const isSheet = (part: Part) => /^xl\/worksheets\/sheet\d+\.xml$/.test(part.name);
// Pictures and the like are passed over unread.
const isRead = (part: Part) => /\.(xml|rels)$/i.test(part.name);

/** The parts in the order in which they lie in the file, and where the directory begins; null when it is no archive. */
async function readDirectory(file: FileHandle, size: number): Promise<{ parts: Part[]; start: number } | null> {
  const tail = Buffer.alloc(Math.min(size, 66_000));
  await file.read(tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf(directoryEnd);
  if (end < 0 || end + 22 > tail.length) return null;
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (length > largestDirectory || start + length > size) return null;
  const directory = Buffer.alloc(length);
  await file.read(directory, 0, length, start);
  const parts: Part[] = [];
  for (let at = 0; at + 46 <= length; ) {
    if (directory.readUInt32LE(at) !== directoryHeader) return null;
    const nameLength = directory.readUInt16LE(at + 28);
    parts.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      unpacked: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return { parts: parts.toSorted((a, b) => a.offset - b.offset), start };
}

/** Where the bytes of a part begin; null when the part at its place is another. */
async function dataOf(file: FileHandle, part: Part): Promise<number | null> {
  const nameLength = Buffer.byteLength(part.name);
  const header = Buffer.alloc(30 + nameLength);
  const { bytesRead } = await file.read(header, 0, header.length, part.offset);
  if (bytesRead < header.length || header.readUInt32LE(0) !== localHeader) return null;
  if (header.readUInt16LE(26) !== nameLength || header.toString('utf8', 30) !== part.name) return null;
  return part.offset + header.length + header.readUInt16LE(28);
}

/** Whether another part could lie between two places: the reader would find it, though the directory does not name it. */
async function hidesPart(file: FileHandle, from: number, to: number): Promise<boolean> {
  if (to < from || to - from > 65_536) return true;
  const gap = Buffer.alloc(to - from);
  await file.read(gap, 0, gap.length, from);
  return gap.includes(Buffer.from([0x50, 0x4b, 0x03, 0x04]));
}

async function countPart(path: string, part: Part, begin: number): Promise<Result<void, Refusals>> {
  if (part.packed === 0) return part.unpacked === 0 ? ok() : refuse('unreadable_file', damaged);
  const limits = isSheet(part) ? streamed : keptWhole;
  const bytes = createReadStream(path, { start: begin, end: begin + part.packed - 1 });
  const unpacked = part.method === 0 ? bytes : bytes.pipe(createInflateRaw());
  const count = { bytes: 0, tags: 0, rowBytes: 0 };
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      count.bytes += chunk.length;
      if (count.bytes > part.unpacked) return refuse('unreadable_file', damaged);
      if (!isRead(part)) continue;
      count.rowBytes = chunk.includes('<row') ? 0 : count.rowBytes + chunk.length;
      if (limits === keptWhole) count.tags += tagsIn(chunk);
      if (count.bytes > limits.bytes || count.tags > limits.tags) return refuse('file_too_large', tooManyTexts);
      if (count.rowBytes > limits.rowBytes) return refuse('file_too_large', rowTooLong);
    }
  } catch {
    return refuse('unreadable_file', damaged);
  } finally {
    bytes.destroy();
    unpacked.destroy();
  }
  return ok();
}

function tagsIn(chunk: Buffer): number {
  let tags = 0;
  for (let at = chunk.indexOf(0x3c); at !== -1; at = chunk.indexOf(0x3c, at + 1)) tags += 1;
  return tags;
}
