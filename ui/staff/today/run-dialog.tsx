import { Button, Modal } from '@mantine/core';
import { useEffect } from 'react';
import { useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';

const none: never[] = [];

/** Shows what a run would do today, and for whom it would stay silent, before it is done. */
export function RunDialog({ close }: { readonly close: () => void }) {
  const format = useFormat();
  const preview = useWrite('runDay', none);
  const run = useWrite('runDay');
  const { mutate: look } = preview;
  useEffect(() => look({ body: { dryRun: true } }), [look]);
  const planned = preview.data;
  const actions = Object.entries(planned?.actions ?? {});
  const silent = Object.entries(planned?.nonActions ?? {}).sort((left, right) => right[1] - left[1]);
  const total = actions.reduce((sum, [, value]) => sum + value, 0);
  return (
    <Modal opened onClose={close} title={`Run the strategy for ${format.day(format.today)}`} size="lg">
      <div className="stack">
        {preview.error !== null && <Problem error={preview.error} retry={() => look({ body: { dryRun: true } })} />}
        {planned === undefined && preview.error === null && <SkeletonLines rows={6} />}
        {planned !== undefined && (
          <>
            <p className="soft">
              {total === 0
                ? 'Nothing new is due today. Running it again changes nothing.'
                : `${format.count(total)} ${total === 1 ? 'contact' : 'contacts'} would be planned. Planning sends nothing; each one still needs its permit when it goes out.`}
              {planned.caughtUpDays > 0 &&
                ` It would make up for ${format.count(planned.caughtUpDays)} missed ${planned.caughtUpDays === 1 ? 'day' : 'days'}.`}
            </p>
            <Counts title="Would be planned" rows={actions} />
            <Counts title="Left alone, and why" rows={silent} />
          </>
        )}
        {run.error !== null && <Problem error={run.error} />}
        <div className="row">
          <Button
            size="sm"
            loading={run.isPending}
            disabled={planned === undefined}
            onClick={() =>
              run.mutate(
                { body: {} },
                {
                  onSuccess: (done) => {
                    const made = Object.values(done.actions).reduce((sum, value) => sum + value, 0);
                    say(
                      made === 0
                        ? 'The run is done. Nothing new was due.'
                        : `The run is done: ${format.count(made)} planned.`,
                    );
                    close();
                  },
                },
              )
            }
          >
            Run
          </Button>
          <Button variant="subtle" size="sm" onClick={close}>
            Cancel
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Counts({ title, rows }: { readonly title: string; readonly rows: readonly (readonly [string, number])[] }) {
  const format = useFormat();
  if (rows.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="label">{title}</h3>
      <div className="counts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <span>{words(name)}</span>
            <span className="num strong">{format.count(value)}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
