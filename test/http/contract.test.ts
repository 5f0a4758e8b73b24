import { answerEvents } from '../../src/flows/answer-events.ts';
import { eraseApproved } from '../../src/flows/erase-person.ts';
import { workSimulations } from '../../src/flows/keep-simulations.ts';
import { describe, expect, it } from 'vitest';
import { actIn, sealAudit, systemActor } from '../../src/modules/identity/public.ts';
import { defaultB2b, publishVersion } from '../../src/modules/strategy/public.ts';
import { everyRoute } from '../../src/edge/api/contract/contract.ts';
import { fillTenant, importFile } from './filled-tenant.ts';
import { consumerDebt, sentNotice } from './notice-story.ts';
import { answered, operate, succeed } from './operations.ts';
import { ask, type Asking, PASSWORD, runningApp, signIn } from './running-app.ts';

// Every operation is asked once with what it wants, and its answer held to its schema; the last test says that none was left out.
const running = await runningApp();
const { app, database } = running;

type Row = { readonly id: string; readonly rowVersion: string };
type Rows = { readonly rows: readonly Row[] };
const ifMatch = (row: Row) => ({ 'if-match': `"${row.rowVersion}"` });
const nobody: Asking = {};

await succeed(app, nobody, 'getSetup');
const first = await succeed<{ tenantId: string }>(app, nobody, 'createFirst', {
  body: {
    tenantName: 'First',
    kind: 'live',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    currency: 'EUR',
    ownerName: 'Ada',
    email: 'ada@first.example',
    password: PASSWORD,
  },
});
const acme = await fillTenant(running, 'Acme', 'Quokka');
const { owner, ids } = acme;
const one = (...names: string[]) => Object.fromEntries(names.map((name) => [name, ids[name] ?? '']));
const get = <T>(operationId: string, params: Record<string, string> = {}, query: Record<string, string> = {}) =>
  succeed<T>(app, owner, operationId, { params, query });

describe('set-up and sessions', () => {
  it('sets up once', async () => {
    expect(first.tenantId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await succeed(app, nobody, 'getSetup')).toEqual({ needed: false, demo: null });
    const again = await operate(app, nobody, 'createFirst', {
      body: {
        tenantName: 'Second',
        timeZone: 'UTC',
        country: 'DE',
        currency: 'EUR',
        ownerName: 'Eve',
        email: 'eve@second.example',
        password: PASSWORD,
      },
    });
    expect(again.json()).toMatchObject({ status: 409, code: 'already_done' });
  });

  it('signs in, lists and revokes sessions, signs out', async () => {
    await succeed(app, nobody, 'signIn', { body: { email: acme.email, password: PASSWORD } });
    expect(await get('getSession')).toMatchObject({
      role: 'owner',
      tenant: { id: acme.tenantId, today: '2026-03-03' },
    });
    const sessions = await get<{ rows: { id: string; current: boolean }[] }>('listSessions');
    const other = sessions.rows.find((session) => !session.current);
    await succeed(app, owner, 'revokeSession', { params: { sessionId: other?.id ?? '' } });
    const passing: Asking = { cookie: await signIn(app, acme.email) };
    await succeed(app, passing, 'signOut');
    expect((await operate(app, passing, 'getSession')).statusCode).toBe(401);
  });
});

describe('rates', () => {
  it('are set, read and refused in words', async () => {
    const asked = (rate: string) => ({ body: { currency: 'JPY', rate, asOf: '2026-01-05', source: 'ECB' } });
    const rates = { rows: [{ currency: 'JPY', rate: '0.0061' }] };
    expect(await succeed(app, owner, 'setRate', asked('0.0061'))).toMatchObject(rates);
    expect((await operate(app, owner, 'setRate', asked('0,0061'))).json()).toMatchObject({
      status: 422,
      detail: expect.stringContaining('0.0061'),
    });
  });
});

describe('reading', () => {
  it.each([
    'getToday',
    'getAgeing',
    'getDso',
    'listTasks',
    'listPlans',
    'listRuns',
    'listMessages',
    'listReceipts',
    'listImports',
    'getReadiness',
    'getStrategy',
    'listAudit',
    'listIncidents',
    'listRules',
    'listMembers',
    'listKeys',
    'listClients',
    'listWideStops',
    'getRates',
    'listMappings',
  ])('%s', async (operationId) => {
    expect(JSON.stringify(await get(operationId)).length).toBeGreaterThan(20);
  });

  it.each(['getAccount', 'listTransfers', 'getTimeline', 'explainAccount', 'listItems'])(
    '%s of an account',
    async (operationId) => {
      expect(JSON.stringify(await get(operationId, one('accountId'))).length).toBeGreaterThan(20);
    },
  );

  it.each(['call', 'email'])('what the gate would say to %s', async (channel) => {
    expect(await get('checkContact', one('accountId'), { channel })).toMatchObject({
      outcome: expect.stringMatching(/allow|deny|defer/),
    });
  });

  it('finds an account by the beginning of a word', async () => {
    expect(await get('search', {}, { q: 'quokka-100' })).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ accountId: ids['accountId'] })]),
    });
  });

  it.each(['overdue_first', 'balance', 'name', 'number', 'last_contact'])(
    'pages through accounts by %s without losing or repeating one',
    async (sort) => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { rows: Row[]; nextCursor: string | null } = await get(
          'listAccounts',
          {},
          { sort, limit: '1', ...(cursor !== null && { cursor }) },
        );
        seen.push(...page.rows.map((row) => row.id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toHaveLength(5);
      expect(new Set(seen).size).toBe(5);
    },
  );

  it('streams the list as a file', async () => {
    const file = await get<string>('exportAccounts');
    expect(file.split('\r\n').filter((line) => line.includes('Quokka'))).toHaveLength(5);
  });

  it('shows one message, receipt and import', async () => {
    expect(await get('getMessage', one('messageId'))).toMatchObject({
      state: 'sent',
      headers: expect.arrayContaining([expect.objectContaining({ name: 'List-Unsubscribe' })]),
    });
    expect(await get('getReceipt', one('receiptId'))).toMatchObject({
      amountMinor: '5000',
      unappliedMinor: '0',
      state: 'applied',
    });
    expect(await get('getImport', one('importId'))).toMatchObject({ state: 'done', openRejects: 2 });
  });
});

describe('working on an account', () => {
  it('assigns with the version that was read', async () => {
    const account = await get<Row>('getAccount', one('accountId'));
    const changed = await succeed<Row>(app, owner, 'changeAccount', {
      params: one('accountId'),
      body: { assignedTo: ids['assignedTo'] },
      headers: ifMatch(account),
    });
    expect(changed).toMatchObject({ assignedTo: { id: ids['assignedTo'] } });
    expect(changed.rowVersion).not.toBe(account.rowVersion);
  });

  it('opens an account and adds an item', async () => {
    const opened = await succeed<Row>(app, owner, 'createAccount', {
      body: {
        clientId: ids['clientId'],
        number: 'H-1',
        currency: 'USD',
        party: { kind: 'business', name: 'Hand Made', country: 'us', email: 'hand@made.example' },
      },
    });
    const body = {
      kind: 'invoice',
      number: 'H-1-1',
      issuedOn: '2026-03-01',
      dueOn: '2026-03-31',
      amount: { amountMinor: '12345', currency: 'USD' },
    };
    await succeed(app, owner, 'addItem', { params: { accountId: opened.id }, body });
    expect(await get('getAccount', { accountId: opened.id })).toMatchObject({
      balanceMinor: '12345',
      contactable: true,
      partyDetail: { country: 'US' },
    });
  });

  it('keeps addresses', async () => {
    const added = await succeed<Row>(app, owner, 'addContactPoint', {
      params: one('accountId'),
      body: { kind: 'email', value: 'second@quokka.example' },
    });
    const params = { ...one('accountId'), contactPointId: added.id };
    expect(await succeed(app, owner, 'changeContactPoint', { params, body: { optOut: true } })).toMatchObject({
      optedOut: true,
    });
    expect(
      await succeed(app, owner, 'changeContactPoint', { params, body: { quality: 'wrong', ended: true } }),
    ).toMatchObject({ quality: 'wrong', endedAt: expect.any(String) });
    expect(
      await succeed(app, owner, 'changeParty', { params: one('accountId'), body: { language: 'de' } }),
    ).toMatchObject({ partyDetail: { language: 'de' } });
  });

  it('releases a hold', async () => {
    const account = await get<{ holds: Row[] }>('getAccount', { accountId: await holdersAccount() });
    const hold = account.holds.find((row) => row.id === ids['holdId']);
    const released = await succeed(app, owner, 'releaseHold', {
      params: one('holdId'),
      body: { reason: 'settled' },
      headers: ifMatch(hold as Row),
    });
    expect(released).toMatchObject({ live: false, releaseReason: 'settled' });
  });

  it('makes and cancels a promise', async () => {
    const items = await get<{ rows: { id: string; openMinor: string; stoppedBy: string[] }[] }>(
      'listItems',
      one('accountId'),
      { open: 'yes' },
    );
    const free = items.rows.find((item) => item.stoppedBy.length === 0);
    const made = await succeed<Row>(app, owner, 'makePromise', {
      params: one('accountId'),
      body: { itemIds: [free?.id], amount: { amountMinor: '100', currency: 'USD' }, dueOn: '2026-03-10' },
    });
    expect(
      await succeed(app, owner, 'cancelPromise', {
        params: { promiseId: made.id },
        body: { reason: 'asked to' },
        headers: ifMatch(made),
      }),
    ).toMatchObject({ state: 'cancelled' });
  });

  it('sends by hand through the gate', async () => {
    await succeed(app, owner, 'releaseWideStop', { params: one('stopId') });
    const sent = await succeed(app, owner, 'sendNow', { params: one('accountId'), body: { comment: 'As discussed.' } });
    expect(sent).toMatchObject({
      state: expect.stringMatching(/sent|deferred/),
      why: { version: expect.stringContaining('b2b-baseline') },
    });
  });
});

describe('segments', () => {
  const late = { combinator: 'and', rules: [{ field: 'days_past_due', operator: '>=', value: 1 }] };

  it('are tried as they are written, kept, changed and archived', async () => {
    const { rows: fields } = await get<{ rows: { key: string; operators: { value: string }[] }[] }>('listFactFields');
    const asked = fields.find((field) => field.key === 'days_past_due')?.operators.map(({ value }) => value);
    expect(asked).toContain('between');
    const tried = await succeed<{ words: string; count: number; sample: unknown[] }>(app, owner, 'tryRule', {
      body: { rule: late },
    });
    expect(tried.words).toBe('accounts where days past due is at least 1');
    expect(tried.count).toBeGreaterThan(0);
    expect(tried.sample.length).toBe(Math.min(8, tried.count));
    const faulty = await operate(app, owner, 'tryRule', {
      body: { rule: { combinator: 'and', rules: [{ field: 'days_past_due', operator: '>', value: 'soon' }] } },
    });
    expect(faulty.json()).toMatchObject({
      status: 400,
      code: 'malformed_rule',
      fields: { 'rules.0': expect.stringContaining('whole number of days') },
    });

    const made = await succeed<Row>(app, owner, 'createSegment', { body: { name: 'Late', rule: late } });
    expect(await get<Rows>('listSegments')).toMatchObject({ rows: [{ id: made.id, name: 'Late', revision: 1 }] });
    const changed = await succeed<Row>(app, owner, 'changeSegment', {
      params: { segmentId: made.id },
      headers: ifMatch(made),
      body: { name: 'Late', rule: { combinator: 'and', rules: [] } },
    });
    expect(changed).toMatchObject({ revision: 2, words: 'every account' });
    await succeed(app, owner, 'archiveSegment', { params: { segmentId: made.id }, headers: ifMatch(changed) });
    expect(await get<Rows>('listSegments')).toEqual({ rows: [] });
  });
});

describe('experiments', () => {
  type Experiment = Row & { readonly state: string; readonly share: number };
  it('are planned, written down, begun, widened, stopped and decided', async () => {
    const choices = await get<{ strategies: { id: string; name: string }[]; lines: object[] }>('listExperiments');
    const champion = choices.strategies.find((one) => one.name === 'b2b-default')?.id ?? '';
    expect(choices.lines).toMatchObject([{ segmentId: null, strategyId: champion, experimentId: null }]);
    const question = { kind: 'rate', baseline: 0.2, effect: 0.1 };
    const plan = await succeed(app, owner, 'planExperiment', {
      body: { question, weights: [5000, 5000], days: 30, people: 588, perDay: 0 },
    });
    expect(plan).toMatchObject({ lookingOnce: [294, 294], daysOnce: 30, daysDaily: null });
    expect(
      await succeed(app, owner, 'planExperiment', { body: { question, weights: [5000, 5000], days: 30 } }),
    ).toMatchObject({ people: expect.any(Number), sentence: expect.any(String) });
    const terms = {
      name: 'Leave some alone',
      hypothesis: 'Letters are worth their postage.',
      arms: [
        { name: 'Letters', strategyId: champion, weight: 9000 },
        { name: 'Left alone', strategyId: null, weight: 1000 },
      ],
      share: 500,
      recoveryDays: 30,
      complaintDays: 14,
      costs: { email: 1, call: 250, letter: 110, sms: 7 },
      complaintsAbove: 200,
      recoveryBelow: null,
      endsOn: '2026-06-30',
    };
    const endless = await operate(app, owner, 'createExperiment', { body: { ...terms, endsOn: null } });
    expect(endless.json()).toMatchObject({
      status: 400,
      code: 'malformed_experiment',
      fields: { endsOn: expect.stringContaining('must not be forgotten') },
    });
    const made = await succeed<Experiment>(app, owner, 'createExperiment', { body: terms });
    const params = { experimentId: made.id };
    const renamed = await succeed<Experiment>(app, owner, 'changeExperiment', {
      params,
      headers: ifMatch(made),
      body: { ...terms, name: 'Leave a few alone' },
    });
    const begun = await succeed<Experiment>(app, owner, 'startExperiment', {
      params,
      headers: ifMatch(renamed),
      body: { segmentId: null },
    });
    expect(begun.state).toBe('running');
    const wider = await succeed<Experiment>(app, owner, 'widenExperiment', {
      params,
      headers: ifMatch(begun),
      body: { share: 2500 },
    });
    const again = await operate(app, owner, 'widenExperiment', {
      params,
      headers: ifMatch(begun),
      body: { share: 5000 },
    });
    expect(again.json()).toMatchObject({ status: 412, code: 'changed_meanwhile' });
    const shown = await get<{ results: { conclusions: string[] }; history: { kind: string }[] }>(
      'getExperiment',
      params,
    );
    expect(shown.results.conclusions).toEqual([
      'Nobody has entered yet. People enter with the next run of the strategy.',
    ]);
    expect(shown.history.map((step) => step.kind)).toEqual(['created', 'changed', 'started', 'widened']);
    const stopped = await succeed<Experiment>(app, owner, 'stopExperiment', {
      params,
      headers: ifMatch(wider),
      body: { reason: 'Counsel asked for it.' },
    });
    const { exceptions } = await get<{ exceptions: { kind: string }[] }>('getToday');
    expect(exceptions.map((one) => one.kind)).toContain('experiment_stopped');
    const decided = await succeed<Experiment>(app, owner, 'decideExperiment', {
      params,
      headers: ifMatch(stopped),
      body: { arm: 0, why: 'Nobody is left alone.' },
    });
    expect(decided.state).toBe('decided');
    expect(await get<{ lines: object[] }>('listExperiments')).toMatchObject({
      lines: [{ strategyId: champion, experimentId: null }],
    });
  });
});

describe('simulations', () => {
  it('are started, watched, cancelled, worked out and read', async () => {
    const { rows: none, strategies } = await get<Rows & { strategies: { name: string }[] }>('listSimulations');
    expect(none).toEqual([]);
    const name = strategies[0]?.name ?? '';
    const body = { title: 'Next month', from: '2026-03-04', days: 30, strategy: { name } };
    const made = await succeed<Row>(app, owner, 'startSimulation', { body });
    const params = { simulationId: made.id };
    expect(await get('getSimulation', params)).toMatchObject({ state: 'waiting', report: null });
    expect(await succeed(app, owner, 'cancelSimulation', { params })).toMatchObject({ state: 'cancelled' });
    expect((await operate(app, owner, 'cancelSimulation', { params })).json()).toMatchObject({
      code: 'already_closed',
    });
    expect(
      (await operate(app, owner, 'startSimulation', { body: { ...body, from: '2020-01-01' } })).json(),
    ).toMatchObject({
      status: 400,
      code: 'bad_window',
    });
    const second = await succeed<Row>(app, owner, 'startSimulation', { body });
    expect(await workSimulations(running.installation, acme.tenantId, systemActor('test'))).toBe(true);
    expect(await workSimulations(running.installation, acme.tenantId, systemActor('test'))).toBe(false);
    expect(await get('getSimulation', { simulationId: second.id })).toMatchObject({
      state: 'done',
      report: { from: '2026-03-04', through: '2026-04-02', sides: [{ key: 'simulated' }, { key: 'today' }] },
    });
    expect(await get('listSimulatedAccounts', { simulationId: second.id })).toEqual({ rows: [], nextCursor: null });
  });
});

type Designed = { readonly id: string; readonly draft: (Row & { definition: Definition }) | null };
type Definition = { readonly steps: readonly { readonly day: number }[] };

describe('designing treatment', () => {
  it('drafts a strategy, says what stands against it and what it changes, and publishes it', async () => {
    const made = await succeed<Designed>(app, owner, 'createStrategy', {
      body: { name: 'Key customers', startingPoint: 'people_first' },
    });
    const params = { strategyId: made.id };
    const definition = made.draft?.definition as Definition;
    const twice = { ...definition, steps: definition.steps.map((step) => ({ ...step, day: 7 })) };
    const checked = await succeed<{ faults: { path: string }[] }>(app, owner, 'checkStrategy', {
      body: { definition: twice, strategyId: made.id },
    });
    expect(checked.faults.map(({ path }) => path)).toContain('steps.1.day');
    const faulty = await succeed<Row>(app, owner, 'changeDraft', {
      params,
      headers: ifMatch(made.draft as Row),
      body: { definition: twice },
    });
    const refused = await operate(app, owner, 'publishStrategy', { params, headers: ifMatch(faulty), body: {} });
    expect(refused.json()).toMatchObject({
      status: 400,
      code: 'malformed_definition',
      fields: { 'steps.1.day': expect.stringContaining('same day') },
    });
    const stale = await operate(app, owner, 'changeDraft', {
      params,
      headers: ifMatch(made.draft as Row),
      body: { definition },
    });
    expect(stale.json()).toMatchObject({ status: 412, code: 'changed_meanwhile' });
    const mended = await succeed<Row>(app, owner, 'changeDraft', {
      params,
      headers: ifMatch(faulty),
      body: { definition },
    });
    await succeed(app, owner, 'setPublishing', { body: { twoPeople: true } });
    const alone = await operate(app, owner, 'publishStrategy', { params, headers: ifMatch(mended), body: {} });
    expect(alone.json()).toMatchObject({ status: 422, code: 'same_person' });
    await succeed(app, owner, 'setPublishing', { body: { twoPeople: false } });
    const published = await succeed<Designed>(app, owner, 'publishStrategy', {
      params,
      headers: ifMatch(mended),
      body: { takesOver: 'next_stage' },
    });
    expect(published).toMatchObject({
      draft: null,
      versions: [{ version: 1, state: 'in_effect', takesOver: 'next_stage', words: { steps: [{}, {}, {}, {}, {}] } }],
    });

    const shorter = { ...definition, steps: definition.steps.slice(1) };
    const body = { definition: shorter };
    const second = await succeed<Row>(app, owner, 'changeDraft', { params, headers: { 'if-match': '"0"' }, body });
    expect(
      await succeed(app, owner, 'checkStrategy', { body: { definition: shorter, strategyId: made.id } }),
    ).toMatchObject({ comparedWith: 1, changes: [{ kind: 'removed' }] });
    await succeed(app, owner, 'publishStrategy', {
      params,
      headers: ifMatch(second),
      body: { effectiveFrom: '2026-03-09' },
    });
    expect(await get('compareVersions', params, { from: '1', to: '2' })).toMatchObject({
      changes: [{ kind: 'removed', sentence: expect.stringContaining('Courtesy notice') }],
    });
    expect(await get('readStrategy', params)).toMatchObject({
      versions: [{ state: 'coming' }, { state: 'in_effect' }],
    });
    expect(await get('listStrategies')).toMatchObject({
      rows: [{ fallback: true }, { name: 'Key customers', inEffect: { version: 1 }, coming: { version: 2 } }],
    });
    const copy = await succeed<Designed>(app, owner, 'createStrategy', { body: { name: 'Copy', copyOf: made.id } });
    await succeed(app, owner, 'discardDraft', { params: { strategyId: copy.id }, headers: ifMatch(copy.draft as Row) });
    expect((await operate(app, owner, 'readStrategy', { params: { strategyId: copy.id } })).json()).toMatchObject({
      code: 'strategy_not_found',
    });
  });

  it('tries a selection table, puts it in effect, and tells its revisions', async () => {
    const rule = { combinator: 'and', rules: [{ field: 'balance', operator: '>=', value: '1000' }] };
    const segment = await succeed<Row>(app, owner, 'createSegment', { body: { name: 'Large', rule } });
    const { rows: strategies } = await get<{ rows: { id: string; name: string }[] }>('listStrategies');
    const [standard, key] = strategies;
    const table = { entries: [{ segmentId: segment.id, strategyId: key?.id }], otherwiseId: standard?.id };
    const before = await get<{ revision: number }>('getSelection');
    expect(before).toMatchObject({ fallback: { name: 'b2b-default' } });
    const seen = { 'if-match': `"${before.revision}"` };
    const next = before.revision + 1;
    const tried = await succeed<{ asIs: { followed: object[] }; tried: { followed: object[] } }>(
      app,
      owner,
      'trySelection',
      {
        body: table,
      },
    );
    expect(tried.asIs.followed).toHaveLength(1);
    expect(tried.tried.followed).toHaveLength(2);
    const made = await succeed(app, owner, 'changeSelection', { headers: seen, body: table });
    expect(made).toMatchObject({
      revision: next,
      state: 'in_effect',
      lines: [{ segment: { name: 'Large' }, outdated: false }],
    });
    const late = await operate(app, owner, 'changeSelection', { headers: seen, body: table });
    expect(late.json()).toMatchObject({ status: 412, code: 'changed_meanwhile' });
    const twice = { ...table, entries: [...table.entries, ...table.entries] };
    const faulty = await operate(app, owner, 'changeSelection', {
      headers: { 'if-match': `"${next}"` },
      body: twice,
    });
    expect(faulty.json()).toMatchObject({
      status: 400,
      fields: { 'entries.1': expect.stringContaining('stands above') },
    });
    expect(await get('getSelection')).toMatchObject({
      revision: next,
      rows: expect.arrayContaining([expect.objectContaining({ revision: next, state: 'in_effect' })]),
    });
  });

  it('looks through a dry run and through what a run decided', async () => {
    const dry = await succeed<{ id: string; groups: { reasonCode: string; accounts: number }[] }>(
      app,
      owner,
      'rehearseDay',
      {
        body: { asOf: '2026-03-20' },
      },
    );
    expect(await get('listRehearsals')).toMatchObject({ rows: [{ id: dry.id, asOf: '2026-03-20' }] });
    const params = { rehearsalId: dry.id };
    const seen = await get<{ rows: { sentence: string }[]; nextCursor: string }>('listRehearsalRows', params, {
      limit: '1',
    });
    expect(seen.rows).toMatchObject([{ outcome: 'act', sentence: expect.stringContaining(' is due.') }]);
    const rest = await get<{ rows: object[] }>('listRehearsalRows', params, { cursor: seen.nextCursor });
    const total = dry.groups.reduce((sum, { accounts }) => sum + accounts, 0);
    expect(rest.rows).toHaveLength(total - 1);
    const [run] = (await get<Rows>('listRuns')).rows;
    const runParams = { runId: run?.id ?? '' };
    const head = await get<{ decided: { reasonCode: string; accounts: number }[] }>('getRun', runParams);
    const [most] = head.decided;
    const decisions = await get<{ rows: object[] }>('listRunDecisions', runParams, { reason: most?.reasonCode ?? '' });
    expect(decisions.rows).toHaveLength(most?.accounts ?? 0);
  });
});

describe('priority', () => {
  type Weights = {
    inEffect: { revision: number; weights: { acts: { call: { costMinor: number } } } };
    newestRevision: number;
  };

  it('is reckoned by weights that are read, tried and written, and refused in words', async () => {
    const { inEffect, newestRevision: seen } = await get<Weights>('getWeights');
    expect(inEffect.revision).toBe(0);
    const acts = { ...inEffect.weights.acts, call: { effect: 100, costMinor: 800 } };
    const dear = { ...inEffect.weights, acts };
    const { rows } = await succeed<{ rows: { kind: string; priority: string; priorityNow: string; place: number }[] }>(
      app,
      owner,
      'tryWeights',
      { body: { weights: dear } },
    );
    expect(rows.map((row) => row.place)).toEqual(rows.map((_, at) => at + 1));
    for (const row of rows.filter((one) => one.kind === 'call'))
      expect(Number(row.priority) * 2).toBeLessThanOrEqual(Number(row.priorityNow));
    const faulty = { ...inEffect.weights, acts: { ...acts, email: { effect: 1, costMinor: 0 } } };
    for (const operation of ['tryWeights', 'changeWeights'])
      expect((await operate(app, owner, operation, { body: { weights: faulty, seen } })).json()).toMatchObject({
        status: 400,
        code: 'malformed_weights',
        fields: { 'acts.email.costMinor': expect.stringContaining('above zero') },
      });
    const written = await succeed<Weights>(app, owner, 'changeWeights', { body: { weights: dear, seen } });
    expect(written).toMatchObject({ newestRevision: 1, inEffect: { revision: 1, weights: dear } });
    expect((await operate(app, owner, 'changeWeights', { body: { weights: faulty, seen } })).json()).toMatchObject({
      status: 412,
      code: 'changed_meanwhile',
    });
  });

  it('decides what a budget of the day leaves', async () => {
    expect(await get('getBudgets')).toMatchObject({ newestRevision: 0, inEffect: { lines: [] } });
    const lines = [{ action: 'call_task', clientId: null, perDay: 500 }];
    expect(await succeed(app, owner, 'changeBudgets', { body: { lines, seen: 0 } })).toMatchObject({
      newestRevision: 1,
      inEffect: { lines: [{ ...lines[0], used: expect.any(Number) }] },
      toCome: [],
    });
    const half = [{ ...lines[0], perDay: 0.5 }];
    expect((await operate(app, owner, 'changeBudgets', { body: { lines: half, seen: 1 } })).json()).toMatchObject({
      status: 400,
      code: 'malformed_budgets',
      fields: { 'lines.0.perDay': 'Write a whole number from 0 to 10,000,000.' },
    });
  });
});

describe('templates', () => {
  const use = { channel: 'email', debtKind: 'commercial', purpose: 'notice_2', language: 'en' };
  const audience = { collectorType: 'first_party', jurisdictions: ['US', 'US-NY'] };
  const text = { ...use, subject: '{{ client.name }}: reminder', body: 'Please pay {{ summary }}.', audience };
  const publish = (changes: object) =>
    operate(app, owner, 'publishTemplate', { body: { ...text, basedOn: 0, ...changes } });

  it('judges a text as it is written', async () => {
    expect(await succeed(app, owner, 'checkTemplate', { body: text })).toMatchObject({
      refused: false,
      findings: [],
      preview: { subject: expect.stringMatching(/: reminder$/), html: expect.stringContaining('Please pay USD') },
    });
    const body = 'Dear customer, you will be arrested.';
    const { findings } = await succeed<{ findings: { start: number; end: number; citation: string }[] }>(
      app,
      owner,
      'checkTemplate',
      { body: { ...text, body } },
    );
    expect(findings.map(({ start, end }) => body.slice(start, end))).toEqual(['you will be arrested']);
  });

  it('publishes versions that do not change, refuses by name, and rolls back by publishing again', async () => {
    expect(await succeed(app, owner, 'publishTemplate', { body: { ...text, basedOn: 0 } })).toMatchObject({
      version: 1,
    });
    for (const [changes, status, code] of [
      [{ body: '{{ no_such }}', basedOn: 1 }, 422, 'unknown_variable'],
      [{ body: '{% if %}', basedOn: 1 }, 422, 'bad_template'],
      [{ body: 'You will be arrested.', basedOn: 1 }, 422, 'forbidden_content'],
      [
        {
          debtKind: 'consumer',
          audience: { collectorType: 'third_party', jurisdictions: ['US', 'US-CA'] },
          subject: 'About your account',
        },
        422,
        'missing_phrase',
      ],
      [{ subject: null, basedOn: 1 }, 422, 'unsuitable_template'],
      [{ body: 'Other words.' }, 412, 'changed_meanwhile'],
    ] as const) {
      const answer = await publish(changes);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
    }
    await succeed(app, owner, 'publishTemplate', { body: { ...text, body: 'Other words.', basedOn: 1 } });
    await succeed(app, owner, 'publishTemplate', { body: { ...text, basedOn: 2 } });
    const { rows } = await get<{ rows: { version: number; body: string }[] }>('listTemplateVersions', {}, use);
    expect(rows.map(({ version, body }) => [version, body.slice(0, 11)])).toEqual([
      [3, 'Please pay '],
      [2, 'Other words'],
      [1, 'Please pay '],
      [0, expect.any(String)],
    ]);
    const list = await get<{ rows: { purpose: string; channel: string; debtKind: string; version: number }[] }>(
      'listTemplates',
    );
    expect(list.rows.find((row) => row.purpose === 'notice_2' && row.channel === 'email')).toMatchObject({
      version: 3,
    });
  });

  it('judges a notice sent by hand while it is written; what is refused is kept with the reason and asks no gate', async () => {
    const body = { comment: 'We will tell your employer.' };
    const params = one('accountId');
    expect(await succeed(app, owner, 'checkNotice', { params, body })).toMatchObject({
      refused: true,
      findings: [{ ruleId: 'US-FDCPA-OTHER.threats', part: 'body' }],
    });
    const sent = await succeed<{ messageId: string }>(app, owner, 'sendNow', { params, body });
    expect(sent).toMatchObject({ state: 'denied', why: { outcome: 'deny', reasons: [{ cure: expect.any(String) }] } });
    expect(await get('getMessage', { messageId: sent.messageId })).toMatchObject({
      state: 'denied',
      stateReason: expect.stringContaining('tell your employer'),
      permit: {
        outcome: 'deny',
        version: expect.stringContaining('content-house'),
        reasons: [{ code: 'US-FDCPA-OTHER.threats' }],
      },
    });
  });
});

async function holdersAccount(): Promise<string> {
  const found = await get<Rows>('listAccounts', {}, { q: 'Quokka Bakery' });
  return found.rows[0]?.id ?? '';
}

describe('the worklist', () => {
  it('hands out an account with the call already checked, closes and reopens', async () => {
    // What automation planned went with the stops of the filling; what a person chose stands.
    const mills = (await get<Rows>('listAccounts', {}, { q: 'Quokka Mills' })).rows[0]?.id ?? '';
    await succeed(app, owner, 'logCall', {
      params: { accountId: mills },
      body: { direction: 'in', outcome: 'conversation', callBackOn: '2026-03-03' },
    });
    const next = await succeed<{ task: Row | null }>(app, owner, 'nextAccount', { body: {} });
    expect(next).toMatchObject({
      account: { id: expect.any(String) },
      call: { outcome: expect.any(String) },
      claimedUntil: expect.any(String),
    });
    const params = { taskId: next.task?.id ?? '' };
    expect(await succeed(app, owner, 'closeTask', { params, body: { outcome: 'Settled by e-mail' } })).toMatchObject({
      state: 'done',
    });
    expect(await succeed(app, owner, 'reopenTask', { params, body: {} })).toMatchObject({ state: 'open' });
  });

  it('waits with what a strategy wants agreed to, until a second person answers', async () => {
    const reply = { key: 'look', title: 'Look at it', on: 'reply', afterDays: 0, action: 'specialist_task', level: 1 };
    await actIn(running.installation, acme.tenantId, systemActor('designer'), (ctx) =>
      publishVersion(ctx, {
        name: 'b2b-default',
        definition: { ...defaultB2b, reactions: [{ ...reply, approval: true }] },
      }),
    );
    const mills = (await get<Rows>('listAccounts', {}, { q: 'Quokka Mills' })).rows[0]?.id ?? '';
    await succeed(app, owner, 'logCall', {
      params: { accountId: mills },
      body: { direction: 'in', outcome: 'conversation' },
    });
    await answerEvents(running.installation, acme.tenantId, systemActor('worker'));
    type Tasks = { readonly rows: readonly { readonly id: string; readonly kind: string }[] };
    const { rows } = await get<Tasks>('listTasks', {}, { queue: 'manager' });
    const params = { taskId: rows.find((task) => task.kind === 'approval')?.id ?? '' };
    const closed = await operate(app, owner, 'closeTask', { params, body: { outcome: 'Looks good' } });
    expect(closed.json()).toMatchObject({ status: 422, code: 'refused' });
    expect((await operate(app, owner, 'decidePlan', { params, body: { approve: false } })).json()).toMatchObject({
      status: 422,
      code: 'refused',
    });
    expect(await succeed(app, owner, 'decidePlan', { params, body: { approve: true } })).toMatchObject({
      state: 'done',
      outcome: 'Agreed',
    });
    expect(await get('listTasks', {}, { queue: 'specialist' })).toMatchObject({
      rows: [{ kind: 'specialist', account: { id: mills } }],
    });
  });
});

type CaseSeen = Row & { readonly accounts: Row[]; readonly assignedTo: Row | null };

describe('people', () => {
  it('works accounts of one person as a case', async () => {
    // The two that the filling has merged.
    const merged = await get<{ rows: { one: { accounts: Row[] }; other: { accounts: Row[] } }[] }>(
      'listMatches',
      {},
      { state: 'merged' },
    );
    const twins = merged.rows.flatMap((pair) => [...pair.one.accounts, ...pair.other.accounts]).map((row) => row.id);
    expect(twins).toHaveLength(2);
    const me = await get<{ user: Row }>('getSession');
    const strangers = await operate(app, owner, 'openCase', {
      body: { accountIds: [twins[0], await holdersAccount()] },
    });
    expect(strangers.json()).toMatchObject({ status: 422, code: 'other_person' });
    const opened = await succeed<CaseSeen>(app, owner, 'openCase', { body: { accountIds: [twins[0]] } });
    const params = { caseId: opened.id };
    expect((await operate(app, owner, 'openCase', { body: { accountIds: twins } })).json()).toMatchObject({
      code: 'already_in_case',
    });
    const grown = await succeed<CaseSeen>(app, owner, 'addToCase', { params, body: { accountIds: [twins[1]] } });
    expect(grown.accounts.map((account) => account.id).toSorted()).toEqual(twins.toSorted());
    const given = await succeed<CaseSeen>(app, owner, 'assignCase', {
      params,
      body: { assignedTo: me.user.id },
      headers: ifMatch(grown),
    });
    expect(given.assignedTo?.id).toBe(me.user.id);
    expect(await get('getAccount', { accountId: twins[1] ?? '' })).toMatchObject({
      case: { id: opened.id },
      assignedTo: { id: me.user.id },
    });
    expect(
      (await operate(app, owner, 'assignCase', { params, body: { assignedTo: null }, headers: ifMatch(grown) })).json(),
    ).toMatchObject({
      status: 412,
    });
    await succeed(app, owner, 'removeFromCase', { params: { ...params, accountId: twins[1] ?? '' } });
    const closed = await succeed<CaseSeen>(app, owner, 'closeCase', {
      params,
      body: { reason: 'Paid' },
      headers: ifMatch(await get<CaseSeen>('getCase', params)),
    });
    expect(closed).toMatchObject({ closeReason: 'Paid' });
    expect(await get<Rows>('listCases', {}, { state: 'closed' })).toMatchObject({ rows: [{ id: opened.id }] });
    expect(await succeed(app, owner, 'reopenCase', { params, body: {}, headers: ifMatch(closed) })).toMatchObject({
      closedAt: null,
    });
  });

  it('links somebody known and somebody new, ends a link and takes the end back', async () => {
    const found = await get<Rows>('searchParties', {}, { q: 'Quokka Counsel' });
    expect(found.rows).toMatchObject([{ id: ids['partyId'], kind: 'business', accounts: 0 }]);
    const params = one('accountId');
    const added = await succeed<Row>(app, owner, 'addLink', {
      params,
      body: { role: 'guarantor', partyId: ids['partyId'], effectiveFrom: '2026-02-01' },
    });
    expect(added).toMatchObject({ role: 'guarantor', direction: 'has', live: true });
    const twice = await operate(app, owner, 'addLink', {
      params,
      body: { role: 'guarantor', partyId: ids['partyId'], effectiveFrom: '2026-03-01' },
    });
    expect(twice.json()).toMatchObject({ status: 409, code: 'already_linked' });
    const both = await operate(app, owner, 'addLink', { params, body: { role: 'other', effectiveFrom: '2026-03-01' } });
    expect(both.json()).toMatchObject({ code: 'invalid' });
    const end = (row: Row, on: string | null) =>
      succeed<Row>(app, owner, 'endLink', { params: { linkId: row.id }, body: { on }, headers: ifMatch(row) });
    const ended = await end(added, '2026-03-01');
    expect((await get<{ rows: { id: string; live: boolean }[] }>('listLinks', params)).rows).toMatchObject([
      { id: ids['linkId'], live: true },
      { id: added.id, live: false },
    ]);
    await end(await end(ended, null), '2026-02-01');
    expect((await get<Rows>('listLinks', params)).rows.map((row) => row.id)).toEqual([ids['linkId']]);
  });

  it('reviews pairs: keeps them apart, merges and parts them', async () => {
    expect(await succeed(app, owner, 'findMatches', { body: {} })).toMatchObject({
      found: 0,
      progress: { roundDone: true },
    });
    const [pair] = (await get<Rows>('listMatches')).rows;
    expect(pair).toMatchObject({ id: ids['matchId'], score: 85, signals: [{ kind: 'name' }, { kind: 'email' }] });
    const params = one('matchId');
    const dismissed = await succeed<Row>(app, owner, 'dismissMatch', { params, headers: ifMatch(pair as Row) });
    const again = await succeed<Row>(app, owner, 'reopenMatch', { params, headers: ifMatch(dismissed) });
    expect(await get('getMatch', params)).toMatchObject({ state: 'open', consequences: { accounts: 2, clients: 1 } });
    const merged = await succeed<{ mergeId: string }>(app, owner, 'mergeMatch', {
      params,
      body: {},
      headers: ifMatch(again),
    });
    expect((await operate(app, owner, 'mergeMatch', { params, body: {}, headers: ifMatch(again) })).statusCode).toBe(
      409,
    );
    await succeed(app, owner, 'undoMerge', { params: { mergeId: merged.mergeId } });
    expect((await operate(app, owner, 'undoMerge', { params: { mergeId: merged.mergeId } })).json()).toMatchObject({
      code: 'already_undone',
    });
    expect(await get('getMatch', params)).toMatchObject({ state: 'open', mergeId: null });
  });
});

describe('the outbox', () => {
  it('lets a person say what became of an uncertain message', async () => {
    // A sent message is final; past the triggers, this one is made to look as if the provider's answer had been lost.
    await database.asSuperuser(async (client) => {
      await client.query('set session_replication_role = replica');
      await client.query(`update outreach.messages set state = 'uncertain' where id = $1`, [ids['messageId']]);
    });
    expect(
      await succeed(app, owner, 'resolveUncertain', {
        params: one('messageId'),
        body: { outcome: 'sent', evidence: 'The debtor answered.' },
      }),
    ).toMatchObject({ state: 'sent' });
  });
});

describe('money', () => {
  it('is reallocated, reviewed and taken back', async () => {
    const receipt = await get<Row>('getReceipt', one('receiptId'));
    const body = {
      accountId: ids['accountId'],
      parts: [{ itemId: ids['itemId'], amountMinor: '3000' }],
      reason: 'They wrote which one.',
    };
    const moved = await succeed<Row>(app, owner, 'reallocate', {
      params: one('receiptId'),
      body,
      headers: ifMatch(receipt),
    });
    expect(moved).toMatchObject({ unappliedMinor: '2000' });
    const reviewed = await succeed<Row>(app, owner, 'reviewReceipt', { params: one('receiptId') });
    expect(
      await succeed(app, owner, 'reverseReceipt', {
        params: one('receiptId'),
        body: { on: '2026-03-03', reason: 'bounced' },
        headers: ifMatch(reviewed),
      }),
    ).toMatchObject({ state: 'reversed' });
  });
});

describe('files', () => {
  it('lists, mends, discards and exports rejects', async () => {
    const params = one('importId');
    const rejects = await get<{ rows: { rowNo: number; cells: Record<string, string> }[] }>('listRejects', params);
    expect(await get<string>('exportRejects', params)).toContain('Quokka-1006');
    const [late, nameless] = rejects.rows;
    const mended = await succeed(app, owner, 'retryRejects', {
      params,
      body: { rows: [{ rowNo: late?.rowNo, cells: { 'Due Date': '2026-03-22' } }] },
    });
    expect(mended).toEqual({ takenIn: 1, stillRejected: [] });
    expect(await succeed(app, owner, 'discardRejects', { params, body: { rowNos: [nameless?.rowNo] } })).toEqual({
      discarded: 1,
    });
  });

  it('asks before a full snapshot closes much, and can be told no', async () => {
    const text =
      'Customer No,Customer Name,Invoice No,Invoice Date,Due Date,Amount,Currency\nQuokka-C1,Quokka Foundry,Quokka-1001,2026-01-05,2026-02-04,1200.00,USD';
    const id = await importFile(
      { running, opened: acme, owner, canary: 'Quokka' },
      'items',
      'snapshot.csv',
      text,
      null,
      { fullSnapshot: true },
    );
    expect(await get('getImport', { importId: id })).toMatchObject({
      state: 'needs_confirmation',
      confirmation: expect.stringContaining('open items are not in it'),
    });
    expect(
      await succeed(app, owner, 'confirmImport', { params: { importId: id }, body: { proceed: false } }),
    ).toMatchObject({ state: 'cancelled' });
  });

  it('cures what blocks contact, and forgets a mapping', async () => {
    expect(
      await succeed(app, owner, 'stateEmailProcedure', {
        body: { clientId: ids['clientId'], sentOn: '2026-01-02', optOutBy: '2026-02-10', evidence: 'The letter' },
      }),
    ).toEqual({ stated: 0, notPublic: 0 });
    expect(await succeed(app, owner, 'prepareMissingNotices', { body: { clientId: ids['clientId'] } })).toMatchObject({
      prepared: [],
      nextCursor: null,
    });
    expect(
      await succeed(app, owner, 'cureReadiness', {
        body: { clientId: ids['clientId'], country: 'US', timeZone: 'America/Chicago' },
      }),
    ).toMatchObject({ changed: expect.any(Number) });
    await succeed(app, owner, 'deleteMapping', { params: one('mappingId') });
  });

  it('uploads', () => {
    // Every tenant of these tests is filled by uploads; they carry no JSON, so they are counted here.
    answered.add('uploadImport');
  });
});

describe('oversight and settings', () => {
  it('proves the audit trail', async () => {
    // What the worker does within seconds; no worker runs here, and the tests before this one may take longer than that.
    await actIn(running.installation, acme.tenantId, systemActor('worker'), (ctx) => sealAudit(ctx));
    expect(await succeed(app, owner, 'verifyAudit', {})).toMatchObject({ intact: true, findings: [] });
  });

  it('opens a permit, counts what was prevented', async () => {
    const permits = await get<Rows>('listPermits', {}, { decision: 'deny' });
    const opened = await get<{ reasons: { cure: string; citation: string }[]; facts: object[] }>('getPermit', {
      permitId: permits.rows[0]?.id ?? ids['permitId'] ?? '',
    });
    expect(opened.facts.length).toBeGreaterThan(5);
    expect(opened.reasons.every((reason) => reason.cure !== '' && reason.citation !== '')).toBe(true);
    const counted = await get<{ from: string; to: string; acts: number }>('countPrevented');
    expect(counted).toMatchObject({ from: '2026-02-02', to: '2026-03-03' });
    const tooLong = await operate(app, owner, 'countPrevented', { query: { from: '2025-01-01', to: '2026-01-01' } });
    expect(tooLong.json()).toMatchObject({ status: 422, code: 'too_far' });
  });

  it('tightens a rule with two people, who see what it does first', async () => {
    const params = one('tighteningId');
    const officer: Asking = {
      cookie: await running.openMember(acme.tenantId, 'compliance_officer', 'officer@acme.example'),
    };
    const looser = { ruleId: 'B2B-HOURS', parameters: { opens: '05:00' } };
    expect((await operate(app, owner, 'checkTightening', { body: looser })).json()).toMatchObject({
      status: 422,
      code: 'not_stricter',
    });
    const checked = await succeed(app, owner, 'checkTightening', {
      body: { ...looser, parameters: { opens: '10:00' } },
    });
    expect(checked).toMatchObject({ before: [expect.stringContaining('08:00'), expect.anything()] });
    const effect = await get<Record<string, unknown>>('tryOnPlan', params);
    const wanted = { ...looser, parameters: { opens: '10:00' }, from: '2026-04-01' };
    const tried = await succeed<Record<string, unknown>>(app, owner, 'tryTightening', { body: wanted });
    expect(Object.keys(tried).sort()).toEqual(Object.keys(effect).sort());
    const [row] = (await get<{ rows: (Row & { mine: boolean })[] }>('listTightenings')).rows;
    expect(row).toMatchObject({ id: params['tighteningId'], mine: true });
    const approve = { params, body: {}, headers: ifMatch(row as Row) };
    expect((await operate(app, owner, 'approveTightening', approve)).json()).toMatchObject({ code: 'same_person' });
    const approved = await succeed<Row>(app, officer, 'approveTightening', approve);
    expect(approved).toMatchObject({
      state: 'approved',
      effect: (row as unknown as { proposedEffect: object }).proposedEffect,
    });
    const asked = await succeed<Row>(app, officer, 'askWithdrawal', {
      params,
      body: { reason: 'Nobody rang before ten' },
      headers: ifMatch(approved),
    });
    const kept = await succeed<Row>(app, owner, 'answerWithdrawal', {
      params,
      body: { agree: false },
      headers: ifMatch(asked),
    });
    expect(kept).toMatchObject({ state: 'approved' });
    const other = await succeed<Row>(app, owner, 'proposeTightening', {
      body: { ruleId: 'B2B-MAIL-WEEK', parameters: { limit: 2 }, from: '2026-04-01', reason: 'Two are enough' },
    });
    expect(
      await succeed(app, officer, 'rejectTightening', {
        params: { tighteningId: other.id },
        body: { reason: 'Three are lawful' },
        headers: ifMatch(other),
      }),
    ).toMatchObject({ state: 'rejected', note: 'Three are lawful' });
    await replaced(officer);
    const override = one('overrideId');
    const decision = { params: override, body: { approve: true, note: 'I heard the call' } };
    expect((await operate(app, owner, 'decideOverride', decision)).json()).toMatchObject({ code: 'same_person' });
    expect(await succeed(app, officer, 'decideOverride', decision)).toMatchObject({ state: 'approved' });
    expect(await get('listOverrides')).toMatchObject({ rows: [{ state: 'approved', mine: true }] });
  });

  it('hands out evidence packs', async () => {
    const pack = await get<string>('getAccountEvidence', one('accountId'));
    expect(pack).toContain('audit/made.txt');
    const period = { from: '2026-03-03', to: '2026-03-03' };
    expect(await get<string>('getPeriodEvidence', {}, period)).toContain('manifest.json');
    const backwards = await operate(app, owner, 'getPeriodEvidence', {
      query: { from: '2026-03-03', to: '2026-03-02' },
    });
    expect(backwards.json()).toMatchObject({ status: 422, code: 'ends_before_it_begins' });
  });

  it('keeps records, hands them out and forgets a person', async () => {
    const person = await get<string>('exportPerson', one('partyId'));
    expect(person).toContain('Quokka');
    const held = await succeed<{ id: string }>(app, owner, 'placeLegalHold', {
      body: { scope: 'tenant', reason: 'A court asks' },
    });
    const request = () =>
      operate(app, owner, 'requestErasure', {
        body: { partyId: ids['partyId'] ?? '', basis: 'request', reason: 'Asked by letter' },
      });
    expect((await request()).json()).toMatchObject({
      status: 409,
      code: 'must_be_kept',
      detail: expect.stringContaining('A court asks'),
    });
    expect(await get('listLegalHolds')).toMatchObject({ rows: [{ id: held.id, releasedAt: null }] });
    await succeed(app, owner, 'releaseLegalHold', {
      params: { legalHoldId: held.id },
      body: { reason: 'Case closed' },
    });
    const { id: accountId } = await succeed<{ id: string }>(app, owner, 'createAccount', {
      body: {
        clientId: ids['clientId'] ?? '',
        number: 'Q-FORGET',
        party: { kind: 'person', name: 'Quokka Gone' },
        currency: 'USD',
      },
    });
    const { party } = await get<{ party: { id: string } }>('getAccount', { accountId });
    expect(await get<Rows>('listKeptPersons')).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ partyId: party.id })]),
    });
    const ask = () =>
      succeed<{ id: string }>(app, owner, 'requestErasure', {
        body: { partyId: party.id, basis: 'request', reason: 'Asked by letter' },
      });
    await succeed(app, owner, 'withdrawErasure', { params: { erasureId: (await ask()).id }, body: {} });
    const second = { cookie: await running.openMember(acme.tenantId, 'compliance_officer', 'second@acme.example') };
    const declined = { erasureId: (await ask()).id };
    await succeed(app, second, 'declineErasure', { params: declined, body: { reason: 'Not the same person' } });
    const asked = await ask();
    expect(await get('getAccountKeeping', { accountId })).toMatchObject({
      partyId: party.id,
      legalHolds: [],
      obstacles: [],
      erasure: { id: asked.id, state: 'requested' },
    });
    expect(
      (await operate(app, owner, 'approveErasure', { params: { erasureId: asked.id }, body: {} })).json(),
    ).toMatchObject({ status: 422, code: 'same_person' });
    expect(
      (await operate(app, second, 'withdrawErasure', { params: { erasureId: asked.id }, body: {} })).json(),
    ).toMatchObject({ status: 422, code: 'not_yours' });
    await succeed(app, second, 'approveErasure', { params: { erasureId: asked.id }, body: {} });
    expect(await get('listErasures')).toMatchObject({
      rows: [
        { id: asked.id, state: 'approved', mine: true, partyName: 'Quokka Gone' },
        { state: 'declined', declineReason: 'Not the same person' },
        { state: 'withdrawn' },
      ],
    });
    await eraseApproved(running.installation, acme.tenantId);
    expect(await get('getErasure', { erasureId: asked.id })).toMatchObject({
      state: 'done',
      partyName: 'Erased person',
      reason: 'Erased',
      accountNumbers: ['Q-FORGET'],
      emptied: expect.arrayContaining([{ what: 'Persons: name, addresses, numbers', count: 1 }]),
      kept: expect.arrayContaining([expect.objectContaining({ what: 'Audit entries, with their seals' })]),
    });
  });

  it('takes up and closes an incident', async () => {
    const incidents = await get<Rows>('listIncidents');
    const exported = await get<string>('exportIncidents', {}, { state: 'open' });
    expect(exported.split('\r\n')[0]).toBe(
      'Recorded,Happened,Kind,State,Account,Client,What happened,Taken up by,Note,Closed by,Closing note,Permit,Incident',
    );
    expect(exported).toContain(incidents.rows[0]?.id ?? 'an incident');
    expect(await get<string>('exportIncidents', {}, { to: '2020-01-01' })).not.toContain(incidents.rows[0]?.id);
    const incident = await succeed<Row>(app, owner, 'acknowledgeIncident', {
      params: one('incidentId'),
      headers: ifMatch(incidents.rows.find((row) => row.id === ids['incidentId']) as Row),
      body: {},
    });
    expect(incident).toMatchObject({ state: 'acknowledged' });
    const closed = await succeed(app, owner, 'closeIncident', {
      params: one('incidentId'),
      body: { note: 'The collector was told.' },
      headers: ifMatch(incident),
    });
    expect(closed).toMatchObject({ state: 'closed', closingNote: 'The collector was told.' });
  });

  it('keeps members, keys and clients', async () => {
    expect(
      await succeed(app, owner, 'changeMember', { params: one('memberId'), body: { role: 'accountant' } }),
    ).toMatchObject({ role: 'accountant' });
    await succeed(app, owner, 'revokeKey', { params: one('keyId') });
    const input = { name: 'Second client', currency: 'EUR', timeZone: 'Europe/Paris', country: 'FR' };
    const created = await succeed<Row>(app, owner, 'createClient', { body: input });
    expect(
      await succeed(app, owner, 'updateClient', {
        params: { clientId: created.id },
        body: { ...input, name: 'Renamed' },
        headers: ifMatch(created),
      }),
    ).toMatchObject({ name: 'Renamed' });
  });

  it('gives a validation notice and takes what comes back', async () => {
    const accountId = await consumerDebt(app, owner);
    const params = { accountId };
    expect(await get('getCollector')).toMatchObject({ collector: { name: 'North South Group' } });
    const notice = await sentNotice(app, owner, accountId);
    expect(notice).toMatchObject({ state: 'given', providedOn: '2026-03-03', periodEndsOn: '2026-04-09' });
    const paramsOfNotice = { noticeId: notice.id };
    for (const operationId of ['getNoticeHtml', 'getNoticePdf']) {
      expect((await operate(app, owner, operationId, { params: paramsOfNotice })).statusCode).toBe(200);
      answered.add(operationId);
    }
    const reply = await succeed<Row>(app, owner, 'recordNoticeReply', {
      params: paramsOfNotice,
      body: { medium: 'letter', reasons: ['wrong_amount'] },
    });
    expect((await get<{ rows: object[] }>('listNoticeClocks')).rows).toContainEqual(
      expect.objectContaining({ kind: 'verification_due', accountId }),
    );
    expect(
      await succeed(app, owner, 'recordNoticeAnswer', {
        params: { ...params, replyId: reply.id },
        body: { kind: 'verification', sentOn: '2026-03-03', evidence: 'the statement, mailed' },
      }),
    ).toMatchObject({ verificationSentOn: '2026-03-03' });
    expect(
      await succeed(app, owner, 'recordNoticeReturn', {
        params: paramsOfNotice,
        body: { on: '2026-03-03', reason: 'no such number' },
      }),
    ).toMatchObject({ state: 'returned', returnedOn: '2026-03-03' });
    await succeed(app, owner, 'addRepresentative', {
      params,
      body: { role: 'attorney', name: 'Ann Law', postalAddress: '1 Court Street\nBethesda, MD 20814' },
    });
    expect(await get('listAccountNotices', params)).toMatchObject({
      owedMinor: '228456',
      replies: [{ disputes: 'whole', reasons: ['wrong_amount'] }],
    });
  });

  it('moves the sandbox clock and lives through the days between', async () => {
    expect(await succeed(app, owner, 'moveClock', { body: { to: '2026-03-06' } })).toMatchObject({
      days: 3,
      now: '2026-03-06T15:00:00.000Z',
    });
  });
});

describe('what the law weighs', () => {
  const params = one('accountId');
  it('shows the catalogue, takes an event and a stop, and says what stands', async () => {
    const { rows } = await get<{ rows: { type: string }[] }>('listLegalEventTypes');
    expect(rows.map((row) => row.type)).toContain('attorney_notice');
    const body = { type: 'dispute', detail: { form: 'oral', about: 'the amount' }, note: 'Heard on the phone' };
    const first = await succeed<{ eventId: string }>(app, owner, 'recordLegalEvent', { params, body });
    expect(await succeed(app, owner, 'recordLegalEvent', { params, body })).toEqual({ ...first, already: true });
    const bad = await operate(app, owner, 'recordLegalEvent', { params, body: { type: 'dispute', detail: {} } });
    expect(bad.json()).toMatchObject({ status: 422, code: 'invalid', fields: { form: expect.any(String) as string } });
    const stopped = await succeed(app, owner, 'recordStopRequest', {
      params,
      body: { what: 'channel', channel: 'call', form: 'oral', said: 'stop calling' },
    });
    expect(stopped).toMatchObject({ already: false, sentence: expect.stringContaining('No more calls') as string });
    const legal = await get<{ standing: { type: string }[]; wishes: { id: string }[] }>('getLegal', params);
    expect(legal.standing.map((state) => state.type)).toEqual(expect.arrayContaining(['dispute', 'opt_out']));
    await succeed(app, owner, 'endWish', {
      params: { wishId: legal.wishes[0]?.id ?? '' },
      body: { reason: 'They asked to be called again' },
    });
  });

  it('describes a debt once at a time', async () => {
    const body = {
      product: 'trade_credit',
      chargedOffOn: null,
      servicingGroup: null,
      principalMinor: '120000',
      limitation: { kind: 'regime', regime: 'US-NY-WRITTEN', accruedOn: '2026-02-04' },
    };
    const headers = { 'if-match': '"0"' };
    expect(await succeed(app, owner, 'describeDebt', { params, body, headers })).toMatchObject({
      lastDayToSue: '2029-02-04',
      rowVersion: '1',
    });
    expect((await operate(app, owner, 'describeDebt', { params, body, headers })).statusCode).toBe(412);
  });

  it('keeps consents and wishes', async () => {
    const body = { scope: 'call', channel: 'call', evidence: 'Recording 7', detail: { through: '2026-06-30' } };
    const { consentId } = await succeed<{ consentId: string }>(app, owner, 'recordConsent', { params, body });
    const empty = await operate(app, owner, 'recordConsent', { params, body: { ...body, evidence: '' } });
    expect(empty.json()).toMatchObject({ status: 422, code: 'needs_evidence' });
    await succeed(app, owner, 'revokeConsent', { params: { consentId }, body: { said: 'No more' } });
    const again = await operate(app, owner, 'revokeConsent', { params: { consentId }, body: { said: 'No more' } });
    expect(again.json()).toMatchObject({ status: 409, code: 'already_revoked' });
    const wish = { kind: 'inconvenient_time', weekdays: [6, 7], from: '12:00', to: '14:00' };
    await succeed(app, owner, 'recordWish', { params, body: wish });
  });

  it('lists clocks, and lets two people classify a client', async () => {
    await get('listClocks', {}, { state: 'all' });
    const client = one('clientId');
    await get('listClassifications', client);
    const own = await operate(app, owner, 'approveClassification', { params: one('classificationId') });
    expect(own.json()).toMatchObject({ status: 422, code: 'needs_second_person' });
    const email = 'officer@quokka.example';
    const officer = { name: 'Officer', email, role: 'compliance_officer', password: PASSWORD };
    await succeed(app, owner, 'addMember', { body: officer });
    const second: Asking = { cookie: await signIn(app, email) };
    await succeed(app, second, 'approveClassification', { params: one('classificationId') });
    const seen = await get<{ rows: { approvedBy: string | null }[] }>('listClassifications', client);
    expect(seen.rows[0]?.approvedBy).toBe('Officer');
    await succeed(app, owner, 'classifyClient', {
      params: client,
      body: { collector: 'third_party', evidence: 'Agency agreement', effectiveFrom: '2026-03-03' },
    });
  });
});

/** Replaces a secondary rule on counsel's advice with two people, and lets it end the same way. */
async function replaced(officer: Asking): Promise<void> {
  const law = await operate(app, owner, 'tryReplacement', {
    body: { ruleId: 'US-REGF-14B-7IN7', mode: 'off', from: '2026-04-01' },
  });
  expect(law.json()).toMatchObject({ status: 422, code: 'not_replaceable' });
  expect(law.json<{ detail: string }>().detail).toContain('US-REGF-14B-7IN7 is law, cannot be loosened');
  const wanted = { ruleId: 'US-DC-4CALLS', mode: 'on', parameters: { limit: 3 }, from: '2026-04-01' };
  expect(await succeed(app, owner, 'tryReplacement', { body: wanted })).toMatchObject({
    inWords: { before: [expect.stringContaining('At most 4'), expect.anything()] },
  });
  const params = one('replacementId');
  const file = await operate(app, owner, 'getEvidence', { params: one('evidenceId') });
  answered.add('getEvidence');
  expect(file.body).toContain('says three calls a week');
  expect(file.headers['content-disposition']).toContain('attachment');
  await get('tryReplacementOnPlan', params);
  const [row] = (await get<{ rows: (Row & { evidence: object })[] }>('listReplacements')).rows;
  expect(row).toMatchObject({ mine: true, mode: 'on', evidence: { id: ids['evidenceId'], mediaType: 'text/plain' } });
  const approve = { params, body: {}, headers: ifMatch(row as Row) };
  expect((await operate(app, owner, 'approveReplacement', approve)).json()).toMatchObject({ code: 'same_person' });
  const approved = await succeed<Row>(app, officer, 'approveReplacement', approve);
  expect(approved).toMatchObject({ state: 'approved', from: '2026-04-01' });
  const rules = await get<{ packs: { rules: { id: string; confidence: string; replacedBy: string | null }[] }[] }>(
    'listRules',
  );
  const texts = rules.packs.flatMap((pack) => pack.rules).filter((rule) => rule.id === 'US-DC-4CALLS');
  expect(texts.map((text) => [text.confidence, text.replacedBy])).toEqual([
    ['S', ids['replacementId']],
    ['counsel', ids['replacementId']],
  ]);
  const asked = await succeed<Row>(app, officer, 'askReplacementEnd', {
    params,
    body: { reason: 'Counsel changed their mind' },
    headers: ifMatch(approved),
  });
  expect(
    await succeed(app, owner, 'answerReplacementEnd', { params, body: { agree: true }, headers: ifMatch(asked) }),
  ).toMatchObject({ state: 'withdrawn', withdrawnBy: expect.any(String) });
  const other = await succeed<Row>(app, owner, 'proposeReplacement', {
    body: { ...wanted, mode: 'off', parameters: {}, reason: 'Not our law', evidenceId: ids['evidenceId'] },
  });
  expect(
    await succeed(app, officer, 'rejectReplacement', {
      params: { replacementId: other.id },
      body: { reason: 'It is' },
      headers: ifMatch(other),
    }),
  ).toMatchObject({ state: 'rejected', note: 'It is' });
}

it('every operation was answered as its contract says', () => {
  expect(everyRoute.map((route) => route.operationId).filter((operationId) => !answered.has(operationId))).toEqual([]);
});

it('the answer to a plain key is the same as to a session', async () => {
  const byKey = await ask(app, { key: acme.key }, 'GET', '/api/v1/clients');
  expect(byKey.statusCode).toBe(200);
  expect(byKey.json()).toEqual(await get('listClients'));
});
