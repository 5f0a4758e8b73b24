import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { usePages, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';

type Incident = Output<'listIncidents'>['rows'][number];

/** What happened although the rules said no: recorded, counted, and closed only with a note. */
export function Incidents() {
  const may = useMay();
  const list = usePages('listIncidents', { query: { limit: 100 } });
  const close = useWrite('closeIncident');
  const acknowledge = useWrite('acknowledgeIncident');
  const format = useFormat();
  const ageOf = (at: string) => {
    const days = Math.round((Date.parse(format.today) - Date.parse(format.dateOf(at))) / 86_400_000);
    return days <= 0 ? 'since today' : `for ${days} ${days === 1 ? 'day' : 'days'}`;
  };
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
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button
          variant="default"
          component="a"
          leftSection={<Icon name="download" size={14} />}
          href={`data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(rows, null, 2))}`}
          download={`incidents-${format.today}.json`}
        >
          Save as JSON
        </Button>
      </div>
      <ul className="ready-list cards">
        {rows.map((incident) => (
          <li key={incident.id}>
            <div className="card">
              <div className="row wrap">
                <Tag tone={incident.state === 'closed' ? 'plain' : incident.state === 'open' ? 'bad' : 'warn'}>
                  {words(incident.state)}
                  {incident.state !== 'closed' && ` ${ageOf(incident.recordedAt)}`}
                </Tag>
                <span className="strong grow">{words(incident.kind)}</span>
                <span className="muted">
                  <Instant at={incident.at} />
                </span>
                {incident.state === 'open' && may('compliance.override') && (
                  <Button
                    variant="default"
                    onClick={() =>
                      acknowledge.mutate(
                        { params: { incidentId: incident.id }, ifMatch: incident.rowVersion, body: {} },
                        { onSuccess: () => say('You have taken it up.'), onError: sayProblem },
                      )
                    }
                  >
                    Take it up
                  </Button>
                )}
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
                )}{' '}
                {incident.permitId !== null && (
                  <Link to="/compliance" search={{ permit: incident.permitId }}>
                    What the gate says of it
                  </Link>
                )}
              </p>
              {incident.acknowledgedBy !== null && <p className="muted">Taken up by {incident.acknowledgedBy}</p>}
              {incident.closingNote !== null && (
                <p className="muted">
                  Closed by {incident.closedBy}: {incident.closingNote}
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Earlier
        </Button>
      )}
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
