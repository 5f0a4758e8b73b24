import { Button, Modal, Radio, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';

/** A name, and what to begin from: one of ours, or a strategy there is. */
export function NewStrategy({ close }: { readonly close: () => void }) {
  const navigate = useNavigate();
  const list = useRead('listStrategies', {});
  const create = useWrite('createStrategy', ['listStrategies']);
  const [name, setName] = useState('');
  const [from, setFrom] = useState('standard');
  const [kind, id] = from.includes(':') ? (from.split(':') as [string, string]) : ['', ''];
  return (
    <Modal opened onClose={close} title="New strategy" size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { body: kind === 'copy' ? { name, copyOf: id } : { name, startingPoint: from } },
            {
              onSuccess: (made) => {
                close();
                void navigate({ to: '/strategies/$strategyId', params: { strategyId: made.id } });
              },
            },
          );
        }}
      >
        <TextInput
          label="Name"
          placeholder="Key customers"
          value={name}
          maxLength={60}
          required
          data-autofocus
          error={create.error?.code === 'name_taken' ? create.error.message : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {list.data === undefined ? (
          <SkeletonLines rows={5} height={20} />
        ) : (
          <Radio.Group label="Begin from" value={from} onChange={setFrom}>
            <div className="stack starts">
              {list.data.startingPoints.map((one) => (
                <Radio key={one.key} size="xs" value={one.key} label={one.title} description={one.sentence} />
              ))}
              {list.data.rows.map((row) => (
                <Radio key={row.id} size="xs" value={`copy:${row.id}`} label={`A copy of “${row.name}”`} />
              ))}
            </div>
          </Radio.Group>
        )}
        {create.error !== null && create.error.code !== 'name_taken' && <Problem error={create.error} />}
        <div className="row">
          <Button type="submit" size="sm" loading={create.isPending} disabled={name.trim() === ''}>
            Begin the draft
          </Button>
          <Button size="sm" variant="subtle" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
