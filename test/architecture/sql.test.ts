import { expect, test } from 'vitest';
import { isTest, type Source, sourcesIn, sqlTemplatesOf } from './sources.ts';

const ROOMS = new Set(
  (
    'identity parties ledger accounts intake strategy compliance outreach payments ' +
    'disputes placements desk credit insights auth'
  ).split(' '),
);
const TABLE = String.raw`\s+(?:only\s+)?([a-z_]+)\.([a-z_]+)`;
const WRITE = new RegExp(`\\b(?:insert\\s+into|delete\\s+from|truncate|copy|update)${TABLE}`, 'gi');
const READ = new RegExp(`\\b(?:from|join|using)${TABLE}`, 'gi');

type Reference = { readonly schema: string; readonly name: string };

const referencesIn = (sqlText: string, pattern: RegExp): Reference[] =>
  [...sqlText.matchAll(pattern)]
    .map((match) => ({ schema: match[1] ?? '', name: match[2] ?? '' }))
    .filter(({ schema }) => ROOMS.has(schema));

const withoutDeletes = (sqlText: string): string => sqlText.replace(/\bdelete\s+from\b/gi, 'delete_from');

/** Schemas that a file's own statements may write, by where it lies; null where the rule does not apply. */
function ownSchemas(path: string): readonly string[] | null {
  const room = /^src\/modules\/([^/]+)\//.exec(path)?.[1];
  if (room !== undefined) return room === 'identity' ? ['identity', 'auth'] : [room];
  // A seed fills every room by COPY, as an import of a whole installation would.
  if (path.startsWith('src/commands/') || path.startsWith('src/seed/')) return null;
  return [];
}

function objectionsTo(source: Source): string[] {
  const own = ownSchemas(source.path);
  if (own === null) return [];
  return sqlTemplatesOf(source).flatMap((text) => {
    const writes = referencesIn(text, WRITE).filter(({ schema }) => !own.includes(schema));
    const reads = referencesIn(withoutDeletes(text), READ).filter(
      ({ schema, name }) => !own.includes(schema) && !name.endsWith('_v'),
    );
    return [
      ...writes.map(({ schema, name }) => `${source.path} writes ${schema}.${name}, a table of another room`),
      ...reads.map(({ schema, name }) => `${source.path} reads ${schema}.${name}: read the room's published view`),
    ];
  });
}

const ours = (): Source[] => sourcesIn(['src']).filter(({ path }) => !isTest(path) && !path.endsWith('/testing.ts'));

test('a room writes its own schema and reads others through their views', () => {
  expect(ours().flatMap(objectionsTo)).toEqual([]);
});

/** Statements that are about all tenants on purpose: the directory, from which a worker learns which tenants there are. */
const ACROSS_TENANTS = new Set(['src/modules/identity/directory.sql.ts', 'src/modules/identity/tenants.sql.ts']);

test('a statement on a tenant table names the tenant', () => {
  const silent = ours()
    .filter(({ path }) => !ACROSS_TENANTS.has(path))
    .flatMap((source) =>
      sqlTemplatesOf(source)
        .filter((text) => {
          const tables = [...referencesIn(text, WRITE), ...referencesIn(withoutDeletes(text), READ)];
          return tables.some(({ schema }) => schema !== 'auth') && !/tenant_id/.test(text);
        })
        .map((text) => `${source.path}: ${text.trim().replaceAll(/\s+/g, ' ').slice(0, 120)}`),
    );
  expect(silent).toEqual([]);
});

test('the scanner sees nested templates, type arguments and deletes', () => {
  const source: Source = {
    path: 'src/modules/payments/x.sql.ts',
    text: 'sql<{ a: Map<string, 1> }>`select 1 from ledger.transfers ${when ? sql`join parties.parties_v p` : sql``}`; sql`delete from payments.receipts where id = 1`; sql`delete from desk.tasks`',
  };
  expect(objectionsTo(source)).toEqual([
    "src/modules/payments/x.sql.ts reads ledger.transfers: read the room's published view",
    'src/modules/payments/x.sql.ts writes desk.tasks, a table of another room',
  ]);
});
