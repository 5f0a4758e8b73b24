import { Button, SegmentedControl, Select } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Day, Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import { addDays } from '../../kit/format.ts';
import type { Output } from '../../kit/operations.ts';
import { usePages, useRead } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { words } from '../../kit/words.ts';
import { useSession } from '../shell/session.tsx';

const route = getRouteApi('/staff/compliance');
const states = [
  { value: 'overdue', label: 'Overdue' },
  { value: 'soon', label: 'Due within a week' },
  { value: 'all', label: 'All that run' },
] as const;
type State = (typeof states)[number]['value'];
type RuleClock = Output<'listClocks'>['rows'][number];
type NoticeClock = Output<'listNoticeClocks'>['rows'][number];

/** A duty with its day, its owner and the place where it is done. */
type Duty = {
  readonly key: string;
  readonly dueOn: string;
  readonly overdue: boolean;
  readonly title: string;
  readonly text: string;
  readonly source: string;
  readonly account: { readonly id: string; readonly number: string; readonly party: string };
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly started: string;
  readonly startedOn: string;
  readonly cure: string;
  readonly tab: 'legal' | 'notices';
};

const ofRule = (clock: RuleClock): Duty => ({
  key: `${clock.ruleId}-${clock.part}-${clock.accountId}-${clock.startedAt}`,
  dueOn: clock.dueBy,
  overdue: clock.overdue,
  title: clock.title,
  text: clock.sentence,
  source: clock.citation,
  account: { id: clock.accountId, number: clock.accountNumber, party: clock.partyName },
  owner: clock.owner,
  started: words(clock.startedBy),
  startedOn: clock.startedAt,
  cure: clock.cure,
  tab: clock.curedIn,
});

const notices: Readonly<Record<NoticeClock['kind'], { readonly begun: string; readonly cure: string }>> = {
  notice_due: { begun: 'First communication', cure: 'Prepare a validation notice and send it.' },
  verification_due: { begun: 'Dispute in writing', cure: 'Send the verification, and record what was sent.' },
  original_creditor_due: { begun: 'Asked for', cure: 'Send name and address of the original creditor, and record it.' },
  spanish_due: { begun: 'Asked for', cure: 'Prepare the notice in Spanish and send it.' },
};

const ofNotice = (clock: NoticeClock): Duty => ({
  key: `${clock.kind}-${clock.accountId}-${clock.since}`,
  dueOn: clock.dueOn,
  overdue: clock.overdue,
  title: words(clock.kind),
  text: clock.returned ? 'The last one came back, so it counts as not given.' : '',
  source: '',
  account: { id: clock.accountId, number: clock.number, party: clock.party.name },
  owner: clock.owner,
  started: notices[clock.kind].begun,
  startedOn: `${clock.since}T12:00:00Z`,
  cure: notices[clock.kind].cure,
  tab: 'notices',
});

/** One list of both: a notice due by a rule of the packs is not shown a second time. */
function duties(rules: readonly RuleClock[], others: readonly NoticeClock[]): Duty[] {
  const byRule = new Set(
    rules.filter((clock) => clock.curedIn === 'notices').map((clock) => `${clock.accountId} ${clock.dueBy}`),
  );
  return [
    ...rules.map(ofRule),
    ...others.filter((one) => !byRule.has(`${one.accountId} ${one.dueOn}`)).map(ofNotice),
  ].sort((a, b) => a.dueOn.localeCompare(b.dueOn));
}

const soonDays = 7;

/** What the law gives a day for, by owner and day: notices to send, disputes to answer. Each leads to where it is done. */
export function Clocks() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { user } = useSession();
  const format = useFormat();
  const members = useRead('listMembers', {}, { staleTime: 60_000 });
  const state: State = states.find((one) => one.value === search.due)?.value ?? 'soon';
  const list = usePages('listClocks', { query: { state, owner: search.owner, limit: 100 } }, { keep: true });
  const sent = useRead('listNoticeClocks', { query: { overdue: state === 'overdue' ? 'yes' : 'all', limit: 200 } });
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true, resetScroll: false });
  const latest = addDays(format.today, soonDays);
  const others = (sent.data?.rows ?? []).filter(
    (one) =>
      (state !== 'soon' || one.overdue || one.dueOn <= latest) &&
      (search.owner === undefined || (one.owner?.id ?? 'nobody') === search.owner),
  );
  const rows = duties(list.data?.pages.flatMap((page) => page.rows) ?? [], others);
  const error = list.error ?? sent.error;
  const pending = list.isPending || sent.isPending;
  return (
    <>
      <div className="filters">
        <SegmentedControl
          aria-label="Which clocks"
          size="xs"
          value={state}
          onChange={(value) => set({ due: value === 'soon' ? undefined : value })}
          data={states.map((one) => ({ ...one }))}
        />
        <Select
          size="xs"
          label="Owner"
          placeholder="Everybody"
          clearable
          value={search.owner ?? null}
          onChange={(owner) => set({ owner: owner ?? undefined })}
          data={[
            { value: user.id, label: 'Me' },
            { value: 'nobody', label: 'Nobody yet' },
            ...(members.data?.rows ?? [])
              .filter((member) => member.userId !== user.id)
              .map((member) => ({ value: member.userId, label: member.name })),
          ]}
        />
      </div>
      {pending && <TableSkeleton rows={4} />}
      {error !== null && (
        <Problem
          error={error}
          retry={() => {
            void list.refetch();
            void sent.refetch();
          }}
        />
      )}
      {!pending && error === null && rows.length === 0 && (
        <Empty title={state === 'overdue' ? 'Nothing is overdue' : 'No clock runs out'}>
          When the law gives a day by which a notice must be sent or a dispute answered, it stands here until it is
          done.
        </Empty>
      )}
      {rows.length > 0 && (
        <ScrollRegion label="Clocks, scrolls sideways">
          <table className="table" aria-label="Clocks">
            <thead>
              <tr>
                <th scope="col">Due by</th>
                <th scope="col">Duty</th>
                <th scope="col">Account</th>
                <th scope="col">Owner</th>
                <th scope="col">What cures it</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((duty) => (
                <tr key={duty.key}>
                  <td>
                    <Day date={duty.dueOn} />{' '}
                    <Tag tone={duty.overdue ? 'bad' : 'warn'}>{duty.overdue ? 'Overdue' : 'Running'}</Tag>
                    <div className="muted">
                      {duty.started} <Instant at={duty.startedOn} form="day" />
                    </div>
                  </td>
                  <td>
                    <span className="strong">{duty.title}</span>
                    {duty.text !== '' && <div className="soft">{duty.text}</div>}
                    {duty.source !== '' && <div className="muted">{duty.source}</div>}
                  </td>
                  <td>
                    <Link to="/accounts/$accountId" params={{ accountId: duty.account.id }}>
                      {duty.account.number}
                    </Link>
                    <div className="muted">{duty.account.party}</div>
                  </td>
                  <td>{duty.owner === null ? <span className="muted">Nobody</span> : duty.owner.name}</td>
                  <td>
                    {duty.cure}{' '}
                    <Link
                      to="/accounts/$accountId"
                      params={{ accountId: duty.account.id }}
                      search={{ tab: duty.tab }}
                      aria-label={`Do it: ${duty.title}, ${duty.account.party}`}
                    >
                      Do it
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {list.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          More
        </Button>
      )}
    </>
  );
}
