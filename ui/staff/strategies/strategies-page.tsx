import '../accounts/accounts.css';
import './strategies.css';
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { Page } from '../../kit/page.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { useMay } from '../shell/session.tsx';
import { NewStrategy } from './new-strategy.tsx';
import { RehearsalView } from './rehearsal-view.tsx';
import { RunHistory } from './run-history.tsx';
import { SelectionView } from './selection-view.tsx';
import { StrategyList } from './strategy-list.tsx';

const route = getRouteApi('/staff/strategies');

/** How accounts are treated: the strategies, who follows which, what a run would do, and what runs have done. */
export function StrategiesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const tabs = [
    ...(may('strategy.publish')
      ? [
          { key: 'strategies', label: 'Strategies' },
          { key: 'selection', label: 'Who follows what' },
        ]
      : []),
    ...(may('strategy.run') ? [{ key: 'dry-run', label: 'Dry run' }] : []),
    ...(may('insights.read') ? [{ key: 'runs', label: 'Runs' }] : []),
  ];
  const chosen = tabs.find((tab) => tab.key === search['view'])?.key ?? tabs[0]?.key;
  const go = (to: Record<string, string | undefined>) => void navigate({ search: { ...search, ...to }, replace: true });
  return (
    <Page
      title="Strategies"
      sub="What happens to an account, on which day, and why."
      actions={
        chosen === 'strategies' && (
          <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
            New strategy
          </Button>
        )
      }
    >
      {chosen === undefined ? (
        <p className="soft">Your role does not include strategy. Ask an owner of this tenant to change it.</p>
      ) : (
        <>
          <Tabs
            label="Strategies"
            tabs={tabs}
            chosen={chosen}
            choose={(key) => void navigate({ search: { view: key }, replace: true })}
          />
          <div {...panelProps(chosen)} className="strategies-panel">
            {chosen === 'strategies' && <StrategyList make={() => setMaking(true)} />}
            {chosen === 'selection' && <SelectionView />}
            {chosen === 'dry-run' && <RehearsalView search={search} go={go} />}
            {chosen === 'runs' && <RunHistory search={search} go={go} />}
          </div>
        </>
      )}
      {making && <NewStrategy close={() => setMaking(false)} />}
    </Page>
  );
}
