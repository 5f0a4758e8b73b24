import { useState } from 'react';
import {
  type DraftGroup,
  emptyGroup,
  type Field,
  fromRule,
  moved,
  newCondition,
  replaced,
  toRule,
} from '../segments/rule-draft.ts';
import { GroupEditor } from '../segments/rule-editor.tsx';

type When = Record<string, unknown>;
const same = (group: DraftGroup, when: When) =>
  JSON.stringify(toRule(group)) === JSON.stringify(toRule(fromRule(when)));

/** The condition of a step, with the same builder that segments are written with. */
export function Condition({
  when,
  fields,
  faults,
  change,
}: {
  readonly when: When;
  readonly fields: readonly Field[];
  /** By path within the condition. */
  readonly faults: Readonly<Record<string, string>>;
  readonly change: (when: When) => void;
}) {
  const [kept, setGroup] = useState(() => fromRule(when));
  // What was undone, or written elsewhere, is opened anew.
  const group = same(kept, when) ? kept : fromRule(when);
  if (group !== kept) setGroup(group);
  const set = (next: DraftGroup) => {
    setGroup(next);
    change(toRule(next));
  };
  return (
    <GroupEditor
      root
      group={group}
      path=""
      place=""
      fields={fields}
      faults={faults}
      edits={{
        put: (id, by) => set(id === group.id ? (by as DraftGroup) : replaced(group, id, by)),
        move: (id, by) => set(moved(group, id, by)),
      }}
    />
  );
}

/** What a new condition begins as: on the amount, which is what treatments mostly depend on. */
export function firstCondition(fields: readonly Field[]): When {
  const usual = fields.find((field) => field.key === 'balance') ?? fields[0];
  return toRule(emptyGroup(usual === undefined ? [] : [{ ...newCondition(usual), value: '100' }]));
}
