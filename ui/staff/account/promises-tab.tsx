import { Button, Modal, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useWrite } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem, Tag, type Tone } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';

type Account = Output<'getAccount'>;
const tones: Readonly<Record<string, Tone>> = {
  open: 'accent',
  kept: 'good',
  part_kept: 'warn',
  broken: 'bad',
  cancelled: 'plain',
};

export function PromisesTab({ account }: { readonly account: Account }) {
  const may = useMay();
  const [cancelling, setCancelling] = useState<Account['promises'][number] | null>(null);
  const cancel = useWrite('cancelPromise');
  if (account.promises.length === 0)
    return (
      <Empty title="No promises">
        A promise to pay stops reminders about its items and judges itself when its day has passed.
      </Empty>
    );
  return (
    <>
      <ScrollRegion label="Promises, scrolls sideways">
        <table className="table" aria-label="Promises">
          <thead>
            <tr>
              <th scope="col">Due</th>
              <th scope="col" className="right">
                Promised
              </th>
              <th scope="col" className="right">
                Received
              </th>
              <th scope="col">State</th>
              <th scope="col">Made</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {account.promises.map((promise) => (
              <tr key={promise.id}>
                <td>
                  <Day date={promise.dueOn} /> <span className="muted">+{promise.graceDays}</span>
                </td>
                <td className="right">
                  <Amount value={promise} />
                </td>
                <td className="right">
                  <Amount value={{ amountMinor: promise.receivedMinor, currency: promise.currency }} />
                </td>
                <td>
                  <Tag tone={tones[promise.state] ?? 'plain'} title={promise.judgedReason ?? ''}>
                    {words(promise.state)}
                  </Tag>
                </td>
                <td className="muted">
                  {promise.madeBy}, <Instant at={promise.madeAt} form="day" />
                </td>
                <td className="right">
                  {promise.state === 'open' && may('promises.write') && (
                    <Button variant="subtle" onClick={() => setCancelling(promise)}>
                      Cancel
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {cancelling !== null && (
        <ReasonModal
          title="Cancel this promise"
          consequence="Reminders about its items start again with the next run."
          label="Why"
          action="Cancel the promise"
          pending={cancel.isPending}
          error={cancel.error}
          close={() => setCancelling(null)}
          submit={(reason) =>
            cancel.mutate(
              { params: { promiseId: cancelling.id }, ifMatch: cancelling.rowVersion, body: { reason } },
              {
                onSuccess: () => {
                  say('The promise is cancelled.');
                  setCancelling(null);
                },
              },
            )
          }
        />
      )}
    </>
  );
}

export function HoldsTab({ account }: { readonly account: Account }) {
  const may = useMay();
  const [releasing, setReleasing] = useState<Account['holds'][number] | null>(null);
  const release = useWrite('releaseHold');
  if (account.holds.length === 0)
    return (
      <Empty title="No holds">
        A hold stops contact for a reason, from one date to another, for some items or for all of them.
      </Empty>
    );
  return (
    <>
      <ScrollRegion label="Holds, scrolls sideways">
        <table className="table" aria-label="Holds">
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Covers</th>
              <th scope="col">Stops</th>
              <th scope="col">From</th>
              <th scope="col">Until</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {account.holds.map((hold) => (
              <tr key={hold.id}>
                <td>
                  <span className={hold.live ? 'strong' : 'muted'}>{words(hold.reason)}</span>
                  {hold.note !== null && <div className="muted">{hold.note}</div>}
                </td>
                <td className="soft">
                  {hold.coverage === 'items'
                    ? `${hold.itemIds.length} items`
                    : hold.coverage === 'party'
                      ? 'Everything'
                      : 'Account'}
                </td>
                <td className="soft">{hold.effects.map(words).join(', ')}</td>
                <td className="soft">
                  <Instant at={hold.effectiveFrom} form="day" />
                </td>
                <td className="soft">
                  {hold.releasedAt !== null ? (
                    <>
                      released <Instant at={hold.releasedAt} form="day" />
                    </>
                  ) : hold.effectiveTo !== null ? (
                    <Instant at={hold.effectiveTo} form="day" />
                  ) : (
                    'released'
                  )}
                  {hold.releasedAt === null && hold.effectiveTo === null && ' by hand'}
                </td>
                <td className="right">
                  {hold.live && may('holds.release') && (
                    <Button variant="subtle" onClick={() => setReleasing(hold)}>
                      Release
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {releasing !== null && (
        <ReasonModal
          title={`Release the ${words(releasing.reason).toLowerCase()} hold`}
          consequence="Contact can be planned again from the next run on."
          label="Why"
          action="Release the hold"
          pending={release.isPending}
          error={release.error}
          close={() => setReleasing(null)}
          submit={(reason) =>
            release.mutate(
              { params: { holdId: releasing.id }, ifMatch: releasing.rowVersion, body: { reason } },
              {
                onSuccess: () => {
                  say('The hold is released.');
                  setReleasing(null);
                },
              },
            )
          }
        />
      )}
    </>
  );
}

/** A question whose answer is a reason, after naming what follows from it. */
export function ReasonModal({
  title,
  consequence,
  label,
  action,
  pending,
  error,
  close,
  submit,
  children,
  danger = false,
}: {
  readonly title: string;
  readonly consequence: string;
  readonly label: string;
  readonly action: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly close: () => void;
  readonly submit: (reason: string) => void;
  readonly children?: ReactNode;
  readonly danger?: boolean;
}) {
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={close} title={title}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit(reason.trim());
        }}
      >
        <p className="soft">{consequence}</p>
        {children}
        <TextInput
          label={label}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          minLength={3}
          maxLength={300}
          required
          data-autofocus
        />
        {error !== null && error !== undefined && <Problem error={error} />}
        <div className="row">
          <Button type="submit" size="sm" loading={pending} {...(danger ? { color: 'red' } : {})}>
            {action}
          </Button>
          <Button variant="subtle" size="sm" onClick={close}>
            Back
          </Button>
        </div>
      </form>
    </Modal>
  );
}
