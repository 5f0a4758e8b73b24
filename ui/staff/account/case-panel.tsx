import { Button, Checkbox, Menu, Modal, Select, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount } from '../../kit/amount.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, Tag } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { useMay, useSession } from '../shell/session.tsx';
import type { FormProps } from './action-forms.tsx';

type Account = Output<'getAccount'>;
type Case = NonNullable<Account['case']>;

/** The accounts worked together with this one, who has them, and what can be done about it. */
export function CasePanel({ account, add }: { readonly account: Account; readonly add: (() => void) | null }) {
  const may = useMay();
  const open = account.case;
  if (open === null)
    return add === null || !may('tasks.work') ? null : (
      <section>
        <h2>Case</h2>
        <p className="muted">Worked on its own. In a case, its accounts go to one collector together.</p>
        <Button
          variant="subtle"
          px={0}
          leftSection={<Icon name="plus" size={13} />}
          onClick={add}
          title="Open a case (w)"
        >
          Open a case
        </Button>
      </section>
    );
  const changeable = may('tasks.work') && !open.partial;
  return (
    <section aria-label="Case">
      <div className="row" style={{ marginBottom: 4 }}>
        <h2 className="grow" style={{ marginBottom: 0 }}>
          Case
        </h2>
        {open.assignedTo === null ? <Tag>Nobody has it</Tag> : <Tag tone="accent">{open.assignedTo.name} has it</Tag>}
      </div>
      <ul className="points">
        {open.accounts.map((one) => (
          <Member key={one.id} open={open} one={one} here={one.id === account.id} changeable={changeable} />
        ))}
      </ul>
      {open.accounts.length > 1 && (
        <p className="row" style={{ paddingTop: 5 }}>
          <span className="muted grow">Together</span>
          <span className="strong">
            {open.totals.map((total) => (
              <span key={total.currency} style={{ display: 'block', textAlign: 'right' }}>
                <Amount value={total} />
              </span>
            ))}
          </span>
        </p>
      )}
      {open.partial && (
        <p className="muted">It also holds accounts that you may not see. Ask a manager to change it.</p>
      )}
      {changeable && <CaseActions open={open} add={add} />}
    </section>
  );
}

function Member({
  open,
  one,
  here,
  changeable,
}: {
  readonly open: Case;
  readonly one: Case['accounts'][number];
  readonly here: boolean;
  readonly changeable: boolean;
}) {
  const remove = useWrite('removeFromCase');
  const put = useWrite('addToCase');
  return (
    <li>
      <span className="grow" style={{ minWidth: 0 }}>
        {here ? (
          <span className="strong">{one.number}</span>
        ) : (
          <Link to="/accounts/$accountId" params={{ accountId: one.id }}>
            {one.number}
          </Link>
        )}
        <span className="muted" style={{ display: 'block' }}>
          {here ? 'this account' : one.client.name}
          {one.daysPastDue > 0 && `, ${one.daysPastDue} days past due`}
        </span>
      </span>
      <Amount value={{ amountMinor: one.balanceMinor, currency: one.currency }} />
      {changeable && open.accounts.length > 1 && (
        <button
          type="button"
          className="info-button"
          aria-label={`Take ${one.number} out of the case`}
          title="Take out of the case"
          disabled={remove.isPending}
          onClick={() =>
            remove.mutate(
              { params: { caseId: open.id, accountId: one.id } },
              {
                onSuccess: () =>
                  say(`${one.number} is out of the case.`, () =>
                    put.mutate(
                      { params: { caseId: open.id }, body: { accountIds: [one.id] } },
                      { onError: sayProblem },
                    ),
                  ),
                onError: sayProblem,
              },
            )
          }
        >
          <Icon name="close" size={13} />
        </button>
      )}
    </li>
  );
}

function CaseActions({ open, add }: { readonly open: Case; readonly add: (() => void) | null }) {
  const may = useMay();
  const { user } = useSession();
  const assign = useWrite('assignCase');
  const [closing, setClosing] = useState(false);
  const members = useRead('listMembers', {}, { enabled: may('tasks.assign') });
  const give = (to: string | null, sentence: string) =>
    assign.mutate(
      { params: { caseId: open.id }, ifMatch: open.rowVersion, body: { assignedTo: to } },
      {
        onSuccess: (newer) =>
          say(sentence, () =>
            assign.mutate(
              {
                params: { caseId: open.id },
                ifMatch: newer.rowVersion,
                body: { assignedTo: open.assignedTo?.id ?? null },
              },
              { onError: sayProblem },
            ),
          ),
        onError: sayProblem,
      },
    );
  const mine = open.assignedTo?.id === user.id;
  const others = (members.data?.rows ?? []).filter(
    (member) => !member.disabled && member.userId !== user.id && member.userId !== open.assignedTo?.id,
  );
  return (
    <div className="row wrap" style={{ gap: 6, paddingTop: 8 }}>
      {!mine && (open.assignedTo === null || may('tasks.assign')) && (
        <Button
          variant="default"
          loading={assign.isPending}
          onClick={() => give(user.id, 'The case is yours. Automatic notices about it wait for you.')}
        >
          Take it
        </Button>
      )}
      {mine && (
        <Button
          variant="default"
          loading={assign.isPending}
          onClick={() => give(null, 'The case is given back to everyone.')}
        >
          Give it back
        </Button>
      )}
      <Menu position="bottom-start" shadow="md" width={220}>
        <Menu.Target>
          <Button variant="default" aria-label="More about the case">
            <Icon name="more" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {add !== null && <Menu.Item onClick={add}>Add accounts…</Menu.Item>}
          {may('tasks.assign') && open.assignedTo !== null && !mine && (
            <Menu.Item onClick={() => give(null, 'The case is given back to everyone.')}>
              Give back to everyone
            </Menu.Item>
          )}
          {others.length > 0 && <Menu.Label>Give it to</Menu.Label>}
          {others.slice(0, 12).map((member) => (
            <Menu.Item key={member.id} onClick={() => give(member.userId, `The case is with ${member.name} now.`)}>
              {member.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setClosing(true)}>Close the case…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {closing && <CloseCase open={open} close={() => setClosing(false)} />}
    </div>
  );
}

function CloseCase({ open, close }: { readonly open: Case; readonly close: () => void }) {
  const end = useWrite('closeCase');
  const reopen = useWrite('reopenCase');
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={close} title="Close the case">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          end.mutate(
            { params: { caseId: open.id }, ifMatch: open.rowVersion, body: { reason: reason.trim() } },
            {
              onSuccess: (closed) => {
                close();
                say('The case is closed.', () =>
                  reopen.mutate(
                    { params: { caseId: open.id }, ifMatch: closed.rowVersion, body: {} },
                    { onError: sayProblem },
                  ),
                );
              },
            },
          );
        }}
      >
        <p className="soft">
          {open.accounts.length === 1 ? 'Its account goes' : `Its ${open.accounts.length} accounts go`} on separately
          {open.assignedTo === null ? '' : `, and ${open.assignedTo.name} gives them back`}. Nothing else about them
          changes.
        </p>
        <TextInput
          label="Why"
          placeholder="Paid, handed to counsel, opened by mistake"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={300}
          required
          data-autofocus
        />
        {end.error !== null && <Problem error={end.error} />}
        <Button type="submit" size="sm" loading={end.isPending} disabled={reason.trim() === ''}>
          Close the case
        </Button>
      </form>
    </Modal>
  );
}

/** Opens a case over this account and others of the same person, or adds to the one there is. */
export function CaseForm({ account, done }: FormProps) {
  const may = useMay();
  const { user } = useSession();
  const openCase = useWrite('openCase');
  const addTo = useWrite('addToCase');
  const close = useWrite('closeCase');
  const remove = useWrite('removeFromCase');
  const members = useRead('listMembers', {}, { enabled: may('tasks.assign') });
  const known = new Set(account.case?.accounts.map((one) => one.id));
  const choices = account.otherAccounts.filter((other) => !known.has(other.id));
  const [chosen, setChosen] = useState<string[]>(choices.map((other) => other.id));
  const [assignedTo, setAssignedTo] = useState('');
  const failed = openCase.error ?? addTo.error;
  const people = may('tasks.assign')
    ? (members.data?.rows ?? []).filter((member) => !member.disabled && member.userId !== user.id)
    : [];
  const submit = () => {
    const existing = account.case;
    if (existing !== null)
      addTo.mutate(
        { params: { caseId: existing.id }, body: { accountIds: chosen } },
        {
          onSuccess: () =>
            done(
              chosen.length === 1 ? 'The account is in the case.' : `${chosen.length} accounts are in the case.`,
              () => {
                for (const accountId of chosen)
                  remove.mutate({ params: { caseId: existing.id, accountId } }, { onError: sayProblem });
              },
            ),
        },
      );
    else
      openCase.mutate(
        { body: { accountIds: [account.id, ...chosen], assignedTo: assignedTo === '' ? null : assignedTo } },
        {
          onSuccess: (opened) =>
            done(`A case over ${opened.accounts.length} accounts is open.`, () =>
              close.mutate(
                {
                  params: { caseId: opened.id },
                  ifMatch: opened.rowVersion,
                  body: { reason: 'Undone right after opening' },
                },
                { onError: sayProblem },
              ),
            ),
        },
      );
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="soft">
        The accounts of a case go to one collector together, and one call can be about all of them. Each keeps its own
        items, promises and rules.
      </p>
      <Checkbox.Group
        label={account.case === null ? `Together with ${account.number}` : 'Add to the case'}
        value={chosen}
        onChange={setChosen}
      >
        <div className="stack" style={{ gap: 10, marginTop: 6 }}>
          {choices.map((other) => (
            <Checkbox
              key={other.id}
              size="xs"
              value={other.id}
              label={
                <span>
                  {other.number} <span className="muted">{other.client.name}</span>{' '}
                  <Amount value={{ amountMinor: other.balanceMinor, currency: other.currency }} />
                </span>
              }
            />
          ))}
        </div>
      </Checkbox.Group>
      {account.case === null && (
        <Select
          label="Give it to"
          value={assignedTo}
          onChange={(value) => setAssignedTo(value ?? '')}
          data={[
            { value: '', label: 'Nobody yet: whoever gets it from the worklist' },
            { value: user.id, label: 'Me' },
            ...people.map((member) => ({ value: member.userId, label: member.name })),
          ]}
          description="Whoever has the case owns the conversation; automatic notices wait."
        />
      )}
      {failed !== null && <Problem error={failed} />}
      <Button type="submit" size="sm" loading={openCase.isPending || addTo.isPending} disabled={chosen.length === 0}>
        {account.case === null ? 'Open the case' : 'Add to the case'}
      </Button>
    </form>
  );
}
