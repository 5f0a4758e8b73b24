import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { type DraftDefinition, type DraftStep, FIRST_DAY, LAST_DAY } from './definition-draft.ts';
import { actionWords, capital, dayWords } from './treatment-words.ts';

type Span = { readonly from: number; readonly to: number };

/** Days a strategy of this shape is seen on, with room at both ends. */
function spanOf(steps: readonly DraftStep[]): Span {
  const days = steps.map((step) => step.day);
  const first = Math.min(0, ...days);
  const last = Math.max(30, ...days);
  const room = Math.max(4, Math.round((last - first) * 0.06));
  return { from: Math.max(FIRST_DAY, first - room), to: Math.min(LAST_DAY, last + room) };
}

const ticksOf = ({ from, to }: Span): number[] => {
  const every = [1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365, 730].find((one) => (to - from) / one <= 10) ?? 730;
  const start = Math.ceil(from / every) * every;
  return Array.from({ length: Math.floor((to - start) / every) + 1 }, (_, n) => start + n * every);
};

// Dots nearer to each other than this share of the axis stand on lanes above each other.
const NEAR = 0.075;

function lanesOf(steps: readonly DraftStep[], place: (day: number) => number): number[] {
  const ends: number[] = [];
  return steps.map((step) => {
    const at = place(step.day);
    const free = ends.findIndex((end) => at - end >= NEAR);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = at;
    return lane;
  });
}

/** The ladder along days past due. A step is dragged along it, or moved with the arrows: by a day, with Shift by a week. */
export function DayAxis({
  draft,
  chosen,
  faulty,
  disabled,
  choose,
  move,
  settle,
  remove,
}: {
  readonly draft: DraftDefinition;
  readonly chosen: number | null;
  readonly faulty: ReadonlySet<number>;
  readonly disabled: boolean;
  readonly choose: (id: number) => void;
  readonly move: (id: number, day: number) => void;
  /** A drag, or a row of keys, has ended. */
  readonly settle: () => void;
  readonly remove: (id: number) => void;
}) {
  const track = useRef<HTMLDivElement>(null);
  // While a step is dragged the axis stands still, or it would run away under the hand.
  const [held, setHeld] = useState<{ readonly id: number; readonly span: Span } | null>(null);
  const span = held?.span ?? spanOf(draft.steps);
  const place = (day: number) => (day - span.from) / (span.to - span.from);
  const lanes = lanesOf(draft.steps, place);
  const bands = draft.stages
    .map(({ stage, fromDay }, at) => ({ stage, from: fromDay, to: draft.stages[at + 1]?.fromDay ?? span.to }))
    .filter(({ from, to }) => from < span.to && to > span.from && to > from);
  const dayAt = (clientX: number): number => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    return span.from + ((clientX - box.left) / box.width) * (span.to - span.from);
  };
  const onKey = (event: KeyboardEvent, step: DraftStep) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 30, PageDown: -30 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (by !== undefined) {
      event.preventDefault();
      move(step.id, step.day + by * (event.shiftKey ? 7 : 1));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      remove(step.id);
    }
  };
  const grab = (event: PointerEvent<HTMLElement>, step: DraftStep) => {
    if (event.button !== 0) return;
    choose(step.id);
    if (disabled) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld({ id: step.id, span });
  };
  return (
    <div className="axis" role="group" aria-label="Steps by day" data-held={held !== null}>
      <div className="axis-lanes" style={{ height: 34 * Math.max(1, ...lanes.map((lane) => lane + 1)) + 4 }}>
        <div className="axis-track" ref={track}>
          {draft.steps.map((step, at) => (
            <span
              key={step.id}
              role="slider"
              tabIndex={0}
              className="axis-dot"
              data-action={step.action}
              data-chosen={step.id === chosen}
              data-faulty={faulty.has(step.id)}
              data-held={step.id === held?.id}
              aria-label={step.title === '' ? `Step ${at + 1}` : step.title}
              aria-valuemin={FIRST_DAY}
              aria-valuemax={LAST_DAY}
              aria-valuenow={step.day}
              aria-valuetext={`${capital(dayWords(step.day))}${faulty.has(step.id) ? ', needs mending' : ''}`}
              aria-disabled={disabled}
              title={`${step.title}: ${dayWords(step.day)}`}
              style={{ left: `${place(step.day) * 100}%`, bottom: 4 + (lanes[at] ?? 0) * 34 }}
              onFocus={() => choose(step.id)}
              onKeyDown={(event) => !disabled && onKey(event, step)}
              onKeyUp={settle}
              onPointerDown={(event) => grab(event, step)}
              onPointerMove={(event) => {
                if (held?.id !== step.id) return;
                const day = Math.round(Math.min(span.to, Math.max(span.from, dayAt(event.clientX))));
                if (day !== step.day) move(step.id, day);
              }}
              onPointerUp={() => {
                setHeld(null);
                settle();
              }}
              onPointerCancel={() => setHeld(null)}
            >
              <Icon name={actionWords[step.action]?.icon ?? 'more'} size={14} />
              {step.id === held?.id && <span className="axis-day num">{step.day}</span>}
            </span>
          ))}
        </div>
      </div>
      <div className="axis-scale" aria-hidden="true">
        {bands.map(({ stage, from, to }) => (
          <span
            key={stage}
            className="axis-band"
            data-stage={stage}
            style={{
              left: `${Math.max(0, place(from)) * 100}%`,
              width: `${(Math.min(1, place(to)) - Math.max(0, place(from))) * 100}%`,
            }}
          >
            {capital(stage)}
          </span>
        ))}
        {ticksOf(span).map((day) => (
          <span key={day} className="axis-tick num" data-due={day === 0} style={{ left: `${place(day) * 100}%` }}>
            {day === 0 ? 'due' : day > 0 ? `+${day}` : `−${-day}`}
          </span>
        ))}
      </div>
    </div>
  );
}
