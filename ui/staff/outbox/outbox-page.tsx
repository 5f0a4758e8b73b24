import '../accounts/accounts.css';
import './outbox.css';
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Instant } from '../../kit/amount.tsx';
import { Icon } from '../../kit/icons.tsx';
import type { Input, Output } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { usePages, useWrite } from '../../kit/queries.ts';
import { SearchBox } from '../../kit/search-box.tsx';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { MessageView, messageTones, stateWords } from './message-view.tsx';
import { Plans } from './plans-list.tsx';

type Row = Output<'listMessages'>['rows'][number];
const route = getRouteApi('/staff/outbox');
const states = ['sent', 'uncertain', 'failed', 'denied', 'void'] as const;

export function OutboxPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const format = useFormat();
  const may = useMay();
  const send = useWrite('sendDue');
  const planned = search.view === 'planned';
  return (
    <Page
      title="Outbox"
      sub="Every message exactly as it would look, with the permit it went out under"
      actions={
        may('strategy.run') && (
          <Button
            variant="default"
            loading={send.isPending}
            onClick={() =>
              send.mutate(
                { body: {} },
                {
                  onSuccess: ({ counts }) => {
                    const told = Object.entries(counts).filter(([, value]) => value > 0);
                    say(
                      told.length === 0
                        ? 'Nothing is due to go out now.'
                        : told.map(([name, value]) => `${words(name)}: ${format.count(value)}`).join(', '),
                    );
                  },
                  onError: sayProblem,
                },
              )
            }
          >
            Send what is due
          </Button>
        )
      }
    >
      <div className="list-tools">
        <div className="chips" role="group" aria-label="View">
          <button type="button" className="chip" aria-pressed={!planned} onClick={() => void navigate({ search: {} })}>
            Messages
          </button>
          <button
            type="button"
            className="chip"
            aria-pressed={planned}
            onClick={() => void navigate({ search: { view: 'planned' } })}
          >
            Plans
          </button>
        </div>
      </div>
      {planned ? (
        <Plans state={search.state} choose={(state) => void navigate({ search: { view: 'planned', state } })} />
      ) : (
        <Messages />
      )}
    </Page>
  );
}

function Messages() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const format = useFormat();
  const query = { state: search.state, q: search.q, accountId: search.accountId, limit: 100 } as NonNullable<
    Input<'listMessages'>['query']
  >;
  const list = usePages('listMessages', { query }, { keep: true });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const counts = list.data?.pages[0]?.counts ?? {};
  const set = (part: Record<string, string | undefined>, replace = true) =>
    void navigate({ search: { ...search, ...part }, replace, resetScroll: false });
  const wide = window.matchMedia('(min-width: 1081px)').matches;
  const open = search.message ?? (wide ? rows[0]?.id : undefined);
  const at = rows.findIndex((row) => row.id === open);
  const step = (by: number) => {
    const next = rows[at + by];
    if (next !== undefined) set({ message: next.id });
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) }, rows.length > 0);
  const filtered = search.state !== undefined || search.q !== undefined;
  return (
    <div className="mail" data-open={search.message !== undefined}>
      <div className="mail-side">
        <div className="list-tools">
          <SearchBox
            value={search.q ?? ''}
            label="Customer, address, subject"
            change={(q) => set({ q: q === '' ? undefined : q, message: undefined })}
          />
          <div className="chips" role="group" aria-label="State">
            {states
              .filter((state) => (counts[state] ?? 0) > 0 || search.state === state)
              .map((state) => (
                <button
                  key={state}
                  type="button"
                  className="chip"
                  aria-pressed={search.state === state}
                  onClick={() => set({ state: search.state === state ? undefined : state, message: undefined })}
                >
                  {words(state)} <span className="num">{format.count(counts[state] ?? 0)}</span>
                </button>
              ))}
          </div>
        </div>
        {list.isPending && <SkeletonLines rows={10} height={20} />}
        {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.data !== undefined && rows.length === 0 && (
          <Empty
            title={filtered ? 'No message matches' : 'The outbox is empty'}
            action={
              filtered ? (
                <Button variant="light" onClick={() => void navigate({ search: {} })}>
                  Clear the filters
                </Button>
              ) : undefined
            }
          >
            {filtered
              ? 'Look at another state, or search for less.'
              : 'Messages appear here when the strategy has run and what is due has been sent, or when you send one from an account.'}
          </Empty>
        )}
        <div className="mail-list">
          {rows.map((row) => (
            <MessageRow key={row.id} row={row} current={row.id === open} open={() => set({ message: row.id }, wide)} />
          ))}
        </div>
        {list.hasNextPage && (
          <Button
            variant="subtle"
            mt="sm"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
            leftSection={<Icon name="down" size={13} />}
          >
            More
          </Button>
        )}
      </div>
      {open !== undefined && <MessageView key={open} id={open} back={() => set({ message: undefined })} />}
    </div>
  );
}

// Every subject begins with the creditor's name, which says nothing in a list of one creditor's messages.
function ownPart({ subject, client }: Row): string {
  const rest = subject.startsWith(`${client.name}: `) ? subject.slice(client.name.length + 2) : subject;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function MessageRow({
  row,
  current,
  open,
}: {
  readonly row: Row;
  readonly current: boolean;
  readonly open: () => void;
}) {
  return (
    <button type="button" className="mail-row" aria-current={current} onClick={open}>
      <span className="strong truncate">{row.party.name}</span>
      <span className="muted">
        <Instant at={row.at} form="day" />
      </span>
      <span className="subject truncate" title={row.subject}>
        {ownPart(row)}
      </span>
      <Tag tone={messageTones[row.state]}>{stateWords(row)}</Tag>
    </button>
  );
}
