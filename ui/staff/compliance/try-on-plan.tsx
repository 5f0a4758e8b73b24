import { Button } from '@mantine/core';
import { Problem } from '../../kit/states.tsx';
import { type Effect, PlanEffect } from './plan-effect.tsx';

/** Before a change is proposed: what it would do to the next days of the plan. */
export function TryOnPlan({
  data,
  error,
  pending,
  ask,
  disabled,
}: {
  readonly data: Effect | undefined;
  readonly error: unknown;
  readonly pending: boolean;
  readonly ask: () => void;
  readonly disabled: boolean;
}) {
  return (
    <>
      {data !== undefined && (
        <PlanEffect looks={[{ title: 'Now', effect: data }]} sample={data.sample} planned={data.planned} />
      )}
      {error !== null && <Problem error={error} />}
      {data === undefined && (
        <Button variant="default" size="xs" loading={pending} disabled={disabled} onClick={ask} w="fit-content">
          Show its effect on the next 7 days
        </Button>
      )}
    </>
  );
}
