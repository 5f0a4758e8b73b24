import { Button, Modal, Radio, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { PartyPicker } from '../account/links-panel.tsx';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';

type LegalHold = Output<'listLegalHolds'>['rows'][number];

/** Orders to keep records: while one is in force, nothing it covers is erased. */
export function LegalHolds() {
  const may = useMay();
  const list = useRead('listLegalHolds', {});
  const [placing, setPlacing] = useState(false);
  if (list.isPending) return <SkeletonLines rows={6} height={18} />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  const place = may('compliance.override') && (
    <Button variant="default" onClick={() => setPlacing(true)}>
      Place a legal hold…
    </Button>
  );
  return (
    <>
      {list.data.rows.length === 0 ? (
        <Empty title="No legal hold" action={place}>
          When a suit, an audit or an authority is to be expected, a legal hold keeps the records of a person or of
          everybody from being erased, until somebody releases it.
        </Empty>
      ) : (
        <>
          <div className="row wrap" style={{ marginBottom: 8 }}>
            <p className="soft grow">While one is in force, nothing it covers is erased, whatever was approved.</p>
            {place}
          </div>
          <ul className="cards" aria-label="Legal holds">
            {list.data.rows.map((hold) => (
              <li key={hold.id}>
                <OneLegalHold hold={hold} level={2} />
              </li>
            ))}
          </ul>
        </>
      )}
      {placing && <PlaceLegalHold close={() => setPlacing(false)} />}
    </>
  );
}

function Covers({ hold }: { readonly hold: LegalHold }) {
  if (hold.scope === 'tenant') return <>Everybody’s records</>;
  const name = hold.partyName ?? 'A person';
  if (hold.accountId === null) return <>{name}, all accounts</>;
  return (
    <>
      {name}, placed on account{' '}
      <Link to="/accounts/$accountId" params={{ accountId: hold.accountId }} search={{ tab: 'legal' }}>
        {hold.accountNumber}
      </Link>
    </>
  );
}

/** A hold with who placed it and why; whoever may can release it. */
export function OneLegalHold({ hold, level }: { readonly hold: LegalHold; readonly level: number }) {
  const may = useMay();
  const release = useWrite('releaseLegalHold');
  const [releasing, setReleasing] = useState(false);
  const live = hold.releasedAt === null;
  return (
    <article className="card tightening" aria-label={`Legal hold: ${hold.partyName ?? 'everybody'}`}>
      <div className="row wrap">
        <Tag tone={live ? 'warn' : 'plain'}>{live ? 'In force' : 'Released'}</Tag>
        <h3 className="grow" aria-level={level}>
          <Covers hold={hold} />
        </h3>
        {live && may('compliance.override') && (
          <Button variant="subtle" onClick={() => setReleasing(true)}>
            Release…
          </Button>
        )}
      </div>
      <p className="soft">
        {hold.placedBy}, <Instant at={hold.placedAt} form="day" />: {hold.reason}
      </p>
      {hold.releasedAt !== null && (
        <p className="muted">
          {hold.releasedBy} released it on <Instant at={hold.releasedAt} form="day" />: {hold.releaseReason}
        </p>
      )}
      {releasing && (
        <ReasonModal
          title="Release this legal hold"
          consequence="What it covered can be erased again: an erasure that was approved and waits for this goes on within seconds, and cannot be undone."
          label="Why these records need no longer be kept"
          action="Release it"
          danger
          pending={release.isPending}
          error={release.error}
          close={() => setReleasing(false)}
          submit={(reason) =>
            release.mutate(
              { params: { legalHoldId: hold.id }, body: { reason } },
              {
                onSuccess: () => {
                  say('The legal hold is released.');
                  setReleasing(false);
                },
              },
            )
          }
        />
      )}
    </article>
  );
}

/** Places a hold on a person, on everybody, or, from an account's page, on that account. */
export function PlaceLegalHold({
  account,
  close,
}: {
  readonly account?: { readonly id: string; readonly number: string; readonly party: { readonly name: string } };
  readonly close: () => void;
}) {
  const place = useWrite('placeLegalHold');
  const [scope, setScope] = useState<'person' | 'tenant'>('person');
  const [partyId, setPartyId] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const said = reason.trim();
  const body: Input<'placeLegalHold'>['body'] | null =
    account !== undefined
      ? { scope: 'account', accountId: account.id, reason: said }
      : scope === 'tenant'
        ? { scope, reason: said }
        : partyId === null
          ? null
          : { scope, partyId, reason: said };
  return (
    <Modal opened onClose={close} title="Place a legal hold">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (body === null) return;
          place.mutate(
            { body },
            {
              onSuccess: () => {
                say('The legal hold is in force.');
                close();
              },
            },
          );
        }}
      >
        {account === undefined ? (
          <>
            <Radio.Group
              label="What is kept"
              value={scope}
              onChange={(value) => setScope(value as typeof scope)}
              description="To keep one account, and with it its person, place the hold on that account’s Legal tab."
            >
              <div className="stack" style={{ gap: 8, marginTop: 8 }}>
                <Radio value="person" label="One person: all their accounts" />
                <Radio value="tenant" label="Everybody’s records" />
              </div>
            </Radio.Group>
            {scope === 'person' && <PartyPicker value={partyId} change={setPartyId} error={undefined} />}
          </>
        ) : (
          <p className="soft">
            Keeps account {account.number} and, with it, everything held about {account.party.name}.
          </p>
        )}
        <Textarea
          label="Why these records must be kept"
          description="Everybody who looks at these records will read it."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          minLength={3}
          maxLength={1000}
          autosize
          minRows={2}
          required
        />
        {place.error !== null && <Problem error={place.error} />}
        <div className="row">
          <Button type="submit" size="sm" loading={place.isPending} disabled={body === null || said.length < 3}>
            Place it
          </Button>
          <Button variant="subtle" size="sm" onClick={close}>
            Back
          </Button>
        </div>
      </form>
    </Modal>
  );
}
