export type FactLine = { readonly group: string; readonly name: string; readonly value: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const readable = (name: string): string =>
  name.replaceAll('_', ' ').replaceAll(/([a-z])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`);

// Ids of rows, and a sum without its currency, tell a reader nothing; they are in the export.
const silent = /(^id|Ids?|Key|ClusterId|Minor)$/;

function told(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((one) => told(one) ?? 'none').join(', ');
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  return /^[a-z]+(_[a-z]+)+$/.test(text) ? readable(text) : text;
}

/** Members of one thing on one line; `null` says that there is none, and what is not known is absent. */
function oneLine(thing: Record<string, unknown>, leaveOut: readonly string[] = []): string {
  return Object.entries(thing)
    .filter(([name]) => !silent.test(name) && !leaveOut.includes(name))
    .flatMap(([name, value]) => {
      const said = told(value);
      return said === null ? [] : [`${readable(name)} ${said}`];
    })
    .join(', ');
}

function lines(group: string, thing: unknown): FactLine[] {
  if (!isRecord(thing)) return [];
  return Object.entries(thing)
    .filter(([name]) => name === 'key' || !silent.test(name))
    .map(([name, value]) => ({ group, name: capital(readable(name)), value: told(value) ?? 'none' }));
}

/** The facts stored with a permit as a person reads them, in groups; read leniently, because permits outlive the program's shapes. */
export function factsInWords(facts: unknown): FactLine[] {
  if (!isRecord(facts)) return [];
  const events = records(facts['events']);
  return [
    ...lines('Law', {
      jurisdictions: facts['jurisdictions'],
      collector: facts['collector'],
      debtKind: facts['debtKind'],
    }),
    ...lines('Person', facts['person']),
    ...lines('Reached', facts['recipient']),
    ...(facts['address'] === null
      ? [{ group: 'Address', name: 'Address', value: 'none' }]
      : lines('Address', facts['address'])),
    ...records(facts['accounts']).map((account) => ({
      group: 'Accounts',
      name: told(account['number']) ?? 'Account',
      value: oneLine(account, ['number']),
    })),
    ...lines('Client', facts['client']),
    ...records(facts['holds']).map((hold) => ({
      group: 'Holds and stops',
      name: capital(told(hold['reason']) ?? 'Hold'),
      value: oneLine(hold, ['reason']),
    })),
    ...records(facts['wideStops']).map((stop) => ({
      group: 'Holds and stops',
      name: `Stop of the ${told(stop['scope']) ?? 'tenant'}`,
      value: oneLine(stop, ['scope']),
    })),
    ...(events.length === 0 ? [{ group: 'What had happened', name: 'Events', value: 'none' }] : []),
    ...events.toReversed().map((event) => ({
      group: 'What had happened',
      name: told(event['at']) ?? '',
      value: `${capital(told(event['type']) ?? 'event')}${oneLine(event, ['at', 'type', 'localOn']) && `: ${oneLine(event, ['at', 'type', 'localOn'])}`}`,
    })),
  ];
}
