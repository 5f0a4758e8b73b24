import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { DateInput } from '../../kit/fields.tsx';
import { addDays } from '../../kit/format.ts';
import { useWrite } from '../../kit/queries.ts';
import { Problem } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { type Change, Changes } from './changes.tsx';
import type { Strategy } from './definition-draft.ts';
import type { Fault } from './entry-card.tsx';
import { takeovers } from './treatment-words.ts';

type Takeover = (typeof takeovers)[number]['value'];

/** From when, how accounts come over, and what changes, before a version is made that never changes again. */
export function PublishDialog({
  strategy,
  rowVersion,
  changes,
  comparedWith,
  faults,
  close,
}: {
  readonly strategy: Strategy;
  readonly rowVersion: string;
  readonly changes: readonly Change[];
  readonly comparedWith: number | null;
  readonly faults: readonly Fault[];
  readonly close: () => void;
}) {
  const format = useFormat();
  const newest = strategy.versions[0];
  const earliest = newest !== undefined && newest.effectiveFrom > format.today ? newest.effectiveFrom : format.today;
  const [from, setFrom] = useState(earliest);
  const [takesOver, setTakesOver] = useState<Takeover>('at_once');
  const publish = useWrite('publishStrategy');
  const number = (newest?.version ?? 0) + 1;
  const followers = strategy.versions.reduce((sum, version) => sum + version.followers, 0);
  const refused = faults.filter(({ effect }) => effect === 'refuse');
  const advice = faults.filter(({ effect }) => effect === 'advise');
  return (
    <Modal opened onClose={close} title={`Publish version ${number} of “${strategy.name}”`} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          // A promise and not a callback: the designer is made anew once the version is there, and callbacks of what is gone are not called.
          publish
            .mutateAsync({
              params: { strategyId: strategy.id },
              ifMatch: rowVersion,
              body: { effectiveFrom: from, takesOver },
            })
            .then(
              () => {
                say(
                  from === format.today
                    ? `Version ${number} is in effect; the next run follows it.`
                    : `Version ${number} is published and in effect from ${format.day(from)}.`,
                );
                close();
              },
              // Shown in the dialog.
              () => undefined,
            );
        }}
      >
        {refused.length > 0 && (
          <div className="notice" data-tone="bad">
            <div>
              <p className="strong">
                {refused.length === 1 ? 'One thing' : `${refused.length} things`} must be mended first.
              </p>
              <p>{refused[0]?.sentence}</p>
            </div>
          </div>
        )}
        <section aria-label="What changes">
          <h3 className="label">
            {comparedWith === null ? 'The first version' : `What changes against version ${comparedWith}`}
          </h3>
          {comparedWith !== null && changes.length === 0 && <p className="soft">Nothing.</p>}
          <Changes changes={changes} label="What changes" />
          {comparedWith === null && (
            <p className="soft">
              {strategy.fallback
                ? 'Every account follows it unless the selection table says otherwise.'
                : 'No account follows it until the selection table names it.'}
            </p>
          )}
        </section>
        <DateInput
          label="In effect from"
          value={from}
          min={earliest}
          max={addDays(format.today, 366)}
          change={setFrom}
          error={publish.error?.fields['effectiveFrom']}
        />
        {newest !== undefined && (
          <Radio.Group
            label={`How the ${format.count(followers)} ${followers === 1 ? 'account' : 'accounts'} that follow it come over`}
            value={takesOver}
            onChange={(value) => setTakesOver(value as Takeover)}
          >
            <div className="stack takeovers">
              {takeovers.map((one) => (
                <Radio key={one.value} size="xs" value={one.value} label={one.label} description={one.help} />
              ))}
            </div>
          </Radio.Group>
        )}
        {advice.length > 0 && (
          <section aria-label="Advice">
            <h3 className="label">Advice</h3>
            <ul className="entry-faults">
              {advice.map((fault) => (
                <li key={fault.path + fault.sentence} data-effect="advise">
                  {fault.sentence} <span className="soft">{fault.remedy}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {strategy.twoPeople && (
          <p className="soft">Publishing takes two people here: whoever has written on this draft cannot publish it.</p>
        )}
        {publish.error !== null && <Problem error={publish.error} />}
        <div className="row">
          <Button
            type="submit"
            size="sm"
            loading={publish.isPending}
            disabled={refused.length > 0 || from === ''}
            data-autofocus
          >
            Publish version {number}
          </Button>
          <Button size="sm" variant="subtle" onClick={close}>
            Not yet
          </Button>
        </div>
      </form>
    </Modal>
  );
}
