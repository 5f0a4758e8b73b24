import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import { decimalText } from '../../kit/format.ts';
import type { Output } from '../../kit/operations.ts';
import { useFormat } from '../../kit/tenant.tsx';

type Point = Output<'getToday'>['trend'][number];
const height = 190;
const frame = { left: 8, right: 8, top: 14, bottom: 22 };

/** Overdue as a line, money received as bars, on scales of their own; hovering a day reads both out. */
export function TrendChart({ points, currency }: { readonly points: readonly Point[]; readonly currency: string }) {
  const format = useFormat();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [hovered, setHovered] = useState<number | null>(null);
  const days = points.map((point) => ({
    on: point.on,
    overdue: Number(decimalText(point.overdueMinor, currency)),
    received: Number(decimalText(point.receivedMinor, currency)),
    point,
  }));
  if (days.length < 2)
    return (
      <p className="muted" style={{ padding: '24px 0' }}>
        The line appears once two days have been seen.
      </p>
    );
  const inner = Math.max(width - frame.left - frame.right, 60);
  const step = inner / (days.length - 1);
  const top = Math.max(...days.map((day) => day.overdue), 1);
  const low = Math.min(...days.map((day) => day.overdue));
  // The line's scale starts below its lowest day, never at a cut-off that would make a flat month look like a cliff.
  const floor = Math.max(0, low - (top - low) * 2);
  const most = Math.max(...days.map((day) => day.received), 1);
  const x = (index: number) => frame.left + index * step;
  const y = (value: number) =>
    frame.top + (1 - (value - floor) / (top - floor || 1)) * (height - frame.top - frame.bottom - 46);
  const bar = (value: number) => (value / most) * 38;
  const line = days
    .map((day, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(day.overdue).toFixed(1)}`)
    .join('');
  const shown = days[hovered ?? days.length - 1];
  const first = days[0];
  const last = days.at(-1);
  if (shown === undefined || first === undefined || last === undefined) return null;
  const money = (minor: string) => `${format.figure(minor, currency, 'whole')} ${currency}`;
  const label = `Overdue went from ${money(first.point.overdueMinor)} on ${format.day(first.on)} to ${money(last.point.overdueMinor)} on ${format.day(last.on)}.`;
  return (
    <div ref={ref} className="chart">
      <div className="legend">
        <span className="num soft">{format.day(shown.on)}</span>
        <span>
          <i style={{ background: 'var(--age-4)' }} />
          Overdue <span className="num strong">{money(shown.point.overdueMinor)}</span>
        </span>
        <span>
          <i className="block" style={{ background: 'var(--age-1)' }} />
          Received <span className="num strong">{money(shown.point.receivedMinor)}</span>
        </span>
      </div>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={label}
        onMouseLeave={() => setHovered(null)}
        onMouseMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setHovered(
            Math.min(days.length - 1, Math.max(0, Math.round((event.clientX - box.left - frame.left) / step))),
          );
        }}
      >
        <line
          className="grid"
          x1={frame.left}
          x2={width - frame.right}
          y1={height - frame.bottom}
          y2={height - frame.bottom}
        />
        {days.map((day, index) =>
          day.received > 0 ? (
            <rect
              key={day.on}
              className="bar"
              x={x(index) - Math.min(5, step / 3)}
              width={Math.min(10, step / 1.5)}
              y={height - frame.bottom - bar(day.received)}
              height={bar(day.received)}
              rx={1}
            />
          ) : null,
        )}
        <path
          className="area"
          d={`${line}L${x(days.length - 1)} ${height - frame.bottom - 42}L${x(0)} ${height - frame.bottom - 42}Z`}
        />
        <path className="line" d={line} />
        {hovered !== null && (
          <line className="cursor" x1={x(hovered)} x2={x(hovered)} y1={frame.top - 6} y2={height - frame.bottom} />
        )}
        <circle cx={x(days.indexOf(shown))} cy={y(shown.overdue)} r={3.5} fill="var(--age-4)" />
        <text x={frame.left} y={height - 6}>
          {format.day(first.on, 'tiny')}
        </text>
        <text x={width - frame.right} y={height - 6} textAnchor="end">
          {format.day(last.on, 'tiny')}
        </text>
      </svg>
    </div>
  );
}
