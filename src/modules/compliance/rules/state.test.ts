import { describe, expect, test } from 'vitest';
import type { AccountFact, GateFacts } from '../gate-facts.ts';
import type { RuleOf } from '../rule-pack.ts';
import { ownState } from './state.ts';
import { anyRule, said, someCase, someFacts, someHold } from './testing.ts';

type Given = NonNullable<Parameters<typeof someCase>[0]>;
type StateParameters = RuleOf<'own_state'>['parameters'];

const [account] = someFacts().accounts as [AccountFact];
const blocks = (parameters: StateParameters, given: Given = {}) =>
  said(ownState({ ...anyRule, kind: 'own_state', parameters }, someCase(given)));
const accounts = (...changes: Partial<AccountFact>[]): Given => ({
  facts: { accounts: changes.map((one) => ({ ...account, ...one })) },
});
const inDispute = `deny ${account.id} A hold (in dispute) is in force until it is released.`;

describe('a hold', () => {
  const held = (changes: Parameters<typeof someHold>[0], effect?: string) =>
    blocks(
      { state: 'hold', ...(effect !== undefined && { effect }) },
      { facts: { holds: [someHold({ reason: 'in_dispute', ...changes })] } },
    );
  test.each<[string, Parameters<typeof someHold>[0], string | undefined, string[]]>([
    ['in force', {}, undefined, [inDispute]],
    ['of items', { coverage: 'items' }, undefined, []],
    ['of another effect', { effects: ['stop_automatic'] }, undefined, []],
    ['of the effect asked about', { effects: ['stop_automatic'] }, 'stop_automatic', [inDispute]],
    ['without the effect asked about', { effects: ['stop_contact'] }, 'stop_automatic', []],
    ['on another account', { accountId: 'another' }, undefined, []],
    [
      'of the person',
      { accountId: null, coverage: 'party' },
      undefined,
      ['deny A hold (in dispute) is in force until it is released.'],
    ],
    ['from now on', { from: '2026-03-11T16:00:00Z' }, undefined, [inDispute]],
    ['not yet', { from: '2026-03-11T16:00:00.001Z' }, undefined, []],
    [
      'to an end',
      { to: '2026-03-11T16:00:00.001Z' },
      undefined,
      [`defer 2026-03-11T16:00:00.001Z ${account.id} A hold (in dispute) is in force until 2026-03-11T16:00:00.001Z.`],
    ],
    ['ended now', { to: '2026-03-11T16:00:00Z' }, undefined, []],
  ])('%s', (_what, changes, effect, expected) => {
    expect(held(changes, effect)).toEqual(expected);
  });

  test('on everything that is open leaves nothing to speak about', () => {
    const silenced = accounts({ silenced: true });
    const nothing = [`deny ${account.id} Everything open on account A-1 is under a hold.`];
    expect(blocks({ state: 'hold' }, silenced)).toEqual(nothing);
    expect(blocks({ state: 'hold', effect: 'stop_contact' }, silenced)).toEqual(nothing);
    expect(blocks({ state: 'hold', effect: 'stop_automatic' }, silenced)).toEqual([]);
    expect(blocks({ state: 'hold' }, accounts({}))).toEqual([]);
    expect(blocks({ state: 'hold' }, accounts({ id: 'another', silenced: true }))).toEqual([]);
  });
});

describe('a state of the accounts of the act', () => {
  const other: Partial<AccountFact> = { id: 'another', state: 'legal', sensitive: true, dueMinor: '0' };
  test.each<[StateParameters, Partial<AccountFact>, string | null]>([
    [{ state: 'account_state', allowed: ['active'] }, { state: 'active' }, null],
    [{ state: 'account_state', allowed: ['active'] }, { state: 'paid_in_full' }, 'Account A-1 is paid in full.'],
    [{ state: 'account_state' }, { state: 'active' }, 'Account A-1 is active.'],
    [{ state: 'sensitive' }, { sensitive: false }, null],
    [{ state: 'sensitive' }, { sensitive: true }, 'Account A-1 is marked sensitive.'],
    [{ state: 'nothing_due' }, { dueMinor: '1' }, null],
    [{ state: 'nothing_due' }, { dueMinor: '0' }, 'Nothing is owed on account A-1 after credits.'],
    [{ state: 'nothing_due' }, { dueMinor: '-1' }, 'Nothing is owed on account A-1 after credits.'],
  ])('%j, %j', (parameters, changes, sentence) => {
    expect(blocks(parameters, accounts(changes, other))).toEqual(
      sentence === null ? [] : [`deny ${account.id} ${sentence}`],
    );
  });
});

describe('a state of the tenant, the client or the address', () => {
  const stop = (from: string): Partial<GateFacts> => ({
    wideStops: [{ id: 's', scope: 'client', reason: 'wrong balances', from }],
  });
  const feed = (feedThrough: string | null, feedMaxAgeHours: number | null): Partial<GateFacts> => ({
    client: { ...someFacts().client, feedThrough, feedMaxAgeHours },
  });
  const address = (changes: Partial<NonNullable<GateFacts['address']>>): Partial<GateFacts> => ({
    address: { key: 'ap@example.com', quality: 'verified', ended: false, ...changes },
  });
  test.each<[StateParameters['state'], Given, string | null]>([
    ['wide_stop', { facts: stop('2026-03-11T16:00:00Z') }, 'Contact is stopped for the whole client: wrong balances.'],
    ['wide_stop', { facts: stop('2026-03-11T16:00:00.001Z') }, null],
    ['stale_feed', { facts: feed('2026-03-10T16:00:00Z', 24) }, null],
    [
      'stale_feed',
      { facts: feed('2026-03-10T15:59:59.999Z', 24) },
      'The newest data of this client is of 2026-03-10T15:59:59.999Z, older than 24 hours. Import a newer file.',
    ],
    ['stale_feed', { facts: feed(null, 24) }, null],
    ['stale_feed', { facts: feed('2020-01-01T00:00:00Z', null) }, null],
    ['no_address', {}, null],
    ['no_address', { proposal: { addressKey: null } }, 'There is no email address for this person.'],
    ['bad_address', {}, null],
    ['bad_address', { proposal: { addressKey: null } }, null],
    ['bad_address', { proposal: { addressKey: null }, facts: { address: null } }, null],
    ['bad_address', { facts: { address: null } }, 'The address does not belong to this person.'],
    ['bad_address', { facts: address({ key: 'b@example.com' }) }, 'The address does not belong to this person.'],
    ['bad_address', { facts: address({ ended: true }) }, 'The address is no longer in use.'],
    ['bad_address', { facts: address({ quality: 'wrong' }) }, 'The address is marked wrong.'],
    ['bad_address', { facts: address({ quality: 'bounced' }) }, 'The address is marked bounced.'],
    ['not_yet_happened', {}, null],
    ['not_yet_happened', { proposal: { effectiveAt: '2026-03-11T16:00:00Z' } }, null],
    [
      'not_yet_happened',
      { proposal: { effectiveAt: '2026-03-11T16:00:00.001Z' } },
      '2026-03-11T16:00:00.001Z lies in the future.',
    ],
  ])('%s %#', (state, given, sentence) => {
    expect(blocks({ state }, given)).toEqual(sentence === null ? [] : [`deny ${sentence}`]);
  });
});
