import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Day, Instant } from '../../kit/amount.tsx';
import { TableSkeleton } from '../../kit/data-table.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { addDays } from '../../kit/format.ts';
import type { Output } from '../../kit/operations.ts';
import { Figure } from '../../kit/page.tsx';
import { usePages, useRead, useWrite } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import type { Search } from '../router.tsx';
import { ReasonList } from './reason-list.tsx';
import { SaidTable } from './said-table.tsx';

type Rehearsal = Output<'rehearseDay'>;
type Go = (to: Record<string, string | undefined>) => void;

/** A dry run as a list to be looked through: everybody, what would happen to them, and why. */
export function RehearsalView({ search, go }: { readonly search: Search; readonly go: Go }) {
  const format = useFormat();
  const kept = useRead('listRehearsals', {});
  const rehearse = useWrite('rehearseDay', ['listRehearsals']);
  const [asOf, setAsOf] = useState(format.today);
  const start = () =>
    rehearse.mutate({ body: { asOf } }, { onSuccess: (made) => go({ run: made.id, group: undefined, q: undefined }) });
  const rows = kept.data?.rows ?? [];
  const chosen = rows.find((row) => row.id === search['run']) ?? rows[0];
  return (
    <>
      <div className="list-tools dry-tools">
        <DateInput
          label=""
          aria="Day to look at"
          size="xs"
          value={asOf}
          min={format.today}
          max={addDays(format.today, 366)}
          change={setAsOf}
        />
        <Button size="xs" loading={rehearse.isPending} disabled={asOf === ''} onClick={start}>
          {asOf === format.today ? 'Look at today' : 'Look at that day'}
        </Button>
        {rows.length > 1 && (
          <Select
            size="xs"
            aria-label="Dry run shown"
            value={chosen?.id ?? null}
            allowDeselect={false}
            data={rows.map((row) => ({
              value: row.id,
              label: `${format.day(row.asOf)}, looked at ${format.instant(row.at)}`,
            }))}
            onChange={(id) => id !== null && go({ run: id, group: undefined })}
          />
        )}
        <span className="muted dry-note">
          Nothing is planned or sent. A later day is judged on the accounts as they stand now.
        </span>
      </div>
      {rehearse.error !== null && <Problem error={rehearse.error} retry={start} />}
      {kept.error !== null && <Problem error={kept.error} retry={() => void kept.refetch()} />}
      {(kept.isPending || rehearse.isPending) && kept.error === null && <SkeletonLines rows={8} height={20} />}
      {kept.data !== undefined && chosen === undefined && !rehearse.isPending && rehearse.error === null && (
        <Empty title="No dry run is kept" action={<Button onClick={start}>Look at today</Button>}>
          A dry run decides for every account what a run would do, and takes everything back. It can be looked through
          for a day.
        </Empty>
      )}
      {chosen !== undefined && !rehearse.isPending && (
        <Looked key={chosen.id} rehearsal={chosen} group={search['group']} go={go} />
      )}
    </>
  );
}

const keyOf = (group: Rehearsal['groups'][number]) => `${group.reasonCode}/${group.actions.join('+')}`;

function Looked({
  rehearsal,
  group: key,
  go,
}: {
  readonly rehearsal: Rehearsal;
  readonly group: string | undefined;
  readonly go: Go;
}) {
  const format = useFormat();
  const [q, setQ] = useState('');
  const [wanted] = useDebouncedValue(q.trim(), 250);
  const group = rehearsal.groups.find((one) => keyOf(one) === key);
  const rows = usePages(
    'listRehearsalRows',
    {
      params: { rehearsalId: rehearsal.id },
      query: {
        limit: 100,
        ...(group !== undefined && { reason: group.reasonCode, actions: group.actions.join('+') }),
        ...(wanted !== '' && { q: wanted }),
      },
    },
    { keep: true },
  );
  const shown = rows.data?.pages.flatMap((page) => page.rows) ?? [];
  const sum = (outcome: string) =>
    rehearsal.groups.filter((one) => one.outcome === outcome).reduce((total, one) => total + one.accounts, 0);
  const groups = group === undefined ? rehearsal.groups : [group];
  const all = groups.reduce((total, one) => total + one.accounts, 0);
  const left = all - groups.reduce((total, one) => total + one.kept, 0);
  return (
    <>
      <dl className="figures">
        <Figure
          label="Acted upon"
          value={format.count(sum('act'))}
          foot={
            <>
              on <Day date={rehearsal.asOf} />
            </>
          }
        />
        <Figure label="Waiting" value={format.count(sum('wait'))} foot="nothing is due, or has been done" />
        <Figure label="Stopped" value={format.count(sum('stop'))} foot="something keeps it back" />
        <Figure
          label="Follows"
          value={<span className="figure-text">{rehearsal.version}</span>}
          foot={
            <>
              kept until <Instant at={rehearsal.expiresAt} />
            </>
          }
        />
      </dl>
      <div className="said">
        <ReasonList
          label="Reasons"
          reasons={rehearsal.groups.map((one) => ({ ...one, key: keyOf(one) }))}
          chosen={group === undefined ? undefined : keyOf(group)}
          choose={(to) => go({ group: to })}
        />
        <div className="said-list">
          <div className="list-tools">
            <TextInput
              size="xs"
              aria-label="Find in this dry run"
              placeholder="Name or account number"
              value={q}
              maxLength={100}
              data-search
              onChange={(event) => setQ(event.currentTarget.value)}
            />
            {group !== undefined && (
              <span className="soft said-title">{group.title === group.reasonCode ? '' : group.title}</span>
            )}
          </div>
          {rows.error !== null && <Problem error={rows.error} retry={() => void rows.refetch()} />}
          {rows.isPending && <TableSkeleton rows={8} />}
          {rows.data !== undefined && shown.length === 0 && (
            <Empty title={wanted === '' ? 'Nobody owes anything' : 'Nobody of that name or number'}>
              {wanted === ''
                ? 'Accounts appear here once something is open on them.'
                : 'Look under another reason, or for less of the name.'}
            </Empty>
          )}
          {shown.length > 0 && (
            <SaidTable
              label="Accounts of the dry run"
              rows={shown}
              total={all}
              more={{
                has: rows.hasNextPage,
                loading: rows.isFetchingNextPage,
                load: () => void rows.fetchNextPage(),
              }}
            />
          )}
          {left > 0 && (
            <p className="muted said-foot">
              Listed are those that owe most for each reason; {format.count(left)} more are in the counts only.
            </p>
          )}
        </div>
      </div>
    </>
  );
}
