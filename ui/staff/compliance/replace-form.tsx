import { Button, Checkbox, Modal, NumberInput, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { BeforeAfter } from './before-after.tsx';
import type { Rule } from './rule-browser.tsx';
import { TryOnPlan } from './try-on-plan.tsx';

type Values = NonNullable<NonNullable<Input<'tryReplacement'>['body']>['parameters']>;
type Field = NonNullable<Rule['replaceable']>['values'][number];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Proposes that counsel's reading take the place of a rule: on with these values, or off, from a day on, with the written advice. */
export function ReplaceForm({ rule, close }: { readonly rule: Rule; readonly close: () => void }) {
  const format = useFormat();
  const navigate = useNavigate();
  const wasOff = rule.confidence === 'U';
  const fields = rule.replaceable?.values ?? [];
  const [mode, setMode] = useState<'on' | 'off'>('on');
  const [values, setValues] = useState<Values>({});
  const [from, setFrom] = useState(format.today > rule.effectiveFrom ? format.today : rule.effectiveFrom);
  const [reason, setReason] = useState('');
  const [file, setFile] = useState<Output<'keepEvidence'> | null>(null);
  const keep = useWrite('keepEvidence', []);
  const attempt = useWrite('tryReplacement', []);
  const propose = useWrite('proposeReplacement', ['listReplacements']);
  const wanted = { ruleId: rule.id, part: rule.part, mode, parameters: mode === 'on' ? values : {} };
  const changed = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      attempt.reset();
      set(value);
    };
  };
  const set = (name: string, value: Values[string] | null) =>
    changed(setValues)(
      value === null
        ? Object.fromEntries(Object.entries(values).filter(([key]) => key !== name))
        : { ...values, [name]: value },
    );
  const something = mode === 'off' || wasOff || Object.keys(values).length > 0;
  return (
    <Modal opened onClose={close} title={`Replace: ${rule.title}`} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (file === null) return;
          propose.mutate(
            { body: { ...wanted, from, reason: reason.trim(), evidenceId: file.id } },
            {
              onSuccess: () => {
                say('Proposed. Somebody else has to read the advice and approve it.');
                close();
                void navigate({ to: '/compliance', search: { view: 'replacements' } });
              },
            },
          );
        }}
      >
        <p className="soft">
          {rule.sentence}{' '}
          {wasOff
            ? 'This rule is listed because nobody has verified it, and binds nothing until you turn it on.'
            : 'This rule is taken from a secondary source; what your counsel says can take its place.'}
        </p>
        {!wasOff && (
          <SegmentedControl
            size="xs"
            aria-label="What becomes of the rule"
            value={mode}
            onChange={(value) => changed(setMode)(value as typeof mode)}
            data={[
              ...(fields.length > 0 ? [{ value: 'on', label: 'Other values' }] : []),
              { value: 'off', label: 'Turn it off' },
            ]}
            w="fit-content"
          />
        )}
        {mode === 'on' && fields.map((field) => <Value key={field.name} field={field} values={values} set={set} />)}
        {mode === 'on' && fields.length === 0 && (
          <p className="muted">It has no value to set: it is turned on as it stands.</p>
        )}
        <DateInput label="From" value={from} min={format.today} change={changed(setFrom)} />
        {attempt.data !== undefined && (
          <BeforeAfter
            before={attempt.data.inWords.before}
            after={attempt.data.inWords.after}
            changed={mode === 'on' ? 'Replaced' : 'Turned off'}
          />
        )}
        <TryOnPlan
          data={attempt.data}
          error={attempt.error}
          pending={attempt.isPending}
          disabled={!something}
          ask={() => attempt.mutate({ body: { ...wanted, from } })}
        />
        <div>
          <p className="strong">What counsel wrote</p>
          <p className="muted">
            {file === null
              ? 'A PDF, a picture or plain text, up to 10 MB. It is kept byte for byte with its digest.'
              : `${file.fileName}, SHA-256 ${file.sha256.slice(0, 16)}…`}
          </p>
          <span className="file-pick" style={{ display: 'inline-block', marginTop: 6 }}>
            <Button variant="default" size="xs" component="span" loading={keep.isPending}>
              {file === null ? 'Choose the file' : 'Choose another file'}
            </Button>
            <input
              type="file"
              aria-label="File with the written advice"
              accept=".pdf,.png,.jpg,.jpeg,.txt,application/pdf,image/png,image/jpeg,text/plain"
              disabled={keep.isPending}
              onChange={(event) => {
                const picked = event.currentTarget.files?.[0];
                event.currentTarget.value = '';
                if (picked === undefined) return;
                const form = new FormData();
                form.set('file', picked);
                keep.mutate({ form }, { onSuccess: setFile });
              }}
            />
          </span>
          {keep.error !== null && <Problem error={keep.error} />}
        </div>
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
          <Button
            type="submit"
            size="sm"
            loading={propose.isPending}
            disabled={!something || file === null || reason.trim().length < 3}
          >
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

function Value({
  field,
  values,
  set,
}: {
  readonly field: Field;
  readonly values: Values;
  readonly set: (name: string, value: Values[string] | null) => void;
}) {
  const value = values[field.name];
  switch (field.kind) {
    case 'number':
      return (
        <NumberInput
          label={field.label}
          description={`As shipped: ${field.current}`}
          allowDecimal={false}
          min={0}
          value={typeof value === 'number' ? value : ''}
          onChange={(given) => set(field.name, typeof given === 'number' ? given : null)}
        />
      );
    case 'time':
      return (
        <TextInput
          type="time"
          label={field.label}
          description={`As shipped: ${field.current}`}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => set(field.name, event.currentTarget.value === '' ? null : event.currentTarget.value)}
        />
      );
    case 'yes':
      return (
        <Switch
          label={field.label}
          checked={typeof value === 'boolean' ? value : field.current === 'yes'}
          onChange={(event) => set(field.name, event.currentTarget.checked)}
        />
      );
    case 'weekdays':
      return (
        <Checkbox.Group
          label={field.label}
          value={(Array.isArray(value) ? value : field.days).map(String)}
          onChange={(days) => set(field.name, days.map(Number).sort())}
        >
          <div className="row wrap" style={{ marginTop: 5 }}>
            {weekdays.map((label, i) => (
              <Checkbox key={label} value={String(i + 1)} label={label} />
            ))}
          </div>
        </Checkbox.Group>
      );
  }
}
