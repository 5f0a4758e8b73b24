import { Button, Modal, Radio, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount, Instant } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { say } from '../../kit/toast.tsx';
import { WhyCard } from '../../kit/why-card.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';

export const messageTones: Readonly<Record<Output<'getMessage'>['state'], Tone>> = {
  rendered: 'plain',
  sending: 'info',
  handed_over: 'info',
  sent: 'good',
  failed: 'bad',
  uncertain: 'warn',
  void: 'plain',
  denied: 'bad',
};

export const stateWords = (row: { readonly state: string; readonly mode: string }) =>
  row.state === 'sent' && row.mode === 'capture' ? 'Captured' : words(row.state);

/** One message as its reader would see it, with the permit it went out under and what became of it. */
export function MessageView({ id, back }: { readonly id: string; readonly back: () => void }) {
  const message = useRead('getMessage', { params: { messageId: id } });
  const may = useMay();
  const [tab, setTab] = useState('html');
  const [resolving, setResolving] = useState(false);
  if (message.error !== null) return <Problem error={message.error} retry={() => void message.refetch()} />;
  if (message.data === undefined)
    return (
      <div className="panel mail-head" style={{ paddingBottom: 20 }}>
        <SkeletonLines rows={9} />
      </div>
    );
  const { data } = message;
  return (
    <article className="panel mail-view" aria-label={data.subject}>
      <header className="mail-head">
        <Button variant="subtle" px={0} hiddenFrom="md" onClick={back} mb={6}>
          Back to the list
        </Button>
        <h2>{data.subject}</h2>
        <div className="mail-meta">
          <Tag tone={messageTones[data.state]}>{stateWords(data)}</Tag>
          <Link to="/accounts/$accountId" params={{ accountId: data.accountId }}>
            {data.party.name}
          </Link>
          <span>
            {data.channel === 'letter' && 'Letter to '}
            {data.recipient}
          </span>
          <Instant at={data.at} />
          {data.amounts.map((money) => (
            <Amount key={money.currency} value={money} />
          ))}
        </div>
        {data.stateReason !== null && (
          <p className="soft" style={{ marginBottom: 10 }}>
            {data.stateReason}
          </p>
        )}
        {data.state === 'uncertain' && may('contacts.send') && (
          <div className="notice" data-tone="warn" style={{ marginBottom: 12 }}>
            <p className="grow">
              The provider’s answer was lost. It is never sent again blindly: look there, then say what became of it.
            </p>
            <Button variant="default" onClick={() => setResolving(true)}>
              Resolve
            </Button>
          </div>
        )}
        <Tabs
          label="Parts of the message"
          chosen={tab}
          choose={setTab}
          tabs={[
            { key: 'html', label: 'As it looks' },
            { key: 'text', label: 'Text' },
            { key: 'headers', label: 'Headers' },
            { key: 'permit', label: 'Permit' },
            { key: 'events', label: 'Delivery', count: data.events.length },
          ]}
        />
      </header>
      <div className="mail-body" {...panelProps(tab)}>
        {tab === 'html' && <HtmlBody html={data.bodyHtml} />}
        {tab === 'text' && <pre>{data.bodyText}</pre>}
        {tab === 'headers' && (
          <dl className="facts">
            {data.headers.map((header) => (
              <div key={header.name} style={{ display: 'contents' }}>
                <dt>{header.name}</dt>
                <dd className="mono">{header.value}</dd>
              </div>
            ))}
          </dl>
        )}
        {tab === 'permit' &&
          (data.permit === null ? (
            <p className="muted">It has no permit: it was never allowed to leave.</p>
          ) : (
            <WhyCard why={data.permit} />
          ))}
        {tab === 'events' && (
          <ul className="cards">
            {data.events.map((event) => (
              <li key={event.kind + event.at}>
                <div className="card">
                  <span className="row">
                    <b className="grow">{words(event.kind)}</b>
                    <span className="muted">
                      <Instant at={event.at} />
                    </span>
                  </span>
                  {event.detail !== null && <span className="soft">{event.detail}</span>}
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
      {resolving && <Resolve id={id} close={() => setResolving(false)} />}
    </article>
  );
}

// Without scripts, forms, pop-ups or navigation the sandbox leaves only looking; same origin merely lets us read its height.
/** A message's HTML as a mail program would show it: in a frame of its own, in which nothing runs. */
export function HtmlBody({ html }: { readonly html: string }) {
  const [height, setHeight] = useState(480);
  return (
    <iframe
      title="The message as it looks"
      sandbox="allow-same-origin"
      srcDoc={html}
      style={{ height }}
      onLoad={(event) => setHeight(Math.max(240, (event.currentTarget.contentDocument?.body.scrollHeight ?? 480) + 4))}
    />
  );
}

function Resolve({ id, close }: { readonly id: string; readonly close: () => void }) {
  const resolve = useWrite('resolveUncertain');
  const [outcome, setOutcome] = useState<'sent' | 'failed'>('sent');
  const [evidence, setEvidence] = useState('');
  return (
    <Modal opened onClose={close} title="What became of this message?">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          resolve.mutate(
            { params: { messageId: id }, body: { outcome, evidence } },
            {
              onSuccess: () => {
                say(outcome === 'sent' ? 'Counted as sent.' : 'Counted as not sent. A new one may be planned.');
                close();
              },
            },
          );
        }}
      >
        <Radio.Group
          label="It was"
          value={outcome}
          onChange={(value) => setOutcome(value === 'failed' ? 'failed' : 'sent')}
        >
          <div className="stack" style={{ gap: 10, marginTop: 6 }}>
            <Radio size="xs" value="sent" label="Delivered; it counts towards the limits" />
            <Radio size="xs" value="failed" label="Not delivered; it does not count" />
          </div>
        </Radio.Group>
        <Textarea
          label="How you know"
          value={evidence}
          onChange={(event) => setEvidence(event.currentTarget.value)}
          minLength={3}
          maxLength={500}
          required
          autosize
          minRows={2}
          data-autofocus
        />
        {resolve.error !== null && <Problem error={resolve.error} />}
        <Button type="submit" size="sm" loading={resolve.isPending}>
          Save
        </Button>
      </form>
    </Modal>
  );
}
