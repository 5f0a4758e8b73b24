import { describe, expect, test } from 'vitest';
import { importsOf, isTest, type Source, sourcesIn } from './sources.ts';

const HUB = ['parties', 'ledger', 'accounts'];

/** Which rooms a room may enter, besides the kernel. */
function roomsOpenTo(room: string): readonly string[] {
  switch (room) {
    case 'identity':
      return [];
    case 'parties':
    case 'ledger':
    case 'insights':
      return ['identity'];
    case 'accounts':
      return ['identity', 'parties', 'ledger'];
    case 'outreach':
      return ['identity', ...HUB, 'compliance'];
    default:
      return ['identity', ...HUB];
  }
}

const roomOf = (path: string): string | null => /^src\/modules\/([^/]+)\//.exec(path)?.[1] ?? null;
const isContract = (path: string): boolean => /^src\/edge\/[^/]+\/contract(\/|\.ts$)/.test(path);
const isDoor = (path: string): boolean => /^src\/modules\/[^/]+\/public\.ts$/.test(path);
const isBuilder = (path: string): boolean => /^src\/modules\/[^/]+\/testing\.ts$/.test(path);

/** Why this import is not allowed, or null. */
export function objection(from: string, to: string): string | null {
  if (!to.startsWith('src/') && !to.startsWith('ui/') && !to.startsWith('test/') && !to.startsWith('db/')) return null;
  const inTest = isTest(from) || isBuilder(from);
  if (to.startsWith('test/') && !isTest(from) && from !== 'db/write-schema.ts')
    return 'only tests may use test support';
  if (isBuilder(to) && !inTest) return "another room's test builders are for tests";

  const target = roomOf(to);
  const room = roomOf(from);
  if (target !== null && target !== room) {
    const throughDoor = isDoor(to) || (inTest && isBuilder(to)) || from.startsWith('test/support/');
    if (!throughDoor) return `enter the room through src/modules/${target}/public.ts`;
  }
  if (inTest) return null;

  if (from.startsWith('src/kernel/')) return to.startsWith('src/kernel/') ? null : 'the kernel knows nothing of ours';
  if (room !== null) {
    if (to.startsWith('src/kernel/') || target === room) return null;
    if (target === null) return 'a room knows the kernel and rooms, nothing above them';
    return roomsOpenTo(room).includes(target)
      ? null
      : `${room} may enter: ${roomsOpenTo(room).join(', ') || 'no room'}`;
  }
  if (from.startsWith('src/flows/')) {
    return target !== null || /^src\/(kernel|flows)\//.test(to) ? null : 'a flow knows the kernel and rooms';
  }
  if (isContract(from)) return isContract(to) ? null : 'a contract is all that the browser sees: it stands alone';
  if (from.startsWith('src/edge/')) {
    return target !== null || /^src\/(kernel|flows|edge)\//.test(to)
      ? null
      : 'an edge knows the kernel, rooms and flows';
  }
  if (from.startsWith('ui/'))
    return to.startsWith('ui/') || isContract(to) ? null : 'the web app knows only edge contracts';
  return null;
}

function objectionsTo(source: Source): string[] {
  return importsOf(source).flatMap((to) => {
    const reason = objection(source.path, to);
    return reason === null ? [] : [`${source.path} imports ${to}: ${reason}`];
  });
}

test('every import follows the map', () => {
  const sources = sourcesIn(['src', 'ui', 'db', 'test', 'bench']);
  expect(sources.length).toBeGreaterThan(20);
  expect(sources.flatMap(objectionsTo)).toEqual([]);
});

describe('the rule itself', () => {
  const cases: [from: string, to: string, allowed: boolean][] = [
    ['src/kernel/db.ts', 'src/kernel/log.ts', true],
    ['src/kernel/db.ts', 'src/modules/identity/public.ts', false],
    ['src/modules/identity/auth.ts', 'src/modules/parties/public.ts', false],
    ['src/modules/payments/a.ts', 'src/modules/ledger/public.ts', true],
    ['src/modules/payments/a.ts', 'src/modules/ledger/transfer.ts', false],
    ['src/modules/payments/a.ts', 'src/modules/outreach/public.ts', false],
    ['src/modules/outreach/a.ts', 'src/modules/compliance/public.ts', true],
    ['src/modules/payments/a.db.test.ts', 'src/modules/outreach/testing.ts', true],
    ['src/modules/payments/a.ts', 'src/modules/outreach/testing.ts', false],
    ['src/modules/payments/a.ts', 'src/flows/run.ts', false],
    ['src/flows/run.ts', 'src/modules/strategy/public.ts', true],
    ['src/flows/run.ts', 'src/edge/api/server.ts', false],
    ['src/edge/api/a.ts', 'src/flows/run.ts', true],
    ['src/edge/api/contract/a.ts', 'src/kernel/money.ts', false],
    ['ui/staff/a.tsx', 'src/edge/api/contract/route.ts', true],
    ['ui/staff/a.tsx', 'src/kernel/money.ts', false],
  ];
  test.each(cases)('%s → %s: %s', (from, to, allowed) => {
    expect(objection(from, to) === null).toBe(allowed);
  });
});
