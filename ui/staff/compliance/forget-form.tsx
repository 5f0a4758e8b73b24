import { Button, Modal, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Output } from '../../kit/operations.ts';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';

type Obstacles = Output<'getAccountKeeping'>['obstacles'];

/** What stands against forgetting somebody, each in a sentence. */
export function ObstacleList({ obstacles }: { readonly obstacles: Obstacles }) {
  return (
    <ul className="obstacles" aria-label="What stands against it">
      {obstacles.map((one) => (
        <li key={one.sentence}>{one.sentence}</li>
      ))}
    </ul>
  );
}

/** Asks for a person to be forgotten: at their wish, or because nothing keeps their records any longer. */
export function ForgetForm({
  person,
  basis,
  obstacles,
  close,
}: {
  readonly person: { readonly partyId: string; readonly name: string };
  readonly basis: 'request' | 'retention';
  readonly obstacles: Obstacles;
  readonly close: () => void;
}) {
  const navigate = useNavigate();
  const ask = useWrite('requestErasure');
  const [reason, setReason] = useState(basis === 'retention' ? 'No duty keeps these records any longer' : '');
  return (
    <Modal opened onClose={close} title={`Forget ${person.name}`}>
      {obstacles.length > 0 ? (
        <div className="stack">
          <p>These records must be kept for now. What stands against forgetting them:</p>
          <ObstacleList obstacles={obstacles} />
          <div className="row">
            <Button variant="default" size="sm" onClick={close}>
              Back
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate(
              { body: { partyId: person.partyId, basis, reason: reason.trim() } },
              {
                onSuccess: () => {
                  say(
                    basis === 'request'
                      ? 'Asked. Somebody else has to decide.'
                      : 'Asked. It waits under Erasures for approval.',
                  );
                  close();
                  void navigate({ to: '/compliance', search: { view: 'erasures' } });
                },
              },
            );
          }}
        >
          <p className="soft">
            Nothing happens yet. Once approved, everything that names the person, their words and what was written about
            them is emptied for good; amounts, account numbers and the proof of what was done stay.
          </p>
          <Textarea
            label={basis === 'request' ? 'How they asked, and how you recognised them' : 'Why now'}
            description="For whoever decides. It is erased with the rest."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            minLength={3}
            maxLength={1000}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          {ask.error !== null && <Problem error={ask.error} />}
          <div className="row">
            <Button type="submit" size="sm" loading={ask.isPending} disabled={reason.trim().length < 3}>
              Ask for it
            </Button>
            <Button variant="subtle" size="sm" onClick={close}>
              Back
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
