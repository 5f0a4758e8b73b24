import { Day, Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import type { Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { usePages, useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import type { Search } from '../router.tsx';
import { ReasonList } from './reason-list.tsx';
import { SaidTable } from './said-table.tsx';

type Counts = Readonly<Record<string, number>>;
type Go = (to: Record<string, string | undefined>) => void;

/** The counts of one group, the largest first. */
const groupOf = (counts: Counts, group: string): (readonly [string, number])[] =>
  Object.entries(counts)
    .filter(([name, value]) => name.startsWith(`${group}.`) && value > 0)
    .map(([name, value]) => [name.slice(group.length + 1), value] as const)
    .toSorted((a, b) => b[1] - a[1]);

/** What runs have done: counted by action, reason and version, and down to the accounts they decided about. */
export function RunHistory({ search, go }: { readonly search: Search; readonly go: Go }) {
  const format = useFormat();
  const runs = usePages('listRuns', { query: { limit: 40 } });
  if (runs.error !== null) return <Problem error={runs.error} retry={() => void runs.refetch()} />;
  if (runs.data === undefined) return <SkeletonLines rows={8} height={20} />;
  const rows = runs.data.pages.flatMap((page) => page.rows);
  const chosen = search['run'] ?? rows[0]?.id;
  if (chosen === undefined)
    return <Empty title="It has not run yet">Start a run on Today, or look at a dry run first.</Empty>;
  return (
    <div className="runs">
      <nav className="run-list" aria-label="Runs">
        {rows.map((run) => {
          const planned = groupOf(run.counts, 'actions').reduce((sum, [, value]) => sum + value, 0);
          return (
            <button
              key={run.id}
              type="button"
              className="run-row"
              aria-current={run.id === chosen}
              onClick={() => go({ run: run.id, reason: undefined })}
            >
              <Day date={run.asOf} />
              <span className="num soft">{planned === 0 ? 'nothing due' : `${format.count(planned)} planned`}</span>
            </button>
          );
        })}
        {runs.hasNextPage && (
          <button type="button" className="run-row" onClick={() => void runs.fetchNextPage()}>
            <span className="soft">Earlier runs</span>
          </button>
        )}
      </nav>
      <Run key={chosen} runId={chosen} reason={search['reason']} go={go} />
    </div>
  );
}

function Run({ runId, reason, go }: { readonly runId: string; readonly reason: string | undefined; readonly go: Go }) {
  const format = useFormat();
  const run = useRead('getRun', { params: { runId } });
  if (run.error !== null) return <Problem error={run.error} retry={() => void run.refetch()} />;
  if (run.data === undefined) return <SkeletonLines rows={9} height={18} />;
  const { data } = run;
  return (
    <div className="run">
      <p className="soft">
        {data.version}, {data.startedBy}, <Instant at={data.at} />. {format.count(data.counts['accounts'] ?? 0)}{' '}
        accounts and {format.count(data.counts['openItems'] ?? 0)} open items looked at.
        {data.caughtUpDays > 0 &&
          ` It made up for ${format.count(data.caughtUpDays)} missed ${data.caughtUpDays === 1 ? 'day' : 'days'} and passed over ${format.count(data.counts['skippedLevels'] ?? 0)} steps.`}
      </p>
      <div className="run-counts">
        <Counted title="Planned" rows={groupOf(data.counts, 'actions')} />
        <Counted title="Left alone" rows={groupOf(data.counts, 'nonActions')} />
        {groupOf(data.counts, 'withheld').length > 0 && (
          <Counted title="Notices left out" rows={groupOf(data.counts, 'withheld')} />
        )}
        <Counted title="Followed" rows={groupOf(data.counts, 'versions')} plain />
        <Counted title="Stages" rows={groupOf(data.counts, 'stages')} />
      </div>
      <Decided run={data} reason={reason} go={go} />
    </div>
  );
}

function Counted({
  title,
  rows,
  plain = false,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [string, number])[];
  readonly plain?: boolean;
}) {
  const format = useFormat();
  return (
    <section aria-label={title}>
      <h3 className="label" aria-level={2}>
        {title}
      </h3>
      {rows.length === 0 && <p className="muted">None</p>}
      <dl className="count-list">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{plain ? name : words(name)}</dt>
            <dd className="num">{format.count(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Decided({
  run,
  reason,
  go,
}: {
  readonly run: Output<'getRun'>;
  readonly reason: string | undefined;
  readonly go: Go;
}) {
  const chosen = run.decided.find((one) => one.reasonCode === reason);
  const rows = usePages(
    'listRunDecisions',
    { params: { runId: run.id }, query: { limit: 100, ...(chosen !== undefined && { reason: chosen.reasonCode }) } },
    { keep: true },
  );
  const shown = rows.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = (chosen === undefined ? run.decided : [chosen]).reduce((sum, one) => sum + one.accounts, 0);
  return (
    <Section title="What it decided anew" aside="accounts whose outcome or reason had changed">
      {run.decided.length === 0 ? (
        <p className="soft run-none">For every account it found what had been decided before.</p>
      ) : (
        <div className="said">
          <ReasonList
            label="Reasons of decisions"
            reasons={run.decided.map((one) => ({ ...one, key: one.reasonCode }))}
            chosen={chosen?.reasonCode}
            choose={(to) => go({ reason: to })}
          />
          <div className="said-list">
            {rows.error !== null && <Problem error={rows.error} retry={() => void rows.refetch()} />}
            {rows.isPending && <TableSkeleton rows={8} />}
            {shown.length > 0 && (
              <SaidTable
                label="Decisions of the run"
                rows={shown}
                total={total}
                more={{
                  has: rows.hasNextPage,
                  loading: rows.isFetchingNextPage,
                  load: () => void rows.fetchNextPage(),
                }}
              />
            )}
          </div>
        </div>
      )}
    </Section>
  );
}
