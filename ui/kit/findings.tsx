import type { Output } from './operations.ts';
import { Tag } from './states.tsx';

export type Finding = Output<'checkTemplate'>['findings'][number];

/**
 * What the rules about wording say of a text, told again whenever it changes: the number in a live region, so that whoever cannot see the
 * list hears that it has changed, and each finding with its source and what to do.
 */
export function Findings({
  findings,
  refusing,
  fine,
  show,
}: {
  readonly findings: readonly Finding[];
  /** What being refused keeps the person from, as in "published". */
  readonly refusing: string;
  readonly fine: string;
  /** Takes the person to the place in the text. */
  readonly show?: (finding: Finding) => void;
}) {
  const refused = findings.filter((finding) => finding.effect === 'refuse').length;
  const advice = findings.length - refused;
  const told = [
    ...(refused > 0
      ? [`${refused === 1 ? 'One thing' : `${refused} things`} to mend before it can be ${refusing}`]
      : []),
    ...(advice > 0 ? [`${advice === 1 ? 'one piece' : `${advice} pieces`} of advice`] : []),
  ].join(', ');
  return (
    <div className="findings">
      <p className={refused > 0 ? 'bad strong' : 'soft'} role="status" aria-live="polite">
        {told === '' ? fine : `${told.charAt(0).toUpperCase()}${told.slice(1)}.`}
      </p>
      {findings.length > 0 && (
        <ul className="finding-list" aria-label="Findings">
          {findings.map((finding) => (
            <li key={`${finding.ruleId}${finding.sentence}${finding.start}`}>
              <div className="row wrap">
                <Tag tone={finding.effect === 'refuse' ? 'bad' : 'warn'}>
                  {finding.effect === 'refuse' ? 'Must go' : 'Advice'}
                </Tag>
                <span className="strong">{finding.title}</span>
                {show !== undefined && finding.start !== null && (
                  <button type="button" className="chip" onClick={() => show(finding)}>
                    Show it
                  </button>
                )}
              </div>
              <p>
                {finding.sentence} {finding.remedy}
              </p>
              <p className="muted">{finding.citation}</p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
