import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';

test('an empty environment is a working configuration', () => {
  expect(parseConfig({})).toMatchObject({
    port: 4400,
    host: '127.0.0.1',
    databaseUrl: undefined,
    publicUrl: 'http://localhost:4400',
    trustProxy: false,
  });
  expect(parseConfig({}).dataDir).toMatch(/\/data$/);
});

test('an empty value counts as unset, and the address loses its closing slash', () => {
  const config = parseConfig({ PORT: '', DATABASE_URL: '', DUNWELL_URL: 'https://owed.example.com/' });
  expect(config).toMatchObject({ port: 4400, databaseUrl: undefined, publicUrl: 'https://owed.example.com' });
});

test.each([
  [{ PORT: 'eighty' }, 'PORT'],
  [{ PORT: '70000' }, 'PORT'],
  [{ DATABASE_URL: 'mysql://localhost/x' }, 'DATABASE_URL'],
  [{ DUNWELL_SECRET: 'short' }, 'DUNWELL_SECRET: must be at least 32 characters'],
  [{ DUNWELL_TRUST_PROXY: 'maybe' }, 'DUNWELL_TRUST_PROXY'],
  [{ DUNWELL_LOG_LEVEL: 'loud' }, 'DUNWELL_LOG_LEVEL'],
])('%o is refused by name', (env, text) => {
  expect(() => parseConfig(env)).toThrow(ConfigError);
  expect(() => parseConfig(env)).toThrow(text);
});

test('every wrong setting is named at once', () => {
  expect(() => parseConfig({ PORT: 'x', DUNWELL_SECRET: 'y' })).toThrow(
    /PORT[\s\S]*DUNWELL_SECRET|DUNWELL_SECRET[\s\S]*PORT/,
  );
});

test('without DUNWELL_DATA the data lie in the checkout, wherever the command is called from', () => {
  const project = resolve(import.meta.dirname, '..', '..');
  expect(parseConfig({}).dataDir).toBe(join(project, 'data'));
  expect(parseConfig({ DUNWELL_DATA: 'there' }).dataDir).toBe(resolve('there'));
});
