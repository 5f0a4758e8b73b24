import { ActionIcon, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Tag } from '../../kit/states.tsx';
import type { Field } from '../segments/rule-draft.ts';
import { Condition, firstCondition } from './condition.tsx';
import type { DraftReaction, DraftStep } from './definition-draft.ts';
import { actionWords, capital, dayWords, eventChoices, levelWords } from './treatment-words.ts';

export type Fault = Output<'checkStrategy'>['faults'][number];
type Entry = DraftStep | DraftReaction;
export type Change = Partial<
  Pick<DraftStep, 'title' | 'action' | 'level' | 'when' | 'day' | 'holdDays' | 'approval'> &
    Pick<DraftReaction, 'on' | 'afterDays'>
>;

const isStep = (entry: Entry): entry is DraftStep => 'day' in entry && !('on' in entry);
const actionData = Object.entries(actionWords).map(([value, { label }]) => ({ value, label }));
const levelData = levelWords.map((label, level) => ({ value: String(level), label }));

/** One step or reaction: a line that opens into its form. What stands against it is said where it stands. */
export function EntryCard({
  entry,
  words,
  faults,
  fields,
  open,
  disabled,
  toggle,
  change,
  settle,
  remove,
}: {
  readonly entry: Entry;
  /** The sentence the server made of it; undefined while it cannot. */
  readonly words: string | undefined;
  /** With paths inside the entry. */
  readonly faults: readonly Fault[];
  readonly fields: readonly Field[];
  readonly open: boolean;
  readonly disabled: boolean;
  readonly toggle: () => void;
  /** `name` joins a row of edits into one step back. */
  readonly change: (change: Change, name?: string) => void;
  readonly settle: () => void;
  readonly remove: () => void;
}) {
  const refused = faults.filter(({ effect }) => effect === 'refuse').length;
  const when = isStep(entry)
    ? capital(dayWords(entry.day))
    : `${eventChoices.find(({ value }) => value === entry.on)?.label ?? entry.on}${entry.afterDays > 0 ? `, ${entry.afterDays} days later` : ''}`;
  const name = entry.title.trim() === '' ? 'Untitled' : entry.title;
  const condition = words?.match(/, for (accounts where .*)\.$/)?.[1];
  return (
    <li
      className="entry"
      data-open={open}
      data-action={entry.action}
      data-faulty={refused > 0}
      id={`entry-${entry.id}`}
    >
      <div className="entry-head">
        <button type="button" className="entry-line" aria-expanded={open} onClick={toggle}>
          <span className="entry-when num">{isStep(entry) ? shortDay(entry.day) : <Icon name="in" size={14} />}</span>
          <span className="entry-mark" aria-hidden="true">
            <Icon name={actionWords[entry.action]?.icon ?? 'more'} size={14} />
          </span>
          <span className="entry-title">
            <span className="strong">{name}</span>
            <span className="soft">
              <span className="visually-hidden">{when}: </span>
              {isStep(entry) ? '' : `${when} · `}
              {actionWords[entry.action]?.label ?? entry.action}
              {entry.action === 'email' && ` · notice ${entry.level}`}
              {entry.holdDays !== undefined && `: ${entry.holdDays} days`}
              {entry.approval === true && ' · needs approval'}
            </span>
            {condition !== undefined && <span className="entry-condition">{capital(condition)}</span>}
            {entry.when !== undefined && condition === undefined && (
              <span className="entry-condition">Only for some accounts</span>
            )}
          </span>
          {faults.length > 0 && <Tag tone={refused > 0 ? 'bad' : 'warn'}>{refused > 0 ? 'Mend' : 'Advice'}</Tag>}
        </button>
        {!disabled && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={remove}>
            <Icon name="close" size={14} />
          </ActionIcon>
        )}
      </div>
      {open && (
        <div className="entry-form">
          <Form
            entry={entry}
            name={name}
            faults={faults}
            fields={fields}
            disabled={disabled}
            change={change}
            settle={settle}
          />
        </div>
      )}
      {faults.length > 0 && (
        <ul className="entry-faults" aria-label={`What stands against ${name}`}>
          {faults.map((fault) => (
            <li key={fault.path + fault.sentence} data-effect={fault.effect}>
              {fault.sentence} <span className="soft">{fault.remedy}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

const shortDay = (day: number): string => (day === 0 ? '0' : day > 0 ? `+${day}` : `−${-day}`);

function Form({
  entry,
  name,
  faults,
  fields,
  disabled,
  change,
  settle,
}: {
  readonly entry: Entry;
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly fields: readonly Field[];
  readonly disabled: boolean;
  readonly change: (change: Change, name?: string) => void;
  readonly settle: () => void;
}) {
  const wrong = (field: string) => faults.some(({ path, effect }) => effect === 'refuse' && path === field);
  const whens = Object.fromEntries(
    faults.flatMap(({ path, sentence }) =>
      path.startsWith('when.') ? [[path.slice('when.'.length), sentence.replace(/^.*?cannot be read: /, '')]] : [],
    ),
  );
  return (
    <>
      <TextInput
        size="xs"
        label="Title"
        value={entry.title}
        maxLength={80}
        disabled={disabled}
        error={wrong('title')}
        onBlur={settle}
        onChange={(event) => change({ title: event.currentTarget.value }, `title ${entry.id}`)}
      />
      <div className="entry-row" data-parts={(isStep(entry) ? 3 : 4) + (entry.action === 'hold' ? 1 : 0)}>
        {isStep(entry) ? (
          <NumberInput
            size="xs"
            label="Day past due"
            value={entry.day}
            min={-60}
            max={3650}
            allowDecimal={false}
            disabled={disabled}
            error={wrong('day')}
            onBlur={settle}
            onChange={(day) => typeof day === 'number' && change({ day }, `day ${entry.id}`)}
          />
        ) : (
          <>
            <Select
              size="xs"
              label="When"
              value={entry.on}
              data={eventChoices}
              allowDeselect={false}
              disabled={disabled}
              error={wrong('on')}
              onChange={(on) => on !== null && change({ on })}
            />
            <NumberInput
              size="xs"
              label="Days to wait"
              value={entry.afterDays}
              min={0}
              max={365}
              allowDecimal={false}
              disabled={disabled}
              error={wrong('afterDays')}
              onBlur={settle}
              onChange={(afterDays) => typeof afterDays === 'number' && change({ afterDays }, `wait ${entry.id}`)}
            />
          </>
        )}
        <Select
          size="xs"
          label="What happens"
          value={entry.action}
          data={actionData}
          allowDeselect={false}
          disabled={disabled}
          error={wrong('action')}
          onChange={(action) => action !== null && change({ action, holdDays: action === 'hold' ? 14 : undefined })}
        />
        {entry.action === 'hold' && (
          <NumberInput
            size="xs"
            label="Days it lasts"
            value={entry.holdDays ?? ''}
            min={1}
            max={365}
            allowDecimal={false}
            disabled={disabled}
            error={wrong('holdDays')}
            onBlur={settle}
            onChange={(holdDays) => typeof holdDays === 'number' && change({ holdDays }, `hold ${entry.id}`)}
          />
        )}
        <Select
          size="xs"
          label="How firm"
          value={String(entry.level)}
          data={levelData}
          allowDeselect={false}
          disabled={disabled}
          error={wrong('level')}
          onChange={(level) => level !== null && change({ level: Number(level) })}
        />
      </div>
      <Switch
        size="xs"
        label="Waits for a second person"
        aria-label={`${name} waits for a second person`}
        checked={entry.approval === true}
        disabled={disabled}
        onChange={(event) => change({ approval: event.currentTarget.checked ? true : undefined })}
      />
      <Switch
        size="xs"
        label="Only for some accounts"
        aria-label={`${name} only for some accounts`}
        checked={entry.when !== undefined}
        disabled={disabled}
        onChange={(event) => change({ when: event.currentTarget.checked ? firstCondition(fields) : undefined })}
      />
      {entry.when !== undefined && (
        <Condition
          when={entry.when}
          fields={fields}
          faults={whens}
          change={(when) => !disabled && change({ when }, `when ${entry.id}`)}
        />
      )}
    </>
  );
}
