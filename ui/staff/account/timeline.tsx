import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Instant } from '../../kit/amount.tsx';
import { Icon, type IconName } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { usePages } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { WhyLine } from '../../kit/why-card.tsx';

type Entry = Output<'getTimeline'>['rows'][number];

const icons: Readonly<Record<Entry['kind'], IconName>> = {
  message: 'send',
  inbound: 'in',
  call: 'call',
  note: 'note',
  receipt: 'payments',
  allocation: 'branch',
  promise: 'promise',
  hold: 'hold',
  decision: 'branch',
  permit: 'lock',
  task: 'worklist',
  state: 'info',
  item: 'file',
  incident: 'warn',
  unsubscribe: 'close',
  case: 'accounts',
  link: 'user',
  merge: 'branch',
};
const directions = { out: 'From us', in: 'From them', internal: 'Inside' } as const;

/** Everything that happened, both directions, newest first; each decision carries its why-card. */
export function Timeline({ accountId }: { readonly accountId: string }) {
  const format = useFormat();
  const list = usePages('getTimeline', { params: { accountId }, query: { limit: 50 } });
  const entries = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = format.dateOf(entry.at);
    const bucket = days.get(day);
    if (bucket === undefined) days.set(day, [entry]);
    else bucket.push(entry);
  }
  if (list.isPending)
    return (
      <div style={{ paddingTop: 18 }}>
        <SkeletonLines rows={8} height={16} />
      </div>
    );
  if (list.error !== null)
    return (
      <div style={{ paddingTop: 18 }}>
        <Problem error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (entries.length === 0)
    return (
      <Empty title="Nothing has happened yet">
        Messages, calls, payments, promises, holds and every decision of the strategy will stand here, with their
        reasons.
      </Empty>
    );
  return (
    <div>
      {[...days].map(([day, group]) => (
        <section key={day} aria-label={format.day(day, 'long')}>
          <h2 className="day-head" title={format.relative(day)}>
            {format.day(day, 'long')}
          </h2>
          <ol className="entries">
            {group.map((entry) => (
              <li key={entry.id}>
                <TimelineEntry entry={entry} />
              </li>
            ))}
          </ol>
        </section>
      ))}
      {list.hasNextPage && (
        <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </div>
  );
}

function TimelineEntry({ entry }: { readonly entry: Entry }) {
  return (
    <article className="entry">
      <span
        className="entry-mark"
        data-direction={entry.direction}
        data-tone={entry.tone}
        title={directions[entry.direction]}
      >
        <Icon name={icons[entry.kind]} size={13} />
        <span className="visually-hidden">{directions[entry.direction]}:</span>
      </span>
      <div>
        <div className="entry-head">
          <b>
            {entry.kind === 'message' && entry.subjectId !== null ? (
              <Link
                to="/outbox"
                search={{ message: entry.subjectId }}
                className="row-link"
                style={{ color: 'inherit' }}
              >
                {entry.title}
              </Link>
            ) : (
              entry.title
            )}
          </b>
          {entry.actor !== null && <span className="muted">{entry.actor}</span>}
          <span className="when">
            <Instant at={entry.at} form="time" />
          </span>
        </div>
        {entry.body !== null && entry.body !== '' && <div className="entry-body">{entry.body}</div>}
        {entry.why !== null && <WhyLine why={entry.why} said={entry.title} />}
      </div>
    </article>
  );
}
