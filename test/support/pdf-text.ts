import { inflateSync } from 'node:zlib';

/** What a PDF of ours says of itself, read from its bytes: enough to test tagging and text, and no more. */
export type ReadPdf = {
  readonly catalog: string;
  readonly metadata: string;
  /** Kinds of the structure elements, in the order they are written. */
  readonly tags: readonly string[];
  readonly pages: number;
  /** The text of each page in the order it is drawn, without line breaks of its own. */
  readonly text: readonly string[];
};

type Part = { readonly head: string; readonly stream: Buffer | null };

export function readPdf(bytes: Buffer): ReadPdf {
  const parts = partsOf(bytes);
  const all = [...parts.values()];
  const catalog = all.find((part) => part.head.includes('/Type /Catalog'))?.head ?? '';
  const pages = all.filter((part) => /\/Type \/Page\b(?!s)/.test(part.head));
  return {
    catalog,
    metadata: all.find((part) => part.head.includes('/Type /Metadata'))?.stream?.toString('utf8') ?? '',
    tags: all.flatMap((part) => /\/Type \/StructElem\s+\/S \/(\w+)/.exec(part.head)?.[1] ?? []),
    pages: pages.length,
    text: pages.map((page) => textOf(page, parts)),
  };
}

function partsOf(bytes: Buffer): Map<number, Part> {
  const whole = bytes.toString('latin1');
  const parts = new Map<number, Part>();
  for (const found of whole.matchAll(/(\d+) 0 obj([\s\S]*?)endobj/g)) {
    const body = found[2] ?? '';
    const at = body.indexOf('stream\n');
    const head = at < 0 ? body : body.slice(0, at);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const raw = at < 0 ? null : Buffer.from(body.slice(at + 7, at + 7 + length), 'latin1');
    const packed = raw !== null && head.includes('/FlateDecode');
    parts.set(Number(found[1]), { head, stream: packed ? inflateSync(raw) : raw });
  }
  return parts;
}

const partAt = (parts: ReadonlyMap<number, Part>, head: string, name: string): Part | undefined =>
  parts.get(Number(new RegExp(`/${name} (\\d+) 0 R`).exec(head)?.[1] ?? -1));

function textOf(page: Part, parts: ReadonlyMap<number, Part>): string {
  const letters = new Map<string, ReadonlyMap<number, string>>();
  for (const font of page.head.matchAll(/\/(f\d+) (\d+) 0 R/g))
    letters.set(font[1] ?? '', lettersOf(partAt(parts, parts.get(Number(font[2]))?.head ?? '', 'ToUnicode')));
  const content = partAt(parts, page.head, 'Contents')?.stream?.toString('latin1') ?? '';
  let font: ReadonlyMap<number, string> = new Map();
  let text = '';
  for (let at = 0; at < content.length; ) {
    if (content[at] === '(') {
      const end = endOfLiteral(content, at);
      text += decoded(content.slice(at + 1, end), font);
      at = end + 1;
      continue;
    }
    const named = /^\/(f\d+) [\d.]+ Tf/.exec(content.slice(at, at + 40));
    if (named) font = letters.get(named[1] ?? '') ?? new Map();
    // Each run is drawn by itself; whether a blank lies between two is for whoever compares.
    if (content.startsWith('ET\n', at)) text += ' ';
    at += 1;
  }
  return text.replaceAll(/\s+/g, ' ');
}

/** Where a literal string that begins here ends: parentheses may nest when they match. */
function endOfLiteral(content: string, begin: number): number {
  let depth = 0;
  for (let at = begin; at < content.length; at += 1) {
    if (content[at] === '\\') at += 1;
    else if (content[at] === '(') depth += 1;
    else if (content[at] === ')' && (depth -= 1) === 0) return at;
  }
  return content.length;
}

function lettersOf(map: Part | undefined): Map<number, string> {
  const found = (map?.stream?.toString('latin1') ?? '').matchAll(/<([0-9A-F]{4})> <([0-9A-F]+)>\n/g);
  return new Map(
    [...found].map(([, code = '', utf16 = '']) => [
      Number.parseInt(code, 16),
      String.fromCharCode(...(utf16.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16))),
    ]),
  );
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

function decoded(literal: string, font: ReadonlyMap<number, string>): string {
  const codes: number[] = [];
  for (const [, octal, mark, plain] of literal.matchAll(/\\([0-7]{1,3})|\\([\s\S])|([\s\S])/g)) {
    if (octal !== undefined) codes.push(Number.parseInt(octal, 8));
    else if (mark !== undefined) codes.push(escapes[mark] ?? mark.charCodeAt(0));
    else codes.push((plain ?? '').charCodeAt(0));
  }
  let text = '';
  for (let at = 0; at + 1 < codes.length; at += 2)
    text += font.get(((codes[at] ?? 0) << 8) | (codes[at + 1] ?? 0)) ?? '';
  return text;
}
