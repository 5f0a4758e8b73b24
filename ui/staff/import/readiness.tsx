import { Button, Modal, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { countries, timeZones } from '../../kit/places.ts';
import { Section } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat, useTenant } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { useMay } from '../shell/session.tsx';
import { ConsumerCure } from './consumer-cures.tsx';

/** Who cannot be contacted and why, with what can be done for all of them at once. */
export function Readiness({ clientId }: { readonly clientId?: string }) {
  const format = useFormat();
  const may = useMay();
  const readiness = useRead('getReadiness', { query: { clientId } });
  const [curing, setCuring] = useState(false);
  const { data } = readiness;
  if (data !== undefined && data.accounts === 0) return null;
  return (
    <Section
      title="Ready to contact"
      aside={
        data === undefined ? undefined : `${format.count(data.ready)} of ${format.count(data.accounts)} open accounts`
      }
    >
      {readiness.isPending && (
        <div style={{ paddingTop: 14 }}>
          <SkeletonLines rows={3} />
        </div>
      )}
      {readiness.error !== null && (
        <div style={{ paddingTop: 14 }}>
          <Problem error={readiness.error} retry={() => void readiness.refetch()} />
        </div>
      )}
      {data !== undefined && data.blocked.length === 0 && (
        <p className="good" style={{ padding: '14px 0' }}>
          Every open account can be contacted.
        </p>
      )}
      <ul className="ready-list">
        {data?.blocked.map((blocker) => (
          <li key={blocker.reason}>
            <b>{format.count(blocker.count)}</b>
            <div>
              {blocker.sentence}
              {blocker.partly && <span className="muted"> This closes a way to them, not all.</span>}
              <div className="muted">
                {blocker.cure}
                {blocker.examples.length > 0 && (
                  <>
                    {' '}
                    For example{' '}
                    {blocker.examples.slice(0, 3).map((example, index) => (
                      <span key={example.id}>
                        {index > 0 && ', '}
                        <Link to="/accounts/$accountId" params={{ accountId: example.id }}>
                          {example.name}
                        </Link>
                      </span>
                    ))}
                    {!endsInAStop(blocker.examples) && '.'}
                  </>
                )}
              </div>
            </div>
            {blocker.reason === 'no_time_zone' && may('intake.write') && (
              <Button variant="light" onClick={() => setCuring(true)}>
                Set for all
              </Button>
            )}
            <ConsumerCure reason={blocker.reason} clientId={clientId} />
          </li>
        ))}
      </ul>
      {curing && <Cure clientId={clientId} close={() => setCuring(false)} />}
    </Section>
  );
}

function Cure({ clientId, close }: { readonly clientId: string | undefined; readonly close: () => void }) {
  const format = useFormat();
  const tenant = useTenant();
  const clients = useRead('listClients', {});
  const cure = useWrite('cureReadiness');
  const [client, setClient] = useState<string | null>(clientId ?? null);
  const [country, setCountry] = useState<string | null>(null);
  const [zone, setZone] = useState<string | null>(tenant.timeZone);
  const rows = clients.data?.rows ?? [];
  const chosen = client ?? rows[0]?.id ?? null;
  return (
    <Modal opened onClose={close} title="Set country and time zone">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen === null || country === null || zone === null) return;
          cure.mutate(
            { body: { clientId: chosen, country, timeZone: zone } },
            {
              onSuccess: ({ changed }) => {
                say(`${format.count(changed)} customers now have a country and a time zone.`);
                close();
              },
            },
          );
        }}
      >
        <p className="soft">
          Only customers who have neither are changed. The lawful hours of contact follow from it, so choose what is
          true for nearly all of them.
        </p>
        <Select
          label="Client"
          value={chosen}
          onChange={setClient}
          data={rows.map((row) => ({ value: row.id, label: row.name }))}
        />
        <Select
          label="Country"
          value={country}
          onChange={setCountry}
          data={countries(format.locale)}
          searchable
          required
        />
        <Select label="Time zone" value={zone} onChange={setZone} data={timeZones()} searchable required />
        {cure.error !== null && <Problem error={cure.error} />}
        <Button
          type="submit"
          size="sm"
          loading={cure.isPending}
          disabled={chosen === null || country === null || zone === null}
        >
          Set for all of them
        </Button>
      </form>
    </Modal>
  );
}

/** "Kingfisher Events Inc." brings the stop of its sentence along. */
function endsInAStop(examples: readonly { readonly name: string }[]): boolean {
  return examples.slice(0, 3).at(-1)?.name.endsWith('.') === true;
}
