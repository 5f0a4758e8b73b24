import { Button, Checkbox, Modal, NumberInput, Switch, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import type { Input } from '../../kit/operations.ts';
import { problemOf } from '../../kit/problem.ts';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { BeforeAfter } from './before-after.tsx';
import type { Rule } from './rule-browser.tsx';
import { TryOnPlan } from './try-on-plan.tsx';

type Values = NonNullable<Input<'checkTightening'>['body']>['parameters'];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Proposes to make one rule stricter: only what can become stricter is offered, and a value that would not is refused while it is typed. */
export function TightenForm({ rule, close }: { readonly rule: Rule; readonly close: () => void }) {
  const format = useFormat();
  const navigate = useNavigate();
  const [values, setValues] = useState<Values>({});
  const [from, setFrom] = useState(format.today);
  const [reason, setReason] = useState('');
  const check = useWrite('checkTightening', []);
  const attempt = useWrite('tryTightening', []);
  const [tried, setTried] = useState('');
  const propose = useWrite('proposeTightening', ['listTightenings']);
  const wanted = { ruleId: rule.id, part: rule.part, parameters: values };
  const [asked] = useDebouncedValue(wanted, 250);
  const key = JSON.stringify(asked.parameters);
  const { mutate, reset } = check;
  // Every pause in typing asks the server, which alone knows what is stricter.
  useEffect(() => {
    if (key === '{}') reset();
    else mutate({ body: { ruleId: rule.id, part: rule.part, parameters: JSON.parse(key) as Values } });
  }, [key, mutate, reset, rule.id, rule.part]);
  const set = (name: string, value: Values[string] | null) =>
    setValues(({ [name]: _gone, ...rest }) => (value === null ? rest : { ...rest, [name]: value }));
  const refused = check.error === null ? null : problemOf(check.error);
  const stricter = check.data !== undefined && refused === null && key !== '{}';
  return (
    <Modal opened onClose={close} title={`Tighten: ${rule.title}`} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          propose.mutate(
            { body: { ...wanted, from, reason: reason.trim() } },
            {
              onSuccess: () => {
                say('Proposed. Somebody else has to see what it does and approve it.');
                close();
                void navigate({ to: '/compliance', search: { view: 'tightenings' } });
              },
            },
          );
        }}
      >
        <p className="soft">{rule.sentence} A rule can be made stricter here, never looser.</p>
        {rule.tighten.map((field) => (
          <div key={field.name}>
            {field.kind === 'number' && (
              <NumberInput
                label={field.label}
                description={`Now ${field.current}`}
                allowDecimal={false}
                value={(values[field.name] as number | undefined) ?? ''}
                {...(field.min === null ? {} : { min: Number(field.min) })}
                {...(field.max === null ? {} : { max: Number(field.max) })}
                clampBehavior="none"
                onChange={(value) => set(field.name, typeof value === 'number' ? value : null)}
              />
            )}
            {field.kind === 'time' && (
              <TextInput
                type="time"
                label={field.label}
                description={`Now ${field.current}`}
                value={(values[field.name] as string | undefined) ?? ''}
                onChange={(event) =>
                  set(field.name, event.currentTarget.value === '' ? null : event.currentTarget.value)
                }
              />
            )}
            {field.kind === 'yes' && (
              <Switch
                label={field.label}
                checked={values[field.name] === true}
                onChange={(event) => set(field.name, event.currentTarget.checked ? true : null)}
              />
            )}
            {field.kind === 'channels' && (
              <Checkbox.Group
                label={field.label}
                description={`Now ${field.current}`}
                value={(values[field.name] as string[] | undefined) ?? []}
                onChange={(chosen) => set(field.name, chosen.length === 0 ? null : chosen)}
              >
                <div className="row wrap" style={{ marginTop: 5 }}>
                  {field.channels.map((channel) => (
                    <Checkbox key={channel} value={channel} label={words(channel)} />
                  ))}
                </div>
              </Checkbox.Group>
            )}
            {field.kind === 'weekdays' && (
              <Checkbox.Group
                label={field.label}
                value={((values[field.name] as number[] | undefined) ?? field.days).map(String)}
                onChange={(days) => set(field.name, days.length === field.days.length ? null : days.map(Number).sort())}
              >
                <div className="row wrap" style={{ marginTop: 5 }}>
                  {field.days.map((day) => (
                    <Checkbox key={day} value={String(day)} label={weekdays[day - 1]} />
                  ))}
                </div>
              </Checkbox.Group>
            )}
          </div>
        ))}
        {refused !== null && (
          <p className="bad" role="status">
            {refused.detail}
          </p>
        )}
        {stricter && <BeforeAfter before={check.data.before} after={check.data.after} changed="Tightened" />}
        <DateInput label="In force from" value={from} min={format.today} change={setFrom} />
        <TryOnPlan
          key={`${key} ${from}`}
          data={tried === `${key} ${from}` ? attempt.data : undefined}
          error={attempt.error}
          pending={attempt.isPending}
          disabled={!stricter}
          ask={() => {
            setTried(`${key} ${from}`);
            attempt.mutate({ body: { ...wanted, from } });
          }}
        />
        <Textarea
          label="Why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          minLength={3}
          maxLength={1000}
          autosize
          required
        />
        {propose.error !== null && <Problem error={propose.error} />}
        <div className="row">
          <Button type="submit" size="sm" loading={propose.isPending} disabled={!stricter || reason.trim().length < 3}>
            Propose
          </Button>
          <Button variant="subtle" size="sm" onClick={close}>
            Back
          </Button>
        </div>
      </form>
    </Modal>
  );
}
