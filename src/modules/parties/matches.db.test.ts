import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { decideMatch, findMatches, mergeClusters } from './public.ts';
import { aParty } from './testing.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');

type Kept = { id: Id<'match'>; one: string; other: string; score: number };
const kept = async (ctx: Ctx): Promise<Kept[]> =>
  (
    await sql<Kept>`select m.id, a.name as one, b.name as other, m.score from parties.match_candidates_v m
      join parties.parties_v a on a.tenant_id = ${ctx.tenant} and a.id = m.party_id
      join parties.parties_v b on b.tenant_id = ${ctx.tenant} and b.id = m.other_party_id
      where m.tenant_id = ${ctx.tenant} order by m.score desc, m.id`.execute(ctx.db)
  ).rows;

it('finds by tax number, mailbox and name, not by what many share', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    await aParty(ctx, { name: 'Alder Tiles Ltd', email: 'ap@alder.example', taxNumber: 'DE 123' });
    await aParty(ctx, { name: 'ALDER TILES', email: 'ap@alder.example' });
    await aParty(ctx, { name: 'Something Else', email: null, taxNumber: 'de-123' });
    // A bookkeeper's mailbox says nothing about whose it is.
    for (let n = 0; n < 9; n += 1) await aParty(ctx, { name: `Client number${n}`, email: 'books@keeper.example' });
    expect(await findMatches(ctx)).toMatchObject({ lookedAt: 12, found: 2, roundDone: true });
    expect((await kept(ctx)).map((pair) => [pair.one, pair.other].toSorted())).toEqual([
      ['ALDER TILES', 'Alder Tiles Ltd'],
      ['Alder Tiles Ltd', 'Something Else'],
    ]);
    expect(await findMatches(ctx)).toMatchObject({ found: 0 });
  });
});

it('goes through the parties in slices and meets pairs that lie in two of them', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    for (let n = 0; n < 6; n += 1) await aParty(ctx, { name: `Twin number${n % 3}`, email: `twin${n % 3}@x.example` });
    const runs = [await findMatches(ctx, 4), await findMatches(ctx, 4), await findMatches(ctx, 4)];
    expect(runs.map((run) => [run.lookedAt, run.roundDone])).toEqual([
      [4, false],
      [2, true],
      [4, false],
    ]);
    expect(await kept(ctx)).toHaveLength(3);
  });
});

it('does not propose again what was decided, nor who is one already, and shows another tenant nothing', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    await aParty(ctx, { name: 'Birch Press', email: 'a@birch.example' });
    await aParty(ctx, { name: 'Birch Press', email: 'a@birch.example' });
    await findMatches(ctx);
    const [pair] = await kept(ctx);
    if (!pair) throw new Error('There should be a pair');
    unwrap(await decideMatch(ctx, { matchId: pair.id, state: 'dismissed', rowVersion: 1n }));
    expect(await findMatches(ctx)).toMatchObject({ found: 0 });
    expect(await decideMatch(ctx, { matchId: pair.id, state: 'merged', rowVersion: 2n })).toMatchObject({
      code: 'already_decided',
    });
    const [one, other] = [await aParty(ctx, { name: 'Cedar Mill' }), await aParty(ctx, { name: 'Cedar Mill' })];
    unwrap(await mergeClusters(ctx, { from: one.clusterId, into: other.clusterId, reason: 'same' }));
    expect(await findMatches(ctx)).toMatchObject({ found: 0 });
  });
  const stranger = await database.freshTenant({ at });
  await database.within(stranger, at, async (ctx) => {
    expect(await findMatches(ctx)).toMatchObject({ lookedAt: 0, found: 0 });
    expect(await kept(ctx)).toEqual([]);
  });
});
