import { Button, Modal, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import type { Session } from './session.tsx';

/** Asks for the password above the page as it stands: a form half filled in is still there afterwards. */
export function SignInAgain({ session }: { readonly session: Session }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signIn = useWrite('signIn', []);
  const [password, setPassword] = useState('');
  const leave = () => {
    queries.clear();
    void navigate({ to: '/sign-in' });
  };
  return (
    <Modal
      opened
      onClose={leave}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={500}
      title="Your session has ended"
      data-mantine-stop-propagation
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate(
            { body: { email: session.user.email, password } },
            {
              onSuccess: (renewed) => {
                queries.setQueryData(['getSession', null, null, null], renewed);
                void queries.invalidateQueries();
              },
            },
          );
        }}
      >
        <p className="soft">Sign in again to go on. What you have typed on the page is kept.</p>
        {signIn.error !== null && <Problem error={signIn.error} />}
        <input type="hidden" name="username" autoComplete="username" value={session.user.email} readOnly />
        <PasswordInput
          label={`Password of ${session.user.email}`}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          data-autofocus
          // Escape would otherwise close the panel underneath, and what was typed in it.
          data-mantine-stop-propagation
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        />
        <div className="row">
          <Button type="submit" size="sm" loading={signIn.isPending} data-mantine-stop-propagation>
            Sign in
          </Button>
          <Button variant="subtle" size="sm" onClick={leave} data-mantine-stop-propagation>
            I am somebody else
          </Button>
        </div>
      </form>
    </Modal>
  );
}
