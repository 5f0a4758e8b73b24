import { expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import { newId } from '../../../kernel/ids.ts';
import { unwrap } from '../../../kernel/result.ts';
import { findSegment, listSegments } from './segment.sql.ts';
import { archiveSegment, changeSegment, createSegment } from './segments.ts';
import { tryRule } from './try-rule.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const rule = (value: number) => ({ combinator: 'and', rules: [{ field: 'days_past_due', operator: '>', value }] });

it('keeps a rule under a name, each change of it as a revision, and lets the name go with the archive', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    const made = unwrap(await createSegment(ctx, { name: 'Late', description: '', rule: rule(30) }));
    expect(made).toMatchObject({ name: 'Late', revision: 1, rowVersion: 1n, rule: rule(30) });
    expect(await createSegment(ctx, { name: 'LATE', description: '', rule: rule(1) })).toMatchObject({
      code: 'name_taken',
    });
    expect(await createSegment(ctx, { name: 'Other', description: '', rule: {} })).toMatchObject({
      code: 'malformed_rule',
    });

    const renamed = unwrap(
      await changeSegment(ctx, made.id, 1n, { name: 'Very late', description: 'x', rule: rule(30) }),
    );
    expect(renamed).toMatchObject({ name: 'Very late', revision: 1, rowVersion: 2n });
    expect(await changeSegment(ctx, made.id, 1n, { name: 'Late', description: '', rule: rule(60) })).toMatchObject({
      code: 'changed_meanwhile',
    });
    const changed = unwrap(
      await changeSegment(ctx, made.id, 2n, { name: 'Very late', description: 'x', rule: rule(60) }),
    );
    expect(changed).toMatchObject({ revision: 2, rule: rule(60) });

    expect(await archiveSegment(ctx, made.id, 2n)).toMatchObject({ code: 'changed_meanwhile' });
    unwrap(await archiveSegment(ctx, made.id, 3n));
    unwrap(await archiveSegment(ctx, made.id, 3n));
    expect(await listSegments(ctx)).toEqual([]);
    expect(await changeSegment(ctx, made.id, 4n, { name: 'x', description: '', rule: rule(1) })).toMatchObject({
      code: 'segment_not_found',
    });
    unwrap(await createSegment(ctx, { name: 'Very late', description: '', rule: rule(1) }));
    expect(await archiveSegment(ctx, newId(), 1n)).toMatchObject({ code: 'segment_not_found' });
  });
  const stranger = await database.freshTenant({ at });
  await database.within(stranger, at, async (ctx) => {
    expect(await listSegments(ctx)).toEqual([]);
    expect(await tryRule(ctx, { combinator: 'and', rules: [] }, null)).toMatchObject({
      value: { words: 'every account', count: 0, sample: [] },
    });
  });
  await database.within(tenant, at, async (ctx) => {
    const [kept] = await listSegments(ctx);
    expect(kept && (await findSegment(ctx, kept.id))).toMatchObject({ name: 'Very late', revision: 1 });
  });
});
