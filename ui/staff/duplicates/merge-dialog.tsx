import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import type { Match } from './duplicates-page.tsx';

type Consequences = Output<'getMatch'>['consequences'];

/** Names what a merge changes before it is done. */
export function MergeDialog({ pair, close }: { readonly pair: Match; readonly close: () => void }) {
  const detail = useRead('getMatch', { params: { matchId: pair.id } }, { staleTime: 0 });
  const merge = useWrite('mergeMatch');
  const undo = useWrite('undoMerge');
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={close} title="Merge these two?" size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          merge.mutate(
            {
              params: { matchId: pair.id },
              ifMatch: pair.rowVersion,
              body: reason.trim() === '' ? {} : { reason: reason.trim() },
            },
            {
              onSuccess: ({ mergeId }) => {
                close();
                say(`${pair.one.name} and ${pair.other.name} are one now.`, () =>
                  undo.mutate({ params: { mergeId } }, { onError: sayProblem }),
                );
              },
            },
          );
        }}
      >
        <p>
          <b className="strong">{pair.one.name}</b> and <b className="strong">{pair.other.name}</b> will be treated as
          one person or business.
        </p>
        {detail.error !== null ? (
          <Problem error={detail.error} retry={() => void detail.refetch()} />
        ) : detail.data === undefined ? (
          <SkeletonLines rows={4} />
        ) : (
          <Consequence of={detail.data.consequences} />
        )}
        <p className="muted">
          It is a link: names, accounts, balances and history stay as they are, and it can be undone under “Merged”.
        </p>
        <TextInput
          label="Why"
          placeholder="Reviewed as a duplicate"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={300}
          data-autofocus
        />
        {merge.error !== null && <Problem error={merge.error} />}
        <div className="row wrap">
          <Button type="submit" size="sm" loading={merge.isPending} disabled={detail.data === undefined}>
            Merge
          </Button>
          <Button variant="default" size="sm" onClick={close}>
            Leave them apart
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Consequence({ of }: { readonly of: Consequences }) {
  const format = useFormat();
  const some = (count: number, one: string, many: string) => `${format.count(count)} ${count === 1 ? one : many}`;
  return (
    <ul className="consequences">
      <li>
        <b>Limits on contact</b> count for all {some(of.accounts, 'account', 'accounts')}
        {of.clients > 1 ? ` of ${format.count(of.clients)} clients` : ''} together
        {of.recentContacts > 0 ? `; ${some(of.recentContacts, 'was', 'were')} contacted in the last seven days` : ''}.
      </li>
      <li>
        <b>Stops</b>{' '}
        {of.holds === 0
          ? 'placed on the person will cover all of them; there is none now.'
          : `on the person will cover all of them: ${some(of.holds, 'hold is', 'holds are')} in force.`}
      </li>
      <li>
        <b>Wishes</b>{' '}
        {of.wishes === 0
          ? 'such as an opt-out will bind for all of them; there is none now.'
          : `will bind for all of them: ${some(of.wishes, 'is', 'are')} on record.`}
      </li>
      <li>
        <b>What is planned</b>{' '}
        {of.planned === 0
          ? 'is not touched: nothing is waiting.'
          : `is void at once: ${some(of.planned, 'contact', 'contacts')}. The next run plans anew.`}
      </li>
    </ul>
  );
}

/** Says what parting them again brings back and what it does not. */
export function UnmergeDialog({ pair, close }: { readonly pair: Match; readonly close: () => void }) {
  const undo = useWrite('undoMerge');
  const { mergeId } = pair;
  return (
    <Modal opened onClose={close} title="Undo this merge?" size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (mergeId === null) return;
          undo.mutate(
            { params: { mergeId } },
            {
              onSuccess: () => {
                close();
                say(`${pair.one.name} and ${pair.other.name} are two again.`);
              },
            },
          );
        }}
      >
        <p>
          <b className="strong">{pair.one.name}</b> and <b className="strong">{pair.other.name}</b> will be two again.
        </p>
        <ul className="consequences">
          <li>Limits on contact count for each by itself, contacts made meanwhile for the one they were made to.</li>
          <li>Stops and wishes stay with the one they were recorded for.</li>
          <li>What is planned for either is void at once; a case over both loses the accounts of the one.</li>
          <li>The pair is up for review again.</li>
        </ul>
        {undo.error !== null && <Problem error={undo.error} />}
        <div className="row wrap">
          <Button type="submit" size="sm" color="red" loading={undo.isPending} data-autofocus>
            Undo the merge
          </Button>
          <Button variant="default" size="sm" onClick={close}>
            Leave it
          </Button>
        </div>
      </form>
    </Modal>
  );
}
