import { type ReactNode, useRef, useState } from 'react';
import { Icon } from '../../kit/icons.tsx';

/** A list whose lines are put in order by dragging their handle, or with the arrows while it has the focus. */
export function Sortable<T>({
  label,
  rows,
  idOf,
  nameOf,
  render,
  move,
}: {
  readonly label: string;
  readonly rows: readonly T[];
  readonly idOf: (row: T) => number;
  readonly nameOf: (row: T) => string;
  readonly render: (row: T, at: number) => ReactNode;
  readonly move: (from: number, to: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<number | null>(null);
  const [told, setTold] = useState('');
  const put = (from: number, to: number) => {
    const row = rows[from];
    if (row === undefined || to < 0 || to >= rows.length || to === from) return;
    move(from, to);
    setTold(`${nameOf(row)} is line ${to + 1} of ${rows.length}.`);
  };
  /** The line under the hand, by the middles of the others. */
  const under = (y: number): number => {
    const middles = [...(list.current?.children ?? [])].map((child) => {
      const box = child.getBoundingClientRect();
      return box.top + box.height / 2;
    });
    return middles.filter((middle) => middle < y).length;
  };
  return (
    <>
      <ol className="sortable" aria-label={label} ref={list}>
        {rows.map((row, at) => (
          <li key={idOf(row)} data-held={held === idOf(row)}>
            <button
              type="button"
              className="sortable-grip"
              aria-label={`Move ${nameOf(row)}, line ${at + 1}`}
              title="Drag, or use the arrow keys"
              onKeyDown={(event) => {
                const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
                if (by === 0) return;
                event.preventDefault();
                const grip = event.currentTarget;
                put(at, at + by);
                // The line is put elsewhere in the page, and the focus goes with it.
                requestAnimationFrame(() => grip.focus());
              }}
              onPointerDown={(event) => {
                if (event.button !== 0) return;
                event.currentTarget.setPointerCapture(event.pointerId);
                setHeld(idOf(row));
              }}
              onPointerMove={(event) => {
                if (held !== idOf(row)) return;
                const to = under(event.clientY);
                // Its own middle counts among those passed once the hand is below it.
                const place = to > at ? to - 1 : to;
                if (place !== at) put(at, place);
              }}
              onPointerUp={() => setHeld(null)}
              onPointerCancel={() => setHeld(null)}
            >
              <Icon name="grip" size={14} />
            </button>
            {render(row, at)}
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {told}
      </p>
    </>
  );
}
