import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId, type TenantId } from '../../kernel/ids.ts';
import { digestOfSet } from './audit-entry.ts';
import { listAudit } from './list-audit.ts';
import { erasePerson, recordAudit } from './record-audit.ts';
import { sealAudit } from './seal-audit.ts';
import { exportChainProof, verifyAuditChain } from './verify-audit.ts';

const database = await testDatabase();
const at = new Date('2026-03-02T10:00:00Z');
const inside = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, at, fn);
const damage = (text: string) =>
  database.asSuperuser(async (client) => {
    await client.query(`set session_replication_role = replica; ${text}`);
  });

async function tenantWith(entries: number): Promise<{ tenant: TenantId; ids: string[] }> {
  const tenant = await database.freshTenant();
  const ids = await inside(tenant, async (ctx) => {
    const made: string[] = [];
    for (let i = 0; i < entries; i += 1) {
      made.push(
        await recordAudit(ctx, { action: 'note.written', subjectKind: 'note', subjectId: `n${i}`, detail: { i } }),
      );
    }
    return made;
  });
  await inside(tenant, (ctx) => sealAudit(ctx));
  return { tenant, ids };
}

const kinds = async (tenant: TenantId, options = {}) =>
  (await inside(tenant, (ctx) => verifyAuditChain(ctx, options))).findings.map((finding) => [
    finding.kind,
    finding.seq,
  ]);

describe('the chain', () => {
  it('seals in batches, continues where it stopped, and is whole', async () => {
    const { tenant } = await tenantWith(5);
    await inside(tenant, (ctx) => recordAudit(ctx, { action: 'a.b', subjectKind: 'x', subjectId: '1' }));
    expect(await inside(tenant, (ctx) => sealAudit(ctx))).toBe(1);
    expect(await inside(tenant, (ctx) => sealAudit(ctx))).toBe(0);
    expect(await inside(tenant, (ctx) => verifyAuditChain(ctx))).toEqual({ entries: 6n, findings: [] });
  });

  it('lets concurrent sealers and writers go about without a fork', async () => {
    const tenant = await database.freshTenant();
    const write = () => inside(tenant, (ctx) => recordAudit(ctx, { action: 'a.b', subjectKind: 'x', subjectId: '1' }));
    const seal = () => inside(tenant, (ctx) => sealAudit(ctx));
    await Promise.all([write(), seal(), write(), seal(), write(), write(), seal()]);
    await seal();
    expect(await inside(tenant, (ctx) => verifyAuditChain(ctx))).toEqual({ entries: 4n, findings: [] });
  });

  it.each([
    [
      'an altered entry',
      (id: string) => `update identity.audit_entries set actor_name = 'nobody' where id = '${id}'`,
      [['altered_entry', 2n]],
    ],
    [
      'altered detail',
      (id: string) => `update identity.audit_entries set detail = '{"i":9}' where id = '${id}'`,
      [['altered_entry', 2n]],
    ],
    [
      'a moved instant',
      (id: string) =>
        `update identity.audit_entries set recorded_at = recorded_at - interval '1 microsecond' where id = '${id}'`,
      [['altered_entry', 2n]],
    ],
    [
      'a removed entry',
      (id: string) => `delete from identity.audit_entries where id = '${id}'`,
      [['missing_entry', 2n]],
    ],
    [
      'a removed seal',
      (id: string) => `delete from identity.audit_seals where entry_id = '${id}'`,
      [
        ['missing_seal', 2n],
        ['unsealed', null],
      ],
    ],
    [
      'a relinked seal',
      (id: string) => `update identity.audit_seals set previous_hash = sha256('x') where entry_id = '${id}'`,
      [
        ['broken_link', 2n],
        ['altered_entry', 2n],
      ],
    ],
  ])('finds %s, and only that', async (_name, statement, want) => {
    const { tenant, ids } = await tenantWith(4);
    await damage(statement(ids[1] ?? ''));
    expect(await kinds(tenant, { unsealedOlderThanS: 0 })).toEqual(want);
  });

  it('finds an end that was cut off, by the head, and with the head cut too, by an earlier proof', async () => {
    const { tenant, ids } = await tenantWith(3);
    const proof = await inside(tenant, (ctx) => exportChainProof(ctx));
    expect(proof).toMatchObject({ tenant, seq: '3' });
    expect(await kinds(tenant, { proof })).toEqual([]);
    await damage(
      `delete from identity.audit_seals where entry_id = '${ids[2]}'; delete from identity.audit_entries where id = '${ids[2]}'`,
    );
    expect(await kinds(tenant)).toEqual([['head_mismatch', 2n]]);
    await damage(
      `update identity.audit_heads h set seq = 2, hash = s.hash from identity.audit_seals s where s.tenant_id = h.tenant_id and s.seq = 2 and h.tenant_id = '${tenant}'`,
    );
    expect(await kinds(tenant)).toEqual([]);
    expect(await kinds(tenant, { proof })).toEqual([['proof_mismatch', 3n]]);
  });

  it('finds entries that nobody sealed', async () => {
    const tenant = await database.freshTenant();
    const id = await inside(tenant, (ctx) => recordAudit(ctx, { action: 'a.b', subjectKind: 'x', subjectId: '1' }));
    expect((await inside(tenant, (ctx) => verifyAuditChain(ctx))).findings).toEqual([]);
    const { findings } = await inside(tenant, (ctx) => verifyAuditChain(ctx, { unsealedOlderThanS: 0 }));
    expect(findings).toMatchObject([{ kind: 'unsealed', entryId: id }]);
  });

  it('refuses change and removal to the application', async () => {
    const { tenant } = await tenantWith(1);
    for (const table of ['audit_entries', 'audit_seals']) {
      for (const verb of [`update identity.${table} set created_at = now()`, `delete from identity.${table}`]) {
        await expect(inside(tenant, (ctx) => sql.raw(verb).execute(ctx.db))).rejects.toThrow(/permission denied/);
      }
    }
  });
});

it('walks the chain by a plan made for reading all of it, whatever the statistics say', async () => {
  const { tenant } = await tenantWith(2);
  const { rows } = await inside(tenant, async (ctx) => {
    await verifyAuditChain(ctx);
    return sql`show cursor_tuple_fraction`.execute(ctx.db);
  });
  expect(rows).toEqual([{ cursor_tuple_fraction: '1' }]);
});

describe('entries', () => {
  it('live and die with the business transaction', async () => {
    const tenant = await database.freshTenant();
    const failed = inside(tenant, async (ctx) => {
      await recordAudit(ctx, { action: 'a.b', subjectKind: 'x', subjectId: '1' });
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await inside(tenant, (ctx) => sealAudit(ctx))).toBe(0);
  });

  it('write one row with count and digest for bulk work, the same digest SQL computes', async () => {
    const tenant = await database.freshTenant();
    const ids = Array.from({ length: 50 }, () => newId());
    await inside(tenant, (ctx) =>
      recordAudit(ctx, { action: 'item.closed', subjectKind: 'run', subjectId: 'r1', set: ids }),
    );
    const { rows } = await inside(tenant, (ctx) =>
      sql<{ set_count: bigint; same: boolean }>`
        select set_count, set_digest = (select sha256(convert_to(string_agg(id::text || chr(10), '' order by id::text collate "C"), 'UTF8'))
          from unnest(${ids}::uuid[]) as t(id)) as same
        from identity.audit_entries where tenant_id = ${tenant}`.execute(ctx.db),
    );
    expect(rows).toEqual([{ set_count: 50n, same: true }]);
    expect(digestOfSet([...ids].reverse())).toEqual(digestOfSet(ids));
  });

  it('hold personal values that erasure makes unreadable while the chain stays whole', async () => {
    const tenant = await database.freshTenant();
    const personId = newId();
    const record = (email: string) =>
      inside(tenant, (ctx) =>
        recordAudit(ctx, {
          action: 'email.changed',
          subjectKind: 'party',
          subjectId: personId,
          personal: { personId, values: { email } },
        }),
      );
    const shown = async () => {
      const page = await inside(tenant, (ctx) => listAudit(ctx, { action: 'email.changed' }));
      return page.ok ? page.value.entries.map((entry) => entry.personal) : page;
    };
    await Promise.all([record('canary@example.test'), record('canary@example.test')]);
    await inside(tenant, (ctx) => sealAudit(ctx));
    expect(await shown()).toEqual([{ email: 'canary@example.test' }, { email: 'canary@example.test' }]);
    const stored = await database.asSuperuser((client) =>
      client.query('select e::text as row from identity.audit_entries e'),
    );
    expect(JSON.stringify(stored.rows)).not.toContain('canary');

    await inside(tenant, (ctx) => erasePerson(ctx, personId));
    await inside(tenant, (ctx) => erasePerson(ctx, personId));
    await record('again@example.test');
    await inside(tenant, (ctx) => sealAudit(ctx));
    expect(await shown()).toEqual([null, null, null]);
    expect(await inside(tenant, (ctx) => verifyAuditChain(ctx))).toEqual({ entries: 4n, findings: [] });
  });
});

describe('listAudit', () => {
  it('pages newest first, filters, and shows one tenant nothing of another', async () => {
    const { tenant, ids } = await tenantWith(5);
    const other = await database.freshTenant();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await inside(tenant, (ctx) =>
        listAudit(ctx, {}, cursor === undefined ? { limit: 2 } : { limit: 2, cursor }),
      );
      if (!page.ok) throw new Error(page.detail);
      expect(page.value.entries.length).toBeLessThanOrEqual(2);
      for (const entry of page.value.entries) expect(entry.hash).toMatch(/^[0-9a-f]{64}$/);
      seen.push(...page.value.entries.map((entry) => entry.id));
      cursor = page.value.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...ids].reverse());
    const filtered = await inside(tenant, (ctx) => listAudit(ctx, { subjectId: 'n3', from: at, actor: 'TES' }));
    expect(filtered).toMatchObject({ value: { entries: [{ id: ids[3], detail: { i: 3 }, seq: 4n }] } });
    expect(await inside(tenant, (ctx) => listAudit(ctx, { before: at }))).toMatchObject({ value: { entries: [] } });
    expect(await inside(other, (ctx) => listAudit(ctx))).toMatchObject({ value: { entries: [] } });
    expect(await inside(other, (ctx) => verifyAuditChain(ctx))).toEqual({ entries: 0n, findings: [] });
  });

  it('refuses a made-up cursor and an actor without the permission', async () => {
    const tenant = await database.freshTenant();
    for (const cursor of ['', 'x', Buffer.from('2026|1').toString('base64url')]) {
      expect(await inside(tenant, (ctx) => listAudit(ctx, {}, { cursor }))).toMatchObject({ code: 'invalid_cursor' });
    }
    const refused = await database.within(tenant, at, (ctx) => listAudit(ctx), ['accounts.read']);
    expect(refused).toMatchObject({ ok: false, code: 'forbidden' });
  });
});
