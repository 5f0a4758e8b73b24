import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { decimalText, parseMinor } from '../../kit/format.ts';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { owing } from '../account/item-picker.tsx';
import { ReasonModal } from '../account/promises-tab.tsx';
import { useMay } from '../shell/session.tsx';
import { AccountPicker } from './account-picker.tsx';

type Receipt = Output<'getReceipt'>;

/** One receipt: where its money went and why, with the ways to correct it. Corrections reverse, they never erase. */
export function ReceiptPanel({ id }: { readonly id: string }) {
  const receipt = useRead('getReceipt', { params: { receiptId: id } });
  if (receipt.error !== null) return <Problem error={receipt.error} retry={() => void receipt.refetch()} />;
  if (receipt.data === undefined) return <SkeletonLines rows={7} />;
  return <Loaded key={receipt.data.rowVersion} receipt={receipt.data} />;
}

function Loaded({ receipt }: { readonly receipt: Receipt }) {
  const format = useFormat();
  const may = useMay();
  const review = useWrite('reviewReceipt');
  const reverse = useWrite('reverseReceipt');
  const [doing, setDoing] = useState<'none' | 'allocate' | 'reverse'>('none');
  const [on, setOn] = useState(format.today);
  const live = receipt.allocations.filter((part) => part.reversedAt === null);
  return (
    <div className="stack">
      <dl className="facts">
        <dt>Amount</dt>
        <dd className="strong">
          <Amount value={receipt} />
        </dd>
        <dt>Received</dt>
        <dd>
          <Day date={receipt.receivedOn} /> by {words(receipt.method).toLowerCase()}
        </dd>
        <dt>From</dt>
        <dd>{receipt.payerName ?? <span className="muted">unknown</span>}</dd>
        <dt>Reference</dt>
        <dd>{receipt.reference ?? <span className="muted">none</span>}</dd>
        <dt>Account</dt>
        <dd>
          {receipt.account === null ? (
            <span className="warn">not known yet</span>
          ) : (
            <Link to="/accounts/$accountId" params={{ accountId: receipt.account.id }}>
              {receipt.account.party.name}, {receipt.account.number}
            </Link>
          )}
        </dd>
        <dt>Recorded</dt>
        <dd>
          <Instant at={receipt.recordedAt} />, {receipt.source === 'hand' ? 'by hand' : `by ${receipt.source}`}
        </dd>
      </dl>
      {receipt.state === 'reversed' && (
        <div className="notice" data-tone="bad">
          <p>Reversed. {receipt.reversalReason}</p>
        </div>
      )}
      <table className="table receipt-parts" aria-label="Allocations">
        <tbody>
          {receipt.allocations.map((part) => (
            <tr key={part.id}>
              <td>
                <span className={part.reversedAt === null ? 'strong' : 'muted'}>
                  {part.itemNumber ?? 'Item without number'}
                </span>{' '}
                {part.reversedAt !== null && <Tag>Reversed</Tag>}{' '}
                {part.reviewedBy !== null && <Tag tone="good">Reviewed</Tag>}
                <div className="muted">{part.reversalReason ?? part.reason}</div>
              </td>
              <td className="right">
                <Amount value={part} tone={part.reversedAt === null ? undefined : 'muted'} />
              </td>
            </tr>
          ))}
          <tr>
            <td className="soft">Not allocated</td>
            <td className="right">
              <Amount
                value={{ amountMinor: receipt.unappliedMinor, currency: receipt.currency }}
                tone={receipt.unappliedMinor === '0' ? 'muted' : undefined}
              />
            </td>
          </tr>
        </tbody>
      </table>
      {doing === 'allocate' ? (
        <Allocate receipt={receipt} close={() => setDoing('none')} />
      ) : (
        receipt.state !== 'reversed' && (
          <div className="row wrap">
            {may('allocations.write') && (
              <Button onClick={() => setDoing('allocate')}>
                {live.length === 0 ? 'Allocate' : 'Change the allocation'}
              </Button>
            )}
            {may('allocations.write') && live.some((part) => part.reviewedBy === null) && (
              <Button
                variant="default"
                loading={review.isPending}
                onClick={() =>
                  review.mutate(
                    { params: { receiptId: receipt.id }, body: {} },
                    { onSuccess: () => say('Confirmed as right.'), onError: sayProblem },
                  )
                }
              >
                It is right
              </Button>
            )}
            {may('receipts.reverse') && (
              <Button variant="subtle" color="red" onClick={() => setDoing('reverse')}>
                Reverse
              </Button>
            )}
          </div>
        )
      )}
      {doing === 'reverse' && (
        <ReasonModal
          title="Reverse this receipt"
          consequence={`${format.figure(receipt.amountMinor, receipt.currency)} ${receipt.currency} are taken back by reversing entries. The items it paid are open again, and promises that counted on it are judged anew.`}
          label="Why"
          action="Reverse the receipt"
          danger
          pending={reverse.isPending}
          error={reverse.error}
          close={() => setDoing('none')}
          submit={(reason) =>
            reverse.mutate(
              { params: { receiptId: receipt.id }, ifMatch: receipt.rowVersion, body: { on, reason } },
              {
                onSuccess: () => {
                  say('The receipt is reversed.');
                  setDoing('none');
                },
              },
            )
          }
        >
          <DateInput label="Effective on" value={on} change={setOn} min={receipt.receivedOn} max={format.today} />
        </ReasonModal>
      )}
    </div>
  );
}

function Allocate({ receipt, close }: { readonly receipt: Receipt; readonly close: () => void }) {
  const format = useFormat();
  const reallocate = useWrite('reallocate');
  const [accountId, setAccountId] = useState<string | null>(receipt.account?.id ?? null);
  const [parts, setParts] = useState<Readonly<Record<string, string>>>({});
  const [reason, setReason] = useState('');
  const items = useRead(
    'listItems',
    { params: { accountId: accountId ?? '' }, query: { open: 'all', limit: 200 } },
    { enabled: accountId !== null },
  );
  const paidHere = new Set(receipt.allocations.filter((part) => part.reversedAt === null).map((part) => part.itemId));
  const shown = items.data?.rows.filter((item) => BigInt(item.openMinor) > 0n || paidHere.has(item.id)) ?? [];
  const before = (itemId: string) =>
    receipt.allocations
      .filter((part) => part.reversedAt === null && part.itemId === itemId)
      .reduce((sum, part) => sum + BigInt(part.amountMinor), 0n);
  const typed = (itemId: string) =>
    parts[itemId] ?? (before(itemId) > 0n ? decimalText(before(itemId), receipt.currency) : '');
  const minors = shown.map((item) => ({
    itemId: item.id,
    amountMinor: typed(item.id) === '' ? '0' : parseMinor(typed(item.id), receipt.currency),
  }));
  const sum = minors.reduce((total, part) => total + BigInt(part.amountMinor ?? '0'), 0n);
  const left = BigInt(receipt.amountMinor) - sum;
  const wrong = minors.some((part) => part.amountMinor === null) || left < 0n;
  const oldestFirst = () => {
    let rest = BigInt(receipt.amountMinor);
    const next: Record<string, string> = {};
    for (const item of [...shown].sort((one, other) => one.dueOn.localeCompare(other.dueOn))) {
      const may = BigInt(item.openMinor) + before(item.id);
      const part = rest < may ? rest : may;
      next[item.id] = part > 0n ? decimalText(part, receipt.currency) : '';
      rest -= part;
    }
    setParts(next);
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (accountId === null || wrong) return;
        reallocate.mutate(
          {
            params: { receiptId: receipt.id },
            ifMatch: receipt.rowVersion,
            body: {
              accountId,
              reason,
              parts: minors.flatMap((part) =>
                part.amountMinor === null || BigInt(part.amountMinor) <= 0n
                  ? []
                  : [{ itemId: part.itemId, amountMinor: part.amountMinor }],
              ),
            },
          },
          {
            onSuccess: () => {
              say('Allocated. The earlier allocation is reversed, not erased.');
              close();
            },
          },
        );
      }}
    >
      {receipt.account === null && <AccountPicker value={accountId} change={setAccountId} />}
      {accountId !== null && items.isPending && <SkeletonLines rows={4} />}
      {shown.length > 0 && (
        <div>
          <div className="row field-label">
            <span className="grow">Items</span>
            <button type="button" className="chip" style={{ height: 24 }} onClick={oldestFirst}>
              Oldest first
            </button>
          </div>
          {shown.map((item) => (
            <label key={item.id} className="alloc-row">
              <span className="truncate">
                {item.number ?? item.description}{' '}
                <span className="muted">
                  due {format.day(item.dueOn, 'tiny')}, open{' '}
                  {format.figure(BigInt(item.openMinor) + before(item.id), receipt.currency)}
                </span>
              </span>
              <TextInput
                size="xs"
                inputMode="decimal"
                classNames={{ input: 'num right' }}
                value={typed(item.id)}
                error={typed(item.id) !== '' && parseMinor(typed(item.id), receipt.currency) === null}
                onChange={(event) => setParts({ ...parts, [item.id]: event.currentTarget.value })}
              />
            </label>
          ))}
        </div>
      )}
      {accountId !== null && items.data !== undefined && owing(items.data.rows).length === 0 && (
        <p className="muted">Nothing is open on this account; the money would stay unallocated there.</p>
      )}
      <p className={left < 0n ? 'bad num' : 'soft num'}>
        {left < 0n
          ? `${format.figure(-left, receipt.currency)} more than was received`
          : `${format.figure(left, receipt.currency)} ${receipt.currency} stay unallocated`}
      </p>
      <TextInput
        label="Why"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        minLength={3}
        maxLength={300}
        required
      />
      {reallocate.error !== null && <Problem error={reallocate.error} />}
      <div className="row">
        <Button
          type="submit"
          size="sm"
          loading={reallocate.isPending}
          disabled={accountId === null || wrong || reason.trim().length < 3}
        >
          Allocate
        </Button>
        <Button variant="subtle" size="sm" onClick={close}>
          Back
        </Button>
      </div>
    </form>
  );
}
