import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Day, Instant } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';
import { type Seen, PlanEffect } from './plan-effect.tsx';
import { BeforeAfter } from './tighten-form.tsx';

export type Tightening = Output<'listTightenings'>['rows'][number];
const states: Readonly<Record<Tightening['state'], { readonly word: string; readonly tone: Tone }>> = {
  proposed: { word: 'Waits for a second person', tone: 'warn' },
  approved: { word: 'Approved', tone: 'good' },
  rejected: { word: 'Rejected', tone: 'plain' },
  withdrawal_asked: { word: 'In force, to be withdrawn', tone: 'warn' },
  withdrawn: { word: 'Withdrawn', tone: 'plain' },
};

/** What this tenant made stricter than the law asks, or wants to: each takes two people, and so does its end. */
export function Tightenings() {
  const list = useRead('listTightenings', {});
  if (list.isPending) return <SkeletonLines rows={6} height={18} />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (list.data.rows.length === 0)
    return (
      <Empty
        title="No rule is tightened"
        action={
          <Link to="/compliance" search={{ view: 'rules' }}>
            Choose a rule
          </Link>
        }
      >
        Open a rule and choose Tighten to hold yourselves to more than the law asks. A second person approves it after
        seeing what it does to the next seven days.
      </Empty>
    );
  return (
    <ul className="cards">
      {list.data.rows.map((row) => (
        <li key={row.id}>
          <OneTightening row={row} />
        </li>
      ))}
    </ul>
  );
}

function OneTightening({ row }: { readonly row: Tightening }) {
  const may = useMay();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [looking, setLooking] = useState(false);
  const [asking, setAsking] = useState<'reject' | 'withdraw' | null>(null);
  const approve = useWrite('approveTightening');
  const reject = useWrite('rejectTightening');
  const withdraw = useWrite('askWithdrawal');
  const answer = useWrite('answerWithdrawal');
  const named = { params: { tighteningId: row.id }, ifMatch: row.rowVersion };
  const deciding = may('compliance.override');
  const told = (sentence: string) => ({
    onSuccess: () => {
      say(sentence);
      setAsking(null);
    },
    onError: sayProblem,
  });
  return (
    <article className="card tightening" aria-label={row.title}>
      <div className="row wrap">
        <Tag tone={states[row.state].tone}>{states[row.state].word}</Tag>
        <h3 className="grow" aria-level={2}>
          {row.title}
        </h3>
        <span className="muted">
          from <Day date={row.from} />
          {row.to !== null && (
            <>
              {' '}
              until <Day date={row.to} />
            </>
          )}
        </span>
      </div>
      <p className="soft">
        {row.proposedBy}, <Instant at={row.recordedAt} />: {row.reason}
      </p>
      {row.before.length > 0 && <BeforeAfter before={row.before} after={row.after} />}
      <History row={row} />
      {row.state === 'proposed' && (
        <>
          {looking ? (
            <PlanEffect tighteningId={row.id} done={setSeen} />
          ) : (
            <Button variant="default" mt={8} onClick={() => setLooking(true)}>
              Show its effect on the next 7 days
            </Button>
          )}
          {deciding && (
            <div className="row wrap" style={{ marginTop: 10 }}>
              {row.mine ? (
                <span className="muted">You proposed it: somebody else has to approve it.</span>
              ) : (
                <Button
                  disabled={seen === null}
                  loading={approve.isPending}
                  title={seen === null ? 'See what it does first' : ''}
                  onClick={() =>
                    seen !== null &&
                    approve.mutate({ ...named, body: { effect: seen } }, told('Approved. It counts from its date.'))
                  }
                >
                  Approve
                </Button>
              )}
              <Button variant="default" onClick={() => setAsking('reject')}>
                {row.mine ? 'Take it back…' : 'Reject…'}
              </Button>
            </div>
          )}
        </>
      )}
      {row.state === 'approved' && deciding && (
        <Button variant="default" mt={8} onClick={() => setAsking('withdraw')}>
          Withdraw…
        </Button>
      )}
      {row.state === 'withdrawal_asked' && deciding && (
        <div className="row wrap" style={{ marginTop: 10 }}>
          {row.mine ? (
            <span className="muted">You asked for its end: somebody else has to agree.</span>
          ) : (
            <Button
              loading={answer.isPending}
              onClick={() => answer.mutate({ ...named, body: { agree: true } }, told('Withdrawn from today.'))}
            >
              Agree that it ends
            </Button>
          )}
          <Button
            variant="default"
            onClick={() => answer.mutate({ ...named, body: { agree: false } }, told('It stays in force.'))}
          >
            Keep it
          </Button>
        </div>
      )}
      {asking !== null && (
        <ReasonModal
          title={asking === 'reject' ? 'Turn this tightening down' : 'Withdraw this tightening'}
          consequence={
            asking === 'reject'
              ? 'It never counts. The proposal and your reason stay on record.'
              : 'It stays in force until somebody else agrees; then the rule is as the law has it.'
          }
          label="Why"
          action={asking === 'reject' ? 'Turn it down' : 'Ask for its end'}
          pending={reject.isPending || withdraw.isPending}
          error={reject.error ?? withdraw.error}
          close={() => setAsking(null)}
          submit={(reason) =>
            asking === 'reject'
              ? reject.mutate({ ...named, body: { reason } }, told('Turned down.'))
              : withdraw.mutate({ ...named, body: { reason } }, told('Asked. Somebody else has to agree.'))
          }
        />
      )}
    </article>
  );
}

function History({ row }: { readonly row: Tightening }) {
  return (
    <>
      {row.approvedBy !== null && row.approvedAt !== null && (
        <p className="muted">
          {row.approvedBy} approved it on <Instant at={row.approvedAt} />
          {row.effect !== null &&
            `, having seen ${row.effect.changed} of ${row.effect.judged} planned contacts change${row.effect.whole ? '' : ' (a sample)'}`}
          .
        </p>
      )}
      {row.note !== null && <p className="muted">Turned down: {row.note}</p>}
      {row.withdrawalBy !== null && row.state !== 'approved' && (
        <p className="muted">
          {row.withdrawalBy} asked for its end: {row.withdrawalReason}
          {row.withdrawnBy !== null && ` ${row.withdrawnBy} agreed.`}
        </p>
      )}
    </>
  );
}
