import { Button, Checkbox, Radio, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { DateInput, minorOf } from '../../kit/fields.tsx';
import { decimalText } from '../../kit/format.ts';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';

type Account = Output<'getAccount'>;
type Legal = Output<'getLegal'>;
type EventType = Output<'listLegalEventTypes'>['rows'][number];
export interface LegalFormProps {
  readonly account: Account;
  readonly legal: Legal;
  readonly done: (sentence: string) => void;
}

const blank = (text: string): string | null => (text.trim() === '' ? null : text.trim());

function AddressSelect({
  account,
  label,
  value,
  change,
  required,
  error,
}: {
  readonly account: Account;
  readonly label: string;
  readonly value: string | null;
  readonly change: (value: string | null) => void;
  readonly required: boolean;
  readonly error?: string | undefined;
}) {
  return (
    <Select
      label={label}
      value={value}
      onChange={change}
      clearable={!required}
      required={required}
      error={error}
      placeholder={required ? 'Choose one' : 'Every address'}
      data={account.contactPoints.map((point) => ({ value: point.id, label: point.value }))}
    />
  );
}

/** Writes down an event, in a form made from the catalogue. */
export function EventForm(props: LegalFormProps) {
  const catalogue = useRead('listLegalEventTypes', {}, { staleTime: Number.POSITIVE_INFINITY });
  const may = useMay();
  const [chosen, setChosen] = useState<string | null>(null);
  if (catalogue.isPending) return <SkeletonLines rows={4} />;
  if (catalogue.error !== null) return <Problem error={catalogue.error} retry={() => void catalogue.refetch()} />;
  const offered = catalogue.data.rows.filter((one) => !one.lifts || may('holds.release'));
  const topics = [...new Set(offered.map((one) => one.topic))];
  const type = offered.find((one) => one.type === chosen);
  return (
    <div className="stack">
      <Select
        label="What happened"
        value={chosen}
        onChange={setChosen}
        searchable
        placeholder="Attorney, dispute, bankruptcy…"
        nothingFoundMessage="Nothing like it has weight in law; write a note instead."
        data-autofocus
        data={topics.map((topic) => ({
          group: topic,
          items: offered.filter((one) => one.topic === topic).map((one) => ({ value: one.type, label: one.label })),
        }))}
      />
      {type !== undefined && <Details key={type.type} {...props} type={type} />}
    </div>
  );
}

function Details({ account, legal, done, type }: LegalFormProps & { readonly type: EventType }) {
  const format = useFormat();
  const record = useWrite('recordLegalEvent');
  const [detail, setDetail] = useState<Readonly<Record<string, string | boolean | null>>>({});
  const [all, setAll] = useState(true);
  const [address, setAddress] = useState<string | null>(null);
  const [on, setOn] = useState('');
  const [note, setNote] = useState('');
  const wrong: Readonly<Record<string, string>> = record.error?.fields ?? {};
  const set = (name: string, value: string | boolean | null) => setDetail((before) => ({ ...before, [name]: value }));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate(
          {
            params: { accountId: account.id },
            body: {
              type: type.type,
              accountIds: type.about === 'debts' && !all ? [account.id] : null,
              contactPointId: address,
              detail,
              // Only the day is known: noon in UTC lies inside it from New York to Delhi.
              effectiveAt: on === '' || on === format.today ? null : `${on}T12:00:00.000Z`,
              note: blank(note),
            },
          },
          {
            onSuccess: ({ already }) =>
              done(
                already
                  ? `"${type.label}" stands already; nothing was written.`
                  : `"${type.label}" is on record.${type.stops ? ' What was planned before it is void.' : ''}`,
              ),
          },
        );
      }}
    >
      <p className="soft">{type.sentence}</p>
      {type.address !== 'none' && (
        <AddressSelect
          account={account}
          label="Which address"
          value={address}
          change={setAddress}
          required={type.address === 'required'}
          error={wrong.contactPointId}
        />
      )}
      {type.detail.map((field) => {
        const { name, label, required } = field;
        const value = detail[name] ?? null;
        if (field.kind === 'date')
          return (
            <DateInput
              key={name}
              label={label}
              value={typeof value === 'string' ? value : ''}
              change={(next) => set(name, next === '' ? null : next)}
              required={required}
            />
          );
        if (field.kind === 'text')
          return (
            <TextInput
              key={name}
              label={label}
              required={required}
              error={wrong[name]}
              value={typeof value === 'string' ? value : ''}
              onChange={(event) =>
                set(name, blank(event.currentTarget.value) === null ? null : event.currentTarget.value)
              }
              maxLength={300}
            />
          );
        const choices =
          field.kind === 'yes_no'
            ? [
                { value: 'yes', label: 'Yes' },
                { value: 'no', label: 'No' },
              ]
            : Object.entries(field.choices ?? {}).map(([key, text]) => ({ value: key, label: text }));
        return (
          <Select
            key={name}
            label={label}
            required={required}
            clearable={!required}
            error={wrong[name]}
            placeholder={required ? 'Choose one' : 'Not known'}
            value={typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}
            onChange={(next) => set(name, field.kind === 'yes_no' && next !== null ? next === 'yes' : next)}
            data={choices}
          />
        );
      })}
      {type.about === 'debts' && legal.debts.length > 1 && (
        <Radio.Group label="About" value={all ? 'all' : 'one'} onChange={(value) => setAll(value === 'all')}>
          <div className="stack" style={{ gap: 10, marginTop: 6 }}>
            <Radio size="xs" value="all" label={`Everything of ${account.party.name}`} />
            <Radio size="xs" value="one" label="This account only" />
          </div>
        </Radio.Group>
      )}
      <DateInput
        label="When"
        description="Leave empty for now."
        value={on}
        max={format.today}
        change={setOn}
        required={false}
      />
      <Textarea
        label="Note"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={1000}
      />
      {record.error !== null && <Problem error={record.error} />}
      <Button type="submit" size="sm" loading={record.isPending}>
        Record it
      </Button>
    </form>
  );
}

type StopBody = NonNullable<Input<'recordStopRequest'>['body']>;
const stopChoices = [
  { value: 'call', label: 'Calls' },
  { value: 'sms', label: 'Texts' },
  { value: 'email', label: 'E-mails' },
  { value: 'letter', label: 'Letters' },
  { value: 'visit', label: 'Visits' },
  { value: 'address', label: 'One address or number' },
  { value: 'everything', label: 'Everything' },
  { value: 'refuses_to_pay', label: 'They refuse to pay' },
] as const;

/** Takes "stop", whatever it was said by. */
export function StopForm({ account, done }: LegalFormProps) {
  const record = useWrite('recordStopRequest');
  const [what, setWhat] = useState<string>('call');
  const [form, setForm] = useState<StopBody['form']>('oral');
  const [address, setAddress] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const whole = what === 'address' || what === 'everything' || what === 'refuses_to_pay';
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate(
          {
            params: { accountId: account.id },
            body: {
              what: whole ? what : 'channel',
              channel: whole ? null : (what as NonNullable<StopBody['channel']>),
              contactPointId: what === 'address' ? address : null,
              form,
              said: blank(said),
            },
          },
          { onSuccess: ({ sentence }) => done(sentence) },
        );
      }}
    >
      <p className="soft">
        Binds from the moment you record it, for every debt of {account.party.name}. What was planned is void.
      </p>
      <Select
        label="They want to stop"
        value={what}
        onChange={(value) => setWhat(value ?? 'call')}
        data={stopChoices.map((one) => ({ ...one }))}
        data-autofocus
      />
      {what === 'address' && (
        <AddressSelect
          account={account}
          label="Which one"
          value={address}
          change={setAddress}
          required
          error={record.error?.fields.contactPointId}
        />
      )}
      <Radio.Group label="They said it" value={form} onChange={(value) => setForm(value as typeof form)}>
        <div className="stack" style={{ gap: 10, marginTop: 6 }}>
          <Radio size="xs" value="oral" label="Aloud" />
          <Radio size="xs" value="electronic" label="By e-mail, text or portal" />
          <Radio size="xs" value="written" label="On paper" />
        </div>
      </Radio.Group>
      <Textarea
        label="Their words"
        value={said}
        onChange={(event) => setSaid(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={1000}
      />
      {record.error !== null && <Problem error={record.error} />}
      <Button type="submit" size="sm" loading={record.isPending}>
        Stop it
      </Button>
    </form>
  );
}

type DebtBody = NonNullable<Input<'describeDebt'>['body']>;

/** Says what the debt is in the eyes of the law. */
export function DebtForm({ account, legal, done }: LegalFormProps) {
  const describe = useWrite('describeDebt');
  const { debt } = legal;
  const before = debt?.limitation ?? null;
  const text = (name: string) => (typeof before?.[name] === 'string' ? before[name] : '');
  const [product, setProduct] = useState(debt?.product ?? '');
  const [chargedOffOn, setChargedOffOn] = useState(debt?.chargedOffOn ?? '');
  const [group, setGroup] = useState(debt?.servicingGroup ?? '');
  const [principal, setPrincipal] = useState(
    debt?.principalMinor ? decimalText(debt.principalMinor, account.currency) : '',
  );
  const [kind, setKind] = useState(text('kind') || 'unknown');
  const [regime, setRegime] = useState<string | null>(text('regime') || null);
  const [accruedOn, setAccruedOn] = useState(text('accruedOn'));
  const [restartedOn, setRestartedOn] = useState(text('restartedOn'));
  const [lastDay, setLastDay] = useState(text('lastDay'));
  const [basis, setBasis] = useState(text('basis'));
  const wrong: Readonly<Record<string, string>> = describe.error?.fields ?? {};
  const limitation = (): DebtBody['limitation'] => {
    if (kind === 'regime')
      return { kind, regime: regime ?? '', accruedOn, restartedOn: restartedOn === '' ? null : restartedOn };
    if (kind === 'stated') return { kind, lastDay, basis };
    return kind === 'none' ? { kind, basis } : null;
  };
  const restarts = legal.regimes.find((one) => one.regime === regime)?.restarts === true;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        describe.mutate(
          {
            params: { accountId: account.id },
            ifMatch: debt?.rowVersion ?? '0',
            body: {
              product: blank(product),
              chargedOffOn: chargedOffOn === '' ? null : chargedOffOn,
              servicingGroup: blank(group),
              principalMinor: minorOf(principal, account.currency),
              limitation: limitation(),
            },
          },
          {
            onSuccess: (written) =>
              done(
                written.lastDayToSue === null
                  ? 'The debt is described.'
                  : `The debt is described; the last day to sue is ${written.lastDayToSue}.`,
              ),
          },
        );
      }}
    >
      <TextInput
        label="Kind of debt"
        placeholder="credit_card, medical, student_loan…"
        value={product}
        onChange={(event) => setProduct(event.currentTarget.value)}
        maxLength={60}
        data-autofocus
      />
      <TextInput
        label={`Principal at first (${account.currency})`}
        inputMode="decimal"
        value={principal}
        onChange={(event) => setPrincipal(event.currentTarget.value)}
      />
      <DateInput label="Charged off on" value={chargedOffOn} change={setChargedOffOn} required={false} />
      <TextInput
        label="Servicing number"
        description="Student loans that share one count as one debt."
        value={group}
        onChange={(event) => setGroup(event.currentTarget.value)}
        maxLength={80}
      />
      <Select
        label="Last day to sue"
        value={kind}
        onChange={(value) => setKind(value ?? 'unknown')}
        data={[
          { value: 'unknown', label: 'Not known' },
          { value: 'regime', label: 'Reckon it from the law' },
          { value: 'stated', label: 'State it' },
          { value: 'none', label: 'No period runs' },
        ]}
      />
      {kind === 'regime' && (
        <>
          <Select
            label="Period"
            value={regime}
            onChange={setRegime}
            searchable
            required
            error={wrong['limitation.regime']}
            nothingFoundMessage="The rules hold no such period; state the day."
            data={legal.regimes.map((one) => ({
              value: one.regime,
              label: `${one.regime}, ${one.years} ${one.years === 1 ? 'year' : 'years'}`,
            }))}
          />
          <DateInput label="The claim arose on" value={accruedOn} change={setAccruedOn} />
          {restarts && (
            <DateInput
              label="Acknowledged or paid on"
              description="A part payment or signed acknowledgment starts the period anew."
              value={restartedOn}
              change={setRestartedOn}
              required={false}
            />
          )}
        </>
      )}
      {kind === 'stated' && <DateInput label="Last day" value={lastDay} change={setLastDay} />}
      {(kind === 'stated' || kind === 'none') && (
        <TextInput
          label="What this rests on"
          value={basis}
          onChange={(event) => setBasis(event.currentTarget.value)}
          minLength={3}
          maxLength={500}
          required
        />
      )}
      {describe.error !== null && <Problem error={describe.error} />}
      <Button type="submit" size="sm" loading={describe.isPending}>
        Save
      </Button>
    </form>
  );
}

const channels = ['call', 'sms', 'email', 'letter', 'visit', 'social_private'] as const;
const channelData = channels.map((value) => ({
  value,
  label: value === 'social_private' ? 'Private message' : words(value),
}));
export const scopeWords: Readonly<Record<string, string>> = {
  call: 'To be called more often than the cap',
  time: 'To be contacted at an unusual hour',
  email: 'To be written to by e-mail',
  text: 'To be texted',
  tcpa: 'To be called or texted by machine',
  esign: 'To get notices electronically (E-SIGN)',
  electronic: 'To be contacted electronically',
  third_party: 'To speak with somebody else',
  collection: 'To be contacted about the debt',
  recorded_call: 'To calls being recorded',
  automated_call: 'To automated calls',
  marketing: 'To marketing',
  processing: 'To their data being used',
};

/** Writes down a consent with its evidence. */
export function ConsentForm({ account, done }: LegalFormProps) {
  const record = useWrite('recordConsent');
  const [scope, setScope] = useState('email');
  const [channel, setChannel] = useState<(typeof channels)[number]>('email');
  const [to, setTo] = useState<'tenant' | 'client' | 'prior_collector'>('tenant');
  const [address, setAddress] = useState<string | null>(null);
  const [only, setOnly] = useState(false);
  const [evidence, setEvidence] = useState('');
  const [through, setThrough] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const wrong: Readonly<Record<string, string>> = record.error?.fields ?? {};
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate(
          {
            params: { accountId: account.id },
            body: {
              scope,
              channel,
              recipientKind: to,
              contactPointId: address,
              onlyThisDebt: only,
              evidence,
              expiresAt: through === '' ? null : `${through}T23:59:59.000Z`,
              detail: scope === 'time' ? { ...(from && { from }), ...(until && { to: until }) } : {},
            },
          },
          { onSuccess: () => done('The consent is on record.') },
        );
      }}
    >
      <Select
        label="They agree"
        value={scope}
        onChange={(value) => setScope(value ?? 'email')}
        data={Object.entries(scopeWords).map(([value, label]) => ({ value, label }))}
        error={wrong.scope}
        data-autofocus
      />
      <Select
        label="By"
        value={channel}
        onChange={(value) => setChannel((value ?? 'email') as typeof channel)}
        data={channelData}
      />
      <Select
        label="Given to"
        value={to}
        onChange={(value) => setTo((value ?? 'tenant') as typeof to)}
        data={[
          { value: 'tenant', label: 'Us' },
          { value: 'client', label: account.client.name },
          { value: 'prior_collector', label: 'An earlier collector' },
        ]}
      />
      <AddressSelect account={account} label="Address" value={address} change={setAddress} required={false} />
      {scope === 'time' && (
        <div className="row">
          <TextInput label="From" type="time" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          <TextInput label="To" type="time" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
        </div>
      )}
      <Checkbox
        size="xs"
        label="For this debt only"
        checked={only}
        onChange={(event) => setOnly(event.currentTarget.checked)}
      />
      <DateInput
        label="Through"
        description="Leave empty if it has no end."
        value={through}
        change={setThrough}
        required={false}
      />
      <Textarea
        label="Evidence"
        description="Words used, recording, document: what proves it later."
        value={evidence}
        error={wrong.evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={1000}
        required
      />
      {record.error !== null && <Problem error={record.error} />}
      <Button type="submit" size="sm" loading={record.isPending}>
        Record the consent
      </Button>
    </form>
  );
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** A time or a language the person asked for. */
export function WishForm({ account, done }: LegalFormProps) {
  const record = useWrite('recordWish');
  const [kind, setKind] = useState<'inconvenient_time' | 'language'>('inconvenient_time');
  const [chosen, setChosen] = useState<string[]>([]);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [language, setLanguage] = useState<string | null>('es');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate(
          {
            params: { accountId: account.id },
            body: {
              kind,
              weekdays: kind === 'language' ? [] : chosen.map(Number),
              from: kind === 'language' || from === '' ? null : from,
              to: kind === 'language' || to === '' ? null : to,
              language: kind === 'language' ? language : null,
            },
          },
          { onSuccess: ({ already }) => done(already ? 'This wish stands already.' : 'The wish is on record.') },
        );
      }}
    >
      <Select
        label="Wish"
        value={kind}
        onChange={(value) => setKind((value ?? 'inconvenient_time') as typeof kind)}
        data={[
          { value: 'inconvenient_time', label: 'Not at this time' },
          { value: 'language', label: 'In this language' },
        ]}
        data-autofocus
      />
      {kind === 'language' ? (
        <Select
          label="Language"
          value={language}
          onChange={setLanguage}
          data={[
            { value: 'en', label: 'English' },
            { value: 'es', label: 'Spanish' },
            { value: 'fr', label: 'French' },
            { value: 'de', label: 'German' },
            { value: 'zh', label: 'Chinese' },
            { value: 'vi', label: 'Vietnamese' },
            { value: 'ko', label: 'Korean' },
          ]}
        />
      ) : (
        <>
          <Checkbox.Group label="Days" description="None: every day." value={chosen} onChange={setChosen}>
            <div className="row wrap" style={{ gap: 10, marginTop: 6 }}>
              {weekdays.map((name, index) => (
                <Checkbox key={name} size="xs" value={String(index + 1)} label={name.slice(0, 3)} />
              ))}
            </div>
          </Checkbox.Group>
          <div className="row">
            <TextInput label="From" type="time" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
            <TextInput label="To" type="time" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
          </div>
        </>
      )}
      {record.error !== null && <Problem error={record.error} />}
      <Button type="submit" size="sm" loading={record.isPending}>
        Record the wish
      </Button>
    </form>
  );
}
