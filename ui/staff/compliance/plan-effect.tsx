import { Progress } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Day, Instant } from '../../kit/amount.tsx';
import { call } from '../../kit/api.ts';
import type { Output } from '../../kit/operations.ts';
import { Problem, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { outcomeWords } from '../../kit/why-card.tsx';
import { words } from '../../kit/words.ts';

type Batch = Output<'tryOnPlan'>;
type Counts = Batch['before'];
/** What an approver has seen; it is kept with the approval. */
export type Seen = { readonly judged: number; readonly changed: number; readonly whole: boolean };

// More than this is a sample: an answer in a few seconds is worth more than the last contact of a large plan.
const most = 2000;
const shownChanges = 12;
const none: Counts = { allow: 0, defer: 0, deny: 0 };
const add = (a: Counts, b: Counts): Counts => ({
  allow: a.allow + b.allow,
  defer: a.defer + b.defer,
  deny: a.deny + b.deny,
});

type Sum = Pick<Batch, 'judged' | 'before' | 'after' | 'changes' | 'changed'> & {
  readonly planned: number;
  readonly whole: boolean;
};
const nothing: Sum = { judged: 0, before: none, after: none, changes: 0, changed: [], planned: 0, whole: false };

/** Judges the contacts planned for the next seven days with and without the tightening, batch by batch, and says what differs. */
export function PlanEffect({
  tighteningId,
  done,
}: {
  readonly tighteningId: string;
  readonly done: (seen: Seen) => void;
}) {
  const format = useFormat();
  const [sum, setSum] = useState<Sum>(nothing);
  const [state, setState] = useState<'running' | 'done' | 'failed'>('running');
  const [error, setError] = useState<unknown>(null);
  const tell = useRef(done);
  tell.current = done;
  useEffect(() => {
    const stop = new AbortController();
    const run = async () => {
      let total = nothing;
      let cursor: string | undefined;
      do {
        const batch: Batch = await call('tryOnPlan', {
          params: { tighteningId },
          query: cursor === undefined ? {} : { cursor },
          signal: stop.signal,
        });
        total = {
          judged: total.judged + batch.judged,
          before: add(total.before, batch.before),
          after: add(total.after, batch.after),
          changes: total.changes + batch.changes,
          changed: [...total.changed, ...batch.changed].slice(0, shownChanges),
          planned: batch.planned ?? total.planned,
          whole: batch.nextCursor === null,
        };
        setSum(total);
        cursor = batch.nextCursor ?? undefined;
      } while (cursor !== undefined && total.judged < most);
      setState('done');
      tell.current({ judged: total.judged, changed: total.changes, whole: total.whole });
    };
    run().catch((reason: unknown) => {
      if (stop.signal.aborted) return;
      setError(reason);
      setState('failed');
    });
    return () => stop.abort();
  }, [tighteningId]);
  if (state === 'failed') return <Problem error={error} />;
  const share = sum.planned === 0 ? 0 : Math.min(100, (100 * sum.judged) / Math.min(sum.planned, most));
  return (
    <section className="effect" aria-label="Effect on the next 7 days" aria-busy={state === 'running'}>
      {state === 'running' && <Progress value={share} aria-label="Contacts judged" size="sm" />}
      <p role="status">
        {state === 'running'
          ? `Judging the plan: ${format.count(sum.judged)} contacts so far…`
          : sum.judged === 0
            ? 'Nothing is planned for the next seven days, so nothing would change.'
            : `${format.count(sum.changes)} of ${format.count(sum.judged)} planned contacts would change.`}{' '}
        {state === 'done' && !sum.whole && (
          <span className="muted">
            This is a sample: {sum.planned >= 10_000 ? 'more than ' : ''}
            {format.count(sum.planned)} are planned.
          </span>
        )}
      </p>
      {sum.judged > 0 && (
        <table className="table effect-counts" aria-label="Answers before and after">
          <thead>
            <tr>
              <th scope="col">Answer of the gate</th>
              <th scope="col" className="right">
                As it is
              </th>
              <th scope="col" className="right">
                Tightened
              </th>
            </tr>
          </thead>
          <tbody>
            {(['allow', 'defer', 'deny'] as const).map((decision) => (
              <tr key={decision}>
                <td>
                  <Tag tone={outcomeWords[decision].tone}>{outcomeWords[decision].label}</Tag>
                </td>
                <td className="right num">{format.count(sum.before[decision])}</td>
                <td className="right num">{format.count(sum.after[decision])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sum.changed.length > 0 && (
        <>
          <h4 aria-level={3}>Some of what would change</h4>
          <ul className="changes">
            {sum.changed.map((one, index) => (
              <li key={`${one.accountId}${index}`}>
                <Link to="/accounts/$accountId" params={{ accountId: one.accountId }}>
                  {words(one.channel)}
                </Link>{' '}
                planned for <Day date={one.plannedFor} />:{' '}
                {one.before.goesAt === null ? 'never' : <Instant at={one.before.goesAt} />} becomes{' '}
                {one.after.goesAt === null ? 'never' : <Instant at={one.after.goesAt} />}.{' '}
                <span className="muted">{one.after.sentence}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="muted formula">
        Each contact is judged by itself at the earliest instant its plan allows, on what is known now. Nothing is sent
        or written.
      </p>
    </section>
  );
}
