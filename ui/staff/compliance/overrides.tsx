import { Button, Modal, NumberInput, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import type { Why } from '../../kit/why-card.tsx';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';

type Override = Output<'listOverrides'>['rows'][number];
const states: Readonly<Record<Override['state'], { readonly word: string; readonly tone: Tone }>> = {
  requested: { word: 'Waits for a decision', tone: 'warn' },
  approved: { word: 'Approved, not used', tone: 'good' },
  rejected: { word: 'Rejected', tone: 'plain' },
  used: { word: 'Used', tone: 'info' },
  lapsed: { word: 'Lapsed', tone: 'plain' },
};

const acts: Readonly<Record<string, string>> = { call: 'call', email: 'e-mail', letter: 'letter' };

/** Overrides asked for: one account, one act, a few hours; decided by somebody else than asked. */
export function Overrides() {
  const may = useMay();
  const list = useRead('listOverrides', { query: {} }, { refetchInterval: 20_000 });
  const decide = useWrite('decideOverride');
  const [deciding, setDeciding] = useState<{ readonly override: Override; readonly approve: boolean } | null>(null);
  if (list.isPending) return <SkeletonLines rows={6} height={18} />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (list.data.rows.length === 0)
    return (
      <Empty title="Nobody has asked for an override">
        Where a rule can be rebutted, such as seven calls in seven days, a collector may ask for leave to call, write or
        send a notice once anyway. The request comes here for somebody else to decide.
      </Empty>
    );
  return (
    <>
      <ul className="cards">
        {list.data.rows.map((row) => (
          <li key={row.id}>
            <article className="card tightening" aria-label={`Override for ${row.party}`}>
              <div className="row wrap">
                <Tag tone={states[row.state].tone}>{states[row.state].word}</Tag>
                <h3 className="grow" aria-level={2}>
                  {words(row.channel)} to{' '}
                  <Link to="/accounts/$accountId" params={{ accountId: row.account.id }}>
                    {row.party}
                  </Link>
                </h3>
                <span className="muted">
                  good until <Instant at={row.validUntil} />
                </span>
              </div>
              <p>
                {row.requestedBy}: {row.reason}
              </p>
              <p className="soft">
                Would lift: {row.sentences.join(' ')} <span className="muted">{row.citations.join('; ')}</span>
              </p>
              {row.decidedBy !== null && (
                <p className="muted">
                  {row.decidedBy}: {row.note}
                </p>
              )}
              {row.permitId !== null && (
                <Link to="/compliance" search={{ permit: row.permitId }}>
                  The permit it was spent on
                </Link>
              )}
              {row.state === 'requested' &&
                may('compliance.override') &&
                (row.mine ? (
                  <p className="muted">You asked for it: somebody else has to decide.</p>
                ) : (
                  <div className="row" style={{ marginTop: 8 }}>
                    <Button onClick={() => setDeciding({ override: row, approve: true })}>Approve…</Button>
                    <Button variant="default" onClick={() => setDeciding({ override: row, approve: false })}>
                      Reject…
                    </Button>
                  </div>
                ))}
            </article>
          </li>
        ))}
      </ul>
      {deciding !== null && (
        <ReasonModal
          title={deciding.approve ? 'Approve this override' : 'Reject this override'}
          consequence={
            deciding.approve
              ? `One ${acts[deciding.override.channel] ?? 'act of contact'} about this account may go ahead although the rules named say no. Your name, and what you write, are kept with the permit.`
              : 'It stays refused. The request and your reason stay on record.'
          }
          label="Why"
          action={deciding.approve ? 'Approve' : 'Reject'}
          pending={decide.isPending}
          error={decide.error}
          close={() => setDeciding(null)}
          submit={(note) =>
            decide.mutate(
              { params: { overrideId: deciding.override.id }, body: { approve: deciding.approve, note } },
              {
                onSuccess: () => {
                  say(deciding.approve ? 'Approved, for once.' : 'Rejected.');
                  setDeciding(null);
                },
              },
            )
          }
        />
      )}
    </>
  );
}

/** Under a no that only rebuttable rules speak: the way to ask a second person for leave. */
export function AskOverride({
  accountId,
  why,
  act = { kind: 'call' },
  channel = 'call',
}: {
  readonly accountId: string;
  readonly why: Why;
  /** What would be done; the gate is asked about exactly this. */
  readonly act?: NonNullable<NonNullable<Input<'askOverride'>['body']>['act']>;
  readonly channel?: 'call' | 'email' | 'letter';
}) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState(4);
  const ask = useWrite('askOverride', ['listOverrides']);
  const waiting = useRead('listOverrides', { query: { accountId } }, { enabled: why.overridable === true });
  if (why.overridable !== true) return null;
  if (waiting.data?.rows.some((row) => row.state === 'requested' && row.channel === channel))
    return (
      <p className="muted" role="status">
        An override is asked for; somebody else has to decide.
      </p>
    );
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpen(true)} style={{ alignSelf: 'flex-start' }}>
        Ask for an override…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Ask for an override">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate(
              { params: { accountId }, body: { act, reason: reason.trim(), hours } },
              {
                onSuccess: () => {
                  setOpen(false);
                  say('Asked. It can go ahead once somebody else has approved it.');
                },
              },
            );
          }}
        >
          <p className="soft">
            {why.sentence} Somebody else has to agree; it is then good for one {acts[channel]} about this account.
          </p>
          <Textarea
            label="Why this person should be contacted all the same"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            minLength={3}
            maxLength={1000}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          <NumberInput
            label="Good for so many hours"
            value={hours}
            min={1}
            max={24}
            allowDecimal={false}
            onChange={(value) => setHours(typeof value === 'number' ? value : 4)}
          />
          {ask.error !== null && <Problem error={ask.error} />}
          <div className="row">
            <Button type="submit" size="sm" loading={ask.isPending} disabled={reason.trim().length < 3}>
              Ask
            </Button>
            <Button variant="subtle" size="sm" onClick={() => setOpen(false)}>
              Back
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}
