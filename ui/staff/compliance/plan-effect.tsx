import { Link } from '@tanstack/react-router';
import { Day, Instant } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { outcomeWords } from '../../kit/why-card.tsx';
import { words } from '../../kit/words.ts';

export type Effect = Output<'tryOnPlan'>;
type Kept = NonNullable<Output<'listTightenings'>['rows'][number]['proposedEffect']>;

/** What an effect comes to, without the sample: what is sent to confirm it. */
export const seenOf = ({ judged, changed, whole, before, after }: Effect) => ({
  judged,
  changed,
  whole,
  before,
  after,
});

function Sentence({ effect, planned }: { readonly effect: Kept; readonly planned?: number }) {
  const format = useFormat();
  return (
    <>
      {effect.judged === 0
        ? 'Nothing was planned for the next seven days, so nothing would change.'
        : `${format.count(effect.changed)} of ${format.count(effect.judged)} planned contacts would change.`}
      {!effect.whole && (
        <span className="muted">
          {' '}
          This is a sample
          {planned !== undefined && `: ${planned >= 10_000 ? 'more than ' : ''}${format.count(planned)} are planned`}.
        </span>
      )}
    </>
  );
}

/** The answers of the gate before and after a change, of one look at the plan or of two beside each other. */
export function PlanEffect({
  looks,
  sample = [],
  planned,
}: {
  readonly looks: readonly { readonly title: string; readonly effect: Kept }[];
  readonly sample?: Effect['sample'];
  readonly planned?: number;
}) {
  const format = useFormat();
  const counted = looks.filter(({ effect }) => effect.judged > 0 && effect.before && effect.after);
  return (
    <section className="effect" aria-label="Effect on the next 7 days">
      {looks.map(({ title, effect }) => (
        <p key={title}>
          <span className="strong">{title}:</span>{' '}
          <Sentence effect={effect} {...(planned === undefined ? {} : { planned })} />
        </p>
      ))}
      {counted.length > 0 && (
        <ScrollRegion label="Answers before and after">
          <table className="table effect-counts">
            <thead>
              <tr>
                <th scope="col">Answer of the gate</th>
                {counted.map(({ title }) => [
                  <th key={`${title} before`} scope="col" className="right">
                    <span className="visually-hidden">{title}, </span>before
                  </th>,
                  <th key={`${title} after`} scope="col" className="right">
                    {counted.length > 1 ? title : <span className="visually-hidden">{title}</span>}, after
                  </th>,
                ])}
              </tr>
            </thead>
            <tbody>
              {(['allow', 'defer', 'deny'] as const).map((decision) => (
                <tr key={decision}>
                  <td>
                    <Tag tone={outcomeWords[decision].tone}>{outcomeWords[decision].label}</Tag>
                  </td>
                  {counted.map(({ title, effect }) => [
                    <td key={`${title} before`} className="right num">
                      {format.count(effect.before?.[decision] ?? 0)}
                    </td>,
                    <td key={`${title} after`} className="right num">
                      {format.count(effect.after?.[decision] ?? 0)}
                    </td>,
                  ])}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {sample.length > 0 && (
        <>
          <h4 aria-level={3}>Some of what would change</h4>
          <ul className="changes">
            {sample.map((one, index) => (
              <li key={`${one.accountId}${index}`}>
                <Link to="/accounts/$accountId" params={{ accountId: one.accountId }}>
                  {words(one.channel)}
                </Link>{' '}
                planned for <Day date={one.plannedFor} />:{' '}
                {one.before.goesAt === null ? 'never' : <Instant at={one.before.goesAt} />} becomes{' '}
                {one.after.goesAt === null ? 'never' : <Instant at={one.after.goesAt} />}.{' '}
                <span className="muted">{one.after.sentence}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="muted formula">
        Each contact is judged by itself at the earliest instant its plan allows, on what is known at that moment.
        Nothing is sent or written.
      </p>
    </section>
  );
}
