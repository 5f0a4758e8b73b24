import { Instant, Day } from './amount.tsx';
import type { Output } from './operations.ts';
import { Tag, type Tone } from './states.tsx';

export type Why = Output<'explainAccount'>;

export const outcomeWords: Readonly<Record<Why['outcome'], { readonly label: string; readonly tone: Tone }>> = {
  act: { label: 'Acts', tone: 'accent' },
  wait: { label: 'Waits', tone: 'plain' },
  stop: { label: 'Stopped', tone: 'warn' },
  allow: { label: 'Allowed', tone: 'good' },
  defer: { label: 'Not yet', tone: 'warn' },
  deny: { label: 'Not allowed', tone: 'bad' },
};

/** Why something was done or left undone: the rule that spoke, its source, the facts it looked at, and what would change it. */
export function WhyCard({ why, open = false, plain = false }: { readonly why: Why; readonly open?: boolean; readonly plain?: boolean }) {
  const outcome = outcomeWords[why.outcome];
  return (
    <div className={plain ? 'why plain' : 'why'} data-tone={outcome.tone}>
      <div className="why-head">
        <Tag tone={outcome.tone}>{outcome.label}</Tag>
        <p className="grow">
          {why.sentence}
          {why.nextOn !== null && (
            <span className="soft">
              {' '}
              Next look on <Day date={why.nextOn} />.
            </span>
          )}
        </p>
      </div>
      {why.reasons.length > 0 && (
        <ul className="why-reasons">
          {why.reasons.map((reason) => (
            <li key={reason.code + reason.sentence}>
              {reason.sentence !== why.sentence && <span>{reason.sentence}</span>}
              {reason.notBefore !== null && (
                <span className="soft">
                  {' '}
                  Not before <Instant at={reason.notBefore} />.
                </span>
              )}
              {reason.cure !== null && <span className="cure"> {reason.cure}</span>}
              {reason.citation !== null && <cite>{reason.citation}</cite>}
            </li>
          ))}
        </ul>
      )}
      <details open={open}>
        <summary>What it was judged on</summary>
        <dl className="facts">
          {why.facts.map((fact) => (
            <div key={fact.name} style={{ display: 'contents' }}>
              <dt>{fact.name}</dt>
              <dd className="num">{fact.value}</dd>
            </div>
          ))}
          <dt>Decided</dt>
          <dd>
            <Instant at={why.decidedAt} />
          </dd>
          <dt>Version</dt>
          <dd>{why.version}</dd>
        </dl>
      </details>
    </div>
  );
}
