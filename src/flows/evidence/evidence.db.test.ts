import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { collect } from '../../../test/support/collect.ts';
import { sha256Hex } from '../../kernel/crypto.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { readZip, writeZip, type ZipPart } from '../../kernel/zip.ts';
import { type AnAccount, anAccount } from '../../modules/accounts/testing.ts';
import { addNote } from '../../modules/desk/public.ts';
import { systemActor, verifyAuditChain } from '../../modules/identity/public.ts';
import { testInstallation } from '../../modules/identity/testing.ts';
import { ensureSender } from '../../modules/outreach/public.ts';
import { publishDefault } from '../../modules/strategy/public.ts';
import { logCall } from '../log-call.ts';
import { runDay } from '../run-day.ts';
import { sendDue } from '../send-due.ts';
import { checkEvidence } from './check-evidence.ts';
import { type EvidenceAsked, makeEvidence } from './make-evidence.ts';

const database = await testDatabase();
const monday = new Date('2026-01-05T15:00:00Z');
const installation = testInstallation(database, { now: () => monday });
const actor = systemActor('Olga Auditor');
const period = { from: new Date('2026-01-05T00:00:00Z'), before: new Date('2026-01-06T00:00:00Z') };

/** An account that has been written to, called and noted, beside another's. */
async function worked(): Promise<{ tenant: TenantId; account: AnAccount; other: AnAccount }> {
  const tenant = await database.freshTenant({ at: monday });
  const accounts = await database.within(tenant, monday, async (ctx) => {
    await publishDefault(ctx);
    const items = [{ amountMinor: 90_000n, dueOn: '2025-12-30' }];
    const account = await anAccount(ctx, { items, phone: '+1 212 555 0142', email: 'jo@debtor.example' });
    const other = await anAccount(ctx, { items, email: 'sam@other.example' });
    for (const one of [account, other]) await ensureSender(ctx, one.clientId);
    unwrap(await runDay(ctx));
    return { account, other };
  });
  await sendDue({ ...installation, config: { publicUrl: 'http://dunwell.example' } }, tenant, actor);
  await database.within(tenant, monday, async (ctx) => {
    const { accountId } = accounts.account;
    unwrap(await logCall(ctx, { accountId, direction: 'out', outcome: 'conversation', note: 'Asked for a copy' }));
    unwrap(await addNote(ctx, { accountId, body: 'Prefers the morning' }));
    unwrap(await addNote(ctx, { accountId: accounts.other.accountId, body: 'Somebody else’s secret' }));
  });
  return { tenant, ...accounts };
}

const pack = async (tenant: TenantId, asked: EvidenceAsked): Promise<Buffer> =>
  Buffer.concat(await collect(writeZip(makeEvidence(installation, tenant, actor, asked))));
const partsOf = (archive: Buffer): ZipPart[] => readZip(archive) ?? [];
const textOf = (archive: Buffer, folder: string): string =>
  partsOf(archive)
    .filter(({ name }) => name.startsWith(folder) && !name.endsWith('.pdf'))
    .map(({ bytes }) => Buffer.from(bytes).toString('utf8'))
    .join('');

describe('an evidence pack', () => {
  it('of an account holds all of it and nothing of another, and checks by itself', async () => {
    const { tenant, account } = await worked();
    const archive = await pack(tenant, { accountId: account.accountId });
    const verdict = checkEvidence(archive);
    expect(verdict).toMatchObject({ findings: [], tenant, permits: 2 });
    expect(verdict.auditEntries).toBeGreaterThanOrEqual(3);
    expect(textOf(archive, 'timeline/')).toContain('Prefers the morning');
    expect(textOf(archive, 'messages/')).toContain('jo@debtor.example');
    const whole = archive.toString('latin1');
    expect(whole).not.toContain('sam@other.example');
    expect(whole).not.toContain('secret');
    const pdf = partsOf(archive).find(({ name }) => name === 'timeline/0001.pdf');
    expect(Buffer.from(pdf?.bytes ?? '').toString('latin1', 0, 5)).toBe('%PDF-');
    expect(Buffer.from(pdf?.bytes ?? '').toString('latin1')).toContain('/StructTreeRoot');
    await database.within(tenant, monday, async (ctx) =>
      expect(await verifyAuditChain(ctx, { proof: proofOf(tenant, verdict.head) })).toMatchObject({ findings: [] }),
    );
  });

  it('of a period holds every account of it, and of an empty one says so', async () => {
    const { tenant } = await worked();
    const archive = await pack(tenant, { period, name: '2026-01-05' });
    expect(checkEvidence(archive).findings).toEqual([]);
    expect(archive.toString('latin1')).toContain('sam@other.example');
    const later = { from: new Date('2027-01-01'), before: new Date('2027-01-02') };
    const empty = await pack(tenant, { period: later, name: '2027-01-01' });
    expect(checkEvidence(empty)).toMatchObject({ findings: [], permits: 0, auditEntries: 0 });
  });

  it('shows another tenant nothing', async () => {
    const { account } = await worked();
    const stranger = await database.freshTenant({ at: monday });
    await expect(pack(stranger, { accountId: account.accountId })).rejects.toThrow('There is no account');
  });

  it('is found altered whichever byte is changed', async () => {
    const { tenant, account } = await worked();
    const archive = await pack(tenant, { accountId: account.accountId });
    // A prime step, so that over the runs every kind of place is met; the first and last kilobyte byte by byte.
    const places = [
      ...Array.from({ length: 1024 }, (_, n) => n),
      ...Array.from({ length: Math.floor(archive.length / 613) }, (_, n) => n * 613),
      ...Array.from({ length: 1024 }, (_, n) => archive.length - 1 - n),
    ];
    for (const place of places) {
      const altered = Buffer.from(archive);
      altered[place] = (altered[place] ?? 0) ^ 1;
      expect(checkEvidence(altered).findings, `byte ${place}`).not.toEqual([]);
    }
    expect(checkEvidence(archive.subarray(0, -1)).findings).not.toEqual([]);
    expect(checkEvidence(Buffer.concat([archive, Buffer.from(' ')])).findings).not.toEqual([]);
  }, 120_000);

  it('is found altered by somebody who rebuilds the archive with care', async () => {
    const { tenant, account } = await worked();
    const parts = partsOf(await pack(tenant, { accountId: account.accountId }));
    const rebuilt = async (change: (part: ZipPart) => ZipPart | null): Promise<readonly string[]> => {
      const changed = parts.flatMap((part) => change(part) ?? []);
      return checkEvidence(Buffer.concat(await collect(writeZip(changed)))).findings;
    };
    const replaced = (name: string, from: string, to: string) => (part: ZipPart) =>
      part.name.startsWith(name)
        ? { ...part, bytes: Buffer.from(Buffer.from(part.bytes).toString('utf8').replace(from, to)) }
        : part;
    expect(await rebuilt((part) => part)).toEqual([]);
    expect(await rebuilt(replaced('timeline/0001.jsonl', 'morning', 'evening'))).toEqual([
      'timeline/0001.jsonl was altered.',
    ]);
    expect(await rebuilt((part) => (part.name.startsWith('messages/') ? null : part))).toEqual([
      'messages/0001.jsonl is missing.',
    ]);
    // With the manifest made to fit, the sealed digest of the manifest does not.
    const timeline = parts.find(({ name }) => name === 'timeline/0001.jsonl')?.bytes ?? Buffer.alloc(0);
    const forged = Buffer.from(Buffer.from(timeline).toString('utf8').replace('morning', 'evening'));
    const both = (part: ZipPart): ZipPart =>
      part.name === 'timeline/0001.jsonl'
        ? { ...part, bytes: forged }
        : replaced('manifest.json', sha256Hex(timeline), sha256Hex(forged))(part);
    expect(await rebuilt(both)).toEqual(['The sealed entry vouches for another manifest: the manifest was altered.']);
    const dropped = (part: ZipPart): ZipPart =>
      part.name === 'audit/0001.txt'
        ? { ...part, bytes: Buffer.from(Buffer.from(part.bytes).toString('utf8').split('\n').slice(1).join('\n')) }
        : part;
    expect((await rebuilt(dropped)).join()).toContain('some are missing');
    expect((await rebuilt(replaced('audit/0001.txt', 'note.', 'vote.'))).join()).toContain('is not what was sealed');
    expect(await rebuilt(replaced('audit/made', 'Olga', 'Anna'))).toEqual([
      'The entry that vouches for the pack is not what was sealed.',
    ]);
  });

  it('does not end in a head that somebody else knows otherwise', async () => {
    const { tenant, account } = await worked();
    const archive = await pack(tenant, { accountId: account.accountId });
    const head = checkEvidence(archive).head?.hash ?? '';
    expect(checkEvidence(archive, head.toUpperCase()).findings).toEqual([]);
    expect(checkEvidence(archive, '0'.repeat(64)).findings.join()).toContain('not in the head you named');
  });
});

const proofOf = (tenant: TenantId, head: { seq: string; hash: string } | null) => ({
  tenant,
  seq: head?.seq ?? '',
  hash: head?.hash ?? '',
  at: monday.toISOString(),
});
