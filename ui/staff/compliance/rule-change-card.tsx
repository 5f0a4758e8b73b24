import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Day, Instant } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';
import { BeforeAfter } from './before-after.tsx';
import { PlanEffect, seenOf } from './plan-effect.tsx';

export type RuleChange = Output<'listTightenings'>['rows'][number];
const states: Readonly<Record<RuleChange['state'], { readonly word: string; readonly tone: Tone }>> = {
  proposed: { word: 'Waits for a second person', tone: 'warn' },
  approved: { word: 'Approved', tone: 'good' },
  rejected: { word: 'Rejected', tone: 'plain' },
  withdrawal_asked: { word: 'In force, to be ended', tone: 'warn' },
  withdrawn: { word: 'Ended', tone: 'plain' },
  superseded: { word: 'Ended by a later one', tone: 'plain' },
};

type Kind = 'tightening' | 'replacement';
const named = {
  tightening: {
    effect: 'tryOnPlan',
    approve: 'approveTightening',
    reject: 'rejectTightening',
    withdraw: 'askWithdrawal',
    answer: 'answerWithdrawal',
    after: 'Tightened',
    afterEnd: 'then the rule is as the law has it',
  },
  replacement: {
    effect: 'tryReplacementOnPlan',
    approve: 'approveReplacement',
    reject: 'rejectReplacement',
    withdraw: 'askReplacementEnd',
    answer: 'answerReplacementEnd',
    after: 'Replaced',
    afterEnd: 'then the rule is as it was shipped',
  },
} as const;

// The operations of both kinds take the same bodies; the name of the id is what differs.
type Steps = {
  readonly approve: 'approveTightening';
  readonly reject: 'rejectTightening';
  readonly withdraw: 'askWithdrawal';
  readonly answer: 'answerWithdrawal';
  readonly effect: 'tryOnPlan';
};

/** A change of a rule: what it says, what it does to the plan, and the steps two people take. */
export function RuleChangeCard({
  row,
  kind,
  children,
}: {
  readonly row: RuleChange;
  readonly kind: Kind;
  readonly children?: ReactNode;
}) {
  const may = useMay();
  const names = named[kind];
  const steps = names as unknown as Steps;
  const params = { [`${kind}Id`]: row.id } as unknown as { tighteningId: string };
  const [looking, setLooking] = useState(false);
  const [asking, setAsking] = useState<'reject' | 'withdraw' | null>(null);
  const approve = useWrite(steps.approve);
  const reject = useWrite(steps.reject);
  const withdraw = useWrite(steps.withdraw);
  const answer = useWrite(steps.answer);
  const now = useRead(steps.effect, { params }, { enabled: looking, staleTime: 60_000 });
  const about = { params, ifMatch: row.rowVersion };
  const deciding = may('compliance.override');
  // The plan has moved since it was proposed: what it does now has to be seen and approved as such.
  const moved = approve.error?.code === 'changed_meanwhile';
  const fresh = looking ? now.data : undefined;
  const told = (sentence: string) => ({
    onSuccess: () => {
      say(sentence);
      setAsking(null);
    },
    onError: sayProblem,
  });
  const looks = [
    ...(row.proposedEffect === null
      ? []
      : [{ title: `When ${row.proposedBy} proposed it`, effect: row.proposedEffect }]),
    ...(fresh === undefined ? [] : [{ title: 'Now', effect: fresh }]),
  ];
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
      <p className="muted">
        <span className="mono wrap-anywhere">{row.part === null ? row.ruleId : `${row.ruleId}/${row.part}`}</span>{' '}
        {row.citation}
      </p>
      <p className="soft">
        {row.proposedBy}, <Instant at={row.recordedAt} />: {row.reason}
      </p>
      {children}
      {(row.before.length > 0 || row.after.length > 0) && (
        <BeforeAfter before={row.before} after={row.after} changed={names.after} />
      )}
      <History row={row} />
      {row.state === 'proposed' && (
        <>
          {looks.length > 0 && (
            <PlanEffect
              looks={looks}
              {...(fresh === undefined ? {} : { sample: fresh.sample, planned: fresh.planned })}
            />
          )}
          {looking && now.isPending && <SkeletonLines rows={3} />}
          {looking && now.error !== null && <Problem error={now.error} retry={() => void now.refetch()} />}
          {moved && <Problem error={approve.error} />}
          <div className="row wrap" style={{ marginTop: 10 }}>
            {deciding && !row.mine && !(moved && fresh === undefined) && (
              <Button
                loading={approve.isPending}
                onClick={() =>
                  approve.mutate(
                    { ...about, body: { confirmed: fresh === undefined ? null : seenOf(fresh) } },
                    {
                      onSuccess: () => say('Approved. It counts from its day.'),
                      onError: (error) => {
                        if (error.code !== 'changed_meanwhile') return sayProblem(error);
                        if (looking) void now.refetch();
                        setLooking(true);
                      },
                    },
                  )
                }
              >
                {fresh === undefined ? 'Approve' : 'Approve what it does now'}
              </Button>
            )}
            {!looking && (
              <Button variant="default" onClick={() => setLooking(true)}>
                What it does now
              </Button>
            )}
            {deciding && (
              <Button variant="default" onClick={() => setAsking('reject')}>
                {row.mine ? 'Take it back…' : 'Reject…'}
              </Button>
            )}
            {deciding && row.mine && <span className="muted">You proposed it: somebody else has to approve it.</span>}
          </div>
        </>
      )}
      {row.state === 'approved' && deciding && (
        <Button variant="default" mt={8} onClick={() => setAsking('withdraw')}>
          End it…
        </Button>
      )}
      {row.state === 'withdrawal_asked' && deciding && (
        <div className="row wrap" style={{ marginTop: 10 }}>
          {row.mine ? (
            <span className="muted">You asked for its end: somebody else has to agree.</span>
          ) : (
            <Button
              loading={answer.isPending}
              onClick={() => answer.mutate({ ...about, body: { agree: true } }, told('It has ended with today.'))}
            >
              Agree that it ends
            </Button>
          )}
          <Button
            variant="default"
            onClick={() => answer.mutate({ ...about, body: { agree: false } }, told('It stays in force.'))}
          >
            Keep it
          </Button>
        </div>
      )}
      {asking !== null && (
        <ReasonModal
          title={asking === 'reject' ? 'Turn this proposal down' : `Ask that this ${kind} end`}
          consequence={
            asking === 'reject'
              ? 'It never counts. The proposal and your reason stay on record.'
              : `It stays in force until somebody else agrees; ${names.afterEnd}.`
          }
          label="Why"
          action={asking === 'reject' ? 'Turn it down' : 'Ask for its end'}
          pending={reject.isPending || withdraw.isPending}
          error={reject.error ?? withdraw.error}
          close={() => setAsking(null)}
          submit={(reason) =>
            asking === 'reject'
              ? reject.mutate({ ...about, body: { reason } }, told('Turned down.'))
              : withdraw.mutate({ ...about, body: { reason } }, told('Asked. Somebody else has to agree.'))
          }
        />
      )}
    </article>
  );
}

function History({ row }: { readonly row: RuleChange }) {
  return (
    <>
      {row.approvedBy !== null && row.approvedAt !== null && (
        <p className="muted">
          {row.approvedBy} approved it on <Instant at={row.approvedAt} />
          {row.effect !== null &&
            `, when it changed ${row.effect.changed} of ${row.effect.judged} planned contacts${row.effect.whole ? '' : ' (a sample)'}`}
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
