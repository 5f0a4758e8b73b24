import '../accounts/accounts.css';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Page } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { useMay } from '../shell/session.tsx';
import { ClockLine } from './clock-list.tsx';
import { CollectorSection } from './collector-form.tsx';

const route = getRouteApi('/staff/notices');

/** What is due to people under validation notices, the soonest first. */
export function NoticesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const tabs = [
    { key: 'clocks', label: 'All that runs' },
    { key: 'overdue', label: 'Overdue' },
    ...(may('tenant.configure') ? [{ key: 'collector', label: 'Who we are on notices' }] : []),
  ];
  const chosen = tabs.find((tab) => tab.key === search.tab)?.key ?? 'clocks';
  return (
    <Page title="Notices">
      <Tabs
        label="Notices"
        tabs={tabs}
        chosen={chosen}
        choose={(key) => void navigate({ search: { tab: key === 'clocks' ? undefined : key }, replace: true })}
      />
      <div {...panelProps(chosen)} style={{ paddingTop: 18, maxWidth: 980 }}>
        {chosen === 'collector' ? <CollectorSection /> : <Clocks overdue={chosen === 'overdue'} />}
      </div>
    </Page>
  );
}

function Clocks({ overdue }: { readonly overdue: boolean }) {
  const clocks = useRead('listNoticeClocks', { query: { overdue: overdue ? 'yes' : 'all', limit: 200 } });
  if (clocks.isPending) return <SkeletonLines rows={5} height={18} />;
  if (clocks.error !== null) return <Problem error={clocks.error} retry={() => void clocks.refetch()} />;
  if (clocks.data.rows.length === 0)
    return (
      <Empty title={overdue ? 'Nothing is overdue' : 'No clock runs'}>
        A validation notice is due five days after the first communication about a consumer debt; verification, when
        somebody disputes in writing.
      </Empty>
    );
  return (
    <ul className="cards">
      {clocks.data.rows.map((clock) => (
        <li key={`${clock.kind}:${clock.accountId}:${clock.since}`}>
          <Link
            to="/accounts/$accountId"
            params={{ accountId: clock.accountId }}
            search={{ tab: 'notices' }}
            className="card"
          >
            <span className="strong">{clock.party.name}</span>{' '}
            <span className="muted">
              {clock.number}, {clock.client.name}
            </span>
            <ClockLine clock={clock} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
