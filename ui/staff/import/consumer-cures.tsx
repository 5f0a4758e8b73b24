import { Button, Modal, Select, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { ClassificationModal } from '../settings/classification.tsx';
import { useMay } from '../shell/session.tsx';

type Reason = Output<'getReadiness'>['blocked'][number]['reason'];
type Close = { readonly clientId: string | undefined; readonly close: () => void };

/** The button that cures one reason for all consumers of a client at once, where there is such a cure and the person may. */
export function ConsumerCure({ reason, clientId }: { readonly reason: Reason; readonly clientId: string | undefined }) {
  const may = useMay();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  if (reason === 'no_last_day_to_sue' && may('intake.write'))
    return (
      <Button component={Link} to="/import" variant="light">
        Import a file
      </Button>
    );
  const cure = cures[reason];
  if (cure === undefined || !may(cure.permission)) return null;
  return (
    <>
      <Button variant="light" onClick={() => setOpen(true)}>
        {cure.label}
      </Button>
      {open && <cure.form clientId={clientId} close={close} />}
    </>
  );
}

const cures: Partial<Record<Reason, { label: string; permission: string; form: (props: Close) => React.ReactNode }>> = {
  no_email_procedure: { label: 'State the procedure', permission: 'compliance.override', form: EmailProcedure },
  no_notice: { label: 'Prepare notices', permission: 'contacts.send', form: MissingNotices },
  not_signed: { label: 'Sign', permission: 'compliance.override', form: Classification },
};

function useClients(given: string | undefined) {
  const clients = useRead('listClients', {});
  const rows = (clients.data?.rows ?? []).filter((row) => row.kind !== 'own_entity');
  const [client, setClient] = useState<string | null>(given ?? null);
  const chosen = client ?? rows[0]?.id ?? null;
  const select = (
    <Select
      label="Client"
      value={chosen}
      onChange={setClient}
      data={rows.map((row) => ({ value: row.id, label: row.name }))}
    />
  );
  return { rows, chosen, select };
}

function EmailProcedure({ clientId, close }: Close) {
  const format = useFormat();
  const { chosen, select } = useClients(clientId);
  const state = useWrite('stateEmailProcedure');
  const [sentOn, setSentOn] = useState('');
  const [optOutBy, setOptOutBy] = useState('');
  const [evidence, setEvidence] = useState('');
  return (
    <Modal opened onClose={close} title="State the e-mail procedure">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen === null) return;
          state.mutate(
            { body: { clientId: chosen, sentOn, optOutBy, evidence } },
            {
              onSuccess: ({ stated, notPublic }) => {
                const rest =
                  notPublic === 0
                    ? ''
                    : ` ${format.count(notPublic)} at other domains stay closed: they may belong to an employer.`;
                say(`${format.count(stated)} addresses may be written to once the day has passed.${rest}`);
                close();
              },
            },
          );
        }}
      >
        <p className="soft">
          By stating this you say: the creditor had each address from the person and used it for the account; it wrote
          to them that the debt would be handed over and that we may use the address; it left at least 35 days to say
          no; and nobody on this list said no (12 CFR 1006.6(d)(4)(ii)).
        </p>
        {select}
        <DateInput label="The creditor’s notice was sent on" value={sentOn} change={setSentOn} />
        <DateInput label="They could say no until" value={optOutBy} change={setOptOutBy} />
        <Textarea
          label="How this can be proved"
          value={evidence}
          onChange={(event) => setEvidence(event.currentTarget.value)}
          required
          autosize
          minRows={2}
        />
        {state.error !== null && <Problem error={state.error} />}
        <Button type="submit" size="sm" loading={state.isPending} disabled={chosen === null}>
          State it for all
        </Button>
      </form>
    </Modal>
  );
}

function MissingNotices({ clientId, close }: Close) {
  const format = useFormat();
  const { chosen, select } = useClients(clientId);
  const prepare = useWrite('prepareMissingNotices');
  const [channel, setChannel] = useState<'letter' | 'email'>('letter');
  const [done, setDone] = useState<{ prepared: number; left: Output<'prepareMissingNotices'>['left'] } | null>(null);
  const run = async () => {
    if (chosen === null) return;
    let prepared = 0;
    const left: Output<'prepareMissingNotices'>['left'] = [];
    for (let cursor: string | null = null; ; ) {
      const made: Output<'prepareMissingNotices'> = await prepare.mutateAsync({
        body: { clientId: chosen, channel, cursor },
      });
      prepared += made.prepared.length;
      for (const one of made.left) {
        const same = left.find((other) => other.code === one.code);
        if (same) same.count += one.count;
        else left.push({ ...one });
      }
      cursor = made.nextCursor;
      if (cursor === null) break;
    }
    setDone({ prepared, left });
  };
  return (
    <Modal opened onClose={close} title="Prepare validation notices">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          // What went wrong stands below the form.
          run().catch(() => undefined);
        }}
      >
        <p className="soft">
          One for every consumer account of the client that has none, from the itemization its file gave. They are
          drafts until they are sent.
        </p>
        {select}
        <Select
          label="By"
          value={channel}
          onChange={(next) => setChannel(next === 'email' ? 'email' : 'letter')}
          data={[
            { value: 'letter', label: 'Letter' },
            { value: 'email', label: 'E-mail' },
          ]}
        />
        {prepare.error !== null && <Problem error={prepare.error} />}
        {done !== null && (
          <div role="status">
            <p>{format.count(done.prepared)} notices are prepared.</p>
            <ul>
              {done.left.map((one) => (
                <li key={one.code}>
                  {format.count(one.count)} left out: {one.sentence}
                </li>
              ))}
            </ul>
          </div>
        )}
        <Button type="submit" size="sm" loading={prepare.isPending} disabled={chosen === null}>
          Prepare
        </Button>
      </form>
    </Modal>
  );
}

function Classification({ clientId, close }: Close) {
  const { rows, chosen, select } = useClients(clientId);
  const [signing, setSigning] = useState(false);
  const client = rows.find((row) => row.id === chosen);
  if (signing && client !== undefined) return <ClassificationModal client={client} close={close} />;
  return (
    <Modal opened onClose={close} title="Sign what you are in law">
      <div className="stack">
        <p className="soft">
          Whether you collect for the creditor, as its own, or bought the debts decides which law binds. One person
          signs it with evidence, another approves.
        </p>
        {select}
        <Button size="sm" onClick={() => setSigning(true)} disabled={client === undefined}>
          Go on
        </Button>
      </div>
    </Modal>
  );
}
