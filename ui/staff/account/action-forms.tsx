import { Button, Checkbox, Radio, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { AmountInput, DateInput, minorOf } from '../../kit/fields.tsx';
import { Findings } from '../../kit/findings.tsx';
import { decimalText } from '../../kit/format.ts';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { WhyCard } from '../../kit/why-card.tsx';
import { words } from '../../kit/words.ts';
import { AskOverride } from '../compliance/overrides.tsx';
import { draftPromise, promiseBody, PromiseFields } from './call-form.tsx';
import { type Item, ItemPicker } from './item-picker.tsx';
import { withWarnings } from './note-warnings.ts';

type Account = Output<'getAccount'>;
export interface FormProps {
  readonly account: Account;
  readonly items: readonly Item[];
  readonly done: (sentence: string, undo?: () => void) => void;
}

export function PromiseForm({ account, items, done }: FormProps) {
  const format = useFormat();
  const make = useWrite('makePromise');
  const cancel = useWrite('cancelPromise');
  const [draft, setDraft] = useState(() => draftPromise(account, items, format.today));
  const [channel, setChannel] = useState<NonNullable<NonNullable<Input<'makePromise'>['body']>['channel']>>('call');
  const body = promiseBody(draft, account.currency, format.today);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (body === null) return;
        make.mutate(
          { params: { accountId: account.id }, body: { ...body, channel } },
          {
            onSuccess: (made) =>
              done(
                `Promise of ${format.figure(made.amountMinor, made.currency)} ${made.currency} by ${format.day(made.dueOn)} recorded.`,
                () =>
                  cancel.mutate({
                    params: { promiseId: made.id },
                    ifMatch: made.rowVersion,
                    body: { reason: 'Undone right after recording' },
                  }),
              ),
          },
        );
      }}
    >
      <PromiseFields account={account} items={items} draft={draft} change={setDraft} />
      <Select
        label="Made by"
        value={channel}
        data={(['call', 'email', 'letter', 'portal', 'other'] as const).map((value) => ({
          value,
          label: words(value),
        }))}
        onChange={(value) => setChannel((value ?? 'call') as typeof channel)}
      />
      {make.error !== null && <Problem error={make.error} />}
      <Button type="submit" size="sm" loading={make.isPending} disabled={body === null}>
        Record the promise
      </Button>
    </form>
  );
}

const reasons = ['dispute', 'query', 'hardship', 'bankruptcy', 'deceased', 'legal', 'cease', 'manual'] as const;
const effects = ['stop_automatic', 'stop_contact', 'stop_interest', 'stop_fees', 'stop_legal'] as const;
// A reason that the law or decency reads as "leave them alone" starts with more than the automatic stop.
const grave = new Set<string>(['bankruptcy', 'deceased', 'cease', 'legal']);

export function HoldForm({ account, items, done }: FormProps) {
  const format = useFormat();
  const place = useWrite('placeHold');
  const release = useWrite('releaseHold');
  const [reason, setReason] = useState<(typeof reasons)[number]>('dispute');
  const [coverage, setCoverage] = useState<'party' | 'account' | 'items'>('account');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [stops, setStops] = useState<string[]>(['stop_automatic']);
  const [until, setUntil] = useState('');
  const [note, setNote] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        place.mutate(
          {
            params: { accountId: account.id },
            body: {
              reason,
              coverage,
              itemIds: coverage === 'items' ? [...chosen] : [],
              effects: stops as (typeof effects)[number][],
              until: until === '' ? null : until,
              note: note.trim() === '' ? null : note.trim(),
            },
          },
          {
            onSuccess: (placed) =>
              done(`${words(reason)} hold placed. What was planned before it is void.`, () =>
                release.mutate({
                  params: { holdId: placed.id },
                  ifMatch: placed.rowVersion,
                  body: { reason: 'Undone right after placing' },
                }),
              ),
          },
        );
      }}
    >
      <Select
        label="Reason"
        value={reason}
        data={reasons.map((value) => ({ value, label: value === 'cease' ? 'Asked us to stop' : words(value) }))}
        onChange={(value) => {
          const next = (value ?? 'dispute') as typeof reason;
          setReason(next);
          setStops(grave.has(next) ? ['stop_automatic', 'stop_contact'] : ['stop_automatic']);
          if (next === 'bankruptcy' || next === 'deceased' || next === 'cease') setCoverage('party');
        }}
      />
      <Radio.Group label="Covers" value={coverage} onChange={(value) => setCoverage(value as typeof coverage)}>
        <div className="stack" style={{ gap: 10, marginTop: 6 }}>
          <Radio size="xs" value="items" label="Some items" />
          <Radio size="xs" value="account" label="This account" />
          <Radio size="xs" value="party" label={`Everything of ${account.party.name}`} />
        </div>
      </Radio.Group>
      {coverage === 'items' && (
        <ItemPicker items={items} chosen={chosen} currency={account.currency} change={setChosen} />
      )}
      <Checkbox.Group label="Stops" value={stops} onChange={setStops}>
        <div className="stack" style={{ gap: 10, marginTop: 6 }}>
          {effects.map((effect) => (
            <Checkbox key={effect} size="xs" value={effect} label={words(effect)} />
          ))}
        </div>
      </Checkbox.Group>
      <DateInput
        label="Until"
        description="Leave empty to hold until it is released."
        value={until}
        min={format.today}
        change={setUntil}
        required={false}
      />
      <Textarea
        label="Note"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={2000}
      />
      {place.error !== null && <Problem error={place.error} />}
      <Button
        type="submit"
        size="sm"
        loading={place.isPending}
        disabled={stops.length === 0 || (coverage === 'items' && chosen.size === 0)}
      >
        Place the hold
      </Button>
    </form>
  );
}

export function NoteForm({ account, done }: FormProps) {
  const add = useWrite('addNote', ['getTimeline']);
  const [body, setBody] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(
          { params: { accountId: account.id }, body: { body } },
          { onSuccess: ({ warnings }) => done(withWarnings('Note saved.', warnings)) },
        );
      }}
    >
      <Textarea
        label="Note"
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
        autosize
        minRows={6}
        maxRows={18}
        maxLength={10_000}
        required
        data-autofocus
      />
      {add.error !== null && <Problem error={add.error} />}
      <Button type="submit" size="sm" loading={add.isPending} disabled={body.trim() === ''}>
        Save the note
      </Button>
    </form>
  );
}

export const methods = ['bank_transfer', 'cheque', 'card', 'cash', 'direct_debit', 'other'] as const;

export function PaymentForm({ account, items, done }: FormProps) {
  const format = useFormat();
  const record = useWrite('recordReceipt');
  const reverse = useWrite('reverseReceipt');
  const [amount, setAmount] = useState('');
  const [receivedOn, setReceivedOn] = useState(format.today);
  const [method, setMethod] = useState<(typeof methods)[number]>('bank_transfer');
  const [reference, setReference] = useState('');
  const minor = minorOf(amount, account.currency);
  const numbers = items.flatMap((item) => (item.number !== null && BigInt(item.openMinor) > 0n ? [item.number] : []));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (minor === null) return;
        record.mutate(
          {
            body: {
              clientId: account.client.id,
              accountId: account.id,
              amount: { amountMinor: minor, currency: account.currency },
              receivedOn,
              method,
              reference: reference.trim() === '' ? null : reference.trim(),
            },
          },
          {
            onSuccess: (receipt) =>
              done(
                `${format.figure(receipt.amountMinor, receipt.currency)} ${receipt.currency} recorded, ${receipt.allocations.length === 0 ? 'not yet allocated' : `allocated to ${receipt.allocations.length} ${receipt.allocations.length === 1 ? 'item' : 'items'}`}.`,
                () =>
                  reverse.mutate({
                    params: { receiptId: receipt.id },
                    ifMatch: receipt.rowVersion,
                    body: { on: format.today, reason: 'Undone right after recording' },
                  }),
              ),
          },
        );
      }}
    >
      <AmountInput label="Amount received" value={amount} currency={account.currency} change={setAmount} />
      <div className="chips">
        <button
          type="button"
          className="chip"
          onClick={() => setAmount(decimalText(account.overdueMinor, account.currency))}
        >
          All that is overdue
        </button>
        <button
          type="button"
          className="chip"
          onClick={() => setAmount(decimalText(account.balanceMinor, account.currency))}
        >
          The whole balance
        </button>
      </div>
      <DateInput label="Received on" value={receivedOn} max={format.today} change={setReceivedOn} />
      <Select
        label="By"
        value={method}
        data={methods.map((value) => ({ value, label: words(value) }))}
        onChange={(value) => setMethod((value ?? 'other') as typeof method)}
      />
      <TextInput
        label="Reference"
        description="An invoice number here decides which item is paid; otherwise the oldest goes first."
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
        list="open-numbers"
        maxLength={300}
      />
      <datalist id="open-numbers">
        {numbers.map((number) => (
          <option key={number} value={number} />
        ))}
      </datalist>
      {record.error !== null && <Problem error={record.error} />}
      <Button type="submit" size="sm" loading={record.isPending} disabled={minor === null}>
        Record the payment
      </Button>
    </form>
  );
}

export function SendForm({ account, done }: FormProps) {
  const gate = useRead(
    'checkContact',
    { params: { accountId: account.id }, query: { channel: 'email' } },
    { staleTime: 0 },
  );
  const send = useWrite('sendNow');
  const mails = account.contactPoints.filter(
    (point) => point.kind === 'email' && point.endedAt === null && !point.optedOut,
  );
  const [to, setTo] = useState<string | null>(mails.find((point) => point.preferred)?.id ?? mails[0]?.id ?? null);
  const [level, setLevel] = useState<string | null>(null);
  const [comment, setComment] = useState('');
  const refused = send.data !== undefined && (send.data.messageId === null || send.data.state === 'denied');
  const [said] = useDebouncedValue(comment.trim(), 350);
  // Judged with the whole letter around it, as sending would.
  const check = useRead(
    'checkNotice',
    {
      params: { accountId: account.id },
      body: { contactPointId: to, comment: said, ...(level === null ? {} : { level: Number(level) }) },
    },
    { enabled: said !== '' && to !== null, keep: true },
  );
  const objections = said === '' ? [] : (check.data?.findings ?? []);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(
          {
            params: { accountId: account.id },
            body: {
              contactPointId: to,
              comment: comment.trim() === '' ? null : comment.trim(),
              ...(level === null ? {} : { level: Number(level) }),
            },
          },
          {
            onSuccess: (sent) =>
              sent.messageId === null || sent.state === 'denied' ? undefined : done('The notice is in the outbox.'),
          },
        );
      }}
    >
      {gate.isPending ? (
        <SkeletonLines rows={2} />
      ) : gate.error !== null ? (
        <Problem error={gate.error} retry={() => void gate.refetch()} />
      ) : (
        <WhyCard why={send.data?.why ?? gate.data} />
      )}
      {refused && <p className="bad">It was not sent. The card above says why.</p>}
      {gate.data !== undefined && (
        <AskOverride
          accountId={account.id}
          why={send.data?.why ?? gate.data}
          channel="email"
          act={{
            kind: 'message',
            contactPointId: to,
            comment: said === '' ? null : said,
            ...(level === null ? {} : { level: Number(level) }),
          }}
        />
      )}
      <Select
        label="To"
        value={to}
        onChange={setTo}
        data={mails.map((point) => ({ value: point.id, label: point.value }))}
        placeholder={mails.length === 0 ? 'No e-mail address is known' : ''}
      />
      <Select
        label="Tone"
        value={level}
        onChange={setLevel}
        clearable
        placeholder="As the strategy would"
        data={[
          { value: '0', label: 'Courtesy, before due' },
          { value: '1', label: 'First reminder' },
          { value: '2', label: 'Second reminder' },
          { value: '3', label: 'Firm' },
          { value: '4', label: 'Last before escalation' },
          { value: '5', label: 'Final' },
        ]}
      />
      <Textarea
        label="A sentence of your own"
        description="Stands above the table of open items."
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
        autosize
        minRows={3}
        maxLength={2000}
      />
      {said !== '' && check.data !== undefined && (
        <Findings findings={objections} refusing="sent" fine="Nothing stands against these words." />
      )}
      {send.error !== null && <Problem error={send.error} />}
      <Button
        type="submit"
        size="sm"
        loading={send.isPending}
        disabled={
          to === null ||
          (gate.data !== undefined && gate.data.outcome !== 'allow') ||
          (said !== '' && check.data?.refused === true)
        }
      >
        Send now
      </Button>
    </form>
  );
}

const kinds = ['email', 'phone', 'postal'] as const;

export function ContactPointForm({ account, done }: FormProps) {
  const add = useWrite('addContactPoint');
  const [kind, setKind] = useState<(typeof kinds)[number]>('email');
  const [value, setValue] = useState('');
  const [label, setLabel] = useState('');
  const [preferred, setPreferred] = useState(false);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(
          { params: { accountId: account.id }, body: { kind, value, label: label === '' ? null : label, preferred } },
          { onSuccess: () => done('Contact saved.') },
        );
      }}
    >
      <Select
        label="Kind"
        value={kind}
        data={kinds.map((each) => ({
          value: each,
          label: each === 'email' ? 'E-mail' : each === 'phone' ? 'Phone' : 'Postal address',
        }))}
        onChange={(next) => setKind((next ?? 'email') as typeof kind)}
      />
      <TextInput
        label={kind === 'email' ? 'Address' : kind === 'phone' ? 'Number' : 'Postal address'}
        value={value}
        error={add.error?.fields.value}
        onChange={(event) => setValue(event.currentTarget.value)}
        required
        data-autofocus
      />
      <TextInput
        label="Whose"
        placeholder="Accounts payable"
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        maxLength={60}
      />
      <Checkbox
        size="xs"
        label="Use this one first"
        checked={preferred}
        onChange={(event) => setPreferred(event.currentTarget.checked)}
      />
      {add.error !== null && <Problem error={add.error} />}
      <Button type="submit" size="sm" loading={add.isPending} disabled={value.trim().length < 3}>
        Save
      </Button>
    </form>
  );
}
