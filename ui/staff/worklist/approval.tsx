import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useWrite } from '../../kit/queries.ts';
import { say, sayProblem } from '../../kit/toast.tsx';
import type { Next } from './worklist-page.tsx';

/** What a strategy has planned and a second person has to agree to. */
export function Approval({
  task,
  loading,
  take,
}: {
  readonly task: NonNullable<Next['task']>;
  readonly loading: boolean;
  readonly take: (skip: string | null) => void;
}) {
  const decide = useWrite('decidePlan', ['listTasks', 'getTimeline']);
  const [note, setNote] = useState('');
  const busy = loading || decide.isPending;
  const answer = (approve: boolean) =>
    decide.mutate(
      { params: { taskId: task.id }, body: { approve, note: note.trim() === '' ? null : note.trim() } },
      {
        onSuccess: () => {
          say(approve ? 'Agreed: it goes ahead as planned.' : 'Refused: it is not done, nor planned again.');
          take(null);
        },
        onError: sayProblem,
      },
    );
  return (
    <section className="panel desk-side stack" aria-label="Agree or refuse">
      <div>
        <p className="strong">{task.title}</p>
        <p className="soft">{task.reason}</p>
      </div>
      <p>The strategy has planned this; it waits until a second person has answered.</p>
      <Textarea
        label="Why"
        description="A refusal needs a reason."
        value={note}
        autosize
        minRows={2}
        maxLength={500}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button disabled={busy} onClick={() => answer(true)}>
        Agree and next
      </Button>
      <div className="desk-bar">
        <Button variant="default" disabled={busy || note.trim().length < 3} onClick={() => answer(false)}>
          Refuse
        </Button>
        <Button variant="subtle" disabled={busy} onClick={() => take(task.id)}>
          Skip
        </Button>
      </div>
    </section>
  );
}
