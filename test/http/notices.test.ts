import { beforeAll, describe, expect, it } from 'vitest';
import { noticeReplyUrl } from '../../src/modules/outreach/public.ts';
import { readPdf } from '../support/pdf-text.ts';
import { consumerDebt, publishedItemization, sentNotice } from './notice-story.ts';
import { operate, succeed } from './operations.ts';
import { type Asking, type Opened, runningApp } from './running-app.ts';

const running = await runningApp();
const { app, installation } = running;
let opened: Opened;
let owner: Asking;
let accountId = '';
let noticeId = '';
let path = '';

beforeAll(async () => {
  opened = await running.openTenant('Acme', { clockAt: new Date('2026-03-03T15:00:00Z') });
  owner = { cookie: opened.cookie };
});

const pathOf = (id: string) =>
  new URL(noticeReplyUrl(installation.vault, installation.config.publicUrl, opened.tenantId, id)).pathname;
const get = (url: string, headers = {}) => app.inject({ method: 'GET', url, headers });
const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
  });
const ticketOf = (page: string) => /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '';
const seen = () =>
  succeed<{ replies: Record<string, unknown>[]; clocks: { kind: string }[]; notices: { state: string }[] }>(
    app,
    owner,
    'listAccountNotices',
    { params: { accountId } },
  );

describe('staff', () => {
  it('prepare a notice, look at it, and send it', async () => {
    accountId = await consumerDebt(app, owner);
    const made = await succeed<{
      notice: { id: string };
      withheld: { kind: string }[];
      periodEndsOnIfSentNow: string;
    }>(app, owner, 'prepareNotice', { params: { accountId }, body: { itemization: publishedItemization } });
    expect(made).toMatchObject({ periodEndsOnIfSentNow: '2026-04-09', withheld: [{ kind: 'due_date' }] });
    const draft = await operate(app, owner, 'getNoticeHtml', { params: { noticeId: made.notice.id } });
    expect(draft.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(draft.body).toContain('Call or write to us by April 9, 2026');
    expect((await get(pathOf(made.notice.id))).statusCode).toBe(404);
    noticeId = (await sentNotice(app, owner, accountId)).id;
    path = pathOf(noticeId);
    const pdf = await operate(app, owner, 'getNoticePdf', { params: { noticeId } });
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(readPdf(pdf.rawPayload).text.join(' ')).toContain('Person A');
    const again = await operate(app, owner, 'getNoticePdf', { params: { noticeId } });
    expect(again.rawPayload.equals(pdf.rawPayload)).toBe(true);
    expect((await seen()).notices.map((one) => one.state)).toEqual(['given', 'withdrawn']);
  });

  it.each([
    [{ ...publishedItemization, feesMinor: '2501' }, 'itemization_does_not_match'],
    [{ ...publishedItemization, feesMinor: undefined }, 'itemization_incomplete'],
    [{ ...publishedItemization, on: '2026-03-04' }, 'itemization_in_the_future'],
    [{ ...publishedItemization, kind: 'charge_off' }, 'itemization_date_differs'],
    [{ ...publishedItemization, interestMinor: '-1' }, 'itemization_negative'],
  ])('are told what is wrong with %j', async (itemization, code) => {
    const answer = await operate(app, owner, 'prepareNotice', { params: { accountId }, body: { itemization } });
    expect(answer.json()).toMatchObject({ status: 422, code });
  });

  it('cannot put pressure into the line beside the notice', async () => {
    const answer = await operate(app, owner, 'saveCollector', {
      body: { name: 'X', addressLines: ['Y'], phoneHours: 'pay within ten days' },
    });
    expect(answer.json()).toMatchObject({ status: 422, code: 'overshadows' });
  });
});

describe('the reply form', () => {
  it('is shown to whoever holds the link, in both languages, and changes nothing', async () => {
    const english = await get(path);
    expect(english.statusCode).toBe(200);
    expect(english.headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    expect(english.headers['content-security-policy']).toContain("form-action 'self'");
    expect(english.body).not.toMatch(/<script/i);
    for (const words of ['Bank of Person A', 'ending in 6789', 'by April 9, 2026', 'This is not my debt.'])
      expect(english.body).toContain(words);
    // Nothing a stranger could use: no name, address or amount.
    expect(english.body).not.toMatch(/2323 Park|2,284|Person A</);
    expect((await get(`${path}?lang=es`)).body).toContain('<html lang="es">');
    expect((await seen()).replies).toEqual([]);
  });

  it('shows the notice again as it went out', async () => {
    expect((await get(`${path}/notice`)).body).toContain('$2,284.56');
    const pdf = await get(`${path}/notice.pdf`);
    expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('keeps what was typed when nothing was ticked, when it is too long, or when the page was open too long', async () => {
    const ticket = ticketOf((await get(path)).body);
    const empty = await post(path, { ticket });
    expect(empty.statusCode).toBe(422);
    expect(empty.body).toContain('role="alert"');
    const long = await post(path, { ticket, not_mine: 'yes', explanation: 'x'.repeat(4001) });
    expect(long.statusCode).toBe(422);
    expect(long.body).toMatch(/name="not_mine" value="yes" checked/);
    for (const bad of ['', 'forged', `${ticket.slice(0, -2)}AA`]) {
      const stale = await post(path, { ticket: bad, explanation: 'mine "<b>"' });
      expect(stale.statusCode, bad).toBe(422);
      expect(stale.body).toContain('mine &quot;&lt;b&gt;&quot;');
    }
    expect((await seen()).replies).toEqual([]);
  });

  it('takes nothing that another site sends', async () => {
    const ticket = ticketOf((await get(path)).body);
    const sent = await post(path, { ticket, not_mine: 'yes' }, { 'sec-fetch-site': 'cross-site' });
    expect(sent.statusCode).toBe(403);
    expect((await seen()).replies).toEqual([]);
  });

  it('refuses a body that is no form of ours', async () => {
    const huge = await post(path, { explanation: 'x'.repeat(30_000) });
    expect(huge.statusCode).toBe(413);
    const json = await app.inject({ method: 'POST', url: path, payload: { not_mine: 'yes' } });
    expect(json.statusCode).toBe(422);
    expect((await seen()).replies).toEqual([]);
  });

  it('takes effect at once, and once however often it is sent', async () => {
    const ticket = ticketOf((await get(path)).body);
    const said = { ticket, not_mine: 'yes', original_creditor: 'yes', explanation: 'I never had\r\nthis card.\0' };
    const first = await post(path, said);
    expect(first.statusCode).toBe(200);
    expect(first.body).toContain('We have stopped collection');
    expect((await post(path, said)).statusCode).toBe(200);
    const { replies, clocks } = await seen();
    expect(replies).toMatchObject([
      {
        medium: 'web',
        written: true,
        inPeriod: true,
        stopsCollection: true,
        disputes: 'whole',
        reasons: ['not_mine'],
        originalCreditor: true,
        explanation: 'I never had\nthis card.',
      },
    ]);
    expect(clocks.map((one) => one.kind).toSorted()).toEqual(['original_creditor_due', 'verification_due']);
    const account = await succeed<{ holds: { live: boolean; effects: string[] }[] }>(app, owner, 'getAccount', {
      params: { accountId },
    });
    expect(account.holds.filter((hold) => hold.live && hold.effects.includes('stop_contact'))).toHaveLength(2);
  });

  it('does not know addresses that are not ours', async () => {
    for (const bad of [
      '/n/x',
      `/n/${'A'.repeat(90)}`,
      `${path}A`,
      path.replace('/n/', '/u/'),
      pathOf('0192f0aa-0000-7000-8000-000000000002'),
    ]) {
      expect((await get(bad)).statusCode, bad).toBe(404);
      expect((await post(bad, { not_mine: 'yes' })).statusCode, bad).toBe(404);
    }
    expect((await get(`${path}x/notice.pdf`)).statusCode).toBe(404);
  });

  it('is limited per minute', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < 25; n += 1) statuses.add((await post('/n/x', {})).statusCode);
    expect(statuses).toContain(429);
  });
});

describe('clocks', () => {
  it('say what is due, what is overdue, and stop when it is done', async () => {
    const other = await consumerDebt(app, owner, 'Person B');
    const due = async (overdue: 'yes' | 'all') =>
      (
        await succeed<{ rows: { kind: string; accountId: string; dueOn: string; overdue: boolean }[] }>(
          app,
          owner,
          'listNoticeClocks',
          { query: { overdue } },
        )
      ).rows.filter((row) => row.accountId === other);
    expect(await due('all')).toEqual([]);
    await succeed(app, owner, 'logCall', {
      params: { accountId: other },
      body: { outcome: 'conversation', afterTheFact: true },
    });
    expect(await due('all')).toMatchObject([{ kind: 'notice_due', dueOn: '2026-03-08', overdue: false }]);
    expect(await due('yes')).toEqual([]);
    await succeed(app, owner, 'moveClock', { body: { to: '2026-03-09' } });
    expect(await due('yes')).toMatchObject([{ kind: 'notice_due', overdue: true }]);
  });
});
