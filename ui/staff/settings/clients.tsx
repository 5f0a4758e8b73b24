import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { countries, currencies, timeZones } from '../../kit/places.ts';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat, useTenant } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { ClassificationModal } from './classification.tsx';

type Client = Output<'listClients'>['rows'][number];
type Body = NonNullable<Input<'createClient'>['body']>;

export function Clients() {
  const may = useMay();
  const clients = useRead('listClients', {});
  const [editing, setEditing] = useState<Client | 'new' | null>(null);
  const [classifying, setClassifying] = useState<Client | null>(null);
  if (clients.isPending) return <SkeletonLines rows={4} height={18} />;
  if (clients.error !== null) return <Problem error={clients.error} retry={() => void clients.refetch()} />;
  return (
    <>
      {clients.data.rows.length === 0 && (
        <Empty title="No client yet">
          A client is the creditor in whose name money is owed: your own company, or the one you collect for.
        </Empty>
      )}
      <ul className="cards">
        {clients.data.rows.map((client) => (
          <li key={client.id}>
            <div className="card">
              <div className="row wrap">
                <span className="strong grow">{client.name}</span>
                <Tag tone={client.senderMode === 'capture' ? 'plain' : 'good'}>
                  {client.senderMode === 'capture' ? 'Messages are captured' : 'SMTP'}
                </Tag>
                {may('compliance.read') && (
                  <Button variant="default" onClick={() => setClassifying(client)}>
                    In law
                  </Button>
                )}
                {may('tenant.configure') && (
                  <Button variant="default" onClick={() => setEditing(client)}>
                    Edit
                  </Button>
                )}
              </div>
              <p className="soft">
                {words(client.kind)}, {client.currency}, {client.timeZone}
                {client.contactEmail === null ? (
                  <span className="warn">. No reply address: nothing can be sent.</span>
                ) : (
                  `, replies to ${client.contactEmail}`
                )}
              </p>
              <p className="muted">
                {client.feedThrough === null ? (
                  'No file has been taken in yet.'
                ) : (
                  <>
                    The newest file speaks for <Instant at={client.feedThrough} />.
                  </>
                )}
                {client.feedMaxAgeHours !== null &&
                  ` Contact stops when it is older than ${client.feedMaxAgeHours} hours.`}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {may('tenant.configure') && (
        <Button mt="md" onClick={() => setEditing('new')}>
          Add a client
        </Button>
      )}
      {classifying !== null && <ClassificationModal client={classifying} close={() => setClassifying(null)} />}
      {editing !== null && <ClientForm client={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
    </>
  );
}

const text = (value: string) => (value.trim() === '' ? null : value.trim());

function ClientForm({ client, close }: { readonly client: Client | null; readonly close: () => void }) {
  const format = useFormat();
  const tenant = useTenant();
  const create = useWrite('createClient');
  const update = useWrite('updateClient');
  const [form, setForm] = useState<Body>(() => {
    if (client === null)
      return { name: '', kind: 'own_entity', currency: tenant.currency, timeZone: tenant.timeZone, country: 'US' };
    const {
      name,
      kind,
      currency,
      timeZone,
      country,
      region,
      contactEmail,
      contactPhone,
      postalAddress,
      paymentInstructions,
      feedMaxAgeHours,
    } = client;
    return {
      name,
      kind,
      currency,
      timeZone,
      country,
      region,
      contactEmail,
      contactPhone,
      postalAddress,
      paymentInstructions,
      feedMaxAgeHours,
    };
  });
  const set = (part: Partial<Body>) => setForm((before) => ({ ...before, ...part }));
  const error = create.error ?? update.error;
  const wrong = error?.fields ?? {};
  const saved = () => {
    say(`${form.name} is saved.`);
    close();
  };
  return (
    <Modal opened onClose={close} title={client === null ? 'Add a client' : client.name} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (client === null) create.mutate({ body: form }, { onSuccess: saved });
          else
            update.mutate(
              { params: { clientId: client.id }, ifMatch: client.rowVersion, body: form },
              { onSuccess: saved },
            );
        }}
      >
        <TextInput
          label="Name"
          description="Stands in every message as the one who is owed."
          value={form.name}
          error={wrong.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          required
          data-autofocus
        />
        <Select
          label="Kind"
          value={form.kind ?? 'own_entity'}
          data={(['own_entity', 'agency_customer', 'portfolio_owner'] as const).map((value) => ({
            value,
            label: words(value),
          }))}
          onChange={(kind) => set({ kind: (kind ?? 'own_entity') as NonNullable<Body['kind']> })}
        />
        <Select
          label="Country"
          value={form.country}
          data={countries(format.locale)}
          onChange={(country) => set({ country: country ?? form.country })}
          searchable
        />
        <Select
          label="Time zone"
          description="Decides on which day something is due."
          value={form.timeZone}
          data={timeZones()}
          onChange={(timeZone) => set({ timeZone: timeZone ?? form.timeZone })}
          searchable
        />
        <Select
          label="Currency"
          value={form.currency}
          data={currencies(format.locale)}
          onChange={(currency) => set({ currency: currency ?? form.currency })}
          searchable
        />
        <TextInput
          label="Replies go to"
          type="email"
          value={form.contactEmail ?? ''}
          error={wrong.contactEmail}
          onChange={(event) => set({ contactEmail: text(event.currentTarget.value) })}
        />
        <TextInput
          label="Phone"
          value={form.contactPhone ?? ''}
          onChange={(event) => set({ contactPhone: text(event.currentTarget.value) })}
        />
        <Textarea
          label="Postal address"
          value={form.postalAddress ?? ''}
          onChange={(event) =>
            set({ postalAddress: event.currentTarget.value === '' ? null : event.currentTarget.value })
          }
          autosize
          minRows={2}
        />
        <Textarea
          label="How to pay"
          description="Bank details or a link, as it stands in the messages."
          value={form.paymentInstructions ?? ''}
          onChange={(event) =>
            set({ paymentInstructions: event.currentTarget.value === '' ? null : event.currentTarget.value })
          }
          autosize
          minRows={2}
        />
        <TextInput
          label="Stop contact when the newest file is older than (hours)"
          inputMode="numeric"
          value={form.feedMaxAgeHours?.toString() ?? ''}
          onChange={(event) =>
            set({
              feedMaxAgeHours: /^\d{1,5}$/.test(event.currentTarget.value) ? Number(event.currentTarget.value) : null,
            })
          }
        />
        {error !== null && <Problem error={error} />}
        <Button type="submit" size="sm" loading={create.isPending || update.isPending}>
          Save
        </Button>
      </form>
    </Modal>
  );
}
