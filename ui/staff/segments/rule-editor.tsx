import { ActionIcon, Button, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { DateInput } from '../../kit/fields.tsx';
import { groupBy } from '../../kit/group-by.ts';
import { Icon } from '../../kit/icons.tsx';
import {
  arity,
  type DraftCondition,
  type DraftGroup,
  type DraftNode,
  type DraftValue,
  emptyGroup,
  type Field,
  isDraftGroup,
  newCondition,
  withOperator,
} from './rule-draft.ts';

/** What the tree may do to itself. */
export type RuleEdits = {
  readonly put: (id: number, by: DraftNode | null) => void;
  readonly move: (id: number, by: -1 | 1) => void;
};

/** A group of conditions: all of them, any of them, or not so; groups nest. `faults` by path, as the server names them. */
export function GroupEditor({
  group,
  path,
  fields,
  faults,
  edits,
  place,
  root = false,
}: {
  readonly group: DraftGroup;
  readonly path: string;
  readonly fields: readonly Field[];
  readonly faults: Readonly<Record<string, string>>;
  readonly edits: RuleEdits;
  /** How a screen reader tells this group from others, such as "2.1". */
  readonly place: string;
  readonly root?: boolean;
}) {
  const add = (node: DraftNode) => edits.put(group.id, { ...group, rules: [...group.rules, node] });
  const usual = fields.find((field) => field.key === 'days_past_due') ?? fields[0];
  const fault = faults[path];
  return (
    <div className="rule-group" role="group" aria-label={root ? 'The rule' : `Group ${place}`}>
      <div className="rule-head">
        <Select
          size="xs"
          aria-label={root ? 'Which conditions must be so' : `Which conditions of group ${place} must be so`}
          value={`${group.not ? 'not ' : ''}${group.combinator}`}
          allowDeselect={false}
          data={[
            { value: 'and', label: 'All of these are so' },
            { value: 'or', label: 'Any of these is so' },
            { value: 'not and', label: 'Not all of these are so' },
            { value: 'not or', label: 'None of these is so' },
          ]}
          onChange={(value) =>
            edits.put(group.id, {
              ...group,
              combinator: value?.endsWith('or') === true ? 'or' : 'and',
              not: value?.startsWith('not') === true,
            })
          }
        />
        {!root && <NodeTools name={`group ${place}`} id={group.id} edits={edits} />}
      </div>
      {fault !== undefined && <p className="rule-fault">{fault}</p>}
      {group.rules.length === 0 && <p className="soft rule-none">No condition yet: this lets every account through.</p>}
      <ol className="rule-list">
        {group.rules.map((node, at) => {
          const here = `${path === '' ? '' : `${path}.`}rules.${at}`;
          const mark = root ? String(at + 1) : `${place}.${at + 1}`;
          return (
            <li key={node.id}>
              {isDraftGroup(node) ? (
                <GroupEditor group={node} path={here} fields={fields} faults={faults} edits={edits} place={mark} />
              ) : (
                <ConditionEditor condition={node} fields={fields} fault={faults[here]} edits={edits} place={mark} />
              )}
            </li>
          );
        })}
      </ol>
      <div className="row">
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          disabled={usual === undefined}
          onClick={() => usual !== undefined && add(newCondition(usual))}
        >
          Condition
        </Button>
        {place.split('.').length < 5 && (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<Icon name="branch" size={12} />}
            onClick={() => add(emptyGroup(usual === undefined ? [] : [newCondition(usual)]))}
          >
            Group
          </Button>
        )}
      </div>
    </div>
  );
}

function NodeTools({ name, id, edits }: { readonly name: string; readonly id: number; readonly edits: RuleEdits }) {
  return (
    <div className="rule-tools">
      <ActionIcon variant="subtle" color="gray" aria-label={`Move ${name} up`} onClick={() => edits.move(id, -1)}>
        <Icon name="up" size={14} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={`Move ${name} down`} onClick={() => edits.move(id, 1)}>
        <Icon name="down" size={14} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={() => edits.put(id, null)}>
        <Icon name="close" size={14} />
      </ActionIcon>
    </div>
  );
}

function ConditionEditor({
  condition,
  fields,
  fault,
  edits,
  place,
}: {
  readonly condition: DraftCondition;
  readonly fields: readonly Field[];
  readonly fault: string | undefined;
  readonly edits: RuleEdits;
  readonly place: string;
}) {
  const field = fields.find((one) => one.key === condition.field);
  const groups = [...groupBy(fields, (one) => one.group)].map(([group, items]) => ({
    group,
    items: items.map((one) => ({ value: one.key, label: one.label })),
  }));
  const set = (change: Partial<DraftCondition>) => edits.put(condition.id, { ...condition, ...change });
  return (
    <div className="rule-condition" role="group" aria-label={`Condition ${place}`}>
      <Select
        size="xs"
        aria-label={`Field of condition ${place}`}
        searchable
        value={condition.field}
        allowDeselect={false}
        data={groups}
        onChange={(key) => {
          const chosen = fields.find((one) => one.key === key);
          if (chosen !== undefined && chosen.key !== condition.field)
            edits.put(condition.id, { ...newCondition(chosen), id: condition.id });
        }}
      />
      {field?.kind === 'flag' ? (
        <Select
          size="xs"
          aria-label={`Comparison of condition ${place}`}
          value={String(condition.value)}
          allowDeselect={false}
          data={[
            { value: 'true', label: 'is so' },
            { value: 'false', label: 'is not so' },
          ]}
          onChange={(value) => set({ value: value ?? 'true' })}
        />
      ) : (
        <Select
          size="xs"
          aria-label={`Comparison of condition ${place}`}
          value={condition.operator}
          allowDeselect={false}
          data={field?.operators ?? []}
          onChange={(operator) => operator !== null && edits.put(condition.id, withOperator(condition, operator))}
        />
      )}
      <div className="rule-value">
        {field !== undefined && field.kind !== 'flag' && (
          <ValueEditor field={field} condition={condition} set={(value) => set({ value })} place={place} />
        )}
      </div>
      <NodeTools name={`condition ${place}`} id={condition.id} edits={edits} />
      {field !== undefined && <p className="rule-help">{field.help}</p>}
      {fault !== undefined && (
        <p className="rule-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

function ValueEditor({
  field,
  condition,
  set,
  place,
}: {
  readonly field: Field;
  readonly condition: DraftCondition;
  readonly set: (value: DraftValue) => void;
  readonly place: string;
}) {
  const { operator, value } = condition;
  const name = `Value of condition ${place}`;
  const list = typeof value === 'string' ? [] : [...value];
  switch (arity(operator)) {
    case 'none':
      return null;
    case 'several':
      return field.choices === null ? (
        <TagsInput size="xs" aria-label={name} value={list} placeholder="Enter after each" onChange={set} />
      ) : (
        <MultiSelect size="xs" aria-label={name} searchable value={list} data={field.choices} onChange={set} />
      );
    case 'two': {
      const [from = '', to = ''] = list;
      return (
        <>
          <One field={field} name={`${name}, from`} value={from} set={(one) => set([one, to])} />
          <span className="muted">and</span>
          <One field={field} name={`${name}, to`} value={to} set={(one) => set([from, one])} />
        </>
      );
    }
    case 'one':
      return <One field={field} name={name} value={typeof value === 'string' ? value : ''} set={set} />;
  }
}

function One({
  field,
  name,
  value,
  set,
}: {
  readonly field: Field;
  readonly name: string;
  readonly value: string;
  readonly set: (value: string) => void;
}) {
  if (field.choices !== null)
    return (
      <Select
        size="xs"
        aria-label={name}
        searchable
        value={value === '' ? null : value}
        data={field.choices}
        onChange={(chosen) => set(chosen ?? '')}
      />
    );
  if (field.kind === 'date')
    return <DateInput size="xs" label="" aria={name} value={value} change={set} required={false} />;
  const number = field.kind !== 'text';
  return (
    <TextInput
      size="xs"
      aria-label={name}
      value={value}
      inputMode={number ? 'decimal' : 'text'}
      autoComplete="off"
      maxLength={200}
      onChange={(event) => set(event.currentTarget.value)}
      classNames={number ? { input: 'num' } : {}}
      rightSection={field.unit === null ? undefined : <span className="rule-unit">{field.unit}</span>}
      rightSectionWidth={field.unit === null ? 0 : 68}
    />
  );
}
