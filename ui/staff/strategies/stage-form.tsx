import { NumberInput, Select } from '@mantine/core';
import type { DraftDefinition } from './definition-draft.ts';
import { capital } from './treatment-words.ts';

const stages = ['early', 'mid', 'late'] as const;

/** From which day an account is early, mid, late; and what happens while a collector owns it. */
export function StageForm({
  stages: bounds,
  whenAssigned,
  disabled,
  change,
  settle,
}: Pick<DraftDefinition, 'stages' | 'whenAssigned'> & {
  readonly disabled: boolean;
  readonly change: (change: Partial<Pick<DraftDefinition, 'stages' | 'whenAssigned'>>, name?: string) => void;
  readonly settle: () => void;
}) {
  const set = (stage: string, fromDay: number | null) =>
    change(
      {
        stages: stages.flatMap((one) => {
          const day = one === stage ? fromDay : (bounds.find((bound) => bound.stage === one)?.fromDay ?? null);
          return day === null ? [] : [{ stage: one, fromDay: day }];
        }),
      },
      `stage ${stage}`,
    );
  return (
    <div className="stage-form">
      {stages.map((stage) => (
        <NumberInput
          key={stage}
          size="xs"
          label={`${capital(stage)} from day`}
          placeholder="never"
          value={bounds.find((bound) => bound.stage === stage)?.fromDay ?? ''}
          min={-60}
          max={3650}
          allowDecimal={false}
          disabled={disabled}
          onBlur={settle}
          onChange={(day) => set(stage, typeof day === 'number' ? day : null)}
        />
      ))}
      <div className="stage-owner">
        <Select
          size="xs"
          label="While a collector owns an account"
          value={whenAssigned}
          allowDeselect={false}
          disabled={disabled}
          data={[
            { value: 'withhold_notices', label: 'Automatic notices stay away' },
            { value: 'send', label: 'Notices go out all the same' },
          ]}
          onChange={(value) => value !== null && change({ whenAssigned: value })}
        />
      </div>
    </div>
  );
}
