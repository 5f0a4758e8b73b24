import { Button, Modal, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import type { Session } from './session.tsx';

/** Asks for the password above the page as it stands: a form half filled in is still there afterwards. */
export function SignInAgain({ session }: { readonly session: Session }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signIn = useWrite('signIn', []);
  const [password, setPassword] = useState('');
  const box = useRef<HTMLInputElement>(null);
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
              onError: () => box.current?.focus(),
            },
          );
        }}
      >
        <p className="soft">Sign in again to go on. What you have typed on the page is kept.</p>
        {signIn.error !== null && <Problem error={signIn.error} />}
        <input type="hidden" name="username" autoComplete="username" value={session.user.email} readOnly />
        <PasswordInput
          ref={box}
          label={`Password of ${session.user.email}`}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        />
        <div className="row">
          <Button type="submit" size="sm" loading={signIn.isPending}>
            Sign in
          </Button>
          <Button variant="subtle" size="sm" onClick={leave}>
            I am somebody else
          </Button>
        </div>
      </form>
    </Modal>
  );
}
