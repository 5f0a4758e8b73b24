import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { outcomes, type Said } from './said-table.tsx';

export type Reason = {
  readonly key: string;
  readonly outcome: Said['outcome'];
  readonly reasonCode: string;
  readonly actions?: readonly string[];
  readonly accounts: number;
};

/** Reasons with how many accounts each is for; one is chosen to see them. */
export function ReasonList({
  label,
  reasons,
  chosen,
  choose,
}: {
  readonly label: string;
  readonly reasons: readonly Reason[];
  readonly chosen: string | undefined;
  readonly choose: (key: string | undefined) => void;
}) {
  const format = useFormat();
  const total = reasons.reduce((sum, one) => sum + one.accounts, 0);
  return (
    <nav aria-label={label} className="reasons">
      <button type="button" className="reason" aria-current={chosen === undefined} onClick={() => choose(undefined)}>
        <span className="strong">All</span>
        <span className="num">{format.count(total)}</span>
      </button>
      {reasons.map((one) => (
        <button
          key={one.key}
          type="button"
          className="reason"
          aria-current={chosen === one.key}
          onClick={() => choose(chosen === one.key ? undefined : one.key)}
        >
          <span>
            {words(one.reasonCode)}
            {one.actions !== undefined && one.actions.length > 0 && (
              <span className="muted"> {one.actions.map(words).join(' and ').toLowerCase()}</span>
            )}
          </span>
          <span className="num">{format.count(one.accounts)}</span>
          <span className="reason-bar" aria-hidden="true" data-outcome={one.outcome}>
            <span style={{ width: `${total === 0 ? 0 : Math.max(0.6, (one.accounts / total) * 100)}%` }} />
          </span>
          <span className="visually-hidden">{outcomes[one.outcome].label}</span>
        </button>
      ))}
    </nav>
  );
}
