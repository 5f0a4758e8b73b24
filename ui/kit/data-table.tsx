import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from './icons.tsx';
import { useShortcuts } from './shortcuts.ts';

export interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly right?: boolean;
  /** CSS width; columns without one share what is left. */
  readonly width?: number;
  /** The server's name for ordering by this column, and which way that order runs. */
  readonly sort?: { readonly name: string; readonly direction: 'ascending' | 'descending' };
  /** Left out when the screen is narrower than this. */
  readonly from?: number;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly idOf: (row: Row) => string;
  readonly open?: (row: Row) => void;
  /** One row on a narrow screen. */
  readonly card: (row: Row) => ReactNode;
  readonly sortedBy?: string;
  readonly sort?: (name: string) => void;
  readonly total?: number | null;
  readonly more?: { readonly has: boolean; readonly loading: boolean; readonly load: () => void };
  readonly selected?: string | null;
}

/** A long list as a real table: only the rows in sight are in the page, `j`, `k` and Enter walk it, the next page loads itself. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, idOf, open, more } = props;
  const narrow = useMediaQuery('(max-width: 760px)', window.innerWidth <= 760, { getInitialValueInEffect: false });
  const width = useWidth();
  const top = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [active, setActive] = useState(-1);
  const empty = rows.length === 0;
  useLayoutEffect(() => setMargin(empty ? 0 : (top.current?.offsetTop ?? 0)), [empty]);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (narrow ? 72 : 37),
    overscan: 14,
    scrollMargin: margin,
    getItemKey: (index) => idOf(rows[index] as Row),
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more !== undefined && more.has && !more.loading && lastIndex >= rows.length - 12) more.load();
  }, [lastIndex, rows.length, more]);
  const go = (to: number) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1);
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const chosen = rows[active];
  useShortcuts(
    {
      j: () => go(active + 1),
      k: () => go(active - 1),
      // Only with a row chosen: Enter must stay free for the page otherwise.
      ...(chosen === undefined || open === undefined ? {} : { Enter: () => open(chosen) }),
    },
    rows.length > 0,
  );
  const before = (items[0]?.start ?? margin) - margin;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin);
  const shown = columns.filter((column) => column.from === undefined || width >= column.from);
  const state = (index: number) => ({
    'data-index': index,
    'data-active': index === active || idOf(rows[index] as Row) === props.selected,
    'data-link': open !== undefined,
  });
  if (narrow)
    return (
      <div ref={top}>
        <ul className="cards" aria-label={props.label} style={{ paddingTop: before, paddingBottom: after }}>
          {items.map((item) => (
            <li key={item.key} ref={virtual.measureElement} data-index={item.index}>
              {props.card(rows[item.index] as Row)}
            </li>
          ))}
        </ul>
        <Foot {...props} />
      </div>
    );
  return (
    <div ref={top}>
      <table
        className="table"
        aria-label={props.label}
        aria-rowcount={props.total ?? -1}
        style={{ tableLayout: 'fixed' }}
      >
        <colgroup>
          {shown.map((column) => (
            <col key={column.key} style={column.width === undefined ? {} : { width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {shown.map((column) => (
              <Head key={column.key} column={column} sortedBy={props.sortedBy} sort={props.sort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
          {items.map((item) => {
            const row = rows[item.index] as Row;
            return (
              <tr
                key={item.key}
                {...state(item.index)}
                aria-rowindex={item.index + 2}
                onClick={(event) => {
                  // A click on a link, or the end of marking text, is not a wish to open the row.
                  if (
                    open === undefined ||
                    (event.target as HTMLElement).closest('a,button,input,label') !== null ||
                    !getSelection()?.isCollapsed
                  )
                    return;
                  open(row);
                }}
              >
                {shown.map((column) => (
                  <td key={column.key} className={`${column.right === true ? 'right' : ''} truncate`}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
        </tbody>
      </table>
      <Foot {...props} />
    </div>
  );
}

function useWidth(): number {
  const [width, setWidth] = useState(window.innerWidth);
  useEffect(() => {
    const measure = () => setWidth(window.innerWidth);
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  return width;
}

function Head<Row>({
  column,
  sortedBy,
  sort,
}: {
  readonly column: Column<Row>;
  readonly sortedBy: string | undefined;
  readonly sort: ((name: string) => void) | undefined;
}) {
  const order = column.sort;
  const on = order !== undefined && order.name === sortedBy;
  return (
    <th scope="col" className={column.right === true ? 'right' : ''} {...(on ? { 'aria-sort': order.direction } : {})}>
      {order === undefined || sort === undefined ? (
        column.head
      ) : (
        <button type="button" className="sort" onClick={() => sort(order.name)}>
          {column.head}
          {on && <Icon name={order.direction === 'ascending' ? 'up' : 'down'} size={12} />}
        </button>
      )}
    </th>
  );
}

function Foot<Row>({ more, rows }: DataTableProps<Row>) {
  if (more === undefined || rows.length === 0) return null;
  if (more.loading)
    return (
      <p className="muted" style={{ padding: '12px 8px' }}>
        Loading more…
      </p>
    );
  return null;
}

/** The table's place while its first page is on the way. */
export function TableSkeleton({ rows = 12 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading the list">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="row" style={{ height: 37, gap: 24, borderBottom: '1px solid var(--line)' }}>
          <span className="skeleton" style={{ height: 12, width: `${22 + ((row * 13) % 14)}%` }} />
          <span className="skeleton" style={{ height: 12, width: '12%' }} />
          <span className="skeleton" style={{ height: 12, width: '9%', marginLeft: 'auto' }} />
          <span className="skeleton" style={{ height: 12, width: '7%' }} />
        </div>
      ))}
    </div>
  );
}
