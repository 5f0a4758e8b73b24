import { Button, Modal, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { useMay } from '../shell/session.tsx';

const kinds = {
  first_party: 'The creditor itself',
  third_party: 'A collector for others',
  debt_buyer: 'A buyer of debts',
} as const;
type Collector = keyof typeof kinds;

/** Which kind of collector you are for a client in law: one person signs it, another approves. */
export function ClassificationModal({
  client,
  close,
}: {
  readonly client: { readonly id: string; readonly name: string };
  readonly close: () => void;
}) {
  const may = useMay();
  const list = useRead('listClassifications', { params: { clientId: client.id } });
  const approve = useWrite('approveClassification');
  if (list.error !== null)
    return (
      <Modal opened onClose={close} title={`In law: ${client.name}`}>
        <Problem error={list.error} retry={() => void list.refetch()} />
      </Modal>
    );
  const { data } = list;
  return (
    <Modal opened onClose={close} title={`In law: ${client.name}`} size="lg">
      {data === undefined ? (
        <SkeletonLines rows={4} />
      ) : (
        <div className="stack">
          <p>
            For this client you are <span className="strong">{kinds[data.inForce].toLowerCase()}</span>.{' '}
            <span className="soft">
              {data.inForce === data.byKind
                ? 'That is what the kind of client says.'
                : `The kind of client alone would say: ${kinds[data.byKind].toLowerCase()}.`}
            </span>
          </p>
          {data.rows.length > 0 && (
            <ul className="cards">
              {data.rows.map((row) => (
                <li key={row.id}>
                  <div className="card">
                    <div className="row wrap">
                      <span className="strong grow">{kinds[row.collector]}</span>
                      <span className="muted">
                        from <Day date={row.effectiveFrom} />
                      </span>
                      <Tag tone={row.approvedBy === null ? 'warn' : 'good'}>
                        {row.approvedBy === null ? 'Waits for approval' : 'Approved'}
                      </Tag>
                      {row.approvedBy === null && !row.signedByYou && may('compliance.override') && (
                        <Button
                          variant="default"
                          loading={approve.isPending}
                          onClick={() =>
                            approve.mutate(
                              { params: { classificationId: row.id }, body: {} },
                              { onSuccess: () => say('Approved: it binds from now on.') },
                            )
                          }
                        >
                          Approve
                        </Button>
                      )}
                    </div>
                    <p className="soft">{row.evidence}</p>
                    <p className="muted">
                      Signed by {row.signedBy}
                      {row.approvedBy !== null && `, approved by ${row.approvedBy}`}
                      {row.approvedBy === null && row.signedByYou && '. Somebody else has to approve it.'}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
          )}
          {approve.error !== null && <Problem error={approve.error} />}
          {may('compliance.override') && <SignForm clientId={client.id} first={data.byKind} />}
        </div>
      )}
    </Modal>
  );
}

function SignForm({ clientId, first }: { readonly clientId: string; readonly first: Collector }) {
  const format = useFormat();
  const sign = useWrite('classifyClient');
  const [collector, setCollector] = useState<Collector>(first);
  const [evidence, setEvidence] = useState('');
  const [from, setFrom] = useState(format.today);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        sign.mutate(
          { params: { clientId }, body: { collector, evidence, effectiveFrom: from } },
          {
            onSuccess: () => {
              setEvidence('');
              say('Signed. It binds once somebody else has approved it.');
            },
          },
        );
      }}
    >
      <Select
        label="You are"
        value={collector}
        onChange={(value) => setCollector((value ?? first) as Collector)}
        data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
      />
      <Textarea
        label="What this rests on"
        description="The contract, counsel’s opinion, the day the debts were bought."
        value={evidence}
        error={sign.error?.fields.evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={2000}
        required
      />
      <DateInput label="From" value={from} change={setFrom} />
      {sign.error !== null && <Problem error={sign.error} />}
      <Button type="submit" size="sm" loading={sign.isPending}>
        Sign
      </Button>
    </form>
  );
}
