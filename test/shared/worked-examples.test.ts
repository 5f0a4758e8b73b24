import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkVectors } from '../../src/modules/compliance/public.ts';

const path = join(import.meta.dirname, '..', '..', '..', 'shared', 'compliance', 'examples-public.json');

test('the shipped law answers every public worked example as expected', async () => {
  if (!existsSync(path))
    throw new Error('This test needs ../shared/compliance/examples-public.json beside the checkout.');
  const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly vectors: readonly unknown[] };
  const checked = await checkVectors(file);
  if (!checked.ok) throw new Error(checked.detail);
  const wrong = checked.value.filter((one) => one.difference !== null);
  expect(wrong.map((one) => `${one.vector.id}: ${one.difference}`)).toEqual([]);
  expect(checked.value).toHaveLength(file.vectors.length);
  expect(file.vectors.length).toBeGreaterThan(0);
});
