import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import type { TenantId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import { aClient, anAccount } from '../modules/accounts/testing.ts';
import { logCall } from './log-call.ts';
import { writeNote } from './write-note.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const at = new Date('2026-03-11T15:00:00Z');

async function debtor(debtKind: 'consumer' | 'commercial') {
  const tenant = await database.freshTenant({ at });
  const account = await database.within(tenant, at, async (ctx) => {
    const { clientId } = await aClient(ctx, { kind: 'agency_customer' });
    return anAccount(ctx, { clientId, debtKind, items: [{ amountMinor: 12_500n, dueOn: '2026-02-01' }] });
  });
  return { tenant, ...account };
}
const rows = (tenant: TenantId) =>
  database.within(tenant, at, async (ctx) => {
    const incidents = await sql<{ kind: string; detail: unknown; summary: string }>`
      select kind, detail, summary from compliance.incidents_v where tenant_id = ${tenant}`.execute(ctx.db);
    const audit = await sql<{ detail: { rules: string[] } }>`
      select detail from identity.audit_v where tenant_id = ${tenant} and action = 'note.warned'`.execute(ctx.db);
    const notes = await sql<{ body: string }>`select body from desk.notes_v where tenant_id = ${tenant}`.execute(
      ctx.db,
    );
    return { incidents: incidents.rows, audit: audit.rows, notes: notes.rows.map((row) => row.body) };
  });
const threat = 'Told him: you will be arrested if you do not pay today.';

describe('a note is judged and always saved', () => {
  test.each(['consumer', 'commercial'] as const)(
    'a threat noted about a %s debt is warned of and an incident',
    async (kind) => {
      const { tenant, accountId } = await debtor(kind);
      const written = await database.within(tenant, at, async (ctx) =>
        unwrap(await writeNote(ctx, { accountId, body: threat })),
      );
      expect(written.warnings[0]).toMatchObject({
        ruleId: 'US-FDCPA-OTHER.threats',
        excerpt: 'you will be arrested',
        citation: expect.stringContaining('15 USC 1692d'),
      });
      const kept = await rows(tenant);
      expect(kept.notes).toEqual([threat]);
      expect(kept.incidents).toMatchObject([{ kind: 'forbidden_words', detail: { note: written.noteId } }]);
      // By rule: what was said stays in the note, where it can be erased.
      expect(JSON.stringify([kept.audit, kept.incidents])).not.toContain('arrested');
      expect(kept.audit[0]?.detail.rules).toContain('US-FDCPA-OTHER.threats');
    },
  );

  test('what the pack calls no breach is a warning and no incident', async () => {
    const { tenant, accountId } = await debtor('consumer');
    const body = 'Said we would report the debt to the credit bureaus.';
    const written = await database.within(tenant, at, async (ctx) => unwrap(await writeNote(ctx, { accountId, body })));
    expect(written.warnings.length).toBeGreaterThan(0);
    expect(written.incidentId).toBeNull();
    expect(await rows(tenant)).toMatchObject({ incidents: [], notes: [body] });
  });

  test('plain words are saved without a word', async () => {
    const { tenant, accountId } = await debtor('consumer');
    const body = 'Asked for the statement; will call back on Monday.';
    expect(
      await database.within(tenant, at, async (ctx) => unwrap(await writeNote(ctx, { accountId, body }))),
    ).toMatchObject({ warnings: [], incidentId: null });
    expect(await rows(tenant)).toMatchObject({ incidents: [], audit: [] });
  });

  test('the words about a call are judged as well; another tenant sees nothing of it', async () => {
    const { tenant, accountId } = await debtor('commercial');
    const logged = await database.within(tenant, at, async (ctx) =>
      unwrap(await logCall(ctx, { accountId, direction: 'in', outcome: 'conversation', note: threat })),
    );
    expect(logged.warnings.map((one) => one.ruleId)).toContain('US-FDCPA-OTHER.threats');
    expect(logged.incidentId).not.toBeNull();
    expect((await rows(tenant)).incidents).toMatchObject([{ detail: { call: logged.callId } }]);
    expect(await rows(await database.freshTenant({ at }))).toEqual({ incidents: [], audit: [], notes: [] });
  });
});
