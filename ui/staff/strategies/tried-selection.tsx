import type { Output } from '../../kit/operations.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';

type Tried = Output<'trySelection'>;
type Day = Tried['tried'];
/** An answer with the table it was given to. */
export type Shown = { readonly text: string; readonly data: Tried };
export const shownOf = (text: string, data: Tried): Shown => ({ text, data });

type Row = { readonly name: string; readonly before: number; readonly after: number };
type Group = { readonly title: string; readonly rows: readonly Row[] };

const joined = (
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  name: (key: string) => string,
): Row[] =>
  [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .map((key) => ({ name: name(key), before: before[key] ?? 0, after: after[key] ?? 0 }))
    .filter((row) => row.before > 0 || row.after > 0)
    .toSorted((a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after));

const followedOf = (day: Day): Record<string, number> => ({
  ...Object.fromEntries(day.followed.map(({ version, accounts }) => [version, accounts])),
  'Kept out of all treatment': day.keptOut,
});

/** What today's run would do with the table, beside what it would do without it. */
export function TriedSelection({ tried: { asIs, tried } }: { readonly tried: Tried }) {
  const format = useFormat();
  const groups: Group[] = [
    {
      title: 'Accounts that owe, by what they follow',
      rows: joined(followedOf(asIs), followedOf(tried), (name) => name),
    },
    { title: 'Would be planned today', rows: joined(asIs.actions, tried.actions, words) },
    { title: 'Left alone today', rows: joined(asIs.nonActions, tried.nonActions, words) },
  ];
  const signed = (value: number) => (value === 0 ? '–' : `${value > 0 ? '+' : '−'}${format.count(Math.abs(value))}`);
  return (
    <ScrollRegion label="As it is, and with this table">
      <table className="table tried-table" aria-label="What it would do today">
        <thead>
          <tr>
            <th scope="col">Of {format.count(tried.accounts)} accounts</th>
            <th scope="col" className="right">
              As it is
            </th>
            <th scope="col" className="right">
              With this table
            </th>
            <th scope="col" className="right">
              Difference
            </th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.title}>
            <tr>
              <th scope="rowgroup" colSpan={4} className="tried-group">
                {group.title}
              </th>
            </tr>
            {group.rows.length === 0 && (
              <tr>
                <td className="muted" colSpan={4}>
                  Nothing
                </td>
              </tr>
            )}
            {group.rows.map((row) => (
              <tr key={row.name}>
                <td>{row.name}</td>
                <td className="right num soft">{format.count(row.before)}</td>
                <td className="right num">{format.count(row.after)}</td>
                <td className={`right num ${row.after === row.before ? 'muted' : 'strong'}`}>
                  {signed(row.after - row.before)}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </ScrollRegion>
  );
}
