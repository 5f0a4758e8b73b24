import { Button, Menu, Modal, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import type { FormProps } from './action-forms.tsx';

type Account = Output<'getAccount'>;
type PartyLink = Output<'listLinks'>['rows'][number];
type Role = PartyLink['role'];

const roles: readonly Role[] = [
  'contact_person',
  'attorney',
  'guarantor',
  'co_signer',
  'spouse',
  'parent_of_minor',
  'guardian',
  'executor',
  'parent_company',
  'other',
];
const between = new Set<Role>(['attorney', 'executor', 'guardian', 'parent_of_minor']);
const roleOf = (role: Role): string => (role === 'other' ? 'Has to do with it' : words(role));

/** Who else has to do with this customer, and with whom the customer has to do. */
export function LinksPanel({ account, add }: { readonly account: Account; readonly add: () => void }) {
  const may = useMay();
  const links = useRead('listLinks', { params: { accountId: account.id } });
  const [past, setPast] = useState(false);
  const rows = links.data?.rows ?? [];
  const ended = rows.filter((row) => !row.live);
  return (
    <section aria-label="People">
      <h2>People</h2>
      {links.isPending ? (
        <SkeletonLines rows={1} />
      ) : links.error !== null ? (
        <Problem error={links.error} retry={() => void links.refetch()} />
      ) : (
        <>
          <ul className="points">
            {rows
              .filter((row) => row.live || past)
              .map((row) => (
                <Person key={row.id} link={row} changeable={may('calls.log')} />
              ))}
          </ul>
          {rows.length === 0 && (
            <p className="muted">Nobody else is known: no guarantor, attorney or contact person.</p>
          )}
          {ended.length > 0 && (
            <Button variant="subtle" px={0} aria-expanded={past} onClick={() => setPast(!past)} mr="md">
              {past ? 'Only those of today' : `${ended.length} not of today`}
            </Button>
          )}
        </>
      )}
      {may('calls.log') && (
        <Button
          variant="subtle"
          px={0}
          leftSection={<Icon name="plus" size={13} />}
          onClick={add}
          title="Link somebody (l)"
        >
          Link somebody
        </Button>
      )}
    </section>
  );
}

function Person({ link, changeable }: { readonly link: PartyLink; readonly changeable: boolean }) {
  const [ending, setEnding] = useState(false);
  const end = useWrite('endLink');
  const [account] = link.accounts;
  const takeBack = () =>
    end.mutate(
      { params: { linkId: link.id }, ifMatch: link.rowVersion, body: { on: null } },
      { onSuccess: () => say('The link holds again.'), onError: sayProblem },
    );
  return (
    <li data-off={!link.live}>
      <span className="grow" style={{ minWidth: 0 }}>
        <span className="value" style={{ overflowWrap: 'anywhere' }}>
          {account === undefined ? (
            <span className="strong">{link.party.name}</span>
          ) : (
            <Link to="/accounts/$accountId" params={{ accountId: account.id }} title={`Account ${account.number}`}>
              {link.party.name}
            </Link>
          )}
        </span>
        <span className="muted" style={{ display: 'block' }}>
          {link.direction === 'has' ? roleOf(link.role) : `This customer is the ${words(link.role).toLowerCase()}`}
          {link.effectiveTo === null ? (
            <>
              {' '}
              since <Day date={link.effectiveFrom} form="tiny" />
            </>
          ) : (
            <>
              , <Day date={link.effectiveFrom} form="tiny" /> until <Day date={link.effectiveTo} form="tiny" />
            </>
          )}
        </span>
        {link.contacts.slice(0, 2).map((contact) => (
          <span key={contact.value} className="soft truncate" style={{ display: 'block' }} title={contact.value}>
            {contact.value}
          </span>
        ))}
        {link.note !== null && (
          <span className="soft" style={{ display: 'block' }}>
            {link.note}
          </span>
        )}
      </span>
      {link.live && link.direction === 'has' && between.has(link.role) && (
        <Tag tone="warn" title="Stands between us and the customer">
          {words(link.role)}
        </Tag>
      )}
      {changeable && (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <button type="button" className="info-button" aria-label={`Change the link to ${link.party.name}`}>
              <Icon name="more" size={15} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {link.effectiveTo === null ? (
              <Menu.Item onClick={() => setEnding(true)}>It has ended…</Menu.Item>
            ) : (
              <Menu.Item onClick={takeBack}>It has not ended</Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {ending && <EndLink link={link} close={() => setEnding(false)} />}
    </li>
  );
}

function EndLink({ link, close }: { readonly link: PartyLink; readonly close: () => void }) {
  const format = useFormat();
  const end = useWrite('endLink');
  const [on, setOn] = useState(format.today < link.effectiveFrom ? link.effectiveFrom : format.today);
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={close} title={`${link.party.name}: ${words(link.role).toLowerCase()}`}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          end.mutate(
            {
              params: { linkId: link.id },
              ifMatch: link.rowVersion,
              body: { on, reason: reason.trim() === '' ? null : reason.trim() },
            },
            {
              onSuccess: (ended) => {
                close();
                say(on === link.effectiveFrom ? 'Taken back: it never held.' : 'The link has an end.', () =>
                  end.mutate(
                    { params: { linkId: link.id }, ifMatch: ended.rowVersion, body: { on: null } },
                    { onError: sayProblem },
                  ),
                );
              },
            },
          );
        }}
      >
        <DateInput
          label="Holds no longer from"
          description={
            on === link.effectiveFrom
              ? 'This is the day it began: the link never held, as for a mistake.'
              : 'It stays on record for the days before.'
          }
          value={on}
          min={link.effectiveFrom}
          change={setOn}
          error={end.error?.fields.on}
        />
        <TextInput
          label="Why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={300}
        />
        {end.error !== null && <Problem error={end.error} />}
        <Button type="submit" size="sm" loading={end.isPending} disabled={on === ''}>
          End the link
        </Button>
      </form>
    </Modal>
  );
}

const nobody = { name: '', email: '', phone: '' };

/** Links somebody known, or somebody new, to the account's party. */
export function LinkForm({ account, done }: FormProps) {
  const format = useFormat();
  const add = useWrite('addLink');
  const end = useWrite('endLink');
  const [role, setRole] = useState<Role>('contact_person');
  const [direction, setDirection] = useState<'has' | 'is'>('has');
  const [who, setWho] = useState<'known' | 'new'>('known');
  const [partyId, setPartyId] = useState<string | null>(null);
  const [kind, setKind] = useState<'person' | 'business'>('person');
  const [fresh, setFresh] = useState(nobody);
  const [from, setFrom] = useState(format.today);
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const wrong = add.error?.fields ?? {};
  const ready = (who === 'known' ? partyId !== null : fresh.name.trim() !== '') && from !== '';
  const body: Input<'addLink'>['body'] = {
    role,
    direction,
    partyId: who === 'known' ? partyId : null,
    party:
      who === 'known'
        ? null
        : {
            kind,
            name: fresh.name.trim(),
            email: fresh.email.trim() === '' ? null : fresh.email.trim(),
            phone: fresh.phone.trim() === '' ? null : fresh.phone.trim(),
          },
    effectiveFrom: from,
    effectiveTo: to === '' ? null : to,
    note: note.trim() === '' ? null : note.trim(),
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        add.mutate(
          { params: { accountId: account.id }, body },
          {
            onSuccess: (link) =>
              done(`${link.party.name} is linked.`, () =>
                end.mutate(
                  {
                    params: { linkId: link.id },
                    ifMatch: link.rowVersion,
                    body: { on: link.effectiveFrom, reason: 'Undone right after linking' },
                  },
                  { onError: sayProblem },
                ),
              ),
          },
        );
      }}
    >
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Which way"
        value={direction}
        onChange={(value) => setDirection(value as typeof direction)}
        data={[
          { value: 'has', label: 'Somebody of this customer' },
          { value: 'is', label: 'This customer is somebody’s' },
        ]}
      />
      <Select
        label={direction === 'has' ? 'They are' : `${account.party.name} is`}
        value={role}
        onChange={(value) => setRole((value ?? 'other') as Role)}
        data={roles.map((each) => ({ value: each, label: words(each) }))}
        allowDeselect={false}
        data-autofocus
        {...(direction === 'has' && between.has(role)
          ? { description: 'Stands between us and the customer: what is planned now is void at once.' }
          : {})}
      />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Known or new"
        value={who}
        onChange={(value) => setWho(value as typeof who)}
        data={[
          { value: 'known', label: 'Known here' },
          { value: 'new', label: 'New' },
        ]}
      />
      {who === 'known' ? (
        <PartyPicker value={partyId} change={setPartyId} error={wrong.partyId} />
      ) : (
        <>
          <SegmentedControl
            size="xs"
            aria-label="Kind"
            value={kind}
            onChange={(value) => setKind(value as typeof kind)}
            data={[
              { value: 'person', label: 'Person' },
              { value: 'business', label: 'Business' },
            ]}
          />
          <TextInput
            label="Name"
            value={fresh.name}
            onChange={(event) => setFresh({ ...fresh, name: event.currentTarget.value })}
            error={wrong.name}
            maxLength={300}
            required
          />
          <TextInput
            label="E-mail"
            value={fresh.email}
            onChange={(event) => setFresh({ ...fresh, email: event.currentTarget.value })}
            error={wrong.email}
          />
          <TextInput
            label="Phone"
            placeholder="+1 212 555 0100"
            value={fresh.phone}
            onChange={(event) => setFresh({ ...fresh, phone: event.currentTarget.value })}
            error={wrong.phone}
          />
        </>
      )}
      <DateInput label="From" value={from} change={setFrom} />
      <DateInput
        label="Until"
        description="Leave empty while no end is known."
        value={to}
        min={from}
        change={setTo}
        required={false}
        error={wrong.effectiveTo}
      />
      <Textarea
        label="Note"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={500}
      />
      {add.error !== null && <Problem error={add.error} />}
      <Button type="submit" size="sm" loading={add.isPending} disabled={!ready}>
        Link them
      </Button>
    </form>
  );
}

/** Finds a party while typing, also one that owes nothing itself. */
export function PartyPicker({
  value,
  change,
  error,
}: {
  readonly value: string | null;
  readonly change: (id: string | null) => void;
  readonly error: string | undefined;
}) {
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 160);
  const found = useRead('searchParties', { query: { q: wanted } }, { enabled: wanted.length > 0, keep: true });
  return (
    <Select
      label="Who"
      placeholder="Name, e-mail or number"
      value={value}
      onChange={change}
      searchable
      clearable
      searchValue={text}
      onSearchChange={setText}
      data={
        found.data?.rows.map((row) => ({
          value: row.id,
          label: row.reachedAt === null ? row.name : `${row.name}, ${row.reachedAt}`,
        })) ?? []
      }
      // The server has searched already; filtering again would hide what it found by e-mail.
      filter={({ options }) => options}
      nothingFoundMessage={
        wanted === '' ? 'Begin to type' : found.isFetching ? 'Searching…' : 'Nobody matches. Choose "New" to add them.'
      }
      error={error}
    />
  );
}
