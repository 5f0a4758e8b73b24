import { Button, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import { countries, currencies, timeZones } from '../../kit/places.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { Gate } from './gate.tsx';

/** First run: the organisation and its owner. Refused by the server once a tenant exists. */
export function SetupPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const setup = useRead('getSetup', {});
  const create = useWrite('createFirst', []);
  const signIn = useWrite('signIn', []);
  const [form, setForm] = useState({
    tenantName: '',
    kind: 'live' as 'live' | 'sandbox',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    country: new Intl.Locale(navigator.language).maximize().region ?? 'US',
    currency: 'USD',
    ownerName: '',
    email: '',
    password: '',
    clockOn: '',
  });
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));
  useEffect(() => {
    document.title = 'First run · Dunwell';
  }, []);
  if (setup.data?.needed === false && !create.isSuccess) return <Navigate to="/sign-in" replace />;
  const problem = create.error ?? signIn.error;
  const wrong = create.error?.fields ?? {};
  const submit = () =>
    create.mutate(
      { body: { ...form, clockOn: form.kind === 'sandbox' && form.clockOn !== '' ? form.clockOn : undefined } },
      {
        onSuccess: () =>
          signIn.mutate(
            { body: { email: form.email, password: form.password } },
            {
              onSuccess: () => {
                queries.clear();
                void navigate({ to: '/import' });
              },
            },
          ),
      },
    );
  return (
    <Gate>
      <form
        className="gate-form wide stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div>
          <h1>Set up Dunwell</h1>
          <p className="sub" style={{ marginBottom: 0 }}>
            Your organisation and the first person who may do everything. You can change all of it later.
          </p>
        </div>
        {problem !== null && <Problem error={problem} />}
        <TextInput
          label="Organisation"
          value={form.tenantName}
          error={wrong.tenantName}
          onChange={(event) => set({ tenantName: event.currentTarget.value })}
          required
          autoFocus
        />
        <div>
          <SegmentedControl
            fullWidth
            aria-label="Kind"
            value={form.kind}
            onChange={(kind) => set({ kind: kind === 'sandbox' ? 'sandbox' : 'live' })}
            data={[
              { value: 'live', label: 'Live' },
              { value: 'sandbox', label: 'Sandbox' },
            ]}
          />
          <p className="muted" style={{ marginTop: 5 }}>
            {form.kind === 'live'
              ? 'The real clock. Messages stay in the outbox until a sender is set up and verified.'
              : 'A clock you can move, for trying a portfolio out. It can never send anything.'}
          </p>
        </div>
        {form.kind === 'sandbox' && (
          <DateInput
            label="The clock begins on"
            description="To replay a file of the past, choose a day inside it. The clock only goes forward. Blank: today."
            value={form.clockOn}
            error={wrong.clockOn}
            change={(clockOn) => set({ clockOn })}
            required={false}
          />
        )}
        <div className="pair">
          <Select
            label="Country"
            data={countries()}
            value={form.country}
            onChange={(country) => set({ country: country ?? form.country })}
            searchable
            required
          />
          <Select
            label="Currency"
            data={currencies()}
            value={form.currency}
            onChange={(currency) => set({ currency: currency ?? form.currency })}
            searchable
            required
          />
        </div>
        <Select
          label="Time zone"
          data={timeZones()}
          value={form.timeZone}
          onChange={(timeZone) => set({ timeZone: timeZone ?? form.timeZone })}
          searchable
          required
        />
        <div className="pair">
          <TextInput
            label="Your name"
            autoComplete="name"
            value={form.ownerName}
            error={wrong.ownerName}
            onChange={(event) => set({ ownerName: event.currentTarget.value })}
            required
          />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            value={form.email}
            error={wrong.email}
            onChange={(event) => set({ email: event.currentTarget.value })}
            required
          />
        </div>
        <PasswordInput
          label="Password"
          description="At least 12 characters. A few words you remember are best."
          autoComplete="new-password"
          value={form.password}
          error={wrong.password}
          minLength={12}
          onChange={(event) => set({ password: event.currentTarget.value })}
          required
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        />
        <Button type="submit" size="sm" loading={create.isPending || signIn.isPending}>
          Create and sign in
        </Button>
      </form>
    </Gate>
  );
}
