import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import type { Output } from '../../kit/operations.ts';
import { usePages, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';

type Incident = Output<'listIncidents'>['rows'][number];

/** What happened although the rules said no: recorded, counted, and closed only with a note. */
export function Incidents() {
  const may = useMay();
  const list = usePages('listIncidents', { query: { limit: 100 } });
  const close = useWrite('closeIncident');
  const [closing, setClosing] = useState<Incident | null>(null);
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  if (list.isPending) return <TableSkeleton rows={4} />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (rows.length === 0)
    return (
      <Empty title="No incidents">A contact that the rules did not allow, but that happened, would stand here.</Empty>
    );
  return (
    <>
      <ul className="ready-list cards">
        {rows.map((incident) => (
          <li key={incident.id}>
            <div className="card">
              <div className="row">
                <Tag tone={incident.state === 'closed' ? 'plain' : 'bad'}>{words(incident.state)}</Tag>
                <span className="strong grow">{words(incident.kind)}</span>
                <span className="muted">
                  <Instant at={incident.at} />
                </span>
                {incident.state !== 'closed' && may('compliance.override') && (
                  <Button variant="default" onClick={() => setClosing(incident)}>
                    Close
                  </Button>
                )}
              </div>
              <p className="soft" style={{ marginTop: 4 }}>
                {incident.summary}{' '}
                {incident.accountId !== null && (
                  <Link to="/accounts/$accountId" params={{ accountId: incident.accountId }}>
                    Account
                  </Link>
                )}
              </p>
              {incident.closingNote !== null && <p className="muted">{incident.closingNote}</p>}
            </div>
          </li>
        ))}
      </ul>
      {closing !== null && (
        <ReasonModal
          title="Close this incident"
          consequence="The incident and your note stay on record; it leaves the list of what needs a decision."
          label="What was done about it"
          action="Close it"
          pending={close.isPending}
          error={close.error}
          close={() => setClosing(null)}
          submit={(note) =>
            close.mutate(
              { params: { incidentId: closing.id }, ifMatch: closing.rowVersion, body: { note } },
              {
                onSuccess: () => {
                  say('The incident is closed.');
                  setClosing(null);
                },
              },
            )
          }
        />
      )}
    </>
  );
}
