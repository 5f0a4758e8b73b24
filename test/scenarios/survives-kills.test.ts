import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { csvLine } from '../../src/kernel/text.ts';
import { killable, type Victim } from '../support/killable.ts';

// Whatever process is killed whenever: an import ends complete exactly once, a run plans what it would have planned, a message is
// written once, and `verify` finds nothing. DUNWELL_KILL_ROWS=50000 kills in the middle of longer work. One tenant lives through it undisturbed and is what the other is compared with.
const rows = Number(process.env['DUNWELL_KILL_ROWS'] ?? 2000);
const patience = 60_000 * Math.ceil(rows / 5000);
const it = killable({ patience });
afterAll(() => it.end());

const undisturbed = 'Seed 7-1';
const disturbed = 'Seed 7-2';
const named = (name: string) => `(select id from identity.tenants where name = '${name}')`;

function itemsFile(): string {
  const lines = [
    csvLine([
      'Customer ID',
      'Customer name',
      'Email',
      'Country',
      'Time zone',
      'Invoice number',
      'Invoice date',
      'Due date',
      'Amount',
      'Currency',
    ]),
  ];
  for (let n = 0; n < rows; n += 1) {
    const customer = `K-${Math.floor(n / 4)}`;
    const due = `2026-0${1 + (n % 2)}-${String(1 + (n % 28)).padStart(2, '0')}`;
    lines.push(
      csvLine([
        customer,
        `Customer ${customer}`,
        `ap@${customer.toLowerCase()}.example`,
        'US',
        'America/New_York',
        `N-${n}`,
        '2025-12-01',
        due,
        `${100 + (n % 900)}.25`,
        'USD',
      ]),
    );
  }
  const path = join(it.folder, 'items.csv');
  writeFileSync(path, lines.join(''));
  return path;
}

// Only what came with the file: the tenants were born with different portfolios.
const holdings = (tenant: string) => `with t as ${named(tenant)},
  p as (select q.id from parties.parties q, t where q.tenant_id = t.id and q.name like 'Customer K-%'),
  a as (select q.id, q.state from accounts.accounts q, t where q.tenant_id = t.id and q.party_id in (select id from p)),
  i as (select q.id, q.open_minor from accounts.items q, t where q.tenant_id = t.id and q.account_id in (select id from a)),
  l as (select q.amount_minor from ledger.transfers q, t where q.tenant_id = t.id and q.item_id in (select id from i))
  select (select count(*)::int from p) as parties, (select count(*)::int from a) as accounts,
    (select count(*)::int from i) as items, (select sum(open_minor)::text from i) as open,
    (select count(*)::int from l) as transfers, (select sum(amount_minor)::text from l) as posted,
    (select count(*)::int from parties.contact_points q, t where q.tenant_id = t.id and q.party_id in (select id from p)) as addresses`;
const planned = (tenant: string) => `with t as ${named(tenant)}
  select q.action, q.step_key, count(*)::int as plans, sum(q.amount_minor)::text as amount
  from strategy.plans q, t, parties.parties p
  where q.tenant_id = t.id and p.tenant_id = t.id and p.id = q.party_id and p.name like 'Customer K-%'
  group by 1, 2 order by 1, 2`;

const theImport = `select state, progress from intake.imports where tenant_id = ${named(disturbed)} and file_name = 'items.csv'`;
const stateIs =
  (...states: string[]) =>
  (found: { state: string }[]) =>
    states.includes(found[0]?.state ?? '');

/** What a minute without its worker does to an import. */
const leaseOver = () =>
  it.until(
    `update intake.imports set claimed_until = null where tenant_id = ${named(disturbed)} returning id`,
    (found) => found.length > 0,
  );

describe.skipIf(process.env['DUNWELL_TEST_PG_BIN'] !== undefined)('kills', { timeout: 5 * patience }, () => {
  test('two tenants, one of them left in peace', async () => {
    const seeded = await it.command('seed', '--accounts', '1', '--tenants', '2', '--seed', '7');
    expect(seeded.output).toContain(disturbed);
    const file = itemsFile();
    const done = await it.command('import', file, '--tenant', undisturbed, '--json');
    expect(done).toMatchObject({ status: 0 });
    expect(it.isSilent()).toBe(true);
  });

  test('an import whose command, server, postmaster and connection are killed is complete, once', async () => {
    const importing = it.begin('import', join(it.folder, 'items.csv'), '--tenant', disturbed);
    await it.until(theImport, stateIs('staging', 'applying'));
    await importing.kill();

    let server = await it.serve();
    await leaseOver();
    await it.until(theImport, stateIs('applying', 'done'));
    await server.kill();

    server = await it.serve();
    await leaseOver();
    await it.killBackend();
    it.killPostmaster();
    await leaseOver();
    await it.until(theImport, stateIs('done'));
    expect(await it.ask(theImport)).toEqual([{ state: 'done', progress: {} }]);
    expect(await it.ask(holdings(disturbed))).toEqual(await it.ask(holdings(undisturbed)));
    expect((await it.ask<{ items: number }>(holdings(disturbed)))?.[0]?.items).toBe(rows);
    expect(await server.stop()).toBe(0);
    expect(it.isSilent()).toBe(true);
    const again = await it.command('import', join(it.folder, 'items.csv'), '--tenant', disturbed, '--json');
    expect(JSON.parse(again.output.trim().split('\n').at(-1) ?? '')).toMatchObject({
      state: 'done',
      counts: { changed: 0 },
    });
  });

  test('a run killed at any moment plans what it would have planned, once', async () => {
    expect(await it.command('run', '--tenant', undisturbed)).toMatchObject({ status: 0 });
    for (const afterMs of [900, 1300, 1700]) {
      const running = it.begin('run', '--tenant', disturbed);
      await Promise.race([running.ended, new Promise((done) => setTimeout(done, afterMs))]);
      await running.kill();
    }
    const last = await it.command('run', '--tenant', disturbed);
    expect(last, last.output).toMatchObject({ status: 0 });
    const server = await it.serve();
    try {
      const plans = await it.ask(planned(disturbed));
      expect(plans?.length).toBeGreaterThan(0);
      expect(plans).toEqual(await it.ask(planned(undisturbed)));
    } finally {
      await server.kill();
    }
  });

  test('sending that is killed again and again writes each message once', async () => {
    const mails = `select state, count(*)::int as n from strategy.plans where tenant_id = ${named(disturbed)} and action = 'email' group by 1`;
    const sent = (found: { state: string; n: number }[]) => found.find((row) => row.state === 'sent')?.n ?? 0;
    let server: Victim = await it.serve();
    let before = 0;
    for (const kill of ['server', 'postmaster', 'backend', 'server']) {
      before = sent(await it.until(mails, (found) => sent(found) > before || left(found) === 0));
      if (kill === 'postmaster') it.killPostmaster();
      else if (kill === 'backend') await it.killBackend();
      else {
        await server.kill();
        server = await it.serve();
      }
    }
    // What an hour does to messages that a killed process left behind.
    await it.until(
      `with aged as (update outreach.messages set created_at = created_at - interval '1 hour'
         where state in ('sending', 'handed_over') returning 1) ${mails}`,
      (found: { state: string; n: number }[]) => left(found) === 0,
    );
    expect(
      await it.ask(`select p.plan_id from outreach.message_plans p join outreach.messages m on m.tenant_id = p.tenant_id and m.id = p.message_id
        where m.state in ('sent', 'uncertain') group by p.tenant_id, p.plan_id having count(*) > 1`),
    ).toEqual([]);
    const uncertain = await it.ask<{ n: number }>(
      "select count(*)::int as n from outreach.messages where state = 'uncertain'",
    );
    // As many as connections were open at each of the four kills.
    expect(uncertain?.[0]?.n).toBeLessThanOrEqual(4 * 16);
    expect(await server.stop()).toBe(0);
  });

  test('verify finds nothing, and nothing is left running', async () => {
    const verified = await it.command('verify', '--json');
    expect(verified, verified.output).toMatchObject({ status: 0 });
    expect(it.isSilent()).toBe(true);
  });
});

const left = (found: { state: string; n: number }[]): number =>
  found.filter((row) => row.state === 'planned' || row.state === 'sending').reduce((sum, row) => sum + row.n, 0);
