import { ActionIcon, Button, Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Problem, Tag } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import type { Field } from '../segments/rule-draft.ts';
import { useMay } from '../shell/session.tsx';
import { DayAxis } from './day-axis.tsx';
import {
  type DraftDefinition,
  moved,
  opened,
  type Strategy,
  withNewReaction,
  withNewStep,
  without,
  withReaction,
  withStep,
} from './definition-draft.ts';
import { EntryCard, type Fault } from './entry-card.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { SideView } from './side-view.tsx';
import { StageForm } from './stage-form.tsx';
import { type Saving, useDraft } from './use-draft.ts';

type List = 'steps' | 'reactions';

/** The designer of one strategy: the ladder, each step in full, and beside them what it says and what stands against it. */
export function Designer({
  strategy,
  fields,
  reload,
}: {
  readonly strategy: Strategy;
  readonly fields: readonly Field[];
  readonly reload: () => void;
}) {
  const disabled = !useMay()('strategy.publish');
  const { draft, definition, saving, save, rowVersion, edit, settle, undo, redo, canUndo, canRedo } =
    useDraft(strategy);
  const [chosen, setChosen] = useState<number | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const [asking, setAsking] = useState<'publish' | 'discard' | null>(null);
  const [settled] = useDebouncedValue(definition, 250);
  const body = { definition: settled, strategyId: strategy.id };
  const check = useRead('checkStrategy', { body }, { keep: true });
  const faults = check.data?.faults ?? [];
  const words = check.data?.words ?? null;
  const of = (list: List, at: number): Fault[] =>
    faults.flatMap((fault) => {
      const [where, place, ...rest] = fault.path.split('.');
      return where === list && Number(place) === at ? [{ ...fault, path: rest.join('.') }] : [];
    });
  const general = faults.filter(({ path }) => !/^(steps|reactions)\.\d/.test(path));
  const refused = (list: readonly Fault[]) => list.some(({ effect }) => effect === 'refuse');
  const faulty = new Set(draft.steps.flatMap((step, at) => (refused(of('steps', at)) ? [step.id] : [])));

  const show = (id: number) => {
    setChosen(id);
    setOpen(id);
  };
  const add = (make: (from: DraftDefinition) => [DraftDefinition, number]) => {
    const [next, id] = make(draft);
    edit(() => next);
    show(id);
    // What is new is named first.
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`#entry-${id} .entry-form input`)?.select());
  };
  const remove = (id: number) => {
    const at = draft.steps.findIndex((step) => step.id === id);
    edit((from) => without(from, id));
    // The hand stays on the ladder: what came after takes the place.
    const next = draft.steps[at + 1] ?? draft.steps[at - 1];
    setOpen(null);
    setChosen(next?.id ?? null);
    if (at >= 0)
      requestAnimationFrame(() =>
        document.querySelectorAll<HTMLElement>('.axis-dot')[Math.max(0, Math.min(at, draft.steps.length - 2))]?.focus(),
      );
  };
  useHistoryKeys(undo, redo, () => void save(), !disabled);
  useShortcuts({ a: () => add((from) => withNewStep(from, chosen ?? undefined)) }, !disabled);

  const next = (strategy.versions[0]?.version ?? 0) + 1;
  const inEffect = strategy.versions.find(({ state }) => state === 'in_effect');
  const writing = rowVersion() !== '0' || canUndo;
  return (
    <Page
      title={strategy.name}
      sub={
        <span className="row wrap">
          <Link to="/strategies">All strategies</Link>
          {inEffect === undefined ? (
            <Tag tone="warn">Never published</Tag>
          ) : (
            <span>Version {inEffect.version} is in effect.</span>
          )}
          {!disabled && <SavingState saving={saving} writing={writing} next={next} />}
        </span>
      }
      actions={
        !disabled && (
          <>
            <ActionIcon
              size={30}
              variant="default"
              aria-label="Undo"
              title="Undo (Ctrl Z)"
              disabled={!canUndo}
              onClick={undo}
            >
              <Icon name="undo" size={15} />
            </ActionIcon>
            <ActionIcon
              size={30}
              variant="default"
              aria-label="Redo"
              title="Redo (Ctrl Shift Z)"
              disabled={!canRedo}
              onClick={redo}
              className="redo"
            >
              <Icon name="undo" size={15} />
            </ActionIcon>
            <Button variant="default" disabled={!writing} onClick={() => setAsking('discard')}>
              Discard draft
            </Button>
            <Button disabled={!writing} onClick={() => void save().then((fine) => fine && setAsking('publish'))}>
              Publish…
            </Button>
          </>
        )
      }
    >
      {saving.state === 'failed' && (
        <div style={{ marginBottom: 16 }}>
          <Problem
            error={saving.error}
            retry={saving.error.code === 'changed_meanwhile' ? reload : () => void save()}
          />
        </div>
      )}
      {check.error !== null && <Problem error={check.error} retry={() => void check.refetch()} />}
      <DayAxis
        draft={draft}
        chosen={chosen}
        faulty={faulty}
        disabled={disabled}
        choose={setChosen}
        move={(id, day) => edit((from) => moved(from, id, day), `move ${id}`)}
        settle={settle}
        remove={remove}
      />
      <div className="designer">
        <div className="designer-main">
          <Section
            title="Steps"
            aside={
              !disabled && (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<Icon name="plus" size={12} />}
                  title="Add a step (a)"
                  onClick={() => add((from) => withNewStep(from, chosen ?? undefined))}
                >
                  Step
                </Button>
              )
            }
          >
            <ol className="entries" aria-label="Steps">
              {draft.steps.map((step, at) => (
                <EntryCard
                  key={step.id}
                  entry={step}
                  words={words?.steps.find(({ key }) => key === step.key)?.sentence}
                  faults={of('steps', at)}
                  fields={fields}
                  open={open === step.id}
                  disabled={disabled}
                  toggle={() => {
                    setChosen(step.id);
                    setOpen(open === step.id ? null : step.id);
                  }}
                  change={(change, name) => edit((from) => withStep(from, step.id, change), name)}
                  settle={settle}
                  remove={() => remove(step.id)}
                />
              ))}
            </ol>
            {draft.steps.length === 0 && <p className="soft entries-none">No step yet.</p>}
          </Section>
          <Section
            title="When something happens"
            aside={
              !disabled && (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<Icon name="plus" size={12} />}
                  onClick={() => add(withNewReaction)}
                >
                  Reaction
                </Button>
              )
            }
          >
            {draft.reactions.length === 0 && (
              <p className="soft entries-none">
                Nothing is answered by itself. A reaction does something at once when a promise breaks, an e-mail
                bounces, a part is paid.
              </p>
            )}
            <ul className="entries" aria-label="Reactions">
              {draft.reactions.map((one, at) => (
                <EntryCard
                  key={one.id}
                  entry={one}
                  words={words?.reactions.find(({ key }) => key === one.key)?.sentence}
                  faults={of('reactions', at)}
                  fields={fields}
                  open={open === one.id}
                  disabled={disabled}
                  toggle={() => setOpen(open === one.id ? null : one.id)}
                  change={(change, name) => edit((from) => withReaction(from, one.id, change), name)}
                  settle={settle}
                  remove={() => remove(one.id)}
                />
              ))}
            </ul>
          </Section>
          <Section title="Stages and ownership">
            <StageForm
              stages={draft.stages}
              whenAssigned={draft.whenAssigned}
              disabled={disabled}
              settle={settle}
              change={(change, name) => edit((from) => ({ ...from, ...change }), name)}
            />
          </Section>
        </div>
        <SideView
          strategy={strategy}
          words={words}
          general={general}
          faults={faults}
          checking={check.isFetching}
          known={check.data !== undefined}
          changes={check.data?.changes ?? null}
          comparedWith={check.data?.comparedWith ?? null}
          disabled={disabled}
          restore={(version) => {
            edit(() => opened(version.definition));
            setOpen(null);
            say(`The draft is version ${version.version} again.`, undo);
          }}
        />
      </div>
      {asking === 'publish' && (
        <PublishDialog
          strategy={strategy}
          rowVersion={rowVersion()}
          changes={check.data?.changes ?? []}
          comparedWith={check.data?.comparedWith ?? null}
          faults={faults}
          close={() => setAsking(null)}
        />
      )}
      {asking === 'discard' && (
        <Discard strategy={strategy} rowVersion={rowVersion()} close={() => setAsking(null)} reload={reload} />
      )}
    </Page>
  );
}

function SavingState({
  saving,
  writing,
  next,
}: {
  readonly saving: Saving;
  readonly writing: boolean;
  readonly next: number;
}) {
  const said = {
    kept: writing ? `Draft of version ${next}, kept.` : 'Nothing is being changed.',
    saving: 'Keeping…',
    waiting: 'Keeping…',
    failed: 'Not kept.',
  }[saving.state];
  return (
    <span className={saving.state === 'failed' ? 'bad' : 'muted'} role="status">
      {said}
    </span>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z go through the history of the draft wherever the hand is, Ctrl+S keeps it at once. */
function useHistoryKeys(undo: () => void, redo: () => void, save: () => void, enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const act = key === 'z' ? (event.shiftKey ? redo : undo) : key === 'y' ? redo : key === 's' ? save : undefined;
      if (act === undefined || document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

function Discard({
  strategy,
  rowVersion,
  close,
  reload,
}: {
  readonly strategy: Strategy;
  readonly rowVersion: string;
  readonly close: () => void;
  readonly reload: () => void;
}) {
  const navigate = useNavigate();
  const discard = useWrite('discardDraft', ['listStrategies']);
  const whole = strategy.versions.length === 0;
  return (
    <Modal
      opened
      onClose={close}
      title={whole ? `Discard “${strategy.name}”?` : `Discard the draft of “${strategy.name}”?`}
    >
      <div className="stack">
        <p>
          {whole
            ? 'It was never published, so the strategy goes with its draft, unless the selection table names it.'
            : 'What has been written since the last version is lost. Published versions stay as they are.'}
        </p>
        {discard.error !== null && <Problem error={discard.error} />}
        <div className="row">
          <Button
            size="sm"
            color="red"
            loading={discard.isPending}
            disabled={rowVersion === '0'}
            onClick={() =>
              discard.mutate(
                { params: { strategyId: strategy.id }, ifMatch: rowVersion },
                {
                  onSuccess: () => {
                    say('The draft is discarded.');
                    close();
                    if (whole) void navigate({ to: '/strategies', replace: true });
                    else reload();
                  },
                },
              )
            }
          >
            Discard it
          </Button>
          <Button size="sm" variant="default" onClick={close}>
            Keep it
          </Button>
        </div>
      </div>
    </Modal>
  );
}
