import { useElementSize } from '@mantine/hooks';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Day } from '../../kit/amount.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { addDays } from '../../kit/format.ts';
import { groupBy } from '../../kit/group-by.ts';
import type { Output } from '../../kit/operations.ts';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';

type Counted = Output<'countPrevented'>;
const route = getRouteApi('/staff/compliance');
const height = 200;
const frame = { left: 34, right: 4, top: 10, bottom: 22 };
// Beyond these the bars could not be told apart; the table names every rule.
const shades = ['var(--age-4)', 'var(--age-3)', 'var(--age-2)', 'var(--age-1)', 'var(--control-line)'];

/** What the gate kept from happening, day by day and rule by rule. */
export function Prevented() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const format = useFormat();
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true, resetScroll: false });
  const counted = useRead('countPrevented', { query: { from: search.from, to: search.to } }, { keep: true });
  return (
    <>
      <div className="filters">
        <DateInput
          size="xs"
          label="From"
          value={search.from ?? counted.data?.from ?? ''}
          change={(from) => set({ from: from === '' ? undefined : from })}
          required={false}
        />
        <DateInput
          size="xs"
          label="To"
          value={search.to ?? counted.data?.to ?? ''}
          change={(to) => set({ to: to === '' ? undefined : to })}
          required={false}
        />
        <div className="chips">
          {[7, 30, 90].map((days) => (
            <button
              key={days}
              type="button"
              className="chip"
              aria-pressed={counted.data?.to === format.today && counted.data.from === addDays(format.today, 1 - days)}
              onClick={() => set({ from: addDays(format.today, 1 - days), to: format.today })}
            >
              {days} days
            </button>
          ))}
        </div>
      </div>
      {counted.isPending && <SkeletonLines rows={7} height={22} />}
      {counted.error !== null && <Problem error={counted.error} retry={() => void counted.refetch()} />}
      {counted.data !== undefined && counted.error === null && counted.data.days.length === 0 && (
        <Empty title="Nothing was prevented on these days">
          No act of contact met a rule that stood against it. Look at more days to be sure.
        </Empty>
      )}
      {counted.data !== undefined && counted.data.days.length > 0 && <Chart counted={counted.data} />}
    </>
  );
}

type Total = { readonly rule: string; readonly denied: number; readonly deferred: number; readonly all: number };

function totalsOf(counted: Counted): Total[] {
  return [...groupBy(counted.days, (day) => day.rule)]
    .map(([rule, days]) => {
      const denied = days.reduce((sum, day) => sum + day.denied, 0);
      const deferred = days.reduce((sum, day) => sum + day.deferred, 0);
      return { rule, denied, deferred, all: denied + deferred };
    })
    .sort((a, b) => b.all - a.all);
}

function daysBetween(from: string, to: string): string[] {
  const days = [from];
  while ((days.at(-1) ?? to) < to) days.push(addDays(days.at(-1) ?? to, 1));
  return days;
}

function Chart({ counted }: { readonly counted: Counted }) {
  const format = useFormat();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const totals = totalsOf(counted);
  const shadeOf = new Map(totals.map((total, i) => [total.rule, shades[Math.min(i, shades.length - 1)] ?? '']));
  const order = new Map(totals.map((total, i) => [total.rule, i]));
  const days = daysBetween(counted.from, counted.to);
  const byDay = groupBy(counted.days, (day) => day.on);
  const sums = days.map((on) => (byDay.get(on) ?? []).reduce((sum, day) => sum + day.denied + day.deferred, 0));
  const most = Math.max(...sums, 1);
  const inner = Math.max(width - frame.left - frame.right, 60);
  const step = inner / days.length;
  const scale = (height - frame.top - frame.bottom) / most;
  const base = height - frame.bottom;
  const first = counted.days[0]?.on ?? counted.from;
  const peak = days[sums.indexOf(most)] ?? first;
  return (
    <>
      <p className="prevented-head">
        <b className="num">{format.count(counted.acts)}</b> {counted.acts === 1 ? 'act' : 'acts'} of contact refused or
        put off, <Day date={counted.from} /> to <Day date={counted.to} />
      </p>
      <div ref={ref} className="chart">
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`Acts prevented per day and rule; the most on ${format.day(peak)}: ${format.count(most)}.`}
        >
          {[most, Math.round(most / 2)].map((value) => (
            <g key={value}>
              <line
                className="grid"
                x1={frame.left}
                x2={width - frame.right}
                y1={base - value * scale}
                y2={base - value * scale}
              />
              <text x={frame.left - 6} y={base - value * scale + 4} textAnchor="end">
                {format.count(value)}
              </text>
            </g>
          ))}
          <line className="grid" x1={frame.left} x2={width - frame.right} y1={base} y2={base} />
          {days.map((on, i) => {
            let top = base;
            return (byDay.get(on) ?? [])
              .slice()
              .sort((a, b) => (order.get(a.rule) ?? 0) - (order.get(b.rule) ?? 0))
              .map((day) => {
                const tall = (day.denied + day.deferred) * scale;
                top -= tall;
                return (
                  <rect
                    key={`${on}${day.rule}`}
                    x={frame.left + i * step + Math.min(2, step * 0.12)}
                    width={Math.max(1, Math.min(26, step - Math.min(4, step * 0.24)))}
                    y={top}
                    height={tall}
                    fill={shadeOf.get(day.rule)}
                  >
                    <title>{`${format.day(on)}, ${day.rule}: ${day.denied} refused, ${day.deferred} put off`}</title>
                  </rect>
                );
              });
          })}
          <text x={frame.left} y={height - 6}>
            {format.day(counted.from, 'tiny')}
          </text>
          <text x={width - frame.right} y={height - 6} textAnchor="end">
            {format.day(counted.to, 'tiny')}
          </text>
        </svg>
      </div>
      <p className="muted formula">
        Counted: answers of the gate that were “not allowed” or “not yet”, per calendar day here and per rule that stood
        against the act. An act that met several rules stands in each of their bars; the figure above counts it once.
        Asked again, an act counts again. Contacts written down after they had happened are left out: they were not
        prevented.
      </p>
      <table className="table" aria-label="Prevented by rule">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col" className="right">
              Refused
            </th>
            <th scope="col" className="right">
              Put off
            </th>
            <th scope="col" className="right">
              <span className="visually-hidden">Permits</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {totals.map((total) => (
            <tr key={total.rule}>
              <td className="mono wrap-anywhere">
                <i className="swatch" style={{ background: shadeOf.get(total.rule) }} />
                {total.rule}
              </td>
              <td className="right num">{format.count(total.denied)}</td>
              <td className="right num">{format.count(total.deferred)}</td>
              <td className="right">
                <Link
                  to="/compliance"
                  search={{ rule: total.rule, from: counted.from, to: counted.to }}
                  aria-label={`Permits in which ${total.rule} spoke`}
                >
                  Open
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
