import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import { useFormat } from '../../kit/tenant.tsx';

type Line = {
  readonly label: string;
  readonly shade: string;
  readonly points: readonly { readonly on: string; readonly value: number }[];
};

const height = 170;
const frame = { left: 44, right: 8, top: 12, bottom: 22 };

/** One line for each side, on one scale from nothing; pointing at a day reads it out, the table beneath says it all. */
export function DayChart({
  lines,
  unit,
  limit,
}: {
  readonly lines: readonly Line[];
  readonly unit: string;
  readonly limit: { readonly value: number; readonly label: string } | null;
}) {
  const format = useFormat();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [hovered, setHovered] = useState<number | null>(null);
  const days = lines[0]?.points.map((point) => point.on) ?? [];
  const most = Math.max(...lines.flatMap((line) => line.points.map((point) => point.value)), limit?.value ?? 0, 1);
  const inner = Math.max(width - frame.left - frame.right, 60);
  const step = days.length > 1 ? inner / (days.length - 1) : 0;
  const x = (at: number) => frame.left + (days.length > 1 ? at * step : inner / 2);
  const y = (value: number) => height - frame.bottom - (value / most) * (height - frame.top - frame.bottom);
  const number = (value: number) => value.toLocaleString(format.locale, { maximumFractionDigits: 2 });
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  const words = lines
    .map((line) => {
      const sum = line.points.reduce((total, point) => total + point.value, 0);
      const peak = line.points.reduce(
        (top, point) => (point.value > top.value ? point : top),
        line.points[0] ?? { on: first, value: 0 },
      );
      return `${line.label}: ${number(sum)} ${unit} in all, the most on ${format.day(peak.on)}, ${number(peak.value)}.`;
    })
    .join(' ');
  return (
    <div ref={ref} className="chart">
      <div className="legend">
        <span className="num soft">{hovered === null ? 'In all' : format.day(days[hovered] ?? first)}</span>
        {lines.map((line) => (
          <span key={line.label}>
            <i style={{ background: line.shade }} />
            {line.label}{' '}
            <span className="num strong">
              {number(
                hovered === null
                  ? line.points.reduce((total, point) => total + point.value, 0)
                  : (line.points[hovered]?.value ?? 0),
              )}
            </span>
          </span>
        ))}
        {limit !== null && (
          <span>
            <i className="dashed" />
            {limit.label} <span className="num strong">{number(limit.value)}</span>
          </span>
        )}
      </div>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={words}
        onMouseLeave={() => setHovered(null)}
        onMouseMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const at = step === 0 ? 0 : Math.round((event.clientX - box.left - frame.left) / step);
          setHovered(Math.min(days.length - 1, Math.max(0, at)));
        }}
      >
        {[most, most / 2, 0].map((value) => (
          <g key={value}>
            <line className="grid" x1={frame.left} x2={width - frame.right} y1={y(value)} y2={y(value)} />
            <text x={frame.left - 6} y={y(value) + 4} textAnchor="end">
              {number(Math.round(value * 100) / 100)}
            </text>
          </g>
        ))}
        {limit !== null && (
          <line
            className="simulation-limit"
            x1={frame.left}
            x2={width - frame.right}
            y1={y(limit.value)}
            y2={y(limit.value)}
          />
        )}
        {lines.toReversed().map((line) => (
          <path
            key={line.label}
            fill="none"
            stroke={line.shade}
            strokeWidth={1.8}
            strokeLinejoin="round"
            d={line.points
              .map((point, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(point.value).toFixed(1)}`)
              .join('')}
          />
        ))}
        {hovered !== null && (
          <line className="cursor" x1={x(hovered)} x2={x(hovered)} y1={frame.top - 6} y2={height - frame.bottom} />
        )}
        <text x={frame.left} y={height - 6}>
          {format.day(first, 'tiny')}
        </text>
        <text x={width - frame.right} y={height - 6} textAnchor="end">
          {format.day(last, 'tiny')}
        </text>
      </svg>
      <details className="simulation-figures no-print">
        <summary>Figures of each day</summary>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Day</th>
              {lines.map((line) => (
                <th key={line.label} scope="col" className="right">
                  {line.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((on, at) => (
              <tr key={on}>
                <th scope="row">{format.day(on)}</th>
                {lines.map((line) => (
                  <td key={line.label} className="num right">
                    {number(line.points[at]?.value ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
