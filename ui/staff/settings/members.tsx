import { Button, Modal, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Input } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { roleNames, useMay, useSession } from '../shell/session.tsx';

type Role = NonNullable<Input<'addMember'>['body']>['role'];
const roles = Object.entries(roleNames).map(([value, label]) => ({ value, label }));

export function Members() {
  const may = useMay();
  const session = useSession();
  const members = useRead('listMembers', {});
  const change = useWrite('changeMember', ['listMembers']);
  const [adding, setAdding] = useState(false);
  if (members.isPending) return <SkeletonLines rows={4} height={18} />;
  if (members.error !== null) return <Problem error={members.error} retry={() => void members.refetch()} />;
  const managing = may('users.manage');
  return (
    <>
      <div className="table-scroll">
        <table className="table" aria-label="Members">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">E-mail</th>
              <th scope="col">Role</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.data.rows.map((member) => (
              <tr key={member.id}>
                <td className={member.disabled ? 'muted' : 'strong'}>
                  {member.name} {member.disabled && <Tag>Disabled</Tag>}
                </td>
                <td className="soft">{member.email}</td>
                <td>
                  {managing && member.userId !== session.user.id ? (
                    <Select
                      size="xs"
                      w={170}
                      aria-label={`Role of ${member.name}`}
                      value={member.role}
                      data={roles}
                      onChange={(role) =>
                        role !== null &&
                        change.mutate(
                          { params: { memberId: member.id }, body: { role: role as Role } },
                          {
                            onSuccess: () => say(`${member.name} is now ${roleNames[role as Role].toLowerCase()}.`),
                            onError: sayProblem,
                          },
                        )
                      }
                    />
                  ) : (
                    roleNames[member.role]
                  )}
                </td>
                <td className="right">
                  {managing && member.userId !== session.user.id && (
                    <Button
                      variant="subtle"
                      onClick={() =>
                        change.mutate(
                          { params: { memberId: member.id }, body: { disabled: !member.disabled } },
                          {
                            onSuccess: () =>
                              say(
                                member.disabled
                                  ? `${member.name} may sign in again.`
                                  : `${member.name} is signed out everywhere and may not sign in.`,
                                () =>
                                  change.mutate(
                                    { params: { memberId: member.id }, body: { disabled: member.disabled } },
                                    { onError: sayProblem },
                                  ),
                              ),
                            onError: sayProblem,
                          },
                        )
                      }
                    >
                      {member.disabled ? 'Enable' : 'Disable'}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {managing && (
        <Button mt="md" onClick={() => setAdding(true)}>
          Add a member
        </Button>
      )}
      {adding && <AddMember close={() => setAdding(false)} />}
    </>
  );
}

function AddMember({ close }: { readonly close: () => void }) {
  const add = useWrite('addMember', ['listMembers']);
  const [form, setForm] = useState({ name: '', email: '', role: 'collector' as Role, password: '' });
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));
  const wrong = add.error?.fields ?? {};
  return (
    <Modal opened onClose={close} title="Add a member">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(
            { body: form },
            {
              onSuccess: () => {
                say(`${form.name} may sign in now.`);
                close();
              },
            },
          );
        }}
      >
        <TextInput
          label="Name"
          value={form.name}
          error={wrong.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          required
          data-autofocus
        />
        <TextInput
          label="E-mail"
          type="email"
          value={form.email}
          error={wrong.email}
          onChange={(event) => set({ email: event.currentTarget.value })}
          required
        />
        <Select
          label="Role"
          value={form.role}
          data={roles}
          onChange={(role) => set({ role: (role ?? 'collector') as Role })}
        />
        <PasswordInput
          label="First password"
          description="At least 12 characters. Hand it to them in person."
          autoComplete="new-password"
          value={form.password}
          error={wrong.password}
          minLength={12}
          onChange={(event) => set({ password: event.currentTarget.value })}
          required
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        />
        {add.error !== null && <Problem error={add.error} />}
        <Button type="submit" size="sm" loading={add.isPending}>
          Add
        </Button>
      </form>
    </Modal>
  );
}
