import { Button, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import { addDays } from '../../kit/format.ts';
import type { Input, Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';

type Strategies = Output<'listSimulations'>['strategies'];
type Body = Input<'startSimulation'>['body'];

const usualTable = [
  { fromDay: -30, perDay: [0.004] },
  { fromDay: 1, perDay: [0.012, 0.018, 0.022] },
  { fromDay: 31, perDay: [0.006, 0.01, 0.013] },
  { fromDay: 91, perDay: [0.002, 0.003] },
];

/** What is to be simulated, over which days, and what is taken for granted. */
export function StartForm({
  strategies,
  started,
}: {
  readonly strategies: Strategies;
  readonly started: (id: string) => void;
}) {
  const format = useFormat();
  const [title, setTitle] = useState('');
  const [from, setFrom] = useState(addDays(format.today, 1));
  const [days, setDays] = useState<number | string>(30);
  const [strategy, setStrategy] = useState('');
  const [compare, setCompare] = useState('');
  const [behaviour, setBehaviour] = useState('none');
  const [table, setTable] = useState(JSON.stringify(usualTable, null, 1));
  const [tasks, setTasks] = useState('worked');
  const [costs, setCosts] = useState({ email: 0.01, call_task: 4, escalation: 10 });
  const [calls, setCalls] = useState<number | string>('');
  const [seed, setSeed] = useState('dunwell');
  const [fault, setFault] = useState<string | null>(null);
  const start = useWrite('startSimulation', ['listSimulations']);
  const choices = strategies.flatMap(({ name, versions }) =>
    versions.map((version) => ({ value: `${name}@${version}`, label: `${name} v${version}` })),
  );
  const submit = () => {
    const rows = behaviour === 'table' ? read(table) : null;
    if (behaviour === 'table' && rows === null) {
      setFault('This is not a table in JSON. Each row is {"fromDay": …, "perDay": […]}.');
      return;
    }
    setFault(null);
    const body: Body = {
      title: title.trim() === '' ? (strategy === '' ? 'Today’s treatment' : strategy.replace('@', ' v')) : title,
      from,
      days: Number(days),
      strategy: versionOf(strategy),
      compare: versionOf(compare),
      assumptions: {
        behaviour: behaviour === 'table' ? { rows } : behaviour,
        tasks,
        costs,
        callsPerDay: calls === '' ? null : Number(calls),
      },
      seed,
    };
    start.mutate({ body }, { onSuccess: (made) => started(made.id) });
  };
  const cost = (name: keyof typeof costs, label: string) => (
    <NumberInput
      label={label}
      value={costs[name]}
      min={0}
      decimalScale={4}
      onChange={(value) => setCosts({ ...costs, [name]: Number(value) })}
    />
  );
  return (
    <form
      className="stack simulation-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Section title="New simulation">
        <div className="simulation-fields">
          <TextInput
            label="Name"
            value={title}
            maxLength={120}
            placeholder="What you want to find out"
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <NativeSelect
            label="Treatment to try"
            value={strategy}
            onChange={(event) => setStrategy(event.currentTarget.value)}
            data={[{ value: '', label: 'Today’s treatment, unchanged' }, ...choices]}
          />
          <NativeSelect
            label="Compare with"
            description="Today’s treatment is always shown beside."
            value={compare}
            onChange={(event) => setCompare(event.currentTarget.value)}
            data={[{ value: '', label: 'Nothing else' }, ...choices]}
          />
          <DateInput
            label="First day"
            description="A past day replays what came since, with the money that came."
            value={from}
            change={setFrom}
          />
          <NumberInput label="Days" value={days} min={1} max={365} allowDecimal={false} onChange={setDays} required />
        </div>
      </Section>
      <Section title="What is taken for granted">
        <div className="simulation-fields">
          <NativeSelect
            label="How people pay"
            value={behaviour}
            onChange={(event) => setBehaviour(event.currentTarget.value)}
            data={[
              { value: 'none', label: 'Nobody pays: the most contact there can be' },
              { value: 'fitted', label: 'As in the past year' },
              { value: 'table', label: 'By a table of chances' },
            ]}
          />
          <NativeSelect
            label="Tasks"
            value={tasks}
            onChange={(event) => setTasks(event.currentTarget.value)}
            data={[
              { value: 'worked', label: 'Called on their day, nobody reached' },
              { value: 'left', label: 'Left undone' },
            ]}
          />
          <NumberInput
            label="Calls a day"
            description="What all collectors together do; empty: not looked at."
            value={calls}
            min={1}
            allowDecimal={false}
            onChange={setCalls}
          />
          {cost('email', 'Cost of an e-mail')}
          {cost('call_task', 'Cost of a call task')}
          {cost('escalation', 'Cost of an escalation')}
          <TextInput
            label="Seed"
            description="The same seed draws the same payments."
            value={seed}
            maxLength={80}
            required
            onChange={(event) => setSeed(event.currentTarget.value)}
          />
        </div>
        {behaviour === 'table' && (
          <Textarea
            label="Chance that an open item is paid on one day"
            description="By days past due, and for no contact about it so far, one, two and so on."
            value={table}
            autosize
            minRows={4}
            spellCheck={false}
            classNames={{ input: 'num' }}
            error={fault}
            onChange={(event) => setTable(event.currentTarget.value)}
          />
        )}
      </Section>
      {start.error !== null && <Problem error={start.error} />}
      <div>
        <Button type="submit" loading={start.isPending}>
          Start
        </Button>
      </div>
    </form>
  );
}

function read(text: string): unknown {
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) ? rows : null;
  } catch {
    return null;
  }
}

function versionOf(named: string): { name: string; version: number } | null {
  const [, name, version] = /^(.*)@(\d+)$/.exec(named) ?? [];
  return name === undefined ? null : { name, version: Number(version) };
}
