import { Button, Select } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { addressOf } from '../../kit/api.ts';
import { TableSkeleton } from '../../kit/data-table.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { usePages, useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';

type Incident = Output<'listIncidents'>['rows'][number];
type State = NonNullable<NonNullable<Input<'listIncidents'>['query']>['state']>;
const route = getRouteApi('/staff/compliance');
const states: readonly { readonly value: State; readonly label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'acknowledged', label: 'Taken up' },
  { value: 'closed', label: 'Closed' },
];

/** What happened although the rules said no: recorded, counted, and closed only with a note. */
export function Incidents() {
  const may = useMay();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const format = useFormat();
  const clients = useRead('listClients', {}, { staleTime: 60_000 });
  const filter = {
    state: states.find((one) => one.value === search.state)?.value,
    clientId: search.clientId,
    from: search.from,
    to: search.to,
  };
  const list = usePages('listIncidents', { query: { ...filter, limit: 100 } }, { keep: true });
  const close = useWrite('closeIncident');
  const acknowledge = useWrite('acknowledgeIncident');
  const [deciding, setDeciding] = useState<{ readonly incident: Incident; readonly step: 'take' | 'close' } | null>(
    null,
  );
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true, resetScroll: false });
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const ageOf = (at: string) => {
    const days = Math.round((Date.parse(format.today) - Date.parse(format.dateOf(at))) / 86_400_000);
    return days <= 0 ? 'since today' : `for ${days} ${days === 1 ? 'day' : 'days'}`;
  };
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className="filters incident-filters">
        <Select
          size="xs"
          label="State"
          placeholder="All"
          clearable
          data={states.map((one) => ({ ...one }))}
          value={filter.state ?? null}
          onChange={(state) => set({ state: state ?? undefined })}
        />
        {(clients.data?.rows.length ?? 0) > 1 && (
          <Select
            size="xs"
            label="Client"
            placeholder="All"
            clearable
            data={clients.data?.rows.map((row) => ({ value: row.id, label: row.name })) ?? []}
            value={search.clientId ?? null}
            onChange={(clientId) => set({ clientId: clientId ?? undefined })}
          />
        )}
        <DateInput
          size="xs"
          label="Recorded from"
          value={search.from ?? ''}
          change={(from) => set({ from: from === '' ? undefined : from })}
          required={false}
        />
        <DateInput
          size="xs"
          label="To"
          value={search.to ?? ''}
          change={(to) => set({ to: to === '' ? undefined : to })}
          required={false}
        />
        <Button
          variant="default"
          size="xs"
          component="a"
          leftSection={<Icon name="download" size={14} />}
          href={addressOf('exportIncidents', { query: filter })}
          download={`incidents-${format.today}.csv`}
          style={{ alignSelf: 'flex-end' }}
        >
          Export all as CSV
        </Button>
      </div>
      {list.isPending && <TableSkeleton rows={4} />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined && rows.length === 0 && (
        <Empty
          title={filtered ? 'No incident matches' : 'No incidents'}
          action={
            filtered ? (
              <Button variant="light" onClick={() => void navigate({ search: { view: 'incidents' } })}>
                Clear the filters
              </Button>
            ) : undefined
          }
        >
          {filtered
            ? 'Look at more days, or at every state.'
            : 'A contact that the rules did not allow, but that happened, would stand here.'}
        </Empty>
      )}
      <ul className="cards">
        {rows.map((incident) => (
          <li key={incident.id}>
            <div className="card">
              <div className="row wrap">
                <Tag tone={incident.state === 'closed' ? 'plain' : incident.state === 'open' ? 'bad' : 'warn'}>
                  {states.find((one) => one.value === incident.state)?.label}
                  {incident.state !== 'closed' && ` ${ageOf(incident.recordedAt)}`}
                </Tag>
                <span className="strong grow">{words(incident.kind)}</span>
                <span className="muted">
                  <Instant at={incident.at} />
                </span>
                {incident.state === 'open' && may('compliance.override') && (
                  <Button variant="default" onClick={() => setDeciding({ incident, step: 'take' })}>
                    Take it up…
                  </Button>
                )}
                {incident.state !== 'closed' && may('compliance.override') && (
                  <Button variant="default" onClick={() => setDeciding({ incident, step: 'close' })}>
                    Close…
                  </Button>
                )}
              </div>
              <p className="soft" style={{ marginTop: 4 }}>
                {incident.summary}{' '}
                {incident.accountId !== null && (
                  <Link to="/accounts/$accountId" params={{ accountId: incident.accountId }}>
                    Account {incident.accountNumber}
                  </Link>
                )}{' '}
                {incident.permitId !== null && (
                  <Link to="/compliance" search={{ permit: incident.permitId }}>
                    What the gate says of it
                  </Link>
                )}
              </p>
              {incident.acknowledgedBy !== null && (
                <p className="muted">
                  Taken up by {incident.acknowledgedBy}
                  {incident.acknowledgingNote !== null && `: ${incident.acknowledgingNote}`}
                </p>
              )}
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
      {deciding !== null && (
        <ReasonModal
          title={deciding.step === 'take' ? 'Take this incident up' : 'Close this incident'}
          consequence={
            deciding.step === 'take'
              ? 'Everybody sees that you look into it, and what you know so far. It stays open until it is closed.'
              : 'The incident and your note stay on record; it leaves the list of what needs a decision.'
          }
          label={deciding.step === 'take' ? 'What you will do' : 'What was done about it'}
          action={deciding.step === 'take' ? 'Take it up' : 'Close it'}
          pending={close.isPending || acknowledge.isPending}
          error={close.error ?? acknowledge.error}
          close={() => setDeciding(null)}
          submit={(note) => {
            const { incident, step } = deciding;
            const about = { params: { incidentId: incident.id }, ifMatch: incident.rowVersion, body: { note } };
            const done = (sentence: string) => ({
              onSuccess: () => {
                say(sentence);
                setDeciding(null);
              },
            });
            if (step === 'take') acknowledge.mutate(about, done('You have taken it up.'));
            else close.mutate(about, done('The incident is closed.'));
          }}
        />
      )}
    </>
  );
}
