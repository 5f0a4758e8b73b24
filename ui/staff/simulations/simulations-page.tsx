import '../today/today.css';
import '../segments/segments.css';
import './simulations.css';
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { useMay } from '../shell/session.tsx';
import { SimulationView } from './simulation-view.tsx';
import { StartForm } from './start-form.tsx';

const route = getRouteApi('/staff/simulations');
type Row = Output<'listSimulations'>['rows'][number];

/** Strategies tried on the portfolio before they go live. */
export function SimulationsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay()('strategy.publish');
  const list = useRead('listSimulations', {}, { enabled: may, refetchInterval: 5000 });
  const rows = list.data?.rows ?? [];
  const starting = search.new === 'yes' || (list.data !== undefined && rows.length === 0);
  const chosen = starting ? undefined : (rows.find((row) => row.id === search.simulation) ?? rows[0]);
  const go = (to: Record<string, string>) => void navigate({ search: to, replace: true });
  return (
    <Page
      title="Simulations"
      sub="What a strategy would do to the accounts you have, day by day, before it does."
      actions={
        may && (
          <Button leftSection={<Icon name="plus" size={14} />} onClick={() => go({ new: 'yes' })}>
            New simulation
          </Button>
        )
      }
    >
      {!may && <p className="soft">Your role does not include strategy. Ask an owner of this tenant to change it.</p>}
      {may && list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {may && list.isPending && <SkeletonLines rows={9} height={18} />}
      {list.data !== undefined && (
        <div className="segments simulations">
          <nav aria-label="Simulations" className="segment-list no-print">
            {rows.map((row) => (
              <button
                key={row.id}
                type="button"
                className="segment-row"
                aria-current={row.id === chosen?.id}
                onClick={() => go({ simulation: row.id })}
              >
                <span className="strong">{row.title}</span>
                <Line row={row} />
              </button>
            ))}
            {rows.length === 0 && <p className="muted">None yet.</p>}
          </nav>
          {chosen === undefined ? (
            list.data.strategies.length === 0 ? (
              <Empty title="There is no strategy to simulate">Publish one first.</Empty>
            ) : (
              <StartForm strategies={list.data.strategies} started={(id) => go({ simulation: id })} />
            )
          ) : (
            <SimulationView key={chosen.id} id={chosen.id} />
          )}
        </div>
      )}
    </Page>
  );
}

const states: Readonly<Record<Row['state'], string>> = {
  waiting: 'waiting',
  running: 'under way',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

function Line({ row }: { readonly row: Row }) {
  const format = useFormat();
  return (
    <span className="soft">
      {row.days} {row.days === 1 ? 'day' : 'days'} from {format.day(row.from)}; {states[row.state]}
    </span>
  );
}
