import { Button, Select, Switch, Textarea, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { addDays, decimalText } from '../../kit/format.ts';
import { AmountInput, DateInput, minorOf } from '../../kit/fields.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { WhyCard } from '../../kit/why-card.tsx';
import { words } from '../../kit/words.ts';
import { AskOverride } from '../compliance/overrides.tsx';
import { type Item, ItemPicker, likelyItems, sumOf } from './item-picker.tsx';
import { withWarnings } from './note-warnings.ts';

type Account = Output<'getAccount'>;
type CallBody = NonNullable<Input<'logCall'>['body']>;
export type Outcome = CallBody['outcome'];

/** The order is the key: 1 is a conversation, 9 a refusal. */
export const outcomes: readonly Outcome[] = [
  'conversation',
  'no_answer',
  'busy',
  'voicemail_left',
  'voicemail_not_left',
  'third_party',
  'wrong_number',
  'not_in_service',
  'refused',
];

export function OutcomeKeys({
  chosen,
  choose,
}: {
  readonly chosen: Outcome | null;
  readonly choose: (outcome: Outcome) => void;
}) {
  return (
    <fieldset>
      <legend className="field-label">Outcome</legend>
      <div className="outcomes">
        {outcomes.map((outcome, index) => (
          <button
            key={outcome}
            type="button"
            className="outcome"
            data-enter-through=""
            aria-pressed={chosen === outcome}
            onClick={() => choose(outcome)}
          >
            <kbd aria-hidden="true">{index + 1}</kbd> {words(outcome)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

export interface PromiseDraft {
  readonly items: ReadonlySet<string>;
  readonly amount: string;
  readonly dueOn: string;
  readonly graceDays: number;
}

export const draftPromise = (account: Account, items: readonly Item[], today: string): PromiseDraft => {
  const chosen = likelyItems(items);
  return {
    items: chosen,
    amount: decimalText(sumOf(items, chosen), account.currency),
    dueOn: addDays(today, 7),
    graceDays: 3,
  };
};

/** The promise as the API wants it, or null while it is incomplete. */
export function promiseBody(
  draft: PromiseDraft,
  currency: string,
  today: string,
): { itemIds: string[]; amount: { amountMinor: string; currency: string }; dueOn: string; graceDays: number } | null {
  const minor = minorOf(draft.amount, currency);
  if (minor === null || draft.items.size === 0 || draft.dueOn < today) return null;
  return {
    itemIds: [...draft.items],
    amount: { amountMinor: minor, currency },
    dueOn: draft.dueOn,
    graceDays: draft.graceDays,
  };
}

export function PromiseFields({
  account,
  items,
  draft,
  change,
}: {
  readonly account: Account;
  readonly items: readonly Item[];
  readonly draft: PromiseDraft;
  readonly change: (draft: PromiseDraft) => void;
}) {
  const format = useFormat();
  const grace = addDays(draft.dueOn === '' ? format.today : draft.dueOn, draft.graceDays);
  return (
    <div className="stack">
      <ItemPicker
        items={items}
        chosen={draft.items}
        currency={account.currency}
        change={(chosen) =>
          change({ ...draft, items: chosen, amount: decimalText(sumOf(items, chosen), account.currency) })
        }
      />
      <AmountInput
        label="Promised amount"
        value={draft.amount}
        currency={account.currency}
        change={(amount) => change({ ...draft, amount })}
      />
      <div>
        <DateInput
          label="Will be paid on"
          value={draft.dueOn}
          min={format.today}
          change={(dueOn) => change({ ...draft, dueOn })}
        />
        <div className="chips" style={{ marginTop: 7 }}>
          {[3, 7, 14, 30].map((days) => (
            <button
              key={days}
              type="button"
              className="chip"
              aria-pressed={draft.dueOn === addDays(format.today, days)}
              onClick={() => change({ ...draft, dueOn: addDays(format.today, days) })}
            >
              {days} days
            </button>
          ))}
        </div>
      </div>
      <Select
        label="Grace"
        value={String(draft.graceDays)}
        data={[0, 1, 2, 3, 5, 7].map((days) => ({
          value: String(days),
          label: days === 0 ? 'None' : `${days} ${days === 1 ? 'day' : 'days'}`,
        }))}
        onChange={(value) => change({ ...draft, graceDays: Number(value ?? draft.graceDays) })}
      />
      <p className="muted">These items are left alone until {format.day(grace)}. Then the promise judges itself.</p>
    </div>
  );
}

/** Logs a call. The gate's answer stands first; a call that was made anyway is recorded, never refused. */
export function CallForm({
  account,
  items,
  done,
}: {
  readonly account: Account;
  readonly items: readonly Item[];
  readonly done: (sentence: string) => void;
}) {
  const format = useFormat();
  const gate = useRead(
    'checkContact',
    { params: { accountId: account.id }, query: { channel: 'call' } },
    { staleTime: 0 },
  );
  const log = useWrite('logCall');
  const phones = account.contactPoints.filter((point) => point.kind === 'phone' && point.endedAt === null);
  const [direction, setDirection] = useState<'out' | 'in'>('out');
  const [phone, setPhone] = useState<string | null>(
    phones.find((point) => point.preferred)?.id ?? phones[0]?.id ?? null,
  );
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [note, setNote] = useState('');
  const [callBackOn, setCallBackOn] = useState('');
  const [promising, setPromising] = useState(false);
  const [draft, setDraft] = useState(() => draftPromise(account, items, format.today));
  const [afterTheFact, setAfter] = useState(false);
  const barred = direction === 'out' && gate.data !== undefined && gate.data.outcome !== 'allow';
  const promise = promising ? promiseBody(draft, account.currency, format.today) : null;
  const ready = outcome !== null && (!promising || promise !== null) && (!barred || afterTheFact);
  const submit = () => {
    if (outcome === null || !ready) return;
    log.mutate(
      {
        params: { accountId: account.id },
        body: {
          direction,
          contactPointId: phone,
          outcome,
          note: note.trim() === '' ? null : note.trim(),
          callBackOn: callBackOn === '' ? null : callBackOn,
          afterTheFact,
          promise,
        },
      },
      { onSuccess: (logged) => done(withWarnings(logged.sentence, logged.warnings)) },
    );
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        const key = Number(event.key);
        const wanted = outcomes[key - 1];
        if (
          wanted === undefined ||
          event.ctrlKey ||
          event.metaKey ||
          (event.target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(event.target.tagName))
        )
          return;
        setOutcome(wanted);
      }}
    >
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Direction"
        value={direction}
        onChange={(value) => setDirection(value === 'in' ? 'in' : 'out')}
        data={[
          { value: 'out', label: 'We called' },
          { value: 'in', label: 'They called' },
        ]}
      />
      {direction === 'out' &&
        (gate.isPending ? (
          <SkeletonLines rows={2} />
        ) : gate.error !== null ? (
          <Problem error={gate.error} retry={() => void gate.refetch()} />
        ) : (
          <>
            <WhyCard why={gate.data} />
            <AskOverride accountId={account.id} why={gate.data} />
          </>
        ))}
      {barred && (
        <Switch
          label="The call has already been made"
          description="It will be counted, and a breach incident is opened for it."
          checked={afterTheFact}
          onChange={(event) => setAfter(event.currentTarget.checked)}
        />
      )}
      {phones.length > 0 && (
        <Select
          label="Number"
          value={phone}
          onChange={setPhone}
          data={phones.map((point) => ({
            value: point.id,
            label: point.label === null ? point.value : `${point.value} (${point.label})`,
          }))}
        />
      )}
      <OutcomeKeys chosen={outcome} choose={setOutcome} />
      <Textarea
        label="Note"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={5000}
      />
      <DateInput label="Call back on" value={callBackOn} min={format.today} change={setCallBackOn} required={false} />
      <Switch
        label="They promised to pay"
        checked={promising}
        onChange={(event) => setPromising(event.currentTarget.checked)}
      />
      {promising && <PromiseFields account={account} items={items} draft={draft} change={setDraft} />}
      {log.error !== null && <Problem error={log.error} />}
      <Button type="submit" size="sm" loading={log.isPending} disabled={!ready}>
        Log the call
      </Button>
    </form>
  );
}
