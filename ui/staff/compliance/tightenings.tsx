import { Link } from '@tanstack/react-router';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { RuleChangeCard } from './rule-change-card.tsx';

/** What this tenant made stricter than the law asks, or wants to: each takes two people, and so does its end. */
export function Tightenings() {
  const list = useRead('listTightenings', {});
  if (list.isPending) return <SkeletonLines rows={6} height={18} />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (list.data.rows.length === 0)
    return (
      <Empty
        title="No rule is tightened"
        action={
          <Link to="/compliance" search={{ view: 'rules' }}>
            Choose a rule
          </Link>
        }
      >
        Open a rule and choose Tighten to hold yourselves to more than the law asks. A second person approves it after
        seeing what it does to the next seven days.
      </Empty>
    );
  return (
    <ul className="cards">
      {list.data.rows.map((row) => (
        <li key={row.id}>
          <RuleChangeCard row={row} kind="tightening" />
        </li>
      ))}
    </ul>
  );
}
