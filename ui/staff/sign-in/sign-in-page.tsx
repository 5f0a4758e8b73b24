import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { Gate } from './gate.tsx';

const route = getRouteApi('/sign-in');

// Only a path of our own: an address somebody else put into the link must not receive a fresh session.
const ownPath = (next: string | undefined) =>
  next?.startsWith('/') === true && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';

export function SignInPage() {
  const { next } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const setup = useRead('getSetup', {});
  const signIn = useWrite('signIn', []);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  useEffect(() => {
    document.title = 'Sign in · Dunwell';
  }, []);
  if (setup.data?.needed === true) return <Navigate to="/setup" replace />;
  const demo = setup.data?.demo ?? null;
  const enter = (as: { email: string; password: string }) =>
    signIn.mutate(
      { body: as },
      {
        onSuccess: (session) => {
          queries.clear();
          queries.setQueryData(['getSession', null, null, null], session);
          void navigate({ href: ownPath(next) });
        },
      },
    );
  return (
    <Gate>
      <form
        className="gate-form stack"
        onSubmit={(event) => {
          event.preventDefault();
          enter({ email, password });
        }}
      >
        <div>
          <h1>Sign in</h1>
          <p className="sub" style={{ marginBottom: 0 }}>
            {next === undefined ? 'Welcome back.' : 'Sign in to go on where you were.'}
          </p>
        </div>
        {signIn.error !== null && <Problem error={signIn.error} />}
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          autoFocus
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        />
        <Button type="submit" size="sm" loading={signIn.isPending}>
          Sign in
        </Button>
        {demo !== null && (
          <div className="notice">
            <div className="grow">
              <p className="strong">This is the demo</p>
              <p className="soft">A sandbox with made-up customers. Nothing leaves this machine.</p>
            </div>
            <Button variant="light" onClick={() => enter(demo)} loading={signIn.isPending}>
              Enter
            </Button>
          </div>
        )}
      </form>
    </Gate>
  );
}
