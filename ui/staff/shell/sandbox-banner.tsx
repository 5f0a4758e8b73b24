import { Button, Modal, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { addDays } from '../../kit/format.ts';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat, useTenant } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from './session.tsx';

/** Always in sight in a sandbox: which day it is, that nothing leaves, and the way to another day. */
export function SandboxBanner() {
  const tenant = useTenant();
  const format = useFormat();
  const may = useMay();
  const [open, setOpen] = useState(false);
  return (
    <div className="sandbox no-print" role="region" aria-label="Sandbox clock">
      <span className="word">Sandbox</span>
      <span className="clock">{format.instant(tenant.at)}</span>
      <span className="hint soft">Nothing leaves this machine; every message is kept in the outbox.</span>
      {may('clock.move') && (
        <button type="button" onClick={() => setOpen(true)}>
          Move clock
        </button>
      )}
      {open && <MoveClock close={() => setOpen(false)} />}
    </div>
  );
}

function MoveClock({ close }: { readonly close: () => void }) {
  const format = useFormat();
  const [to, setTo] = useState(addDays(format.today, 1));
  const [run, setRun] = useState(true);
  const move = useWrite('moveClock');
  const days = Math.max(0, Math.round((Date.parse(to) - Date.parse(format.today)) / 86_400_000));
  const submit = () =>
    move.mutate(
      { body: { to, run } },
      {
        onSuccess: (moved) => {
          const counts = Object.entries(moved.counts).filter(([, value]) => value > 0);
          say(
            `${format.count(moved.days)} ${moved.days === 1 ? 'day' : 'days'} passed. ${counts.map(([name, value]) => `${words(name)}: ${format.count(value)}`).join(', ') || 'Nothing was due.'}`,
          );
          close();
        },
      },
    );
  return (
    <Modal opened onClose={close} title="Move the sandbox clock">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p className="soft">
          Every day in between is lived through: promises are judged and what is due is sent to the outbox. The clock
          never goes back.
        </p>
        <div className="chips">
          {[1, 7, 14, 30].map((step) => (
            <button
              key={step}
              type="button"
              className="chip"
              aria-pressed={to === addDays(format.today, step)}
              onClick={() => setTo(addDays(format.today, step))}
            >
              {step === 1 ? 'Next day' : `${step} days`}
            </button>
          ))}
        </div>
        <TextInput
          type="date"
          label="To"
          value={to}
          min={addDays(format.today, 1)}
          onChange={(event) => setTo(event.currentTarget.value)}
          data-autofocus
          required
        />
        <Switch
          label="Run the strategy on each day"
          checked={run}
          onChange={(event) => setRun(event.currentTarget.checked)}
        />
        {move.error !== null && <Problem error={move.error} />}
        <div className="row">
          <Button type="submit" size="sm" loading={move.isPending} disabled={days < 1}>
            Move {days} {days === 1 ? 'day' : 'days'}
          </Button>
          <Button variant="subtle" size="sm" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
