import { Button, Checkbox, CopyButton, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { useSession } from '../shell/session.tsx';

type Key = Output<'listKeys'>['rows'][number];

export function Keys() {
  const keys = useRead('listKeys', {});
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const revoke = useWrite('revokeKey', ['listKeys']);
  if (keys.isPending) return <SkeletonLines rows={3} height={18} />;
  if (keys.error !== null) return <Problem error={keys.error} retry={() => void keys.refetch()} />;
  return (
    <>
      {keys.data.rows.length === 0 && (
        <Empty title="No key yet">
          A key lets your ERP or a script use the same API as this screen, limited to what you choose.
        </Empty>
      )}
      {keys.data.rows.length > 0 && (
        <div className="table-scroll">
          <table className="table" aria-label="API keys">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Begins with</th>
                <th scope="col">May</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.data.rows.map((key) => (
                <tr key={key.id}>
                  <td className="strong">
                    {key.name} {key.revokedAt !== null && <Tag tone="bad">Revoked</Tag>}
                  </td>
                  <td className="mono">{key.prefix}</td>
                  <td className="soft">{key.scopes.join(', ')}</td>
                  <td className="soft">{key.lastUsedOn === null ? 'never' : <Day date={key.lastUsedOn} />}</td>
                  <td className="right">
                    {key.revokedAt === null && (
                      <Button variant="subtle" color="red" onClick={() => setRevoking(key)}>
                        Revoke
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Button mt="md" onClick={() => setCreating(true)}>
        Create a key
      </Button>
      {creating && <Create close={() => setCreating(false)} />}
      {revoking !== null && (
        <Modal opened onClose={() => setRevoking(null)} title={`Revoke “${revoking.name}”`}>
          <div className="stack">
            <p className="soft">Whatever uses this key stops working at once. A revoked key cannot be brought back.</p>
            <div className="row">
              <Button
                size="sm"
                color="red"
                loading={revoke.isPending}
                onClick={() =>
                  revoke.mutate(
                    { params: { keyId: revoking.id } },
                    {
                      onSuccess: () => {
                        say('The key is revoked.');
                        setRevoking(null);
                      },
                      onError: sayProblem,
                    },
                  )
                }
              >
                Revoke
              </Button>
              <Button size="sm" variant="subtle" onClick={() => setRevoking(null)}>
                Back
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </>
  );
}

function Create({ close }: { readonly close: () => void }) {
  const { permissions } = useSession();
  const create = useWrite('createKey', ['listKeys']);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['accounts.read']);
  const secret = create.data?.secret;
  if (secret !== undefined)
    return (
      <Modal opened onClose={close} title="Your new key" closeOnClickOutside={false}>
        <div className="stack">
          <p className="soft">Copy it now. It is shown this once; only its hash is kept.</p>
          <TextInput
            aria-label="Key"
            value={secret}
            readOnly
            classNames={{ input: 'mono' }}
            onFocus={(event) => event.currentTarget.select()}
          />
          <div className="row">
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button size="sm" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
            <Button size="sm" variant="subtle" onClick={close}>
              Done
            </Button>
          </div>
        </div>
      </Modal>
    );
  return (
    <Modal opened onClose={close} title="Create a key" size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ body: { name, scopes } });
        }}
      >
        <TextInput
          label="Name"
          placeholder="ERP feed"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          maxLength={120}
          data-autofocus
        />
        <Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
          <div style={{ columns: 2, marginTop: 6 }}>
            {permissions.map((permission) => (
              <Checkbox key={permission} size="xs" value={permission} label={permission} mb={10} />
            ))}
          </div>
        </Checkbox.Group>
        {create.error !== null && <Problem error={create.error} />}
        <Button type="submit" size="sm" loading={create.isPending} disabled={scopes.length === 0}>
          Create
        </Button>
      </form>
    </Modal>
  );
}
