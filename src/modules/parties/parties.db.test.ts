import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { testDatabase } from '../../../test/support/database.ts';
import { searchTokens } from '../../kernel/text.ts';
import { newId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { addContactPoint, endContactPoint, setContactQuality } from './add-contact-point.ts';
import { createParty, updateParty } from './create-party.ts';
import { searchParties } from './search-parties.sql.ts';
import { indexTokens } from './search-token.sql.ts';
import { aParty } from './testing.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');

describe('parties', () => {
  test('are found by any beginning of any word, by their own tenant alone', async () => {
    const tenant = await database.freshTenant();
    const partyId = await database.within(tenant, at, async (ctx) => {
      const made = await aParty(ctx, {
        name: 'Łódź Överby & Söhne GmbH',
        externalRef: 'K-4711',
        email: 'rechnung@overby.example',
      });
      await aParty(ctx, { name: 'Other Ltd' });
      return made.partyId;
    });
    await database.within(tenant, at, async (ctx) => {
      for (const query of ['lodz', 'ÖVER sohn', '4711', 'rechnung', 'k-4711']) {
        expect(await searchParties(ctx, query, 10)).toMatchObject([{ partyId }]);
      }
      for (const query of ['', '%', "' or 1=1", 'overby other'])
        expect(await searchParties(ctx, query, 10)).toEqual([]);
      unwrap(await updateParty(ctx, partyId, { name: 'Renamed AG', timeZone: null }));
      expect(await searchParties(ctx, 'renamed', 10)).toMatchObject([{ partyId, name: 'Renamed AG' }]);
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => {
      expect(await searchParties(ctx, 'overby', 10)).toEqual([]);
      expect(await updateParty(ctx, partyId, { name: 'Mine' })).toMatchObject({ code: 'party_not_found' });
      expect(await addContactPoint(ctx, { partyId, kind: 'email', value: 'a@b.co', source: 'x' })).toMatchObject({
        code: 'party_not_found',
      });
    });
  });

  test('a field that cannot be is named', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const party = { kind: 'business', name: 'X', source: 'test' } as const;
      expect(await createParty(ctx, { ...party, name: ' ' })).toMatchObject({
        code: 'bad_party',
        fields: { name: expect.any(String) },
      });
      expect(await createParty(ctx, { ...party, country: 'usa' })).toMatchObject({
        fields: { country: expect.stringContaining('usa') },
      });
      expect(await createParty(ctx, { ...party, timeZone: 'EST' })).toMatchObject({
        fields: { timeZone: expect.stringContaining('EST') },
      });
    });
  });

  test('a contact point is kept once, and lives again when a person adds it again', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const { partyId } = await aParty(ctx, { email: null });
      const add = async (value: string) =>
        unwrap(await addContactPoint(ctx, { partyId, kind: 'email', value, source: 'hand' })).contactPointId;
      const id = await add('Ann@B.co');
      expect(await add('ann@b.co')).toBe(id);
      unwrap(await setContactQuality(ctx, id, 'wrong'));
      unwrap(await endContactPoint(ctx, id));
      await add('ann@b.co');
      const { rows } =
        await sql`select value, value_key, quality, ended_at from parties.contact_points_v where party_id = ${partyId}`.execute(
          ctx.db,
        );
      expect(rows).toEqual([{ value: 'Ann@B.co', value_key: 'ann@b.co', quality: 'unverified', ended_at: null }]);
      expect(await endContactPoint(ctx, newId<'contact_point'>())).toMatchObject({ code: 'contact_point_not_found' });
      expect(await addContactPoint(ctx, { partyId, kind: 'email', value: 'ann', source: 'hand' })).toMatchObject({
        code: 'bad_email',
      });
    });
  });

  test('SQL splits words as the kernel does', { timeout: 60_000 }, async () => {
    const tenant = await database.freshTenant();
    await fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.oneof(fc.constantFrom(...'aZ9 -./\'"’_éßĲ日'), fc.string({ minLength: 1, maxLength: 1 })),
          maxLength: 60,
        }),
        async (raw) => {
          const text = raw.replaceAll('\u0000', '');
          await database.within(tenant, at, async (ctx) => {
            const { partyId } = await aParty(ctx, { name: '日', email: null });
            await sql`delete from parties.search_tokens where tenant_id = ${tenant}`.execute(ctx.db);
            await indexTokens(ctx, sql`select ${partyId}::uuid as party_id, ${text}::text as text`);
            const { rows } = await sql<{
              token: string;
            }>`select token from parties.search_tokens_v where tenant_id = ${tenant} and party_id = ${partyId} order by token`.execute(
              ctx.db,
            );
            expect(rows.map((row) => row.token)).toEqual(
              [...searchTokens(text)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
            );
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});
