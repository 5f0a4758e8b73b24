import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { importing } from '../../../test/support/importing.ts';
import { idOf } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { aClient } from '../accounts/testing.ts';
import {
  createImport,
  type FileStore,
  inspectImport,
  loadImport,
  previewImport,
  startImport,
  type Within,
} from './public.ts';

const database = await testDatabase();
const { files, within } = importing(database);

test('no transaction is open while a file is read', async () => {
  const tenant = idOf('tenant', await database.freshTenant());
  let open = 0;
  const counted: Within = async (fn) => {
    open += 1;
    try {
      return await within(tenant, fn);
    } finally {
      open -= 1;
    }
  };
  // Whoever reads asks where the bytes begin, in the same breath.
  const openWhenRead: number[] = [];
  const watched: FileStore = {
    ...files,
    head: (name) => {
      openWhenRead.push(open);
      return files.head(name);
    },
  };
  const text =
    'Customer ID,Customer name,Invoice number,Invoice date,Due date,Amount\nC1,Acme,1,2026-03-01,2026-04-01,5.00';
  const file = unwrap(await files.receive(Readable.from([Buffer.from(text)]), 'file.csv'));
  const { importId } = await counted(async (ctx) => {
    const { clientId } = await aClient(ctx);
    return unwrap(await createImport(ctx, { clientId, target: 'items', file }));
  });
  const { mapping } = unwrap(await inspectImport(counted, watched, importId)).suggestion;
  expect(unwrap(await previewImport(counted, watched, importId, { mapping, until: null }))).toMatchObject([
    { rowNo: 2, problem: null },
  ]);
  unwrap(await startImport(counted, watched, importId, { mapping, until: null }));
  expect(openWhenRead).toEqual([0, 0, 0]);
  expect(unwrap(await counted((ctx) => loadImport(ctx, importId))).state).toBe('staging');
  // Started twice, the second finds it gone from where it was, whatever was read in between.
  expect(await startImport(counted, watched, importId, { mapping, until: null })).toMatchObject({
    ok: false,
    code: 'wrong_state',
  });
  const stranger = idOf('tenant', await database.freshTenant());
  expect(await inspectImport((fn) => within(stranger, fn), watched, importId)).toMatchObject({
    ok: false,
    code: 'import_not_found',
  });
});
