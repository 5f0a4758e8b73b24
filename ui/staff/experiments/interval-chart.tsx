import { useElementSize } from '@mantine/hooks';
import { useFormat } from '../../kit/tenant.tsx';

export interface Series {
  readonly name: string;
  /** Which arm it is, so that it looks the same in every chart. */
  readonly place: number;
  readonly points: readonly {
    readonly on: string;
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

const height = 230;
const frame = { left: 58, right: 12, top: 12, bottom: 24 };
const DAY = 86_400_000;
const dayOf = (on: string) => new Date(`${on}T12:00:00Z`).getTime() / DAY;

/** Estimates over time as lines in the bands of their intervals. The same figures stand in a table behind it. */
export function IntervalChart({
  label,
  series,
  written,
  zero = false,
}: {
  readonly label: string;
  readonly series: readonly Series[];
  readonly written: (value: number) => string;
  /** Draw the line on which there is no difference. */
  readonly zero?: boolean;
}) {
  const format = useFormat();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const all = series.flatMap((one) => one.points);
  const days = [...new Set(all.map((point) => point.on))].toSorted();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined)
    return <p className="muted">The lines appear once the days of the first people are over.</p>;
  const values = all.flatMap((point) => [point.value, point.low ?? point.value, point.high ?? point.value]);
  const step = roundStep((Math.max(...values, 0) - Math.min(...values, 0)) / 4);
  const low = Math.floor(Math.min(...values, 0) / step) * step;
  const high = Math.max(Math.ceil(Math.max(...values, 0) / step) * step, low + step);
  const inner = Math.max(width - frame.left - frame.right, 40);
  const span = dayOf(last) - dayOf(first);
  const x = (on: string) => frame.left + (span === 0 ? inner / 2 : ((dayOf(on) - dayOf(first)) / span) * inner);
  const y = (value: number) => frame.top + (1 - (value - low) / (high - low)) * (height - frame.top - frame.bottom);
  const at = (on: string, value: number) => `${x(on).toFixed(1)} ${y(value).toFixed(1)}`;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, at) => low + at * step);
  return (
    <figure className="experiment-chart">
      <figcaption>
        {series.map((one) => (
          <span key={one.name} className="experiment-key" data-arm={one.place}>
            <svg width="22" height="8" aria-hidden="true">
              <line x1="1" x2="21" y1="4" y2="4" className="line" />
            </svg>
            {one.name}
          </span>
        ))}
      </figcaption>
      <div ref={ref}>
        <svg width={width} height={height} role="img" aria-label={label}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="grid" x1={frame.left} x2={width - frame.right} y1={y(tick)} y2={y(tick)} />
              <text x={frame.left - 6} y={y(tick) + 4} textAnchor="end">
                {written(tick)}
              </text>
            </g>
          ))}
          {zero && <line className="zero" x1={frame.left} x2={width - frame.right} y1={y(0)} y2={y(0)} />}
          {series.map((one) => {
            const banded = one.points.flatMap(({ on, low: from, high: to }) =>
              from === null || to === null ? [] : [{ on, from, to }],
            );
            const band = [...banded.map((p) => at(p.on, p.to)), ...banded.toReversed().map((p) => at(p.on, p.from))];
            const [only] = one.points;
            return (
              <g key={one.name} data-arm={one.place}>
                {banded.length > 1 && <path className="band" d={`M${band.join('L')}Z`} />}
                {banded.length === 1 && banded[0] !== undefined && (
                  <line
                    className="whisker"
                    x1={x(banded[0].on)}
                    x2={x(banded[0].on)}
                    y1={y(banded[0].from)}
                    y2={y(banded[0].to)}
                  />
                )}
                {one.points.length > 1 && (
                  <path className="line" d={`M${one.points.map((p) => at(p.on, p.value)).join('L')}`} />
                )}
                {one.points.length === 1 && only !== undefined && <circle cx={x(only.on)} cy={y(only.value)} r={3.5} />}
              </g>
            );
          })}
          <text x={frame.left} y={height - 6}>
            {format.day(first, 'tiny')}
          </text>
          {span > 0 && (
            <text x={width - frame.right} y={height - 6} textAnchor="end">
              {format.day(last, 'tiny')}
            </text>
          )}
        </svg>
      </div>
    </figure>
  );
}

/** The next of 1, 2, 5, 10, 20, 50 … above a distance, so that the scale reads in round figures. */
function roundStep(distance: number): number {
  if (distance <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(distance));
  return power * ([1, 2, 5].find((times) => times * power >= distance) ?? 10);
}
