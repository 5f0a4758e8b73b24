import { Day } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { Tag } from '../../kit/states.tsx';
import { words } from '../../kit/words.ts';

type Clock = Output<'listNoticeClocks'>['rows'][number];

const begun: Readonly<Record<Clock['kind'], string>> = {
  notice_due: 'first communication',
  verification_due: 'disputed',
  original_creditor_due: 'asked for',
  spanish_due: 'asked for',
};

/** One clock in a line: what is due, since when, and until when. */
export function ClockLine({ clock }: { readonly clock: Clock }) {
  return (
    <span className="row wrap" style={{ gap: '2px 10px' }}>
      <Tag tone={clock.overdue ? 'bad' : 'warn'}>{words(clock.kind)}</Tag>
      <span>
        {clock.overdue ? 'was due by ' : 'due by '}
        <Day date={clock.dueOn} />
      </span>
      <span className="muted">
        {begun[clock.kind]} <Day date={clock.since} />
        {clock.returned && '; the last one came back'}
      </span>
    </span>
  );
}
