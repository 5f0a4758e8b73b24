import '../accounts/accounts.css';
import '../today/today.css';
import '../audit/audit.css';
import '../import/import.css';
import './compliance.css';
import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../kit/page.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { Clocks } from './clocks.tsx';
import { Erasures } from './erasures.tsx';
import { Incidents } from './incidents.tsx';
import { LegalHolds } from './legal-holds.tsx';
import { Overrides } from './overrides.tsx';
import { Permits } from './permits.tsx';
import { Prevented } from './prevented.tsx';
import { Replacements } from './replacements.tsx';
import { Retention } from './retention.tsx';
import { RuleBrowser } from './rule-browser.tsx';
import { Tightenings } from './tightenings.tsx';

const route = getRouteApi('/staff/compliance');
const tabs = [
  { key: 'permits', label: 'Permits' },
  { key: 'prevented', label: 'Prevented' },
  { key: 'clocks', label: 'Clocks' },
  { key: 'incidents', label: 'Incidents' },
  { key: 'rules', label: 'Rules' },
  { key: 'tightenings', label: 'Tightened' },
  { key: 'replacements', label: 'Replaced' },
  { key: 'overrides', label: 'Overrides' },
  { key: 'holds', label: 'Legal holds' },
  { key: 'retention', label: 'Retention' },
  { key: 'erasures', label: 'Erasures' },
];

/** The gate from the outside: what it answered, what it kept from happening, the rules it goes by and who may change them; and what is kept of whom. */
export function CompliancePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const view = tabs.some((tab) => tab.key === search.view) ? (search.view ?? 'permits') : 'permits';
  return (
    <Page title="Compliance" sub="Every contact asks the gate; every answer can be opened and checked">
      <Tabs
        label="Compliance"
        tabs={tabs}
        chosen={view}
        choose={(key) => void navigate({ search: key === 'permits' ? {} : { view: key }, replace: true })}
      />
      <div {...panelProps(view)} style={{ paddingTop: 16 }}>
        {view === 'permits' && <Permits />}
        {view === 'prevented' && <Prevented />}
        {view === 'clocks' && <Clocks />}
        {view === 'incidents' && <Incidents />}
        {view === 'rules' && <RuleBrowser />}
        {view === 'tightenings' && <Tightenings />}
        {view === 'replacements' && <Replacements />}
        {view === 'overrides' && <Overrides />}
        {view === 'holds' && <LegalHolds />}
        {view === 'retention' && <Retention />}
        {view === 'erasures' && <Erasures />}
      </div>
    </Page>
  );
}
