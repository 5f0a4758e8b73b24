import '../accounts/accounts.css';
import './segments.css';
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Icon } from '../../kit/icons.tsx';
import { Page } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useMay } from '../shell/session.tsx';
import { SegmentEditor } from './segment-editor.tsx';

const route = getRouteApi('/staff/segments');

export function SegmentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay()('strategy.publish');
  const list = useRead('listSegments', {}, { enabled: may });
  const fields = useRead('listFactFields', {}, { enabled: may });
  const rows = list.data?.rows ?? [];
  const writing = search.new === 'yes';
  const chosen = writing ? undefined : (rows.find((row) => row.id === search.segment) ?? rows[0]);
  const go = (to: Record<string, string>) => void navigate({ search: to, replace: true });
  const error = list.error ?? fields.error;
  return (
    <Page
      title="Segments"
      sub="Rules over what is known of accounts. A strategy asks them who is to be treated how."
      actions={
        may && (
          <Button leftSection={<Icon name="plus" size={14} />} onClick={() => go({ new: 'yes' })}>
            New segment
          </Button>
        )
      }
    >
      {!may && <p className="soft">Your role does not include strategy. Ask an owner of this tenant to change it.</p>}
      {may && error !== null && (
        <Problem
          error={error}
          retry={() => {
            void list.refetch();
            void fields.refetch();
          }}
        />
      )}
      {may && error === null && (list.isPending || fields.isPending) && <SkeletonLines rows={9} height={18} />}
      {list.data !== undefined && fields.data !== undefined && (
        <div className="segments">
          <nav aria-label="Segments" className="segment-list">
            {writing && (
              <span className="segment-row" aria-current="true">
                <span className="strong">New segment</span>
              </span>
            )}
            {rows.map((row) => (
              <button
                key={row.id}
                type="button"
                className="segment-row"
                aria-current={row.id === chosen?.id}
                onClick={() => go({ segment: row.id })}
              >
                <span className="strong">{row.name}</span>
                <span className="soft">{row.words}</span>
              </button>
            ))}
          </nav>
          {!writing && chosen === undefined ? (
            <Empty
              title="No segment yet"
              action={<Button onClick={() => go({ new: 'yes' })}>Write the first one</Button>}
            >
              A segment is a question about accounts: more than 30 days past due, above 1,000, never called. You see
              whom it matches while you write it.
            </Empty>
          ) : (
            <SegmentEditor
              key={`${chosen?.id ?? 'new'}/${chosen?.rowVersion ?? ''}`}
              segment={chosen}
              fields={fields.data.rows}
              done={(id) => go(id === undefined ? {} : { segment: id })}
            />
          )}
        </div>
      )}
    </Page>
  );
}
