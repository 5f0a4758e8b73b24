import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { useMay } from '../shell/session.tsx';

/** One row that stops everything for a client or for all of them, at once and at the gate. */
export function Stops() {
  const may = useMay();
  const stops = useRead('listWideStops', {});
  const release = useWrite('releaseWideStop');
  const [placing, setPlacing] = useState(false);
  if (stops.isPending) return <SkeletonLines rows={3} height={18} />;
  if (stops.error !== null) return <Problem error={stops.error} retry={() => void stops.refetch()} />;
  return (
    <>
      {stops.data.rows.length === 0 && (
        <Empty title="Nothing is stopped">
          If something is wrong with the data or the wording, stop all contact here first and look afterwards.
        </Empty>
      )}
      <ul className="cards">
        {stops.data.rows.map((stop) => (
          <li key={stop.id}>
            <div className="card row wrap">
              <Tag tone={stop.releasedAt === null ? 'bad' : 'plain'}>
                {stop.releasedAt === null ? 'Stopped' : 'Released'}
              </Tag>
              <span className="grow">
                <b className="strong">{stop.client?.name ?? 'Everything'}</b> {stop.reason}
                <span className="muted">
                  {' '}
                  since <Instant at={stop.effectiveFrom} />
                </span>
              </span>
              {stop.releasedAt === null && may('holds.release') && (
                <Button
                  variant="default"
                  loading={release.isPending}
                  onClick={() =>
                    release.mutate(
                      { params: { stopId: stop.id } },
                      { onSuccess: () => say('Released. Contact may go on.'), onError: sayProblem },
                    )
                  }
                >
                  Release
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {may('holds.write') && (
        <Button mt="md" color="red" variant="light" onClick={() => setPlacing(true)}>
          Stop all contact
        </Button>
      )}
      {placing && <Place close={() => setPlacing(false)} />}
    </>
  );
}

function Place({ close }: { readonly close: () => void }) {
  const clients = useRead('listClients', {});
  const place = useWrite('placeWideStop');
  const [clientId, setClientId] = useState('all');
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={close} title="Stop all contact">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          place.mutate(
            { body: clientId === 'all' ? { scope: 'tenant', reason } : { scope: 'client', clientId, reason } },
            {
              onSuccess: () => {
                say('Stopped. Nothing goes out until it is released.');
                close();
              },
            },
          );
        }}
      >
        <p className="soft">
          From this moment no message and no call is allowed. What is planned stays planned and goes out after the
          release, if it is still right then.
        </p>
        <Select
          label="For"
          value={clientId}
          onChange={(value) => setClientId(value ?? 'all')}
          data={[
            { value: 'all', label: 'Every client' },
            ...(clients.data?.rows.map((row) => ({ value: row.id, label: row.name })) ?? []),
          ]}
        />
        <TextInput
          label="Why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          minLength={3}
          maxLength={300}
          required
          data-autofocus
        />
        {place.error !== null && <Problem error={place.error} />}
        <Button type="submit" size="sm" color="red" loading={place.isPending}>
          Stop
        </Button>
      </form>
    </Modal>
  );
}
