import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount } from '../../kit/amount.tsx';
import { Icon } from '../../kit/icons.tsx';
import { Section } from '../../kit/page.tsx';
import { ProblemError } from '../../kit/problem.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import {
  type DraftGroup,
  emptyGroup,
  type Field,
  fromRule,
  isComplete,
  moved,
  newCondition,
  replaced,
  type Segment,
  toRule,
} from './rule-draft.ts';
import { GroupEditor } from './rule-editor.tsx';

/** A rule as it is being written, with what it says and whom it matches a moment after each change. */
export function SegmentEditor({
  segment,
  fields,
  done,
}: {
  readonly segment: Segment | undefined;
  readonly fields: readonly Field[];
  readonly done: (id: string | undefined) => void;
}) {
  const [name, setName] = useState(segment?.name ?? '');
  const [description, setDescription] = useState(segment?.description ?? '');
  const [history, setHistory] = useState<readonly DraftGroup[]>(() => [
    segment === undefined ? firstRule(fields) : fromRule(segment.rule),
  ]);
  const [archiving, setArchiving] = useState(false);
  const draft = history.at(-1) ?? emptyGroup();
  const set = (next: DraftGroup) => setHistory([...history.slice(-49), next]);
  const undo = () => history.length > 1 && setHistory(history.slice(0, -1));

  const create = useWrite('createSegment');
  const change = useWrite('changeSegment');
  const archive = useWrite('archiveSegment');
  const [settled] = useDebouncedValue(draft, 250);
  const ready = isComplete(settled);
  const tried = useRead('tryRule', { body: { rule: toRule(settled) } }, { keep: true, enabled: ready });
  const faults = tried.error instanceof ProblemError ? tried.error.fields : {};
  const refused = tried.error instanceof ProblemError && tried.error.code === 'malformed_rule';
  const rule = toRule(draft);
  const unchanged =
    segment !== undefined &&
    segment.name === name &&
    segment.description === description &&
    JSON.stringify(toRule(fromRule(segment.rule))) === JSON.stringify(rule);
  const save = () => {
    const body = { name, description, rule };
    if (segment === undefined)
      create.mutate({ body }, { onSuccess: (made) => (say(`“${made.name}” is kept.`), done(made.id)) });
    else
      change.mutate(
        { params: { segmentId: segment.id }, ifMatch: segment.rowVersion, body },
        { onSuccess: (made) => (say(`“${made.name}” is changed.`), done(made.id)) },
      );
  };
  const problem = create.error ?? change.error;
  return (
    <form
      className="segment-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key !== 'z' || event.target instanceof HTMLTextAreaElement)
          return;
        // A text being typed has its own undo.
        if (event.target instanceof HTMLInputElement && event.target.value !== '') return;
        event.preventDefault();
        undo();
      }}
    >
      <div className="stack segment-rule">
        <TextInput
          label="Name"
          value={name}
          maxLength={80}
          required
          error={problem instanceof ProblemError && problem.code === 'name_taken' ? problem.message : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="What it is for"
          value={description}
          maxLength={500}
          autosize
          minRows={1}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <GroupEditor
          root
          group={draft}
          path=""
          place=""
          fields={fields}
          faults={ready ? faults : {}}
          edits={{
            put: (id, by) => set(id === draft.id ? (by as DraftGroup) : replaced(draft, id, by)),
            move: (id, by) => set(moved(draft, id, by)),
          }}
        />
        {problem !== null && !(problem.code === 'name_taken') && <Problem error={problem} />}
        <div className="row wrap">
          <Button
            type="submit"
            size="sm"
            loading={create.isPending || change.isPending}
            disabled={name.trim() === '' || !isComplete(draft) || refused || unchanged}
          >
            {segment === undefined ? 'Keep this segment' : 'Save the change'}
          </Button>
          <Button
            size="sm"
            variant="default"
            leftSection={<Icon name="undo" size={14} />}
            disabled={history.length < 2}
            onClick={undo}
          >
            Undo
          </Button>
          {segment !== undefined && (
            <Button size="sm" variant="subtle" color="red" onClick={() => setArchiving(true)}>
              Archive
            </Button>
          )}
          {unchanged && <span className="muted">Revision {segment.revision}, as it is kept.</span>}
        </div>
      </div>
      <Tried
        answer={ready ? tried.data : undefined}
        ready={ready}
        pending={ready && tried.isPending}
        stale={tried.isFetching}
      >
        {tried.error !== null && !refused && <Problem error={tried.error} retry={() => void tried.refetch()} />}
      </Tried>
      {segment !== undefined && (
        <Modal opened={archiving} onClose={() => setArchiving(false)} title={`Archive “${segment.name}”?`}>
          <div className="stack">
            <p>
              It leaves this list, and its name is free again. What was published with it keeps the revision it was
              published with.
            </p>
            {archive.error !== null && <Problem error={archive.error} />}
            <div className="row">
              <Button
                size="sm"
                color="red"
                loading={archive.isPending}
                onClick={() =>
                  archive.mutate(
                    { params: { segmentId: segment.id }, ifMatch: segment.rowVersion },
                    { onSuccess: () => (say(`“${segment.name}” is archived.`), done(undefined)) },
                  )
                }
              >
                Archive it
              </Button>
              <Button size="sm" variant="default" onClick={() => setArchiving(false)}>
                Keep it
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </form>
  );
}

function firstRule(fields: readonly Field[]): DraftGroup {
  const usual = fields.find((field) => field.key === 'days_past_due');
  return emptyGroup(usual === undefined ? [] : [{ ...newCondition(usual), value: '30' }]);
}

type Answer = {
  readonly words: string;
  readonly count: number;
  readonly sample: readonly {
    accountId: string;
    number: string;
    party: string;
    balanceMinor: string;
    currency: string;
    oldestDueOn: string | null;
  }[];
};

function Tried({
  answer,
  ready,
  pending,
  stale,
  children,
}: {
  readonly answer: Answer | undefined;
  readonly ready: boolean;
  readonly pending: boolean;
  readonly stale: boolean;
  readonly children: React.ReactNode;
}) {
  const format = useFormat();
  return (
    <div className="segment-side">
      <Section title="Who it matches now">
        {!ready && <p className="soft">Fill in every condition; the rule is tried as you write it.</p>}
        {pending && <SkeletonLines rows={4} />}
        {children}
        {answer !== undefined && (
          <div aria-live="polite" aria-busy={stale} className="segment-tried">
            <p className="segment-count">
              <span className="num">{format.count(answer.count)}</span> {answer.count === 1 ? 'account' : 'accounts'}
            </p>
            <p className="soft">
              {answer.words.charAt(0).toUpperCase()}
              {answer.words.slice(1)}.
            </p>
            {answer.sample.length > 0 && (
              <table className="table segment-sample">
                <caption className="muted">Those that owe most</caption>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col" className="num">
                      Oldest due
                    </th>
                    <th scope="col" className="num">
                      Open
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {answer.sample.map((row) => (
                    <tr key={row.accountId}>
                      <td>
                        <Link to="/accounts/$accountId" params={{ accountId: row.accountId }}>
                          {row.party}
                        </Link>{' '}
                        <span className="muted">{row.number}</span>
                      </td>
                      <td className="num">{row.oldestDueOn === null ? '–' : format.day(row.oldestDueOn)}</td>
                      <td className="num">
                        <Amount value={{ amountMinor: row.balanceMinor, currency: row.currency }} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {answer.count === 0 && <p className="soft">Nobody, at the moment.</p>}
          </div>
        )}
      </Section>
    </div>
  );
}
