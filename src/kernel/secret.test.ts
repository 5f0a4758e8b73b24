import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadOrCreate, prepareDataDir } from './secret.ts';

const home = mkdtempSync(join(tmpdir(), 'dunwell-secret-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('a secret is made once, and only its owner can read it', () => {
  const first = loadOrCreate(join(home, 'data'), 'secret');
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(loadOrCreate(join(home, 'data'), 'secret')).toBe(first);
  expect(statSync(join(home, 'data', 'secret')).mode & 0o077).toBe(0);
});

test.each([
  ['a file', () => writeFileSync(join(home, 'a file'), ''), /a file cannot be used: it is a file/],
  ['below/a file/data', () => writeFileSync(join(home, 'below'), ''), /cannot be used: E(NOTDIR|EXIST)/],
])('a data directory that cannot be one (%s) is refused with the remedy', (name, arrange, sentence) => {
  arrange();
  expect(() => prepareDataDir(join(home, name))).toThrow(sentence);
  expect(() => prepareDataDir(join(home, name))).toThrow(/set DUNWELL_DATA to another one/);
});
