import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..', '..');

/** A source file of ours: its path from the project's root, and its text. */
export type Source = { readonly path: string; readonly text: string };

/** Every file below `folders` whose name ends with one of `endings`. */
export function sourcesIn(folders: readonly string[], endings: readonly string[] = ['.ts', '.tsx']): Source[] {
  return folders
    .flatMap((folder) => [...walk(join(root, folder))])
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}

function* walk(path: string): Generator<string> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isFile()) yield path;
  if (!found.isDirectory()) return;
  for (const name of readdirSync(path).toSorted()) {
    if (name !== 'node_modules' && name !== 'dist') yield* walk(join(path, name));
  }
}

const IMPORT = /(?:^|[\s;}])(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** What a file imports: paths from the root for our own files, package names otherwise. */
export function importsOf(source: Source): string[] {
  const found = [...withoutComments(source.text).matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');
  return found.map((name) => (name.startsWith('.') ? relative(root, resolve(root, dirname(source.path), name)) : name));
}

/** The texts of all `sql` templates, nested ones as part of the outer one. */
export function sqlTemplatesOf(source: Source): string[] {
  const templates: string[] = [];
  const start = /\bsql(?:<[^`]{1,800}?>)?`/g;
  for (let match = start.exec(source.text); match !== null; match = start.exec(source.text)) {
    const end = closingBacktick(source.text, start.lastIndex);
    templates.push(source.text.slice(start.lastIndex, end));
    start.lastIndex = end + 1;
  }
  return templates;
}

function closingBacktick(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') return at;
    else if (text.startsWith('${', at)) at = closingBrace(text, at + 2);
  }
  return text.length;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    else if (text[at] === '`') at = closingBacktick(text, at + 1);
    if (depth === 0) return at;
  }
  return text.length;
}

/** Blanks comments and keeps line breaks. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1');
}

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.startsWith('test/');
