import './strategies.css';
import '../segments/segments.css';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { Designer } from './designer.tsx';
import { useQuiet } from './use-draft.ts';

const route = getRouteApi('/staff/strategies/$strategyId');

/** One strategy: its draft as it is being designed, and the versions there were. */
export function DesignerPage() {
  const { strategyId } = route.useParams();
  const [turn, setTurn] = useState(0);
  const strategy = useRead('readStrategy', { params: { strategyId } }, { enabled: useQuiet(strategyId), staleTime: 0 });
  const fields = useRead('listFactFields', {}, { staleTime: 300_000 });
  const error = strategy.error ?? fields.error;
  // A draft is edited from what the server has now, and not from what was seen the last time.
  if (
    strategy.data !== undefined &&
    strategy.isFetchedAfterMount &&
    fields.data !== undefined &&
    strategy.error === null
  )
    return (
      <Designer
        key={`${strategyId}/${strategy.data.versions.length}/${turn}`}
        strategy={strategy.data}
        fields={fields.data.rows}
        reload={() => void strategy.refetch().then(() => setTurn(turn + 1))}
      />
    );
  return (
    <Page title="Strategy">
      {error !== null ? (
        <Problem
          error={error}
          retry={() => {
            void strategy.refetch();
            void fields.refetch();
          }}
        />
      ) : (
        <SkeletonLines rows={10} height={22} />
      )}
    </Page>
  );
}
