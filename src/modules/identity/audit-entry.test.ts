import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestOfSet, genesis, type SealedFields, sealHash } from './audit-entry.ts';

const entry: SealedFields = {
  tenant_id: 't',
  id: 'e',
  recorded_us: 1n,
  created_us: 2n,
  actor_kind: 'user',
  actor_id: 'u',
  actor_name: 'Ann',
  action: 'a.b',
  subject_kind: 's',
  subject_id: '1',
  account_id: null,
  detail_text: '{}',
  person_id: null,
  personal: null,
  set_count: null,
  set_digest: null,
};

it('covers every field, the place in the chain and what came before', () => {
  const base = sealHash(genesis, 1n, entry).toString('hex');
  const changed: Record<keyof SealedFields, unknown> = {
    tenant_id: 'x',
    id: 'x',
    recorded_us: 9n,
    created_us: 9n,
    actor_kind: 'key',
    actor_id: 'x',
    actor_name: 'x',
    action: 'x',
    subject_kind: 'x',
    subject_id: 'x',
    account_id: 'x',
    detail_text: 'x',
    person_id: 'x',
    personal: Buffer.from('x'),
    set_count: 9n,
    set_digest: Buffer.from('x'),
  };
  const hashes = Object.entries(changed).map(([field, value]) =>
    sealHash(genesis, 1n, { ...entry, [field]: value } as SealedFields).toString('hex'),
  );
  hashes.push(sealHash(genesis, 2n, entry).toString('hex'), sealHash(Buffer.alloc(32, 1), 1n, entry).toString('hex'));
  expect(new Set([base, ...hashes]).size).toBe(hashes.length + 1);
});

it('does not depend on the order in which a driver gives the columns', () => {
  const reversed = Object.fromEntries(Object.entries(entry).toReversed()) as SealedFields;
  expect(sealHash(genesis, 1n, reversed)).toEqual(sealHash(genesis, 1n, entry));
});

it('stays what it was: stored chains depend on it', () => {
  expect(sealHash(genesis, 1n, entry).toString('hex')).toBe(
    'e6848caa87da8ba42ea737c502044a9f4aab5fe4f3e390af60d28128269cec5b',
  );
});

it('digests a set whatever its order, and tells sets apart', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1 }), fc.nat(), (ids, at) => {
      expect(digestOfSet(ids.toReversed())).toEqual(digestOfSet(ids));
      expect(digestOfSet(ids.toSpliced(at % ids.length, 1))).not.toEqual(digestOfSet(ids));
    }),
  );
});
