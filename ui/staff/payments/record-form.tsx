import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AmountInput, DateInput, minorOf } from '../../kit/fields.tsx';
import { currencies } from '../../kit/places.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat, useTenant } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { methods } from '../account/action-forms.tsx';
import { AccountPicker } from './account-picker.tsx';

/** Records money that came in, even when nobody knows yet whose it is. */
export function RecordForm({ done }: { readonly done: (sentence: string) => void }) {
  const format = useFormat();
  const tenant = useTenant();
  const clients = useRead('listClients', {});
  const record = useWrite('recordReceipt');
  const [clientId, setClientId] = useState<string | null>(null);
  const [accountId, setAccountId] = useState<string | null>(null);
  const [currency, setCurrency] = useState(tenant.currency);
  const [amount, setAmount] = useState('');
  const [receivedOn, setReceivedOn] = useState(format.today);
  const [method, setMethod] = useState<(typeof methods)[number]>('bank_transfer');
  const [reference, setReference] = useState('');
  const [payer, setPayer] = useState('');
  const account = useRead('getAccount', { params: { accountId: accountId ?? '' } }, { enabled: accountId !== null });
  const client = account.data?.client.id ?? clientId ?? clients.data?.rows[0]?.id ?? null;
  const inCurrency = account.data?.currency ?? currency;
  const minor = minorOf(amount, inCurrency);
  const text = (value: string) => (value.trim() === '' ? null : value.trim());
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (client === null || minor === null) return;
        record.mutate(
          {
            body: {
              clientId: client,
              accountId,
              amount: { amountMinor: minor, currency: inCurrency },
              receivedOn,
              method,
              reference: text(reference),
              payerName: text(payer),
            },
          },
          {
            onSuccess: (receipt) =>
              done(
                receipt.allocations.length === 0
                  ? 'Recorded. It is not allocated yet.'
                  : `Recorded and allocated to ${receipt.allocations.length} ${receipt.allocations.length === 1 ? 'item' : 'items'}.`,
              ),
          },
        );
      }}
    >
      <AccountPicker value={accountId} change={setAccountId} />
      <p className="muted" style={{ marginTop: -8 }}>
        Leave it empty when you cannot tell. A reference that names an invoice may tell by itself.
      </p>
      {accountId === null && (clients.data?.rows.length ?? 0) > 1 && (
        <Select
          label="Client"
          value={client}
          onChange={setClientId}
          data={clients.data?.rows.map((row) => ({ value: row.id, label: row.name })) ?? []}
        />
      )}
      {accountId === null && (
        <Select
          label="Currency"
          value={currency}
          onChange={(next) => setCurrency(next ?? currency)}
          data={currencies(format.locale)}
          searchable
        />
      )}
      <AmountInput label="Amount received" value={amount} currency={inCurrency} change={setAmount} />
      <DateInput label="Received on" value={receivedOn} max={format.today} change={setReceivedOn} />
      <Select
        label="By"
        value={method}
        data={methods.map((value) => ({ value, label: words(value) }))}
        onChange={(value) => setMethod((value ?? 'other') as typeof method)}
      />
      <TextInput
        label="Reference"
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
        maxLength={300}
      />
      <TextInput
        label="Paid by"
        value={payer}
        onChange={(event) => setPayer(event.currentTarget.value)}
        maxLength={200}
      />
      {record.error !== null && <Problem error={record.error} />}
      <Button type="submit" size="sm" loading={record.isPending} disabled={client === null || minor === null}>
        Record the payment
      </Button>
    </form>
  );
}
