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
export function WhyCard({ why }: { readonly why: Why }) {
  const outcome = outcomeWords[why.outcome];
  return (
    <div className="why">
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
      <Reasons why={why} />
      <details>
        <summary>What it was judged on</summary>
        <Facts why={why} />
      </details>
    </div>
  );
}

/** The same card folded into one line, for lists of many decisions. */
export function WhyLine({ why, said }: { readonly why: Why; readonly said: string }) {
  const outcome = outcomeWords[why.outcome];
  return (
    <details className="whyline">
      <summary>
        <Tag tone={outcome.tone}>{outcome.label}</Tag>
        <span>{why.sentence === said ? 'Why' : why.sentence}</span>
      </summary>
      <div className="why-more">
        <Reasons why={why} />
        <Facts why={why} />
      </div>
    </details>
  );
}

function Reasons({ why }: { readonly why: Why }) {
  const told = why.reasons.filter(
    (reason) =>
      reason.sentence !== why.sentence || reason.notBefore !== null || reason.cure !== null || reason.citation !== null,
  );
  if (told.length === 0) return null;
  return (
    <ul className="why-reasons">
      {told.map((reason) => (
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
  );
}

function Facts({ why }: { readonly why: Why }) {
  return (
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
  );
}
