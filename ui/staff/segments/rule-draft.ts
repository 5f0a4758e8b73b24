import type { Output } from '../../kit/operations.ts';

export type Field = Output<'listFactFields'>['rows'][number];
export type Segment = Output<'listSegments'>['rows'][number];

/** A condition as it is being written; `id` is the editor's own and is not sent. */
export type DraftCondition = {
  readonly id: number;
  readonly field: string;
  readonly operator: string;
  readonly value: DraftValue;
};
export type DraftValue = string | readonly string[];
export type DraftGroup = {
  readonly id: number;
  readonly combinator: 'and' | 'or';
  readonly not: boolean;
  readonly rules: readonly DraftNode[];
};
export type DraftNode = DraftCondition | DraftGroup;

let last = 0;
const fresh = () => (last += 1);

export const isDraftGroup = (node: DraftNode): node is DraftGroup => 'rules' in node;
export const emptyGroup = (rules: readonly DraftNode[] = []): DraftGroup => ({
  id: fresh(),
  combinator: 'and',
  not: false,
  rules,
});

const several = new Set(['in', 'notIn']);
const two = new Set(['between', 'notBetween']);
const none = new Set(['null', 'notNull']);
export const arity = (operator: string): 'none' | 'one' | 'two' | 'several' =>
  none.has(operator) ? 'none' : two.has(operator) ? 'two' : several.has(operator) ? 'several' : 'one';

const blankFor = (operator: string): DraftValue => ({ none: '', one: '', two: ['', ''], several: [] })[arity(operator)];

/** A condition on a field with the comparison people mostly want of its kind, and nothing to compare with yet. */
export function newCondition(field: Field): DraftCondition {
  const wanted = {
    days: '>',
    money: '>=',
    count: '>=',
    average: '>',
    date: '<',
    text: 'contains',
    choice: 'in',
    flag: '=',
  }[field.kind];
  return { id: fresh(), field: field.key, operator: wanted, value: field.kind === 'flag' ? 'true' : blankFor(wanted) };
}

/** The condition with another operator; what was compared with stays where it fits. */
export function withOperator(condition: DraftCondition, operator: string): DraftCondition {
  const before = typeof condition.value === 'string' ? [condition.value] : condition.value;
  const kept = before.filter((part) => part !== '');
  const value = {
    none: '',
    one: kept[0] ?? '',
    two: [kept[0] ?? '', kept[1] ?? ''],
    several: kept,
  }[arity(operator)];
  return { ...condition, operator, value };
}

/** The tree with one node put in another's place; `null` takes it out. */
export function replaced(group: DraftGroup, id: number, by: DraftNode | null): DraftGroup {
  return {
    ...group,
    rules: group.rules.flatMap((node): DraftNode[] => {
      if (node.id === id) return by === null ? [] : [by];
      return [isDraftGroup(node) ? replaced(node, id, by) : node];
    }),
  };
}

/** A node moved one place among its neighbours. */
export function moved(group: DraftGroup, id: number, by: -1 | 1): DraftGroup {
  const at = group.rules.findIndex((node) => node.id === id);
  if (at < 0) return { ...group, rules: group.rules.map((node) => (isDraftGroup(node) ? moved(node, id, by) : node)) };
  const [node] = group.rules.slice(at, at + 1);
  const others = group.rules.toSpliced(at, 1);
  return node === undefined ? group : { ...group, rules: others.toSpliced(at + by < 0 ? 0 : at + by, 0, node) };
}

/** Whether everything that must be filled in is. */
export const isComplete = (node: DraftNode): boolean => {
  if (isDraftGroup(node)) return node.rules.every(isComplete);
  const kind = arity(node.operator);
  if (kind === 'none') return true;
  return typeof node.value === 'string'
    ? node.value.trim() !== ''
    : node.value.length > 0 && node.value.every((part) => part.trim() !== '');
};

/** What is sent: the shape the server reads, without the editor's marks. */
export function toRule(node: DraftNode): Record<string, unknown> {
  if (isDraftGroup(node))
    return { combinator: node.combinator, ...(node.not && { not: true }), rules: node.rules.map(toRule) };
  const { field, operator, value } = node;
  return { field, operator, value: arity(operator) === 'none' ? null : value };
}

/** A kept rule back in the editor. */
export function fromRule(rule: unknown): DraftGroup {
  const read = nodeOf(rule);
  return isDraftGroup(read) ? read : emptyGroup([read]);
}

function nodeOf(input: unknown): DraftNode {
  const node = (input ?? {}) as Record<string, unknown>;
  if (Array.isArray(node.rules))
    return {
      id: fresh(),
      combinator: node.combinator === 'or' ? 'or' : 'and',
      not: node.not === true,
      rules: node.rules.map(nodeOf),
    };
  return {
    id: fresh(),
    field: String(node.field),
    operator: String(node.operator),
    value: Array.isArray(node.value)
      ? node.value.map(String)
      : node.value == null
        ? ''
        : String(node.value as string | number | boolean),
  };
}
