import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asAdmin } from '../test/support/server.ts';
import { openTemplate } from '../test/support/template.ts';
import { dumpSchema } from './dump-schema.ts';

// `npm run schema`: writes db/schema.sql from a freshly migrated database.
const { server, stop } = await openTemplate();
try {
  const text = await asAdmin(server, dumpSchema, server.template);
  writeFileSync(join(import.meta.dirname, 'schema.sql'), text);
} finally {
  await stop();
}
