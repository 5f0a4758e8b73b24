import '../accounts/accounts.css';
import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../kit/page.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { useMay } from '../shell/session.tsx';
import { Budgets } from './budgets.tsx';
import { Clients } from './clients.tsx';
import { CollectorSection } from './collector-form.tsx';
import { Keys } from './keys.tsx';
import { Members } from './members.tsx';
import { Priority } from './priority.tsx';
import { Rates } from './rates.tsx';
import { Sessions } from './sessions.tsx';
import { Stops } from './stops.tsx';
import { Strategy } from './strategy.tsx';

const route = getRouteApi('/staff/settings');

export function SettingsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const tabs = [
    { key: 'members', label: 'Members' },
    { key: 'clients', label: 'Clients' },
    { key: 'rates', label: 'Rates' },
    ...(may('insights.read') ? [{ key: 'strategy', label: 'Strategy' }] : []),
    ...(may('strategy.publish')
      ? [
          { key: 'priority', label: 'Priority' },
          { key: 'budgets', label: 'Budgets' },
        ]
      : []),
    ...(may('compliance.read') ? [{ key: 'stops', label: 'Stops' }] : []),
    ...(may('tenant.configure') ? [{ key: 'collector', label: 'Who we are on notices' }] : []),
    ...(may('keys.manage') ? [{ key: 'keys', label: 'API keys' }] : []),
    { key: 'sessions', label: 'My sessions' },
  ];
  const chosen = tabs.find((tab) => tab.key === search.tab)?.key ?? 'members';
  return (
    <Page title="Settings">
      <Tabs
        label="Settings"
        tabs={tabs}
        chosen={chosen}
        choose={(key) => void navigate({ search: { tab: key }, replace: true })}
      />
      <div {...panelProps(chosen)} style={{ paddingTop: 18, maxWidth: 980 }}>
        {chosen === 'members' && <Members />}
        {chosen === 'clients' && <Clients />}
        {chosen === 'rates' && <Rates />}
        {chosen === 'strategy' && <Strategy />}
        {chosen === 'priority' && <Priority />}
        {chosen === 'budgets' && <Budgets />}
        {chosen === 'stops' && <Stops />}
        {chosen === 'collector' && <CollectorSection />}
        {chosen === 'keys' && <Keys />}
        {chosen === 'sessions' && <Sessions />}
      </div>
    </Page>
  );
}
