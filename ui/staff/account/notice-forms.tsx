import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { AmountInput, DateInput, minorOf } from '../../kit/fields.tsx';
import { decimalText } from '../../kit/format.ts';
import type { Input, Output } from '../../kit/operations.ts';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { type Item, ItemPicker } from './item-picker.tsx';

type Account = Output<'getAccount'>;
type Seen = Output<'listAccountNotices'>;
type Notice = Seen['notices'][number];
type Done = (sentence: string) => void;
type Order = NonNullable<Input<'prepareNotice'>['body']>;

const orNull = (value: string) => (value.trim() === '' ? null : value.trim());
const options = <T extends string>(values: readonly T[]) => values.map((value) => ({ value, label: words(value) }));
const kinds = ['last_statement', 'charge_off', 'last_payment', 'transaction', 'judgment'] as const;
const addressees = ['consumer', 'attorney', 'representative', 'guardian'] as const;

export function PrepareForm({
  account,
  owed,
  again,
  done,
}: {
  readonly account: Account;
  readonly owed: Pick<Seen, 'owedMinor' | 'notices'>;
  readonly again: Notice | null;
  readonly done: Done;
}) {
  const format = useFormat();
  const prepare = useWrite('prepareNotice');
  const { currency } = account;
  const before = again ?? owed.notices.find((one) => one.state !== 'withdrawn') ?? null;
  const shown = (minor: string) => decimalText(minor, currency);
  const [on, setOn] = useState(before?.itemization.on ?? '');
  const [kind, setKind] = useState<(typeof kinds)[number]>(before?.itemization.kind ?? 'last_statement');
  const [amount, setAmount] = useState(before ? shown(before.itemization.amountOnItemizationDateMinor) : '');
  const [interest, setInterest] = useState(before ? shown(before.itemization.interestMinor) : '');
  const [fees, setFees] = useState(before ? shown(before.itemization.feesMinor) : '');
  const [payments, setPayments] = useState(before ? shown(before.itemization.paymentsMinor) : '');
  const [credits, setCredits] = useState(before ? shown(before.itemization.creditsMinor) : '');
  const [product, setProduct] = useState('');
  const [brand, setBrand] = useState('');
  const [creditor, setCreditor] = useState('');
  const [financial, setFinancial] = useState(true);
  const [corrects, setCorrects] = useState(false);
  const [to, setTo] = useState<(typeof addressees)[number]>(before?.addressee ?? 'consumer');
  const [channel, setChannel] = useState<'letter' | 'email'>(before?.channel ?? 'letter');
  const [language, setLanguage] = useState<'en' | 'es'>('en');
  const minor = (text: string) => minorOf(text, currency, true);
  const parts = [amount, interest, fees, payments, credits].map(minor);
  const [a, i, f, p, c] = parts;
  const sum =
    a !== null && i !== null && f !== null && p !== null && c !== null && a && i && f && p && c
      ? (BigInt(a) + BigInt(i) + BigInt(f) - BigInt(p) - BigInt(c)).toString()
      : null;
  const fits = sum === owed.owedMinor;
  const body = (): Order => ({
    addressee: to,
    channel,
    language,
    corrects,
    product: orNull(product),
    brand: orNull(brand),
    creditorOnItemizationDate: orNull(creditor),
    financialProduct: financial,
    supersedesId: again?.id ?? null,
    itemization: {
      on,
      kind,
      ...(a ? { amountOnItemizationDateMinor: a } : {}),
      ...(i ? { interestMinor: i } : {}),
      ...(f ? { feesMinor: f } : {}),
      ...(p ? { paymentsMinor: p } : {}),
      ...(c ? { creditsMinor: c } : {}),
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        prepare.mutate(
          { params: { accountId: account.id }, body: body() },
          {
            onSuccess: ({ withheld, periodEndsOnIfSentNow }) =>
              done(
                `Prepared. Sent today, the period would end ${format.day(periodEndsOnIfSentNow)}.${withheld.length > 0 ? ` Left off, because it would hide the right to dispute: ${withheld.map((one) => one.what).join(' ')}` : ''}`,
              ),
          },
        );
      }}
    >
      <div className="row wrap" style={{ alignItems: 'flex-start' }}>
        <Select
          label="Itemized from"
          value={kind}
          data={options(kinds)}
          onChange={(v) => setKind((v ?? kind) as typeof kind)}
        />
        <DateInput label="Itemization date" value={on} change={setOn} max={format.today} />
      </div>
      <AmountInput
        zero
        label="Owed on that date, with all charges"
        value={amount}
        currency={currency}
        change={setAmount}
      />
      <AmountInput zero label="Interest since then" value={interest} currency={currency} change={setInterest} />
      <AmountInput zero label="Fees since then" value={fees} currency={currency} change={setFees} />
      <AmountInput zero label="Payments since then" value={payments} currency={currency} change={setPayments} />
      <AmountInput zero label="Credits since then" value={credits} currency={currency} change={setCredits} />
      <p className={sum === null || fits ? 'soft' : 'warn'} role="status">
        {sum === null
          ? `Fill in every amount; 0 where there was none. The account owes ${format.figure(owed.owedMinor, currency)} ${currency}.`
          : fits
            ? `Adds up to what the account owes: ${format.figure(sum, currency)} ${currency}.`
            : `Adds up to ${format.figure(sum, currency)} ${currency}, but the account owes ${format.figure(owed.owedMinor, currency)}.`}
      </p>
      <TextInput
        label="Product"
        placeholder="credit card"
        value={product}
        onChange={(e) => setProduct(e.currentTarget.value)}
      />
      <TextInput label="Store or brand" value={brand} onChange={(e) => setBrand(e.currentTarget.value)} />
      <TextInput
        label="Creditor on the itemization date, if another"
        value={creditor}
        onChange={(e) => setCreditor(e.currentTarget.value)}
      />
      <Checkbox
        label="From a consumer financial product or service"
        checked={financial}
        onChange={(e) => setFinancial(e.currentTarget.checked)}
      />
      <div className="row wrap" style={{ alignItems: 'flex-start' }}>
        <Select label="To" value={to} data={options(addressees)} onChange={(v) => setTo((v ?? to) as typeof to)} />
        <Select
          label="By"
          value={channel}
          data={options(['letter', 'email'] as const)}
          onChange={(v) => setChannel((v ?? channel) as typeof channel)}
        />
        <Select
          label="Language"
          value={language}
          data={[
            { value: 'en', label: 'English' },
            { value: 'es', label: 'Spanish' },
          ]}
          onChange={(v) => setLanguage((v ?? language) as typeof language)}
        />
      </div>
      {before !== null && (
        <Checkbox
          label="Corrects the itemization date of an earlier notice"
          checked={corrects}
          onChange={(e) => setCorrects(e.currentTarget.checked)}
        />
      )}
      <Submit error={prepare.error} pending={prepare.isPending} disabled={on === ''}>
        Prepare the notice
      </Submit>
    </form>
  );
}

function Submit({
  error,
  pending,
  disabled = false,
  children,
}: {
  readonly error: unknown;
  readonly pending: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <>
      {error !== null && <Problem error={error} />}
      <Button type="submit" size="sm" loading={pending} disabled={disabled}>
        {children}
      </Button>
    </>
  );
}

export function ReturnForm({ notice, done }: { readonly notice: Notice; readonly done: Done }) {
  const format = useFormat();
  const record = useWrite('recordNoticeReturn');
  const [on, setOn] = useState(format.today);
  const [reason, setReason] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate(
          { params: { noticeId: notice.id }, body: { on, reason } },
          { onSuccess: () => done('Recorded. The notice counts as not given; its address is not used again.') },
        );
      }}
    >
      <p className="soft">
        It then counts as not given. Add another address and prepare it again: its period begins anew.
      </p>
      <DateInput label="Came back on" value={on} change={setOn} max={format.today} min={notice.providedOn ?? ''} />
      <TextInput
        label="What the post or the mail system said"
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
        required
      />
      <Submit error={record.error} pending={record.isPending} disabled={reason.trim() === ''}>
        Record it
      </Submit>
    </form>
  );
}

const media = ['letter', 'fax', 'email', 'text', 'telephone', 'in_person'] as const;
const reasons = ['not_mine', 'wrong_amount', 'other'] as const;

export function ReplyForm({
  notice,
  items,
  currency,
  done,
}: {
  readonly notice: Notice;
  readonly items: readonly Item[];
  readonly currency: string;
  readonly done: Done;
}) {
  const record = useWrite('recordNoticeReply');
  const [medium, setMedium] = useState<(typeof media)[number]>('letter');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [part, setPart] = useState(false);
  const [disputed, setDisputed] = useState<ReadonlySet<string>>(new Set());
  const [original, setOriginal] = useState(false);
  const [spanish, setSpanish] = useState(false);
  const [payment, setPayment] = useState('');
  const [explanation, setExplanation] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate(
          {
            params: { noticeId: notice.id },
            body: {
              medium,
              disputes: chosen.length === 0 ? null : part ? 'part' : 'whole',
              reasons: chosen as (typeof reasons)[number][],
              disputedItemIds: part ? [...disputed] : [],
              originalCreditor: original,
              spanish,
              paymentMinor: minorOf(payment, currency),
              explanation: orNull(explanation),
            },
          },
          {
            onSuccess: (reply) =>
              done(
                reply.stopsCollection && (reply.disputes !== null || reply.originalCreditor)
                  ? 'Recorded. Collection is stopped until the answer is sent.'
                  : 'Recorded.',
              ),
          },
        );
      }}
    >
      <Select
        label="How it came"
        value={medium}
        data={options(media)}
        onChange={(v) => setMedium((v ?? medium) as typeof medium)}
      />
      <Checkbox.Group label="Disputes the debt" value={[...chosen]} onChange={setChosen}>
        <div className="stack" style={{ gap: 10, marginTop: 6 }}>
          <Checkbox value="not_mine" label="This is not their debt" />
          <Checkbox value="wrong_amount" label="The amount is wrong" />
          <Checkbox value="other" label="Other" />
        </div>
      </Checkbox.Group>
      {chosen.length > 0 && (
        <Checkbox label="Only part of it" checked={part} onChange={(e) => setPart(e.currentTarget.checked)} />
      )}
      {chosen.length > 0 && part && (
        <ItemPicker items={items} chosen={disputed} currency={currency} change={setDisputed} />
      )}
      <Checkbox
        label="Asks for the original creditor’s name and address"
        checked={original}
        onChange={(e) => setOriginal(e.currentTarget.checked)}
      />
      <Checkbox
        label="Wants the notice in Spanish"
        checked={spanish}
        onChange={(e) => setSpanish(e.currentTarget.checked)}
      />
      <AmountInput label="Amount enclosed" value={payment} currency={currency} change={setPayment} required={false} />
      <Textarea
        label="In their words"
        autosize
        minRows={3}
        maxLength={4000}
        value={explanation}
        onChange={(e) => setExplanation(e.currentTarget.value)}
      />
      <Submit error={record.error} pending={record.isPending}>
        Record the reply
      </Submit>
    </form>
  );
}

export function AnswerForm({
  accountId,
  reply,
  done,
}: {
  readonly accountId: string;
  readonly reply: Seen['replies'][number];
  readonly done: Done;
}) {
  const format = useFormat();
  const record = useWrite('recordNoticeAnswer');
  const kindsOpen = [
    ...(reply.disputes !== null && reply.verificationSentOn === null
      ? ([
          { value: 'verification', label: 'Verification of the debt' },
          { value: 'judgment', label: 'Copy of a judgment' },
          { value: 'duplicative', label: 'Explanation that the dispute repeats an answered one' },
        ] as const)
      : []),
    ...(reply.originalCreditor && reply.originalCreditorSentOn === null
      ? ([{ value: 'original_creditor', label: 'Name and address of the original creditor' }] as const)
      : []),
  ];
  const [kind, setKind] = useState(kindsOpen[0]?.value ?? 'verification');
  const [sentOn, setSentOn] = useState(format.today);
  const [evidence, setEvidence] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate(
          { params: { accountId, replyId: reply.id }, body: { kind, sentOn, evidence } },
          { onSuccess: () => done('Recorded. What this request stopped is released.') },
        );
      }}
    >
      <Select
        label="What was sent"
        value={kind}
        data={[...kindsOpen]}
        onChange={(v) => setKind((v ?? kind) as typeof kind)}
      />
      <DateInput label="Sent on" value={sentOn} change={setSentOn} min={reply.receivedOn} max={format.today} />
      <Textarea
        label="What it was, and how that can be shown"
        autosize
        minRows={2}
        value={evidence}
        onChange={(e) => setEvidence(e.currentTarget.value)}
        required
      />
      <Submit error={record.error} pending={record.isPending} disabled={evidence.trim().length < 3}>
        Record it
      </Submit>
    </form>
  );
}

const roles = ['attorney', 'representative', 'guardian'] as const;

export function RepresentativeForm({ accountId, done }: { readonly accountId: string; readonly done: Done }) {
  const add = useWrite('addRepresentative');
  const [role, setRole] = useState<(typeof roles)[number]>('attorney');
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(
          { params: { accountId }, body: { role, name, postalAddress: address } },
          { onSuccess: () => done('Recorded. What was planned is void; notices go to them.') },
        );
      }}
    >
      <Select label="Who" value={role} data={options(roles)} onChange={(v) => setRole((v ?? role) as typeof role)} />
      <TextInput label="Name" value={name} onChange={(e) => setName(e.currentTarget.value)} required />
      <Textarea
        label="Mailing address"
        autosize
        minRows={3}
        value={address}
        onChange={(e) => setAddress(e.currentTarget.value)}
        required
      />
      <Submit error={add.error} pending={add.isPending} disabled={name.trim() === '' || address.trim() === ''}>
        Record it
      </Submit>
    </form>
  );
}
