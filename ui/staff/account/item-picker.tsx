import { Amount } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useFormat } from '../../kit/tenant.tsx';

export type Item = Output<'listItems'>['rows'][number];

/** Items that still owe something; credit notes cannot be promised. */
export const owing = (items: readonly Item[]) => items.filter((item) => BigInt(item.openMinor) > 0n);

export const sumOf = (items: readonly Item[], ids: ReadonlySet<string>) =>
  items.reduce((sum, item) => (ids.has(item.id) ? sum + BigInt(item.openMinor) : sum), 0n).toString();

/** What a new promise covers when nobody said otherwise: what is overdue, or everything when nothing is yet. */
export function likelyItems(items: readonly Item[]): ReadonlySet<string> {
  const open = owing(items);
  const overdue = open.filter((item) => item.daysPastDue > 0);
  return new Set((overdue.length > 0 ? overdue : open).map((item) => item.id));
}

export function ItemPicker({
  items,
  chosen,
  currency,
  change,
}: {
  readonly items: readonly Item[];
  readonly chosen: ReadonlySet<string>;
  readonly currency: string;
  readonly change: (ids: ReadonlySet<string>) => void;
}) {
  const format = useFormat();
  const open = owing(items);
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    change(next);
  };
  return (
    <fieldset aria-label="Items">
      <div className="row field-label">
        <span>Items</span>
        <span className="muted grow">
          {chosen.size} of {open.length}
        </span>
        <button
          type="button"
          className="chip"
          style={{ height: 24 }}
          onClick={() => change(new Set(chosen.size === open.length ? [] : open.map((item) => item.id)))}
        >
          {chosen.size === open.length ? 'None' : 'All'}
        </button>
      </div>
      <div className="pick">
        {open.map((item) => (
          <label key={item.id}>
            <input type="checkbox" checked={chosen.has(item.id)} onChange={() => toggle(item.id)} />
            <span className="truncate">
              {item.number ?? item.description ?? 'Without number'}{' '}
              <span className="muted">due {format.day(item.dueOn, 'tiny')}</span>
            </span>
            <Amount value={{ amountMinor: item.openMinor, currency }} />
          </label>
        ))}
        {open.length === 0 && (
          <p className="muted" style={{ padding: 11 }}>
            Nothing is open on this account.
          </p>
        )}
      </div>
    </fieldset>
  );
}
