import '../segments/segments.css';
import './experiments.css';
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Icon } from '../../kit/icons.tsx';
import { Page } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useMay } from '../shell/session.tsx';
import { ExperimentForm } from './experiment-form.tsx';
import { ExperimentView, StateTag } from './experiment-view.tsx';

const route = getRouteApi('/staff/experiments');

export function ExperimentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay()('strategy.publish');
  const list = useRead('listExperiments', {}, { enabled: may });
  const rows = list.data?.rows ?? [];
  const writing = search.new === 'yes';
  const chosen = writing ? undefined : (rows.find((row) => row.id === search.experiment) ?? rows[0]);
  const go = (to: Record<string, string>) => void navigate({ search: to, replace: true });
  return (
    <Page
      title="Experiments"
      sub="People of one line of the selection, split by lot between strategies, to learn which treats them better."
      actions={
        may && (
          <Button leftSection={<Icon name="plus" size={14} />} onClick={() => go({ new: 'yes' })}>
            New experiment
          </Button>
        )
      }
    >
      {!may && <p className="soft">Your role does not include strategy. Ask an owner of this tenant to change it.</p>}
      {may && list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {may && list.error === null && list.isPending && <SkeletonLines rows={9} height={18} />}
      {list.data !== undefined && (
        <div className="segments">
          <nav aria-label="Experiments" className="segment-list">
            {writing && (
              <span className="segment-row" aria-current="true">
                <span className="strong">New experiment</span>
              </span>
            )}
            {rows.map((row) => (
              <button
                key={row.id}
                type="button"
                className="segment-row"
                aria-current={row.id === chosen?.id}
                onClick={() => go({ experiment: row.id })}
              >
                <span className="row experiment-name">
                  <span className="strong grow">{row.name}</span>
                  <StateTag state={row.state} />
                </span>
                <span className="soft">{row.hypothesis}</span>
              </button>
            ))}
          </nav>
          {!writing && chosen === undefined ? (
            <Empty
              title="No experiment yet"
              action={<Button onClick={() => go({ new: 'yes' })}>Write the first one</Button>}
            >
              Publish a second strategy, say what you expect of it, and let a few people have it. The rest stay with the
              strategy they have, and the figures say when a difference can be told.
            </Empty>
          ) : chosen === undefined || chosen.state === 'draft' ? (
            <ExperimentForm
              key={`${chosen?.id ?? 'new'}/${chosen?.rowVersion ?? ''}`}
              experiment={chosen}
              choices={list.data}
              done={(id) => go({ experiment: id })}
            />
          ) : (
            <ExperimentView key={chosen.id} experimentId={chosen.id} choices={list.data} />
          )}
        </div>
      )}
    </Page>
  );
}
