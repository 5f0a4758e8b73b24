import { Button, Modal } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';
import { ErasureReceipt } from './erasure-receipt.tsx';
import { ObstacleList } from './forget-form.tsx';

type Erasure = Output<'listErasures'>['rows'][number];
const route = getRouteApi('/staff/compliance');
const states: Readonly<Record<Erasure['state'], { readonly word: string; readonly tone: Tone }>> = {
  requested: { word: 'Waits for a second person', tone: 'warn' },
  approved: { word: 'Being carried out', tone: 'info' },
  done: { word: 'Forgotten', tone: 'good' },
  withdrawn: { word: 'Taken back', tone: 'plain' },
  declined: { word: 'Declined', tone: 'plain' },
};

/** Who is to be forgotten and who has been: asked for by one person, decided by another. */
export function Erasures() {
  const search = route.useSearch();
  const list = useRead('listErasures', {}, { refetchInterval: 10_000 });
  if (search.erasure !== undefined) return <ErasureReceipt erasureId={search.erasure} />;
  if (list.isPending) return <SkeletonLines rows={6} height={18} />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (list.data.rows.length === 0)
    return (
      <Empty
        title="Nobody is to be forgotten"
        action={
          <Link to="/compliance" search={{ view: 'retention' }}>
            See who is due
          </Link>
        }
      >
        When a person asks for it, open their account and choose Forget this person on its Legal tab. When the last duty
        to keep records has run out, they stand under Retention. Either way somebody else decides.
      </Empty>
    );
  return (
    <ul className="cards" aria-label="Erasures">
      {list.data.rows.map((row) => (
        <li key={row.id}>
          <OneErasure row={row} />
        </li>
      ))}
    </ul>
  );
}

function OneErasure({ row }: { readonly row: Erasure }) {
  const may = useMay();
  const [asking, setAsking] = useState<'approve' | 'decline' | null>(null);
  const decline = useWrite('declineErasure');
  const withdraw = useWrite('withdrawErasure');
  const named = { params: { erasureId: row.id } };
  const who = row.state === 'done' ? `Account ${row.accountNumbers.join(', ') || 'none'}` : row.partyName;
  return (
    <article className="card tightening" aria-label={`Erasure: ${who ?? row.id}`}>
      <div className="row wrap">
        <Tag tone={states[row.state].tone}>{states[row.state].word}</Tag>
        <h3 className="grow" aria-level={2}>
          {who}
        </h3>
      </div>
      <p className="soft">
        {row.basis === 'request' ? `At their request, taken by ${row.requestedBy}` : 'No duty keeps them any longer'},{' '}
        <Instant at={row.requestedAt} form="day" />
        {row.state === 'done' ? '.' : `: ${row.reason}`}
      </p>
      {row.approvedAt !== null && (
        <p className="muted">
          {row.approvedBy} approved it on <Instant at={row.approvedAt} />
          {row.doneAt !== null && (
            <>
              ; done <Instant at={row.doneAt} />
            </>
          )}
          .
        </p>
      )}
      {row.state === 'approved' && (
        <p className="muted">It takes a few seconds. A legal hold placed meanwhile stops it where it is.</p>
      )}
      {row.declinedAt !== null && (
        <p className="muted">
          {row.declinedBy} declined it on <Instant at={row.declinedAt} form="day" />: {row.declineReason}
        </p>
      )}
      {row.state === 'done' && (
        <Link to="/compliance" search={{ view: 'erasures', erasure: row.id }}>
          Receipt: what was emptied and what was kept
        </Link>
      )}
      {row.state === 'requested' && may('compliance.override') && (
        <div className="row wrap" style={{ marginTop: 10 }}>
          {row.mine ? (
            <>
              <span className="muted">You asked for it: somebody else has to decide.</span>
              <Button
                variant="default"
                loading={withdraw.isPending}
                onClick={() =>
                  withdraw.mutate({ ...named, body: {} }, { onSuccess: () => say('Taken back.'), onError: sayProblem })
                }
              >
                Take it back
              </Button>
            </>
          ) : (
            <>
              <Button onClick={() => setAsking('approve')}>Approve…</Button>
              <Button variant="default" onClick={() => setAsking('decline')}>
                Decline…
              </Button>
            </>
          )}
        </div>
      )}
      {asking === 'approve' && <Approve row={row} close={() => setAsking(null)} />}
      {asking === 'decline' && (
        <ReasonModal
          title="Decline this erasure"
          consequence="Nothing is erased. The request and your reason stay on record; it can be asked for again."
          label="Why these records stay"
          action="Decline it"
          pending={decline.isPending}
          error={decline.error}
          close={() => setAsking(null)}
          submit={(reason) =>
            decline.mutate(
              { ...named, body: { reason } },
              {
                onSuccess: () => {
                  say('Declined.');
                  setAsking(null);
                },
              },
            )
          }
        />
      )}
    </article>
  );
}

/** The last look before what cannot be undone: whom it concerns, what goes and what stays. */
function Approve({ row, close }: { readonly row: Erasure; readonly close: () => void }) {
  const approve = useWrite('approveErasure');
  const seen = useRead('getErasure', { params: { erasureId: row.id } });
  const stands = seen.data?.obstacles ?? [];
  return (
    <Modal opened onClose={close} title={`Forget ${row.partyName ?? 'this person'} for good`}>
      <div className="stack">
        {seen.isPending && <SkeletonLines rows={3} />}
        {seen.error !== null && <Problem error={seen.error} retry={() => void seen.refetch()} />}
        {stands.length > 0 && (
          <>
            <p>Something stands against it now:</p>
            <ObstacleList obstacles={stands} />
          </>
        )}
        {seen.data !== undefined && stands.length === 0 && (
          <>
            <p>
              {row.accountNumbers.length === 0
                ? 'They have no account.'
                : `It concerns account ${row.accountNumbers.join(', ')}.`}{' '}
              Name, addresses, messages, notices, notes, calls and every free text about them are emptied.{' '}
              <b>This cannot be undone.</b>
            </p>
            <p className="soft">
              Amounts, account and invoice numbers, the decisions of the gate and the sealed audit trail stay, without
              the person. An opt-out or cease of theirs goes on holding for their addresses.
            </p>
          </>
        )}
        {approve.error !== null && <Problem error={approve.error} />}
        <div className="row">
          <Button
            size="sm"
            color="red"
            disabled={seen.data === undefined || stands.length > 0}
            loading={approve.isPending}
            onClick={() =>
              approve.mutate(
                { params: { erasureId: row.id }, body: {} },
                {
                  onSuccess: () => {
                    say('Approved. It is carried out within seconds.');
                    close();
                  },
                },
              )
            }
          >
            Forget them
          </Button>
          <Button variant="subtle" size="sm" onClick={close}>
            Back
          </Button>
        </div>
      </div>
    </Modal>
  );
}
