import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkEvidence } from '../../src/flows/evidence/check-evidence.ts';
import { readZip, writeZip, type ZipPart } from '../../src/kernel/zip.ts';
import { collect } from '../support/collect.ts';
import { consumerDebt, sentNotice } from './notice-story.ts';
import { operate, succeed } from './operations.ts';
import { type Asking, runningApp } from './running-app.ts';
import { stranger } from './stranger.ts';

// A pack as the API hands it out, checked by a stranger in two ways: with our command, and with the lines its READ-ME prints.
const running = await runningApp();
const { app } = running;
const folder = mkdtempSync(join(tmpdir(), 'dunwell-evidence-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let owner: Asking;
let noticeId: string;
let archive: Buffer;
let parts: readonly ZipPart[];
let byHand: ReturnType<typeof stranger>;

beforeAll(async () => {
  const opened = await running.openTenant('Acme Agency');
  owner = { cookie: opened.cookie };
  const accountId = await consumerDebt(app, owner, 'Ann "Ä" O’Hara \\ Sons');
  const params = { accountId };
  noticeId = (await sentNotice(app, owner, accountId)).id;
  await succeed(app, owner, 'recordNoticeReply', {
    params: { noticeId },
    body: { medium: 'letter', reasons: ['wrong_amount'], explanation: 'I paid "half" of it' },
  });
  await succeed(app, owner, 'addNote', { params, body: { body: 'Back\\slash, "quotes" and a\nline' } });
  archive = (await operate(app, owner, 'getAccountEvidence', { params })).rawPayload;
  parts = readZip(archive) ?? [];
  byHand = stranger(text('READ-ME.txt'));
}, 120_000);

const bytesOf = (name: string): Buffer => Buffer.from(parts.find((part) => part.name === name)?.bytes ?? '');
const text = (name: string): string => bytesOf(name).toString('utf8');
async function byCommand(files: readonly ZipPart[]): Promise<readonly string[]> {
  return checkEvidence(Buffer.concat(await collect(writeZip(files)))).findings;
}

describe('an evidence pack with a notice', () => {
  it('holds the notice byte for byte as it went out, and what was answered', async () => {
    for (const [operationId, format] of [
      ['getNoticePdf', 'pdf'],
      ['getNoticeHtml', 'html'],
    ] as const) {
      const sent = (await operate(app, owner, operationId, { params: { noticeId } })).rawPayload;
      const packed = parts.filter(({ name }) => name.startsWith(`notices/${noticeId}-`) && name.endsWith(`.${format}`));
      expect(packed.map(({ bytes }) => Buffer.from(bytes).equals(sent))).toEqual([true]);
    }
    expect(text('notices/0001.jsonl')).toContain('I paid \\"half\\" of it');
    expect(text('audit/0001.txt')).toContain('"action":"notice.given"');
  });

  it('is found whole by the command and by the lines of its READ-ME', () => {
    const file = join(folder, 'pack.zip');
    writeFileSync(file, archive);
    const command = spawnSync(process.execPath, ['bin/dunwell.mjs', 'evidence', 'verify', file, '--json'], {
      encoding: 'utf8',
    });
    expect(command.stderr).toBe('');
    const verdict = JSON.parse(command.stdout) as { findings: string[]; head: { hash: string } };
    expect(verdict.findings).toEqual([]);
    const hand = byHand(parts);
    expect(hand.said).toBe(`Nothing was changed, left out or added. The chain ended at ${verdict.head.hash}\n`);
    expect(hand.ok).toBe(true);
  }, 240_000);

  it('is found altered by both, whichever file is changed, left out or added', async () => {
    for (const part of parts) {
      // In the middle of the last line, where there is always something that counts.
      const altered = Buffer.from(part.bytes);
      const place = altered.length - Math.min(20, Math.ceil(altered.length / 2));
      altered[place] = (altered[place] ?? 0) ^ 1;
      for (const files of [
        parts.map((each) => (each === part ? { ...each, bytes: altered } : each)),
        parts.filter((each) => each !== part),
      ]) {
        expect(await byCommand(files), part.name).not.toEqual([]);
        expect(byHand(files), part.name).toMatchObject({ ok: false });
      }
    }
    for (const name of ['permits/0099.jsonl', 'audit/notes.md']) {
      const added = [...parts, { name, bytes: Buffer.from('{}\n') }];
      expect(await byCommand(added), name).not.toEqual([]);
      expect(byHand(added), name).toMatchObject({ ok: false });
    }
  }, 240_000);

  it('is found altered by both when the audit proof is rewritten with care', async () => {
    const rewritten = (name: string, change: (text: string) => string): ZipPart[] =>
      parts.map((part) =>
        part.name === name ? { ...part, bytes: Buffer.from(change(Buffer.from(part.bytes).toString('utf8'))) } : part,
      );
    for (const [why, files] of [
      ['an entry left out', rewritten('audit/0001.txt', (all) => all.split('\n').slice(1).join('\n'))],
      ['an entry twice', rewritten('audit/0001.txt', (all) => `${all.split('\n')[0] ?? ''}\n${all}`)],
      ['called erased', rewritten('audit/0001.txt', (all) => all.replace(' - ', ' erased ').replace('Owner', 'Clerk'))],
      ['other blanks', rewritten('audit/0001.txt', (all) => all.replace(' ', '  '))],
      ['upper case', rewritten('audit/made.txt', (all) => all.toUpperCase())],
      ['no line feed', rewritten('audit/made.txt', (all) => all.trimEnd())],
    ] as const) {
      expect(await byCommand(files), why).not.toEqual([]);
      expect(byHand(files), why).toMatchObject({ ok: false });
    }
  }, 240_000);
});
