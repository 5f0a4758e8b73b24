import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { addressOf } from '../../kit/api.ts';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { AskOverride } from '../compliance/overrides.tsx';
import { ClockLine } from '../compliance/clock-line.tsx';
import { useMay } from '../shell/session.tsx';
import type { Item } from './item-picker.tsx';
import { AnswerForm, PrepareForm, ReplyForm, RepresentativeForm, ReturnForm } from './notice-forms.tsx';

type Account = Output<'getAccount'>;
type Seen = Output<'listAccountNotices'>;
type Notice = Seen['notices'][number];
type Reply = Seen['replies'][number];

const tones: Readonly<Record<Notice['state'], Tone>> = {
  prepared: 'accent',
  sending: 'info',
  given: 'good',
  returned: 'bad',
  withdrawn: 'plain',
};

type Open =
  | { readonly form: 'prepare'; readonly again: Notice | null }
  | { readonly form: 'return' | 'reply'; readonly notice: Notice }
  | { readonly form: 'answer'; readonly reply: Reply }
  | { readonly form: 'representative' };

const titles: Readonly<Record<Open['form'], string>> = {
  prepare: 'Prepare a validation notice',
  return: 'The notice came back',
  reply: 'Record a reply',
  answer: 'Record what was sent',
  representative: 'Somebody acts for the person',
};

export function NoticesTab({ account, items }: { readonly account: Account; readonly items: readonly Item[] }) {
  const may = useMay();
  const seen = useRead('listAccountNotices', { params: { accountId: account.id } });
  const [open, setOpen] = useState<Open | null>(null);
  if (seen.isPending) return <SkeletonLines rows={5} height={18} />;
  if (seen.error !== null) return <Problem error={seen.error} retry={() => void seen.refetch()} />;
  const { notices, replies, clocks } = seen.data;
  const shown = notices.filter((notice) => notice.state !== 'withdrawn');
  const done = (sentence: string) => {
    say(sentence);
    setOpen(null);
  };
  const form = (): ReactNode => {
    switch (open?.form) {
      case 'prepare':
        return <PrepareForm account={account} owed={seen.data} again={open.again} done={done} />;
      case 'return':
        return <ReturnForm notice={open.notice} done={done} />;
      case 'reply':
        return <ReplyForm notice={open.notice} items={items} currency={account.currency} done={done} />;
      case 'answer':
        return <AnswerForm accountId={account.id} reply={open.reply} done={done} />;
      case 'representative':
        return <RepresentativeForm accountId={account.id} done={done} />;
      default:
        return null;
    }
  };
  return (
    <div className="stack" style={{ gap: 16 }}>
      <div className="row wrap no-print">
        {may('contacts.send') && (
          <Button onClick={() => setOpen({ form: 'prepare', again: null })}>Prepare a notice</Button>
        )}
        {may('calls.log') && (
          <Button variant="default" onClick={() => setOpen({ form: 'representative' })}>
            Somebody acts for them
          </Button>
        )}
      </div>
      {clocks.length > 0 && (
        <ul className="stack" style={{ listStyle: 'none', padding: 0, margin: 0 }} aria-label="Clocks that run">
          {clocks.map((clock) => (
            <li key={`${clock.kind}:${clock.since}`}>
              <ClockLine clock={clock} />
            </li>
          ))}
        </ul>
      )}
      {shown.length === 0 ? (
        <Empty title="No validation notice yet">
          It tells the person whose debt it is, what it adds up to and how to dispute it. It is due within five days of
          the first communication.
        </Empty>
      ) : (
        <ul className="cards" aria-label="Validation notices">
          {shown.map((notice) => (
            <li key={notice.id}>
              <NoticeCard notice={notice} open={setOpen} />
            </li>
          ))}
        </ul>
      )}
      {replies.length > 0 && (
        <ul className="cards" aria-label="Replies">
          {replies.map((reply) => (
            <li key={reply.id}>
              <ReplyCard reply={reply} currency={account.currency} open={setOpen} />
            </li>
          ))}
        </ul>
      )}
      <Modal
        opened={open !== null}
        onClose={() => setOpen(null)}
        title={open === null ? '' : titles[open.form]}
        size="lg"
      >
        {form()}
      </Modal>
    </div>
  );
}

function NoticeCard({ notice, open }: { readonly notice: Notice; readonly open: (what: Open) => void }) {
  const may = useMay();
  const send = useWrite('sendNotice');
  const params = { noticeId: notice.id };
  const { itemization } = notice;
  const refused = send.data !== undefined && send.data.state !== 'sent' ? send.data : null;
  return (
    <div className="card">
      <div className="row wrap">
        <Tag tone={tones[notice.state]}>{words(notice.state)}</Tag>
        <span className="grow">
          {words(notice.channel)} to {notice.address}
        </span>
        <Amount value={{ amountMinor: itemization.currentMinor, currency: itemization.currency }} />
      </div>
      <p className="soft">
        {notice.language === 'es' ? 'In Spanish' : 'In English'}, itemized from {words(itemization.kind).toLowerCase()}{' '}
        <Day date={itemization.on} />; prepared <Instant at={notice.preparedAt} form="day" />
      </p>
      {notice.periodEndsOn !== null && notice.providedOn !== null && notice.state === 'given' && (
        <p>
          Sent <Day date={notice.providedOn} />, taken as received{' '}
          {notice.assumedReceiptOn !== null && <Day date={notice.assumedReceiptOn} />}. The period to dispute ends{' '}
          <strong>
            <Day date={notice.periodEndsOn} form="long" />
          </strong>
          .
        </p>
      )}
      {notice.stateReason !== null && (
        <p className="warn">
          {notice.returnedOn !== null && (
            <>
              <Day date={notice.returnedOn} />:{' '}
            </>
          )}
          {notice.stateReason}
        </p>
      )}
      {send.error !== null && <Problem error={send.error} />}
      {refused !== null && (
        <p className="warn" role="alert">
          Not sent ({words(refused.state).toLowerCase()}). {refused.why.sentence}
        </p>
      )}
      {refused !== null && notice.state === 'prepared' && (
        <AskOverride
          accountId={notice.accountId}
          why={refused.why}
          channel={notice.channel}
          act={{ kind: 'notice', noticeId: notice.id }}
        />
      )}
      <div className="row wrap no-print" style={{ marginTop: 8 }}>
        <Button component="a" variant="default" href={addressOf('getNoticePdf', { params })} target="_blank">
          PDF
        </Button>
        <Button component="a" variant="default" href={addressOf('getNoticeHtml', { params })} target="_blank">
          HTML
        </Button>
        {notice.state === 'prepared' && may('contacts.send') && (
          <Button
            loading={send.isPending}
            onClick={() =>
              send.mutate(
                { params, body: {} },
                { onSuccess: (sent) => sent.state === 'sent' && say('The notice is sent; its clocks run from today.') },
              )
            }
          >
            {notice.channel === 'letter' ? 'Send by letter' : 'Send by e-mail'}
          </Button>
        )}
        {notice.state === 'given' && may('calls.log') && (
          <>
            <Button variant="default" onClick={() => open({ form: 'reply', notice })}>
              Record a reply
            </Button>
            <Button variant="default" onClick={() => open({ form: 'return', notice })}>
              It came back
            </Button>
          </>
        )}
        {notice.state === 'returned' && may('contacts.send') && (
          <Button variant="default" onClick={() => open({ form: 'prepare', again: notice })}>
            Prepare it again
          </Button>
        )}
      </div>
    </div>
  );
}

function ReplyCard({
  reply,
  currency,
  open,
}: {
  readonly reply: Reply;
  readonly currency: string;
  readonly open: (what: Open) => void;
}) {
  const may = useMay();
  const waits =
    (reply.disputes !== null && reply.verificationSentOn === null) ||
    (reply.originalCreditor && reply.originalCreditorSentOn === null);
  return (
    <div className="card">
      <div className="row wrap">
        <Tag tone={waits ? (reply.stopsCollection ? 'bad' : 'warn') : 'good'}>
          {waits ? 'Waits for an answer' : 'Reply'}
        </Tag>
        <span className="grow">
          {words(reply.medium)}, <Instant at={reply.receivedAt} />
        </span>
        <span className="muted">
          {reply.written ? 'in writing' : 'not in writing'}, {reply.inPeriod ? 'in time' : 'after the period'}
        </span>
      </div>
      <ul style={{ margin: '6px 0' }}>
        {reply.disputes !== null && (
          <li>
            Disputes {reply.disputes === 'whole' ? 'the debt' : 'part of the debt'}:{' '}
            {reply.reasons.map(words).join(', ')}
            {reply.verificationSentOn !== null && (
              <>
                ; answered <Day date={reply.verificationSentOn} />
              </>
            )}
          </li>
        )}
        {reply.originalCreditor && (
          <li>
            Asks for the original creditor
            {reply.originalCreditorSentOn !== null && (
              <>
                ; answered <Day date={reply.originalCreditorSentOn} />
              </>
            )}
          </li>
        )}
        {reply.spanish && <li>Wants the notice in Spanish</li>}
        {reply.paymentMinor !== null && (
          <li>
            Encloses <Amount value={{ amountMinor: reply.paymentMinor, currency }} />
          </li>
        )}
        {reply.explanation !== null && <li style={{ whiteSpace: 'pre-wrap' }}>{reply.explanation}</li>}
      </ul>
      {waits && reply.stopsCollection && <p className="warn">Collection is stopped until the answer is recorded.</p>}
      {waits && may('holds.release') && (
        <Button variant="default" onClick={() => open({ form: 'answer', reply })}>
          Record what was sent
        </Button>
      )}
    </div>
  );
}
