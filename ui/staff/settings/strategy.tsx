import { Day, Instant } from '../../kit/amount.tsx';
import { Section } from '../../kit/page.tsx';
import { usePages, useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';

const when = (days: number) =>
  days < 0
    ? `${-days} days before due`
    : days === 0
      ? 'On the due date'
      : days === 1
        ? '1 day after'
        : `${days} days after`;

/** The version in force, step by step, and the runs it has had. */
export function Strategy() {
  const format = useFormat();
  const strategy = useRead('getStrategy', {});
  const runs = usePages('listRuns', { query: { limit: 20 } });
  if (strategy.isPending) return <SkeletonLines rows={6} height={18} />;
  if (strategy.error !== null) return <Problem error={strategy.error} retry={() => void strategy.refetch()} />;
  const { data } = strategy;
  /** One group of a run's figures, the largest first. */
  const told = (counts: Readonly<Record<string, number>>, group: string) =>
    Object.entries(counts)
      .filter(([name, value]) => name.startsWith(`${group}.`) && value > 0)
      .sort((left, right) => right[1] - left[1])
      .map(([name, value]) => `${words(name.slice(group.length + 1))} ${format.count(value)}`)
      .join(', ');
  const rows = runs.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <p className="soft">
        {data.name}, version {data.version}, in force since <Day date={data.effectiveFrom} />. A published version never
        changes.
      </p>
      <table className="table" aria-label="Steps" style={{ marginTop: 12 }}>
        <tbody>
          {data.steps.map((step) => (
            <tr key={step.key}>
              <td className="num strong" style={{ width: 132, verticalAlign: 'top' }}>
                {when(step.days)}
              </td>
              <td>
                {words(step.action)} {step.level !== null && <span className="muted">notice {step.level}</span>}
                <div className="soft">{step.sentence}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Section title="Runs">
        {rows.length === 0 && runs.isSuccess && (
          <Empty title="It has not run yet">Start a run on Today; it shows first what it would do.</Empty>
        )}
        <table className="table" aria-label="Runs">
          <tbody>
            {rows.map((run) => (
              <tr key={run.id}>
                <td className="strong" style={{ width: 132, verticalAlign: 'top' }}>
                  <Day date={run.asOf} />
                </td>
                <td>
                  {told(run.counts, 'actions') || 'Nothing was due'}
                  {told(run.counts, 'nonActions') !== '' && (
                    <div className="soft">Left alone: {told(run.counts, 'nonActions')}</div>
                  )}
                  <div className="muted">
                    {format.count(run.counts['accounts'] ?? 0)} accounts looked at, {run.startedBy},{' '}
                    <Instant at={run.at} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </>
  );
}
