import { expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import { calendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { newId } from '../../../kernel/ids.ts';
import { unwrap } from '../../../kernel/result.ts';
import { anAccount } from '../../accounts/testing.ts';
import { defaultB2b } from '../default-b2b.ts';
import { publishDefault } from '../publish.ts';
import { runStrategy } from '../run-strategy.ts';
import { changeSelection } from '../selection.ts';
import { findDraft } from './draft.sql.ts';
import { changeDraft, createStrategy, discardDraft, publishDraft, setTwoPeople } from './drafts.ts';
import { countLanguages, listStrategies, listVersions } from './strategies.sql.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const today = calendarDate('2026-01-05');
const as = (ctx: Ctx, id: string): Ctx => ({ ...ctx, actor: { ...ctx.actor, kind: 'user', id, name: id } });

it('is made, written, refused with its faults, published, and does not change afterwards', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    await publishDefault(ctx);
    const id = unwrap(await createStrategy(ctx, { name: 'Key customers', startingPoint: 'people_first' }));
    expect(await createStrategy(ctx, { name: 'KEY customers', startingPoint: 'blank' })).toMatchObject({
      code: 'name_taken',
    });
    expect(await createStrategy(ctx, { name: 'Other', startingPoint: 'none' })).toMatchObject({
      code: 'strategy_not_found',
    });
    const draft = await findDraft(ctx, id);
    expect(draft).toMatchObject({ rowVersion: 1n, editedBy: 'test' });

    const steps = [{ key: 'a', title: 'A', day: 5, action: 'email', level: 1 }];
    const faulty = { ...defaultB2b, steps: [...steps, { ...steps[0], key: 'b' }] };
    expect(unwrap(await changeDraft(ctx, id, 1n, faulty))).toMatchObject({ rowVersion: 2n });
    expect(await changeDraft(ctx, id, 1n, faulty)).toMatchObject({ code: 'changed_meanwhile' });
    expect(await publishDraft(ctx, id, 2n, { takesOver: 'at_once' })).toMatchObject({
      code: 'malformed_definition',
      fields: { 'steps.1.day': expect.stringContaining('same day') },
    });
    unwrap(await changeDraft(ctx, id, 2n, { ...defaultB2b, steps }));
    for (const day of ['2026-01-04', '2027-01-07'])
      expect(await publishDraft(ctx, id, 3n, { takesOver: 'at_once', effectiveFrom: calendarDate(day) })).toMatchObject(
        {
          code: 'no_such_day',
        },
      );
    const from = calendarDate('2026-02-01');
    expect(unwrap(await publishDraft(ctx, id, 3n, { takesOver: 'next_stage', effectiveFrom: from }))).toMatchObject({
      version: 1,
      effectiveFrom: from,
      takesOver: 'next_stage',
    });
    expect(await findDraft(ctx, id)).toBeNull();
    expect(await publishDraft(ctx, id, 3n, { takesOver: 'at_once' })).toMatchObject({ code: 'strategy_not_found' });

    unwrap(await changeDraft(ctx, id, 0n, { ...defaultB2b, steps }));
    expect(await publishDraft(ctx, id, 1n, { takesOver: 'at_once' })).toMatchObject({ code: 'not_needed' });
    unwrap(await changeDraft(ctx, id, 1n, defaultB2b as never));
    expect(await publishDraft(ctx, id, 2n, { takesOver: 'at_once' })).toMatchObject({
      code: 'no_such_day',
      detail: expect.stringContaining('Version 1 begins on 2026-02-01'),
    });
    unwrap(await discardDraft(ctx, id, 2n));
    expect((await listVersions(ctx, id)).map(({ version }) => version)).toEqual([1]);
    expect(
      (await listStrategies(ctx, today)).map(({ name, version, nextVersion }) => [name, version, nextVersion]),
    ).toEqual([
      ['b2b-default', 1, null],
      ['Key customers', null, 1],
    ]);
  });
  const stranger = await database.freshTenant({ at });
  await database.within(stranger, at, async (ctx) => {
    expect(await listStrategies(ctx, today)).toEqual([]);
    expect(await countLanguages(ctx)).toEqual([]);
  });
});

it('goes away with a strategy that nothing uses, and leaves one that a table names', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    const unused = unwrap(await createStrategy(ctx, { name: 'Unused', startingPoint: 'blank' }));
    const named = unwrap(await createStrategy(ctx, { name: 'Named', copyOf: unused }));
    expect(await createStrategy(ctx, { name: 'Third', copyOf: newId() })).toMatchObject({ code: 'strategy_not_found' });
    unwrap(await changeSelection(ctx, 0, { entries: [], otherwiseId: named }));
    unwrap(await discardDraft(ctx, unused, 1n));
    unwrap(await discardDraft(ctx, named, 1n));
    expect((await listStrategies(ctx, today)).map(({ name }) => name)).toEqual(['Named']);
    expect(await discardDraft(ctx, named, 1n)).toMatchObject({ code: 'strategy_not_found' });
    expect(await changeDraft(ctx, unused, 0n, {})).toMatchObject({ code: 'strategy_not_found' });
  });
});

it('takes two people where the tenant asks for it', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    await setTwoPeople(ctx, true);
    const id = unwrap(await createStrategy(as(ctx, 'ada'), { name: 'Careful', startingPoint: 'blank' }));
    unwrap(await changeDraft(as(ctx, 'ben'), id, 1n, defaultB2b as never));
    for (const who of ['ada', 'ben'])
      expect(await publishDraft(as(ctx, who), id, 2n, { takesOver: 'at_once' })).toMatchObject({ code: 'same_person' });
    const key: Ctx = { ...ctx, actor: { ...ctx.actor, kind: 'key', id: 'cy' } };
    expect(await publishDraft(key, id, 2n, { takesOver: 'at_once' })).toMatchObject({ code: 'not_a_person' });
    expect(unwrap(await publishDraft(as(ctx, 'cy'), id, 2n, { takesOver: 'at_once' }))).toMatchObject({ version: 1 });
  });
  await database.within(tenant, new Date(at.getTime() + 1000), async (ctx) => {
    await setTwoPeople(ctx, false);
    const id = unwrap(await createStrategy(as(ctx, 'ada'), { name: 'Quick', startingPoint: 'blank' }));
    unwrap(await publishDraft(as(ctx, 'ada'), id, 1n, { takesOver: 'at_once' }));
  });
});

it('counts the accounts that follow it', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    await publishDefault(ctx);
    await anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2025-12-29' }] });
    unwrap(await runStrategy(ctx));
    expect(await listStrategies(ctx, today)).toMatchObject([{ name: 'b2b-default', followers: 1, versions: 1 }]);
  });
});
