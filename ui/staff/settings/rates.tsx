import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { useMay } from '../shell/session.tsx';

/** What currencies are worth in the reporting currency: for ranking and comparing, never for booking. */
export function Rates() {
  const may = useMay();
  const rates = useRead('getRates', {});
  const [setting, setSetting] = useState<string | null>(null);
  if (rates.isPending) return <SkeletonLines rows={3} height={18} />;
  if (rates.error !== null) return <Problem error={rates.error} retry={() => void rates.refetch()} />;
  const { reportingCurrency, rows, missing, withoutRate } = rates.data;
  return (
    <>
      <p className="soft">
        Work in several currencies is ranked by its amount in {reportingCurrency} at these rates. Nothing is booked or
        converted with them. {withoutRate}
      </p>
      {rows.length === 0 && missing.length === 0 && (
        <Empty title="No rate is needed">Everything that is open is in {reportingCurrency}.</Empty>
      )}
      <ul className="cards">
        {missing.map((currency) => (
          <li key={currency}>
            <div className="card row wrap">
              <b className="strong">{currency}</b>
              <span className="grow">
                No rate is known; one {currency} counts as one {reportingCurrency}.
              </span>
              {may('rates.write') && (
                <Button variant="default" onClick={() => setSetting(currency)}>
                  Set the rate of {currency}
                </Button>
              )}
            </div>
          </li>
        ))}
        {rows.map((row) => (
          <li key={row.currency}>
            <div className="card row wrap">
              <b className="strong">{row.currency}</b>
              <span className="grow">
                1 {row.currency} = <span className="num">{row.rate}</span> {reportingCurrency}
                <span className="muted">
                  {' '}
                  {row.source}, <Day date={row.asOf} />
                </span>
              </span>
              {may('rates.write') && (
                <Button variant="default" onClick={() => setSetting(row.currency)}>
                  Change the rate of {row.currency}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {may('rates.write') && (
        <Button mt="md" variant="light" onClick={() => setSetting('')}>
          Add a rate
        </Button>
      )}
      {setting !== null && (
        <SetRate currency={setting} reportingCurrency={reportingCurrency} close={() => setSetting(null)} />
      )}
    </>
  );
}

function SetRate({
  currency,
  reportingCurrency,
  close,
}: {
  readonly currency: string;
  readonly reportingCurrency: string;
  readonly close: () => void;
}) {
  const { today } = useFormat();
  const set = useWrite('setRate', ['listTasks']);
  const [of, setOf] = useState(currency);
  const [rate, setRate] = useState('');
  const [asOf, setAsOf] = useState<string>(today);
  const [source, setSource] = useState('');
  return (
    <Modal opened onClose={close} title={currency === '' ? 'Add a rate' : `Rate of ${currency}`}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const known = rate.trim() === '' ? null : rate.trim();
          set.mutate(
            { body: { currency: of.trim().toUpperCase(), rate: known, asOf, source } },
            {
              onSuccess: () => {
                say('Saved. Open tasks have been ranked anew.');
                close();
              },
            },
          );
        }}
      >
        {currency === '' && (
          <TextInput
            label="Currency"
            value={of}
            onChange={(event) => setOf(event.currentTarget.value)}
            minLength={3}
            maxLength={3}
            required
            data-autofocus
          />
        )}
        <TextInput
          label={`One ${of.trim() === '' ? 'unit' : of.trim().toUpperCase()} in ${reportingCurrency}`}
          description="A decimal point, at most ten digits after it. Left empty: no rate is known any more."
          inputMode="decimal"
          value={rate}
          onChange={(event) => setRate(event.currentTarget.value)}
          maxLength={21}
        />
        <TextInput
          label="As of"
          type="date"
          max={today}
          value={asOf}
          onChange={(event) => setAsOf(event.currentTarget.value)}
          required
        />
        <TextInput
          label="Source"
          description="Where the rate is from, such as ECB reference rate."
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
          maxLength={200}
          required
        />
        {set.error !== null && <Problem error={set.error} />}
        <Button type="submit" size="sm" loading={set.isPending}>
          Save
        </Button>
      </form>
    </Modal>
  );
}
