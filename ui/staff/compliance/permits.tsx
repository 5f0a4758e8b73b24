import { Button, Drawer, Select, TextInput } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Instant } from '../../kit/amount.tsx';
import { type Column, DataTable, TableSkeleton } from '../../kit/data-table.tsx';
import { DateInput } from '../../kit/fields.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { usePages, useRead } from '../../kit/queries.ts';
import { Empty, Problem } from '../../kit/states.tsx';
import { words } from '../../kit/words.ts';
import { DecisionTag } from './decision-tag.tsx';
import { PermitView } from './permit-view.tsx';

type Permit = Output<'listPermits'>['rows'][number];
const route = getRouteApi('/staff/compliance');

const columns: readonly Column<Permit>[] = [
  { key: 'when', head: 'Decided', width: 196, cell: (permit) => <Instant at={permit.decidedAt} /> },
  { key: 'decision', head: 'Answer', width: 116, cell: (permit) => <DecisionTag permit={permit} /> },
  {
    key: 'act',
    head: 'Act',
    width: 200,
    cell: (permit) => `${words(permit.act)}${permit.act === 'recorded_after' ? `, ${words(permit.channel)}` : ''}`,
  },
  {
    key: 'party',
    head: 'Customer',
    width: 210,
    cell: (permit) => (
      <Link className="row-link" to="/accounts/$accountId" params={{ accountId: permit.account.id }}>
        {permit.party}
      </Link>
    ),
  },
  {
    key: 'why',
    head: 'What stood against it',
    cell: (permit) =>
      permit.sentence === null ? (
        <span className="muted">Nothing</span>
      ) : (
        <span title={permit.sentence}>
          {permit.sentence}
          {permit.rules.length > 1 && <span className="muted"> and {permit.rules.length - 1} more</span>}
        </span>
      ),
  },
];

const channels = ['email', 'call', 'letter', 'sms', 'visit'] as const;
const acts = ['automatic_message', 'manual_message', 'manual_call', 'recorded_after'] as const;
const decisions = [
  { value: 'allow', label: 'Allowed' },
  { value: 'defer', label: 'Not yet' },
  { value: 'deny', label: 'Not allowed' },
];
const choices = (codes: readonly string[]) => codes.map((value) => ({ value, label: words(value) }));
const filters = ['rule', 'decision', 'channel', 'act', 'clientId', 'accountId', 'from', 'to'] as const;

/** Every answer of the gate, found by what was asked and what was said. */
export function Permits() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const rules = useRead('listRules', {}, { staleTime: 300_000 });
  const clients = useRead('listClients', {}, { staleTime: 300_000 });
  const query = {
    ...Object.fromEntries(filters.map((name) => [name, search[name]])),
    limit: 100,
  } as NonNullable<Input<'listPermits'>['query']>;
  const list = usePages('listPermits', { query }, { keep: true });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true, resetScroll: false });
  const filtered = filters.some((name) => search[name] !== undefined);
  const ruleIds = [...new Set((rules.data?.packs ?? []).flatMap((pack) => pack.rules.map((rule) => rule.id)))].sort();
  const pick = (name: (typeof filters)[number], label: string, data: readonly { value: string; label: string }[]) => (
    <Select
      size="xs"
      label={label}
      placeholder="All"
      clearable
      searchable={data.length > 8}
      data={[...data]}
      value={search[name] ?? null}
      onChange={(value) => set({ [name]: value ?? undefined })}
    />
  );
  return (
    <>
      <div className="filters permit-filters">
        {pick(
          'rule',
          'Rule',
          ruleIds.map((value) => ({ value, label: value })),
        )}
        {pick('decision', 'Answer', decisions)}
        {pick('channel', 'Channel', choices(channels))}
        {pick('act', 'Act', choices(acts))}
        {pick(
          'clientId',
          'Client',
          (clients.data?.rows ?? []).map((client) => ({ value: client.id, label: client.name })),
        )}
        <DateInput
          size="xs"
          label="From"
          value={search.from ?? ''}
          change={(from) => set({ from: from === '' ? undefined : from })}
          required={false}
        />
        <DateInput
          size="xs"
          label="To"
          value={search.to ?? ''}
          change={(to) => set({ to: to === '' ? undefined : to })}
          required={false}
        />
        {search.accountId !== undefined && (
          <TextInput
            size="xs"
            label="Account"
            readOnly
            value={rows[0]?.account.name ?? search.accountId}
            rightSection={
              <button
                type="button"
                className="expand"
                aria-label="All accounts"
                onClick={() => set({ accountId: undefined })}
              >
                ×
              </button>
            }
          />
        )}
        {filtered && (
          <Button size="xs" variant="subtle" onClick={() => void navigate({ search: {} })}>
            Clear
          </Button>
        )}
      </div>
      {list.isPending && <TableSkeleton />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined && rows.length === 0 && (
        <Empty
          title={filtered ? 'No permit matches' : 'The gate has not been asked yet'}
          action={
            filtered ? (
              <Button variant="light" onClick={() => void navigate({ search: {} })}>
                Clear the filters
              </Button>
            ) : undefined
          }
        >
          {filtered
            ? 'Look at more days, or ask for less.'
            : 'Its first answers stand here as soon as something is sent, or somebody calls.'}
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Permits"
          rows={rows}
          columns={columns}
          idOf={(permit) => permit.id}
          open={(permit) => set({ permit: permit.id })}
          selected={search.permit ?? null}
          card={(permit) => (
            <button type="button" className="permit-card" onClick={() => set({ permit: permit.id })}>
              <span className="row">
                <DecisionTag permit={permit} />
                <span className="strong truncate grow">{permit.party}</span>
                <span className="muted">
                  <Instant at={permit.decidedAt} form="day" />
                </span>
              </span>
              <span className="soft truncate">{permit.sentence ?? words(permit.act)}</span>
            </button>
          )}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
      <Drawer
        opened={search.permit !== undefined}
        onClose={() => set({ permit: undefined })}
        position="right"
        size="lg"
        title="Permit"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {search.permit !== undefined && <PermitView id={search.permit} />}
      </Drawer>
    </>
  );
}
